import io
from datetime import date
from decimal import Decimal

from openpyxl import Workbook

from comptroller.adapters.tabular import read_table

MAPPING = {
    "columns": {"number": "No", "issue_date": "Date", "totals.gross": "Gross", "note": "Note"},
    "decimals": "comma",
    "days": "DD.MM.YYYY",
    "sheet": "Invoices",
}


def book(*rows: list[object]) -> bytes:
    made = Workbook()
    made.create_sheet("Invoices")
    for row in (["No", "Date", "Gross", "Note"], *rows):
        made["Invoices"].append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_typed_cells_need_no_style() -> None:
    documents, faults = read_table(
        book(["A-1", date(2026, 3, 27), 1234.5, "ok"], ["A-2", "27.03.2026", "1.234,50", ""]), MAPPING
    )

    assert faults == ()
    assert [(d.read.invoice.issue_date, d.read.invoice.totals.gross) for d in documents if d.read.invoice] == [
        (date(2026, 3, 27), Decimal("1234.5")),
        (date(2026, 3, 27), Decimal("1234.50")),
    ]


def test_formula_in_a_book_is_a_fault_of_its_cell() -> None:
    ((document,), _) = read_table(book(["A-1", "27.03.2026", "=1+1", ""]), MAPPING)
    assert ("TABLE-CELL-01", "row 2, column Gross") in [(f.code, f.path) for f in document.read.faults]


def test_sheet_that_is_not_there_is_refused() -> None:
    documents, faults = read_table(book(), {**MAPPING, "sheet": "Other"})
    assert (documents, [fault.code for fault in faults]) == ((), ["TABLE-SHEET-01"])

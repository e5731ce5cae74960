"""Files as the world writes them: encodings, titles before the header, signs and groups of amounts, books."""

import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from comptroller.adapters.payment_files import Mapping, Reading, Unreadable, open_table, read_mapping
from comptroller.adapters.payment_files.values import amount
from comptroller.domain.controls.register import Payment

MAPPING = """
dates = ["DD/MM/YYYY", "DD-MMM-YY"]
currency = "GBP"
[columns]
"Supplier" = "supplier"
"No" = "number"
"Date" = "date"
"Amount" = "gross"
"""
NEEDED = (("supplier",), ("date",), ("gross", "net"))
ROWS = "Supplier,No,Date,Amount\n"


def mapping(text: str = MAPPING) -> Mapping:
    found, faults = read_mapping(text.encode())
    assert faults == ()
    assert found is not None
    return found


def read(path: Path, text: str = MAPPING) -> tuple[list[Payment], Reading]:
    how = mapping(text)
    reading = Reading(how, NEEDED)
    with open_table(path, how) as rows:
        return reading.payments(rows), reading


def told(path: Path, text: str = MAPPING) -> list[tuple[int, str, str, str, str]]:
    payments, _ = read(path, text)
    return [(p.row, p.supplier, p.number, p.day.isoformat(), str(p.amount)) for p in payments]


LINE = (2, "Café & Söhne", "RE-1", "2026-03-01", "1234.50")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param((ROWS + 'Café & Söhne,RE-1,01/03/2026,"1,234.50"\n').encode(), id="UTF-8"),
        pytest.param((ROWS + 'Café & Söhne,RE-1,01/03/2026,"1,234.50"\n').encode("utf-8-sig"), id="with a mark"),
        pytest.param((ROWS + 'Café & Söhne,RE-1,01/03/2026,"£1,234.50"\r\n').encode("cp1252"), id="Windows-1252"),
        pytest.param((ROWS + 'Café & Söhne,RE-1,01/03/2026,"1,234.50"\n').encode("utf-16"), id="UTF-16"),
        pytest.param((ROWS + "Café & Söhne,RE-1,01/03/2026,1234.50\n").replace(",", ";").encode(), id="semicolons"),
        pytest.param((ROWS + "Café & Söhne,RE-1,01/03/2026,1234.50\n").replace(",", "\t").encode(), id="tabs"),
        pytest.param((ROWS + "Café & Söhne,RE-1,01-Mar-26,1234.50\n").encode(), id="the second form of dates"),
        pytest.param((ROWS + "Café & Söhne,RE-1,01/03/2026 00:00:00,1234.50\n").encode(), id="a time behind the date"),
        pytest.param((ROWS + "Café & Söhne,RE-1,2026-03-01,1234.50\n").encode(), id="a date of ISO 8601 always"),
        pytest.param(gzip.compress((ROWS + "Café & Söhne,RE-1,01/03/2026,1234.50\n").encode()), id="packed"),
        pytest.param((ROWS + "Café & Söhne,RE-1,01/03/2026,1234.50\n,,,\n").encode(), id="an empty row"),
        pytest.param((ROWS + "Café & Söhne,RE-1,01/03/2026,1234.50\n" + ROWS).encode(), id="the header again"),
        pytest.param(
            ("SUPPLIER , no,date,AMOUNT\nCafé & Söhne,RE-1,01/03/2026,1234.50").encode(), id="heads in capitals"
        ),
    ],
)
def test_a_row_is_read_alike_however_it_is_written(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    assert told(path) == [LINE]


def test_titles_stand_before_the_header(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text('Spend over 500\n\n"A title, with\na line break"\n' + ROWS + "A,1,01/03/2026,2\n")
    assert told(path) == [(6, "A", "1", "2026-03-01", "2")]


def test_a_book_counts_as_the_file_does(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["Title"])
    sheet.append([])
    sheet.append(["Supplier", "No", "Date", "Amount"])
    sheet.append(["A", 4711, date(2026, 3, 1), 0.1 + 0.2])
    path = tmp_path / "file.xlsx"
    book.save(path)
    assert told(path) == [(4, "A", "4711", "2026-03-01", "0.3")]


def test_a_parquet_file_is_read_by_its_columns(tmp_path: Path) -> None:
    columns = {"Supplier": ["A", None], "No": [4711, 4712], "Date": [date(2026, 3, 1)] * 2}
    amounts = pa.array([Decimal("1234.50"), Decimal("-3.00")], pa.decimal128(12, 2))
    pq.write_table(pa.table({**columns, "Amount": amounts}), tmp_path / "file.parquet")
    assert told(tmp_path / "file.parquet", 'decimal = ","\n' + MAPPING) == [
        (2, "A", "4711", "2026-03-01", "1234.50"),
        (3, "", "4712", "2026-03-01", "-3.00"),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"PAR1 and no more", "CONTROL-FILE-01", id="a Parquet file that is cut"),
        pytest.param(b"Supplier,No,Date,Amount,amount\n", "CONTROL-COLUMN-03", id="a mapped column that stands twice"),
    ],
)
def test_what_would_be_read_wrongly_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        read(tmp_path / "file")
    assert refused.value.fault.code == code


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        pytest.param("(1,234.56)", ".", "-1234.56", id="brackets"),
        pytest.param("-£1,234.56", ".", "-1234.56", id="a sign before the currency"),
        pytest.param("£-5", ".", "-5", id="a sign behind it"),
        pytest.param("12.00-", ".", "-12.00", id="a sign at the end"),
        pytest.param("12.50 CR", ".", "-12.50", id="a credit"),
        pytest.param("$ 1 234.5", ".", "1234.5", id="blanks"),
        pytest.param("1.234,56", ",", "1234.56", id="a decimal comma"),
        pytest.param("1'234.50", ".", "1234.50", id="apostrophes"),
        pytest.param("1.5E+3", ".", "1.5E+3", id="as a spreadsheet shows large numbers"),
        pytest.param("", ".", None, id="nothing"),
        pytest.param("n/a", ".", None, id="a word"),
        pytest.param("1.2.3", ".", None, id="two points"),
        pytest.param("-1234.50", ",", None, id="a decimal point where the mapping says comma"),
        pytest.param("12,50", ".", None, id="a decimal comma where the mapping says point"),
        pytest.param("1,23,456.00", ".", None, id="groups that are not of three"),
        pytest.param("12.345.678,9", ",", "12345678.9", id="groups of three"),
        pytest.param("9" * 40, ".", None, id="too many digits"),
    ],
)
def test_an_amount(text: str, decimal: str, expected: str | None) -> None:
    found = amount(text, decimal)
    assert (None if found is None else str(found)) == expected


def test_a_number_of_a_book_has_no_decimal_mark(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["Supplier", "No", "Date", "Amount"])
    sheet.append(["A", 4711, 46082, 1234.5])
    book.save(tmp_path / "file.xlsx")
    assert told(tmp_path / "file.xlsx", 'decimal = ","\n' + MAPPING) == [(2, "A", "4711", "2026-03-01", "1234.5")]


@pytest.mark.parametrize("written", ["2026/03/01", "46082", "46082.75", "2026-03-01T08:00:00"])
def test_a_date_that_can_mean_one_day_needs_no_form(tmp_path: Path, written: str) -> None:
    (tmp_path / "f.csv").write_text(ROWS + f"A,1,{written},2\n")
    assert [row[3] for row in told(tmp_path / "f.csv")] == ["2026-03-01"]


def test_lines_may_end_by_carriage_returns_alone(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes((ROWS + "A,1,01/03/2026,2\nB,2,01/03/2026,3\n").replace("\n", "\r").encode())
    assert [row[:2] for row in told(tmp_path / "f.csv")] == [(2, "A"), (3, "B")]


def test_faults_of_rows_are_collected_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(ROWS + "A,1,31/02/2026,2\nB,2,01/03/2026,two\nC,3\nD,4,01/03/2026,4\n")
    payments, reading = read(path)
    assert [payment.supplier for payment in payments] == ["D"]
    assert [(fault.code, fault.path) for fault in reading.faults] == [
        ("CONTROL-ROW-01", "row 2, column `Date`"),
        ("CONTROL-ROW-02", "row 3, column `Amount`"),
        ("CONTROL-ROW-01", "row 4, column `Date`"),
        ("CONTROL-ROW-02", "row 4, column `Amount`"),
    ]


def test_a_withheld_payee_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(ROWS + "REDACTED  Personal Data,1,01/03/2026,2\nRedacta Ltd,2,01/03/2026,2\n,3,01/03/2026,2\n")
    payments, reading = read(path)
    assert [bool(payment.key) for payment in payments] == [False, True, False]
    assert reading.unknown_suppliers == 2


def test_lines_of_one_document_are_put_together(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(ROWS + "A,1,01/03/2026,2\nA,1,01/03/2026,3\nA,,01/03/2026,4\nA,1,02/03/2026,5\n")
    assert [(row, paid) for row, *_, paid in told(path, 'rows = "lines"\n' + MAPPING)] == [(2, "5"), (4, "4"), (5, "5")]


@pytest.mark.parametrize(
    ("content", "code", "help_text"),
    [
        pytest.param(b"Payee,Ref,Day\nA,1,2\n", "CONTROL-COLUMN-01", "`Payee`, `Ref`, `Day`", id="other columns"),
        pytest.param(b"", "CONTROL-COLUMN-01", "none", id="an empty file"),
        pytest.param(b"PK\x03\x04nothing", "CONTROL-FILE-01", "XLSX or CSV", id="a broken book"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1", "CONTROL-FILE-02", "XLSX or CSV", id="a book of the old format"),
        pytest.param(b"\x1f\x8bnothing", "CONTROL-FILE-01", "anew", id="broken packing"),
        pytest.param(b'Supplier,No\n"' + b"a" * 140_000 + b'"\n', "CONTROL-FILE-01", "anew", id="a field without end"),
    ],
)
def test_what_is_not_read_says_why(tmp_path: Path, content: bytes, code: str, help_text: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable) as caught:
        told(path)
    assert caught.value.fault.code == code
    assert help_text in caught.value.fault.help


def test_a_needed_field_that_is_not_mapped_lists_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(ROWS)
    with pytest.raises(Unreadable) as caught:
        told(path, '[columns]\n"Supplier" = "supplier"\n"Date" = "date"\n')
    assert caught.value.fault.code == "CONTROL-COLUMN-02"
    assert "`gross` or `net`" in caught.value.fault.message
    assert "`Supplier`, `No`, `Date`, `Amount`" in caught.value.fault.help


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("[columns", "CONTROL-MAPPING-01", id="no TOML"),
        pytest.param('colums = 1\n[columns]\n"A" = "gross"', "CONTROL-MAPPING-02", id="an unknown setting"),
        pytest.param('decimal = "x"', "CONTROL-MAPPING-03", id="no sign of decimals"),
        pytest.param('encoding = "klingon"', "CONTROL-MAPPING-03", id="no encoding"),
        pytest.param("dates = [1]", "CONTROL-MAPPING-03", id="no form of dates"),
        pytest.param("columns = 3", "CONTROL-MAPPING-04", id="no table of columns"),
        pytest.param('[columns]\n"A" = "colour"', "CONTROL-MAPPING-05", id="no field"),
        pytest.param('[columns]\n"A" = "gross"\n"B" = "gross"', "CONTROL-MAPPING-06", id="two columns for one field"),
    ],
)
def test_faults_of_a_mapping(text: str, code: str) -> None:
    found, faults = read_mapping(text.encode())
    assert found is None
    assert [fault.code for fault in faults] == [code]


def test_a_mapping_may_name_the_field_first() -> None:
    assert mapping('[columns]\nsupplier = "Payee"').columns == {"supplier": ("Payee",)}


def test_a_field_may_be_named_by_another_word() -> None:
    told = mapping('[columns]\nA = "IBAN"\nB = "cost centre"\nC = "cardholder"\nD = "amount"').columns
    assert told == {"account": ("A",), "cost_centre": ("B",), "requester": ("C",), "gross": ("D",)}

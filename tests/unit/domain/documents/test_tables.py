"""Tables by a mapping: what is read, and what is wrong told by row and column."""

from decimal import Decimal

import pytest

from comptroller.adapters.tabular import preview, read_table
from comptroller.domain.documents.table_cells import Cell, value_of
from comptroller.domain.documents.table_fields import CellKind
from comptroller.domain.documents.table_mapping import mapping_of

MAPPING = {
    "columns": {
        "number": "Rechnung",
        "issue_date": "Datum",
        "currency": "Währung",
        "totals.gross": "Brutto",
        "line.name": "Text",
        "line.quantity": "Menge",
        "line.net_amount": "Netto",
        "line.tax_rate": "Satz",
    },
    "constants": {"seller.name": "Ohm e.K.", "line.tax_category": "S", "line.unit": "HUR"},
    "decimals": "comma",
    "days": "DD.MM.YYYY",
}
HEAD = "Rechnung;Datum;Währung;Text;Menge;Netto;Satz;Brutto\n"
GOOD = HEAD + "R-1;27.03.2026;EUR;Beete;4;1.000,00;19 %;1.309,00\nR-1;27.03.2026;EUR;Hecke;1;100,00;19;1.309,00\n"


def test_rows_of_one_number_are_the_lines_of_one_document() -> None:
    documents, faults = read_table(GOOD.encode(), MAPPING)

    assert faults == ()
    (document,) = documents
    invoice = document.read.invoice
    assert invoice is not None
    assert (document.number, document.rows, invoice.number) == ("R-1", (2, 3), "R-1")
    assert [(line.id, line.name, line.net_amount) for line in invoice.lines] == [
        ("1", "Beete", Decimal("1000.00")),
        ("2", "Hecke", Decimal("100.00")),
    ]
    assert (invoice.totals.net, invoice.totals.tax, invoice.totals.gross) == (
        Decimal("1100.00"),
        Decimal("209.00"),
        Decimal("1309.00"),
    )
    assert document.original == GOOD.encode()


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ";"), ("utf-8-sig", ";"), ("cp1252", ";"), ("utf-16", ";"), ("utf-8", "\t")]
)
def test_encoding_and_separator_are_found(encoding: str, separator: str) -> None:
    documents, faults = read_table(GOOD.replace(";", separator).encode(encoding), MAPPING)
    assert (len(documents), faults) == (1, ())


def test_a_mark_says_the_encoding_for_sure() -> None:
    ((document,), faults) = read_table(GOOD.encode("utf-8-sig"), MAPPING | {"encoding": "cp1252"})
    assert (document.number, faults) == ("R-1", ())


def test_heads_are_the_same_in_any_case() -> None:
    ((document,), faults) = read_table(GOOD.replace("Rechnung", " RECHNUNG").encode(), MAPPING)
    assert (document.number, faults) == ("R-1", ())


def test_a_table_of_heads_alone_is_a_fault() -> None:
    documents, faults = read_table(HEAD.encode(), MAPPING)
    assert (documents, [fault.code for fault in faults]) == ((), ["TABLE-ROW-02"])


@pytest.mark.parametrize(
    ("row", "code", "place"),
    [
        pytest.param("R-1;27.03.2026;EUR;=1+1;1;1,00;19;1,19", "TABLE-FORMULA-01", "row 2, column Text", id="formula"),
        pytest.param("R-1;27.03.2026;EUR;@SUM(A1);1;1,00;19;1,19", "TABLE-FORMULA-01", "row 2, column Text", id="at"),
        pytest.param(
            "R-1;27.03.2026;EUR;+cmd|'/C x'!A0;1;1,00;19;1,19", "TABLE-FORMULA-01", "row 2, column Text", id="command"
        ),
        pytest.param(
            "R-1;27.03.2026;EUR;x;1e999;1,00;19;1,19", "TABLE-NUMBER-01", "row 2, column Menge", id="exponent"
        ),
        pytest.param("R-1;27.03.2026;EUR;x;NaN;1,00;19;1,19", "TABLE-NUMBER-01", "row 2, column Menge", id="NaN"),
        pytest.param("R-1;27.03.2026;EUR;x;1.5;1,00;19;1,19", "TABLE-NUMBER-01", "row 2, column Menge", id="point"),
        pytest.param(
            f"R-1;27.03.2026;EUR;x;{'9' * 40};1,00;19;1,19", "TABLE-NUMBER-01", "row 2, column Menge", id="too long"
        ),
        pytest.param("R-1;31.02.2026;EUR;x;1;1,00;19;1,19", "TABLE-DAY-01", "row 2, column Datum", id="no day"),
        pytest.param("R-1;03/27/2026;EUR;x;1;1,00;19;1,19", "TABLE-DAY-01", "row 2, column Datum", id="another style"),
        pytest.param("R-1;27.03.2026;EUR;a\0b;1;1,00;19;1,19", "DOC-TEXT-02", "row 2, column Text", id="NUL"),
        pytest.param("R-1;27.03.2026;EUR;x;1;1,00;19;1,19;more", "TABLE-ROW-01", "row 2", id="a cell too many"),
    ],
)
def test_what_is_wrong_with_a_cell_is_told_by_row_and_column(row: str, code: str, place: str) -> None:
    ((document,), _) = read_table((HEAD + row + "\n").encode(), MAPPING)
    assert (code, place) in [(fault.code, fault.path) for fault in document.read.faults]


@pytest.mark.parametrize("text", ["-", "+49 40 555", "- as agreed -", "3-fold", "a=b", "me@example"])
def test_text_that_only_looks_like_a_formula_is_a_text(text: str) -> None:
    assert value_of(Cell(text), CellKind.TEXT, decimals="comma", days="DD.MM.YYYY") == text


@pytest.mark.parametrize(
    ("style", "text", "value"),
    [
        ("comma", "1.234.567,89", "1234567.89"),
        ("comma", "1 234,5", "1234.5"),
        ("comma", "-12,00", "-12.00"),
        ("comma", "12,00-", "-12.00"),
        ("comma", "€ 12,00", "12.00"),
        ("comma", "12,00 EUR", "12.00"),
        ("point", "1,234.50", "1234.50"),
        ("point", "1'234.50", "1234.50"),
        ("point", "1234", "1234"),
    ],
)
def test_numbers_are_read_in_the_declared_style(style: str, text: str, value: str) -> None:
    assert value_of(Cell(text), CellKind.DECIMAL, decimals=style, days="YYYYMMDD") == value


def test_rows_that_disagree_about_their_document_are_told() -> None:
    rows = "R-1;27.03.2026;EUR;a;1;1,00;19;1,19\nR-1;28.03.2026;EUR;b;1;1,00;19;1,19\n"
    ((document,), _) = read_table((HEAD + rows).encode(), MAPPING)
    assert ("TABLE-DIFFERS-01", "row 3, column Datum") in [(f.code, f.path) for f in document.read.faults]


def test_row_without_number_is_a_fault_of_the_file_and_the_others_are_read() -> None:
    documents, faults = read_table((GOOD + ";27.03.2026;EUR;x;1;1,00;19;1,19\n\n").encode(), MAPPING)
    assert len(documents) == 1
    assert [(fault.code, fault.path) for fault in faults] == [("TABLE-NUMBER-02", "row 4, column Rechnung")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "DOC-FORMAT-01", id="nothing"),
        pytest.param(b"Nummer;Datum\nR-1;1\n", "TABLE-COLUMN-01", id="other heads"),
        pytest.param((HEAD + 'R-1;"a\n').encode(), "TABLE-SYNTAX-01", id="an open quote"),
        pytest.param(b"PK\x03\x04 no book", "SHEET-BOOK-01", id="no book"),
        pytest.param(("Rechnung;" + HEAD).encode(), "TABLE-COLUMN-02", id="a head twice"),
    ],
)
def test_file_that_is_no_such_table_is_refused(data: bytes, code: str) -> None:
    documents, faults = read_table(data, MAPPING)
    assert documents == ()
    assert code in {fault.code for fault in faults}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"columns": {"totals.gross": "x"}}, "MAPPING-COLUMN-03", id="no number"),
        pytest.param({"columns": {"number": "a", "colour": "b"}}, "MAPPING-COLUMN-01", id="no field"),
        pytest.param({"columns": {"number": ""}}, "MAPPING-COLUMN-02", id="no head"),
        pytest.param({"decimals": "dot"}, "MAPPING-FIELD-02", id="no style"),
        pytest.param({"head_row": 0}, "MAPPING-FIELD-02", id="no row"),
        pytest.param({"colour": "red"}, "MAPPING-FIELD-01", id="no part"),
        pytest.param({"constants": {"number": "1"}}, "MAPPING-COLUMN-04", id="twice"),
    ],
)
def test_mapping_with_a_mistake_says_which(changes: dict[str, object], code: str) -> None:
    made = mapping_of({**MAPPING, **changes})
    assert isinstance(made, tuple)
    assert code in {fault.code for fault in made}


def test_mapping_is_suggested_by_heads_and_cells() -> None:
    data = "Rechnungsnummer;Rechnungsdatum;Lieferant;Bruttobetrag\nR-1;27.03.2026;Ohm;1.234,50\n"
    shown = preview(data.encode(), None)

    assert not isinstance(shown, tuple)
    assert dict(shown.mapping.columns) == {
        "number": "Rechnungsnummer",
        "issue_date": "Rechnungsdatum",
        "seller.name": "Lieferant",
        "totals.gross": "Bruttobetrag",
    }
    assert (shown.mapping.decimals, shown.mapping.days) == ("comma", "DD.MM.YYYY")
    assert [part.number for part in shown.documents] == ["R-1"]


def test_net_amount_of_a_table_with_items_is_that_of_the_row() -> None:
    shown = preview(b"Nr;Text;Netto\nR-1;Cleaning;10\nR-1;Windows;20\n", None)

    assert not isinstance(shown, tuple)
    assert dict(shown.mapping.columns) == {"number": "Nr", "line.name": "Text", "line.net_amount": "Netto"}


def test_columns_are_suggested_under_the_row_of_heads_that_is_named() -> None:
    data = "Invoices of March\n\nNo;Date\nR-1;27.03.2026\n"
    shown = preview(data.encode(), {"head_row": 3, "separator": ";"})

    assert not isinstance(shown, tuple)
    assert dict(shown.mapping.columns) == {"number": "No", "issue_date": "Date"}
    assert (shown.mapping.head_row, shown.mapping.separator, shown.heads) == (3, ";", ("No", "Date"))


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        pytest.param({"columns": {"issue_date": "Datum"}}, "/columns/number", id="no number"),
        pytest.param({"constants": {"issue_date": "2026-03-27"}}, "/constants/issue_date", id="a column and a text"),
        pytest.param({"columns": {"number": "Nummer"}}, "/columns/number", id="a column that is not there"),
    ],
)
def test_file_is_shown_while_the_columns_are_not_right_yet(changes: dict[str, object], path: str) -> None:
    shown = preview(GOOD.encode(), {**MAPPING, **changes})

    assert not isinstance(shown, tuple)
    assert shown.heads[0] == "Rechnung"
    assert shown.documents == ()
    assert path in [fault.path for fault in shown.faults]

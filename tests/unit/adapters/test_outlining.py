"""A document's own structure in words: what stands there, whatever the readers make of it."""

import pytest

from comptroller.adapters.outlining import VALUE_CHARACTERS_SHOWN, outline
from comptroller.domain.kernel.limits import OUTLINE_ROWS_MAX

Row = tuple[int, str, str, str]


def rows(content: bytes, media_type: str) -> list[Row]:
    return [(row.depth, row.term, row.value, row.note) for row in outline(content, media_type)]


@pytest.mark.parametrize(
    ("content", "media_type", "shown"),
    [
        pytest.param(
            b'<i xmlns="urn:i"><ID>7</ID><Total currencyID="EUR">9.40</Total></i>',
            "application/xml",
            [(0, "ID", "7", ""), (0, "Total", "9.40", "EUR")],
            id="values with their attributes",
        ),
        pytest.param(
            b"<i><Party><PartyName><Name>Ferrum</Name></PartyName></Party></i>",
            "text/xml",
            [(0, "Party / Party name / Name", "Ferrum", "")],
            id="a way without a branch is one line",
        ),
        pytest.param(
            b"<i><Party><Name>F</Name><City>H</City></Party></i>",
            "application/xml",
            [(0, "Party", "", ""), (1, "Name", "F", ""), (1, "City", "H", "")],
            id="a branch has a head",
        ),
        pytest.param(b"<i><Note/></i>", "application/xml", [(0, "Note", "", "")], id="nothing is a value too"),
        pytest.param(b"<i><a>", "application/xml", [], id="no XML"),
        pytest.param(
            b'{"net": 9.40, "lines": [{"id": "1", "name": "P"}]}',
            "application/json",
            [(0, "Net", "9.40", ""), (0, "Lines 1", "", ""), (1, "Id", "1", ""), (1, "Name", "P", "")],
            id="JSON, its numbers digit by digit",
        ),
        pytest.param(b"{", "application/json", [], id="no JSON"),
        pytest.param(
            b"Rechnung;Netto\nR-1;9,40\nR-1;\n",
            "text/csv",
            [
                (0, "Row 1", "", ""),
                (1, "Rechnung", "R-1", ""),
                (1, "Netto", "9,40", ""),
                (0, "Row 2", "", ""),
                (1, "Rechnung", "R-1", ""),
                (1, "Netto", "", ""),
            ],
            id="the rows of a table",
        ),
        pytest.param(b"", "text/csv", [], id="an empty table"),
        pytest.param(b"%PDF-1.7", "application/pdf", [], id="what is shown as pictures"),
    ],
)
def test_structure_is_told_in_its_own_words(content: bytes, media_type: str, shown: list[Row]) -> None:
    assert rows(content, media_type) == shown


def test_file_inside_of_a_document_is_not_written_out() -> None:
    ((_, _, value, note),) = rows(b"<i><File>" + b"A" * (VALUE_CHARACTERS_SHOWN + 1) + b"</File></i>", "text/xml")
    assert (value, note) == ("A" * 60 + " …", f"{VALUE_CHARACTERS_SHOWN + 1} characters")


def test_no_more_rows_are_told_than_a_page_holds() -> None:
    many = b"<i>" + b"<a>1</a>" * (OUTLINE_ROWS_MAX + 1) + b"</i>"
    assert len(outline(many, "application/xml")) == OUTLINE_ROWS_MAX

"""A book is a file from outside: what is broken, too large or made to do harm is refused before it is unpacked."""

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.unit.adapters.spreadsheet.books import MODEL, SHEET, edited, saved

from comptroller.adapters.spreadsheet import from_workbook, mark_faults, to_workbook
from comptroller.domain.kernel.fault import Fault, Severity

BOOK = to_workbook(MODEL)


def repacked(part: str, change: Callable[[bytes], bytes], book: bytes = BOOK) -> bytes:
    """The book with one of its parts changed."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(book)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return buffer.getvalue()


def far_out(cell: str) -> bytes:
    def put(sheet: Worksheet) -> None:
        sheet[cell] = "x"

    return edited(put)


def many_sheets() -> bytes:
    book = Workbook()
    for _ in range(200):
        book.create_sheet()
    return saved(book)


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'
PART = "xl/worksheets/sheet2.xml"
ENDLESS = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'


@pytest.mark.parametrize(
    ("book", "code"),
    [
        pytest.param(b"", "SHEET-BOOK-01", id="nothing"),
        pytest.param(b"a,b\n1,2\n", "SHEET-BOOK-01", id="a CSV file"),
        pytest.param(BOOK[:400], "SHEET-BOOK-01", id="half of a book"),
        pytest.param(repacked("xl/workbook.xml", lambda _: b"<a"), "SHEET-BOOK-01", id="broken XML"),
        pytest.param(repacked(PART, lambda _: DOCTYPE), "SHEET-BOOK-03", id="a DOCTYPE"),
        pytest.param(
            repacked(PART, lambda old: old.replace(b"</sheetData>", ENDLESS.replace(b"XFD1048576", b"?"))),
            "SHEET-BOOK-01",
            id="merged cells that are nowhere",
        ),
        pytest.param(
            repacked(PART, lambda _: DOCTYPE.decode().encode("utf-16")), "SHEET-BOOK-03", id="a hidden DOCTYPE"
        ),
        pytest.param(
            repacked(
                PART, lambda old: old.replace(b"<worksheet", b'<?xml version="1.0" encoding="utf-7"?><worksheet', 1)
            ),
            "SHEET-BOOK-03",
            id="an odd encoding",
        ),
        pytest.param(repacked(PART, lambda old: old + b" " * 2**26), "SHEET-BOOK-02", id="a bomb"),
        pytest.param(BOOK + b" " * 10 * 2**20, "SHEET-BOOK-02", id="a large file"),
        pytest.param(far_out("C20001"), "SHEET-BOOK-02", id="too many rows"),
        pytest.param(far_out("GS5"), "SHEET-BOOK-02", id="too many columns"),
        pytest.param(many_sheets(), "SHEET-BOOK-02", id="too many sheets"),
    ],
)
def test_a_book_that_is_not_read(book: bytes, code: str) -> None:
    definitions, faults = from_workbook(book, MODEL)
    assert definitions is MODEL
    assert [fault.code for fault in faults] == [code]


@given(st.integers(0, len(BOOK) - 1), st.integers(0, 255))
@settings(max_examples=100, deadline=None)
def test_a_damaged_book_is_a_fault_and_never_a_defect(place: int, value: int) -> None:
    damaged = bytearray(BOOK)
    damaged[place] = value
    from_workbook(bytes(damaged), MODEL)


PLACES = st.sampled_from([b"<row", b"<c ", b't="', b'r="', b's="', b"<v>", b"<is>", b"<t>", b"sheetData", b'"1', b'"'])


@given(
    PLACES,
    st.sampled_from([b"", b"<x ", b't="s', b't="d', b't="b', b"<v>9", b'r="', b'"-', b'"x', b'"99999999']),
    st.data(),
)
@settings(max_examples=100, deadline=None)
def test_a_sheet_of_another_program_is_a_fault_and_never_a_defect(old: bytes, new: bytes, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 8))
    from_workbook(repacked(PART, lambda part: part.replace(old, new, count)), MODEL)


def test_a_fault_stands_in_its_cell_as_a_comment_on_red() -> None:
    book = edited(lambda sheet: sheet.__setitem__("C12", "< <"))
    _, faults = from_workbook(book, MODEL)
    sheet = load_workbook(BytesIO(mark_faults(book, faults)))[SHEET]
    comment = sheet["C12"].comment
    assert comment is not None
    assert comment.text.startswith("SHEET-CELL-01: not FEEL: ")
    assert sheet["C12"].fill.fgColor.rgb == "FFFFC7CE"
    assert [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment] == ["C12"]


def test_a_warning_is_yellow_and_what_has_no_cell_stands_in_the_first_sheet() -> None:
    faults = [Fault("SHEET-A-01", "", "one"), Fault("SHEET-A-02", "approver!C7", "two", Severity.WARNING)]
    book = load_workbook(BytesIO(mark_faults(BOOK, faults)))
    assert book["Model"]["B1"].comment.text == "SHEET-A-01: one"
    assert book[SHEET]["C7"].fill.fgColor.rgb == "FFFFEB9C"


def test_several_faults_of_a_cell_stand_in_one_comment() -> None:
    faults = [Fault("SHEET-A-01", "approver!C7", "one", help="do"), Fault("SHEET-A-02", "approver!C7", "two")]
    comment = load_workbook(BytesIO(mark_faults(BOOK, faults)))[SHEET]["C7"].comment
    assert comment.text == "SHEET-A-01: one\ndo\n\nSHEET-A-02: two"


def test_marks_of_an_earlier_round_are_taken_away() -> None:
    once = mark_faults(BOOK, [Fault("SHEET-A-01", "approver!C12", "one")])
    sheet = load_workbook(BytesIO(mark_faults(once, [])))[SHEET]
    assert sheet["C12"].comment is None
    assert sheet["C12"].fill.fill_type is None


@pytest.mark.parametrize(
    ("book", "why"),
    [
        pytest.param(b"no book", "not a book", id="no book"),
        pytest.param(
            repacked(PART, lambda old: old.replace(b"</sheetData>", ENDLESS)),
            "cover 17179869184 cells",
            id="cells without end",
        ),
    ],
)
def test_a_book_that_cannot_be_marked_is_refused(book: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        mark_faults(book, [Fault("SHEET-A-01", "", "one")])

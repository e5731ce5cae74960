"""Writing faults into the book they were found in: each cell red, with what is wrong and what to do as a comment.

The marks of an earlier round are taken away first, so that a book can go back and forth until it is right.
"""

import re
import warnings
from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO
from typing import Final

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils import range_boundaries

from comptroller.adapters.spreadsheet.cells import escaped
from comptroller.adapters.spreadsheet.opening import Sheet, Unreadable, open_book, parse, parts_of
from comptroller.domain.kernel.fault import Fault, Severity

AUTHOR: Final = "Comptroller"

_RED: Final = PatternFill("solid", fgColor="FFFFC7CE")
_YELLOW: Final = PatternFill("solid", fgColor="FFFFEB9C")
_CELL: Final = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
_RANGE_CELLS_MAX: Final = 100_000
"""Cells that merged ranges and links may cover in all: each becomes an object when a whole book is loaded."""


def mark_faults(data: bytes, faults: Iterable[Fault]) -> bytes:
    """Mark each fault in its cell; one without a cell stands in the first sheet. Warnings are yellow.

    Raises ValueError for a book that cannot be written again: there is nothing to mark in it.
    """
    try:
        sheets = open_book(data)
        _check_ranges(parts_of(data))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a book may hold besides cells, and is not kept
            book = load_workbook(BytesIO(data), rich_text=True)
    except Unreadable as unreadable:
        raise ValueError(str(unreadable)) from None
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, SyntaxError) as error:
        raise ValueError(f"the book cannot be written again: {error}") from error
    _restore_escapes(book, sheets)
    _unmark(book)
    at: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for fault in faults:
        at[_place(book, fault)].append(fault)
    for (sheet, cell), found in at.items():
        _mark(book[sheet][cell], found)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _check_ranges(parts: dict[str, bytes]) -> None:
    """Refuse a few bytes that stand for millions of cells."""
    covered = 0
    for name, part in parts.items():
        if "/worksheets/" not in name or name.endswith(".rels"):
            continue
        for element in parse(part).iter("{*}mergeCell", "{*}hyperlink"):
            left, top, right, bottom = range_boundaries(element.get("ref") or "A1")
            if None in (left, top, right, bottom):
                raise ValueError(f"a range without an end in `{name}`")
            covered += (right - left + 1) * (bottom - top + 1)
    if covered > _RANGE_CELLS_MAX:
        raise ValueError(f"merged cells and links cover {covered} cells")


def _restore_escapes(book: Workbook, sheets: Iterable[Sheet]) -> None:
    """Put back what the library drops when it loads a book: the escape of a text that looks like an escape."""
    for sheet in sheets:
        for row, entries in sheet.rows.items():
            for column, entry in entries.items():
                text = escaped(entry.plain)
                if "_x005F_" in text:
                    cell = book[sheet.name].cell(row, column)
                    cell.value = text
                    cell.data_type = "s"


def _unmark(book: Workbook) -> None:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is not None and cell.comment.author == AUTHOR:
                    cell.comment = None
                    cell.fill = PatternFill()


def _place(book: Workbook, fault: Fault) -> tuple[str, str]:
    sheet, _, cell = fault.path.rpartition("!")
    if sheet in book.sheetnames and _CELL.fullmatch(cell):
        return sheet, cell
    return book.worksheets[0].title, "B1"


def _mark(cell: Cell, faults: list[Fault]) -> None:
    lines = [f"{fault.code}: {fault.message}" + (f"\n{fault.help}" if fault.help else "") for fault in faults]
    others = [cell.comment.text] if cell.comment is not None else []
    cell.comment = Comment("\n\n".join([*others, *lines]), AUTHOR, height=140, width=360)
    cell.fill = _RED if any(fault.severity is Severity.ERROR for fault in faults) else _YELLOW

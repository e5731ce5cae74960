"""The bytes of a CSV or XLSX file to heads and rows of cells; nothing in them is run, followed or guessed at twice.

A CSV says neither its encoding nor its separator. Where the mapping leaves them open, the encoding is UTF-8 if the
bytes are that and Windows-1252 otherwise, and the separator is the one that the row of the heads holds most often.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from comptroller.adapters.einvoice.reading import ZIP
from comptroller.adapters.spreadsheet.opening import Row, Unreadable, open_book
from comptroller.domain.documents.table_cells import Cell
from comptroller.domain.documents.table_mapping import COLUMNS_MAX, TableMapping
from comptroller.domain.documents.table_reading import Table
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault

BY: Final = "table"
CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES: Final = frozenset({CSV, XLSX})
_SEPARATORS: Final = {"tab": "\t"}


@dataclass(frozen=True, slots=True)
class Opened:
    """A table with what was found out about its file."""

    table: Table
    media_type: str
    encoding: str = ""
    separator: str = ""
    sheets: tuple[str, ...] = ()


def open_table(data: bytes, mapping: TableMapping) -> Opened | tuple[Fault, ...]:
    """Open a file, or say why it is no table."""
    if len(data) > limits.DOCUMENT_BYTES_MAX:
        message = f"the file has {len(data)} bytes; at most {limits.DOCUMENT_BYTES_MAX} are read"
        return _refused("DOC-SIZE-01", message, "split the file")
    if not data.strip():
        return _refused("DOC-FORMAT-01", "the file is empty", "check that it arrived whole")
    return _open_book(data, mapping) if data.startswith(ZIP) else _open_csv(data, mapping)


def _refused(code: str, message: str, help: str, path: str = "") -> tuple[Fault, ...]:  # noqa: A002 - Fault's own field
    return (Fault(code, path, message, by=BY, help=help),)


def _open_csv(data: bytes, mapping: TableMapping) -> Opened | tuple[Fault, ...]:
    decoded = _decode(data, mapping.encoding)
    if decoded is None:
        message = f"the file is not written in {mapping.encoding}"
        return _refused("TABLE-ENCODING-01", message, "name its encoding in the mapping, or `auto`")
    text, encoding = decoded
    separator = _SEPARATORS.get(mapping.separator, mapping.separator)
    if separator == "auto":
        lines = text.splitlines()
        head = lines[mapping.head_row - 1] if len(lines) >= mapping.head_row else ""
        separator = max(";,\t|", key=head.count)
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        line = 1
        for cells in reader:
            if len(cells) > COLUMNS_MAX or len(rows) > limits.DOCUMENT_LINES_MAX:
                return _too_large()
            rows.append((line, tuple(map(Cell, cells))))
            line = reader.line_num + 1
    except csv.Error as error:
        return _refused("TABLE-SYNTAX-01", f"the file is no CSV: {error}", "save it anew", f"row {reader.line_num}")
    return _headed(rows, mapping, Opened(Table((), ()), CSV, encoding, separator))


def _too_large() -> tuple[Fault, ...]:
    message = f"the table has more than {limits.DOCUMENT_LINES_MAX} rows or {COLUMNS_MAX} columns"
    return _refused("TABLE-SIZE-01", message, "split the file")


def _decode(data: bytes, encoding: str) -> tuple[str, str] | None:
    names = {"auto": ("utf-8-sig", "cp1252"), "utf-8": ("utf-8-sig",)}.get(encoding, (encoding,))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):  # a mark says it for sure, whatever the mapping says
        names = ("utf-16",)
    elif data.startswith(b"\xef\xbb\xbf"):
        names = ("utf-8-sig",)
    for name in names:
        try:
            return data.decode(name), name
        except UnicodeDecodeError:
            continue
    return None


def _open_book(data: bytes, mapping: TableMapping) -> Opened | tuple[Fault, ...]:
    try:
        sheets = open_book(data)
    except Unreadable as error:
        return (error.fault,)
    names = tuple(sheet.name for sheet in sheets)
    chosen = next((sheet for sheet in sheets if sheet.name == mapping.sheet or not mapping.sheet), None)
    if chosen is None:
        message = f"the book has no sheet `{mapping.sheet[:60]}`" if mapping.sheet else "the book has no sheet"
        return _refused("TABLE-SHEET-01", message, f"name one of {', '.join(names)}" if names else "")
    width = max((max(row) for row in chosen.rows.values()), default=0)
    rows = [(number, tuple(_cells(row, width))) for number, row in sorted(chosen.rows.items())]
    if width > COLUMNS_MAX or len(rows) > limits.DOCUMENT_LINES_MAX:
        return _too_large()
    return _headed(rows, mapping, Opened(Table((), ()), XLSX, sheets=names))


def _cells(row: Row, width: int) -> Iterator[Cell]:
    for column in range(1, width + 1):
        entry = row.get(column)
        if entry is None:
            yield Cell()
            continue
        yield Cell(entry.plain, not entry.is_text, entry.wrong)


def _headed(
    rows: list[tuple[int, tuple[Cell, ...]]], mapping: TableMapping, opened: Opened
) -> Opened | tuple[Fault, ...]:
    heads = next((cells for number, cells in rows if number == mapping.head_row), None)
    if heads is None or not any(cell.text.strip() for cell in heads):
        message = f"row {mapping.head_row}, in which the heads should stand, is empty"
        return _refused("TABLE-HEAD-01", message, "name the row of the heads in the mapping", f"row {mapping.head_row}")
    names = tuple(cell.text.strip() for cell in heads)
    while names and not names[-1]:
        names = names[:-1]
    table = Table(names, tuple((number, cells) for number, cells in rows if number > mapping.head_row))
    return Opened(table, opened.media_type, opened.encoding, opened.separator, opened.sheets)

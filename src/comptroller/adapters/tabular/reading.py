"""A file and a mapping to documents, each with the part of the file that it was read from as its original."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from comptroller.adapters.einvoice.checking import CheckResult, Engine, check_read
from comptroller.adapters.einvoice.reading import ZIP, ReadResult, Syntax
from comptroller.adapters.tabular.opening import CSV, MEDIA_TYPES, Opened, open_table
from comptroller.domain.documents.model import DocumentKind, Invoice
from comptroller.domain.documents.table_mapping import TableMapping, mapping_of, suggest
from comptroller.domain.documents.table_reading import TableDocument, read_documents
from comptroller.domain.kernel.fault import Fault

SAMPLE_ROWS: Final = 20


@dataclass(frozen=True, slots=True)
class TablePart:
    """One document of a table: its rows under the heads as CSV, and what was read and checked of them."""

    number: str
    rows: tuple[int, ...]
    original: bytes
    media_type: str
    read: CheckResult


@dataclass(frozen=True, slots=True)
class Preview:
    """What a person who makes a mapping sees of a file."""

    mapping: TableMapping
    heads: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    sheets: tuple[str, ...]
    encoding: str
    separator: str
    documents: tuple[TablePart, ...]
    faults: tuple[Fault, ...]


def read_table(data: bytes, mapping: Mapping[str, Any]) -> tuple[tuple[TablePart, ...], tuple[Fault, ...]]:
    """Read all documents of a file by a mapping's record; faults of the file as a whole beside them."""
    made = mapping_of(mapping)
    if isinstance(made, tuple):
        return (), made
    opened = open_table(data, made)
    return ((), opened) if isinstance(opened, tuple) else _parts(opened, made)


def _parts(opened: Opened, mapping: TableMapping) -> tuple[tuple[TablePart, ...], tuple[Fault, ...]]:
    documents, faults = read_documents(opened.table, mapping)
    return tuple(_part(opened, document) for document in documents), faults


def _part(opened: Opened, document: TableDocument) -> TablePart:
    invoice = document.invoice
    kind = DocumentKind.UNKNOWN if invoice is None else invoice.kind
    result = ReadResult(kind, _profile(invoice), invoice, document.faults, Syntax.UNKNOWN)
    read = check_read(result, Engine.CANONICAL)
    return TablePart(document.number, document.rows, _original(opened, document), CSV, read)


def _profile(invoice: Invoice | None) -> str:
    return "" if invoice is None else invoice.customization


def _original(opened: Opened, document: TableDocument) -> bytes:
    """The document's rows under the heads; the file that they come from is kept whole beside the cases."""
    wanted = set(document.rows)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(opened.table.heads)
    writer.writerows([cell.text for cell in cells] for number, cells in opened.table.rows if number in wanted)
    return out.getvalue().encode(errors="surrogatepass")


def preview(data: bytes, mapping: Mapping[str, Any] | None) -> Preview | tuple[Fault, ...]:
    """Show what a mapping makes of a file; where it says no columns, what suggested ones would.

    While the columns of a mapping are not right yet, the file is shown with what is wrong with them.
    """
    says_columns = mapping is not None and "columns" in mapping
    made, wrong = _made(mapping)
    if made is None:
        return wrong
    opened = open_table(data, made)
    if isinstance(opened, tuple):
        return opened
    table = opened.table
    if not says_columns:
        columns = {
            head: [cells[place].text for _, cells in table.rows[:SAMPLE_ROWS] if place < len(cells)]
            for place, head in enumerate(table.heads)
        }
        told = suggest(list(table.heads), columns)
        made = replace(made, columns=told.columns, decimals=told.decimals, days=told.days)
    parts, faults = _parts(opened, made) if "number" in made.columns else ((), wrong)
    sample = tuple(tuple(cell.text for cell in cells) for _, cells in table.rows[:SAMPLE_ROWS])
    return Preview(made, table.heads, sample, opened.sheets, opened.encoding, opened.separator, parts, faults)


def _made(mapping: Mapping[str, Any] | None) -> tuple[TableMapping | None, tuple[Fault, ...]]:
    """The mapping, or how it opens a file with the faults of its columns; nothing where it cannot even open one."""
    body = mapping or {}
    made = mapping_of(body)
    if not isinstance(made, tuple):
        return made, ()
    opening = mapping_of({**body, "columns": {"number": "not said yet"}, "constants": {}})
    if isinstance(opening, tuple):
        return None, made
    return replace(opening, columns={}), made if "columns" in body else ()


class TableFiles:
    """The port `Tables`: files of rows and columns."""

    def is_table(self, content: bytes, media_type: str) -> bool:
        """Whether a file is a table: a book by its first bytes, a CSV by what it is called."""
        return content.startswith(ZIP) or media_type in MEDIA_TYPES

    def read(self, content: bytes, mapping: Mapping[str, Any]) -> tuple[tuple[TablePart, ...], tuple[Fault, ...]]:
        """Read all documents of a table."""
        return read_table(content, mapping)

    def preview(self, content: bytes, mapping: Mapping[str, Any] | None) -> Preview | tuple[Fault, ...]:
        """Show what a mapping makes of a table."""
        return preview(content, mapping)

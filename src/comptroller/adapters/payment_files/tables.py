"""Files as rows of texts, one at a time: CSV as the world writes it, XLSX and Parquet.

A CSV file is read line by line, so that a file of a million rows needs no more memory than one of a hundred. What
encoding it has is told by its byte order mark, else by each line itself: a line that is no UTF-8 is read as
Windows-1252, which is what such lines are in practice.
"""

import csv
import gzip
import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from comptroller.adapters.csv_rows import StrayQuote, csv_rows
from comptroller.adapters.payment_files.mapping import Mapping
from comptroller.domain.kernel.fault import Fault

Cell = str | date | Decimal
Row = tuple[int, Sequence[Cell]]
"""A row's number, as a spreadsheet counts, and its cells; a book's fractions are numbers, with no decimal mark."""

SEPARATORS: Final = (",", ";", "\t", "|")
BOOK_BYTES_MAX: Final = 2 * 1024**3
"""Bytes that a book may unpack to: a million rows of a dozen columns take about half."""
LINE_BYTES_MAX: Final = 16 * 1024**2

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DOCTYPE: Final = re.compile(rb"<!doctype", re.IGNORECASE)


class Unreadable(Exception):
    """A file that is not read, with the fault that says why."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.fault = Fault(code, "", message, by="file", help=remedy)


@contextmanager
def open_table(path: Path, mapping: Mapping) -> Iterator[Iterator[Row]]:
    """Open a file and give its rows; raises `Unreadable`, also while they are read, and `OSError`."""
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        if start[:4] == b"PK\x03\x04":
            with _book(file, mapping.sheet) as rows:
                yield rows
        elif start[:4] == b"PAR1":
            yield _columns(file)
        elif start[:4] == b"\xd0\xcf\x11\xe0":
            raise Unreadable("CONTROL-FILE-02", "the book has the old format XLS", "save it as XLSX or CSV")
        elif start[:2] == b"\x1f\x8b":
            with gzip.open(file) as unpacked:
                yield _guarded(_csv(unpacked, mapping))  # type: ignore[arg-type]  # a binary file like any other
        else:
            yield _guarded(_csv(file, mapping))


def _guarded(rows: Iterator[Row]) -> Iterator[Row]:
    try:
        yield from rows
    except (csv.Error, UnicodeError, EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Unreadable("CONTROL-FILE-01", f"the file is no CSV that can be read: {error}", "export it anew") from None


def _csv(file: IO[bytes], mapping: Mapping) -> Iterator[Row]:
    lines = _lines(file, mapping.encoding)
    first = list(itertools.islice(lines, 50))
    separator = mapping.separator or _separator(first, mapping)
    try:
        yield from csv_rows(itertools.chain(first, lines), separator)
    except StrayQuote as error:
        raise Unreadable("CONTROL-FILE-06", str(error), "mend the row that it names, or export the file anew") from None


def _lines(file: IO[bytes], encoding: str) -> Iterator[str]:
    start = file.read(3)
    file.seek(0)
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), "")
    if encoding or marked.startswith("utf-16"):
        text = io.TextIOWrapper(file, encoding=marked or encoding, errors="replace", newline="")
        try:
            while line := text.readline(LINE_BYTES_MAX):
                yield line.replace("\0", "")
        finally:
            text.detach()  # the file is closed by who opened it
        return
    if marked:
        file.read(3)
    for line_bytes in _byte_lines(file):
        line_bytes = line_bytes.replace(b"\0", b"") if b"\0" in line_bytes else line_bytes  # noqa: PLW2901 - the same line
        try:
            yield line_bytes.decode()
        except UnicodeDecodeError:
            yield line_bytes.decode("cp1252", errors="replace")


def _byte_lines(file: IO[bytes]) -> Iterator[bytes]:
    """The lines of a file; of one that ends them by carriage returns alone too, as old programs wrote them."""
    first = file.readline(LINE_BYTES_MAX)
    if b"\r" in first.rstrip(b"\r\n"):
        rest = first
        while block := file.read(LINE_BYTES_MAX):
            *whole, rest = rest.splitlines(keepends=True)
            yield from whole
            rest += block
        yield from rest.splitlines(keepends=True)
        return
    while first:
        yield first
        first = file.readline(LINE_BYTES_MAX)


def _separator(lines: Sequence[str], mapping: Mapping) -> str:
    """The separator by which some early line has most of the mapped columns; of equals the one that occurs most."""
    wanted = {folded(column) for columns in mapping.columns.values() for column in columns}

    def fits(separator: str) -> tuple[int, int]:
        rows = [row for row in csv.reader(lines, delimiter=separator) if row]
        return max((len(wanted & {folded(cell) for cell in row}) for row in rows), default=0), sum(
            line.count(separator) for line in lines
        )

    return max(SEPARATORS, key=fits)


def folded(head: str) -> str:
    """A column's heading, case and spacing aside."""
    return " ".join(head.casefold().split())


@contextmanager
def _book(file: IO[bytes], sheet: str) -> Iterator[Iterator[Row]]:
    try:
        _check_parts(file)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, zlib.error) as error:
        raise Unreadable("CONTROL-FILE-01", f"the file is no XLSX book: {error}", "save it as XLSX or CSV") from None
    try:
        if sheet and sheet not in book.sheetnames:
            listed = ", ".join(f"`{name}`" for name in book.sheetnames)
            raise Unreadable("CONTROL-FILE-03", f"the book has no sheet `{sheet}`", f"it has {listed}")
        if not book.worksheets:
            raise Unreadable("CONTROL-FILE-03", "the book has no sheet of cells", "save the rows as a sheet")
        chosen = book[sheet] if sheet else book.worksheets[0]
        chosen.reset_dimensions()
        yield _book_rows(chosen)
    finally:
        book.close()


def _check_parts(file: IO[bytes]) -> None:
    """Refuse a book that unpacks to too much, or that declares a DOCTYPE."""
    with zipfile.ZipFile(file) as archive:
        size = sum(item.file_size for item in archive.infolist())
        if size > BOOK_BYTES_MAX:
            message = f"the book unpacks to {size} bytes; at most {BOOK_BYTES_MAX} are read"
            raise Unreadable("CONTROL-FILE-04", message, "save it as CSV, or in parts")
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                with archive.open(name) as part:
                    if _DOCTYPE.search(part.read(65_536)):
                        raise Unreadable("CONTROL-FILE-05", f"the part `{name}` declares a DOCTYPE", "save it anew")
    file.seek(0)


def _book_rows(sheet: Any) -> Iterator[Row]:
    try:
        for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_cell(value) for value in values]
    except (ValueError, KeyError, zlib.error, zipfile.BadZipFile, SyntaxError) as error:
        raise Unreadable("CONTROL-FILE-01", f"the sheet cannot be read: {error}", "save the book anew") from None


def _columns(file: IO[bytes]) -> Iterator[Row]:
    """The rows of a Parquet file, the names of its columns being the first."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra, and a second that other files need not wait
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        message = "a Parquet file is read with the extra `columnar`, which is not installed"
        raise Unreadable("CONTROL-FILE-07", message, "install `comptroller[columnar]`, or save it as CSV") from None
    try:
        table = pq.ParquetFile(file)
        yield 1, table.schema_arrow.names
        numbers = itertools.count(2)
        for batch in table.iter_batches():
            for values in zip(*(each.to_pylist() for each in batch), strict=True):
                yield next(numbers), [_cell(value) for value in values]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Unreadable(
            "CONTROL-FILE-01", f"the file is no Parquet that can be read: {error}", "write it anew"
        ) from None


def _cell(value: Any) -> Cell:
    """A cell as it is written; a float as the spreadsheet shows it, with fifteen digits."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date | Decimal):
        return value
    if isinstance(value, float):
        return Decimal(f"{value:.15g}")
    return str(value)

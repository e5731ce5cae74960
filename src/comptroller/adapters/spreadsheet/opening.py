"""Opening a book that came from outside: checked before anything is unpacked, then read cell by cell.

Links, drawings and formulas' results are not looked at, and of merged cells only where they lie, so nothing is built
that a few bytes can make large. What is read of a sheet are its rows of cells.

# SOURCE: ECMA-376 part 1, clauses 18.2 (workbook), 18.3 (sheets), 18.4 (shared strings), 18.8 (styles).
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from lxml import etree
from openpyxl.utils.cell import range_boundaries

from comptroller.adapters.spreadsheet import cells, limits
from comptroller.adapters.spreadsheet.cells import EMPTY, Entry
from comptroller.domain.kernel.fault import Fault

Row = Mapping[int, Entry]
"""A row's cells by column, the first being 1; an empty cell is left out."""

_PARTS: Final = (".xml", ".rels")
_ENCODING: Final = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']{1,40})[\"']")
_COLUMN: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RELATION: Final = re.compile(r"\{.*\}id")
_BUILT_IN_FORMATS: Final = {
    **dict.fromkeys((14, 15, 16, 17), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21), "hh:mm"),
    22: "yyyy-mm-dd hh:mm",
    **dict.fromkeys((45, 47), "mm:ss"),
    46: "[h]:mm:ss",
}


class Unreadable(Exception):
    """A book that is not read, with the fault that says why."""

    def __init__(self, code: str, message: str, remedy: str, path: str = "") -> None:
        super().__init__(message)
        self.fault = Fault(code, path, message, by="spreadsheet", help=remedy)


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells of which only the first says something; rows and columns from 1."""

    reference: str  # as `C12:C14`
    top: int
    left: int
    bottom: int
    right: int

    @classmethod
    def at(cls, reference: str) -> "Merged":
        """Read a reference; raise ValueError for none."""
        left, top, right, bottom = range_boundaries(reference)
        return cls(reference, top or 1, left or 1, bottom or limits.ROWS_MAX, right or limits.COLUMNS_MAX)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name and its rows by number, the first being 1; an empty row may be left out."""

    name: str
    rows: Mapping[int, Row]
    merged: tuple[Merged, ...] = ()

    def at(self, row: int, column: int) -> Entry:
        """The cell at a place."""
        return self.rows.get(row, {}).get(column, EMPTY)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the cells of all sheets refer to: texts, the number format of each style, and the calendar."""

    texts: tuple[str, ...]
    formats: tuple[str, ...]
    since_1904: bool


def open_book(data: bytes) -> tuple[Sheet, ...]:
    """Read a book's sheets; raise Unreadable for what is no book or passes a limit."""
    parts = parts_of(data)
    try:
        return _sheets(parts)
    except (etree.XMLSyntaxError, KeyError, ValueError, IndexError) as error:
        raise _no_book(str(error)) from None


def parts_of(data: bytes) -> dict[str, bytes]:
    """Unpack the XML parts of a book, all limits checked first."""
    if len(data) > limits.BOOK_BYTES_MAX:
        raise Unreadable(
            "SHEET-BOOK-02", f"the book has {len(data)} bytes; at most {limits.BOOK_BYTES_MAX} are read", ""
        )
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            # the sizes are the archive's own claim, and unpacking stops at what it claims
            size = sum(item.file_size for item in archive.infolist())
            if size > limits.CONTENT_BYTES_MAX:
                message = f"the book unpacks to {size} bytes; at most {limits.CONTENT_BYTES_MAX} are read"
                raise Unreadable("SHEET-BOOK-02", message, "take away what is no decision table")
            parts = {name: archive.read(name) for name in archive.namelist() if name.endswith(_PARTS)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _no_book(str(error)) from None
    for name, part in parts.items():
        _refuse_odd_xml(name, part)
    return parts


def _refuse_odd_xml(name: str, part: bytes) -> None:
    """Refuse a DOCTYPE, and every encoding in which one could hide from this search."""
    declared = _ENCODING.match(part)
    encoding = declared.group(1).lower() if declared else b"utf-8"
    if b"\0" in part or encoding not in {b"utf-8", b"utf8", b"us-ascii", b"ascii"}:
        raise Unreadable("SHEET-BOOK-03", f"the part `{name}` is not in UTF-8", "save the book anew as XLSX")
    if b"<!doctype" in part.lower():
        raise Unreadable("SHEET-BOOK-03", f"the part `{name}` declares a DOCTYPE", "save the book anew as XLSX")


def _no_book(why: str) -> Unreadable:
    return Unreadable("SHEET-BOOK-01", f"not a book in the format XLSX: {why}", "save it as `Excel workbook (.xlsx)`")


def parse(part: bytes) -> etree._Element:
    """Parse one checked part."""
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True))


def _sheets(parts: Mapping[str, bytes]) -> tuple[Sheet, ...]:
    main = next(iter(_targets(parts, "", "officeDocument").values()), "xl/workbook.xml")
    book = parse(parts[main])
    setting = book.find("{*}workbookPr")
    shared = _Shared(
        texts=_shared_texts(parts, main),
        formats=_formats(parts, main),
        since_1904=setting is not None and setting.get("date1904") in {"1", "true"},
    )
    targets = _targets(parts, main, "worksheet")
    listed = list(book.iterfind("{*}sheets/{*}sheet"))
    if len(listed) > limits.SHEETS_MAX:
        raise Unreadable(
            "SHEET-BOOK-02", f"the book has {len(listed)} sheets; at most {limits.SHEETS_MAX} are read", ""
        )
    sheets = []
    for element in listed:
        relation = next((str(value) for name, value in element.attrib.items() if _RELATION.fullmatch(str(name))), "")
        if relation in targets:  # a sheet of another kind holds a chart
            name = element.get("name") or ""
            part = parse(parts[targets[relation]])
            merged = tuple(Merged.at(each.get("ref") or "") for each in part.iterfind("{*}mergeCells/{*}mergeCell"))
            sheets.append(Sheet(name, dict(_rows(part, name, shared)), merged))
    return tuple(sheets)


def _targets(parts: Mapping[str, bytes], source: str, kind: str) -> dict[str, str]:
    """The parts of one kind that a part refers to, by the id of the reference."""
    folder, name = posixpath.split(source)
    relations = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
    if relations is None:
        return {}
    return {
        element.get("Id") or "": posixpath.normpath(posixpath.join("/", folder, element.get("Target") or "")).lstrip(
            "/"
        )
        for element in parse(relations)
        if isinstance(element.tag, str) and (element.get("Type") or "").endswith(f"/{kind}")
    }


def _shared_texts(parts: Mapping[str, bytes], main: str) -> tuple[str, ...]:
    target = next(iter(_targets(parts, main, "sharedStrings").values()), "")
    return tuple(_text(item) for item in parse(parts[target]).iterfind("{*}si")) if target in parts else ()


def _text(item: etree._Element) -> str:
    """The text of a string item, whole or in runs; readings of Asian characters are no part of it."""
    return "".join(node.text or "" for path in ("{*}t", "{*}r/{*}t") for node in item.iterfind(path))


def _formats(parts: Mapping[str, bytes], main: str) -> tuple[str, ...]:
    target = next(iter(_targets(parts, main, "styles").values()), "")
    if target not in parts:
        return ()
    styles = parse(parts[target])
    own = {int(item.get("numFmtId") or 0): item.get("formatCode") or "" for item in styles.iterfind(".//{*}numFmt")}
    numbers = [int(style.get("numFmtId") or 0) for style in styles.iterfind("{*}cellXfs/{*}xf")]
    return tuple(own.get(number, _BUILT_IN_FORMATS.get(number, "")) for number in numbers)


def _rows(sheet: etree._Element, name: str, shared: _Shared) -> Iterator[tuple[int, Row]]:
    number = 0
    for element in sheet.iterfind("{*}sheetData/{*}row"):
        number = int(element.get("r") or number + 1)
        row: dict[int, Entry] = {}
        column = 0
        for cell in element.iterfind("{*}c"):
            column = _column(cell.get("r"), column + 1)
            entry = _entry(cell, shared)
            if entry != EMPTY:
                row[column] = entry
        if row:
            _check_place(name, number, max(row))
            yield number, row


def _column(reference: str | None, following: int) -> int:
    found = _COLUMN.fullmatch(reference or "")
    if found is None:
        return following
    number = 0
    for letter in found.group(1):
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _check_place(sheet: str, row: int, column: int) -> None:
    if row > limits.ROWS_MAX or column > limits.COLUMNS_MAX:
        message = f"the sheet `{sheet}` is larger than {limits.ROWS_MAX} rows and {limits.COLUMNS_MAX} columns"
        raise Unreadable("SHEET-BOOK-02", message, "clear the cells far out", f"{sheet}!A1")


def _entry(cell: etree._Element, shared: _Shared) -> Entry:
    if cell.find("{*}f") is not None:
        return Entry(wrong="a formula is not read")
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        item = cell.find("{*}is")
        return EMPTY if item is None else cells.of_text(_text(item))
    value = cell.findtext("{*}v") or ""
    if not value:
        return EMPTY
    match kind:
        case "s":
            return cells.of_text(shared.texts[int(value)])
        case "str":
            return cells.of_text(value)
        case "b":
            return cells.of_boolean(value)
        case "e":
            return Entry(wrong=f"the spreadsheet could not make a value: `{value}`")
        case "d":
            return _iso_date(value)
    style = int(cell.get("s") or 0)
    number_format = shared.formats[style] if style < len(shared.formats) else ""
    return cells.of_number(value, number_format, since_1904=shared.since_1904)


def _iso_date(value: str) -> Entry:
    function = "date and time" if "T" in value else "date"
    return Entry(f'{function}("{value}")', value) if '"' not in value else Entry(wrong=f"`{value}` is no date")

"""Bringing a book back: a sheet is found by its hidden key and read onto the definitions that it was made from."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from comptroller.adapters.spreadsheet import model_sheet
from comptroller.adapters.spreadsheet.grid import Grid
from comptroller.adapters.spreadsheet.layout import (
    KEY_COLUMN,
    LABEL_COLUMN,
    MODEL_SHEET,
    TABLE_KEY,
    places,
)
from comptroller.adapters.spreadsheet.opening import Sheet, Unreadable, open_book
from comptroller.adapters.spreadsheet.sheet_cells import SheetCells
from comptroller.adapters.spreadsheet.table_reading import TableReading
from comptroller.adapters.spreadsheet.tables import ids_of, tables_of, with_tables
from comptroller.adapters.spreadsheet.vocabulary import Vocabulary
from comptroller.domain.decisions.definitions import Definitions
from comptroller.domain.decisions.requirements import path_of
from comptroller.domain.kernel.fault import Fault


@dataclass(frozen=True, slots=True)
class TakenBook:
    """What a book says: the changed definitions, what is wrong with the book, and where each table stands in it."""

    definitions: Definitions
    faults: tuple[Fault, ...]
    grids: Mapping[str, Sequence[Grid]]  # by the path of the decision or business knowledge model

    def placed(self, fault: Fault) -> Fault:
        """A fault that compiling the definitions found, at its cell; one that no table has stays as it is."""
        for path, grids in self.grids.items():
            if fault.path.startswith(path):
                # of several tables of one element the fault does not say which
                return grids[0].placed(fault) if len(grids) == 1 else replace(fault, path=f"{grids[0].sheet}!B1")
        return fault


def from_workbook(data: bytes, original: Definitions) -> tuple[Definitions, tuple[Fault, ...]]:
    """The definitions and the faults of `read_workbook`."""
    taken = read_workbook(data, original)
    return taken.definitions, taken.faults


def read_workbook(data: bytes, original: Definitions) -> TakenBook:
    """Read the tables of a book onto the definitions that it was made from.

    A table whose sheet cannot be read stays as it was, and a fault says so. A fault's path is sheet and cell, such as
    `Tolerances!C7`. Whether the changed model is sound is for its compiler to say; here only the book is judged.
    """
    try:
        sheets = open_book(data)
    except Unreadable as unreadable:
        return TakenBook(original, (unreadable.fault,), {})
    found = tables_of(original)
    placed = list(places([(key, owner) for key, owner, _ in found]))
    first = next((sheet for sheet in sheets if sheet.name == MODEL_SHEET), None)
    page = model_sheet.page(original, [(place, table) for place, (_, _, table) in zip(placed, found, strict=True)])
    faults = list(model_sheet.check(first, page))
    by_key: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        key = sheet.at(1, KEY_COLUMN).plain
        if key.startswith(TABLE_KEY):
            by_key[key.removeprefix(TABLE_KEY)].append(sheet)
    vocabulary, taken = Vocabulary(original), ids_of(original)
    tables = {}
    grids: dict[str, list[Grid]] = defaultdict(list)
    for place, (key, owner, table) in zip(placed, found, strict=True):
        named = by_key.pop(key, [])
        if not named:
            faults.append(_missing(place.sheet, owner.name, sheets))
            continue
        faults += [_copied(sheet, named[0]) for sheet in named[1:]]
        cells = SheetCells(named[0], vocabulary)
        reading = TableReading(cells, table, stem=table.id or key, taken=taken)
        tables[key] = reading.table()
        grids[path_of(owner)].append(reading.grid)
        faults += cells.faults
    faults += [_unknown(sheet) for named in by_key.values() for sheet in named]
    return TakenBook(with_tables(original, tables), tuple(faults), grids)


def _missing(sheet: str, owner: str, sheets: tuple[Sheet, ...]) -> Fault:
    there = any(other.name == sheet for other in sheets)
    message = f"the key of the table of `{owner}` is missing in A1" if there else f"the sheet of `{owner}` is missing"
    remedy = "undo what took away the hidden first column or the first row, or take the tables out anew"
    return Fault("SHEET-TABLE-01", f"{sheet}!B1" if there else "", message, by="spreadsheet", help=remedy)


def _copied(sheet: Sheet, first: Sheet) -> Fault:
    message = f"the sheet is a copy of `{first.name}`, and only one can be the table"
    return Fault("SHEET-TABLE-02", f"{sheet.name}!B1", message, by="spreadsheet", help="delete one of the two sheets")


def _unknown(sheet: Sheet) -> Fault:
    message = f"the model has no table `{sheet.at(1, LABEL_COLUMN).plain}`"
    remedy = "delete the sheet; a new table is made in a modeller"
    return Fault("SHEET-TABLE-03", f"{sheet.name}!B1", message, by="spreadsheet", help=remedy)

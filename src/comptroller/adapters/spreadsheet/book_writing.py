"""Writing a book: a sheet for the model and one for each decision table, each text exactly as the model has it."""

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from comptroller.adapters.spreadsheet import limits, model_sheet
from comptroller.adapters.spreadsheet.cells import escaped, shown
from comptroller.adapters.spreadsheet.layout import (
    FIRST_COLUMN,
    FIRST_RULE_ROW,
    HEADER_ROWS,
    KEY_COLUMN,
    LABEL_COLUMN,
    MODEL_SHEET,
    TABLE_KEY,
    Header,
    Kind,
    Place,
    column_keys,
    places,
    rule_keys,
)
from comptroller.adapters.spreadsheet.tables import tables_of
from comptroller.domain.decisions.definitions import (
    Aggregation,
    DecisionTable,
    Definitions,
    HitPolicy,
    Rule,
)

_TEXT_FORMAT: Final = "@"
"""The number format under which a spreadsheet leaves what is typed as it is typed."""

_HEAD: Final = PatternFill("solid", fgColor="FFE8EEF4")
_BOLD: Final = Font(bold=True)
_WRAPPED: Final = Alignment(vertical="top", wrap_text=True)
_SPARE_COLUMNS: Final = 8
"""Columns beyond the table that are formatted as text too, for those that a person adds."""

_WIDTHS: Final = {Kind.INPUT: 24, Kind.OUTPUT: 24, Kind.ANNOTATION: 40}


def to_workbook(definitions: Definitions) -> bytes:
    """Write a model's decision tables as an XLSX book; ValueError when they are more than a book may hold."""
    found = tables_of(definitions)
    if len(found) >= limits.SHEETS_MAX:
        raise ValueError(f"the model has {len(found)} tables; a book holds fewer than {limits.SHEETS_MAX}")
    placed = list(places([(key, owner) for key, owner, _ in found]))
    tables = [table for _, _, table in found]
    book = Workbook()
    first = book.active
    first.title = MODEL_SHEET
    _write_page(first, model_sheet.page(definitions, zip(placed, tables, strict=True)))
    for place, table in zip(placed, tables, strict=True):
        _write_table(book.create_sheet(place.sheet), place, table)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write_page(sheet: Worksheet, rows: Sequence[Sequence[str]]) -> None:
    for number, row in enumerate(rows, 1):
        head = bool(row) and row[0] in {model_sheet.TABLES_KEY, model_sheet.NEEDS_KEY}
        for column, text in enumerate(row, 1):
            _put(sheet, number, column, text, head=head)
    sheet.column_dimensions["A"].hidden = True
    for letter in "BCDEF":
        sheet.column_dimensions[letter].width = 32


def _write_table(sheet: Worksheet, place: Place, table: DecisionTable) -> None:
    columns = column_keys(table)
    if FIRST_RULE_ROW + len(table.rules) > limits.ROWS_MAX or FIRST_COLUMN + len(columns) > limits.COLUMNS_MAX:
        raise ValueError(f"the table of `{place.owner}` has more rules or columns than a sheet may have")
    _put(sheet, 1, KEY_COLUMN, TABLE_KEY + place.key)
    _put(sheet, 1, LABEL_COLUMN, place.owner, head=True)
    for header, row in HEADER_ROWS.items():
        _put(sheet, row, KEY_COLUMN, header)
        _put(sheet, row, LABEL_COLUMN, header, head=True)
    _put(sheet, HEADER_ROWS[Header.HIT_POLICY], FIRST_COLUMN, table.hit_policy)
    _put(sheet, HEADER_ROWS[Header.AGGREGATION], FIRST_COLUMN, table.aggregation)
    _put(sheet, HEADER_ROWS[Header.ANSWER_TYPE], FIRST_COLUMN, table.type_ref)
    for column, ((kind, number), key) in enumerate(columns.items(), FIRST_COLUMN):
        _put(sheet, HEADER_ROWS[Header.COLUMNS], column, key)
        for header, text in column_texts(table, kind, number).items():
            _put(sheet, HEADER_ROWS[header], column, text, head=True)
        sheet.column_dimensions[get_column_letter(column)].width = _WIDTHS[kind]
    for row, (rule, key) in enumerate(zip(table.rules, rule_keys(table.rules), strict=True), FIRST_RULE_ROW):
        _put(sheet, row, KEY_COLUMN, key)
        _put(sheet, row, LABEL_COLUMN, str(row - FIRST_RULE_ROW + 1))
        for column, (kind, number) in enumerate(columns, FIRST_COLUMN):
            _put(sheet, row, column, rule_text(rule, kind, number))
    _furnish(sheet, len(columns))


def column_texts(table: DecisionTable, kind: Kind, number: int) -> dict[Header, str]:
    """What stands in the header rows of a column."""
    match kind:
        case Kind.INPUT:
            clause = table.inputs[number]
            texts = {
                Header.NAME: clause.label,
                Header.EXPRESSION: clause.expression.text,
                Header.TYPE: clause.expression.type_ref,
                Header.ALLOWED: "" if clause.allowed is None else clause.allowed.text,
            }
        case Kind.OUTPUT:
            output = table.outputs[number]
            texts = {
                Header.NAME: output.name,
                Header.TYPE: output.type_ref,
                Header.ALLOWED: "" if output.allowed is None else output.allowed.text,
                Header.DEFAULT: "" if output.default is None else output.default.text,
            }
        case Kind.ANNOTATION:
            texts = {Header.NAME: table.annotations[number] if number < len(table.annotations) else ""}
    return {Header.KIND: kind, **texts}


def rule_text(rule: Rule, kind: Kind, number: int) -> str:
    """What stands in a rule's cell; empty where the rule has fewer entries than the table has columns."""
    match kind:
        case Kind.INPUT:
            return rule.inputs[number].text if number < len(rule.inputs) else ""
        case Kind.OUTPUT:
            return rule.outputs[number].text if number < len(rule.outputs) else ""
        case Kind.ANNOTATION:
            return rule.annotations[number] if number < len(rule.annotations) else ""


def _put(sheet: Worksheet, row: int, column: int, text: str, *, head: bool = False) -> None:
    cell = sheet.cell(row, column)
    if text:
        cell.value = escaped(shown(text))
        cell.data_type = "s"  # also what begins with `=` or reads like an error
    cell.number_format = _TEXT_FORMAT
    cell.alignment = _WRAPPED
    if text[:1] in {"'", "="}:
        cell.quotePrefix = True  # shown with an apostrophe ahead when edited, so that the first character stays
    if head:
        cell.fill = _HEAD
        cell.font = _BOLD


def _furnish(sheet: Worksheet, columns: int) -> None:
    """Hide the keys, keep the headers in view, offer the closed lists, and format what is still empty as text."""
    sheet.column_dimensions["A"].hidden = True
    sheet.column_dimensions["B"].width = 20
    sheet.row_dimensions[HEADER_ROWS[Header.COLUMNS]].hidden = True
    sheet.freeze_panes = sheet.cell(FIRST_RULE_ROW, FIRST_COLUMN)
    last = FIRST_COLUMN + columns + _SPARE_COLUMNS
    for column in range(FIRST_COLUMN, last):
        sheet.column_dimensions[get_column_letter(column)].number_format = _TEXT_FORMAT
    first = get_column_letter(FIRST_COLUMN)
    kinds = HEADER_ROWS[Header.KIND]
    _offer(sheet, f"{first}{HEADER_ROWS[Header.HIT_POLICY]}", list(HitPolicy))
    _offer(sheet, f"{first}{HEADER_ROWS[Header.AGGREGATION]}", [item for item in Aggregation if item])
    _offer(sheet, f"{first}{kinds}:{get_column_letter(last)}{kinds}", list(Kind))


def _offer(sheet: Worksheet, cells: str, words: Sequence[str]) -> None:
    validation = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=True)
    validation.add(cells)
    sheet.add_data_validation(validation)

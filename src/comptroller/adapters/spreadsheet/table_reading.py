"""Reading one table's sheet onto the table that it was made from.

What was not touched comes back as the very record it was, with its ids, types and languages; only what differs from
what was written is taken from the sheet. So whatever a sheet cannot show survives.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final, TypeVar

from comptroller.adapters.spreadsheet.grid import Grid
from comptroller.adapters.spreadsheet.layout import (
    FIRST_COLUMN,
    KEY_COLUMN,
    LABEL_COLUMN,
    RULE_KEY,
    Column,
    Header,
    Kind,
    column_keys,
)
from comptroller.adapters.spreadsheet.rule_reading import RuleReading
from comptroller.adapters.spreadsheet.sheet_cells import SheetCells
from comptroller.domain.decisions.definitions import (
    FEEL_LANGUAGE,
    DecisionTable,
    HitPolicy,
    InputClause,
    LiteralExpression,
    OutputClause,
    UnaryTests,
)
from comptroller.domain.kernel.fault import Severity

_Closed = TypeVar("_Closed", bound=StrEnum)

_OF_TABLE = frozenset({Header.HIT_POLICY, Header.AGGREGATION, Header.ANSWER_TYPE})
"""Header rows that say something of the whole table, not of a column."""

_HEADERS = {header.value: header for header in Header}
_KINDS = {kind.value: kind for kind in Kind}
MERGED_TOLD_MAX: Final = 50
_NEW_INPUT = InputClause(LiteralExpression(""))


class TableReading:
    """One sheet being read; its faults go to `cells`."""

    def __init__(self, cells: SheetCells, original: DecisionTable, *, stem: str, taken: set[str]) -> None:
        self._cells = cells
        self._sheet = cells.sheet
        self._original = original
        self._stem = stem
        self._taken = taken
        self._headers: dict[Header, int] = {}
        self.grid = Grid(cells.sheet.name, (), (), self._headers)  # complete once the table is read

    def table(self) -> DecisionTable:
        """Read the table; the original when the sheet has lost what is needed to read it."""
        if not self._find_headers():
            return self._original
        columns = list(self._columns())
        if not any(column.kind is Kind.OUTPUT for column in columns):
            row = self._headers[Header.KIND]
            self._cells.fault("SHEET-COLUMN-03", row, LABEL_COLUMN, "the table has no output column", "restore one")
            return self._original
        self._tell_lost(columns)
        table = self._with_policy()
        rules = RuleReading(self._cells, self._original, columns, stem=self._stem, taken=self._taken)
        read = tuple(rules.rules(self._rule_rows()))
        self._tell_merged(columns)
        outputs = tuple(self._output(column) for column in columns if column.kind is Kind.OUTPUT)
        names = [output.name for output in outputs]
        self.grid = Grid(self._sheet.name, rules.rows, columns, self._headers, names)
        return replace(
            table,
            inputs=tuple(self._input(column) for column in columns if column.kind is Kind.INPUT),
            outputs=outputs,
            annotations=self._annotations([column for column in columns if column.kind is Kind.ANNOTATION]),
            rules=read,
        )

    def _tell_merged(self, columns: Sequence[Column]) -> None:
        """Refuse merged cells among the rules: all but the first say nothing, which a condition takes for anything."""
        first_row, places = max(self._headers.values()) + 1, [column.position for column in columns]
        met = [
            each
            for each in self._sheet.merged
            if each.bottom >= first_row and each.left <= max(places) and each.right >= min(places)
        ]
        for each in met[:MERGED_TOLD_MAX]:
            message = f"`{each.reference}` are merged: only the first cell of them says something"
            remedy = "undo the merging, and write what each cell says"
            self._cells.fault("SHEET-CELL-05", each.top, each.left, message, remedy)

    def _find_headers(self) -> bool:
        """Find the header rows by their keys; whether all are there, each once."""
        complete = True
        for row in self._sheet.rows:
            key = self._sheet.at(row, KEY_COLUMN).plain
            header = _HEADERS.get(key)
            if header is None:
                continue
            if header in self._headers:
                message = f"the header row `{header}` stands here twice"
                self._cells.fault("SHEET-HEADER-02", row, LABEL_COLUMN, message, "delete the copy")
                complete = False
            self._headers.setdefault(header, row)
        for header in Header:
            if header not in self._headers:
                message = f"the header row `{header}` is missing, so the table cannot be read"
                self._cells.fault("SHEET-HEADER-01", 1, LABEL_COLUMN, message, "restore it, or take the table out anew")
                complete = False
        return complete

    def _columns(self) -> Iterator[Column]:
        """The table's columns; one that is a copy or was added has no source in the original."""
        sources = {key: place for place, key in column_keys(self._original).items()}
        width = max(max(row) for row in self._sheet.rows.values())
        for position in range(FIRST_COLUMN, width + 1):
            key = self._sheet.at(self._headers[Header.COLUMNS], position).plain
            source = sources.get(key)
            kind = self._kind(position, None if source is None else source[0])
            if kind is None:
                continue
            if source is not None and source[0] is kind:
                del sources[key]
                yield Column(position, kind, source[1])
            else:
                yield Column(position, kind, None)

    def _kind(self, position: int, was: Kind | None) -> Kind | None:
        row = self._headers[Header.KIND]
        text = self._sheet.at(row, position).plain.strip()
        if text in _KINDS:
            return _KINDS[text]
        if text or self._has_content(position):
            message = f"`{text}` is no kind of column" if text else "the column's kind is missing"
            self._cells.fault("SHEET-COLUMN-01", row, position, message, "known: " + ", ".join(Kind))
            return was
        return None

    def _has_content(self, position: int) -> bool:
        of_table = {self._headers[header] for header in _OF_TABLE}
        return any(position in cells and row not in of_table for row, cells in self._sheet.rows.items())

    def _tell_lost(self, columns: Sequence[Column]) -> None:
        """Taking a column away is an edit, but one that is worth a word: it widens every rule."""
        there = {(column.kind, column.source) for column in columns}
        for place, key in column_keys(self._original).items():
            if place not in there:
                message, row = f"the column `{key}` was taken away from every rule", self._headers[Header.KIND]
                remedy = "undo, if it was not meant"
                self._cells.fault("SHEET-COLUMN-02", row, LABEL_COLUMN, message, remedy, severity=Severity.WARNING)

    def _rule_rows(self) -> Iterator[int]:
        """The rows that hold rules: those with a rule's key, and any other with content below the headers."""
        last = max(self._headers.values())
        headers = {1, *self._headers.values()}
        for row, content in sorted(self._sheet.rows.items()):
            if row in headers:
                continue
            if row > last or self._sheet.at(row, KEY_COLUMN).plain.startswith(RULE_KEY):
                yield row
            elif any(column >= FIRST_COLUMN for column in content):
                message = "a row among the headers is neither header nor rule"
                self._cells.fault(
                    "SHEET-HEADER-03", row, LABEL_COLUMN, message, "move it below the headers, or delete it"
                )

    def _with_policy(self) -> DecisionTable:
        """The table under its hit policy, aggregation and type."""
        position = self._position(Header.HIT_POLICY)
        if position is None:
            # the column that held these three values may be gone as a whole: none of them is taken for empty
            row = self._headers[Header.HIT_POLICY]
            known = "known: " + ", ".join(HitPolicy)
            self._cells.fault("SHEET-POLICY-01", row, FIRST_COLUMN, "the hit policy is missing", known)
            return self._original
        row = self._headers[Header.ANSWER_TYPE]
        type_position = self._position(Header.ANSWER_TYPE) or position
        return replace(
            self._original,
            hit_policy=self._closed(Header.HIT_POLICY, self._original.hit_policy, "SHEET-POLICY-01"),
            aggregation=self._closed(Header.AGGREGATION, self._original.aggregation, "SHEET-POLICY-02"),
            type_ref=self._cells.name(row, type_position, self._original.type_ref),
        )

    def _position(self, header: Header) -> int | None:
        """Where the value of a header row of the whole table stands: moved columns carry it along."""
        row = self._sheet.rows.get(self._headers[header], {})
        return min((column for column in row if column >= FIRST_COLUMN), default=None)

    def _closed(self, header: Header, old: _Closed, code: str) -> _Closed:
        position = self._position(header) or FIRST_COLUMN
        row = self._headers[header]
        text = self._cells.plain(row, position, old).strip().upper()
        found = next((member for member in type(old) if member.value == text), None)
        if found is not None:
            return found
        known = "known: " + ", ".join(member for member in type(old) if member)
        self._cells.fault(code, row, position, f"the {header} `{text}` is unknown", known)
        return old

    def _input(self, column: Column) -> InputClause:
        old = _NEW_INPUT if column.source is None else self._original.inputs[column.source]
        was = old.expression
        row = self._headers[Header.EXPRESSION]
        is_feel = was.language == FEEL_LANGUAGE
        expression = replace(
            was,
            text=self._cells.feel(row, column.position, was.text, unary=False, is_feel=is_feel),
            type_ref=self._name(Header.TYPE, column, was.type_ref),
        )
        if not expression.text.strip() and (old is _NEW_INPUT or was.text.strip()):
            message = "an input column has no expression"
            self._cells.fault("SHEET-COLUMN-04", row, column.position, message, "say what the column looks at")
        return replace(
            old,
            expression=expression,
            allowed=self._allowed(column, old.allowed),
            label=self._name(Header.NAME, column, old.label),
        )

    def _output(self, column: Column) -> OutputClause:
        old = OutputClause() if column.source is None else self._original.outputs[column.source]
        return replace(
            old,
            name=self._name(Header.NAME, column, old.name),
            type_ref=self._name(Header.TYPE, column, old.type_ref),
            allowed=self._allowed(column, old.allowed),
            default=self._default(column, old.default),
        )

    def _allowed(self, column: Column, old: UnaryTests | None) -> UnaryTests | None:
        was = old or UnaryTests("")
        text = self._cells.feel(self._headers[Header.ALLOWED], column.position, was.text, unary=True)
        if text == was.text:
            return old
        return replace(was, text=text) if text.strip() else None

    def _default(self, column: Column, old: LiteralExpression | None) -> LiteralExpression | None:
        was = old or LiteralExpression("")
        is_feel = was.language == FEEL_LANGUAGE
        text = self._cells.feel(self._headers[Header.DEFAULT], column.position, was.text, unary=False, is_feel=is_feel)
        if text == was.text:
            return old
        return replace(was, text=text) if text.strip() else None

    def _annotations(self, columns: Sequence[Column]) -> tuple[str, ...]:
        """The names of annotation columns; rules may have more annotations than the table names."""
        named = dict(enumerate(self._original.annotations))
        names = []
        for column in columns:
            old = "" if column.source is None else named.get(column.source, "")
            names.append(self._name(Header.NAME, column, old))
        while names and not names[-1] and columns[len(names) - 1].source not in named:
            names.pop()
        return tuple(names)

    def _name(self, header: Header, column: Column, old: str | None) -> str:
        return self._cells.name(self._headers[header], column.position, old)

"""Reading a sheet's rules: a row is known by its hidden key, so it keeps its id wherever it was moved.

A row without a key, or with one that another row already has, is a new rule with a new id. A row that is empty is none,
unless it was a rule without any content before.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeVar

from comptroller.adapters.spreadsheet.book_writing import rule_text
from comptroller.adapters.spreadsheet.layout import KEY_COLUMN, Column, Kind, column_keys, rule_keys
from comptroller.adapters.spreadsheet.sheet_cells import SheetCells
from comptroller.domain.decisions.definitions import (
    FEEL_LANGUAGE,
    DecisionTable,
    LiteralExpression,
    Rule,
    UnaryTests,
)

_Entry = TypeVar("_Entry")

_NOT_IN_AN_ID: Final = re.compile(r"[^\w.\-]+")


class RuleReading:
    """The rules of one sheet being read over the columns found in it."""

    def __init__(
        self, cells: SheetCells, original: DecisionTable, columns: Sequence[Column], *, stem: str, taken: set[str]
    ) -> None:
        self._cells = cells
        self._columns = {kind: [column for column in columns if column.kind is kind] for kind in Kind}
        self._widths = Counter(kind for kind, _ in column_keys(original))
        self._by_key = dict(zip(rule_keys(original.rules), original.rules, strict=True))
        stem = _NOT_IN_AN_ID.sub("-", stem)
        self._stem = stem if stem[:1].isalpha() else f"table-{stem}"
        self._number = 0
        self._taken = taken
        self.rows: list[int] = []  # of the rules read so far

    def rules(self, rows: Iterable[int]) -> Iterator[Rule]:
        """Read the rules in the order of their rows."""
        for row in rows:
            key = self._cells.sheet.at(row, KEY_COLUMN).plain
            old = self._by_key.get(key)
            if self._is_empty(row) and (old is None or self._had_content(old)):
                continue
            self._by_key.pop(key, None)
            self.rows.append(row)
            yield self._rule(row, old)

    def _is_empty(self, row: int) -> bool:
        return all(self._cells.sheet.at(row, column.position).is_empty for column in self._all_columns())

    def _had_content(self, old: Rule) -> bool:
        return any(_text(old, column) for column in self._all_columns())

    def _all_columns(self) -> Iterator[Column]:
        for columns in self._columns.values():
            yield from columns

    def _rule(self, row: int, old: Rule | None) -> Rule:
        inputs = [self._input(row, column, old) for column in self._columns[Kind.INPUT]]
        outputs = [self._output(row, column, old) for column in self._columns[Kind.OUTPUT]]
        annotations = [
            self._cells.plain(row, column.position, _text(old, column)) for column in self._columns[Kind.ANNOTATION]
        ]
        if old is None:
            return Rule(tuple(inputs), tuple(outputs), tuple(annotations), self._new_id())
        return replace(
            old,
            inputs=self._fitted(Kind.INPUT, old.inputs, inputs, UnaryTests("")),
            outputs=self._fitted(Kind.OUTPUT, old.outputs, outputs, LiteralExpression("")),
            annotations=self._fitted(Kind.ANNOTATION, old.annotations, annotations, ""),
        )

    def _input(self, row: int, column: Column, old: Rule | None) -> UnaryTests:
        was = UnaryTests("") if old is None else _at(old.inputs, column.source) or UnaryTests("")
        text = self._cells.feel(row, column.position, _text(old, column), unary=True)
        return was if text == was.text else replace(was, text=text)

    def _output(self, row: int, column: Column, old: Rule | None) -> LiteralExpression:
        was = (None if old is None else _at(old.outputs, column.source)) or LiteralExpression("")
        known = _text(old, column)
        is_feel = was.language == FEEL_LANGUAGE
        text = self._cells.feel(row, column.position, known, unary=False, is_feel=is_feel)
        is_told = self._cells.sheet.at(row, column.position).wrong
        if not text.strip() and not is_told and (known is None or known.strip()):
            remedy = "fill it; write `null` where the rule answers nothing"
            self._cells.fault("SHEET-RULE-01", row, column.position, "the rule lacks an output", remedy)
        return was if text == was.text else replace(was, text=text)

    def _fitted(self, kind: Kind, old: Sequence[_Entry], new: list[_Entry], blank: _Entry) -> tuple[_Entry, ...]:
        """As many entries as the rule had: in a faulty model they may be fewer than the columns, or more."""
        columns = self._columns[kind]
        if [column.source for column in columns] != list(range(self._widths[kind])):
            return tuple(new)
        while len(new) > len(old) and new[-1] == blank:
            new.pop()
        return (*new, *old[len(columns) :])

    def _new_id(self) -> str:
        while True:
            self._number += 1
            identifier = f"{self._stem}-rule-{self._number}"
            if identifier not in self._taken:
                self._taken.add(identifier)
                return identifier


def _text(old: Rule | None, column: Column) -> str | None:
    """What a cell said before; None when the rule or the column is new."""
    return None if old is None or column.source is None else rule_text(old, column.kind, column.source)


def _at(entries: Sequence[_Entry], place: int | None) -> _Entry | None:
    return entries[place] if place is not None and place < len(entries) else None

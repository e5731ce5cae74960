"""A limit in a column of a table, and what becomes of the rows that have it wherever it is put.

The idea: of one value of the column it matters only whether the limit lies above it, on it or below it. So a table with
a limit that is moved is three tables without it: in each, a cell that has the limit has what is left of it, or its row
never hits. What all three say of a case tells what any limit would.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from comptroller.domain.decisions.definitions import DecisionTable, Rule, UnaryTests

_NUMBER: Final = r"-?\d+(?:\.\d+)?"
_COMPARISON: Final = re.compile(rf"\s*(<=|>=|<|>)\s*({_NUMBER})\s*")
_INTERVAL: Final = re.compile(rf"\s*([\[(\]])\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*([\])\[])\s*")


class Side(StrEnum):
    """Where a value lies, seen from the limit."""

    BELOW = "below"
    ON = "on"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Bound:
    """A number that a cell compares with: where it stands in the text, and what it lets through."""

    start: int
    end: int
    value: Decimal
    is_lower: bool  # what lies above it passes
    is_included: bool

    def passes(self, side: Side) -> bool:
        """Whether a value on this side of it passes."""
        if side is Side.ON:
            return self.is_included
        return side is (Side.ABOVE if self.is_lower else Side.BELOW)

    @property
    def alone(self) -> str:
        """The cell that has this bound and no other."""
        operator = (">" if self.is_lower else "<") + ("=" if self.is_included else "")
        return f"{operator} {self.value}"


@dataclass(frozen=True, slots=True)
class Place:
    """A bound in a table: its rule and column, counted from 0."""

    rule: int
    column: int
    bound: Bound


def bounds(text: str) -> tuple[Bound, ...]:
    """The numbers that a cell compares with, where it is one comparison or one interval; else nothing.

    >>> [(str(each.value), each.is_lower, each.is_included) for each in bounds("(20..30.50]")]
    [('20', True, False), ('30.50', False, True)]
    """
    if found := _COMPARISON.fullmatch(text):
        return (Bound(*found.span(2), Decimal(found[2]), found[1][0] == ">", len(found[1]) == 2),)
    if found := _INTERVAL.fullmatch(text):
        return (
            Bound(*found.span(2), Decimal(found[2]), is_lower=True, is_included=found[1] == "["),
            Bound(*found.span(3), Decimal(found[3]), is_lower=False, is_included=found[4] == "]"),
        )
    return ()


def places(table: DecisionTable, rule: int, column: int, number: int) -> Iterator[Place]:
    """The bound of a cell, and all of its column that are the same limit; nothing where the cell has no such bound."""
    cells = [bounds(each.inputs[column].text) for each in table.rules]
    if rule < len(cells) and number < len(cells[rule]):
        wanted = cells[rule][number].value
        for at, of in enumerate(cells):
            found = next((each for each in of if each.value == wanted), None)
            if found is not None:
                yield Place(at, column, found)


def seen_from(table: DecisionTable, moved: Sequence[Place], side: Side) -> DecisionTable:
    """The table as it is for values on one side of a limit, wherever that lies."""
    by_rule = {place.rule: place for place in moved}
    rules = (_seen(rule, by_rule[at], side) if at in by_rule else rule for at, rule in enumerate(table.rules))
    return replace(table, rules=tuple(rule for rule in rules if rule is not None))


def _seen(rule: Rule, place: Place, side: Side) -> Rule | None:
    if not place.bound.passes(side):
        return None
    others = [each for each in bounds(rule.inputs[place.column].text) if each.is_lower is not place.bound.is_lower]
    cell = UnaryTests(others[0].alone if others else "-")
    return replace(rule, inputs=(*rule.inputs[: place.column], cell, *rule.inputs[place.column + 1 :]))

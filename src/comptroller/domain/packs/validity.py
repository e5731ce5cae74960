"""From when to when a row of a table holds: its annotations say it for people, one of its cells for the decision.

A value that is another one from a day on is no change of the row: the row ends the day before, and a new one begins.
What was decided before that day is decided so again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from comptroller.domain.decisions.definitions import DecisionTable, LiteralExpression, Rule, UnaryTests
from comptroller.domain.kernel.instant import parse_day

FROM: Final = "valid from"
TO: Final = "valid to"


@dataclass(frozen=True, slots=True)
class Validity:
    """The days of a row, and the column that asks for them; without an end it holds until further notice."""

    column: int
    start: date
    end: date | None


def validity_text(start: str, end: str) -> str:
    """The cell that holds from a day to a day, written YYYY-MM-DD.

    >>> validity_text("2026-01-01", "")
    '>= date("2026-01-01")'
    """
    return f'[date("{start}")..date("{end}")]' if end else f'>= date("{start}")'


def is_validity(table: DecisionTable, rule: Rule, column: int) -> bool:
    """Whether a cell only says from when to when the row holds, as its annotations do."""
    told = _told(table, rule)
    return rule.inputs[column].text.strip() == validity_text(told.get(FROM, ""), told.get(TO, ""))


def validity_of(table: DecisionTable, rule: Rule) -> Validity | None:
    """The days of a row; None where no column of the table asks for them."""
    told = _told(table, rule)
    start, end = parse_day(told.get(FROM, "")), parse_day(told.get(TO, ""))
    column = next((each for each in range(len(rule.inputs)) if is_validity(table, rule, each)), None)
    return None if start is None or column is None else Validity(column, start, end)


def from_day_on(
    table: DecisionTable, rule: Rule, day: date, cells: Mapping[int, str], notes: Mapping[str, str]
) -> DecisionTable:
    """The table in which a row ends the day before, and one with other cells begins behind it.

    `cells` by column, counted over conditions and conclusions; `notes` by annotation. The row has days, and the day is
    one of them but not the first.
    """
    days = validity_of(table, rule)
    assert days is not None
    place = table.rules.index(rule)
    ended = _with_days(table, rule, days, days.start, day - timedelta(days=1))
    begun = _with_days(table, rule, days, day, days.end)
    conditions = len(table.inputs)
    begun = replace(
        begun,
        id=_new_id(table, rule, day),
        inputs=tuple(_cell(entry, cells.get(column)) for column, entry in enumerate(begun.inputs)),
        outputs=tuple(_conclusion(entry, cells.get(conditions + column)) for column, entry in enumerate(begun.outputs)),
        annotations=tuple(
            notes.get(name, text) for name, text in zip(table.annotations, begun.annotations, strict=False)
        ),
    )
    return replace(table, rules=(*table.rules[:place], ended, begun, *table.rules[place + 1 :]))


def _told(table: DecisionTable, rule: Rule) -> dict[str, str]:
    return dict(zip(table.annotations, (text.strip() for text in rule.annotations), strict=False))


def _with_days(table: DecisionTable, rule: Rule, days: Validity, start: date, end: date | None) -> Rule:
    until = "" if end is None else end.isoformat()
    said = {FROM: start.isoformat(), TO: until}
    cell = replace(rule.inputs[days.column], text=validity_text(start.isoformat(), until))
    return replace(
        rule,
        inputs=(*rule.inputs[: days.column], cell, *rule.inputs[days.column + 1 :]),
        annotations=tuple(
            said.get(name, text) for name, text in zip(table.annotations, rule.annotations, strict=False)
        ),
    )


def _cell(entry: UnaryTests, text: str | None) -> UnaryTests:
    return replace(entry, id="", text=entry.text if text is None else text)


def _conclusion(entry: LiteralExpression, text: str | None) -> LiteralExpression:
    return replace(entry, id="", text=entry.text if text is None else text)


def _new_id(table: DecisionTable, rule: Rule, day: date) -> str:
    taken = {each.id for each in table.rules}
    stem = f"{rule.id}-{day:%Y-%m}"
    return next(each for each in (stem, f"{stem}-{day:%d}", f"{stem}-{day:%d}-again") if each not in taken)

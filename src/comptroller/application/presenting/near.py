"""Rules as the page tells them: those that hit, and those that nearly did, by the condition that kept each from it.

Conditions stand in words, values as a controller writes them. Which rules nearly hit, `domain.decisions.near` says.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from comptroller.application.presenting.given import Amounts
from comptroller.application.views import CellView, RuleView
from comptroller.domain.decisions import EvaluatedDecision, Outcome, RuleHit
from comptroller.domain.decisions.near import NearMiss, near_misses
from comptroller.domain.decisions.wording import table_name

NEAR_SHOWN: Final = 3  # of each table
ERRING_SHOWN: Final = 3


def rule_that_hit(hit: RuleHit) -> RuleView:
    """A rule with what it says of itself."""
    return RuleView(
        table=table_name(hit.table),
        number=hit.number,
        rule_id=hit.rule_id,
        text=hit.annotations.get("text", ""),
        clause=hit.annotations.get("clause", ""),
    )


def near_rules(outcome: Outcome, amounts: Amounts) -> tuple[RuleView, ...]:
    """For each table up to three rules, those first of which the most conditions held."""
    return tuple(_view(miss, amounts) for miss in near_misses(outcome.tables, NEAR_SHOWN))


def erring_rules(steps: Sequence[EvaluatedDecision], amounts: Amounts) -> tuple[RuleView, ...]:
    """The first three of the cells that could not be judged, with what they met."""
    cells = [cell for step in steps for cell in step.erring]
    return tuple(
        RuleView(
            table_name(cell.table),
            cell.number,
            cell.rule_id,
            cells=(
                CellView(
                    cell.column, condition(cell.text, cell.column, amounts, {}), amounts.of(cell.column, cell.value)
                ),
            ),
        )
        for cell in cells[:ERRING_SHOWN]
    )


def _view(miss: NearMiss, amounts: Amounts) -> RuleView:
    table, label = miss.trace.table, miss.label
    rule = table.source.rules[miss.number]
    notes = dict(zip(table.source.annotations, rule.annotations, strict=False))
    cell = CellView(label, condition(miss.text, label, amounts, miss.trace.scope), amounts.of(label, miss.value))
    return RuleView(
        table_name(table.path), miss.number + 1, rule.id, notes.get("text", ""), notes.get("clause", ""), (cell,)
    )


_COMPARED: Final = re.compile(r'(<=|>=|<|>)\s*(?:(-?\d+(?:\.\d+)?)|date\("([^"]+)"\)|([a-z][a-z. ]*))')
_BETWEEN: Final = re.compile(r"([\[(\]])\s*(-?\d+(?:\.\d+)?)\s*\.\.\s*(-?\d+(?:\.\d+)?)\s*([\])\[])")
_NOT: Final = re.compile(r"not\((.*)\)", re.DOTALL)
_LITERAL: Final = re.compile(r'\s*(?:"([^"]*)"|(-?\d+(?:\.\d+)?)|(true|false|null))\s*(?:,|$)')
_NUMBER_WORDS: Final = {"<=": "at most", "<": "less than", ">=": "at least", ">": "more than"}
_DATE_WORDS: Final = {"<=": "on or before", "<": "before", ">=": "on or after", ">": "after"}
_WORDS: Final = {"true": True, "false": False, "null": None}


def condition(text: str, label: str, amounts: Amounts, scope: Mapping[str, Any]) -> tuple[Any, ...]:
    """The text of a cell in words and values; one that is no simple test stays as it is written.

    >>> condition("<= limit.low", "percent", Amounts(), {"limit": {"low": Decimal(2)}})
    ('at most', Percent(value=Decimal('2')))
    >>> condition('"a", "b"', "state", Amounts(), {}), condition("not(null)", "state", Amounts(), {})
    ((('a',), 'or', 'b'), ('known',))
    """
    text = text.strip()
    if compared := _COMPARED.fullmatch(text):
        sign, digits, day, name = compared.groups()
        value = Decimal(digits) if digits else date.fromisoformat(day) if day else _named(name, scope)
        if isinstance(value, date):
            return (_DATE_WORDS[sign], value)
        if isinstance(value, Decimal):
            return (_NUMBER_WORDS[sign], amounts.of(label, value))
    if between := _BETWEEN.fullmatch(text):
        opened, low, high, closed = between.groups()
        first = "from" if opened == "[" else "above"
        last = "to" if closed == "]" else "to below"
        return (first, amounts.of(label, Decimal(low)), last, amounts.of(label, Decimal(high)))
    if (denied := _NOT.fullmatch(text)) and (values := _literals(denied[1], label, amounts)):
        if values == [None]:
            return ("known",)
        return (not values[0], "or", None) if isinstance(values[0], bool) else ("anything but", *_listed(values))
    if values := _literals(text, label, amounts):
        return _listed(values)
    return (f"`{text}`",)


def _literals(text: str, label: str, amounts: Amounts) -> list[Any]:
    """The values of a list of literals; empty where something else stands in it."""
    values: list[Any] = []
    place = 0
    while place < len(text):
        found = _LITERAL.match(text, place)
        if found is None:
            return []
        quoted, digits, word = found.groups()
        value: Any = quoted if quoted is not None else Decimal(digits) if digits else _WORDS[word]
        values.append(amounts.of(label, value))
        place = found.end()
    return values


def _listed(values: Sequence[Any]) -> tuple[Any, ...]:
    return (tuple(values[:-1]), "or", values[-1]) if len(values) > 1 else tuple(values)


def _named(name: str, scope: Mapping[str, Any]) -> Any:
    """The value that a cell compares with by its name, such as `tolerance.small`."""
    value: Any = scope
    for part in name.split("."):
        value = value.get(part.strip()) if isinstance(value, Mapping) else None
    return value

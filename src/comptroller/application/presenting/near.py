"""Rules that nearly hit: all but one of their conditions held; that one is told with the value that it did not accept.

The idea: who asks why a document was held wants to know what would have had to be different. A rule counts when one
cell alone kept it from hitting, some other condition of it did hold, and it would have been reached: of a table whose
first hit decides, only the rules before that. A rule that is of another time is not near.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from comptroller.application.presenting.given import Amounts
from comptroller.application.views import CellView, RuleView
from comptroller.domain.decisions import Outcome
from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.decisions.run import TableTrace
from comptroller.domain.feel.evaluation import Evaluation

NEAR_SHOWN: Final = 3  # of each table

_TABLE: Final = re.compile(r"\[([^\]]+)\]/")
"""A table is named by its place in the model: `decision[order verdict]/decisionTable`."""


def table_name(path: str) -> str:
    """What a controller calls the table at a path of the model."""
    return found[1] if (found := _TABLE.search(path)) else path


def near_rules(outcome: Outcome, amounts: Amounts) -> tuple[RuleView, ...]:
    """For each table up to three rules, those first of which the most conditions held."""
    by_table: dict[str, dict[tuple[int, str], tuple[int, RuleView]]] = {}
    for trace in outcome.tables:
        kept = by_table.setdefault(trace.table.path, {})
        for held, rule in _near(trace, amounts):
            kept.setdefault((rule.number, str(rule.cells)), (held, rule))
    shown: list[RuleView] = []
    for rules in by_table.values():
        nearest = sorted(rules.values(), key=lambda found: (-found[0], found[1].number))
        shown += [rule for _, rule in nearest[:NEAR_SHOWN]]
    return tuple(shown)


def _near(trace: TableTrace, amounts: Amounts) -> Iterator[tuple[int, RuleView]]:
    """The rules of one evaluation that failed in one cell alone, with the number of conditions that held."""
    table, source = trace.table, trace.table.source
    last = trace.hits[0] if trace.hits and source.hit_policy is HitPolicy.FIRST else len(source.rules)
    for number in range(last):
        cells = [(place, tests) for place, tests in enumerate(table.cells[number]) if tests is not None]
        values = [trace.values[place] for place, _ in cells]
        failed = [
            place
            for (place, tests), value in zip(cells, values, strict=True)
            if tests.matches(value, trace.scope, Evaluation()) is not True
        ]
        timeless = [place for place, _ in cells if not isinstance(trace.values[place], date)]
        held = sum(place not in failed for place in timeless)
        if len(failed) == 1 and failed[0] in timeless and held:
            (place,) = failed
            rule = source.rules[number]
            label = table.inputs[place].label
            notes = dict(zip(source.annotations, rule.annotations, strict=False))
            cell = CellView(
                label,
                condition(rule.inputs[place].text, label, amounts, trace.scope),
                amounts.of(label, trace.values[place]),
            )
            yield (
                held,
                RuleView(
                    table_name(table.path), number + 1, rule.id, notes.get("text", ""), notes.get("clause", ""), (cell,)
                ),
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

"""What an outcome that came by a lane can tell: its explanation and its audit record, out of pieces made once.

What depends on the rules that hit alone (the hits as data, their part of the record, the answer) is made the first time
that they hit, and shared from then on; of each outcome only the inputs are written anew. The bytes are those that
`record` defines.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any, Final, TypeAlias

from comptroller.domain.decisions.explanation import EvaluatedDecision, RuleHit, rule_hit
from comptroller.domain.decisions.lane_tables import LaneTable
from comptroller.domain.decisions.plans import Plan, Step
from comptroller.domain.decisions.record import SEMANTICS, Asked, instant_json, step_json, told
from comptroller.domain.decisions.run import Run
from comptroller.domain.feel import Evaluation, Value
from comptroller.domain.kernel.canonical_json import encode

Taken: TypeAlias = Sequence[Value]
"""The inputs of a passage, in the plan's order."""

Found: TypeAlias = Sequence[int]
"""Of each table of a passage the rule that hit, or the set of rules."""

_INTEGER_DIGITS: Final = 15
"""Digits of a number that is surely written as a JSON integer."""


class Lane:
    """All that can be told of the outcomes of one lane."""

    def __init__(self, plan: Plan, model: str, tables: Sequence[LaneTable]) -> None:
        self._plan = plan
        self._model = model
        self._tables = [_Telling(table) for table in tables]
        self._certain = all(table.certain for table in tables)
        places = [place for place, _ in plan.inputs] + [step.place for step in plan.steps]
        self._steps = [_seen(step, {place: number for number, place in enumerate(places)}) for step in plan.steps]
        self._inputs = sorted((_text(name) + ":", place) for place, name in enumerate(plan.input_names))
        self._head = f'{{"asked":{_text(plan.path)},"faults":[],"inputs":{{'
        self._model_text = f'","model":{_text(model)},"now":'
        self._steps_text = f',"semantics":{_text(SEMANTICS)},"steps":['

    def rule_ids(self, found: Found) -> tuple[str, ...]:
        """The ids of the rules that hit, in the order of evaluation."""
        return tuple(rule for table, own in zip(self._tables, found, strict=True) for rule in table.rule_ids(own))

    def explain(self, taken: Taken, found: Found) -> tuple[EvaluatedDecision, ...] | None:
        """Tell the decisions on the way."""
        if not self._certain:
            return None
        values = list(taken)
        explained = []
        for (name, names, places), table, own in zip(self._steps, self._tables, found, strict=True):
            value = table.value(own)
            seen = dict(zip(names, places(values), strict=True))
            explained.append(EvaluatedDecision(name, value, seen, table.hits(own), ()))
            values.append(value)
        return tuple(explained)

    def asked(self, taken: Taken, now: datetime | None) -> Asked:
        """Say what was asked."""
        return Asked(self._model, self._plan.path, dict(zip(self._plan.input_names, taken, strict=True)), now)

    def run(self, taken: Taken, now: datetime | None) -> Run:
        """Evaluate the long way."""
        run = Run(Evaluation(now))
        self._plan.answer(dict(zip(self._plan.input_names, taken, strict=True)), run)
        return run

    def record(self, taken: Taken, found: Found, now: datetime | None) -> bytes | None:
        """Write the audit record."""
        if not self._certain:
            return None
        inputs = self._inputs_text(taken)
        digest = sha256(f"{{{inputs}}}".encode()).hexdigest()
        instant = "null" if now is None else f'"{instant_json(now)}"'
        steps = [table.text(own) for table, own in zip(self._tables, found, strict=True)]
        return (
            f'{self._head}{inputs}}},"inputs_sha256":"{digest}{self._model_text}{instant}'
            f'{self._steps_text}{",".join(steps)}],"value":{self._tables[-1].value_text(found[-1])}}}'
        ).encode()

    def _inputs_text(self, taken: Taken) -> str:
        parts = []
        for name, place in self._inputs:
            value = taken[place]
            parts.append(name + _WRITERS.get(value.__class__, _other)(value))
        return ",".join(parts)


def _seen(
    step: Step, positions: Mapping[int, int]
) -> tuple[str, tuple[str, ...], Callable[[Sequence[Value]], Sequence[Value]]]:
    """A decision's name, the names of its scope, and how their values are picked from those of the passage."""
    names = tuple(name for name, _ in step.places)
    picked = [positions[place] for _, place in step.places]
    if len(picked) < 2:  # an item getter gives a tuple from two items on
        return step.node.name, names, lambda values: [values[position] for position in picked]
    return step.node.name, names, itemgetter(*picked)


class _Telling:
    """What a table tells of the rules that it found; kept by what was found."""

    def __init__(self, table: LaneTable) -> None:
        self._table = table
        self.value = table.value
        self._hits: dict[int, tuple[RuleHit, ...]] = {}
        self._texts: dict[int, tuple[str, str]] = {}

    def rule_ids(self, found: int) -> list[str]:
        """The ids of the rules that hit."""
        rules = self._table.table.source.rules
        return [rules[number].id for number in self._table.hits(found)]

    def hits(self, found: int) -> tuple[RuleHit, ...]:
        """The rules that hit."""
        hits = self._hits.get(found)
        if hits is None:
            numbers = self._table.hits(found)
            outputs = [self._table.constants[number] for number in numbers]
            hits = tuple(
                rule_hit(self._table.table, number, own, determining=determining)
                for number, own, determining in zip(
                    numbers, outputs, self._table.table.determining(outputs), strict=True
                )
            )
            if self._table.single:  # of sets of rules there may be too many to keep
                self._hits[found] = hits
        return hits

    def text(self, found: int) -> str:
        """The step in a record."""
        return self._written(found)[0]

    def value_text(self, found: int) -> str:
        """The answer in a record."""
        return self._written(found)[1]

    def _written(self, found: int) -> tuple[str, str]:
        written = self._texts.get(found)
        if written is None:
            value = self.value(found)
            step = step_json(EvaluatedDecision(self._table.node.name, value, {}, self.hits(found), ()))
            written = encode(step).decode(), encode(told(value)).decode()
            if self._table.single:
                self._texts[found] = written
        return written


def _text(text: str) -> str:
    return encode_basestring(text)


def _number(value: Decimal) -> str:
    text = str(value)
    if "." in text:
        return f'{{"@number":"{text}"}}'
    return text if len(text) <= _INTEGER_DIGITS and text.isdigit() else _other(value)


def _truth(value: bool) -> str:  # noqa: FBT001 - a value
    return "true" if value else "false"


def _day(value: date) -> str:
    return f'{{"@date":"{value.isoformat()}"}}'


def _other(value: Value) -> str:
    return encode(told(value)).decode()


_WRITERS: Final[Mapping[type, Callable[[Any], str]]] = {
    Decimal: _number,
    str: encode_basestring,
    bool: _truth,
    date: _day,
}
"""How values of the commonest classes are written; the others as the reference writes them."""

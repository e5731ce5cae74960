"""What an outcome that came by a lane can tell: its explanation and its audit record, out of pieces made once.

What depends on the rules that hit alone (the hits as data, their part of the record, the answer) is made the first time
that they hit, and shared from then on; of each outcome only the inputs are written anew. The bytes are those that
`record` defines.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any, Final, TypeAlias

from comptroller.domain.decisions.explanation import EvaluatedDecision, RuleHit, rule_hit
from comptroller.domain.decisions.lane_tables import LaneTable
from comptroller.domain.decisions.outcome import Traced
from comptroller.domain.decisions.plans import Plan, Step
from comptroller.domain.decisions.record import SEMANTICS, Asked, instant_json, step_json, told
from comptroller.domain.decisions.run import Run
from comptroller.domain.feel import Evaluation, Value
from comptroller.domain.kernel.canonical_json import encode

Trail: TypeAlias = Sequence[Any]
"""What a lane leaves: itself, the instant, the inputs in the plan's order, and what was found of each table."""

_INSTANT: Final = 1
_INPUTS: Final = 2
"""Where in a trail the instant stands, and where the inputs begin."""

_INTEGER_DIGITS: Final = 15
"""Digits of a number that is surely written as a JSON integer."""


class Lane:
    """All that can be told of the outcomes of one lane."""

    def __init__(self, plan: Plan, model: str, tables: Sequence[LaneTable]) -> None:
        self._plan = plan
        self._model = model
        self._lane_tables = tables
        self._tables = tuple(_Telling(table) for table in tables)
        places = [place for place, _ in plan.inputs] + [step.place for step in plan.steps]
        positions = {place: position for position, place in enumerate(places, _INPUTS)}
        self._steps = tuple(_Seen(step, positions) for step in plan.steps)
        self._inputs = [
            (encode_basestring(name) + ":", place)
            for name, place in sorted((name, place) for place, name in enumerate(plan.input_names, _INPUTS))
        ]
        self._end = _INPUTS + len(plan.input_names)
        self._head = f'{{"asked":{encode_basestring(plan.path)},"faults":[],"inputs":{{'
        self._model_text = f'","model":{encode_basestring(model)},"now":'
        self._steps_text = f',"semantics":{encode_basestring(SEMANTICS)},"steps":['

    @cached_property
    def _certain(self) -> bool:
        """Whether no cell can fail to judge; known when the lane's functions are written."""
        return all(table.certain for table in self._lane_tables)

    def rule_ids(self, trail: Trail) -> tuple[str, ...]:
        """The ids of the rules that hit, in the order of evaluation."""
        return tuple(
            rule for table, own in zip(self._tables, trail[self._end :], strict=True) for rule in table.rule_ids(own)
        )

    def explain(self, trail: Trail) -> tuple[EvaluatedDecision, ...] | None:
        """Tell the decisions on the way."""
        if not self._certain:
            return None
        if len(self._tables) == 1:
            return (self._steps[0].told(trail, self._tables[0], trail[-1], self._tables[0].value(trail[-1])),)
        values = list(trail)  # in which each table's value takes the place of what was found
        explained = []
        for place, (step, table) in enumerate(zip(self._steps, self._tables, strict=True), self._end):
            values[place] = table.value(trail[place])
            explained.append(step.told(values, table, trail[place], values[place]))
        return tuple(explained)

    def asked(self, trail: Trail) -> Asked:
        """Say what was asked."""
        inputs = dict(zip(self._plan.input_names, trail[_INPUTS : self._end], strict=True))
        return Asked(self._model, self._plan.path, inputs, trail[_INSTANT])

    def traced(self, trail: Trail) -> Traced:
        """Evaluate the long way."""
        asked = self.asked(trail)
        run = Run(Evaluation(asked.now))
        self._plan.answer(asked.inputs, run)
        return Traced(asked, run)

    def record(self, trail: Trail) -> bytes | None:
        """Write the audit record."""
        if not self._certain:
            return None
        inputs = ",".join([name + _WRITERS[(value := trail[place]).__class__](value) for name, place in self._inputs])
        digest = sha256(f"{{{inputs}}}".encode()).hexdigest()
        instant = "null" if trail[_INSTANT] is None else f'"{instant_json(trail[_INSTANT])}"'
        if len(self._tables) == 1:
            steps, value = self._tables[0].written(trail[-1])
        else:
            written = [table.written(own) for table, own in zip(self._tables, trail[self._end :], strict=True)]
            steps, value = ",".join([text for text, _ in written]), written[-1][1]
        return (
            f'{self._head}{inputs}}},"inputs_sha256":"{digest}{self._model_text}{instant}'
            f'{self._steps_text}{steps}],"value":{value}}}'
        ).encode()


class _Seen:
    """A step's decision and the names of its scope, with where in a trail their values are."""

    def __init__(self, step: Step, positions: Mapping[int, int]) -> None:
        self._name = step.node.name
        self._names = tuple(name for name, _ in step.places)
        picked = [positions[place] for _, place in step.places]
        # an item getter gives a tuple from two items on
        self._pick = itemgetter(*picked) if len(picked) > 1 else lambda values: [values[place] for place in picked]

    def told(self, values: Sequence[Value], table: "_Telling", found: int, value: Value) -> EvaluatedDecision:
        """Tell the decision."""
        seen = dict(zip(self._names, self._pick(values), strict=True))
        return EvaluatedDecision(self._name, value, seen, table.hits(found), ())


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

    def written(self, found: int) -> tuple[str, str]:
        """The step and the answer in a record."""
        written = self._texts.get(found)
        if written is None:
            value = self.value(found)
            step = step_json(EvaluatedDecision(self._table.node.name, value, {}, self.hits(found), ()))
            written = encode(step).decode(), encode(told(value)).decode()
            if self._table.single:
                self._texts[found] = written
        return written


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


class _Writers(dict[type, Callable[[Any], str]]):
    def __missing__(self, kind: type) -> Callable[[Any], str]:
        return _other


_WRITERS: Final = _Writers({Decimal: _number, str: encode_basestring, bool: _truth, date: _day})
"""How values of the commonest classes are written; the others as the reference writes them."""

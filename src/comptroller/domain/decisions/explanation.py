"""Why a decision came out as it did: what was decided on the way, which rules hit, which of them made the answer, which
could not be judged, and why one did not hit.

Made from a run's trace, and only when asked for; a decision nobody asks about costs nothing here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from comptroller.domain.decisions.run import DecisionTrace, Outputs, Scope, TableTrace
from comptroller.domain.decisions.tables import Table
from comptroller.domain.feel.evaluation import Evaluation, Stopped
from comptroller.domain.feel.text import text_of
from comptroller.domain.feel.values import Kind, Value, kind_of
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import decimal_text

JsonValue = None | bool | str | list["JsonValue"] | dict[str, "JsonValue"]
"""A value as plain JSON: numbers are written as strings, so that no digit is lost."""


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule that hit: its table (path), its id and number counted from 1, what it gave, and its annotations.

    `determining` says whether the table's answer is made of what the rule gave.
    """

    table: str
    rule_id: str
    number: int
    outputs: Mapping[str, Value]
    annotations: Mapping[str, str]
    determining: bool

    def to_json(self) -> dict[str, JsonValue]:
        """The hit as plain JSON."""
        return {
            "table": self.table,
            "rule_id": self.rule_id,
            "number": str(self.number),
            "outputs": {name: json_value(value) for name, value in self.outputs.items()},
            "annotations": dict(self.annotations),
            "determining": self.determining,
        }


@dataclass(frozen=True, slots=True)
class FailingCell:
    """A cell that kept a rule from hitting: its column, its text, and the value that it did not accept.

    `judged` is false where the cell did not say no but could not tell: its test was null, or had a fault.
    """

    table: str
    rule_id: str
    number: int
    column: str
    text: str
    value: Value
    judged: bool

    def to_json(self) -> dict[str, JsonValue]:
        """The cell as plain JSON."""
        return {
            "table": self.table,
            "rule_id": self.rule_id,
            "number": str(self.number),
            "column": self.column,
            "text": self.text,
            "value": json_value(self.value),
            "judged": self.judged,
        }


class EvaluatedDecision(NamedTuple):
    """A decision that was evaluated: what it saw, what it gave, the rules that hit, and what went wrong.

    `erring` are the cells for which it is not known whether their rule hits: no cell of the rule says no, and these
    could not be judged.
    """

    name: str
    value: Value
    inputs: Mapping[str, Value]
    hits: tuple[RuleHit, ...]
    faults: tuple[Fault, ...]
    erring: tuple[FailingCell, ...] = ()

    @property
    def determining(self) -> tuple[RuleHit, ...]:
        """The rules whose outputs made the answers of the decision's tables."""
        return tuple(hit for hit in self.hits if hit.determining)

    def to_json(self) -> dict[str, JsonValue]:
        """The decision as plain JSON."""
        return {
            "name": self.name,
            "value": json_value(self.value),
            "inputs": {name: json_value(value) for name, value in self.inputs.items()},
            "hits": [hit.to_json() for hit in self.hits],
            "erring": [cell.to_json() for cell in self.erring],
            "faults": [{"code": fault.code, "path": fault.path, "message": fault.message} for fault in self.faults],
        }


def explain(
    decisions: Sequence[DecisionTrace], tables: Sequence[TableTrace], faults: Sequence[Fault]
) -> tuple[EvaluatedDecision, ...]:
    """Tell a run's trace, in the order of evaluation."""
    told: set[int] = set()  # a service called inside a decision has told its own tables already
    explained = []
    for trace in decisions:
        own = [tables[number] for number in range(trace.tables_from, trace.tables_to) if number not in told]
        told.update(range(trace.tables_from, trace.tables_to))
        explained.append(
            EvaluatedDecision(
                name=trace.name,
                value=trace.value,
                inputs=seen(trace.scope),
                hits=tuple(hit for table in own for hit in _hits(table)),
                faults=tuple(faults[trace.faults_from : trace.faults_to]),
                erring=tuple(cell for table in own for cell in _erring(table)),
            )
        )
    return tuple(explained)


def seen(scope: Scope) -> dict[str, Value]:
    """What a decision saw: its scope without the functions that it may call."""
    return {name: value for name, value in scope.items() if kind_of(value) is not Kind.FUNCTION}


def _hits(trace: TableTrace) -> Iterator[RuleHit]:
    determining = trace.table.determining(trace.outputs)
    for number, outputs, made in zip(trace.hits, trace.outputs, determining, strict=True):
        yield rule_hit(trace.table, number, outputs, determining=made)


def rule_hit(table: Table, number: int, outputs: Outputs, *, determining: bool) -> RuleHit:
    """Tell of a rule, by its number from 0, that it hit."""
    source, rule = table.source, table.source.rules[number]
    names = [clause.name or "value" for clause in source.outputs]
    labels = [
        source.annotations[place] if place < len(source.annotations) and source.annotations[place] else str(place + 1)
        for place in range(len(rule.annotations))
    ]
    return RuleHit(
        table=table.path,
        rule_id=rule.id,
        number=number + 1,
        outputs=MappingProxyType(dict(zip(names, outputs, strict=False))),
        annotations=MappingProxyType(dict(zip(labels, rule.annotations, strict=True))),
        determining=determining,
    )


def _erring(trace: TableTrace) -> Iterator[FailingCell]:
    for number in trace.table.erring(trace.values, trace.scope, trace.hits):
        yield from _failing(trace, number)


def failing_cells(traces: Sequence[TableTrace], rule_id: str) -> tuple[FailingCell, ...]:
    """Ask a rule's cells again for what the table saw; none when the rule hit or its table was not evaluated."""
    for trace in reversed(traces):
        for number, rule in enumerate(trace.table.source.rules):
            if rule.id == rule_id and (found := tuple(_failing(trace, number))):
                return found
    return ()


def _failing(trace: TableTrace, number: int) -> Iterator[FailingCell]:
    """The cells of a rule, by its number from 0, that do not accept what the table saw."""
    table, rule = trace.table, trace.table.source.rules[number]
    for column, cell, tests, value in zip(table.inputs, rule.inputs, table.cells[number], trace.values, strict=True):
        if tests is None:
            continue
        answer = tests.matches(value, trace.scope, Evaluation())
        if answer is not True:
            text = cell.text.strip()
            yield FailingCell(table.path, rule.id, number + 1, column.label, text, value, judged=answer is False)


def json_value(value: Value) -> JsonValue:
    """A value as plain JSON; what JSON has no form for (durations, far days, ranges, functions) as FEEL writes it."""
    match value:
        case None | bool() | str():
            return value
        case int():
            return str(value)
        case Decimal():
            return decimal_text(value)
        case date() | time():
            return value.isoformat()
        case list():
            return [json_value(item) for item in value]
        case dict():
            return {name: json_value(entry) for name, entry in value.items()}
    try:
        return text_of(Evaluation(), value)
    except Stopped:  # a range between strings as long as strings can be
        return str(kind_of(value))

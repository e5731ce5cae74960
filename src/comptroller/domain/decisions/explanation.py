"""Why a decision came out as it did, in words: what was decided on the way, which rules hit, and why one did not.

Made from a run's trace, and only when asked for; a decision nobody asks about costs nothing here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from comptroller.domain.decisions.run import DecisionTrace, TableTrace
from comptroller.domain.feel.evaluation import Evaluation, Stopped
from comptroller.domain.feel.text import text_of
from comptroller.domain.feel.values import Kind, Value, kind_of
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import decimal_text

JsonValue = None | bool | str | list["JsonValue"] | dict[str, "JsonValue"]
"""A value as plain JSON: numbers are written as strings, so that no digit is lost."""


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule that hit: its table (path), its id and number counted from 1, what it gave, and its annotations."""

    table: str
    rule_id: str
    number: int
    outputs: Mapping[str, Value]
    annotations: Mapping[str, str]

    def to_json(self) -> dict[str, JsonValue]:
        """The hit as plain JSON."""
        return {
            "table": self.table,
            "rule_id": self.rule_id,
            "number": str(self.number),
            "outputs": {name: json_value(value) for name, value in self.outputs.items()},
            "annotations": dict(self.annotations),
        }


@dataclass(frozen=True, slots=True)
class EvaluatedDecision:
    """A decision that was evaluated: what it saw, what it gave, the rules that hit, and what went wrong."""

    name: str
    value: Value
    inputs: Mapping[str, Value]
    hits: tuple[RuleHit, ...]
    faults: tuple[Fault, ...]

    def to_json(self) -> dict[str, JsonValue]:
        """The decision as plain JSON."""
        return {
            "name": self.name,
            "value": json_value(self.value),
            "inputs": {name: json_value(value) for name, value in self.inputs.items()},
            "hits": [hit.to_json() for hit in self.hits],
            "faults": [{"code": fault.code, "path": fault.path, "message": fault.message} for fault in self.faults],
        }


@dataclass(frozen=True, slots=True)
class FailingCell:
    """The first cell that kept a rule from hitting: its column, its text, and the value that it did not accept."""

    table: str
    rule_id: str
    number: int
    column: str
    text: str
    value: Value

    def to_json(self) -> dict[str, JsonValue]:
        """The cell as plain JSON."""
        return {
            "table": self.table,
            "rule_id": self.rule_id,
            "number": str(self.number),
            "column": self.column,
            "text": self.text,
            "value": json_value(self.value),
        }


def explain(
    decisions: Sequence[DecisionTrace], tables: Sequence[TableTrace], faults: Sequence[Fault]
) -> tuple[EvaluatedDecision, ...]:
    """Put a run's trace in words, in the order of evaluation."""
    told: set[int] = set()  # a service called inside a decision has told its own tables already
    explained = []
    for trace in decisions:
        own = [number for number in range(trace.tables_from, trace.tables_to) if number not in told]
        told.update(own)
        explained.append(
            EvaluatedDecision(
                name=trace.name,
                value=trace.value,
                inputs={name: value for name, value in trace.scope.items() if kind_of(value) is not Kind.FUNCTION},
                hits=tuple(hit for number in own for hit in _hits(tables[number])),
                faults=tuple(faults[trace.faults_from : trace.faults_to]),
            )
        )
    return tuple(explained)


def _hits(trace: TableTrace) -> list[RuleHit]:
    source = trace.table.source
    names = [clause.name or "value" for clause in source.outputs]
    hits = []
    for number, outputs in zip(trace.hits, trace.outputs, strict=True):
        rule = source.rules[number]
        labels = [
            source.annotations[place]
            if place < len(source.annotations) and source.annotations[place]
            else str(place + 1)
            for place in range(len(rule.annotations))
        ]
        hits.append(
            RuleHit(
                table=trace.table.path,
                rule_id=rule.id,
                number=number + 1,
                outputs=dict(zip(names, outputs, strict=False)),
                annotations=dict(zip(labels, rule.annotations, strict=True)),
            )
        )
    return hits


def failing_cell(traces: Sequence[TableTrace], rule_id: str) -> FailingCell | None:
    """Ask a rule's cells again for what the table saw; None when the rule hit or its table was not evaluated."""
    for trace in reversed(traces):
        table = trace.table
        for number, rule in enumerate(table.source.rules):
            if rule.id != rule_id:
                continue
            for column, cell, tests, value in zip(
                table.inputs, rule.inputs, table.cells[number], trace.values, strict=True
            ):
                if tests is not None and tests.matches(value, trace.scope, Evaluation()) is not True:
                    return FailingCell(table.path, rule_id, number + 1, column.label, cell.text.strip(), value)
    return None


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

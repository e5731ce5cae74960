"""The head of a decision table as it is being written: its columns, and how rows that hit together are answered.

A column that was there before is known by its place and keeps what the form of a column does not show, as its id; one
that says what it said is the very same. The cells of each row follow their column.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count

from comptroller.domain.decisions.definitions import (
    Aggregation,
    DecisionTable,
    HitPolicy,
    InputClause,
    LiteralExpression,
    OutputClause,
    Rule,
    UnaryTests,
)


class ColumnKind(StrEnum):
    """What a column holds: conditions, conclusions or notes; the order is that of a table."""

    INPUT = "input"
    OUTPUT = "output"
    ANNOTATION = "annotation"


@dataclass(frozen=True, slots=True)
class WrittenColumn:
    """A column: its place before, counted from 0 over all columns (-1: it is new), and what it says."""

    kind: ColumnKind
    before: int
    name: str
    expression: str = ""  # of conditions: what they look at
    type_ref: str = ""
    allowed: str = ""
    default: str = ""  # of conclusions


@dataclass(frozen=True, slots=True)
class WrittenHead:
    """The columns of a table from left to right, and its hit policy with its aggregation, as `COLLECT SUM`."""

    policy: str
    columns: tuple[WrittenColumn, ...]

    def of(self, kind: ColumnKind) -> tuple[WrittenColumn, ...]:
        """The columns of a kind."""
        return tuple(column for column in self.columns if column.kind is kind)


def head_of(table: DecisionTable) -> WrittenHead:
    """The head as a form of columns shows it."""
    return WrittenHead(f"{table.hit_policy} {table.aggregation}".strip(), tuple(_columns(table)))


def _columns(table: DecisionTable) -> Iterator[WrittenColumn]:
    for place, clause in enumerate(table.inputs):
        expression = clause.expression
        allowed = _text(clause.allowed)
        yield WrittenColumn(
            ColumnKind.INPUT, place, clause.label, expression.text.strip(), expression.type_ref, allowed
        )
    for place, output in enumerate(table.outputs, len(table.inputs)):
        default = _text(output.default)
        yield WrittenColumn(ColumnKind.OUTPUT, place, output.name, "", output.type_ref, _text(output.allowed), default)
    for place, name in enumerate(table.annotations, len(table.inputs) + len(table.outputs)):
        yield WrittenColumn(ColumnKind.ANNOTATION, place, name)


def _text(entry: UnaryTests | LiteralExpression | None) -> str:
    return entry.text.strip() if entry is not None else ""


def with_head(table: DecisionTable, head: WrittenHead) -> DecisionTable:
    """The table under this head, its rows cut and filled to fit; ValueError for a hit policy that there is not."""
    policy, aggregation = _policy(head.policy)
    known = {(column.kind, column.before): column for column in head_of(table).columns}
    ids = _new_ids(table)
    inputs, outputs, notes = (head.of(kind) for kind in ColumnKind)

    def place(column: WrittenColumn, first: int) -> int:
        return column.before - first if (column.kind, column.before) in known else -1

    def is_as_it_was(column: WrittenColumn) -> bool:
        return known.get((column.kind, column.before)) == column

    first_output, first_note = len(table.inputs), len(table.inputs) + len(table.outputs)
    of_inputs = [place(column, 0) for column in inputs]
    of_outputs = [place(column, first_output) for column in outputs]
    of_notes = [place(column, first_note) for column in notes]
    before = [table.inputs[at] if at >= 0 else InputClause(LiteralExpression(""), id=next(ids)) for at in of_inputs]
    gave = [table.outputs[at] if at >= 0 else OutputClause(id=next(ids)) for at in of_outputs]
    return replace(
        table,
        hit_policy=policy,
        aggregation=aggregation,
        inputs=tuple(
            was if is_as_it_was(column) else _input(column, was) for column, was in zip(inputs, before, strict=True)
        ),
        outputs=tuple(
            was if is_as_it_was(column) else _output(column, was) for column, was in zip(outputs, gave, strict=True)
        ),
        annotations=tuple(column.name for column in notes),
        rules=tuple(_rule(rule, of_inputs, of_outputs, of_notes) for rule in table.rules),
    )


def _policy(text: str) -> tuple[HitPolicy, Aggregation]:
    word, _, more = text.partition(" ")
    if word == HitPolicy.COLLECT:
        return HitPolicy.COLLECT, Aggregation(more)
    return HitPolicy(text), Aggregation.LIST


def _new_ids(table: DecisionTable) -> Iterator[str]:
    """Ids for columns that no column of the table has."""
    taken = {clause.id for clause in table.inputs} | {clause.id for clause in table.outputs}
    stem = table.id or "table"
    return (each for number in count(1) if (each := f"{stem}-column-{number}") not in taken)


def _input(column: WrittenColumn, was: InputClause) -> InputClause:
    expression = replace(was.expression, text=column.expression, type_ref=column.type_ref)
    return replace(was, label=column.name, expression=expression, allowed=_tests(was.allowed, column.allowed))


def _output(column: WrittenColumn, was: OutputClause) -> OutputClause:
    default = replace(was.default or LiteralExpression(""), text=column.default) if column.default else None
    allowed = _tests(was.allowed, column.allowed)
    return replace(was, name=column.name, type_ref=column.type_ref, allowed=allowed, default=default)


def _tests(old: UnaryTests | None, text: str) -> UnaryTests | None:
    return replace(old or UnaryTests(""), text=text) if text else None


def _rule(rule: Rule, inputs: Sequence[int], outputs: Sequence[int], notes: Sequence[int]) -> Rule:
    return replace(
        rule,
        inputs=tuple(rule.inputs[place] if 0 <= place < len(rule.inputs) else UnaryTests("-") for place in inputs),
        outputs=tuple(
            rule.outputs[place] if 0 <= place < len(rule.outputs) else LiteralExpression("") for place in outputs
        ),
        annotations=tuple(rule.annotations[place] if 0 <= place < len(rule.annotations) else "" for place in notes),
    )

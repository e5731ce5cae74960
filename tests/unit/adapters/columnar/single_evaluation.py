"""Batches beside deciding each row by itself, which is what they must equal."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pyarrow as pa

from comptroller.adapters import columnar
from comptroller.adapters.columnar import Decided
from comptroller.domain.decisions import Model, Outcome
from comptroller.domain.feel import Value

Rows = Sequence[Mapping[str, Value]]


def batch_of(**columns: Any) -> Any:
    """A record batch of named arrays."""
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def decide(model: Model, decision: str, batch: Any) -> Decided:
    """Decide a batch, and hold every row of it to its single evaluation: answer, rule, faults."""
    decided = columnar.compile(model, decision).decide(batch)
    assert_equal(model, decision, batch.to_pylist(), decided)
    return decided


def assert_equal(model: Model, decision: str, rows: Rows, decided: Decided) -> None:
    """Say what differs between the columns' answers and those of the single evaluation."""
    assert decided.answers.num_rows == len(decided.rules) == len(rows)
    answers, rules = decided.answers.to_pylist(), decided.rules.to_pylist()
    for place, row in enumerate(rows):
        outcome = model.decide(decision, row)
        answer = answers[place][decision] if list(answers[place]) == [decision] else answers[place]
        assert _exact(_context(answer)) == _exact(_context(outcome.value)), (row, answer, outcome.value)
        assert decided.faults.get(place, ()) == outcome.faults, (row, decided.faults.get(place), outcome.faults)
        _assert_rule(rules[place], outcome, row)


def _assert_rule(rule: int | None, outcome: Outcome, row: Mapping[str, Value]) -> None:
    hits = {hit.number: hit for hit in outcome.explanation[-1].hits}
    if rule is None:
        assert len(hits) != 1 or outcome.faults or isinstance(outcome.value, list | Decimal), row
        return
    (given,) = [hit for number, hit in hits.items() if number == rule]
    outputs = given.outputs
    told = outputs if isinstance(outcome.value, dict) else next(iter(outputs.values()))
    assert _exact(_context(told)) == _exact(_context(outcome.value)), row


def _context(value: Any) -> Any:
    """In columns, no answer and a context without values are the same."""
    return None if isinstance(value, Mapping) and all(entry is None for entry in value.values()) else value


def _exact(value: Any) -> Any:
    """A value with its kind: true is not 1."""
    if isinstance(value, Mapping):
        return {name: _exact(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_exact(item) for item in value]
    return type(value), value

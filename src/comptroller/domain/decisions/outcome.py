"""What came of a decision: the value, what went wrong, and on demand all that explains and proves it.

Nobody explains most decisions. One that was evaluated the long way keeps its run; one that took a lane keeps its inputs
and the rules that hit, which the lane can tell everything from. Only for what a lane never saw (the cells that kept
other rules from hitting) is it evaluated again: it is a function of its inputs and its instant.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from comptroller.domain.decisions.explanation import EvaluatedDecision, FailingCell, explain, failing_cells
from comptroller.domain.decisions.record import Asked, inputs_digest, record_bytes
from comptroller.domain.decisions.run import Run, TableTrace
from comptroller.domain.feel import Value
from comptroller.domain.kernel.fault import Fault


class Passage(Protocol):
    """What an outcome asks of the lane that it came by; `taken` are the inputs, `found` the rules that hit."""

    def rule_ids(self, found: Sequence[Any]) -> tuple[str, ...]:
        """The ids of the rules that hit."""
        ...

    def explain(self, taken: Sequence[Value], found: Sequence[Any]) -> tuple[EvaluatedDecision, ...] | None:
        """Tell the decisions that were evaluated; None when only the long way can."""
        ...

    def record(self, taken: Sequence[Value], found: Sequence[Any], now: datetime | None) -> bytes | None:
        """Write the audit record; None when only the long way can."""
        ...

    def asked(self, taken: Sequence[Value], now: datetime | None) -> Asked:
        """Say what was asked."""
        ...

    def run(self, taken: Sequence[Value], now: datetime | None) -> Run:
        """Evaluate the long way."""
        ...


class Outcome:
    """What was decided: the value, what went wrong on the way, and what explains it."""

    __slots__ = ("_asked", "_found", "_lane", "_now", "_taken", "_traced", "faults", "value")

    value: Value
    faults: tuple[Fault, ...]
    _asked: Asked
    _traced: Run | None
    # of an outcome that came by a lane (which sets them without a call): its inputs, the rules that hit, the instant
    _lane: Passage | None
    _taken: Sequence[Value]
    _found: Sequence[Any]
    _now: datetime | None

    def __init__(self, value: Value, faults: tuple[Fault, ...], asked: Asked, traced: Run) -> None:
        self.value = value
        self.faults = faults
        self._asked = asked
        self._traced = traced
        self._lane = None

    @property
    def explanation(self) -> tuple[EvaluatedDecision, ...]:
        """Every decision that was evaluated, the wanted one last."""
        if self._lane is not None:
            explained = self._lane.explain(self._taken, self._found)
            if explained is not None:
                return explained
        run = self._run
        return explain(run.decisions, run.tables, run.evaluation.faults)

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """The ids of all rules that hit, in the order of evaluation: the explanation's bones, at no cost."""
        if self._lane is not None:
            return self._lane.rule_ids(self._found)
        return tuple(trace.table.source.rules[number].id for trace in self._run.tables for number in trace.hits)

    @property
    def tables(self) -> Sequence[TableTrace]:
        """Every table that was evaluated, in order: what its columns saw and which rules hit."""
        return self._run.tables

    @property
    def inputs(self) -> Mapping[str, Value]:
        """The inputs that were read, by name; one that was not given is missing."""
        return self._what.inputs

    @property
    def inputs_sha256(self) -> str:
        """The SHA-256 of the inputs' canonical bytes, in hexadecimal."""
        return inputs_digest(self.inputs)

    def record(self) -> bytes:
        """The audit record: what was asked, what came of it and why, in canonical bytes (see `record`)."""
        if self._lane is not None:
            written = self._lane.record(self._taken, self._found, self._now)
            if written is not None:
                return written
        return record_bytes(self._what, self.value, self.faults, self.explanation)

    def why_not(self, decision: str, rule_id: str) -> FailingCell | None:
        """The first cell that kept a rule of a decision from hitting.

        None when the rule did hit, or when no table with such a rule was evaluated for the decision.
        """
        return next(iter(self.failing_cells(decision, rule_id)), None)

    def failing_cells(self, decision: str, rule_id: str) -> tuple[FailingCell, ...]:
        """Every cell that kept a rule of a decision from hitting, in the order of the columns."""
        run = self._run
        for trace in run.decisions:
            if trace.name == decision:
                return failing_cells(run.tables[trace.tables_from : trace.tables_to], rule_id)
        return ()

    @property
    def _what(self) -> Asked:
        return self._asked if self._lane is None else self._lane.asked(self._taken, self._now)

    @property
    def _run(self) -> Run:
        if self._traced is None:
            assert self._lane is not None
            self._traced = self._lane.run(self._taken, self._now)
        return self._traced

"""What came of a decision: the value, what went wrong, and on demand all that explains and proves it.

Nobody explains most decisions. One that was evaluated the long way keeps its run; one that took a lane keeps its inputs
and the rules that hit, which the lane can tell everything from. Only for what a lane never saw (the cells that kept
other rules from hitting) is it evaluated again: it is a function of its inputs and its instant.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypeAlias

from comptroller.domain.decisions.explanation import EvaluatedDecision, FailingCell, explain, failing_cells
from comptroller.domain.decisions.record import Asked, inputs_digest, record_bytes
from comptroller.domain.decisions.run import Run, TableTrace
from comptroller.domain.feel import Value
from comptroller.domain.kernel.fault import Fault


class Traced(NamedTuple):
    """The long way that an outcome came: what was asked, and the run."""

    asked: Asked
    run: Run


Trail: TypeAlias = tuple[Any, ...] | Traced
"""How an outcome came about: the long way, or a lane's own tuple, which begins with the lane."""


class Teller(Protocol):
    """What an outcome asks of the lane that it came by; `trail` is what the lane left."""

    def rule_ids(self, trail: Sequence[Any]) -> tuple[str, ...]:
        """The ids of the rules that hit."""
        ...

    def explain(self, trail: Sequence[Any]) -> tuple[EvaluatedDecision, ...] | None:
        """Tell the decisions that were evaluated; None when only the long way can."""
        ...

    def record(self, trail: Sequence[Any]) -> bytes | None:
        """Write the audit record; None when only the long way can."""
        ...

    def asked(self, trail: Sequence[Any]) -> Asked:
        """Say what was asked."""
        ...

    def traced(self, trail: Sequence[Any]) -> Traced:
        """Evaluate the long way."""
        ...


class Outcome:
    """What was decided: the value, what went wrong on the way, and what explains it.

    Made by `traced`, or field by field by a lane: most outcomes are made, read and dropped by the million, and a call
    of `__init__` would be a good part of that.
    """

    __slots__ = ("_trail", "faults", "value")

    value: Value
    faults: tuple[Fault, ...]
    _trail: Trail

    @staticmethod
    def traced(value: Value, asked: Asked, run: Run) -> "Outcome":
        """What came of the long way."""
        outcome = Outcome()
        outcome.value = value
        outcome.faults = tuple(run.evaluation.faults)
        outcome._trail = Traced(asked, run)
        return outcome

    @property
    def explanation(self) -> tuple[EvaluatedDecision, ...]:
        """Every decision that was evaluated, the wanted one last."""
        trail = self._trail
        if trail.__class__ is tuple:
            explained: tuple[EvaluatedDecision, ...] | None = trail[0].explain(trail)
            if explained is not None:
                return explained
        run = self._run
        return explain(run.decisions, run.tables, run.evaluation.faults)

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """The ids of all rules that hit, in the order of evaluation: the explanation's bones, at no cost."""
        if (lane := self._lane) is not None:
            return lane.rule_ids(self._trail)
        return tuple([trace.table.source.rules[number].id for trace in self._run.tables for number in trace.hits])

    @property
    def tables(self) -> Sequence[TableTrace]:
        """Every table that was evaluated, in order: what its columns saw and which rules hit."""
        return self._run.tables

    @property
    def inputs(self) -> Mapping[str, Value]:
        """The inputs that were read, by name; one that was not given is missing."""
        return self._asked.inputs

    @property
    def inputs_sha256(self) -> str:
        """The SHA-256 of the inputs' canonical bytes, in hexadecimal."""
        return inputs_digest(self.inputs)

    def record(self) -> bytes:
        """The audit record: what was asked, what came of it and why, in canonical bytes (see `record`)."""
        trail = self._trail
        if trail.__class__ is tuple:
            written: bytes | None = trail[0].record(trail)
            if written is not None:
                return written
        return record_bytes(self._asked, self.value, self.faults, self.explanation)

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
    def _lane(self) -> Teller | None:
        if isinstance(self._trail, Traced):
            return None
        lane: Teller = self._trail[0]
        return lane

    @property
    def _asked(self) -> Asked:
        lane = self._lane
        return self._traced.asked if lane is None else lane.asked(self._trail)

    @property
    def _run(self) -> Run:
        return self._traced.run

    @property
    def _traced(self) -> Traced:
        if not isinstance(self._trail, Traced):
            lane: Teller = self._trail[0]
            self._trail = lane.traced(self._trail)
        return self._trail

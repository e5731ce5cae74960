"""A compiled decision model: immutable, shared by threads, asked for one decision at a time.

Whatever is wrong with a model is known when it is compiled. A decision that is touched by such a fault answers null and
says so; the others decide as if nothing were wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import InvalidOperation

from comptroller.domain.decisions.definitions import DecisionPolicy
from comptroller.domain.decisions.explanation import EvaluatedDecision, FailingCell, explain, failing_cell
from comptroller.domain.decisions.lanes import Lane, Passage, lane_of
from comptroller.domain.decisions.plans import Plan
from comptroller.domain.decisions.run import Run, TableTrace
from comptroller.domain.feel import Evaluation, Type, Value
from comptroller.domain.feel.evaluation import Stopped
from comptroller.domain.kernel.fault import Fault


class Outcome:
    """What was decided: the value, what went wrong on the way, and the trace that explains it.

    Nobody explains most decisions, so a decision that took the fast lane is evaluated again for its explanation: it is
    a function of its inputs and its instant, which the outcome keeps.
    """

    __slots__ = ("_lane", "_now", "_passage", "_traced", "faults", "value")

    _passage: Passage  # where there is a lane
    _now: datetime | None

    def __init__(self, value: Value, faults: tuple[Fault, ...], traced: Run) -> None:
        self.value = value
        self.faults = faults
        self._traced: Run | None = traced
        self._lane: Lane | None = None

    @classmethod
    def passed(cls, lane: Lane, passage: Passage, now: datetime | None) -> "Outcome":
        """What came of a fast lane."""
        outcome = object.__new__(cls)
        outcome.value = passage[0]
        outcome.faults = ()
        outcome._traced = None
        outcome._lane = lane
        outcome._passage = passage
        outcome._now = now
        return outcome

    @property
    def explanation(self) -> tuple[EvaluatedDecision, ...]:
        """Every decision that was evaluated, the wanted one last; made when asked for."""
        run = self._run
        return explain(run.decisions, run.tables, self.faults)

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """The ids of all rules that hit, in the order of evaluation: the explanation's bones, at no cost."""
        if self._lane is not None:
            return self._lane.rule_ids(self._passage)
        return tuple(trace.table.source.rules[number].id for trace in self._run.tables for number in trace.hits)

    @property
    def tables(self) -> Sequence[TableTrace]:
        """Every table that was evaluated, in order: what its columns saw and which rules hit."""
        return self._run.tables

    def why_not(self, decision: str, rule_id: str) -> FailingCell | None:
        """The first cell that kept a rule of a decision from hitting.

        None when the rule did hit, or when no table with such a rule was evaluated for the decision.
        """
        run = self._run
        for trace in run.decisions:
            if trace.name == decision:
                return failing_cell(run.tables[trace.tables_from : trace.tables_to], rule_id)
        return None

    @property
    def _run(self) -> Run:
        if self._traced is None:
            assert self._lane is not None
            self._traced = Run(Evaluation(self._now))
            self._lane.plan.answer(self._lane.inputs(self._passage), self._traced)
        return self._traced


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Decisions ready to be asked; `hash` is the SHA-256 of the source (with imports: of all sources' hashes)."""

    name: str
    namespace: str
    hash: str
    faults: tuple[Fault, ...]
    _plans: Mapping[str, Plan]
    _services: Mapping[str, Plan]
    _policies: Mapping[str, DecisionPolicy]
    _lanes: dict[str, Lane | None] = field(default_factory=dict)

    @property
    def decision_names(self) -> tuple[str, ...]:
        """The decisions of the model itself, in the order of the file."""
        return tuple(self._plans)

    @property
    def service_names(self) -> tuple[str, ...]:
        """The decision services of the model itself, in the order of the file."""
        return tuple(self._services)

    def policy(self, name: str) -> DecisionPolicy:
        """What the platform knows about a decision; a name that is none of the model's is the caller's defect."""
        return self._policies[name]

    def input_names(self, name: str) -> tuple[str, ...]:
        """The inputs that a decision, or what it needs, looks at."""
        return self._plans[name].input_names

    def input_types(self, name: str) -> Mapping[str, Type | None]:
        """The declared types of those inputs; None for one without."""
        return {node.key: node.wanted for _, node in self._plans[name].inputs}

    def plan(self, name: str) -> Plan | None:
        """How a decision is made, step by step: for those who make many at once."""
        return self._plans.get(name)

    def decide(self, name: str, inputs: Mapping[str, Value], now: datetime | None = None) -> Outcome:
        """Evaluate a decision and what it needs; `inputs` by the names of the model's input data.

        `now` is the time that `now()` and `today()` tell; without it they are null. Never raises for what the model or
        the inputs hold: whatever goes wrong is null with a fault.
        """
        plan = self._plans.get(name)
        if plan is None:
            return _evaluate(None, f"decision[{name}]", inputs, now)
        lane = self._lanes[name] if name in self._lanes else self._lanes.setdefault(name, lane_of(plan))
        if lane is not None:
            try:
                passage = lane.take(inputs)
            except InvalidOperation:  # a NaN has no place in an order; the long way says so
                passage = None
            if passage is not None:
                return Outcome.passed(lane, passage, now)
        return _evaluate(plan, f"decision[{name}]", inputs, now)

    def invoke(self, service: str, inputs: Mapping[str, Value], now: datetime | None = None) -> Outcome:
        """Evaluate a decision service; its input decisions are given like inputs. Several outputs make a context."""
        return _evaluate(self._services.get(service), f"decisionService[{service}]", inputs, now)


def _evaluate(plan: Plan | None, path: str, inputs: Mapping[str, Value], now: datetime | None) -> Outcome:
    run = Run(Evaluation(now))
    if plan is None:
        run.fault("DMN-DECISION-01", path, "the model has no such decision", help="ask for one of its decision names")
        return Outcome(None, tuple(run.evaluation.faults), run)
    value: Value = None
    try:
        value = plan.answer(inputs, run)
    except Stopped as stopped:
        run.evaluation.stop(stopped)
    except InvalidOperation:
        run.evaluation.stop(Stopped("DMN-INPUT-02", "an input holds a NaN, which is no number of FEEL"))
    except RecursionError:
        run.evaluation.stop(Stopped("DMN-LIMIT-01", "the model's functions call each other too deeply"))
    # INVARIANT: 2. a run that a limit has cut off decides nothing
    return Outcome(None if run.evaluation.stopped else value, tuple(run.evaluation.faults), run)

"""A compiled decision model: immutable, shared by threads, asked for one decision at a time.

Whatever is wrong with a model is known when it is compiled. A decision that is touched by such a fault answers null and
says so; the others decide as if nothing were wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import InvalidOperation
from typing import TYPE_CHECKING, Any

from comptroller.domain.decisions.admission import NAN, NUMBER_OR_NONE, Inadmissible
from comptroller.domain.decisions.definitions import DecisionPolicy
from comptroller.domain.decisions.invocables import Knowledge, Service
from comptroller.domain.decisions.lanes import Take, lane_of
from comptroller.domain.decisions.outcome import Outcome
from comptroller.domain.decisions.plans import Plan
from comptroller.domain.decisions.record import Asked
from comptroller.domain.decisions.run import Instead, Run
from comptroller.domain.feel import Evaluation, Type, Value
from comptroller.domain.feel.evaluation import Stopped
from comptroller.domain.kernel.fault import Fault

if TYPE_CHECKING:
    from comptroller.domain.decisions.tables import Table


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """Decisions ready to be asked; `hash` is the SHA-256 of the source (with imports: of all sources' hashes)."""

    name: str
    namespace: str
    hash: str
    faults: tuple[Fault, ...]
    _plans: Mapping[str, Plan]
    _invocables: Mapping[str, Service | Knowledge]
    _policies: Mapping[str, DecisionPolicy]
    tables: "tuple[Table, ...]" = ()  # wherever they stand, in the order of the file
    _ways: dict[str, Take] = field(default_factory=dict)

    @property
    def decision_names(self) -> tuple[str, ...]:
        """The decisions of the model itself, in the order of the file."""
        return tuple(self._plans)

    @property
    def service_names(self) -> tuple[str, ...]:
        """The decision services of the model itself, in the order of the file."""
        return tuple(name for name, invocable in self._invocables.items() if isinstance(invocable, Service))

    @property
    def knowledge_names(self) -> tuple[str, ...]:
        """The business knowledge models of the model itself, in the order of the file."""
        return tuple(name for name, invocable in self._invocables.items() if isinstance(invocable, Knowledge))

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

    def parameter_types(self, name: str) -> Mapping[str, Type | None]:
        """The parameters of a decision service or business knowledge model with their types; None for one without."""
        return self._invocables[name].parameters

    def output_names(self, service: str) -> tuple[str, ...]:
        """The decisions that a decision service answers with."""
        found = self._invocables[service]
        return found.outputs if isinstance(found, Service) else ()

    def decide(self, name: str, inputs: Mapping[str, Any], now: datetime | None = None) -> Outcome:
        """Evaluate a decision and what it needs; `inputs` by the names of the model's input data, as plain Python.

        `now` is the time that `now()` and `today()` tell; without it they are null. Never raises for what the model or
        the inputs hold: whatever goes wrong is null with a fault.
        """
        try:
            take = self._ways[name]
        except KeyError:
            take = self._way(name)
        return take(inputs, now)

    def decide_instead(
        self, name: str, inputs: Mapping[str, Any], instead: Instead, now: datetime | None = None
    ) -> Outcome:
        """Evaluate a decision as `decide` does, but with another table in the place of one of the model's own."""
        return _evaluate(self._plans.get(name), f"decision[{name}]", inputs, now, self.hash, instead)

    def decide_watched(self, name: str, inputs: Mapping[str, Any], now: datetime | None = None) -> Outcome:
        """Evaluate a decision as `decide` does, with numbers and days among the inputs that are watched."""
        return _evaluate(self._plans.get(name), f"decision[{name}]", inputs, now, self.hash, watches=True)

    def invoke(self, name: str, arguments: Mapping[str, Any], now: datetime | None = None) -> Outcome:
        """Call a decision service or a business knowledge model with arguments by their names.

        A service's input decisions are given like its inputs; several output decisions make a context.
        """
        return _evaluate(self._invocables.get(name), f"invocable[{name}]", arguments, now, self.hash)

    def _way(self, name: str) -> Take:
        """The way to a decision, made when it is first asked for; threads that make it twice make the same."""
        plan, path = self._plans.get(name), f"decision[{name}]"

        def long_way(inputs: Mapping[str, Value], now: datetime | None) -> Outcome:
            return _evaluate(plan, path, inputs, now, self.hash)

        return long_way if plan is None else self._ways.setdefault(name, lane_of(plan, self.hash, long_way))


def _evaluate(
    asked: Plan | Service | Knowledge | None,
    path: str,
    inputs: Mapping[str, Value],
    now: datetime | None,
    model_hash: str,
    instead: Instead | None = None,
    *,
    watches: bool = False,
) -> Outcome:
    run = Run(Evaluation(now), instead)
    run.evaluation.watches = watches
    names = asked.input_names if isinstance(asked, Plan) else tuple(inputs)
    what = Asked(model_hash, path, {name: inputs[name] for name in names if name in inputs}, now)
    if asked is None:
        run.fault("DMN-DECISION-01", path, "the model has nothing of this name", help="ask for one of its names")
        return Outcome.traced(None, what, run)
    value: Value = None
    try:
        value = asked.answer(inputs, run)
    except Inadmissible as refused:
        run.fault("DMN-INPUT-03", f"input[{refused.place}]", refused.message, help=refused.help)
    except Stopped as stopped:
        run.evaluation.stop(stopped)
    except InvalidOperation:
        run.fault("DMN-INPUT-02", "", NAN, help=NUMBER_OR_NONE)
        run.forget()  # no explanation can judge what a NaN was seen in
    except RecursionError:
        run.evaluation.stop(Stopped("DMN-LIMIT-01", "the model's functions call each other too deeply"))
    # INVARIANT: 2. a run that a limit has cut off decides nothing
    return Outcome.traced(None if run.evaluation.stopped else value, what, run)

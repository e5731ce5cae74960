"""The decisions of a process in the order in which it asks them: each sees the facts, and the outcomes before it.

This is what a policy makes of a case before any person has acted: no tasks, no signatures, no effects. What is decided
here about one case is the reference for all that is computed about many.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from comptroller.domain.decisions import Model, Outcome
from comptroller.domain.decisions.definitions import Decision, Definitions, InputData
from comptroller.domain.decisions.handing import PASSED_ON, Handed, Handing, Named, kept, passed_on
from comptroller.domain.feel import Value
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.model import BusinessRuleTask

UNSIGNED: Final[Mapping[str, Value]] = {"signed steps": []}
"""The facts of a case before anybody has signed it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a decision was taken with, some day."""

    inputs: Mapping[str, Any]
    now: datetime


@dataclass(frozen=True, slots=True)
class Chain:
    """Decisions with the models that hold them, in order."""

    steps: tuple[tuple[str, Model], ...]

    @classmethod
    def of(cls, process: Process, models: Mapping[str, Model]) -> "Chain":
        """The decisions that a process asks for, each once."""
        nodes = (place.node for place in process.places.values())
        asked = dict.fromkeys(node.decision for node in nodes if isinstance(node, BusinessRuleTask))
        return cls(tuple((name, models[name]) for name in asked if name in models))

    def decide(self, facts: Mapping[str, Any], now: datetime, decided: Collection[str] = ()) -> dict[str, Value]:
        """Ask every decision but those whose outcomes are among the facts already; answers all outcomes."""
        known: dict[str, Any] = dict(facts)
        for name, model in self.steps:
            if name not in decided:
                known[name] = kept(name, model.decide(name, known, now))
            known |= passed_on(name, known[name])
        return {name: known[name] for name, _ in self.steps}

    def decide_again(self, asked: Mapping[str, Asked]) -> dict[str, Outcome]:
        """Take the decisions that were taken before, each with what it was asked with, as before anybody had signed.

        The outcomes of the decisions before it, taken again, stand in the places of the recorded ones. What a version
        asks for beyond that is looked for among all that was recorded of the case.
        """
        facts = {name: value for each in asked.values() for name, value in each.inputs.items()}
        anew: dict[str, Value] = {}
        outcomes: dict[str, Outcome] = {}
        for name, model in self.steps:
            if name in asked:
                known = {**facts, **asked[name].inputs, **UNSIGNED, **anew}
                outcomes[name] = model.decide(name, known, asked[name].now)
                value = kept(name, outcomes[name])
                anew |= {name: value, **passed_on(name, value)}
        return outcomes

    def lacks(self, asked: Mapping[str, Asked]) -> tuple[str, ...]:
        """The facts that its decisions look at and nobody recorded."""
        known = {name for each in asked.values() for name in each.inputs}
        known |= {name for each, _ in self.steps for name in (each, *PASSED_ON.get(each, ()))}
        looked_at = (fact for name, model in self.steps if name in asked for fact in model.input_names(name))
        return tuple(dict.fromkeys(fact for fact in looked_at if fact not in known))


def handing_of(processes: Iterable[Process], version: Iterable[tuple[Definitions, Model]]) -> Handing:
    """The inputs of a version that are called as a decision (or an entry of it) that a process has asked for before.

    What no process asks for is asked by the platform afterwards, with the outcomes recorded until then.
    """
    version = list(version)
    named = {
        element.name: Named(definitions.namespace, element.name)
        for definitions, _ in version
        for element in definitions.elements
        if isinstance(element, Decision)
    }
    models = {name: model for _, model in version for name in model.decision_names}
    orders = [[name for name, _ in Chain.of(process, models).steps] for process in processes]
    offered = {
        given: Handed(named[name], entries)
        for order in orders
        for name in order
        for given, entries in (
            (name, ()),
            *((entry, (entry, whole)) for entry, whole in PASSED_ON.get(name, {}).items()),
        )
    }
    return {
        Named(definitions.namespace, element.name): offered[element.name]
        for definitions, model in version
        for element in definitions.elements
        if isinstance(element, InputData)
        and element.name in offered
        and not any(_asks_before(order, model, element.name, offered[element.name].decision.name) for order in orders)
    }


def _asks_before(order: list[str], model: Model, given: str, producer: str) -> bool:
    """Whether a process asks a model's decision that looks at an input before (or as) the one that would fill it."""
    until = order[: order.index(producer) + 1] if producer in order else []
    return any(name in model.decision_names and given in model.input_names(name) for name in until)

"""The decisions of a process in the order in which it asks them: each sees the facts, and the outcomes before it.

This is what a policy makes of a case before any person has acted: no tasks, no signatures, no effects. What is decided
here about one case is the reference for all that is computed about many.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from comptroller.domain.decisions import Model, Outcome
from comptroller.domain.feel import Value
from comptroller.domain.kernel.fault import Severity
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.model import BusinessRuleTask

PASSED_ON: Final[Mapping[str, Mapping[str, str]]] = {"approval routing": {"open steps": "steps"}}
"""Entries of an outcome that are facts of their own for the decisions behind it, each with the entry that stands for it
where policy names none: before anybody has signed, all steps are open."""

UNSIGNED: Final[Mapping[str, Value]] = {"signed steps": []}
"""The facts of a case before anybody has signed it."""


UNDECIDED: Final = "POLICY-ERROR-01"
"""The reason of an outcome that stands in the place of one that failed."""


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


def passed_on(name: str, value: Value) -> dict[str, Value]:
    """The facts that an outcome adds, beside itself."""
    entries = value if isinstance(value, dict) else {}
    return {entry: entries.get(entry, entries.get(whole)) for entry, whole in PASSED_ON.get(name, {}).items()}


def kept(name: str, outcome: Outcome) -> Value:
    """An outcome as later decisions see it: one that failed counts as `review`."""
    errors = [fault for fault in outcome.faults if fault.severity is Severity.ERROR]
    if outcome.value is not None and not errors:
        return outcome.value
    # INVARIANT: 2. an error in a policy never grants
    text = "; ".join(fault.message for fault in errors) or "the decision gave no outcome"
    return {"outcome": "review", "reason": UNDECIDED, "text": f"`{name}` could not decide: {text}"}

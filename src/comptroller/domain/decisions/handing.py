"""How outcomes become inputs: what a process hands from one model to the decisions of others, by its name."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from comptroller.domain.decisions.outcome import Outcome
from comptroller.domain.feel import Value
from comptroller.domain.kernel.fault import Severity


class Named(NamedTuple):
    """A decision (or an input) by its model's namespace and its name."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return self.name


class Handed(NamedTuple):
    """What an input is: the outcome of a decision of another model, or the first of some entries that it has."""

    decision: Named
    entries: tuple[str, ...] = ()

    def of(self, outcome: Mapping[str, Any]) -> Any:
        """The entry of an outcome that is handed on."""
        return next((outcome[entry] for entry in self.entries if entry in outcome), None)


Handing = Mapping[Named, Handed]
"""The inputs that a process fills with outcomes."""

PASSED_ON: Final[Mapping[str, Mapping[str, str]]] = {"approval routing": {"open steps": "steps"}}
"""Entries of an outcome that are facts of their own for the decisions behind it, each with the entry that stands for it
where policy names none: before anybody has signed, all steps are open."""

UNDECIDED: Final = "POLICY-ERROR-01"
"""The reason of an outcome that stands in the place of one that failed."""


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

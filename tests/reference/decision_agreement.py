"""Holds a model's two answers against each other: the product's, by both of its ways, and the reference's."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, NamedTuple

from tests.reference.agreement import Given, Skipped
from tests.reference.decision_model import ReferenceModel
from tests.reference.feel_values import Unstated, alike, from_product

from comptroller.domain.decisions.compiler import compile_model
from comptroller.domain.decisions.definitions import BoxedExpression, Decision, Definitions, LiteralExpression
from comptroller.domain.decisions.lanes import lane_of
from comptroller.domain.decisions.model import Model, _evaluate
from comptroller.domain.decisions.outcome import Outcome
from comptroller.domain.kernel.fault import Severity


class Verdict(NamedTuple):
    """What is wrong (nothing: the empty text), and in how many answers the fast lane was taken."""

    wrong: str
    lanes: int


def deciding(definitions: Definitions, given: Given) -> Verdict:
    """Ask for every decision; `Skipped` for a model with faults, or of which the reference has no opinion."""
    model = compile_model(definitions)
    faults = [fault for fault in model.faults if fault.severity is Severity.ERROR]
    if any(fault.code.startswith("FEEL-SYNTAX") for fault in faults):
        return Verdict(f"a text cannot be read: {faults}", 0)
    if faults:
        raise Skipped
    reference = ReferenceModel(definitions)
    lanes = 0
    for name in model.decision_names:
        try:
            wanted = reference.decide(name, given.reference)
        except (Unstated, RecursionError) as unstated:
            raise Skipped from unstated
        outcome = model.decide(name, given.product)
        if any(fault.code.startswith("FEEL-LIMIT") for fault in outcome.faults):
            raise Skipped
        lanes += lane_of(model._plans[name], model.hash, _gave_up)(given.product, None) is not GAVE_UP
        found = from_product(outcome.value)
        long = from_product(_evaluate(model._plans[name], name, given.product, None, model.hash).value)
        if not alike(found, long):
            return Verdict(f"`{name}` is {found!r} by the fast lane, and {long!r} the long way", lanes)
        if not alike(found, wanted):
            return Verdict(f"`{name}` is {found!r}, and {wanted!r} by the letter", lanes)
    return Verdict(_serving(model, reference, given), lanes)


def _serving(model: Model, reference: ReferenceModel, given: Given) -> str:
    """Ask every decision service, its input decision given like an input."""
    decided = dict.fromkeys(model.decision_names, given.reference["amount"])
    arguments = {**given.product, **dict.fromkeys(decided, given.product["amount"])}
    for name in model.service_names:
        try:
            wanted = reference.invoke(name, {**given.reference, **decided})
        except (Unstated, RecursionError) as unstated:
            raise Skipped from unstated
        outcome = model.invoke(name, arguments)
        if any(fault.code.startswith("FEEL-LIMIT") for fault in outcome.faults):
            raise Skipped
        found = from_product(outcome.value)
        if not alike(found, wanted):
            return f"the service `{name}` answers {found!r}, and {wanted!r} by the letter"
    return ""


GAVE_UP = Outcome.__new__(Outcome)


def _gave_up(_inputs: object, _now: object) -> Outcome:
    """Stand where a lane gives up and the long way would be taken."""
    return GAVE_UP


def reduced(definitions: Definitions, wrong: Callable[[Definitions], str]) -> Definitions:
    """A smaller model with which something is still wrong."""
    smaller: Definitions | None = definitions
    while smaller is not None:
        definitions = smaller
        smaller = next((change for change in _changes(definitions) if _still(change, wrong)), None)
    return definitions


def _still(definitions: Definitions, wrong: Callable[[Definitions], str]) -> bool:
    try:
        return bool(wrong(definitions))
    except (Skipped, KeyError, ValueError, IndexError):  # what was left out is needed
        return False


_LISTED = ("elements", "rules", "entries", "items", "rows", "item_definitions")


def _changes(part: Any) -> Iterator[Any]:
    """Each model that is one step smaller: a rule, an entry or an element less, a null in place of an expression."""
    if isinstance(part, BoxedExpression) and part != LiteralExpression("null"):
        yield LiteralExpression("null")
    if not is_dataclass(part) or isinstance(part, type):
        return
    for field in fields(part):
        value = getattr(part, field.name)
        if isinstance(value, tuple):
            if field.name in _LISTED:
                yield from (replace(part, **{field.name: value[:at] + value[at + 1 :]}) for at in range(len(value)))
            for at, entry in enumerate(value):
                changes = _changes(entry)
                yield from (replace(part, **{field.name: (*value[:at], each, *value[at + 1 :])}) for each in changes)
        elif is_dataclass(value) and not (isinstance(part, Decision) and field.name == "variable"):
            yield from (replace(part, **{field.name: each}) for each in _changes(value))

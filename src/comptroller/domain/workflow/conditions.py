"""Conditions of events that look at what the process does not have.

An event whose condition lacks a fact waits for it. Under a name that nothing ever gives a value it would wait for ever,
and what it was to stop would go on: so what a condition looks at is declared, or written, by the process itself.
"""

from collections.abc import Iterator
from typing import Final

from comptroller.domain.kernel.fault import Fault
from comptroller.domain.workflow.faults import fault
from comptroller.domain.workflow.model import ScriptTask
from comptroller.domain.workflow.process import COUNTER, CatchKind, Place, Process, declared

GIVEN: Final = frozenset({"begun", "message"})
"""The variables that the platform gives a case which an event begins."""


def check_conditions(process: Process) -> Iterator[Fault]:
    """The conditional events that look at no variable of the process."""
    known = {*declared(process), *process.decisions, *GIVEN, COUNTER}
    known.update(*map(_names, process.places.values()))
    catches = {catch.id: catch for place in process.places.values() for catch in (*place.own, *place.boundary)}
    for key, catch in catches.items():
        if catch.kind is CatchKind.CONDITION and catch.expression is not None:
            for name in sorted(catch.expression.looked_up - known):
                message = f"the condition looks at `{name}`, which is no variable of the process"
                help_text = "declare it as a property of the process, or mend the name"
                yield fault("WORKFLOW-CONDITION-03", key, message, help=help_text)


def _names(place: Place) -> Iterator[str]:
    """The variables that an activity has for itself, or writes."""
    yield from (each.target for each in (*place.inputs, *place.outputs))
    if isinstance(place.node, ScriptTask):
        yield place.node.result
    if place.instances is not None:
        yield from (place.instances.item, place.instances.result, place.instances.result_item)

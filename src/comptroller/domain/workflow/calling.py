"""Processes that call themselves, or one another, on every way: no case of them comes to an end.

A process can end where a way leads to an end that passes only calls of processes which can end. Beginning with none,
those that can are added until there are no more; the rest cannot. Choices are free here, as in `soundness`; what is
bound to another version than the one that is looked at is taken to end.
"""

from collections.abc import Collection, Iterator, Mapping

from comptroller.domain.kernel.fault import Fault
from comptroller.domain.workflow.circles import on_circles
from comptroller.domain.workflow.faults import fault
from comptroller.domain.workflow.model import (
    Binding,
    CallActivity,
    CancelDefinition,
    EndEvent,
    ErrorDefinition,
    EscalationDefinition,
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    StartEvent,
    SubProcess,
    TerminateDefinition,
)
from comptroller.domain.workflow.process import ROOT, Place, Process


def check_calls(processes: Mapping[str, Process]) -> Iterator[Fault]:
    """The processes among these, by id, that call one another on every way."""
    ending: set[str] = set()
    while more := {key for key, process in processes.items() if key not in ending and _can_end(process, ending)}:
        ending |= more
    left = on_circles({key: _called(processes[key]) - ending for key in processes.keys() - ending})
    for key in sorted(left):
        call = next(each for each in processes[key].calls if each.binding is Binding.RELEASE and each.called in left)
        again = "itself" if call.called == key else f"`{call.called}`, which leads to it again,"
        message = f"`{key}` calls {again} on every way: no case of it comes to an end"
        yield fault("WORKFLOW-CALL-06", call.id, message, help="let a gateway before it decide whether to call")


def _called(process: Process) -> set[str]:
    return {call.called for call in process.calls if call.binding is Binding.RELEASE}


def _can_end(process: Process, ending: Collection[str]) -> bool:
    """Whether a way through the process passes only calls that come back."""
    places = list(process.places.values())
    leaving = {place.scope for place in places if _leaves(place)}
    good: set[str] = set()

    def lets_through(place: Place) -> bool:
        """Whether what the node does can come to its end, so that a token goes on over its flows."""
        match place.node:
            case CallActivity(called=called, binding=Binding.RELEASE):
                return called in ending
            case SubProcess(id=key):
                return _begins_well(places, key, good)
        return True

    def is_good(place: Place) -> bool:
        beside = {place.cancelled_to, *(catch.id for catch in place.boundary), *(each.id for each in place.handlers)}
        if beside & good:
            return True
        onward = [flow.target in good for flow in place.outgoing]
        chooses = isinstance(place.node, ExclusiveGateway | InclusiveGateway | EventBasedGateway)
        one_will_do = chooses or place.scope in leaving
        return lets_through(place) and (not onward or (any(onward) if one_will_do else all(onward)))

    found = -1
    while found < len(good):  # against the flow, as most files are written: a chain is gone through once
        found = len(good)
        for place in reversed(places):
            if place.node.id not in good and is_good(place):
                good.add(place.node.id)
    return _begins_well(places, ROOT, good)


def _begins_well(places: Collection[Place], scope: str, good: Collection[str]) -> bool:
    """Whether a way from a start event, or an event sub-process, comes to an end of the scope."""
    inside = (place.node for place in places if place.scope == scope)
    return any(
        node.id in good
        for node in inside
        if isinstance(node, StartEvent) or (isinstance(node, SubProcess) and node.by_event)
    )


def _leaves(place: Place) -> bool:
    """Whether one token can end the others of its scope, so that not all of them need come to an end."""
    node = place.node
    ends = TerminateDefinition | ErrorDefinition | CancelDefinition | EscalationDefinition
    return (isinstance(node, EndEvent) and isinstance(node.definition, ends)) or (
        isinstance(node, SubProcess) and node.by_event
    )

"""A process in words, node by node in the order in which a token comes to them: for people who read no diagram."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from comptroller.domain.workflow.model import (
    Activity,
    BoundaryEvent,
    BusinessRuleTask,
    CallActivity,
    CancelDefinition,
    CompensateDefinition,
    ConditionalDefinition,
    ErrorDefinition,
    EscalationDefinition,
    EventDefinition,
    LinkDefinition,
    ManualTask,
    MessageDefinition,
    Node,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    SignalDefinition,
    StartEvent,
    SubProcess,
    TerminateDefinition,
    TimerDefinition,
    UserTask,
)
from comptroller.domain.workflow.process import ROOT, Flow, Place, Process

_KINDS: Final = {
    "BusinessRuleTask": "decision",
    "CatchEvent": "event",
    "EventBasedGateway": "first of events",
    "ExclusiveGateway": "choice",
    "InclusiveGateway": "some of",
    "ParallelGateway": "all of",
    "ThrowEvent": "event",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One node: how deep it lies, what it is, what it does, and where it leads."""

    depth: int
    kind: str
    id: str
    name: str
    does: str
    leads: tuple[str, ...]


def outline(process: Process) -> tuple[Line, ...]:
    """Every node of a process; what lies in a sub-process comes behind it."""
    return tuple(_scope(process, ROOT, 0))


def _scope(process: Process, scope: str, depth: int) -> Iterator[Line]:
    for place in _in_order([place for place in process.places.values() if place.scope == scope]):
        node = place.node
        yield Line(depth, kind_of(node), node.id, node.name, does(place), tuple(map(_way, place.outgoing)))
        if isinstance(node, SubProcess):
            yield from _scope(process, node.id, depth + 1)


def _in_order(places: list[Place]) -> list[Place]:
    """As a token comes to them; an activity's events behind it, and what no flow begins at the end."""
    by_id = {place.node.id: place for place in places}
    edges: dict[str, list[str]] = {}
    for place in places:
        if isinstance(place.node, BoundaryEvent):
            edges.setdefault(place.node.attached_to, []).append(place.node.id)
    found: dict[str, Place] = {}
    pending = [place.node.id for place in places if isinstance(place.node, StartEvent)]
    pending += [place.node.id for place in places if not isinstance(place.node, StartEvent) and not place.incoming]
    while pending:
        key = pending.pop(0)
        if key not in found and key in by_id:
            found[key] = by_id[key]
            pending = [*edges.get(key, []), *(flow.target for flow in by_id[key].outgoing), *pending]
    return [*found.values(), *(place for place in places if place.node.id not in found)]


def _way(flow: Flow) -> str:
    return f"{flow.target} if {flow.condition.text}" if flow.condition is not None else flow.target


def kind_of(node: Node) -> str:
    """What a node is, in few words."""
    name = type(node).__name__
    if name in _KINDS:
        return _KINDS[name]
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    return words.removesuffix(" activity")


def does(place: Place) -> str:
    """What a node asks for, waits for or tells."""
    node = place.node
    told: str
    match node:
        case ServiceTask(service=service):
            told = service
        case BusinessRuleTask(decision=decision):
            told = decision
        case UserTask(kind=kind) | ManualTask(kind=kind):
            told = kind
        case ReceiveTask(message=message, key=key) | SendTask(message=message, key=key):
            told = _message(message, key)
        case ScriptTask(script=script, result=result):
            told = f"{result} := {script}"
        case CallActivity(called=called, binding=binding):
            told = f"{called} ({binding.value})"
        case SubProcess():
            told = "transaction" if node.transaction else "when it happens" if node.by_event else ""
        case _:
            definition: EventDefinition | None = getattr(node, "definition", None)
            told = "" if definition is None else event_text(definition)
            told += "" if getattr(node, "interrupting", True) else ", beside"
    if isinstance(node, Activity) and node.instances is not None:
        number = node.instances.collection.strip().removeprefix("=")
        many = f"{number} times" if node.instances.counted else f"for each of {number}"
        told = f"{told} {many}, {'in turn' if node.instances.sequential else 'at once'}".strip()
    return told


def event_text(definition: EventDefinition) -> str:
    """What an event waits for or throws."""
    match definition:
        case TimerDefinition(text, kind, service_hours):
            return f"{kind.value} {text}{' in service hours' if service_hours else ''}"
        case MessageDefinition(message, key):
            return f"message {_message(message, key)}"
        case SignalDefinition(signal):
            return f"signal {signal}"
        case ErrorDefinition(error):
            return f"error {error or 'of any kind'}"
        case EscalationDefinition(escalation):
            return f"escalation {escalation or 'of any kind'}"
        case ConditionalDefinition(condition):
            return f"when {condition}"
        case CompensateDefinition(activity):
            return f"undo {activity}".strip()
        case LinkDefinition(link):
            return f"link {link}"
        case CancelDefinition():
            return "cancel"
        case TerminateDefinition():
            return "end everything"


def _message(message: str, key: str) -> str:
    return f"{message} under {key.strip().removeprefix('=')}" if key else message

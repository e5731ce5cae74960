"""Whether each element stands where it can: which events begin, wait, throw and end where, and what belongs together.

SOURCE: BPMN 2.0.2, clauses 10.5 (events, tables 10.84, 10.86, 10.87, 10.88 and 10.90), 10.6.6 (event-based gateways),
10.7 (compensation) and 10.3.5 (transactions).
"""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.workflow.faults import fault
from comptroller.domain.workflow.graph import Graph
from comptroller.domain.workflow.model import (
    Activity,
    Binding,
    BoundaryEvent,
    CallActivity,
    CancelDefinition,
    CatchEvent,
    CompensateDefinition,
    ConditionalDefinition,
    EndEvent,
    ErrorDefinition,
    EscalationDefinition,
    Event,
    EventBasedGateway,
    EventDefinition,
    LinkDefinition,
    MessageDefinition,
    ProcessModel,
    ReceiveTask,
    Scope,
    SignalDefinition,
    StartEvent,
    SubProcess,
    TerminateDefinition,
    ThrowEvent,
    TimerDefinition,
    TimerKind,
)
from comptroller.domain.workflow.timing import is_in_days

_OUTSIDE: Final = (MessageDefinition, TimerDefinition, SignalDefinition, ConditionalDefinition)
_BEGINS_BY_EVENT: Final = (*_OUTSIDE, ErrorDefinition, EscalationDefinition, CompensateDefinition)
_CATCHES: Final = (*_OUTSIDE, LinkDefinition)
_THROWS: Final = (MessageDefinition, SignalDefinition, EscalationDefinition, CompensateDefinition, LinkDefinition)
_BOUNDARIES: Final = (*_BEGINS_BY_EVENT, CancelDefinition)
_ENDS: Final = (
    MessageDefinition,
    SignalDefinition,
    EscalationDefinition,
    CompensateDefinition,
    ErrorDefinition,
    CancelDefinition,
    TerminateDefinition,
)
_ALWAYS_INTERRUPT: Final = (ErrorDefinition, CancelDefinition)


def may_repeat(definition: EventDefinition) -> bool:
    """Whether an event beside its activity can happen more than once."""
    return not isinstance(definition, TimerDefinition) or definition.kind is TimerKind.CYCLE


def check_placement(scope: Scope, around: Scope | None, graph: Graph) -> Iterator[Fault]:
    """What stands in a scope where it cannot; `around` is the scope that it lies in."""
    yield from _check_starts(scope)
    for node in scope.nodes:
        if isinstance(node, StartEvent | EndEvent | CatchEvent | ThrowEvent | BoundaryEvent):
            yield from _check_event(node, scope)
        if isinstance(node, BoundaryEvent):
            yield from _check_boundary(node, graph)
        elif isinstance(node, EventBasedGateway):
            yield from _check_event_gateway(node, graph)
        elif isinstance(node, Activity):
            yield from _check_activity(node, scope)
    yield from _check_links(scope)
    yield from _check_compensation(scope, around)


def _check_starts(scope: Scope) -> Iterator[Fault]:
    what = "process" if isinstance(scope, ProcessModel) else "sub-process"
    starts = [node for node in scope.nodes if isinstance(node, StartEvent)]
    if not starts:
        yield fault("WORKFLOW-START-01", scope.id, f"the {what} has no start event")
    plain = [start for start in starts if start.definition is None] if isinstance(scope, ProcessModel) else starts
    for extra in plain[1:]:
        yield fault("WORKFLOW-START-02", extra.id, f"the {what} has more than one start event")
    for start in starts:
        yield from _check_begun(start, scope)


def _check_begun(start: StartEvent, scope: Scope) -> Iterator[Fault]:
    """What begins a process comes from outside of every case: there is nothing to ask yet, nor to count from."""
    is_begun = isinstance(scope, ProcessModel) and start.definition is not None
    if (start.owner or start.entity) and not is_begun:
        message = "only a start event by which a process is begun says whose the case is"
        yield fault("WORKFLOW-START-06", start.id, message)
    if start.once and not (is_begun and isinstance(start.definition, MessageDefinition)):
        message = "only a message that begins a process has a key, for which it begins one case once"
        yield fault("WORKFLOW-START-07", start.id, message, help="leave `once` out")
    match start.definition:
        case MessageDefinition(key=key) if is_begun and key:
            message = "a message that begins a process has no key: no case awaits it"
            yield fault("WORKFLOW-START-04", start.id, message, help="leave the key out; what it came under is known")
        case TimerDefinition(kind=TimerKind.DURATION) if is_begun:
            message = "a length of time begins no process: nothing says from when on"
            yield fault("WORKFLOW-START-05", start.id, message, help="write a date, or a cycle such as R1/PT10H")
        case _:
            pass


def _check_event(event: Event, scope: Scope) -> Iterator[Fault]:
    possible: tuple[type[EventDefinition], ...]
    match event:
        case StartEvent():
            by_event = isinstance(scope, SubProcess) and scope.by_event
            possible = _BEGINS_BY_EVENT if by_event else _OUTSIDE if isinstance(scope, ProcessModel) else ()
            if by_event and event.definition is None:
                yield fault("WORKFLOW-EVENT-02", event.id, "nothing begins the event sub-process")
        case CatchEvent():
            possible = _CATCHES
        case ThrowEvent():
            possible = _THROWS
        case BoundaryEvent():
            possible = _BOUNDARIES
        case EndEvent():
            possible = _ENDS
            if isinstance(event.definition, CancelDefinition) and not _is_transaction(scope):
                yield fault("WORKFLOW-TRANSACTION-01", event.id, "only a transaction can be cancelled")
    if isinstance(event.definition, TimerDefinition) and event.definition.service_hours:
        yield from _check_service_hours(event.id, event.definition)
    if event.definition is not None and not isinstance(event.definition, possible):
        kind = type(event.definition).__name__.removesuffix("Definition").lower()
        yield fault("WORKFLOW-EVENT-01", event.id, f"an event of the kind `{kind}` cannot stand here")


def _check_service_hours(event: str, timer: TimerDefinition) -> Iterator[Fault]:
    if timer.kind is TimerKind.DATE:
        message = "an instant is not counted in service hours"
        yield fault("WORKFLOW-TIMER-02", event, message, help="leave the calendar out, or write a length")
    elif timer.text.strip().startswith("=") and is_in_days(timer.text):
        message = f"`{timer.text.strip()}` is no {timer.kind.value} in hours"
        yield fault("WORKFLOW-TIMER-01", event, message, help="write the hours, such as PT16H")


def _check_boundary(boundary: BoundaryEvent, graph: Graph) -> Iterator[Fault]:
    host = graph.nodes.get(boundary.attached_to)
    if isinstance(host, Activity) and graph.is_apart(host):
        yield fault("WORKFLOW-BOUNDARY-01", boundary.id, "what no flow begins has no boundary events")
    if isinstance(boundary.definition, _ALWAYS_INTERRUPT) and not boundary.interrupting:
        yield fault("WORKFLOW-BOUNDARY-02", boundary.id, "an error or a cancelled transaction always interrupts")
    if isinstance(boundary.definition, CancelDefinition) and not (isinstance(host, SubProcess) and host.transaction):
        yield fault("WORKFLOW-TRANSACTION-02", boundary.id, "only a transaction can be cancelled")
    if isinstance(boundary.definition, CompensateDefinition):
        handler = graph.nodes.get(boundary.handler)
        if not isinstance(handler, Activity) or not handler.for_compensation:
            message = "the compensation event leads to no activity that compensates"
            help_text = "associate it with an activity that is marked as compensation"
            yield fault("WORKFLOW-COMPENSATION-01", boundary.id, message, help=help_text)
        if isinstance(host, Activity) and host.instances is not None:
            message = "an activity with many instances is not undone as one"
            yield fault("WORKFLOW-COMPENSATION-04", boundary.id, message, help="undo within a sub-process")


def _check_event_gateway(gateway: EventBasedGateway, graph: Graph) -> Iterator[Fault]:
    if len(graph.flows_out[gateway.id]) == 1:
        message = "the gateway waits for one event alone"
        help_text = "draw the other ways, or leave the gateway out"
        yield fault("WORKFLOW-GATEWAY-04", gateway.id, message, help=help_text, severity=Severity.WARNING)
    attached = {node.attached_to for node in graph.nodes.values() if isinstance(node, BoundaryEvent)}
    for flow in graph.flows_out[gateway.id]:
        event = graph.nodes[flow.target]
        if isinstance(event, CatchEvent):
            waits = isinstance(event.definition, _OUTSIDE)
        else:
            waits = isinstance(event, ReceiveTask) and event.id not in attached and event.instances is None
        if not waits:
            message = "after an event-based gateway comes an event that waits, or a plain receive task"
            yield fault("WORKFLOW-GATEWAY-03", flow.id, message)
        elif len(graph.flows_in[flow.target]) > 1:
            message = f"the event `{flow.target}` behind the gateway is also led to from elsewhere"
            yield fault("WORKFLOW-GATEWAY-03", flow.id, message)


def _check_activity(activity: Activity, scope: Scope) -> Iterator[Fault]:
    loop = activity.instances
    if loop is not None and bool(loop.result) != bool(loop.result_item):
        message = "the results of the instances are to be collected, but not what or not where"
        yield fault("WORKFLOW-INSTANCES-01", activity.id, message)
    if isinstance(activity, CallActivity) and (activity.binding is Binding.VERSION) != bool(activity.version):
        message = "a call bound to a version names its hash, another one does not"
        yield fault("WORKFLOW-CALL-05", activity.id, message)
    if not isinstance(activity, SubProcess):
        return
    if activity.by_event and (loop is not None or activity.transaction):
        yield fault("WORKFLOW-EVENT-03", activity.id, "an event sub-process has no instances and is no transaction")
    is_cancelled = any(isinstance(node, EndEvent) and _cancels(node) for node in activity.nodes)
    if activity.transaction and is_cancelled:
        borders = (node for node in scope.nodes if isinstance(node, BoundaryEvent) and node.attached_to == activity.id)
        if not any(isinstance(border.definition, CancelDefinition) for border in borders):
            message = "the transaction can be cancelled, but nothing follows then"
            yield fault("WORKFLOW-TRANSACTION-03", activity.id, message, help="put a cancel event on its boundary")
        if loop is not None:
            yield fault("WORKFLOW-TRANSACTION-04", activity.id, "one of many instances cannot cancel the transaction")


def _check_links(scope: Scope) -> Iterator[Fault]:
    landings = Counter(
        node.definition.link
        for node in scope.nodes
        if isinstance(node, CatchEvent) and isinstance(node.definition, LinkDefinition)
    )
    for node in scope.nodes:
        if not isinstance(node, ThrowEvent | CatchEvent) or not isinstance(node.definition, LinkDefinition):
            continue
        link = node.definition.link
        if isinstance(node, ThrowEvent) and not landings[link]:
            message = f"the link `{link}` lands nowhere in this scope" if link else "the link has no name"
            yield fault("WORKFLOW-LINK-01", node.id, message)
        if isinstance(node, CatchEvent) and landings[link] > 1:
            yield fault("WORKFLOW-LINK-02", node.id, f"the link `{link}` lands in more than one place")


def _check_compensation(scope: Scope, around: Scope | None) -> Iterator[Fault]:
    """An event sub-process may undo what was done around it."""
    undone = _undone_in(scope)
    if around is not None and isinstance(scope, SubProcess) and scope.by_event:
        undone |= _undone_in(around)
    handlers = {node.handler for node in scope.nodes if isinstance(node, BoundaryEvent)}
    for node in scope.nodes:
        if isinstance(node, Activity) and node.for_compensation and node.id not in handlers:
            yield fault("WORKFLOW-COMPENSATION-02", node.id, "no compensation event leads to the activity")
        if isinstance(node, ThrowEvent | EndEvent) and isinstance(node.definition, CompensateDefinition):
            activity = node.definition.activity
            if activity and activity not in undone:
                message = f"`{activity}` is no activity of this scope that can be undone"
                yield fault("WORKFLOW-COMPENSATION-03", node.id, message)


def _undone_in(scope: Scope) -> set[str]:
    """The activities of a scope that can be undone by name."""
    hosts = {
        node.attached_to
        for node in scope.nodes
        if isinstance(node, BoundaryEvent) and isinstance(node.definition, CompensateDefinition)
    }
    return hosts | {node.id for node in scope.nodes if isinstance(node, SubProcess) and not node.by_event}


def _cancels(node: EndEvent) -> bool:
    return isinstance(node.definition, CancelDefinition)


def _is_transaction(scope: Scope) -> bool:
    return isinstance(scope, SubProcess) and scope.transaction

"""Makes a drawn process executable: texts compiled, events and flows gathered where a token will need them.

It collects all that is wrong with a model, and gives a `Process` only when no fault is an error.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from comptroller.domain.feel import Expression, compile_expression
from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.workflow.calling import check_calls
from comptroller.domain.workflow.conditions import check_conditions
from comptroller.domain.workflow.faults import fault
from comptroller.domain.workflow.graph import Graph, links, nodes_behind
from comptroller.domain.workflow.model import (
    Activity,
    Assignment,
    BoundaryEvent,
    BusinessRuleTask,
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
    ExclusiveGateway,
    InclusiveGateway,
    MessageDefinition,
    Node,
    ProcessModel,
    ReceiveTask,
    Scope,
    ScriptTask,
    SendTask,
    ServiceTask,
    SignalDefinition,
    StartEvent,
    SubProcess,
    ThrowEvent,
    TimerDefinition,
    TimerKind,
    UserTask,
)
from comptroller.domain.workflow.process import (
    COUNTER,
    ROOT,
    Assign,
    Catch,
    CatchKind,
    EventSubProcess,
    Flow,
    Handler,
    Instances,
    Place,
    Plan,
    Process,
    ThrowKind,
)
from comptroller.domain.workflow.soundness import check_graph
from comptroller.domain.workflow.timing import Timing, read_time

INSTANCE_NAMES: Final = (
    "numberOfInstances",
    "numberOfActiveInstances",
    "numberOfCompletedInstances",
    "numberOfTerminatedInstances",
)
"""What a completion condition may ask besides the variables (BPMN 2.0.2, clause 10.3.8)."""

_TWICE: Final = {CatchKind.MESSAGE: "WORKFLOW-MESSAGE-02", CatchKind.SIGNAL: "WORKFLOW-SIGNAL-02"}

_TIMER_HELP: Final = {
    TimerKind.DATE: "write an instant such as 2026-04-01T09:00:00Z, or FEEL after an equals sign",
    TimerKind.DURATION: "write it as ISO 8601, such as PT16H, or as FEEL after an equals sign",
    TimerKind.CYCLE: "write it as ISO 8601, such as R3/PT1H, or as FEEL after an equals sign",
}


def compile_process(model: ProcessModel, *, released: bool = False) -> tuple[Process | None, tuple[Fault, ...]]:
    """Check a process and make it executable; None when a fault is an error. Warnings come with the process.

    One that was `released` is not looked at as a graph again: its cases go on whatever later checks would say of it.
    """
    found = () if released else check_graph(model)
    process, faults = assemble(model)
    faults = (*found, *faults)
    if not released and not _has_error(faults):
        faults = (*faults, *check_calls({process.id: process}), *check_conditions(process))
    return None if _has_error(faults) else process, faults


def _has_error(faults: tuple[Fault, ...]) -> bool:
    return any(each.severity is Severity.ERROR for each in faults)


def assemble(model: ProcessModel) -> tuple[Process, tuple[Fault, ...]]:
    """Make a process executable as it is drawn, sound or not, with the faults of its texts."""
    decisions = tuple(node.decision for node in _everywhere(model) if isinstance(node, BusinessRuleTask))
    compiler = _Compiler(decisions)
    compiler.scope(ROOT, model, ())
    correctable = frozenset(model.correctable)
    calls = tuple(place.node for place in compiler.places.values() if isinstance(place.node, CallActivity))
    counts = any(map(_counts_service_hours, compiler.places.values()))
    joins_some = bool(calls) or any(isinstance(place.node, InclusiveGateway) for place in compiler.places.values())
    process = Process(
        model.id, model.name, model.hash, compiler.places, compiler.plans, correctable, calls, counts, joins_some
    )
    return process, tuple(compiler.faults)


def _counts_service_hours(place: Place) -> bool:
    timings = (catch.timing for catch in (*place.own, *place.boundary))
    return isinstance(place.node, CallActivity) or any(timing and timing.service_hours for timing in timings)


def _everywhere(scope: Scope) -> Iterator[Node]:
    for node in scope.nodes:
        yield node
        if isinstance(node, SubProcess):
            yield from _everywhere(node)


class _Compiler:
    """Compiles the scopes of one model and gathers the faults of their texts."""

    def __init__(self, decisions: tuple[str, ...]) -> None:
        self.faults: list[Fault] = []
        self.places: dict[str, Place] = {}
        self.plans: dict[str, Plan] = {}
        self._decisions = decisions

    def scope(self, key: str, drawn: Scope, outer: tuple[str, ...]) -> None:
        """Compile a scope and those within it; `outer` are the names it sees from around it."""
        work = _ScopeCompiler(self, key, drawn, tuple(dict.fromkeys((*drawn.variables, *outer, *self._decisions))))
        for node in drawn.nodes:
            self.places[node.id] = work.place(node)
            if isinstance(node, SubProcess):
                self.scope(node.id, node, (*work.names, *_own_names(node)))
        self.plans[key] = work.plan()  # after the places of its event sub-processes

    def add(self, found: Fault) -> None:
        """Note a fault; the event behind a gateway is compiled for both, its faults are told once."""
        if found not in self.faults:
            self.faults.append(found)


def _own_names(activity: Activity) -> tuple[str, ...]:
    """The variables that an activity alone has."""
    names = [assignment.target for assignment in activity.inputs]
    if activity.instances is not None:
        names += [name for name in (activity.instances.item, activity.instances.result_item, COUNTER) if name]
    return tuple(names)


class _ScopeCompiler:
    """Compiles the nodes of one scope."""

    def __init__(self, whole: _Compiler, key: str, drawn: Scope, names: tuple[str, ...]) -> None:
        self.names = names
        self._whole = whole
        self._key = key
        self._drawn = drawn
        self._nodes = {node.id: node for node in drawn.nodes}
        self._incoming: dict[str, list[str]] = defaultdict(list)
        self._outgoing: dict[str, list[Flow]] = defaultdict(list)
        self._attached: dict[str, list[BoundaryEvent]] = defaultdict(list)
        for flow in drawn.flows:
            condition = self._expression(flow.id, flow.condition) if flow.condition else None
            self._incoming[flow.target].append(flow.id)
            self._outgoing[flow.source].append(Flow(flow.id, flow.target, condition))
        for node in drawn.nodes:
            if isinstance(node, BoundaryEvent):
                self._attached[node.attached_to].append(node)
        for throw, landing in links(drawn):
            self._outgoing[throw].append(Flow(throw, landing))

    def plan(self) -> Plan:
        """What belongs to the scope as a whole."""
        starts = (node for node in self._drawn.nodes if isinstance(node, StartEvent))
        is_by_event = isinstance(self._drawn, SubProcess) and self._drawn.by_event
        start = next((node.id for node in starts if is_by_event or node.definition is None), "")
        by_event = (node for node in self._drawn.nodes if isinstance(node, SubProcess) and node.by_event)
        handlers = tuple(self._event_sub_process(node) for node in by_event)
        return Plan(start, self._begun_by(), frozenset(self._drawn.variables), handlers)

    def _begun_by(self) -> tuple[Catch, ...]:
        """What begins the process: each message and signal at one start event, or a case could begin at either."""
        if not isinstance(self._drawn, ProcessModel):
            return ()
        starts = (node for node in self._drawn.nodes if isinstance(node, StartEvent))
        catches = tuple(catch for start in starts for catch in self._catch(start))
        self._require_each_once(catches)
        return catches

    def place(self, node: Node) -> Place:
        """The node with its surroundings, compiled."""
        self._require_text(node)
        attached = self._attached[node.id]
        own, boundary = self._own(node), tuple(catch for each in attached for catch in self._catch(each))
        self._require_each_once((*own, *boundary))
        activity = node if isinstance(node, Activity) else None
        return Place(
            node=node,
            scope=self._key,
            incoming=tuple(self._incoming[node.id]),
            outgoing=tuple(self._outgoing[node.id]),
            default=self._default(node),
            instances=self._instances(activity) if activity else None,
            own=own,
            boundary=boundary,
            handlers=tuple(self._handlers(attached)),
            inputs=self._assigns(node, getattr(node, "inputs", ())),
            outputs=self._assigns(node, activity.outputs) if activity else (),
            expression=self._own_expression(node),
            undone_by=next(
                (each.handler for each in attached if isinstance(each.definition, CompensateDefinition)), ""
            ),
            undoes_itself=isinstance(node, SubProcess) and any(map(_compensates, node.nodes)),
            cancelled_to=next((each.id for each in attached if isinstance(each.definition, CancelDefinition)), ""),
            behind=nodes_behind(Graph(self._drawn), node.id) if isinstance(node, InclusiveGateway) else {},
        )

    def _require_text(self, node: Node) -> None:
        """What the platform is asked for must have a name."""
        match node:
            case BusinessRuleTask(decision=""):
                self._fault("WORKFLOW-TASK-01", node.id, "the business rule task names no decision")
            case ServiceTask(service=""):
                self._fault("WORKFLOW-TASK-02", node.id, "the service task names no service")
            case UserTask(kind=""):
                self._fault("WORKFLOW-TASK-03", node.id, "the user task has no kind")
            case ScriptTask(result=""):
                self._fault("WORKFLOW-TASK-05", node.id, "the script task names no variable for its result")
            case CallActivity(called=""):
                self._fault("WORKFLOW-CALL-02", node.id, "the call activity names no process")
            case ReceiveTask(message="") | SendTask(message=""):
                self._fault("WORKFLOW-MESSAGE-01", node.id, "the message has no name")
            case StartEvent() | EndEvent() | CatchEvent() | ThrowEvent() | BoundaryEvent():
                self._require_event_text(node)
            case _:
                pass

    def _require_event_text(self, node: Event) -> None:
        match node.definition:
            case MessageDefinition(message=""):
                self._fault("WORKFLOW-MESSAGE-01", node.id, "the message has no name")
            case SignalDefinition(signal=""):
                self._fault("WORKFLOW-SIGNAL-01", node.id, "the signal has no name")
            case ErrorDefinition(error="") if isinstance(node, EndEvent):
                self._fault("WORKFLOW-ERROR-02", node.id, "the error that is thrown has no code")
            case EscalationDefinition(escalation="") if isinstance(node, EndEvent | ThrowEvent):
                self._fault("WORKFLOW-ESCALATION-01", node.id, "the escalation that is thrown has no code")
            case _:
                pass

    def _default(self, node: Node) -> Flow | None:
        if not isinstance(node, ExclusiveGateway | InclusiveGateway):
            return None
        return next((flow for flow in self._outgoing[node.id] if flow.id == node.default), None)

    def _instances(self, node: Activity) -> Instances | None:
        loop = node.instances
        if loop is None:
            return None
        names = (*INSTANCE_NAMES, *_own_names(node))
        return Instances(
            self._expression(node.id, loop.collection),
            loop.sequential,
            self._expression(node.id, loop.completion, *names) if loop.completion else None,
            loop.counted,
            loop.item,
            loop.result,
            loop.result_item,
        )

    # What a token waits for

    def _own(self, node: Node) -> tuple[Catch, ...]:
        """What a token waits for at the node itself: its event, or those that follow a gateway."""
        match node:
            case CatchEvent() | ReceiveTask():
                return tuple(self._catch(node))
            case EventBasedGateway():
                following = (self._nodes.get(flow.target) for flow in self._outgoing[node.id])
                events = (each for each in following if isinstance(each, CatchEvent | ReceiveTask))
                return tuple(catch for event in events for catch in self._catch(event))
            case StartEvent() if isinstance(self._drawn, SubProcess) and self._drawn.by_event:
                return tuple(self._catch(node))
            case _:
                return ()

    def _require_each_once(self, catches: tuple[Catch, ...]) -> None:
        """A name is awaited once at a place, or nobody could say whose it is."""
        taken: set[tuple[CatchKind, str]] = set()
        for catch in catches:
            if catch.name and (catch.kind, catch.name) in taken:
                self._fault(
                    _TWICE[catch.kind], catch.id, f"the {catch.kind.value} `{catch.name}` is already awaited here"
                )
            taken.add((catch.kind, catch.name))

    def _catch(self, node: CatchEvent | ReceiveTask | StartEvent | BoundaryEvent) -> list[Catch]:
        if isinstance(node, ReceiveTask):
            return [self._message(node.id, node.message, node.key, interrupting=True)]
        interrupting = node.interrupting if isinstance(node, StartEvent | BoundaryEvent) else True
        match node.definition:
            case MessageDefinition(message, key):
                return [self._message(node.id, message, key, interrupting=interrupting)]
            case SignalDefinition(signal):
                return [Catch(node.id, CatchKind.SIGNAL, signal, interrupting)]
            case TimerDefinition() as timer:
                return [Catch(node.id, CatchKind.TIMER, "", interrupting, timing=self._timing(node.id, timer))]
            case ConditionalDefinition(condition):
                expression = self._expression(node.id, condition)
                return [Catch(node.id, CatchKind.CONDITION, "", interrupting, expression=expression)]
        return []

    def _message(self, element: str, message: str, key: str, *, interrupting: bool) -> Catch:
        expression = self._expression(element, key) if key else None
        return Catch(element, CatchKind.MESSAGE, message, interrupting, expression=expression)

    def _timing(self, element: str, timer: TimerDefinition) -> Timing:
        text = timer.text.strip()
        if text.startswith("="):
            return Timing(timer.kind, timer.service_hours, None, self._expression(element, text))
        time = read_time(timer.kind, text, service_hours=timer.service_hours)
        if time is None:
            self._fault(
                "WORKFLOW-TIMER-01",
                element,
                f"`{text}` is no {timer.kind.value}{' in hours' if timer.service_hours else ''}",
                help=_TIMER_HELP[timer.kind],
            )
        return Timing(timer.kind, timer.service_hours, time, None)

    def _handlers(self, attached: list[BoundaryEvent]) -> Iterator[Handler]:
        """Boundary events of errors and escalations; one with a code is asked before one that takes all."""
        handlers = [_handler(each.id, each.definition, interrupting=each.interrupting) for each in attached]
        found = [each for each in handlers if each is not None]
        return iter(sorted(found, key=lambda each: not each.code))

    def _event_sub_process(self, node: SubProcess) -> EventSubProcess:
        start = next(each for each in node.nodes if isinstance(each, StartEvent))
        catch = next(iter(self._whole.places[start.id].own), None)
        handler = _handler(node.id, start.definition, interrupting=start.interrupting)
        undoes = isinstance(start.definition, CompensateDefinition)
        return EventSubProcess(node.id, start.id, start.interrupting, catch, handler, undoes)

    # Texts

    def _own_expression(self, node: Node) -> Expression | None:
        match node:
            case ScriptTask(script=script):
                return self._expression(node.id, script, *_own_names(node))
            case SendTask(key=key) | ThrowEvent(definition=MessageDefinition(key=key)) if key:
                return self._expression(node.id, key)
            case EndEvent(definition=MessageDefinition(key=key)) if key:
                return self._expression(node.id, key)
        return None

    def _assigns(self, node: Node, assignments: Iterable[Assignment]) -> tuple[Assign, ...]:
        own = _own_names(node) if isinstance(node, Activity) else ()
        inner = node.variables if isinstance(node, SubProcess) else ()
        return tuple(Assign(each.target, self._expression(node.id, each.source, *own, *inner)) for each in assignments)

    def _expression(self, element: str, text: str, *names: str) -> Expression:
        """FEEL, with or without the equals sign that some modellers put before it."""
        expression = compile_expression(text.strip().removeprefix("="), (*self.names, *names))
        for found in expression.faults:
            message = f"{found.message} ({found.path})" if found.path else found.message
            self._whole.add(Fault(found.code, element, message, found.severity, by=found.by, help=found.help))
        return expression

    def _fault(self, code: str, element: str, message: str, *, help: str = "") -> None:  # noqa: A002 - Fault's own field
        self._whole.add(fault(code, element, message, help=help))


def _compensates(node: Node) -> bool:
    """Whether a node is an event sub-process that undoes what is around it."""
    if not isinstance(node, SubProcess) or not node.by_event:
        return False
    starts = (each for each in node.nodes if isinstance(each, StartEvent))
    return any(isinstance(start.definition, CompensateDefinition) for start in starts)


def _handler(element: str, definition: EventDefinition | None, *, interrupting: bool) -> Handler | None:
    match definition:
        case ErrorDefinition(error):
            return Handler(element, ThrowKind.ERROR, error, interrupting=True)
        case EscalationDefinition(escalation):
            return Handler(element, ThrowKind.ESCALATION, escalation, interrupting)
    return None

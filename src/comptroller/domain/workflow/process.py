"""A process ready to run: every node with its flows, boundary events and compiled expressions at hand.

`compile_process` is the one way to make one. It collects all that is wrong with a model, and gives a `Process` only
when no fault is an error.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from comptroller.domain.feel import Expression, compile_expression
from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.workflow.model import (
    Boundary,
    BusinessRuleTask,
    ExclusiveGateway,
    MessageBoundary,
    Node,
    ProcessModel,
    ReceiveTask,
    ServiceTask,
    StartEvent,
    TimerBoundary,
    UserTask,
)
from comptroller.domain.workflow.soundness import check_graph, fault
from comptroller.domain.workflow.timing import Duration, parse_duration

INSTANCE_NAMES: Final = (
    "numberOfInstances",
    "numberOfActiveInstances",
    "numberOfCompletedInstances",
    "numberOfTerminatedInstances",
)
"""What a completion condition may ask besides the variables (BPMN 2.0.2, clause 10.3.8)."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow on the way out of a node."""

    id: str
    target: str
    condition: Expression | None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A timer boundary event with its duration, fixed or an expression."""

    id: str
    interrupting: bool
    duration: Duration | Expression


@dataclass(frozen=True, slots=True)
class Instances:
    """The compiled expressions of a multi-instance user task."""

    collection: Expression
    sequential: bool
    completion: Expression | None


@dataclass(frozen=True, slots=True)
class Place:
    """A node and everything the machine needs when a token stands there."""

    node: Node
    incoming: tuple[str, ...]  # ids of flows
    outgoing: tuple[Flow, ...]
    default: Flow | None = None  # exclusive gateway
    instances: Instances | None = None  # multi-instance user task
    alarms: tuple[Alarm, ...] = ()
    messages: Mapping[str, str] = field(default_factory=dict)  # message -> id of its boundary event


@dataclass(frozen=True, slots=True)
class Process:
    """An executable process version. `hash` is the SHA-256 of its source."""

    id: str
    name: str
    hash: str
    start: str
    places: Mapping[str, Place]

    @property
    def decisions(self) -> frozenset[str]:
        """The decisions that the process asks for."""
        nodes = (place.node for place in self.places.values())
        return frozenset(node.decision for node in nodes if isinstance(node, BusinessRuleTask))

    @property
    def services(self) -> frozenset[str]:
        """The services that the process asks for."""
        nodes = (place.node for place in self.places.values())
        return frozenset(node.service for node in nodes if isinstance(node, ServiceTask))

    @property
    def task_kinds(self) -> frozenset[str]:
        """The kinds of user task that the process offers."""
        nodes = (place.node for place in self.places.values())
        return frozenset(node.kind for node in nodes if isinstance(node, UserTask))


def compile_process(model: ProcessModel) -> tuple[Process | None, tuple[Fault, ...]]:
    """Check a process and make it executable; None when a fault is an error. Warnings come with the process."""
    compiler = _Compiler(model)
    places = {node.id: compiler.place(node) for node in model.nodes}
    faults = (*check_graph(model), *compiler.faults)
    if any(found.severity is Severity.ERROR for found in faults):
        return None, faults
    start = next(node.id for node in model.nodes if isinstance(node, StartEvent))
    return Process(model.id, model.name, model.hash, start, places), faults


class _Compiler:
    """Compiles the nodes of one model and gathers the faults of their texts."""

    def __init__(self, model: ProcessModel) -> None:
        self.faults: list[Fault] = []
        decisions = (node.decision for node in model.nodes if isinstance(node, BusinessRuleTask))
        self._names = tuple(dict.fromkeys((*model.variables, *decisions)))
        self._incoming: dict[str, list[str]] = defaultdict(list)
        self._outgoing: dict[str, list[Flow]] = defaultdict(list)
        self._attached: dict[str, list[Boundary]] = defaultdict(list)
        for flow in model.flows:
            condition = self._expression(flow.id, flow.condition) if flow.condition else None
            self._incoming[flow.target].append(flow.id)
            self._outgoing[flow.source].append(Flow(flow.id, flow.target, condition))
        for node in model.nodes:
            if isinstance(node, Boundary):
                self._attached[node.attached_to].append(node)

    def place(self, node: Node) -> Place:
        """The node with its surroundings, compiled."""
        self._require_text(node)
        attached = self._attached[node.id]
        return Place(
            node=node,
            incoming=tuple(self._incoming[node.id]),
            outgoing=tuple(self._outgoing[node.id]),
            default=self._default(node),
            instances=self._instances(node),
            alarms=tuple(self._alarm(boundary) for boundary in attached if isinstance(boundary, TimerBoundary)),
            messages=self._messages(node, attached),
        )

    def _require_text(self, node: Node) -> None:
        """What the platform is asked for must have a name."""
        match node:
            case BusinessRuleTask(decision=""):
                self.faults.append(fault("WORKFLOW-TASK-01", node.id, "the business rule task names no decision"))
            case ServiceTask(service=""):
                self.faults.append(fault("WORKFLOW-TASK-02", node.id, "the service task names no service"))
            case UserTask(kind=""):
                self.faults.append(fault("WORKFLOW-TASK-03", node.id, "the user task has no kind"))
            case ReceiveTask(message="") | MessageBoundary(message=""):
                self.faults.append(fault("WORKFLOW-MESSAGE-01", node.id, "the awaited message has no name"))
            case _:
                pass

    def _default(self, node: Node) -> Flow | None:
        if not isinstance(node, ExclusiveGateway):
            return None
        return next((flow for flow in self._outgoing[node.id] if flow.id == node.default), None)

    def _instances(self, node: Node) -> Instances | None:
        if not isinstance(node, UserTask) or node.instances is None:
            return None
        loop = node.instances
        completion = self._expression(node.id, loop.completion, *INSTANCE_NAMES) if loop.completion else None
        return Instances(self._expression(node.id, loop.collection), loop.sequential, completion)

    def _alarm(self, boundary: TimerBoundary) -> Alarm:
        text = boundary.duration.strip()
        if text.startswith("="):
            return Alarm(boundary.id, boundary.interrupting, self._expression(boundary.id, text))
        duration = parse_duration(text)
        if duration is None:
            self.faults.append(
                fault(
                    "WORKFLOW-TIMER-01",
                    boundary.id,
                    f"`{text}` is no duration",
                    help="write it as ISO 8601, such as PT16H, or as FEEL after an equals sign",
                )
            )
            duration = Duration(0, timedelta(0))
        return Alarm(boundary.id, boundary.interrupting, duration)

    def _messages(self, node: Node, attached: list[Boundary]) -> Mapping[str, str]:
        own = node.message if isinstance(node, ReceiveTask) else None
        messages: dict[str, str] = {}
        for boundary in attached:
            if not isinstance(boundary, MessageBoundary):
                continue
            if boundary.message == own or boundary.message in messages:
                message = f"the task already takes the message `{boundary.message}`"
                self.faults.append(fault("WORKFLOW-MESSAGE-02", boundary.id, message))
            messages[boundary.message] = boundary.id
        return messages

    def _expression(self, element: str, text: str, *names: str) -> Expression:
        """FEEL, with or without the equals sign that some modellers put before it."""
        expression = compile_expression(text.strip().removeprefix("="), (*self._names, *names))
        for found in expression.faults:
            message = f"{found.message} ({found.path})" if found.path else found.message
            self.faults.append(Fault(found.code, element, message, found.severity, by=found.by, help=found.help))
        return expression

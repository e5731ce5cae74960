"""A process ready to run: every node with its flows, events and compiled expressions at hand, whatever scope it is in.

`compile_process` (in `compiling`) is the one way to make one. What a token waits for is one concept: a `Catch`, whether
the event is the node itself, stands on its boundary, follows a gateway or begins an event sub-process.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, assert_never

from comptroller.domain.feel import Expression
from comptroller.domain.workflow.model import (
    Binding,
    BusinessRuleTask,
    CallActivity,
    Node,
    PersonTask,
    ServiceTask,
    StartEvent,
)
from comptroller.domain.workflow.timing import Timing

ROOT: Final = ""
"""The name of the scope that is the process itself."""

COUNTER: Final = "loopCounter"
"""The variable of an instance that says which one it is, counted from 1 (BPMN 2.0.2, clause 10.3.8)."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow on the way out of a node."""

    id: str
    target: str
    condition: Expression | None = None


class CatchKind(StrEnum):
    """What a token can wait for; a closed list."""

    MESSAGE = "message"
    SIGNAL = "signal"
    TIMER = "timer"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class Catch:
    """An event that a token waits for at its place; `name` is of the message or signal."""

    id: str  # of the event's element
    kind: CatchKind
    name: str = ""
    interrupting: bool = True
    timing: Timing | None = None
    expression: Expression | None = None  # the condition, or the message's key


class ThrowKind(StrEnum):
    """What is thrown up through the scopes until somebody takes it; a closed list."""

    ERROR = "error"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Handler:
    """Who takes an error or escalation: a boundary event or event sub-process. Without a code it takes every one."""

    id: str
    kind: ThrowKind
    code: str
    interrupting: bool = True

    def takes(self, kind: ThrowKind, code: str) -> bool:
        """Whether it takes what is thrown."""
        return self.kind is kind and self.code in {"", code}


@dataclass(frozen=True, slots=True)
class Instances:
    """The compiled expressions of a multi-instance activity."""

    collection: Expression
    sequential: bool
    completion: Expression | None
    counted: bool = False
    item: str = ""
    result: str = ""
    result_item: str = ""


@dataclass(frozen=True, slots=True)
class Assign:
    """A compiled assignment."""

    target: str
    source: Expression


@dataclass(frozen=True, slots=True)
class Place:
    """A node and everything the machine needs when a token stands there; `scope` is the sub-process it lies in."""

    node: Node
    scope: str
    incoming: tuple[str, ...]  # ids of flows
    outgoing: tuple[Flow, ...]
    default: Flow | None = None  # choosing gateways
    instances: Instances | None = None
    own: tuple[Catch, ...] = ()  # the node's own event, or those that follow the gateway
    boundary: tuple[Catch, ...] = ()  # those on the activity's edge
    handlers: tuple[Handler, ...] = ()  # boundary events of errors and escalations
    inputs: tuple[Assign, ...] = ()
    outputs: tuple[Assign, ...] = ()
    expression: Expression | None = None  # a script, or the key of a message that is thrown
    undone_by: str = ""  # the activity that undoes this one
    undoes_itself: bool = False  # a sub-process with an event sub-process that compensates
    cancelled_to: str = ""  # the boundary event by which a cancelled transaction goes on
    behind: Mapping[str, frozenset[str]] = field(default_factory=dict)  # inclusive join: flow -> nodes that lead to it

    @property
    def has_own_variables(self) -> bool:
        """Whether an instance of the activity has variables that no other sees."""
        loop = self.instances
        return bool(self.inputs or self.outputs or (loop and (loop.item or loop.result)))

    def awaited(self, kind: CatchKind, name: str) -> Catch:
        """What a token here does with a message or signal that it waits for."""
        return next(catch for catch in (*self.own, *self.boundary) if catch.kind is kind and catch.name == name)

    def catch_of(self, event: str) -> Catch:
        """The catch of an event's element."""
        return next(catch for catch in (*self.own, *self.boundary) if catch.id == event)


@dataclass(frozen=True, slots=True)
class EventSubProcess:
    """An event sub-process of a scope: its node, its start event and what of it is waited for or handled."""

    node: str
    start: str
    interrupting: bool
    catch: Catch | None  # waited for by a token at the start event
    handler: Handler | None  # looked up when something is thrown
    undoes: bool = False  # begins when the scope is compensated


@dataclass(frozen=True, slots=True)
class Plan:
    """What belongs to a scope as a whole: the process, or a sub-process."""

    start: str  # the start event without a definition; empty: none
    begun_by: tuple[Catch, ...] = ()  # of the process: what begins it at its other start events
    variables: frozenset[str] = frozenset()
    by_event: tuple[EventSubProcess, ...] = ()


@dataclass(frozen=True, slots=True)
class Process:
    """An executable process version. `hash` is the SHA-256 of its source."""

    id: str
    name: str
    hash: str
    places: Mapping[str, Place]
    plans: Mapping[str, Plan]  # by scope
    correctable: frozenset[str] = frozenset()  # variables that an operator may correct
    calls: tuple[CallActivity, ...] = ()  # the processes that it calls
    counts_service_hours: bool = False  # a timer of it, or of what it calls, may ask for the calendar
    joins_some: bool = False  # it, or what it calls, may have an inclusive gateway

    @property
    def start(self) -> str:
        """The start event at which a case begins when nothing else is said; empty: every start has its event."""
        return self.plans[ROOT].start

    @property
    def starts(self) -> Mapping[str, StartEvent]:
        """The start events of the process, by id."""
        nodes = (place.node for place in self.places.values() if place.scope == ROOT)
        return {node.id: node for node in nodes if isinstance(node, StartEvent)}

    @property
    def begun_by(self) -> tuple[Catch, ...]:
        """What begins the process at its start events with a definition."""
        return self.plans[ROOT].begun_by

    @property
    def decisions(self) -> frozenset[str]:
        """The decisions that the process asks for."""
        return frozenset(node.decision for node in self._nodes() if isinstance(node, BusinessRuleTask))

    @property
    def services(self) -> frozenset[str]:
        """The services that the process asks for."""
        return frozenset(node.service for node in self._nodes() if isinstance(node, ServiceTask))

    @property
    def task_kinds(self) -> frozenset[str]:
        """The kinds of task that the process offers to people."""
        return frozenset(node.kind for node in self._nodes() if isinstance(node, PersonTask))

    def _nodes(self) -> Iterator[Node]:
        return (place.node for place in self.places.values())


def declared(process: Process) -> frozenset[str]:
    """The variables that a process, or a scope in it, has for its own."""
    return frozenset().union(*(plan.variables for plan in process.plans.values()))


def _none_else(process_hash: str) -> "Process | None":  # noqa: ARG001 - the form of a search
    """Find no further versions."""
    return None


@dataclass(frozen=True, slots=True)
class Library:
    """The processes that can be called: those of the case's own version and those in force, by id, and all by hash."""

    release: Mapping[str, Process] = field(default_factory=dict)
    latest: Mapping[str, Process] = field(default_factory=dict)
    others: Callable[[str], Process | None] = _none_else  # finds every further version by its hash

    def called(self, call: CallActivity) -> Process | None:
        """The version that a call is bound to; None when it is not there."""
        match call.binding:
            case Binding.RELEASE:
                return self.release.get(call.called)
            case Binding.LATEST:
                return self.latest.get(call.called)
            case Binding.VERSION:
                found = self.version(call.version)
                return found if found is not None and found.id == call.called else None
        assert_never(call.binding)

    def version(self, process_hash: str) -> Process | None:
        """The version with this hash; None when it is not there."""
        known = (each for group in (self.release, self.latest) for each in group.values())
        return next((each for each in known if each.hash == process_hash), None) or self.others(process_hash)

"""Processes drawn in a few words, and cases played on them, for tests of the token machine.

`draw(StartEvent("in"), ..., "in > gate", "gate > post : x = 1", "gate >> hold")`: an arrow is a flow, what follows a
colon is its condition, a double arrow is a gateway's default flow. A flow's id is `source-target`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Any

from comptroller.domain.controls.service_hours import ServiceCalendar
from comptroller.domain.feel import Value
from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.kernel.fault import Rejection, Severity
from comptroller.domain.workflow import (
    Command,
    CompleteJob,
    CompleteTask,
    Event,
    Library,
    Process,
    ProcessModel,
    Start,
    State,
    advance,
    apply,
    apply_all,
    compile_process,
    process,
)
from comptroller.domain.workflow.compiling import assemble
from comptroller.domain.workflow.model import (
    BoundaryEvent,
    ExclusiveGateway,
    InclusiveGateway,
    MessageDefinition,
    Node,
    SequenceFlow,
    SubProcess,
    TimerDefinition,
)

NOON = datetime(2026, 3, 27, 12, 0, tzinfo=UTC)
VARIABLES = ("x", "y", "people", "open steps", "decision taken", "hours", "found")


def draw(*parts: Node | str, name: str = "drawn") -> ProcessModel:
    """The process with these nodes and arrows."""
    nodes, flows = content(*parts)
    return ProcessModel(name, name.title(), sha256(name.encode()).hexdigest(), nodes, flows, VARIABLES)


def sub(key: str, *parts: Node | str, **more: Any) -> SubProcess:
    """The sub-process with these nodes and arrows."""
    nodes, flows = content(*parts)
    return SubProcess(key, "", nodes, flows, **more)


def content(*parts: Node | str) -> tuple[tuple[Node, ...], tuple[SequenceFlow, ...]]:
    """The nodes and flows that these parts draw."""
    nodes = {part.id: part for part in parts if not isinstance(part, str)}
    flows = []
    for part in parts:
        if not isinstance(part, str):
            continue
        arrow, _, condition = part.partition(" : ")
        is_default = " >> " in arrow
        stations = arrow.split(" >> " if is_default else " > ")
        for source, target in pairwise(stations):
            flows.append(SequenceFlow(f"{source}-{target}", source, target, condition))
            gateway = nodes.get(source)
            if is_default and isinstance(gateway, ExclusiveGateway | InclusiveGateway):
                nodes[source] = replace(gateway, default=f"{source}-{target}")
    return tuple(nodes.values()), tuple(flows)


def timer_boundary(key: str, host: str, length: str, *, interrupting: bool = True) -> BoundaryEvent:
    """A timer on the edge of an activity."""
    return BoundaryEvent(key, "", host, TimerDefinition(length), interrupting)


def message_boundary(key: str, host: str, message: str, *, interrupting: bool = True) -> BoundaryEvent:
    """A message on the edge of an activity."""
    return BoundaryEvent(key, "", host, MessageDefinition(message), interrupting)


def compiled(*parts: Node | str, name: str = "drawn") -> Process:
    """The drawn process, which must have no fault but warnings."""
    definition, faults = compile_process(draw(*parts, name=name))
    assert definition is not None, faults
    assert all(fault.severity is Severity.WARNING for fault in faults)
    return definition


def as_drawn(*parts: Node | str) -> Process:
    """The drawn process, whatever is wrong with it."""
    return assemble(draw(*parts))[0]


class Play:
    """A case being played: after every command the events are replayed and the state is stored and read again."""

    def __init__(
        self,
        definition: Process,
        variables: Mapping[str, Value] | None = None,
        *,
        calls: Iterable[Process] = (),
        calendar: ServiceCalendar | None = None,
        event: str = "",
    ) -> None:
        self.definition = definition
        self.library = Library({process.id: process for process in calls})
        self.calendar = calendar
        self.now = NOON
        self.events: list[Event] = []
        self.last: tuple[Event, ...] = ()
        self._state: State | None = None
        self.do(Start(variables or {}, event))

    @property
    def state(self) -> State:
        assert self._state is not None
        return self._state

    def send(self, command: Command) -> tuple[Event, ...] | Rejection:
        """Give the command; the state goes on when it is not rejected."""
        before = self._state
        more: Any = {"calendar": self.calendar, "library": self.library}
        advanced = advance(self.definition, before, command, self.now, **more)
        happened = process(self.definition, before, command, self.now, **more)
        if isinstance(advanced, Rejection):
            assert happened == advanced
            return advanced
        assert happened == advanced.events
        one_by_one = before
        for event in happened:
            one_by_one = apply(self.definition, one_by_one, event)
        self.events.extend(happened)
        assert one_by_one == advanced.state == apply_all(self.definition, None, self.events)
        stored = encode(advanced.state.to_json())
        text = decode(stored)
        assert isinstance(text, dict)
        self._state = State.from_json(text)
        assert self._state == advanced.state
        self.last = happened
        return happened

    def do(self, command: Command) -> tuple[Event, ...]:
        """Give a command that must be taken."""
        happened = self.send(command)
        assert not isinstance(happened, Rejection), happened
        return happened

    def code(self, command: Command) -> str:
        """Give a command that must be rejected; answers the code."""
        refused = self.send(command)
        assert isinstance(refused, Rejection), refused
        return refused.code

    def wait(self, **length: int) -> None:
        """Let time pass, in `timedelta`'s units."""
        self.now += timedelta(**length)

    def tokens(self, node: str) -> list[str]:
        """The tokens at a node, oldest first."""
        return sorted((key for key, token in self.state.tokens.items() if token.node == node), key=int)

    def token(self, node: str) -> str:
        """The one token at a node."""
        (token,) = self.tokens(node)
        return token

    def answer(self, node: str, **outputs: Value) -> tuple[Event, ...]:
        """Complete the job at a node."""
        return self.do(CompleteJob(self.token(node), outputs))

    def finish(self, node: str, instance: int = 1, **outputs: Value) -> tuple[Event, ...]:
        """Complete an instance of the user task at a node."""
        return self.do(CompleteTask(self.token(node), instance, outputs))

    @property
    def standing(self) -> list[str]:
        """The nodes where tokens stand, sorted."""
        return sorted(token.node for token in self.state.tokens.values())

    @property
    def incidents(self) -> dict[str, str]:
        """Node -> code of the incident there."""
        return {token.node: token.incident for token in self.state.tokens.values() if token.incident}

    def happened(self, kind: type[Event]) -> Counter[str]:
        """How often an event of this kind has happened, by node."""
        return Counter(getattr(event, "node", "") for event in self.events if isinstance(event, kind))

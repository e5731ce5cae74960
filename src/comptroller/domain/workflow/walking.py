"""Walks a process with answers that are given beforehand: what a case would do, without a platform around it.

Everything that a case asks for is answered by the node that asks, from a list of answers taken one after the other; the
last one is given again and again. What nobody has an answer for is waited for. Then comes what else is to happen, in
its order. The same script gives the same walk.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from comptroller.domain.controls.service_hours import ServiceCalendar
from comptroller.domain.feel import Value
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.workflow import events
from comptroller.domain.workflow.commands import (
    Command,
    CompleteJob,
    CompleteTask,
    DeliverMessage,
    DeliverSignal,
    FailJob,
    FireTimer,
    Start,
)
from comptroller.domain.workflow.events import Event
from comptroller.domain.workflow.machine import NO_CALLS, advance
from comptroller.domain.workflow.process import Catch, CatchKind, Library, Process
from comptroller.domain.workflow.state import State, Status
from comptroller.domain.workflow.timing import first_turn

STEPS_MAX: Final = 1_000
"""Commands of one walk: a script whose answers lead in circles is stopped."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a decision, service or person answers; with an error, that it failed."""

    outputs: Mapping[str, Value] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """A message (with its key), a signal, or a timer by the id of its event; exactly one of them."""

    message: str = ""
    signal: str = ""
    timer: str = ""
    key: str = ""
    outputs: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Script:
    """What is known before a walk: variables, the start event, answers by node, and what else happens.

    Without a start event a process that has no plain one is begun by the first of what happens.
    """

    variables: Mapping[str, Value] = field(default_factory=dict)
    event: str = ""
    answers: Mapping[str, Sequence[Answer]] = field(default_factory=dict)
    happenings: Sequence[Happening] = ()


@dataclass(frozen=True, slots=True)
class Stride:
    """One command of a walk, the instant it was given at and what it led to."""

    at: datetime
    command: Command
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk: its strides, where the case then stands, and why it went no further before its end (empty: it did)."""

    strides: tuple[Stride, ...]
    state: State
    stopped: str


def walk(
    definition: Process,
    script: Script,
    now: datetime,
    *,
    calendar: ServiceCalendar | None = None,
    library: Library = NO_CALLS,
) -> Walk | Rejection:
    """Take a case from its start as far as the script says; a `Rejection` when it cannot be begun."""
    return _Walker(definition, script, now, {"calendar": calendar, "library": library}).run()


class _Walker:
    def __init__(self, definition: Process, script: Script, now: datetime, surroundings: Mapping[str, Any]) -> None:
        self._definition = definition
        self._script = script
        self._now = now
        self._surroundings = surroundings
        self._state: State | None = None
        self._strides: list[Stride] = []
        self._jobs: set[tuple[str, str]] = set()  # tokens and the nodes at which they have asked a decision or service
        self._tasks: set[tuple[str, int]] = set()  # tokens and instances that have asked a person
        self._given = {node: deque(answers) for node, answers in script.answers.items()}

    def run(self) -> Walk | Rejection:
        pending, stopped = deque(self._script.happenings), ""
        refused = self._do(self._start(pending))
        if refused is not None:
            return refused
        while self._standing.status is Status.RUNNING and not stopped:
            command = self._answer()
            if command is None and pending:
                command = self._happen(pending.popleft())
                if command is None:
                    stopped = "what is to happen next is not waited for"
            if command is None:
                stopped = stopped or "nothing is left that could move the case"
            elif len(self._strides) > STEPS_MAX:
                stopped = f"the walk has more than {STEPS_MAX} steps"
            else:
                refused = self._do(command)
                assert refused is None, refused  # what is awaited is taken
        return Walk(tuple(self._strides), self._standing, stopped)

    def _start(self, pending: deque[Happening]) -> Start:
        """Begin where the script says or at the plain start event; where there is none, by what happens first."""
        variables, event = self._script.variables, self._script.event
        begun = self._begun_by(pending[0]) if pending else None
        if event or self._definition.start or begun is None:
            return Start(variables, event)
        happening = pending.popleft()
        turn = first_turn(begun.timing, self._now, self._surroundings["calendar"]) if begun.timing is not None else None
        self._now = self._now if turn is None else turn.due
        return Start({**variables, **happening.outputs}, begun.id)

    def _begun_by(self, happening: Happening) -> Catch | None:
        """What of the process a happening begins."""
        named = {CatchKind.MESSAGE: happening.message, CatchKind.SIGNAL: happening.signal}
        for catch in self._definition.begun_by:
            if catch.id == happening.timer or (catch.name and named.get(catch.kind) == catch.name):
                return catch
        return None

    @property
    def _standing(self) -> State:
        assert self._state is not None
        return self._state

    def _do(self, command: Command) -> Rejection | None:
        advanced = advance(self._definition, self._state, command, self._now, **self._surroundings)
        if isinstance(advanced, Rejection):
            return advanced
        self._state = advanced.state
        self._strides.append(Stride(self._now, command, advanced.events))
        for event in advanced.events:
            match event:
                case events.DecisionRequested() | events.ServiceRequested():
                    self._jobs.add((event.token, event.node))
                case events.TaskOffered():
                    self._tasks.add((event.token, event.instance))
                case _:
                    pass
        return None

    def _answer(self) -> Command | None:
        """The answer for the oldest token that has one."""
        for token, at in self._standing.tokens.items():
            if at.node not in self._given:
                continue
            if (token, at.node) in self._jobs and not at.incident:
                answer = self._next(at.node)
                failed = FailJob(token, answer.error, answer.outputs)
                return failed if answer.error else CompleteJob(token, answer.outputs)
            for instance in at.tasks.open if at.tasks is not None else ():
                if (token, instance) in self._tasks:
                    return CompleteTask(token, instance, self._next(at.node).outputs)
        return None

    def _next(self, node: str) -> Answer:
        answers = self._given[node]
        return answers.popleft() if len(answers) > 1 else answers[0]

    def _happen(self, happening: Happening) -> Command | None:
        tokens = self._standing.tokens.items()
        if happening.signal:
            heard = any(happening.signal in at.signals for _, at in tokens)
            return DeliverSignal(happening.signal, happening.outputs) if heard else None
        if happening.timer:
            for token, at in tokens:
                for timer in at.timers:
                    if timer.id == happening.timer:
                        self._now = max(self._now, timer.due)
                        return FireTimer(token, timer.id)
            return None
        for token, at in tokens:
            if happening.message in at.messages and dict(at.keys).get(happening.message, "") == happening.key:
                return DeliverMessage(token, happening.message, happening.outputs, happening.key)
        return None

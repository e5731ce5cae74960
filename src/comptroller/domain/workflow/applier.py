"""What each event does to a state; the only place where a state changes.

`apply` is a function from state to state. Inside it works on a draft, a private copy that is written back when all
events of a command are in, so that a command with forty events copies a case's variables once.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, assert_never

from comptroller.domain.workflow.events import (
    CaseCancelled,
    CaseEnded,
    CaseStarted,
    ConditionFailed,
    DecisionRequested,
    Event,
    IncidentRaised,
    InstancesPlanned,
    JobCompleted,
    JobWithdrawn,
    MessageAwaited,
    MessageForgotten,
    MessageReceived,
    NodeEntered,
    NodeLeft,
    ServiceRequested,
    TaskCompleted,
    TaskOffered,
    TaskWithdrawn,
    TimerCancelled,
    TimerFired,
    TimerSet,
    VariablesSet,
)
from comptroller.domain.workflow.process import Process
from comptroller.domain.workflow.state import State, Status, Tasks, Timer, Token

_NOTHING: Final = State()


def apply(process: Process, state: State | None, event: Event) -> State:
    """The state after the event; None is the state before `CaseStarted`."""
    return apply_all(process, state, (event,))


def apply_all(process: Process, state: State | None, events: Iterable[Event]) -> State:
    """The state after all the events, in order: how a case is replayed."""
    draft = Draft(process, state)
    for event in events:
        draft.absorb(event)
    return draft.state()


class Draft:
    """A state being changed by events; the machine reads it while it decides what happens next."""

    __slots__ = ("end", "entered", "mark", "process", "status", "tokens", "variables")

    def __init__(self, process: Process, state: State | None) -> None:
        before = state or _NOTHING
        self.process = process
        self.tokens = dict(before.tokens)
        self.variables = before.variables
        self.entered = before.entered
        self.mark = before.mark
        self.status = before.status
        self.end = before.end

    def state(self) -> State:
        """The draft as a state; the draft is not used any more."""
        return State(self.tokens, self.variables, self.entered, self.mark, self.status, self.end)

    def absorb(self, event: Event) -> None:
        """Change the draft as the event says. The frequent events come first."""
        match event:
            case NodeEntered():
                self.entered += 1
                self.tokens[event.token] = _arrived(event.node, event.flow)
            case NodeLeft():
                del self.tokens[event.token]
            case JobCompleted() | DecisionRequested() | ServiceRequested() | JobWithdrawn():
                pass  # a token at such a node is the job
            case ConditionFailed():
                pass  # told for the reader of the case
            case VariablesSet():
                self.variables = {**self.variables, **event.variables}
            case InstancesPlanned() | TaskOffered() | TaskCompleted() | TaskWithdrawn():
                self._absorb_task(event)
            case MessageAwaited() | MessageReceived() | MessageForgotten():
                self._absorb_message(event)
            case TimerSet() | TimerFired() | TimerCancelled():
                self._absorb_timer(event)
            case IncidentRaised(token, _, code):
                at = self.tokens[token]
                self.tokens[token] = Token(at.node, at.flow, at.tasks, at.messages, at.timers, code)
            case CaseEnded(end):
                self.status = Status.ENDED
                self.end = end
            case CaseCancelled():
                self.status = Status.CANCELLED
            case CaseStarted(version):
                if version != self.process.hash:
                    # INVARIANT 8: a case keeps the process version it started with
                    raise ValueError(f"the case runs on process version `{version}`, not on `{self.process.hash}`")
            case _:
                assert_never(event)

    def _absorb_task(self, event: InstancesPlanned | TaskOffered | TaskCompleted | TaskWithdrawn) -> None:
        at = self.tokens[event.token]
        before = at.tasks or Tasks(1)
        match event:
            case InstancesPlanned(_, _, total, queue):
                tasks = Tasks(total, queue=queue)
            case TaskOffered(_, _, instance):
                tasks = Tasks(before.total, (*before.open, instance), before.completed, before.queue[1:])
            case TaskCompleted(_, _, instance):
                self.mark = self.entered
                tasks = Tasks(before.total, _without(before.open, instance), before.completed + 1, before.queue)
            case TaskWithdrawn(_, _, instance):
                tasks = Tasks(before.total, _without(before.open, instance), before.completed, before.queue)
            case _:
                assert_never(event)
        self.tokens[event.token] = Token(at.node, at.flow, tasks, at.messages, at.timers, at.incident)

    def _absorb_message(self, event: MessageAwaited | MessageReceived | MessageForgotten) -> None:
        at = self.tokens[event.token]
        if isinstance(event, MessageAwaited):
            messages = (*at.messages, event.message)
        else:
            messages = tuple(message for message in at.messages if message != event.message)
        if isinstance(event, MessageReceived):
            self.mark = self.entered
        self.tokens[event.token] = Token(at.node, at.flow, at.tasks, messages, at.timers, at.incident)

    def _absorb_timer(self, event: TimerSet | TimerFired | TimerCancelled) -> None:
        at = self.tokens[event.token]
        if isinstance(event, TimerSet):
            timers = (*at.timers, Timer(event.timer, event.due))
        else:
            timers = tuple(timer for timer in at.timers if timer.id != event.timer)
        if isinstance(event, TimerFired):
            self.mark = self.entered
        self.tokens[event.token] = Token(at.node, at.flow, at.tasks, at.messages, timers, at.incident)


@lru_cache(maxsize=4_096)
def _arrived(node: str, flow: str) -> Token:
    """A token that has just arrived: the same value each time a case comes this way, so it is made once."""
    return Token(node, flow)


def _without(instances: tuple[int, ...], instance: int) -> tuple[int, ...]:
    return tuple(number for number in instances if number != instance)

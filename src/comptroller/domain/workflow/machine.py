"""The token machine: a command meets a state and becomes events, or is rejected.

A token stands at a node until its work is done; then it is consumed and a new one is put on every flow that is taken.
The machine goes on until every token waits for somebody, and it never changes a state itself: each event it decides on
is first absorbed into a draft, exactly as `apply` does it later, and the next step is decided on what the draft says.

INVARIANT 2: what cannot be decided is not taken. A condition that errs or gives null takes no flow; where no flow is
left, the token is parked with an incident.
"""

from datetime import datetime
from typing import Final, assert_never

from msgspec import Struct

from comptroller.domain.controls.service_hours import ServiceCalendar
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.workflow import events
from comptroller.domain.workflow.commands import (
    Cancel,
    Command,
    CompleteJob,
    CompleteTask,
    Correct,
    DeliverMessage,
    DeliverSignal,
    FailJob,
    FireTimer,
    MoveBack,
    Repair,
    Resume,
    Retry,
    Skip,
    Start,
    Suspend,
)
from comptroller.domain.workflow.events import Event
from comptroller.domain.workflow.finishing import complete, count_instances
from comptroller.domain.workflow.model import Job, StartEvent
from comptroller.domain.workflow.movement import Movement, Surroundings
from comptroller.domain.workflow.process import ROOT, CatchKind, Library, Place, Process
from comptroller.domain.workflow.repairing import repair
from comptroller.domain.workflow.settling import settle
from comptroller.domain.workflow.state import RUNNING, State, Status, Token
from comptroller.domain.workflow.throwing import hear, throw_error
from comptroller.domain.workflow.timing import Alarm
from comptroller.domain.workflow.waiting import repeat, trigger, watch

SUSPENDED: Final = "WORKFLOW-CASE-04"
"""The refusal of everything but an operator's word while a case is suspended."""

NO_CALLS: Final = Library()
"""The library of a case that calls no process."""


class Advance(Struct, frozen=True):
    """What a command has led to: the events, and the state that they give."""

    events: tuple[Event, ...]
    state: State


def process(
    definition: Process,
    state: State | None,
    command: Command,
    now: datetime,
    *,
    calendar: ServiceCalendar | None = None,
    library: Library = NO_CALLS,
) -> tuple[Event, ...] | Rejection:
    """What the command leads to, up to where every token waits again; None is the state of a case not yet started.

    `definition` must be the process version that the case was started with (INVARIANT 8). `calendar` is what timers in
    service hours count by, `library` holds what the process may call, and what it has called.
    """
    advanced = advance(definition, state, command, now, calendar=calendar, library=library)
    return advanced if isinstance(advanced, Rejection) else advanced.events


def advance(
    definition: Process,
    state: State | None,
    command: Command,
    now: datetime,
    *,
    calendar: ServiceCalendar | None = None,
    library: Library = NO_CALLS,
) -> Advance | Rejection:
    """As `process`, with the state that the events give: for a caller that would apply them all at once anyway."""
    refused = _refuse_case(state, command, library)
    if refused is not None:
        return refused
    move = Movement(definition, state, Surroundings(now, calendar, library))
    refused = _obey(definition, move, command)
    if refused is not None:
        return refused
    settle(move)
    return Advance(tuple(move.draft.events), move.draft.state())


def _refuse_case(state: State | None, command: Command, library: Library) -> Rejection | None:
    if isinstance(command, Start):
        return None if state is None else _conflict("WORKFLOW-CASE-01", "the case has already been started")
    if state is None:
        return Rejection(RejectionKind.NOT_FOUND, "WORKFLOW-CASE-02", "the case has not been started")
    if state.status is not RUNNING:
        if state.status is not Status.SUSPENDED:
            return _conflict("WORKFLOW-CASE-03", f"the case is already {state.status.value}")
        if not isinstance(command, Cancel | Repair):
            return _conflict(SUSPENDED, "the case is suspended")
    for at in state.tokens.values():
        if at.inside.process and library.version(at.inside.process) is None:
            message = f"the process version `{at.inside.process}`, called at `{at.node}`, is not there"
            return _conflict("WORKFLOW-VERSION-02", message)
    return None


def _obey(definition: Process, move: Movement, command: Command) -> Rejection | None:
    match command:
        case CompleteJob() | FailJob() | CompleteTask() | DeliverMessage() | FireTimer():
            return _answer(move, command)
        case Start():
            return _start(definition, move, command)
        case Cancel():
            move.abandon_all(ROOT)
            move.emit(events.CaseCancelled(command.reason))
        case DeliverSignal():
            return _deliver_signal(move, command)
        case Retry() | Skip() | MoveBack() | Correct() | Suspend() | Resume():
            return repair(move, command)
        case _:
            assert_never(command)
    return None


def _start(definition: Process, move: Movement, command: Start) -> Rejection | None:
    start = command.event or definition.start
    place = definition.places.get(start)
    if place is None or place.scope != ROOT or not isinstance(place.node, StartEvent):
        message = f"the process has no start event `{start}`" if start else "the process is not begun without an event"
        return Rejection(RejectionKind.INVALID, "WORKFLOW-START-03", message)
    move.emit(events.CaseStarted(definition.hash))
    move.assign(ROOT, command.variables)
    watch(move, ROOT)
    move.send(ROOT, start)
    return None


def _deliver_signal(move: Movement, command: DeliverSignal) -> Rejection | None:
    if not any(command.signal in at.signals for at in move.tokens.values()):
        return _conflict("WORKFLOW-SIGNAL-03", f"the signal `{command.signal}` is not awaited")
    move.emit(events.SignalArrived(command.signal))
    hear(move, command.signal, command.outputs)
    return None


def _answer(
    move: Movement, command: CompleteJob | FailJob | CompleteTask | DeliverMessage | FireTimer
) -> Rejection | None:
    """Give a waiting token what it waits for."""
    at = move.tokens.get(command.token)
    if at is None:
        return _conflict("WORKFLOW-TOKEN-01", f"the token `{command.token}` waits nowhere: gone on, or never there")
    place = move.definition_of(at.scope).places.get(at.node)
    if place is None:
        return _conflict("WORKFLOW-VERSION-01", f"this version of the process has no node `{at.node}`")
    match command:
        case CompleteJob() | FailJob():
            return _answer_job(move, command, at, place)
        case CompleteTask():
            return _complete_task(move, command, at, place)
        case DeliverMessage():
            return _deliver_message(move, command, at, place)
        case FireTimer():
            return _fire_timer(move, command, at, place)
        case _:
            assert_never(command)


def _answer_job(move: Movement, command: CompleteJob | FailJob, at: Token, place: Place) -> Rejection | None:
    if at.incident or at.tasks is not None or not isinstance(place.node, Job):
        return _conflict("WORKFLOW-JOB-01", f"no decision or service is asked for at `{at.node}`")
    if isinstance(command, CompleteJob):
        move.emit(events.JobCompleted(command.token, at.node))
        complete(move, command.token, command.outputs)
    else:
        move.emit(events.JobFailed(command.token, at.node, command.error))
        move.assign(at.scope, command.outputs)
        throw_error(move, command.token, command.error)
    return None


def _complete_task(move: Movement, command: CompleteTask, at: Token, place: Place) -> Rejection | None:
    if at.tasks is None or command.instance not in at.tasks.open or not move.asks(command.token):
        return _conflict("WORKFLOW-TASK-04", f"task {command.instance} at `{at.node}` is not open")
    move.emit(events.TaskCompleted(command.token, at.node, command.instance))
    if place.instances is None or at.instance:
        complete(move, command.token, command.outputs)
        return None
    move.assign(at.scope, command.outputs)
    count_instances(move, command.token, place)
    return None


def _deliver_message(move: Movement, command: DeliverMessage, at: Token, place: Place) -> Rejection | None:
    if command.message not in at.messages:
        return _conflict("WORKFLOW-MESSAGE-03", f"the message `{command.message}` is not awaited at `{at.node}`")
    if dict(at.keys).get(command.message, "") != command.key:
        return _conflict("WORKFLOW-MESSAGE-05", f"the message `{command.message}` is awaited under another key")
    catch = place.awaited(CatchKind.MESSAGE, command.message)
    move.emit(events.MessageReceived(command.token, at.node, command.message))
    trigger(move, command.token, catch, command.outputs)
    return None


def _fire_timer(move: Movement, command: FireTimer, at: Token, place: Place) -> Rejection | None:
    timer = next((timer for timer in at.timers if timer.id == command.timer), None)
    if timer is None:
        return _conflict("WORKFLOW-TIMER-03", f"the timer `{command.timer}` is not set at `{at.node}`")
    if move.now < timer.due:
        return _conflict("WORKFLOW-TIMER-04", f"the timer `{command.timer}` is not due yet")
    catch = place.catch_of(command.timer)
    move.emit(events.TimerFired(command.token, at.node, command.timer))
    if timer.left and not catch.interrupting:
        repeat(move, command.token, catch, Alarm(timer.due, timer.left))
    trigger(move, command.token, catch, {})
    return None


def _conflict(code: str, message: str) -> Rejection:
    return Rejection(RejectionKind.CONFLICT, code, message)

"""The token machine: a command meets a state and becomes events, or is rejected.

A token stands at a node until its work is done; then it is consumed and a new one is put on every flow that is taken.
The machine goes on until every token waits for somebody, and it never changes a state itself: each event it decides on
is first absorbed into a draft, exactly as `apply` does it later, and the next step is decided on what the draft says.

INVARIANT 2: what cannot be decided is not taken. A condition that errs or gives null takes no flow; where no flow is
left, the token is parked with an incident.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import assert_never

from comptroller.domain.feel import Evaluation, Value
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.workflow.commands import (
    Cancel,
    Command,
    CompleteJob,
    CompleteTask,
    DeliverMessage,
    FireTimer,
    Start,
)
from comptroller.domain.workflow.events import (
    CaseCancelled,
    CaseStarted,
    Event,
    JobCompleted,
    MessageReceived,
    TaskCompleted,
    TaskOffered,
    TimerFired,
)
from comptroller.domain.workflow.model import Job, ReceiveTask, UserTask
from comptroller.domain.workflow.movement import Movement
from comptroller.domain.workflow.process import Place, Process
from comptroller.domain.workflow.state import State, Status, Tasks, Token


@dataclass(frozen=True, slots=True)
class Advance:
    """What a command has led to: the events, and the state that they give."""

    events: tuple[Event, ...]
    state: State


def process(definition: Process, state: State | None, command: Command, now: datetime) -> tuple[Event, ...] | Rejection:
    """What the command leads to, up to where every token waits again; None is the state of a case not yet started.

    `definition` must be the process version that the case was started with (INVARIANT 8).
    """
    advanced = advance(definition, state, command, now)
    return advanced if isinstance(advanced, Rejection) else advanced.events


def advance(definition: Process, state: State | None, command: Command, now: datetime) -> Advance | Rejection:
    """As `process`, with the state that the events give: for a caller that would apply them all at once anyway."""
    refused = _refuse_case(state, command)
    if refused is not None:
        return refused
    movement = Movement(definition, state, now)
    match command:
        case Start():
            movement.emit(CaseStarted(definition.hash))
            movement.set_variables(command.variables)
            movement.send(definition.start)
        case Cancel():
            movement.abandon_all()
            movement.emit(CaseCancelled(command.reason))
        case _:
            refused = _answer(definition, movement, command, now)
    if refused is not None:
        return refused
    movement.settle()
    return Advance(tuple(movement.events), movement.draft.state())


def _refuse_case(state: State | None, command: Command) -> Rejection | None:
    if isinstance(command, Start):
        return None if state is None else _conflict("WORKFLOW-CASE-01", "the case has already been started")
    if state is None:
        return Rejection(RejectionKind.NOT_FOUND, "WORKFLOW-CASE-02", "the case has not been started")
    if state.status is not Status.RUNNING:
        return _conflict("WORKFLOW-CASE-03", f"the case is already {state.status.value}")
    return None


def _answer(
    definition: Process,
    movement: Movement,
    command: CompleteJob | CompleteTask | DeliverMessage | FireTimer,
    now: datetime,
) -> Rejection | None:
    """Give a waiting token what it waits for."""
    at = movement.draft.tokens.get(command.token)
    if at is None:
        return _conflict("WORKFLOW-TOKEN-01", f"the token `{command.token}` waits nowhere: gone on, or never there")
    place = definition.places.get(at.node)
    if place is None:
        return _conflict("WORKFLOW-VERSION-01", f"this version of the process has no node `{at.node}`")
    match command:
        case CompleteJob():
            return _complete_job(movement, command, at, place)
        case CompleteTask():
            return _complete_task(movement, command, at, place, now)
        case DeliverMessage():
            return _deliver_message(movement, command, at, place)
        case FireTimer():
            return _fire_timer(movement, command, at, place, now)
        case _:
            assert_never(command)


def _complete_job(movement: Movement, command: CompleteJob, at: Token, place: Place) -> Rejection | None:
    if at.incident or not isinstance(place.node, Job):
        return _conflict("WORKFLOW-JOB-01", f"no decision or service is asked for at `{at.node}`")
    movement.emit(JobCompleted(command.token, at.node))
    movement.set_variables(command.outputs)
    movement.go_on(command.token, place)
    return None


def _complete_task(
    movement: Movement, command: CompleteTask, at: Token, place: Place, now: datetime
) -> Rejection | None:
    if at.tasks is None or command.instance not in at.tasks.open or not isinstance(place.node, UserTask):
        return _conflict("WORKFLOW-TASK-04", f"task {command.instance} at `{at.node}` is not open")
    movement.emit(TaskCompleted(command.token, at.node, command.instance))
    movement.set_variables(command.outputs)
    tasks = movement.draft.tokens[command.token].tasks or at.tasks
    if tasks.completed == tasks.total or _suffices(movement, place, tasks, now):
        movement.go_on(command.token, place)
    elif tasks.queue:
        instance = tasks.total - len(tasks.queue) + 1
        movement.emit(TaskOffered(command.token, at.node, instance, place.node.kind, tasks.queue[0]))
    return None


def _suffices(movement: Movement, place: Place, tasks: Tasks, now: datetime) -> bool:
    """Whether the instances done so far complete the task; an error asks on, which grants nothing."""
    if place.instances is None or place.instances.completion is None:
        return False
    scope: dict[str, Value] = {
        **movement.draft.variables,
        "numberOfInstances": Decimal(tasks.total),
        "numberOfActiveInstances": Decimal(len(tasks.open)),
        "numberOfCompletedInstances": Decimal(tasks.completed),
        "numberOfTerminatedInstances": Decimal(0),
    }
    return place.instances.completion.evaluate(scope, Evaluation(now)) is True


def _deliver_message(movement: Movement, command: DeliverMessage, at: Token, place: Place) -> Rejection | None:
    if command.message not in at.messages:
        return _conflict("WORKFLOW-MESSAGE-03", f"the message `{command.message}` is not awaited at `{at.node}`")
    movement.emit(MessageReceived(command.token, at.node, command.message))
    movement.set_variables(command.outputs)
    if isinstance(place.node, ReceiveTask) and place.node.message == command.message:
        movement.go_on(command.token, place)
    else:
        movement.abandon(command.token)
        movement.send(place.messages[command.message])
    return None


def _fire_timer(movement: Movement, command: FireTimer, at: Token, place: Place, now: datetime) -> Rejection | None:
    timer = next((timer for timer in at.timers if timer.id == command.timer), None)
    if timer is None:
        return _conflict("WORKFLOW-TIMER-03", f"the timer `{command.timer}` is not set at `{at.node}`")
    if now < timer.due:
        return _conflict("WORKFLOW-TIMER-04", f"the timer `{command.timer}` is not due yet")
    movement.emit(TimerFired(command.token, at.node, command.timer))
    if next(alarm for alarm in place.alarms if alarm.id == timer.id).interrupting:
        movement.abandon(command.token)
    movement.send(timer.id)
    return None


def _conflict(code: str, message: str) -> Rejection:
    return Rejection(RejectionKind.CONFLICT, code, message)

"""What each event does to a state; the only place where a state changes.

`apply` is a function from state to state. Inside it works on a draft, a private copy that is written back when all
events of a command are in, so that a command with forty events copies a case's variables once.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from msgspec.structs import replace

from comptroller.domain.workflow import events
from comptroller.domain.workflow.events import Event
from comptroller.domain.workflow.process import Process
from comptroller.domain.workflow.state import Done, Inside, State, Status, Tasks, Timer, Token, with_values

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
    """A state being changed by events; the machine reads it while it decides what happens next. `events` are those."""

    __slots__ = ("done", "end", "entered", "events", "mark", "process", "status", "tokens", "variables")

    def __init__(self, process: Process, state: State | None) -> None:
        before = state or _NOTHING
        self.process = process
        self.events: list[Event] = []
        self.tokens = dict(before.tokens)
        self.variables = before.variables
        self.entered = before.entered
        self.mark = before.mark
        self.status = before.status
        self.end = before.end
        self.done = before.done

    def state(self) -> State:
        """The draft as a state; the draft is not used any more."""
        return State(self.tokens, self.variables, self.entered, self.mark, self.status, self.end, self.done)

    def absorb(self, event: Event) -> None:
        """Change the draft as the event says."""
        change = _CHANGES[event.__class__]
        if change is not None:
            change(self, event)
        self.events.append(event)

    def enter(self, token: str, at: Token) -> None:
        """Count a new token and put it where it stands."""
        self.entered += 1
        self.tokens[token] = at

    def hold(self, token: str, **changes: Any) -> None:
        """Change what a token holds for those inside it."""
        at = self.tokens[token]
        self.tokens[token] = replace(at, inside=replace(at.inside, **changes))

    def done_in(self, scope: str) -> tuple[Done, ...]:
        """What was done in a scope and can be undone."""
        return self.tokens[scope].inside.done if scope else self.done

    def keep_done(self, scope: str, done: tuple[Done, ...]) -> None:
        """Keep what was done in a scope."""
        if scope:
            self.hold(scope, done=done)
        else:
            self.done = done


def _case_started(draft: Draft, event: events.CaseStarted) -> None:
    if event.process != draft.process.hash:
        # INVARIANT 8: a case keeps the process version it started with
        raise ValueError(f"the case runs on process version `{event.process}`, not on `{draft.process.hash}`")


def _case_migrated(draft: Draft, event: events.CaseMigrated) -> None:
    if event.process != draft.process.hash:
        raise ValueError(f"the case migrated to process version `{event.process}`, not to `{draft.process.hash}`")
    for token, node in event.nodes.items():
        draft.tokens[token] = replace(draft.tokens[token], node=node)


def _case_ended(draft: Draft, event: events.CaseEnded) -> None:
    draft.status = Status.ENDED
    draft.end = event.end


def _case_cancelled(draft: Draft, event: events.CaseCancelled) -> None:  # noqa: ARG001 - every change takes its event
    draft.status = Status.CANCELLED


def _case_suspended(draft: Draft, event: events.CaseSuspended) -> None:  # noqa: ARG001 - as above
    draft.status = Status.SUSPENDED


def _case_resumed(draft: Draft, event: events.CaseResumed) -> None:  # noqa: ARG001 - as above
    draft.status = Status.RUNNING


def _variables_set(draft: Draft, event: events.VariablesSet) -> None:
    draft.variables = with_values(draft.variables, event.variables)


def _local_variables_set(draft: Draft, event: events.LocalVariablesSet) -> None:
    draft.hold(event.scope, variables={**draft.tokens[event.scope].inside.variables, **event.variables})


# Tokens


def _entered(draft: Draft, event: events.NodeEntered) -> None:
    draft.enter(event.token, Token(event.node, event.flow))


def _inner_entered(draft: Draft, event: events.InnerNodeEntered) -> None:
    draft.enter(event.token, Token(event.node, event.flow, scope=event.scope))


def _left(draft: Draft, event: events.NodeLeft) -> None:
    del draft.tokens[event.token]


def _call_started(draft: Draft, event: events.CallStarted) -> None:
    draft.hold(event.token, process=event.process)


def _incident(draft: Draft, event: events.IncidentRaised) -> None:
    draft.tokens[event.token] = replace(draft.tokens[event.token], incident=event.code)


# Tasks and instances


def _tasks(draft: Draft, token: str, change: Callable[[Tasks], Tasks]) -> None:
    at = draft.tokens[token]
    draft.tokens[token] = replace(at, tasks=change(at.tasks or Tasks(1)))


def _without(instances: tuple[int, ...], instance: int) -> tuple[int, ...]:
    return tuple(number for number in instances if number != instance)


def _opened(tasks: Tasks, instance: int) -> Tasks:
    return Tasks(tasks.total, (*tasks.open, instance), tasks.completed, tasks.queue[1:], tasks.results)


def _closed(tasks: Tasks, instance: int, results: tuple[tuple[int, Any], ...]) -> Tasks:
    return Tasks(tasks.total, _without(tasks.open, instance), tasks.completed + 1, tasks.queue, results)


def _instances_planned(draft: Draft, event: events.InstancesPlanned) -> None:
    _tasks(draft, event.token, lambda _: Tasks(event.total, queue=event.queue))


def _task_offered(draft: Draft, event: events.TaskOffered) -> None:
    _tasks(draft, event.token, lambda tasks: _opened(tasks, event.instance))


def _task_completed(draft: Draft, event: events.TaskCompleted) -> None:
    draft.mark = draft.entered
    _tasks(draft, event.token, lambda tasks: _closed(tasks, event.instance, tasks.results))


def _task_withdrawn(draft: Draft, event: events.TaskWithdrawn) -> None:
    _tasks(draft, event.token, lambda tasks: replace(tasks, open=_without(tasks.open, event.instance)))


def _instance_started(draft: Draft, event: events.InstanceStarted) -> None:
    _tasks(draft, event.scope, lambda tasks: _opened(tasks, event.instance))
    draft.enter(event.token, Token(event.node, "", scope=event.scope, instance=event.instance))


def _instance_completed(draft: Draft, event: events.InstanceCompleted) -> None:
    added = () if event.result is None else ((event.instance, event.result),)
    _tasks(draft, event.token, lambda tasks: _closed(tasks, event.instance, (*tasks.results, *added)))


# What is waited for


def _message_awaited(draft: Draft, event: events.MessageAwaited) -> None:
    at = draft.tokens[event.token]
    draft.tokens[event.token] = replace(at, messages=(*at.messages, event.message))


def _correlation_awaited(draft: Draft, event: events.CorrelationAwaited) -> None:
    at = draft.tokens[event.token]
    keys = (*at.keys, (event.message, event.key))
    draft.tokens[event.token] = replace(at, messages=(*at.messages, event.message), keys=keys)


def _message_over(draft: Draft, event: events.MessageReceived | events.MessageForgotten) -> None:
    at = draft.tokens[event.token]
    messages = tuple(message for message in at.messages if message != event.message)
    keys = tuple(pair for pair in at.keys if pair[0] != event.message)
    draft.tokens[event.token] = replace(at, messages=messages, keys=keys)
    if isinstance(event, events.MessageReceived):
        draft.mark = draft.entered


def _signal_awaited(draft: Draft, event: events.SignalAwaited) -> None:
    at = draft.tokens[event.token]
    draft.tokens[event.token] = replace(at, signals=(*at.signals, event.signal))


def _signal_over(draft: Draft, event: events.SignalReceived | events.SignalForgotten) -> None:
    at = draft.tokens[event.token]
    signals = tuple(signal for signal in at.signals if signal != event.signal)
    draft.tokens[event.token] = replace(at, signals=signals)


def _signal_arrived(draft: Draft, event: events.SignalArrived) -> None:  # noqa: ARG001 - every change takes its event
    draft.mark = draft.entered


def _condition_awaited(draft: Draft, event: events.ConditionAwaited) -> None:
    at = draft.tokens[event.token]
    draft.tokens[event.token] = replace(at, conditions=(*at.conditions, event.event))


def _condition_over(draft: Draft, event: events.ConditionMet | events.ConditionForgotten) -> None:
    at = draft.tokens[event.token]
    conditions = tuple(condition for condition in at.conditions if condition != event.event)
    draft.tokens[event.token] = replace(at, conditions=conditions)


def _timer_set(draft: Draft, event: events.TimerSet | events.CycleSet) -> None:
    at = draft.tokens[event.token]
    timer = Timer(event.timer, event.due, event.left if isinstance(event, events.CycleSet) else None)
    draft.tokens[event.token] = replace(at, timers=(*at.timers, timer))


def _timer_over(draft: Draft, event: events.TimerFired | events.TimerCancelled) -> None:
    at = draft.tokens[event.token]
    draft.tokens[event.token] = replace(at, timers=tuple(timer for timer in at.timers if timer.id != event.timer))
    if isinstance(event, events.TimerFired):
        draft.mark = draft.entered


# Compensation


def _compensation_kept(draft: Draft, event: events.CompensationKept) -> None:
    """What a called process held is over with it: only the handler on the call undoes it."""
    at = draft.tokens[event.token]
    done = Done(event.node) if at.inside.process else Done(event.node, at.inside.variables, at.inside.done)
    draft.keep_done(at.scope, (*draft.done_in(at.scope), done))


def _compensation_thrown(draft: Draft, event: events.CompensationThrown) -> None:
    done = draft.done_in(event.scope)
    undo = tuple(each for each in done if event.activity in {"", each.node})
    draft.keep_done(event.scope, tuple(each for each in done if event.activity not in {"", each.node}))
    draft.hold(event.token, undo=undo)


def _compensation_started(draft: Draft, event: events.CompensationStarted) -> None:
    """The activity's own handler only undoes; where a sub-process undoes itself, it comes back with what it held."""
    *left, last = draft.tokens[event.scope].inside.undo
    draft.hold(event.scope, undo=tuple(left))
    inside = Inside(undoes=True)
    if event.node == last.node:
        inside = Inside(last.variables, done=last.done, undoes=True)
    draft.enter(event.token, Token(event.node, "", scope=event.scope, inside=inside))


def _transaction_cancelled(draft: Draft, event: events.TransactionCancelled) -> None:
    inside = draft.tokens[event.token].inside
    draft.hold(event.token, undo=inside.done, done=(), leaves_by=event.boundary)


_CHANGES: Final[Mapping[type[Event], Callable[[Draft, Any], None] | None]] = {
    events.CaseStarted: _case_started,
    events.CaseMigrated: _case_migrated,
    events.CaseSuspended: _case_suspended,
    events.CaseResumed: _case_resumed,
    events.VariablesSet: _variables_set,
    events.LocalVariablesSet: _local_variables_set,
    events.NodeEntered: _entered,
    events.InnerNodeEntered: _inner_entered,
    events.NodeLeft: _left,
    events.DecisionRequested: None,  # a token at such a node is the job
    events.ServiceRequested: None,
    events.JobCompleted: None,
    events.JobFailed: None,
    events.JobWithdrawn: None,
    events.InstancesPlanned: _instances_planned,
    events.InstanceStarted: _instance_started,
    events.InstanceCompleted: _instance_completed,
    events.TaskOffered: _task_offered,
    events.TaskCompleted: _task_completed,
    events.TaskWithdrawn: _task_withdrawn,
    events.MessageAwaited: _message_awaited,
    events.CorrelationAwaited: _correlation_awaited,
    events.MessageReceived: _message_over,
    events.MessageForgotten: _message_over,
    events.MessageThrown: None,  # told for whoever is outside
    events.SignalArrived: _signal_arrived,
    events.SignalAwaited: _signal_awaited,
    events.SignalReceived: _signal_over,
    events.SignalForgotten: _signal_over,
    events.SignalThrown: None,
    events.ConditionAwaited: _condition_awaited,
    events.ConditionMet: _condition_over,
    events.ConditionForgotten: _condition_over,
    events.TimerSet: _timer_set,
    events.CycleSet: _timer_set,
    events.TimerFired: _timer_over,
    events.TimerCancelled: _timer_over,
    events.CallStarted: _call_started,
    events.ErrorThrown: None,
    events.EscalationThrown: None,
    events.CompensationKept: _compensation_kept,
    events.CompensationThrown: _compensation_thrown,
    events.CompensationStarted: _compensation_started,
    events.TransactionCancelled: _transaction_cancelled,
    events.IncidentRaised: _incident,
    events.ConditionFailed: None,  # told for the reader of the case
    events.CaseEnded: _case_ended,
    events.CaseCancelled: _case_cancelled,
}

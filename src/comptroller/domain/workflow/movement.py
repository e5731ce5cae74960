"""How tokens move: what happens where one arrives, what is closed where one leaves, and where it goes next.

Tokens under way are a queue of flows, so that branches go on in the order in which they are drawn and no process,
however long, nests a call.
"""

from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import assert_never

from comptroller.domain.feel import Evaluation, Value
from comptroller.domain.kernel import limits
from comptroller.domain.workflow.applier import Draft
from comptroller.domain.workflow.events import (
    CaseEnded,
    ConditionFailed,
    DecisionRequested,
    Event,
    IncidentRaised,
    InstancesPlanned,
    JobWithdrawn,
    MessageAwaited,
    MessageForgotten,
    NodeEntered,
    NodeLeft,
    ServiceRequested,
    TaskOffered,
    TaskWithdrawn,
    TimerCancelled,
    TimerSet,
    VariablesSet,
)
from comptroller.domain.workflow.model import (
    Activity,
    BusinessRuleTask,
    EndEvent,
    ExclusiveGateway,
    Job,
    MessageBoundary,
    ParallelGateway,
    ReceiveTask,
    ServiceTask,
    StartEvent,
    TimerBoundary,
    UserTask,
)
from comptroller.domain.workflow.process import Flow, Place, Process
from comptroller.domain.workflow.state import State, Status
from comptroller.domain.workflow.timing import Duration, due, duration_of


class Movement:
    """One command being worked off: the draft of the state, the events so far, the tokens under way."""

    __slots__ = ("_end", "_now", "_process", "_under_way", "draft", "events")

    def __init__(self, definition: Process, state: State | None, now: datetime) -> None:
        self.draft = Draft(definition, state)
        self.events: list[Event] = []
        self._process = definition
        self._now = now
        self._under_way: deque[tuple[str, str]] = deque()  # flow and target
        self._end: EndEvent | None = None

    def emit(self, event: Event) -> None:
        """Let an event happen."""
        self.draft.absorb(event)
        self.events.append(event)

    def set_variables(self, outputs: Mapping[str, Value]) -> None:
        """Keep what somebody has answered."""
        if outputs:
            self.emit(VariablesSet(outputs))

    def send(self, node: str) -> None:
        """Put a new token on its way to a start or boundary event."""
        self._under_way.append(("", node))

    def go_on(self, token: str, place: Place) -> None:
        """Take the token, whose work is done, out of its node and put one on every outgoing flow."""
        self.leave(token)
        self._under_way.extend((flow.id, flow.target) for flow in place.outgoing)

    def leave(self, token: str) -> None:
        """Consume the token and close what it has open, except a job: see `abandon`."""
        at = self.draft.tokens[token]
        if at.tasks is not None:
            for instance in at.tasks.open:
                self.emit(TaskWithdrawn(token, at.node, instance))
        for timer in at.timers:
            self.emit(TimerCancelled(token, at.node, timer.id))
        for message in at.messages:
            self.emit(MessageForgotten(token, at.node, message))
        self.emit(NodeLeft(token, at.node))

    def abandon(self, token: str) -> None:
        """Consume the token before its work is done."""
        at = self.draft.tokens[token]
        if isinstance(self._process.places[at.node].node, Job) and not at.incident:
            self.emit(JobWithdrawn(token, at.node))
        self.leave(token)

    def abandon_all(self) -> None:
        """Consume every token, on nodes and under way."""
        self._under_way.clear()
        for token in tuple(self.draft.tokens):
            self.abandon(token)

    def settle(self) -> None:
        """Move on until every token waits; then see whether the case is at its end."""
        while self._under_way:
            self._arrive(*self._under_way.popleft())
        if self.draft.status is not Status.RUNNING:
            return
        if self._end is not None and not self.draft.tokens:
            self.emit(CaseEnded(self._end.id, self._end.name))
        else:
            self._park_deadlocked()

    def _arrive(self, flow: str, target: str) -> None:
        token = str(self.draft.entered + 1)
        place = self._process.places[target]
        self.emit(NodeEntered(token, target, flow))
        if self.draft.entered - self.draft.mark > limits.WORKFLOW_STEPS_MAX:
            message = f"the case has passed {limits.WORKFLOW_STEPS_MAX} nodes without waiting for anybody"
            self._park(token, target, "WORKFLOW-LOOP-02", message)
            return
        match place.node:
            case BusinessRuleTask() | ServiceTask() | UserTask() | ReceiveTask() as task:
                self._begin(token, place, task)
            case ExclusiveGateway():
                chosen = self._choose(token, place)
                if chosen is not None:
                    self.emit(NodeLeft(token, target))
                    self._under_way.append((chosen.id, chosen.target))
            case ParallelGateway():
                self._join(place)
            case StartEvent() | TimerBoundary() | MessageBoundary():
                self.go_on(token, place)
            case EndEvent() as end:
                self._finish(token, end)
            case _:
                assert_never(place.node)

    def _begin(self, token: str, place: Place, task: Activity) -> None:
        """Ask for a task's work and set its boundary events; where one of their expressions fails, neither."""
        timers = self._due(token, place) if place.alarms else []
        items = self._items(token, place)
        if timers is None or items is None:
            return
        match task:
            case BusinessRuleTask():
                self.emit(DecisionRequested(token, task.id, task.decision))
            case ServiceTask():
                self.emit(ServiceRequested(token, task.id, task.service))
            case UserTask():
                self._offer(token, place, task.kind, items)
            case ReceiveTask():
                self.emit(MessageAwaited(token, task.id, task.message))
            case _:
                assert_never(task)
        for timer, at in timers:
            self.emit(TimerSet(token, task.id, timer, at))
        for message in place.messages:
            self.emit(MessageAwaited(token, task.id, message))

    def _due(self, token: str, place: Place) -> list[tuple[str, datetime]] | None:
        """When the task's timers are due; None, and an incident, where a duration is none."""
        timers = []
        for alarm in place.alarms:
            if isinstance(alarm.duration, Duration):
                duration: Duration | None = alarm.duration
            else:
                duration = duration_of(alarm.duration.evaluate(self.draft.variables, Evaluation(self._now)))
            at = due(self._now, duration) if duration is not None else None
            if at is None:
                self._park(token, place.node.id, "WORKFLOW-TIMER-02", f"the timer `{alarm.id}` has no duration to wait")
                return None
            timers.append((alarm.id, at))
        return timers

    def _items(self, token: str, place: Place) -> list[Value] | None:
        """What the instances of a task are about; None, and an incident, where nobody would be asked."""
        if place.instances is None:
            return [None]
        evaluation = Evaluation(self._now)
        items = place.instances.collection.evaluate(self.draft.variables, evaluation)
        if isinstance(items, list) and items:
            return items
        said = "the collection is empty: nobody would be asked" if items == [] else "the collection is no list"
        code = "WORKFLOW-COLLECTION-02" if items == [] else "WORKFLOW-COLLECTION-01"
        self._park(token, place.node.id, code, _with_reasons(said, evaluation))
        return None

    def _offer(self, token: str, place: Place, kind: str, items: list[Value]) -> None:
        node = place.node.id
        offered = items
        if place.instances is not None:
            offered = items[:1] if place.instances.sequential else items
            queue = tuple(items) if place.instances.sequential else ()
            self.emit(InstancesPlanned(token, node, len(items), queue))
        for instance, item in enumerate(offered, start=1):
            self.emit(TaskOffered(token, node, instance, kind, item))

    def _choose(self, token: str, place: Place) -> Flow | None:
        """The flow to take out of an exclusive gateway; None, and an incident, where there is none."""
        evaluation = Evaluation(self._now)
        for flow in place.outgoing:
            if flow.condition is None:
                if flow is not place.default:
                    return flow  # the only way out
                continue
            value = flow.condition.evaluate(self.draft.variables, evaluation)
            if value is True:
                return flow
            if value is not False:
                message = _with_reasons("the condition gives neither true nor false", evaluation)
                self.emit(ConditionFailed(token, place.node.id, flow.id, message))
        if place.default is None:
            message = "no condition is true and there is no default flow"
            self._park(token, place.node.id, "WORKFLOW-GATEWAY-01", message)
        return place.default

    def _join(self, place: Place) -> None:
        """Fire once a token has come over each incoming flow, with the oldest of each."""
        oldest: dict[str, str] = {}
        for token, at in self.draft.tokens.items():
            if at.node == place.node.id and not at.incident:
                oldest.setdefault(at.flow, token)
        if len(oldest) < len(place.incoming):
            return
        for token in oldest.values():
            self.leave(token)
        self._under_way.extend((flow.id, flow.target) for flow in place.outgoing)

    def _finish(self, token: str, end: EndEvent) -> None:
        self._end = end
        self.leave(token)
        if end.terminates:
            self.abandon_all()

    def _park(self, token: str, node: str, code: str, message: str) -> None:
        self.emit(IncidentRaised(token, node, code, message))

    def _park_deadlocked(self) -> None:
        """Tokens that all stand before joins wait for one another, and nobody outside can help."""
        waiting = self.draft.tokens
        for at in waiting.values():
            if at.incident or not isinstance(self._process.places[at.node].node, ParallelGateway):
                return
        for token, at in tuple(waiting.items()):
            self._park(token, at.node, "WORKFLOW-JOIN-02", "the join waits for a token that cannot come")


def _with_reasons(message: str, evaluation: Evaluation) -> str:
    """A message with what FEEL noted about it."""
    return "; ".join((message, *(found.message for found in evaluation.faults[-3:])))

"""The token machine and the slow reference machine on the same case: told the same, looked at after every word."""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st
from tests.reference.workflow_drawing import Play
from tests.reference.workflow_machine import ReferenceCase
from tests.reference.workflow_visits import Visit

from comptroller.domain.feel import Value
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.workflow import (
    Command,
    CompleteJob,
    CompleteTask,
    DeliverMessage,
    DeliverSignal,
    Event,
    FailJob,
    FireTimer,
    ProcessModel,
    State,
    Status,
    events,
)
from comptroller.domain.workflow.compiling import assemble
from comptroller.domain.workflow.model import BusinessRuleTask, ManualTask, ServiceTask, UserTask
from comptroller.domain.workflow.process import Process
from comptroller.domain.workflow.state import Done, Token

Schedule = Sequence[tuple[int, str | None]]
SCHEDULES: Final = st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(["a", "b", "c", None])), max_size=25)

COMMANDS_MAX: Final = 400
PEOPLE: Final[list[Value]] = ["first", "second", "third"]
MESSAGES: Final = (("answered", ""), ("changed", ""), ("news", ""), ("told", "a"), ("told", "b"), ("told", "c"))
SIGNALS: Final = ("alarm", "horn", "silence")

OPENED: Final[dict[type[Event], str]] = {
    events.NodeEntered: "visit",
    events.InnerNodeEntered: "visit",
    events.InstanceStarted: "visit",
    events.CompensationStarted: "visit",
    events.DecisionRequested: "job",
    events.ServiceRequested: "job",
    events.TaskOffered: "task",
    events.MessageAwaited: "message",
    events.CorrelationAwaited: "message",
    events.SignalAwaited: "signal",
    events.ConditionAwaited: "event",
    events.TimerSet: "timer",
    events.CycleSet: "timer",
}
CLOSED: Final[dict[type[Event], str]] = {
    events.NodeLeft: "visit",
    events.JobCompleted: "job",
    events.JobFailed: "job",
    events.JobWithdrawn: "job",
    events.TaskCompleted: "task",
    events.TaskWithdrawn: "task",
    events.MessageReceived: "message",
    events.MessageForgotten: "message",
    events.SignalReceived: "signal",
    events.SignalForgotten: "signal",
    events.ConditionMet: "event",
    events.ConditionForgotten: "event",
    events.TimerFired: "timer",
    events.TimerCancelled: "timer",
}
_DETAILS: Final = {"task": "instance"}

Key = tuple[str, str, object]


class Duel:
    """One case on both machines. Processes are taken as they are drawn, sound or not."""

    def __init__(self, model: ProcessModel, called: Sequence[ProcessModel] = (), x: str | None = None) -> None:
        variables: dict[str, Value] = {"people": PEOPLE, "x": x}
        self.play = Play(assemble(model)[0], variables, calls=[assemble(each)[0] for each in called])
        self.reference = ReferenceCase(model, variables, {each.id: each for each in called})
        self.told = 0  # commands
        self.compare()

    @property
    def is_running(self) -> bool:
        return self.play.state.status is Status.RUNNING

    def fight(self, schedule: Schedule, *, failing: bool = True) -> None:
        """Say one thing after the other to both: most are to the point, the others whatever is thinkable."""
        for pick, value in schedule:
            if not self.is_running:
                break
            choice, way = divmod(pick, 8)
            said = thinkable(self.play, {"x": value})
            if way:
                said = [each for each in said if self.mirrored(each) is not None] or said
            if way > 1 or not failing:
                said = [each for each in said if not isinstance(each, FailJob)] or said
            self.say(said[choice % len(said)])

    def finish(self, random: Any) -> None:
        """Say what fits until the case is at its end; what could be said for ever is not."""
        for _ in range(COMMANDS_MAX):
            if not self.is_running:
                return
            said = thinkable(self.play, {"x": "a"})
            fitting = [each for each in said if not isinstance(each, FailJob) and self.mirrored(each) is not None]
            self.say(random.choice(fitting))
        raise AssertionError("the case does not come to its end")

    def say(self, command: Command) -> None:
        """Give a command to both."""
        self.told += 1
        self.play.wait(hours=1)
        before, act = self.play.state, self.mirrored(command)
        answer = self.play.send(command)
        assert isinstance(answer, Rejection) == (act is None), (command, answer)
        if act is None:
            assert self.play.state == before
        else:
            act()
        self.compare()

    def compare(self) -> None:
        """Both must stand alike, and the events must say what the state says."""
        assert self.play.state.status.value == self.reference.status
        assert standing(self.play.state) == self.reference.standing()
        assert plain(self.play.state.variables) == plain(self.reference.variables)
        assert self.open_by_events() == self.open_by_state()

    def mirrored(self, command: Command) -> Callable[[], None] | None:
        """What the command is to the reference machine; None where it does not fit."""
        match command:
            case DeliverSignal(signal, outputs):
                heard = any(signal in visit.signals for visit in self.reference.everywhere())
                return (lambda: self.reference.hear(signal, outputs)) if heard else None
            case CompleteJob(token, outputs) if (visit := self.visit(token)).asked:
                return lambda: self.reference.answer(visit, outputs)
            case FailJob(token, error, outputs) if (visit := self.visit(token)).asked:
                return lambda: self.reference.fail(visit, error, outputs)
            case CompleteTask(token, instance, outputs) if instance in (visit := self.visit(token)).open:
                is_person = isinstance(visit.node, UserTask | ManualTask) and visit.inside is None
                return (lambda: self.reference.finish(visit, instance, outputs)) if is_person else None
            case DeliverMessage(token, message, outputs, key):
                visit = self.visit(token)
                fits = visit.messages.get(message) == key
                return (lambda: self.reference.deliver(visit, message, outputs)) if fits else None
            case FireTimer(token, timer) if timer in (visit := self.visit(token)).timers:
                return lambda: self.reference.fire(visit, timer)
        return None

    def visit(self, token: str) -> Visit:
        """The reference's visit that a token stands for: found from the outside in, by node and order."""
        tokens = self.play.state.tokens
        at = tokens[token]
        run = self.reference.root if not at.scope else self.visit(at.scope).inside
        assert run is not None
        alike = [key for key, other in tokens.items() if other.scope == at.scope and other.node == at.node]
        number = sorted(alike, key=int).index(token)
        return [visit for visit in run.visits if visit.node.id == at.node][number]

    def open_by_events(self) -> Counter[Key]:
        """What the events have opened and not closed; nothing may be closed that is not open, or opened twice."""
        found: Counter[Key] = Counter()
        for event in self.play.events:
            if type(event) in OPENED:
                key = _key(OPENED[type(event)], event)
                found[key] += 1
                assert found[key] == 1, event
            elif type(event) in CLOSED:
                key = _key(CLOSED[type(event)], event)
                found[key] -= 1
                assert found[key] == 0, event
        return +found

    def open_by_state(self) -> Counter[Key]:
        """What the state says is open."""
        found: Counter[Key] = Counter()
        tokens = self.play.state.tokens
        for key, at in tokens.items():
            found["visit", key, ""] += 1
            place = self._definition(at).places[at.node]
            node, holds = place.node, place.instances is not None and place.has_own_variables and not at.instance
            if isinstance(node, BusinessRuleTask | ServiceTask) and not at.incident and at.tasks is None:
                found["job", key, ""] += 1
            if isinstance(node, UserTask | ManualTask) and not holds:
                found.update(("task", key, instance) for instance in (at.tasks.open if at.tasks else ()))
            found.update(("message", key, message) for message in at.messages)
            found.update(("signal", key, signal) for signal in at.signals)
            found.update(("event", key, condition) for condition in at.conditions)
            found.update(("timer", key, timer.id) for timer in at.timers)
        return found

    def _definition(self, at: Token) -> Process:
        tokens = self.play.state.tokens
        while at.scope:
            at = tokens[at.scope]
            if at.inside.process:
                found = self.play.library.version(at.inside.process)
                assert found is not None
                return found
        return self.play.definition


def _key(kind: str, event: Any) -> Key:
    detail = "" if kind in {"visit", "job"} else getattr(event, _DETAILS.get(kind, kind))
    return kind, event.token, detail


def thinkable(play: Play, outputs: dict[str, Any]) -> list[Command]:
    """Everything that might be said to the tokens, fitting or not."""
    said: list[Command] = [DeliverSignal(signal, outputs) for signal in SIGNALS]
    for token, at in sorted(play.state.tokens.items(), key=lambda pair: int(pair[0])):
        said.append(CompleteJob(token, outputs))
        said += [FailJob(token, error, outputs) for error in ("e1", "e2")]
        said += [CompleteTask(token, instance, outputs) for instance in (1, 2, 3, 4)]
        said += [DeliverMessage(token, message, outputs, key) for message, key in MESSAGES]
        said += [FireTimer(token, timer.id) for timer in at.timers]
        said.append(FireTimer(token, "none"))
    return said


def standing(state: State) -> list[str]:
    """The machine's tokens in the words of the reference."""
    roots = (repr(_described(state, key)) for key, at in state.tokens.items() if not at.scope)
    return [repr(_deeds(state.done)), *sorted(roots)]


def _described(state: State, token: str) -> tuple[object, ...]:
    at = state.tokens[token]
    inner = sorted(
        (repr(_described(state, key)) for key, other in state.tokens.items() if other.scope == token), key=str
    )
    return (
        at.node,
        at.instance,
        tuple(sorted(at.tasks.open)) if at.tasks else (),
        at.tasks.completed if at.tasks else 0,
        tuple(sorted(timer.id for timer in at.timers)),
        tuple(sorted((message, dict(at.keys).get(message, "")) for message in at.messages)),
        tuple(sorted(at.signals)),
        tuple(sorted(at.conditions)),
        bool(at.incident),
        tuple(sorted(plain(at.inside.variables).items())),
        _deeds(at.inside.undo),
        _deeds(at.inside.done),
        tuple(inner),
    )


def _deeds(deeds: tuple[Done, ...]) -> tuple[object, ...]:
    return tuple((deed.node, tuple(sorted(plain(deed.variables).items())), _deeds(deed.done)) for deed in deeds)


def plain(variables: Any) -> dict[str, Any]:
    """Variables with numbers as Python has them."""
    return {name: int(value) if isinstance(value, Decimal) else value for name, value in variables.items()}

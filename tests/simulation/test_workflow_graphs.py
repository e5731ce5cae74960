"""Random processes under random schedules: the token machine beside the slow reference machine.

After every command both must stand alike, take alike and refuse alike; the events alone must give the same state (see
`Play`); whatever was opened must be closed once or still be open; and no token may be lost.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.reference.workflow_drawing import Play
from tests.reference.workflow_graphs import processes
from tests.reference.workflow_machine import ReferenceCase

from comptroller.domain.feel import Value
from comptroller.domain.kernel.fault import Rejection, Severity
from comptroller.domain.workflow import (
    Cancel,
    Command,
    CompleteJob,
    CompleteTask,
    DeliverMessage,
    Event,
    FireTimer,
    ProcessModel,
    State,
    Status,
    compile_process,
    events,
)
from comptroller.domain.workflow.model import BusinessRuleTask, MessageBoundary, ReceiveTask, ServiceTask

COMMANDS_MAX = 400
PEOPLE: Value = ["first", "second", "third"]

MOVES = st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(["a", "b", "c", None])), max_size=25)

OPENED: dict[type[Event], str] = {
    events.NodeEntered: "visit",
    events.DecisionRequested: "job",
    events.ServiceRequested: "job",
    events.TaskOffered: "task",
    events.MessageAwaited: "message",
    events.TimerSet: "timer",
}
CLOSED: dict[type[Event], str] = {
    events.NodeLeft: "visit",
    events.JobCompleted: "job",
    events.JobWithdrawn: "job",
    events.TaskCompleted: "task",
    events.TaskWithdrawn: "task",
    events.MessageReceived: "message",
    events.MessageForgotten: "message",
    events.TimerFired: "timer",
    events.TimerCancelled: "timer",
}


def key_of(kind: str, event: Any) -> tuple[str, str, object]:
    detail = {"task": "instance", "message": "message", "timer": "timer"}.get(kind)
    return kind, event.token, getattr(event, detail) if detail else ""


def open_by_events(happened: list[Event]) -> Counter[tuple[str, str, object]]:
    """What the events have opened and not closed; nothing may be closed that is not open, or opened twice."""
    found: Counter[tuple[str, str, object]] = Counter()
    for event in happened:
        if type(event) in OPENED:
            key = key_of(OPENED[type(event)], event)
            found[key] += 1
            assert found[key] == 1, event
        elif type(event) in CLOSED:
            key = key_of(CLOSED[type(event)], event)
            found[key] -= 1
            assert found[key] == 0, event
    return +found


def open_by_state(play: Play) -> Counter[tuple[str, str, object]]:
    found: Counter[tuple[str, str, object]] = Counter()
    for key, token in play.state.tokens.items():
        found[("visit", key, "")] += 1
        node = play.definition.places[token.node].node
        if isinstance(node, BusinessRuleTask | ServiceTask) and not token.incident:
            found[("job", key, "")] += 1
        found.update(("task", key, instance) for instance in (token.tasks.open if token.tasks else ()))
        found.update(("message", key, message) for message in token.messages)
        found.update(("timer", key, timer.id) for timer in token.timers)
    return found


def standing(state: State) -> Counter[tuple[object, ...]]:
    """The machine's tokens in the words of the reference."""
    return Counter(
        (
            token.node,
            tuple(sorted(token.tasks.open)) if token.tasks else (),
            token.tasks.completed if token.tasks else 0,
            tuple(sorted(timer.id for timer in token.timers)),
            tuple(sorted(token.messages)),
            bool(token.incident),
        )
        for token in state.tokens.values()
    )


def thinkable(play: Play, outputs: dict[str, Any]) -> list[Command]:
    """Everything that might be said to the tokens, fitting or not."""
    said: list[Command] = []
    sides = [place.node.id for place in play.definition.places.values() if hasattr(place.node, "attached_to")]
    for token in sorted(play.state.tokens, key=int):
        said.append(CompleteJob(token, outputs))
        said += [CompleteTask(token, instance, outputs) for instance in (1, 2, 3, 4)]
        said += [DeliverMessage(token, message, outputs) for message in ("answered", "changed")]
        said += [FireTimer(token, side) for side in sides]
    return said


def mirrored(play: Play, reference: ReferenceCase, command: Command) -> Callable[[], None] | None:
    """What the command is to the reference machine; None where it does not fit."""
    assert not isinstance(command, Cancel) and hasattr(command, "token")  # noqa: PT018 - for the type checker
    node = play.state.tokens[command.token].node
    number = play.tokens(node).index(command.token)
    if len([visit for visit in reference.visits if visit.node.id == node]) <= number:
        return None  # before a join
    visit = reference.visit(node, number)
    if visit.stuck:
        return None
    match command:
        case CompleteJob(_, outputs) if isinstance(visit.node, BusinessRuleTask | ServiceTask):
            return lambda: reference.answer(visit, outputs)
        case CompleteTask(_, instance, outputs) if instance in visit.open:
            return lambda: reference.finish(visit, instance, outputs)
        case DeliverMessage(_, message, outputs) if message in visit.messages:
            if isinstance(visit.node, ReceiveTask) and message == visit.node.message:
                return lambda: reference.answer(visit, outputs)
            side = next(
                other.id
                for other in reference.nodes.values()
                if isinstance(other, MessageBoundary) and (other.attached_to, other.message) == (node, message)
            )
            return lambda: reference.interrupt(visit, side, outputs)
        case FireTimer(_, timer) if timer in visit.timers:
            return lambda: reference.interrupt(visit, timer, {})
    return None


def compare(play: Play, reference: ReferenceCase) -> None:
    assert play.state.status.value == reference.status
    assert standing(play.state) == reference.standing()
    assert play.state.variables == reference.variables
    assert open_by_events(play.events) == open_by_state(play)


def begin(model: ProcessModel) -> tuple[Play, ReferenceCase]:
    definition, faults = compile_process(model)
    assume(definition is not None)
    assert definition is not None, faults
    return Play(definition, {"people": PEOPLE}), ReferenceCase(model, {"people": PEOPLE})


def move(play: Play, reference: ReferenceCase, pick: int, value: str | None) -> None:
    """Say one thinkable thing to both."""
    said = thinkable(play, {"x": value})
    command = said[pick % len(said)]
    play.wait(hours=1)
    before, act = play.state, mirrored(play, reference, command)
    answer = play.send(command)
    assert isinstance(answer, Rejection) == (act is None), (command, answer)
    if act is None:
        assert play.state == before
    else:
        act()
    compare(play, reference)


@settings(max_examples=150)
@given(processes(sound=False), MOVES)
def test_the_machine_does_what_the_reference_does(model: ProcessModel, moves: list[tuple[int, str | None]]) -> None:
    play, reference = begin(model)
    compare(play, reference)
    for pick, value in moves:
        if play.state.status is not Status.RUNNING:
            break
        move(play, reference, pick, value)


@settings(max_examples=100)
@given(processes(sound=True), MOVES, st.randoms(use_true_random=False))
def test_a_sound_process_has_no_fault_and_comes_to_its_end(
    model: ProcessModel, moves: list[tuple[int, str | None]], random: Any
) -> None:
    assert not [fault for fault in compile_process(model)[1] if fault.severity is Severity.ERROR]
    play, reference = begin(model)
    for pick, value in moves:
        if play.state.status is Status.RUNNING:
            move(play, reference, pick, value)
    for _ in range(COMMANDS_MAX):
        if play.state.status is not Status.RUNNING:
            break
        fitting = [said for said in thinkable(play, {"x": "a"}) if mirrored(play, reference, said) is not None]
        command = random.choice(fitting)
        act = mirrored(play, reference, command)
        assert act is not None
        play.wait(hours=1)
        play.do(command)
        act()
    assert play.state.status is Status.ENDED
    assert not open_by_events(play.events)
    assert not play.happened(events.IncidentRaised)


@settings(max_examples=50)
@given(processes(sound=False), MOVES)
def test_a_join_that_is_said_never_to_complete_never_does(
    model: ProcessModel, moves: list[tuple[int, str | None]]
) -> None:
    blamed = {fault.path for fault in compile_process(model)[1] if fault.code == "WORKFLOW-JOIN-01"}
    assume(blamed)
    reference = ReferenceCase(model, {"people": PEOPLE})
    for pick, value in moves:
        waiting = [visit for visit in reference.visits if not visit.stuck]
        if not waiting:
            break
        visit = waiting[pick % len(waiting)]
        if visit.open:
            reference.finish(visit, min(visit.open), {"x": value})
        else:
            reference.answer(visit, {"x": value})
    assert not blamed & reference.joined


@settings(max_examples=50)
@given(processes(sound=False), MOVES)
def test_a_case_can_be_cancelled_wherever_it_stands(model: ProcessModel, moves: list[tuple[int, str | None]]) -> None:
    play, reference = begin(model)
    for pick, value in moves:
        if play.state.status is Status.RUNNING:
            move(play, reference, pick, value)
    assume(play.state.status is Status.RUNNING)
    play.do(Cancel("entered twice"))
    assert play.state.tokens == {}
    assert not open_by_events(play.events)

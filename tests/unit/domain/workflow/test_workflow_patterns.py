"""The twenty control-flow patterns: each on a small process, with the verdict that docs/bpmn-support.md gives.

SOURCE: van der Aalst, ter Hofstede, Kiepuszewski, Barros: Workflow Patterns. Distributed and Parallel Databases 14,
2003.
"""

import re
from pathlib import Path
from typing import Final

import pytest
from tests.reference.workflow_drawing import Play, as_drawn, compiled, draw, message_boundary, sub

from comptroller.domain.workflow import Cancel, CompleteJob, DeliverMessage, Process, Status, compile_process
from comptroller.domain.workflow.model import (
    BoundaryEvent,
    CatchEvent,
    EndEvent,
    EscalationDefinition,
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    MessageDefinition,
    MultiInstance,
    Node,
    ParallelGateway,
    ServiceTask,
    StartEvent,
    TerminateDefinition,
    ThrowEvent,
    UserTask,
)

PAGE: Final = (Path(__file__).parents[4] / "docs" / "bpmn-support.md").read_text(encoding="utf-8")
TESTS: Final = dict(
    re.findall(r"^def test_pattern_(\d\d)_(\w+)", Path(__file__).read_text(encoding="utf-8"), re.MULTILINE)
)
"""The number of a pattern -> what its test says of it, the verdict last."""

IN, OUT = StartEvent("in"), EndEvent("out", "Out")
A, B, C, D = (ServiceTask(key, key.upper(), f"{key}.run") for key in "abcd")
FORK, SYNC = ParallelGateway("fork"), ParallelGateway("sync")
GATE, MERGE = ExclusiveGateway("gate"), ExclusiveGateway("merge")
SOME, ALL = InclusiveGateway("some"), InclusiveGateway("all")


def ended(play: Play) -> bool:
    return play.state.status is Status.ENDED


def codes(*parts: Node | str) -> set[str]:
    """What the process is refused for."""
    process, faults = compile_process(draw(*parts))
    assert process is None
    return {fault.code for fault in faults}


def test_the_page_gives_a_verdict_on_each_pattern_and_each_has_its_test() -> None:
    rows = re.findall(r"^\| (\d+) \| [\w ,'()-]+ \| (yes|composed|partly|no) \|", PAGE, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 21))
    assert sorted(map(int, TESTS)) == list(range(1, 21))
    for number, verdict in rows:
        assert TESTS[f"{int(number):02}"].endswith(f"_{verdict}")


# ---- basic control flow ----------------------------------------------------------------------------------------------


def test_pattern_01_sequence_yes() -> None:
    play = Play(compiled(IN, A, B, OUT, "in > a > b > out"))
    play.answer("a")
    assert play.standing == ["b"]
    play.answer("b")
    assert ended(play)


SPLIT: Final = compiled(IN, FORK, A, B, SYNC, C, OUT, "in > fork > a > sync > c > out", "fork > b > sync")


def test_pattern_02_parallel_split_yes() -> None:
    assert Play(SPLIT).standing == ["a", "b"]


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_pattern_03_synchronization_yes(order: str) -> None:
    play = Play(SPLIT)
    play.answer(order[0])
    assert "c" not in play.standing
    play.answer(order[1])
    assert play.standing == ["c"]


CHOICE: Final = compiled(
    IN, GATE, A, B, MERGE, C, OUT, "in > gate", "gate > a : x = 1", "gate >> b", "a > merge > c > out", "b > merge"
)


@pytest.mark.parametrize(("x", "taken"), [(1, "a"), (2, "b")])
def test_pattern_04_exclusive_choice_yes(x: int, taken: str) -> None:
    assert Play(CHOICE, {"x": x}).standing == [taken]


@pytest.mark.parametrize(("x", "taken"), [(1, "a"), (2, "b")])
def test_pattern_05_simple_merge_yes(x: int, taken: str) -> None:
    play = Play(CHOICE, {"x": x})
    play.answer(taken)
    assert play.standing == ["c"]


# ---- advanced branching and synchronization --------------------------------------------------------------------------

MULTI: Final = compiled(
    IN, SOME, A, B, C, ALL, D, OUT, "in > some", "some > a : x >= 1", "some > b : x >= 2", "some >> c",
    "a > all > d > out", "b > all", "c > all",
)  # fmt: skip
TAKEN: Final = [(0, "c"), (1, "a"), (2, "ab")]


@pytest.mark.parametrize(("x", "taken"), TAKEN)
def test_pattern_06_multi_choice_yes(x: int, taken: str) -> None:
    assert Play(MULTI, {"x": x}).standing == list(taken)


@pytest.mark.parametrize(("x", "taken"), TAKEN)
def test_pattern_07_synchronizing_merge_yes(x: int, taken: str) -> None:
    play = Play(MULTI, {"x": x})
    for task in taken:
        assert "d" not in play.standing
        play.answer(task)
    assert play.standing == ["d"]


def test_pattern_08_multi_merge_no() -> None:
    """The machine would run what follows once for each branch; at load that is taken for a mistake."""
    parts = (IN, FORK, A, B, MERGE, C, OUT, "in > fork > a > merge > c > out", "fork > b > merge")
    assert codes(*parts) == {"WORKFLOW-SOUND-02"}
    play = Play(as_drawn(*parts))
    play.answer("a")
    play.answer("b")
    assert play.standing == ["c", "c"]


@pytest.mark.parametrize("first", ["a", "b"])
def test_pattern_09_discriminator_partly(first: str) -> None:
    """The first branch goes on and the others are withdrawn: those that nobody needs any more are not asked for."""
    ends = (EndEvent("first", "", TerminateDefinition()), EndEvent("second", "", TerminateDefinition()))
    inner = sub("any", StartEvent("i"), FORK, A, B, *ends, "i > fork > a > first", "fork > b > second")
    play = Play(compiled(IN, inner, C, OUT, "in > any > c > out"))
    play.answer(first)
    assert play.standing == ["c"]


# ---- structure -------------------------------------------------------------------------------------------------------


def test_pattern_10_arbitrary_cycles_yes() -> None:
    """A loop with two ways in and two ways out."""
    one, two = ExclusiveGateway("one"), ExclusiveGateway("two")
    done, left = ExclusiveGateway("done"), ExclusiveGateway("left")
    play = Play(
        compiled(
            IN, GATE, one, two, A, B, done, left, OUT, EndEvent("off"),
            "in > gate", "gate > one : x = 1", "gate >> two", "one > a > done", "two > b > left",
            "done > out : x = 2", "done >> two", "left > off : x = 3", "left >> one",
        ),
        {"x": 0},
    )  # fmt: skip
    for task in "baba":
        assert play.standing == [task]
        play.answer(task)
    play.answer("b", x=3)
    assert (ended(play), play.state.end) == (True, "off")


def test_pattern_11_implicit_termination_yes() -> None:
    play = Play(compiled(IN, FORK, A, B, OUT, EndEvent("off"), "in > fork > a > out", "fork > b > off"))
    play.answer("a")
    assert not ended(play)
    play.answer("b")
    assert ended(play)


# ---- multiple instances ----------------------------------------------------------------------------------------------

PEOPLE: Final = UserTask("ask", "Ask", "check", instances=MultiInstance("people", False))


def test_pattern_12_multiple_instances_without_synchronization_composed() -> None:
    """A loop escalates as often as it likes; each time the boundary event begins what nobody waits for."""
    loop = sub(
        "loop", StartEvent("i"), MERGE, D, ThrowEvent("spawn", "", EscalationDefinition("one more")), GATE,
        EndEvent("o"),
        "i > merge > d > spawn > gate", "gate > merge : x = 1", "gate >> o",
    )  # fmt: skip
    edge = BoundaryEvent("more", "", "loop", EscalationDefinition("one more"), interrupting=False)
    play = Play(compiled(IN, loop, edge, A, OUT, B, EndEvent("off"), "in > loop > b > out", "more > a > off"))
    play.answer("d", x=1)
    play.answer("d", x=0)
    assert play.standing == ["a", "a", "b"]


def test_pattern_13_multiple_instances_known_at_design_time_yes() -> None:
    task = UserTask("ask", "Ask", "check", instances=MultiInstance("3", False, counted=True))
    play = Play(compiled(IN, task, B, OUT, "in > ask > b > out"))
    for instance in (2, 3, 1):
        assert play.standing == ["ask"]
        play.finish("ask", instance)
    assert play.standing == ["b"]


def test_pattern_14_multiple_instances_known_at_run_time_yes() -> None:
    play = Play(compiled(IN, PEOPLE, B, OUT, "in > ask > b > out"), {"people": ["ann", "bob"]})
    for instance in (2, 1):
        assert play.standing == ["ask"]
        play.finish("ask", instance)
    assert play.standing == ["b"]


def test_pattern_15_multiple_instances_not_known_beforehand_composed() -> None:
    """Each message begins one more while the sub-process is open; it is left when all of them are done."""
    more = sub("more", StartEvent("come", "", MessageDefinition("one more"), False), A, EndEvent("done"),
               "come > a > done", by_event=True)  # fmt: skip
    inner = sub("open", StartEvent("i"), ServiceTask("first", "", "first.run"), EndEvent("o"), more, "i > first > o")
    play = Play(compiled(IN, inner, B, OUT, "in > open > b > out"))
    for _ in range(2):
        play.do(DeliverMessage(play.token("come"), "one more"))
    play.answer("first")
    assert [node for node in play.standing if node in {"a", "b"}] == ["a", "a"]
    for token in play.tokens("a"):
        play.do(CompleteJob(token))
    assert play.standing == ["b"]


# ---- state -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("message", "taken"), [("yes", "a"), ("no", "b")])
def test_pattern_16_deferred_choice_yes(message: str, taken: str) -> None:
    catches = (CatchEvent("m", "", MessageDefinition("yes")), CatchEvent("n", "", MessageDefinition("no")))
    race = EventBasedGateway("race")
    play = Play(compiled(IN, race, *catches, A, B, OUT, "in > race > m > a > out", "race > n > b > out"))
    play.do(DeliverMessage(play.token("race"), message))
    assert play.standing == [taken]


def test_pattern_17_interleaved_parallel_routing_partly() -> None:
    """One after the other in the order of a list; in an order that people choose, it would be an ad-hoc sub-process."""
    task = UserTask("ask", "Ask", "check", instances=MultiInstance("people", True))
    play = Play(compiled(IN, task, B, OUT, "in > ask > b > out"), {"people": ["bob", "ann"]})
    for instance in (1, 2):
        tasks = play.state.tokens[play.token("ask")].tasks
        assert tasks is not None
        assert list(tasks.open) == [instance]
        play.finish("ask", instance)
    assert play.standing == ["b"]


def test_pattern_18_milestone_composed() -> None:
    """As long as the phase lasts, and no longer, the message may begin what it allows."""
    allowed = sub("allowed", StartEvent("come", "", MessageDefinition("change"), False), A, EndEvent("done"),
                  "come > a > done", by_event=True)  # fmt: skip
    phase = sub("phase", StartEvent("i"), C, EndEvent("o"), allowed, "i > c > o")
    play = Play(compiled(IN, B, phase, D, OUT, "in > b > phase > d > out"))
    assert not play.tokens("come")
    play.answer("b")
    play.do(DeliverMessage(play.token("come"), "change"))
    play.answer("a")
    play.answer("c")
    assert play.standing == ["d"]


# ---- cancellation ----------------------------------------------------------------------------------------------------


def test_pattern_19_cancel_activity_yes() -> None:
    play = Play(compiled(IN, A, message_boundary("stop", "a", "stop"), B, OUT, "in > a > out", "stop > b > out"))
    play.do(DeliverMessage(play.token("a"), "stop"))
    assert play.standing == ["b"]


def stopped() -> Process:
    return compiled(IN, FORK, A, B, OUT, EndEvent("all over", "", TerminateDefinition()), "in > fork > a > out",
                    "fork > b > all over")  # fmt: skip


def test_pattern_20_cancel_case_yes() -> None:
    from_within, from_outside = Play(stopped()), Play(stopped())
    from_within.answer("b")
    assert ended(from_within)
    from_outside.do(Cancel("withdrawn"))
    assert from_outside.state.status is Status.CANCELLED
    assert not from_within.standing + from_outside.standing

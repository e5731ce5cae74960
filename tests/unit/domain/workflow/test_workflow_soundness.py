"""What is found wrong with a process before it runs: each row a drawn process and the codes it gets."""

from typing import Any

import pytest
from tests.reference.workflow_drawing import draw, message_boundary, sub, timer_boundary

from comptroller.domain.kernel.fault import Severity
from comptroller.domain.workflow import ProcessModel, compile_process
from comptroller.domain.workflow.model import (
    BoundaryEvent,
    BusinessRuleTask,
    CallActivity,
    EndEvent,
    ErrorDefinition,
    EscalationDefinition,
    EventDefinition,
    ExclusiveGateway,
    InclusiveGateway,
    MessageDefinition,
    MultiInstance,
    Node,
    ParallelGateway,
    ReceiveTask,
    SendTask,
    SequenceFlow,
    ServiceTask,
    StartEvent,
    SubProcess,
    TerminateDefinition,
    ThrowEvent,
    UserTask,
)

IN, OUT = StartEvent("in"), EndEvent("out")
TOLD = StartEvent("told", "", MessageDefinition("told"))
A, B, C = (ServiceTask(key, key, f"{key}.run") for key in "abc")
GATE, AGAIN = ExclusiveGateway("gate"), ExclusiveGateway("again")
SOME, ALL = InclusiveGateway("some"), InclusiveGateway("all")
FORK, JOIN = ParallelGateway("fork"), ParallelGateway("join")
HEAR = ReceiveTask("hear", "Hear", "answered")
LATE = timer_boundary("late", "a", "PT1H", interrupting=False)

Drawing = tuple[Node | str, ...]


def codes(model: ProcessModel) -> list[str]:
    return [f"{fault.code} {fault.path}" for fault in compile_process(model)[1]]


@pytest.mark.parametrize(
    "drawing",
    [
        pytest.param((IN, A, OUT, "in > a > out"), id="a sequence"),
        pytest.param((IN, GATE, A, OUT, "in > gate", "gate > a : x = 1", "gate >> out", "a > out"), id="a choice"),
        pytest.param((IN, FORK, A, B, JOIN, OUT, "in > fork > a > join > out", "fork > b > join"), id="fork and join"),
        pytest.param((IN, A, B, C, JOIN, OUT, "in > a > b > join > out", "a > c > join"), id="a split without gateway"),
        pytest.param((IN, A, LATE, B, OUT, "in > a > out", "late > b > out"), id="a branch beside its task"),
        pytest.param(
            (IN, SOME, A, B, ALL, OUT, "in > some", "some > a : x = 1", "some >> b", "a > all > out", "b > all"),
            id="some branches and all of them back",
        ),
        pytest.param(
            (IN, FORK, A, B, C, OUT, "in > fork > a > out", "fork > b > c > out"), id="branches that end apart"
        ),
        pytest.param(
            (IN, AGAIN, A, GATE, OUT, "in > again > a > gate", "gate > out : x = 1", "gate >> again"),
            id="a loop through a task",
        ),
        pytest.param(
            (
                IN,
                AGAIN,
                FORK,
                A,
                B,
                JOIN,
                GATE,
                OUT,
                "in > again > fork > a > join > gate",
                "fork > b > join",
                "gate > out : x = 1",
                "gate >> again",
            ),
            id="a loop round a join",
        ),
    ],
)
def test_a_sound_process_has_no_faults(drawing: Drawing) -> None:
    process, faults = compile_process(draw(*drawing))
    assert faults == ()
    assert process is not None


@pytest.mark.parametrize(
    ("drawing", "found"),
    [
        pytest.param((A, OUT, "a > out"), ["WORKFLOW-START-01 drawn", "WORKFLOW-NODE-04 a", "WORKFLOW-NODE-04 out"],
                     id="no start"),
        pytest.param((IN, StartEvent("too"), OUT, "in > out", "too > out"), ["WORKFLOW-START-02 too"], id="two starts"),
        pytest.param((IN, A, OUT, "in > a > out", "a > in"), ["WORKFLOW-NODE-01 in"], id="back into the start"),
        pytest.param((IN, A, OUT, "in > a > out", "out > a"), ["WORKFLOW-NODE-02 out"], id="on from the end"),
        pytest.param((IN, A, B, OUT, "in > a > out", "a > b"), ["WORKFLOW-NODE-03 b", "WORKFLOW-NODE-05 b"],
                     id="a node with nothing after it"),
        pytest.param((IN, A, B, OUT, "in > a > out", "b > out"), ["WORKFLOW-NODE-04 b"], id="an unreachable node"),
        pytest.param((IN, A, B, GATE, C, OUT, "in > gate", "gate >> out", "gate > a : x = 1", "a > b > a", "c > out"),
                     ["WORKFLOW-NODE-05 a", "WORKFLOW-NODE-05 b", "WORKFLOW-NODE-04 c"], id="a way that never ends"),
        pytest.param((IN, A, OUT, "in > a > out", "a > nowhere"), ["WORKFLOW-FLOW-01 a-nowhere"], id="a dangling flow"),
        pytest.param((IN, A, OUT, "in > a", "a > out : x = 1"), ["WORKFLOW-FLOW-02 a-out"], id="a condition on a task"),
        pytest.param((IN, ExclusiveGateway("gate", "", "in-gate"), OUT, "in > gate > out"), ["WORKFLOW-FLOW-03 gate"],
                     id="another node's flow as default"),
        pytest.param((IN, GATE, A, OUT, "in > gate", "gate > a : x = 1", "gate > out : x = 2", "a > out"),
                     ["WORKFLOW-FLOW-04 gate"], id="no default"),
        pytest.param((IN, GATE, A, OUT, "in > gate", "gate > a : x = 1", "gate >> out : x = 2", "a > out"),
                     ["WORKFLOW-FLOW-05 gate-out"], id="a default with a condition"),
        pytest.param((IN, GATE, A, OUT, "in > gate", "gate > a", "gate >> out", "a > out"), ["WORKFLOW-FLOW-06 gate-a"],
                     id="a choice without a condition"),
        pytest.param((IN, A, OUT, timer_boundary("late", "gone", "PT1H"), "in > a > out", "late > out"),
                     ["WORKFLOW-BOUNDARY-01 late"], id="a boundary event of nothing"),
        pytest.param((IN, A, OUT, timer_boundary("late", "out", "PT1H"), "in > a > out", "late > out"),
                     ["WORKFLOW-BOUNDARY-01 late"], id="a boundary event of an event"),
        pytest.param((IN, AGAIN, GATE, OUT, "in > again > gate", "gate > out : x = 1", "gate >> again"),
                     ["WORKFLOW-LOOP-01 again"], id="a loop of gateways"),
    ],
)  # fmt: skip
def test_a_process_out_of_shape_gets_its_codes(drawing: Drawing, found: list[str]) -> None:
    assert codes(draw(*drawing)) == found


@pytest.mark.parametrize(
    "drawing",
    [
        pytest.param(
            (IN, GATE, A, B, JOIN, OUT, "in > gate", "gate > a : x = 1", "gate >> b", "a > join > out", "b > join"),
            id="the branches of a choice",
        ),
        pytest.param((IN, A, JOIN, GATE, OUT, "in > a > join > gate", "gate > out : x = 1", "gate >> join"),
                     id="a loop back into the join"),
        pytest.param(
            (IN, FORK, C, GATE, A, B, JOIN, OUT, "in > fork > gate", "fork > c > out", "gate > a : x = 1",
             "gate >> b", "a > join > out", "b > join"),
            id="a choice within one branch of a fork",
        ),
        pytest.param((IN, AGAIN, JOIN, FORK, A, B, OUT, "in > again > join > fork > a > again", "fork > b > join",
                      "fork > out"), id="a fork that lies behind the join"),
        pytest.param((IN, FORK, A, B, JOIN, C, OUT, "in > fork > a > join > out", "fork > b > out", "join > c > join"),
                     id="a branch that begins at the join itself"),
        pytest.param((IN, A, timer_boundary("late", "a", "PT1H"), JOIN, OUT, "in > a > join > out", "late > join"),
                     id="a task and the timer that ends it"),
    ],
)  # fmt: skip
def test_a_join_that_can_never_complete_is_a_fault(drawing: Drawing) -> None:
    assert "WORKFLOW-JOIN-01 join" in codes(draw(*drawing))


@pytest.mark.parametrize(
    ("drawing", "found"),
    [
        pytest.param((IN, A, LATE, B, JOIN, OUT, "in > a > join > out", "late > b > join"),
                     ["WORKFLOW-SOUND-01 join"], id="a join waits for a timer that may never fire"),
        pytest.param((IN, SOME, A, B, JOIN, OUT, "in > some", "some > a : x = 1", "some >> b", "a > join > out",
                      "b > join"), ["WORKFLOW-SOUND-01 join"], id="a join of branches that are not all taken"),
        pytest.param((IN, FORK, A, GATE, B, JOIN, OUT, "in > fork > a > join > out", "fork > gate", "gate > b : x = 1",
                      "gate >> out", "b > join"), ["WORKFLOW-SOUND-01 join"],
                     id="a branch that may end before it joins"),
        pytest.param((IN, FORK, A, B, GATE, C, OUT, "in > fork > a > gate > c > out", "fork > b > gate"),
                     ["WORKFLOW-SOUND-02 gate"], id="branches side by side that are merged"),
        pytest.param((IN, FORK, A, B, C, OUT, "in > fork > a > c > out", "fork > b > c"), ["WORKFLOW-SOUND-02 c"],
                     id="branches side by side that meet in a task"),
        pytest.param((IN, A, LATE, AGAIN, B, OUT, "in > a > again > b > out", "late > again"),
                     ["WORKFLOW-SOUND-02 again"], id="a reminder that goes on like its task"),
        pytest.param((IN, FORK, A, B, SOME, ALL, OUT, "in > fork > some > a", "fork > all > b", "a > all", "b > some",
                      "a > out", "b > out"), ["WORKFLOW-SOUND-01 all", "WORKFLOW-SOUND-01 some"],
                     id="two inclusive joins that wait for one another"),
        pytest.param((IN, TOLD, FORK, A, B, JOIN, OUT, "in > fork > a > join > out", "fork > b > join", "told > b"),
                     ["WORKFLOW-SOUND-01 join"], id="one of two beginnings that leads into a branch"),
        pytest.param((IN, A, OUT, "in > a > out", "a > a"), ["WORKFLOW-SOUND-04 a"], id="a branch that comes back"),
        pytest.param((IN, AGAIN, A, FORK, B, C, GATE, OUT, "in > again > a > fork > b > out", "fork > c > gate",
                      "gate > out : x = 1", "gate >> again"), ["WORKFLOW-SOUND-02 fork"],
                     id="work beside a loop that is begun anew in each round"),
        pytest.param((IN, AGAIN, A, LATE, B, GATE, OUT, EndEvent("told"), "in > again > a > gate", "late > b > told",
                      "gate > out : x = 1", "gate >> again"), [], id="a reminder beside a task of a loop"),
        pytest.param((IN, AGAIN, A, FORK, B, GATE, OUT, "in > again > a > fork > out", "fork > b > gate",
                      "gate > out : x = 1", "gate >> again"), [], id="a branch of a loop that ends at once"),
    ],
)  # fmt: skip
def test_what_tokens_can_do_wrong_is_a_fault_at_the_place(drawing: Drawing, found: list[str]) -> None:
    assert sorted(code for code in codes(draw(*drawing)) if "SOUND" in code) == found


def inner(*parts: Node | str, **more: Any) -> SubProcess:
    return sub("inner", StartEvent("i"), EndEvent("o"), *parts, **more)


def refusing(*parts: Node | str) -> SubProcess:
    return sub("inner", StartEvent("i"), EndEvent("no", "", ErrorDefinition("refused")), *parts)


def beginning(key: str, definition: EventDefinition, *, interrupting: bool = True) -> SubProcess:
    """An event sub-process that at once throws what begins it, where that can be thrown."""
    start = StartEvent(f"{key}-in", "", definition, interrupting=interrupting)
    end = EndEvent(f"{key}-out", "", definition if definition == EscalationDefinition("late") else None)
    return sub(key, start, end, f"{key}-in > {key}-out", by_event=True)


SEND = SendTask("send", "", "news")
HANDED = ThrowEvent("handed", "", EscalationDefinition("late"))
EDGE = BoundaryEvent("edge", "", "inner", ErrorDefinition("refused"))


@pytest.mark.parametrize(
    ("drawing", "found"),
    [
        pytest.param((IN, AGAIN, SEND, GATE, OUT, "in > again > send > gate", "gate > out : x = 1", "gate >> again"),
                     ["WORKFLOW-LOOP-01 again"], id="a circle that only sends"),
        pytest.param((IN, AGAIN, inner("i > o"), GATE, OUT, "in > again > inner > gate", "gate > out : x = 1",
                      "gate >> again"), ["WORKFLOW-LOOP-01 again"], id="a circle through a part without work"),
        pytest.param((IN, AGAIN, inner(A, "i > a > o"), GATE, OUT, "in > again > inner > gate", "gate > out : x = 1",
                      "gate >> again"), [], id="a circle through a part with work"),
        pytest.param((IN, HANDED, A, beginning("late", EscalationDefinition("late"), interrupting=False), OUT,
                      "in > handed > a > out"), ["WORKFLOW-LOOP-01 late"], id="a handler that throws what begins it"),
        pytest.param((IN, HANDED, A, beginning("late", EscalationDefinition("late")), OUT, "in > handed > a > out"),
                     [], id="a handler that ends the others first"),
        pytest.param((IN, CallActivity("again", "", "drawn"), OUT, "in > again > out"), ["WORKFLOW-CALL-06 again"],
                     id="a process that calls itself on every way"),
        pytest.param((IN, GATE, CallActivity("deeper", "", "drawn"), OUT, "in > gate", "gate > deeper : x = 1",
                      "gate >> out", "deeper > out"), [], id="a process that may call itself"),
        pytest.param((IN, refusing(A, "i > a > no"), EDGE, B, OUT, EndEvent("end"), "in > inner > b > out",
                      "edge > end"), ["WORKFLOW-NODE-04 b", "WORKFLOW-NODE-04 out"],
                     id="what follows a part that only an error leaves"),
        pytest.param((IN, inner(HEAR, "i > hear > o"), EDGE, OUT, "in > inner > out", "edge > out"),
                     ["WORKFLOW-ERROR-03 edge"], id="an error that nothing throws"),
        pytest.param((IN, inner(A, "i > a > o"), EDGE, OUT, "in > inner > out", "edge > out"), [],
                     id="an error that a service may answer with"),
        pytest.param((IN, FORK, A, B, OUT, EndEvent("no", "", ErrorDefinition("refused")), "in > fork > a > out",
                      "fork > b > no"), ["WORKFLOW-ERROR-04 no"], id="an error that nobody takes"),
        pytest.param((IN, A, BoundaryEvent("one", "", "a", ErrorDefinition("e")),
                      BoundaryEvent("two", "", "a", ErrorDefinition("e")), OUT, "in > a > out", "one > out",
                      "two > out"), ["WORKFLOW-ERROR-05 two"], id="one error taken twice at one place"),
        pytest.param((IN, A, beginning("one", EscalationDefinition("")), beginning("two", EscalationDefinition("")),
                      OUT, "in > a > out"), ["WORKFLOW-ESCALATION-02 two-in"], id="every escalation taken twice"),
    ],
)  # fmt: skip
def test_what_is_thrown_and_what_never_ends_is_told_at_the_place(drawing: Drawing, found: list[str]) -> None:
    told = [code for code in codes(draw(*drawing)) if not code.startswith("WORKFLOW-FLOW")]
    assert told == found


def test_a_choice_of_thirty_branches_is_looked_at_without_counting_all_their_sets() -> None:
    tasks = [ServiceTask(f"t{number}", "", "work") for number in range(30)]
    ways = ["some >> t0", *(f"some > {task.id} : x = 1" for task in tasks[1:]), *(f"{task.id} > out" for task in tasks)]
    assert compile_process(draw(IN, SOME, *tasks, OUT, "in > some", *ways))[1] == ()
    joined = [way.replace("> out", "> all") for way in ways]
    assert compile_process(draw(IN, SOME, *tasks, ALL, OUT, "in > some", *joined, "all > out"))[1] == ()


def test_what_is_within_a_sub_process_is_looked_at_for_itself() -> None:
    parallel = sub("inner", StartEvent("i"), FORK, A, B, C, EndEvent("o"), "i > fork > a > c > o", "fork > b > c")
    assert codes(draw(IN, parallel, OUT, "in > inner > out")) == ["WORKFLOW-SOUND-02 c"]


def test_a_scope_too_large_to_be_looked_at_whole_is_told_and_runs() -> None:
    """Fifteen branches, each of which may end the case or go on to the join: every set of them is a marking."""
    gates = [ExclusiveGateway(f"gate{number}") for number in range(15)]
    stop = EndEvent("stop", "", TerminateDefinition())
    ways = [f"fork > {gate.id}" for gate in gates]
    ways += [f"{gate.id} > stop : x = 1" for gate in gates] + [f"{gate.id} >> join" for gate in gates]
    process, (fault,) = compile_process(draw(IN, FORK, *gates, JOIN, stop, OUT, "in > fork", *ways, "join > out"))
    assert process is not None
    assert (fault.code, fault.path, fault.severity) == ("WORKFLOW-SOUND-03", "in", Severity.WARNING)


@pytest.mark.parametrize(
    ("nodes", "found"),
    [
        pytest.param((BusinessRuleTask("a", "", ""),), "WORKFLOW-TASK-01", id="a rule task without decision"),
        pytest.param((ServiceTask("a", "", ""),), "WORKFLOW-TASK-02", id="a service task without service"),
        pytest.param((UserTask("a", "", ""),), "WORKFLOW-TASK-03", id="a user task without kind"),
        pytest.param((ReceiveTask("a", "", ""),), "WORKFLOW-MESSAGE-01", id="a receive task without message"),
        pytest.param((UserTask("a", "", "k", instances=MultiInstance("= 1 +", sequential=True)),), "FEEL-SYNTAX-01",
                     id="a collection that is no FEEL"),
        pytest.param((UserTask("a", "", "k", instances=MultiInstance("x", sequential=True, completion="((")),),
                     "FEEL-SYNTAX-01", id="a completion condition that is no FEEL"),
    ],
)  # fmt: skip
def test_a_task_that_asks_for_nothing_is_a_fault(nodes: tuple[Node, ...], found: str) -> None:
    (fault,) = compile_process(draw(IN, *nodes, OUT, "in > a > out"))[1]
    assert (fault.code, fault.path) == (found, "a")


@pytest.mark.parametrize(
    ("boundary", "found"),
    [
        pytest.param(timer_boundary("side", "hear", "PT1X"), "WORKFLOW-TIMER-01", id="a length that is none"),
        pytest.param(timer_boundary("side", "hear", "= 1 +"), "FEEL-SYNTAX-01", id="an expression that is none"),
        pytest.param(message_boundary("side", "hear", ""), "WORKFLOW-MESSAGE-01", id="a message without name"),
        pytest.param(message_boundary("side", "hear", "answered"), "WORKFLOW-MESSAGE-02", id="the task's own message"),
    ],
)
def test_a_boundary_event_that_cannot_happen_is_a_fault(boundary: Node, found: str) -> None:
    (fault,) = compile_process(draw(IN, HEAR, boundary, OUT, "in > hear > out", "side > out"))[1]
    assert (fault.code, fault.path) == (found, "side")


def test_two_elements_with_one_id_are_a_fault() -> None:
    model = ProcessModel("p", "", "", (IN, A, A, OUT), (SequenceFlow("f", "in", "a"), SequenceFlow("g", "a", "out")))
    assert "WORKFLOW-ID-01 a" in codes(model)


def test_a_missing_default_is_a_warning_and_the_process_runs() -> None:
    process, (fault,) = compile_process(draw(IN, GATE, OUT, "in > gate", "gate > out : x = 1"))
    assert process is not None
    assert fault.severity is Severity.WARNING


def test_a_faulty_condition_names_its_flow_and_leaves_no_process() -> None:
    process, faults = compile_process(draw(IN, GATE, A, OUT, "in > gate", "gate > a : x = ", "gate >> out", "a > out"))
    assert process is None
    assert {fault.path for fault in faults} == {"gate-a"}


def test_a_long_process_is_checked_without_deep_calls() -> None:
    tasks = [ServiceTask(f"t{number}", "", "work") for number in range(5_000)]
    way = " > ".join(["in", *(task.id for task in tasks), "out"])
    assert compile_process(draw(IN, *tasks, OUT, way))[1] == ()

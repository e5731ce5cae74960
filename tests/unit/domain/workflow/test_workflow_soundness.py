"""What is found wrong with a process before it runs: each row a drawn process and the codes it gets."""

import pytest
from tests.reference.workflow_drawing import draw

from comptroller.domain.kernel.fault import Severity
from comptroller.domain.workflow import ProcessModel, compile_process
from comptroller.domain.workflow.model import (
    BusinessRuleTask,
    EndEvent,
    ExclusiveGateway,
    MessageBoundary,
    MultiInstance,
    Node,
    ParallelGateway,
    ReceiveTask,
    SequenceFlow,
    ServiceTask,
    StartEvent,
    TimerBoundary,
    UserTask,
)

IN, OUT = StartEvent("in"), EndEvent("out")
A, B, C = (ServiceTask(key, key, f"{key}.run") for key in "abc")
GATE, AGAIN = ExclusiveGateway("gate"), ExclusiveGateway("again")
FORK, JOIN = ParallelGateway("fork"), ParallelGateway("join")
HEAR = ReceiveTask("hear", "Hear", "answered")
LATE = TimerBoundary("late", "", "a", "PT1H", interrupting=False)

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
        pytest.param(
            (IN, A, LATE, B, JOIN, OUT, "in > a > join > out", "late > b > join"), id="a branch beside its task"
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
        pytest.param((IN, A, OUT, TimerBoundary("late", "", "gone", "PT1H"), "in > a > out", "late > out"),
                     ["WORKFLOW-BOUNDARY-01 late"], id="a boundary event of nothing"),
        pytest.param((IN, A, OUT, TimerBoundary("late", "", "out", "PT1H"), "in > a > out", "late > out"),
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
        pytest.param((IN, A, TimerBoundary("late", "", "a", "PT1H"), JOIN, OUT, "in > a > join > out", "late > join"),
                     id="a task and the timer that ends it"),
    ],
)  # fmt: skip
def test_a_join_that_can_never_complete_is_a_fault(drawing: Drawing) -> None:
    assert "WORKFLOW-JOIN-01 join" in codes(draw(*drawing))


@pytest.mark.parametrize(
    ("nodes", "found"),
    [
        pytest.param((BusinessRuleTask("a", "", ""),), "WORKFLOW-TASK-01", id="a rule task without decision"),
        pytest.param((ServiceTask("a", "", ""),), "WORKFLOW-TASK-02", id="a service task without service"),
        pytest.param((UserTask("a", "", ""),), "WORKFLOW-TASK-03", id="a user task without kind"),
        pytest.param((ReceiveTask("a", "", ""),), "WORKFLOW-MESSAGE-01", id="a receive task without message"),
        pytest.param((UserTask("a", "", "k", MultiInstance("= 1 +", sequential=True)),), "FEEL-SYNTAX-01",
                     id="a collection that is no FEEL"),
        pytest.param((UserTask("a", "", "k", MultiInstance("x", sequential=True, completion="((")),), "FEEL-SYNTAX-01",
                     id="a completion condition that is no FEEL"),
    ],
)  # fmt: skip
def test_a_task_that_asks_for_nothing_is_a_fault(nodes: tuple[Node, ...], found: str) -> None:
    (fault,) = compile_process(draw(IN, *nodes, OUT, "in > a > out"))[1]
    assert (fault.code, fault.path) == (found, "a")


@pytest.mark.parametrize(
    ("boundary", "found"),
    [
        pytest.param(TimerBoundary("side", "", "hear", "PT1X"), "WORKFLOW-TIMER-01", id="a length that is none"),
        pytest.param(TimerBoundary("side", "", "hear", "= 1 +"), "FEEL-SYNTAX-01", id="an expression that is none"),
        pytest.param(MessageBoundary("side", "", "hear", ""), "WORKFLOW-MESSAGE-01", id="a message without name"),
        pytest.param(
            MessageBoundary("side", "", "hear", "answered"), "WORKFLOW-MESSAGE-02", id="the task's own message"
        ),
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

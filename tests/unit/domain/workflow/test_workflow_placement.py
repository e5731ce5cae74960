"""What stands where it cannot: each row a drawn process and the codes it gets."""

import pytest
from tests.reference.workflow_drawing import draw, sub

from comptroller.domain.workflow import compile_process
from comptroller.domain.workflow.model import (
    Binding,
    BoundaryEvent,
    CallActivity,
    CancelDefinition,
    CatchEvent,
    CompensateDefinition,
    ConditionalDefinition,
    EndEvent,
    ErrorDefinition,
    EscalationDefinition,
    EventBasedGateway,
    ExclusiveGateway,
    LinkDefinition,
    MessageDefinition,
    MultiInstance,
    Node,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    SignalDefinition,
    StartEvent,
    TerminateDefinition,
    ThrowEvent,
    TimerDefinition,
    TimerKind,
)

IN, OUT = StartEvent("in"), EndEvent("out")
A, B, C = (ServiceTask(key, key, f"{key}.run") for key in "abc")
UNDO = ServiceTask("undo", "", "undo", for_compensation=True)
UNDONE = BoundaryEvent("undone", "", "a", CompensateDefinition(), handler="undo")
BEGIN, DONE = StartEvent("i"), EndEvent("o")

Drawing = tuple[Node | str, ...]


def codes(*drawing: Node | str) -> list[str]:
    return [f"{fault.code} {fault.path}" for fault in compile_process(draw(*drawing))[1]]


def edge(definition: object, *, interrupting: bool = True, host: str = "a") -> Drawing:
    return (IN, A, BoundaryEvent("edge", "", host, definition, interrupting), OUT, "in > a > out", "edge > out")  # type: ignore[arg-type] # any definition


def around(activity: Node) -> Drawing:
    return (IN, activity, OUT, f"in > {activity.id} > out")


def handling(*parts: Node | str, **more: object) -> Drawing:
    return (IN, A, OUT, sub("handler", *parts, by_event=True, **more), "in > a > out")


def begun(*definitions: object) -> Drawing:
    """A process with so many start events."""
    starts = [StartEvent(f"s{place}", "", each) for place, each in enumerate(definitions, start=1)]  # type: ignore[arg-type] # any definition
    return (*starts, OUT, *(f"{start.id} > out" for start in starts))


@pytest.mark.parametrize(
    ("drawing", "found"),
    [
        # events
        pytest.param((StartEvent("in", "", ErrorDefinition("")), OUT, "in > out"), ["WORKFLOW-EVENT-01 in"],
                     id="a process begun by an error"),
        pytest.param(around(sub("s", StartEvent("i", "", MessageDefinition("m")), DONE, "i > o")),
                     ["WORKFLOW-EVENT-01 i"], id="a plain sub-process begun by a message"),
        pytest.param((IN, CatchEvent("wait", "", ErrorDefinition("e")), OUT, "in > wait > out"),
                     ["WORKFLOW-EVENT-01 wait"], id="an error that is waited for on the way"),
        pytest.param((IN, ThrowEvent("tell", "", TimerDefinition("PT1H")), OUT, "in > tell > out"),
                     ["WORKFLOW-EVENT-01 tell"], id="a timer that is thrown"),
        pytest.param((IN, EndEvent("out", "", LinkDefinition("on")), "in > out"), ["WORKFLOW-EVENT-01 out"],
                     id="a link at the end"),
        pytest.param(edge(TerminateDefinition()), ["WORKFLOW-EVENT-01 edge"], id="terminate on a boundary"),
        pytest.param(handling(BEGIN, DONE, "i > o"), ["WORKFLOW-EVENT-02 i"], id="a handler that nothing begins"),
        pytest.param(handling(StartEvent("i", "", MessageDefinition("m")), DONE, "i > o",
                              instances=MultiInstance("x", sequential=False)), ["WORKFLOW-EVENT-03 handler"],
                     id="a handler with many instances"),
        pytest.param(handling(StartEvent("i", "", MessageDefinition("m")), StartEvent("j", "", SignalDefinition("s")),
                              DONE, "i > o", "j > o"), ["WORKFLOW-START-02 j"], id="a handler with two starts"),
        pytest.param(around(sub("s", A, DONE, "a > o")),
                     ["WORKFLOW-START-01 s", "WORKFLOW-NODE-04 a", "WORKFLOW-NODE-04 o"], id="an empty beginning"),
        # what begins a process
        pytest.param(begun(MessageDefinition("m"), MessageDefinition("n"), SignalDefinition("m")), [],
                     id="a process begun by messages and a signal"),
        pytest.param(begun(MessageDefinition("m", "key")), ["WORKFLOW-START-04 s1"], id="a process begun under a key"),
        pytest.param(begun(TimerDefinition("PT1H")), ["WORKFLOW-START-05 s1"], id="a process begun after a time"),
        pytest.param(begun(TimerDefinition("R/PT1H", TimerKind.CYCLE), TimerDefinition("R/PT1H", TimerKind.CYCLE)), [],
                     id="a process begun by two clocks"),
        pytest.param(begun(TimerDefinition("every day", TimerKind.CYCLE)), ["WORKFLOW-TIMER-01 s1"],
                     id="a process begun by a cycle that is none"),
        pytest.param(begun(MessageDefinition("m"), MessageDefinition("m")), ["WORKFLOW-MESSAGE-02 s2"],
                     id="a process begun at two places by one message"),
        pytest.param(begun(SignalDefinition("m"), SignalDefinition("m")), ["WORKFLOW-SIGNAL-02 s2"],
                     id="a process begun at two places by one signal"),
        pytest.param((StartEvent("in", owner="operator"), OUT, "in > out"), ["WORKFLOW-START-06 in"],
                     id="an owner of what somebody hands in"),
        pytest.param(handling(StartEvent("i", "", MessageDefinition("m"), entity="DE"), DONE, "i > o"),
                     ["WORKFLOW-START-06 i"], id="an entity of what begins within a case"),
        pytest.param((StartEvent("in", "", SignalDefinition("s"), owner="operator", once=True), OUT, "in > out"),
                     ["WORKFLOW-START-07 in"], id="a signal, which has no key, once for each"),
        pytest.param(handling(StartEvent("i", "", MessageDefinition("m"), once=True), DONE, "i > o"),
                     ["WORKFLOW-START-07 i"], id="what begins within a case once for each key"),
        # what no flow begins
        pytest.param((*handling(StartEvent("i", "", MessageDefinition("m")), DONE, "i > o"), "a > handler"),
                     ["WORKFLOW-NODE-06 handler"], id="a flow to a handler"),
        pytest.param((*handling(StartEvent("i", "", MessageDefinition("m")), DONE, "i > o"),
                      BoundaryEvent("edge", "", "handler", TimerDefinition("PT1H")), "edge > out"),
                     ["WORKFLOW-BOUNDARY-01 edge", "WORKFLOW-NODE-04 edge"], id="a boundary of a handler"),
        # gateways
        pytest.param((IN, EventBasedGateway("race"), A, CatchEvent("w", "", SignalDefinition("s")), OUT,
                      "in > race > a > out", "race > w > out"), ["WORKFLOW-GATEWAY-03 race-a"],
                     id="a task behind an event-based gateway"),
        pytest.param((IN, ExclusiveGateway("g"), EventBasedGateway("race"), CatchEvent("w", "", SignalDefinition("s")),
                      CatchEvent("v", "", SignalDefinition("t")), OUT, "in > g", "g > race : x = 1", "g >> w",
                      "race > w > out", "race > v > out"), ["WORKFLOW-GATEWAY-03 race-w"],
                     id="an event that is not the gateway's alone"),
        pytest.param((IN, EventBasedGateway("race"), ReceiveTask("r", "", "m"),
                      CatchEvent("w", "", SignalDefinition("s")),
                      BoundaryEvent("edge", "", "r", TimerDefinition("PT1H")), OUT, "in > race > r > out",
                      "race > w > out", "edge > out"), ["WORKFLOW-GATEWAY-03 race-r"],
                     id="a receive task with a boundary behind it"),
        pytest.param((IN, EventBasedGateway("race"), CatchEvent("w", "", SignalDefinition("s")), OUT,
                      "in > race > w > out"), ["WORKFLOW-GATEWAY-04 race"], id="an event-based gateway with one way"),
        pytest.param((IN, EventBasedGateway("race"), *(CatchEvent(k, "", SignalDefinition("s")) for k in "vw"), OUT,
                      "in > race > v > out", "race > w > out"), ["WORKFLOW-SIGNAL-02 w"], id="the same signal twice"),
        # links
        pytest.param((IN, A, ThrowEvent("jump", "", LinkDefinition("on")), OUT, "in > a > out", "a > jump"),
                     ["WORKFLOW-LINK-01 jump", "WORKFLOW-NODE-05 jump"], id="a jump to nowhere"),
        pytest.param((IN, ThrowEvent("jump", "", LinkDefinition("on")),
                      *(CatchEvent(k, "", LinkDefinition("on")) for k in "vw"), OUT, "in > jump", "v > out", "w > out"),
                     ["WORKFLOW-LINK-02 v", "WORKFLOW-LINK-02 w", "WORKFLOW-NODE-04 v"], id="a jump to two places"),
        pytest.param((IN, ThrowEvent("jump", "", LinkDefinition("on")), CatchEvent("v", "", LinkDefinition("on")), OUT,
                      "in > jump > out", "v > out"), ["WORKFLOW-NODE-02 jump"], id="a flow out of a jump"),
        # compensation
        pytest.param((IN, A, BoundaryEvent("undone", "", "a", CompensateDefinition()), OUT, "in > a > out"),
                     ["WORKFLOW-COMPENSATION-01 undone"], id="compensation by nobody"),
        pytest.param((IN, A, UNDO, OUT, "in > a > out"), ["WORKFLOW-COMPENSATION-02 undo"],
                     id="what compensates nothing"),
        pytest.param((IN, A, B, UNDO, UNDONE, ThrowEvent("back", "", CompensateDefinition("b")), OUT,
                      "in > a > b > back > out"), ["WORKFLOW-COMPENSATION-03 back"], id="undoing what cannot be"),
        pytest.param((IN, ServiceTask("a", "", "a", instances=MultiInstance("x", sequential=False)), UNDO, UNDONE, OUT,
                      "in > a > out"), ["WORKFLOW-COMPENSATION-04 undone"], id="many instances undone as one"),
        # transactions
        pytest.param((IN, EndEvent("out", "", CancelDefinition()), "in > out"), ["WORKFLOW-TRANSACTION-01 out"],
                     id="a process that is cancelled"),
        pytest.param(edge(CancelDefinition()), ["WORKFLOW-TRANSACTION-02 edge"], id="a task that is cancelled"),
        pytest.param(around(sub("t", BEGIN, EndEvent("o", "", CancelDefinition()), "i > o", transaction=True)),
                     ["WORKFLOW-TRANSACTION-03 t"], id="a transaction that leaves nowhere"),
        pytest.param((*around(sub("a", BEGIN, EndEvent("o", "", CancelDefinition()), "i > o", transaction=True,
                                  instances=MultiInstance("x", sequential=False))),
                      BoundaryEvent("edge", "", "a", CancelDefinition()), "edge > out"),
                     ["WORKFLOW-TRANSACTION-04 a"], id="one of many transactions cancelled"),
        pytest.param(edge(ErrorDefinition(""), interrupting=False), ["WORKFLOW-BOUNDARY-02 edge"],
                     id="an error that does not interrupt"),
        # calls and instances
        pytest.param(around(CallActivity("a", "", "")), ["WORKFLOW-CALL-02 a"], id="a call of nothing"),
        pytest.param(around(CallActivity("a", "", "p", Binding.VERSION)), ["WORKFLOW-CALL-05 a"],
                     id="a call of a version without its hash"),
        pytest.param(around(CallActivity("a", "", "p", Binding.LATEST, "f00")), ["WORKFLOW-CALL-05 a"],
                     id="a hash that nobody asked for"),
        pytest.param(around(ServiceTask("a", "", "a", instances=MultiInstance("x", sequential=False, result="y"))),
                     ["WORKFLOW-INSTANCES-01 a"], id="results of nothing"),
        # texts
        pytest.param(around(ScriptTask("a", "", "1", "")), ["WORKFLOW-TASK-05 a"], id="a script for nothing"),
        pytest.param(around(SendTask("a", "", "")), ["WORKFLOW-MESSAGE-01 a"], id="a message without name"),
        pytest.param((IN, CatchEvent("wait", "", SignalDefinition("")), OUT, "in > wait > out"),
                     ["WORKFLOW-SIGNAL-01 wait"], id="a signal without name"),
        pytest.param((IN, EndEvent("out", "", ErrorDefinition("")), "in > out"), ["WORKFLOW-ERROR-02 out"],
                     id="an error without code"),
        pytest.param((IN, EndEvent("out", "", EscalationDefinition("")), "in > out"), ["WORKFLOW-ESCALATION-01 out"],
                     id="an escalation without code"),
        pytest.param(edge(ConditionalDefinition("1 +")), ["FEEL-SYNTAX-01 edge"], id="a condition that is no FEEL"),
        pytest.param(edge(TimerDefinition("P1D", service_hours=True)), ["WORKFLOW-TIMER-01 edge"],
                     id="days of service hours"),
        pytest.param(edge(TimerDefinition('= duration("P3D")', service_hours=True)), ["WORKFLOW-TIMER-01 edge"],
                     id="days of service hours in FEEL"),
        pytest.param(edge(TimerDefinition("2026-04-01T09:00:00Z", TimerKind.DATE, service_hours=True)),
                     ["WORKFLOW-TIMER-02 edge"], id="an instant in service hours"),
        pytest.param(edge(TimerDefinition("2026-04-01", TimerKind.DATE)), ["WORKFLOW-TIMER-01 edge"],
                     id="a day without a time"),
        pytest.param(edge(TimerDefinition("R0/PT1H", TimerKind.CYCLE)), ["WORKFLOW-TIMER-01 edge"],
                     id="a cycle of no times"),
        # circles
        pytest.param((IN, ExclusiveGateway("again"), ThrowEvent("tell", "", SignalDefinition("s")),
                      ExclusiveGateway("gate"), OUT, "in > again > tell > gate", "gate > out : x = 1", "gate >> again"),
                     ["WORKFLOW-LOOP-01 again"], id="a circle that only tells"),
        pytest.param((IN, ExclusiveGateway("gate"), ThrowEvent("jump", "", LinkDefinition("on")),
                      CatchEvent("land", "", LinkDefinition("on")), ExclusiveGateway("again"), OUT, "in > again > gate",
                      "gate > out : x = 1", "gate >> jump", "land > again"), ["WORKFLOW-LOOP-01 again"],
                     id="a circle by a link"),
    ],
)  # fmt: skip
def test_what_stands_where_it_cannot_gets_its_codes(drawing: Drawing, found: list[str]) -> None:
    assert codes(*drawing) == found


def test_an_event_sub_process_may_undo_what_is_around_it() -> None:
    back = ThrowEvent("back", "", CompensateDefinition("a"))
    handler = sub("handler", StartEvent("i", "", MessageDefinition("m")), back, DONE, "i > back > o", by_event=True)
    assert codes(IN, A, UNDO, UNDONE, OUT, handler, "in > a > out") == []


def test_ids_are_one_element_s_own_in_all_scopes() -> None:
    assert "WORKFLOW-ID-01 a" in codes(IN, A, sub("s", BEGIN, A, DONE, "i > a > o"), OUT, "in > a > s > out")


def test_a_circle_through_a_script_or_a_wait_has_no_fault() -> None:
    for node in (ScriptTask("turn", "", "x", "x"), CatchEvent("turn", "", TimerDefinition("PT1H"))):
        found = codes(IN, ExclusiveGateway("again"), node, ExclusiveGateway("gate"), OUT,
                      "in > again > turn > gate", "gate > out : x = 1", "gate >> again")  # fmt: skip
        assert found == []

"""Scopes: sub-processes, event sub-processes, calls, instances, and what is undone, each on the smallest process."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.reference.workflow_drawing import NOON, Play, compiled, draw, sub, timer_boundary

from comptroller.domain.feel import Value
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import encode
from comptroller.domain.workflow import (
    Advance,
    CompleteJob,
    CompleteTask,
    DeliverMessage,
    DeliverSignal,
    FailJob,
    FireTimer,
    Library,
    Start,
    Status,
    advance,
    events,
)
from comptroller.domain.workflow.compiling import assemble
from comptroller.domain.workflow.model import (
    Assignment,
    Binding,
    BoundaryEvent,
    CallActivity,
    CancelDefinition,
    CompensateDefinition,
    ConditionalDefinition,
    EndEvent,
    ErrorDefinition,
    EscalationDefinition,
    EventDefinition,
    ExclusiveGateway,
    MessageDefinition,
    MultiInstance,
    Node,
    ParallelGateway,
    ReceiveTask,
    ServiceTask,
    SignalDefinition,
    StartEvent,
    TerminateDefinition,
    ThrowEvent,
    TimerDefinition,
    UserTask,
)

IN, OUT = StartEvent("in"), EndEvent("out", "Out")
A, B, C, D = (ServiceTask(key, key.upper(), f"{key}.run") for key in "abcd")
PAUSE = UserTask("pause", "Pause", "check")


def ended(play: Play) -> bool:
    return play.state.status is Status.ENDED


def due(play: Play) -> list[datetime]:
    return [event.due for event in play.last if isinstance(event, events.TimerSet | events.CycleSet)]


# ---- sub-processes ---------------------------------------------------------------------------------------------------


def test_a_sub_process_goes_on_when_all_in_it_is_done() -> None:
    inner = sub("inner", StartEvent("i"), ParallelGateway("f"), A, B, EndEvent("o"), "i > f > a > o", "f > b > o")
    play = Play(compiled(IN, inner, C, OUT, "in > inner > c > out"))
    assert play.standing == ["a", "b", "inner"]
    play.answer("a")
    assert play.standing == ["b", "inner"]
    play.answer("b")
    assert play.standing == ["c"]
    assert play.state.tokens[play.token("c")].scope == ""


def test_a_sub_process_keeps_its_own_variables_and_gives_what_is_kept() -> None:
    inner = sub("inner", StartEvent("i"), A, EndEvent("o"), "i > a > o", variables=("y",),
                inputs=(Assignment("z", "x + 1"),), outputs=(Assignment("found", "y + z"),))  # fmt: skip
    play = Play(compiled(IN, inner, PAUSE, OUT, "in > inner > pause > out"), {"x": 1, "y": "outer"})
    assert play.state.variables_at(play.token("a")) == {"x": 1, "y": "outer", "z": 2}
    play.answer("a", y=Decimal(5), x=Decimal(9))
    assert play.state.variables == {"x": 9, "y": "outer", "found": 7}


def test_what_interrupts_a_sub_process_ends_all_in_it() -> None:
    inner = sub("inner", StartEvent("i"), A, PAUSE, EndEvent("o"), "i > a > o", "i > pause > o")
    play = Play(compiled(IN, inner, timer_boundary("late", "inner", "PT1H"), C, OUT, "in > inner > out",
                         "late > c > out"))  # fmt: skip
    play.wait(hours=1)
    play.do(FireTimer(play.token("inner"), "late"))
    assert play.standing == ["c"]
    assert play.happened(events.JobWithdrawn) == {"a": 1}
    assert play.happened(events.TaskWithdrawn) == {"pause": 1}


def test_a_terminate_end_event_ends_only_its_own_scope() -> None:
    inner = sub("inner", StartEvent("i"), A, B, EndEvent("o", "", TerminateDefinition()), "i > a > o", "i > b > o")
    play = Play(
        compiled(IN, ParallelGateway("fork"), inner, C, D, OUT, "in > fork > inner > c > out", "fork > d > out")
    )
    play.answer("a")
    assert play.standing == ["c", "d"]


def by_event(definition: EventDefinition, *, interrupting: bool = True) -> Node:
    return sub("handler", StartEvent("begin", "", definition, interrupting), B, EndEvent("done", "Handled"),
               "begin > b > done", by_event=True)  # fmt: skip


HANDLERS = [
    pytest.param(MessageDefinition("told"), lambda play: DeliverMessage(play.token("begin"), "told"), id="a message"),
    pytest.param(TimerDefinition("PT1H"), lambda play: FireTimer(play.token("begin"), "begin"), id="a timer"),
    pytest.param(SignalDefinition("alarm"), lambda play: DeliverSignal("alarm"), id="a signal"),  # noqa: ARG005
    pytest.param(ConditionalDefinition("x = 1"), lambda play: CompleteTask(play.token("t"), 1, {"x": 1}),
                 id="a condition"),
]  # fmt: skip
SIDE = UserTask("t", "", "check")


@pytest.mark.parametrize("is_inner", [False, True], ids=["of the process", "of a sub-process"])
@pytest.mark.parametrize(("definition", "command"), HANDLERS)
def test_an_event_sub_process_interrupts_its_scope(definition: EventDefinition, command: Any, is_inner: bool) -> None:
    if is_inner:
        inner = sub("inner", StartEvent("i"), A, SIDE, EndEvent("o"), by_event(definition), "i > a > o", "i > t > o")
        play = Play(compiled(IN, inner, C, OUT, "in > inner > c > out"))
    else:
        play = Play(compiled(IN, A, SIDE, OUT, by_event(definition), "in > a > out", "in > t > out"))
    play.wait(hours=1)
    play.do(command(play))
    assert play.standing == (["b", "handler", "inner"] if is_inner else ["b", "handler"])
    play.answer("b")
    if is_inner:
        assert play.standing == ["c"]
    else:
        assert play.events[-1] == events.CaseEnded("done", "Handled")


@pytest.mark.parametrize(("definition", "command"), HANDLERS)
def test_an_event_sub_process_goes_on_beside_its_scope(definition: EventDefinition, command: Any) -> None:
    handler = by_event(definition, interrupting=False)
    play = Play(compiled(IN, A, SIDE, OUT, handler, "in > a > out", "in > t > out"))
    play.wait(hours=1)
    play.do(command(play))
    assert {"a", "b", "handler"} <= set(play.standing)
    repeats = isinstance(definition, MessageDefinition | SignalDefinition)
    if repeats:
        play.do(command(play))
    assert play.standing.count("b") == 1 + repeats
    for node in ["a", *(["t"] if "t" in play.standing else [])]:
        (play.finish if node == "t" else play.answer)(node)
    assert not ended(play)
    for token in play.tokens("b"):
        play.do(CompleteJob(token))
    assert ended(play)
    assert play.state.tokens == {}


def test_what_only_watches_does_not_keep_a_scope_open() -> None:
    inner = sub("inner", StartEvent("i"), A, EndEvent("o"), by_event(MessageDefinition("told")), "i > a > o")
    play = Play(compiled(IN, inner, C, OUT, "in > inner > c > out"))
    play.answer("a")
    assert play.standing == ["c"]
    assert play.happened(events.MessageForgotten) == {"begin": 1}


# ---- errors and escalations ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("taken", "error", "standing"),
    [
        pytest.param("refused", "refused", ["b"], id="by its code"),
        pytest.param("", "refused", ["b"], id="as any error"),
        pytest.param("other", "refused", ["a"], id="by nobody"),
    ],
)
def test_a_job_that_fails_is_taken_on_its_boundary(taken: str, error: str, standing: list[str]) -> None:
    edge = BoundaryEvent("edge", "", "a", ErrorDefinition(taken))
    play = Play(compiled(IN, A, edge, B, OUT, "in > a > out", "edge > b > out"))
    play.do(FailJob("2", error, {"x": "why"}))
    assert play.standing == standing
    assert play.state.variables == {"x": "why"}
    assert play.incidents == ({} if standing == ["b"] else {"a": "WORKFLOW-ERROR-01"})
    assert play.code(CompleteJob("2")) in {"WORKFLOW-TOKEN-01", "WORKFLOW-JOB-01"}


def test_who_names_the_error_comes_before_who_takes_all() -> None:
    play = Play(compiled(IN, A, BoundaryEvent("all", "", "a", ErrorDefinition("")),
                         BoundaryEvent("one", "", "a", ErrorDefinition("refused")), B, C, OUT,
                         "in > a > out", "all > b > out", "one > c > out"))  # fmt: skip
    play.do(FailJob("2", "refused"))
    assert play.standing == ["c"]


def throwing(definition: EventDefinition, *more: Node) -> Node:
    """A sub-process with work beside a throwing end."""
    return sub("inner", StartEvent("i"), A, ReceiveTask("go", "", "go"), EndEvent("o"),
               EndEvent("throw", "", definition), *more, "i > a > o", "i > go > throw")  # fmt: skip


def test_an_error_end_event_ends_its_sub_process_and_is_taken_on_the_boundary() -> None:
    edge = BoundaryEvent("edge", "", "inner", ErrorDefinition("refused"))
    play = Play(compiled(IN, throwing(ErrorDefinition("refused")), edge, C, D, OUT, "in > inner > c > out",
                         "edge > d > out"))  # fmt: skip
    play.do(DeliverMessage(play.token("go"), "go"))
    assert play.standing == ["d"]
    assert play.happened(events.ErrorThrown) == {"throw": 1}


def test_an_error_is_taken_by_an_event_sub_process_before_the_boundary() -> None:
    inner = throwing(ErrorDefinition("refused"), by_event(ErrorDefinition("")))
    edge = BoundaryEvent("edge", "", "inner", ErrorDefinition("refused"))
    play = Play(compiled(IN, inner, edge, C, D, OUT, "in > inner > c > out", "edge > d > out"))
    play.do(DeliverMessage(play.token("go"), "go"))
    assert play.standing == ["b", "handler", "inner"]
    play.do(FailJob(play.token("b"), "refused"))  # its own handler is over, so it goes on outward
    assert play.standing == ["d"]


def test_an_error_that_nobody_takes_stops_the_case_where_it_was_thrown() -> None:
    play = Play(compiled(IN, throwing(ErrorDefinition("refused")), C, OUT, "in > inner > c > out"))
    play.do(DeliverMessage(play.token("go"), "go"))
    assert play.incidents == {"throw": "WORKFLOW-ERROR-01"}
    assert play.state.status is Status.RUNNING


@pytest.mark.parametrize(
    ("interrupting", "standing"), [(True, ["d"]), (False, ["a", "d", "inner"])], ids=["interrupting", "beside"]
)
def test_an_escalation_is_taken_on_the_boundary(interrupting: bool, standing: list[str]) -> None:
    edge = BoundaryEvent("edge", "", "inner", EscalationDefinition("late"), interrupting)
    play = Play(compiled(IN, throwing(EscalationDefinition("late")), edge, C, D, OUT, "in > inner > c > out",
                         "edge > d > out"))  # fmt: skip
    play.do(DeliverMessage(play.token("go"), "go"))
    assert play.standing == standing


def test_an_escalation_that_nobody_takes_changes_nothing() -> None:
    play = Play(compiled(IN, ThrowEvent("tell", "", EscalationDefinition("late")), A, OUT, "in > tell > a > out"))
    assert play.standing == ["a"]
    assert play.happened(events.EscalationThrown) == {"tell": 1}


# ---- calls -----------------------------------------------------------------------------------------------------------

CALLED = compiled(StartEvent("ci"), ServiceTask("work", "", "work"), EndEvent("co"), "ci > work > co", name="other")
CALL = CallActivity("call", "", "other", inputs=(Assignment("x", "y"),), outputs=(Assignment("found", "x"),))


def test_a_call_hands_in_and_takes_back_only_what_is_said() -> None:
    play = Play(compiled(IN, CALL, A, OUT, "in > call > a > out"), {"y": 1, "x": "own"}, calls=[CALLED])
    assert play.standing == ["call", "work"]
    assert play.state.variables_at(play.token("work")) == {"x": 1}
    play.answer("work", x=Decimal(2), y="inner")
    assert play.standing == ["a"]
    assert play.state.variables == {"y": 1, "x": "own", "found": 2}


def test_a_call_of_a_process_that_is_not_there_stops_the_case() -> None:
    play = Play(compiled(IN, CALL, OUT, "in > call > out"))
    assert play.incidents == {"call": "WORKFLOW-CALL-01"}


def test_a_case_in_a_call_needs_the_version_that_it_called() -> None:
    play = Play(compiled(IN, CALL, OUT, "in > call > out"), calls=[CALLED])
    token = play.token("work")
    play.library = type(play.library)()
    assert play.code(CompleteJob(token)) == "WORKFLOW-VERSION-02"


@pytest.mark.parametrize(
    ("binding", "version", "called"),
    [
        pytest.param(Binding.RELEASE, "", "released", id="the case's own release"),
        pytest.param(Binding.LATEST, "", "newest", id="the one in force"),
        pytest.param(Binding.VERSION, "a" * 64, "pinned", id="the one with a hash"),
        pytest.param(Binding.VERSION, "b" * 64, "", id="a hash of another process"),
        pytest.param(Binding.VERSION, "c" * 64, "", id="a hash of nothing"),
    ],
)
def test_a_call_is_bound_to(binding: Binding, version: str, called: str) -> None:
    def other(task: str) -> Any:
        return compiled(StartEvent("ci"), ServiceTask(task, "", "work"), EndEvent("co"), f"ci > {task} > co", name=task)

    def named(task: str, **more: Any) -> Any:
        return replace(other(task), id="other", **more)

    library = Library(
        {"other": named("released")},
        {"other": named("newest")},
        {"a" * 64: named("pinned", hash="a" * 64), "b" * 64: other("stranger")}.get,
    )
    definition = compiled(IN, CallActivity("call", "", "other", binding, version), OUT, "in > call > out")
    advanced = advance(definition, None, Start(), NOON, library=library)
    assert isinstance(advanced, Advance)
    standing = {at.node for at in advanced.state.tokens.values()}
    assert standing == ({"call", called} if called else {"call"})


def test_processes_that_call_themselves_are_stopped() -> None:
    drawing = draw(
        StartEvent("ci"), CallActivity("again", "", "other"), EndEvent("co"), "ci > again > co", name="other"
    )
    again, _ = assemble(drawing)  # which is a fault where it is checked
    play = Play(compiled(IN, CallActivity("call", "", "other"), OUT, "in > call > out"), calls=[again])
    assert play.incidents == {"again": "WORKFLOW-CALL-04"}
    assert len(play.state.tokens) == limits.WORKFLOW_CALL_DEPTH_MAX + 1


def test_an_error_comes_out_of_a_called_process() -> None:
    called = compiled(StartEvent("ci"), EndEvent("co", "", ErrorDefinition("refused")), "ci > co", name="other")
    edge = BoundaryEvent("edge", "", "call", ErrorDefinition("refused"))
    play = Play(compiled(IN, CALL, edge, A, B, OUT, "in > call > a > out", "edge > b > out"), calls=[called])
    assert play.standing == ["b"]


def test_instances_within_instances_are_bounded_over_the_whole_case() -> None:
    each = MultiInstance("=200", sequential=False, counted=True)
    inner = sub(
        "inner",
        StartEvent("i"),
        EndEvent("o"),
        ServiceTask("do", "", "do", instances=each),
        "i > do > o",
        instances=each,
    )
    definition = compiled(IN, inner, OUT, "in > inner > out")
    advanced = advance(definition, None, Start(), NOON)
    assert isinstance(advanced, Advance)
    assert len(advanced.state.tokens) <= limits.WORKFLOW_TOKENS_MAX
    assert {at.incident for at in advanced.state.tokens.values()} >= {"", "WORKFLOW-COLLECTION-04"}


# ---- many instances --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sequential", [False, True], ids=["all at once", "one after the other"])
def test_an_activity_is_done_for_each_item_and_its_results_are_collected(sequential: bool) -> None:
    loop = MultiInstance("people", sequential, item="item", result="found", result_item="answer")
    play = Play(compiled(IN, ServiceTask("ask", "", "ask", instances=loop), PAUSE, OUT, "in > ask > pause > out"),
                {"people": ["a", "b", "c"]})  # fmt: skip
    for _ in range(3):
        token = max(play.tokens("ask"), key=int)
        seen = play.state.variables_at(token)
        assert seen["item"] == ["a", "b", "c"][int(Decimal(str(seen["loopCounter"]))) - 1]
        play.do(CompleteJob(token, {"answer": f"{seen['item']}!"}))
    assert play.state.variables["found"] == ["a!", "b!", "c!"]
    assert "item" not in play.state.variables


def test_a_sub_process_for_each_item_ends_early_when_enough_are_done() -> None:
    loop = MultiInstance("people", sequential=False, completion="numberOfCompletedInstances >= 2", item="item")
    inner = sub("inner", StartEvent("i"), A, EndEvent("o"), "i > a > o", instances=loop)
    play = Play(compiled(IN, inner, C, OUT, "in > inner > c > out"), {"people": [1, 2, 3]})
    first, second, _ = play.tokens("a")
    play.do(CompleteJob(second))
    assert play.standing.count("a") == 2
    play.do(CompleteJob(first))
    assert play.standing == ["c"]
    assert play.happened(events.JobWithdrawn) == {"a": 1}


def test_a_number_of_instances_may_be_worked_out() -> None:
    loop = MultiInstance("x + 1", sequential=False, counted=True)
    play = Play(compiled(IN, ServiceTask("ask", "", "ask", instances=loop), OUT, "in > ask > out"), {"x": 1})
    assert [play.state.variables_at(token)["loopCounter"] for token in play.tokens("ask")[1:]] == [1, 2]


@pytest.mark.parametrize(
    ("loop", "x", "code"),
    [
        pytest.param(MultiInstance("x", sequential=False), "a", "WORKFLOW-COLLECTION-01", id="no list"),
        pytest.param(MultiInstance("x", sequential=False, counted=True), -1, "WORKFLOW-COLLECTION-01", id="less"),
        pytest.param(MultiInstance("x", sequential=False, counted=True), Decimal("1.5"), "WORKFLOW-COLLECTION-01",
                     id="a part of one"),
        pytest.param(MultiInstance("x", sequential=False, counted=True), 10**9, "WORKFLOW-COLLECTION-03",
                     id="too many"),
    ],
)  # fmt: skip
def test_instances_that_cannot_be_are_an_incident(loop: MultiInstance, x: Value, code: str) -> None:
    play = Play(compiled(IN, ServiceTask("ask", "", "ask", instances=loop), OUT, "in > ask > out"), {"x": x})
    assert play.incidents == {"ask": code}


@pytest.mark.parametrize("sequential", [False, True], ids=["all at once", "one after the other"])
@pytest.mark.parametrize(("counted", "x"), [(False, []), (True, 0)], ids=["an empty list", "nought"])
@pytest.mark.parametrize(
    "asks",
    [False, True],
    ids=["work of the platform is done", "people who would be asked are an incident"],
)
def test_without_an_instance(asks: bool, counted: bool, x: Value, sequential: bool) -> None:
    loop = MultiInstance("x", sequential, counted=counted, item="item", result="found", result_item="answer")
    work = UserTask("a", "", "approval") if asks else A
    inner = sub("inner", StartEvent("i"), work, EndEvent("o"), "i > a > o", instances=loop)
    play = Play(compiled(IN, inner, C, OUT, "in > inner > c > out"), {"x": x})
    if asks:
        assert play.incidents == {"inner": "WORKFLOW-COLLECTION-02"}
    else:
        assert (play.standing, play.state.variables["found"]) == (["c"], [])


def test_an_error_in_one_instance_ends_them_all() -> None:
    loop = MultiInstance("people", sequential=False)
    edge = BoundaryEvent("edge", "", "ask", ErrorDefinition(""))
    play = Play(compiled(IN, ServiceTask("ask", "", "ask", instances=loop), edge, C, OUT, "in > ask > out",
                         "edge > c > out"), {"people": [1, 2, 3]})  # fmt: skip
    play.do(FailJob(play.tokens("ask")[2], "refused"))
    assert play.standing == ["c"]


# ---- compensation and transactions -----------------------------------------------------------------------------------


def undoable(key: str) -> tuple[Node, ...]:
    """A task with the one that undoes it."""
    return (
        ServiceTask(key, "", key),
        ServiceTask(f"un{key}", "", f"un{key}", for_compensation=True),
        BoundaryEvent(f"{key}-undone", "", key, CompensateDefinition(), handler=f"un{key}"),
    )


def undo(play: Play) -> list[str]:
    """Let everything be undone; answers in which order."""
    found = []
    while any(node.startswith("un") for node in play.standing):
        (node,) = [node for node in play.standing if node.startswith("un")]
        found.append(node)
        play.answer(node)
    return found


def test_all_of_a_scope_is_undone_in_the_reverse_order_and_then_the_case_goes_on() -> None:
    play = Play(compiled(IN, *undoable("one"), *undoable("two"), *undoable("three"),
                         ThrowEvent("back", "", CompensateDefinition()), PAUSE, OUT,
                         "in > one > two > back > pause > three > out"))  # fmt: skip
    play.answer("one")
    play.answer("two")
    assert play.standing == ["back", "untwo"]
    assert undo(play) == ["untwo", "unone"]
    assert play.standing == ["pause"]


def test_one_activity_is_undone_by_name_as_often_as_it_was_done() -> None:
    play = Play(compiled(IN, *undoable("one"), *undoable("two"), ExclusiveGateway("again"), ExclusiveGateway("gate"),
                         EndEvent("back", "", CompensateDefinition("one")),
                         "in > again > one > two > gate", "gate > back : x = 2", "gate >> again"))  # fmt: skip
    for x in (1, 2):
        play.answer("one")
        play.answer("two", x=x)
    assert undo(play) == ["unone", "unone"]
    assert ended(play)


def test_what_was_not_done_is_not_undone() -> None:
    play = Play(compiled(IN, ThrowEvent("back", "", CompensateDefinition()), *undoable("one"), OUT,
                         "in > back > one > out"))  # fmt: skip
    assert play.standing == ["one"]


def test_a_sub_process_that_was_done_is_undone_with_the_variables_it_had() -> None:
    inner = sub("inner", StartEvent("i"), *undoable("one"), *undoable("two"), EndEvent("o"), "i > one > two > o",
                variables=("y",))  # fmt: skip
    play = Play(compiled(IN, inner, ThrowEvent("back", "", CompensateDefinition()), OUT, "in > inner > back > out"))
    play.answer("one", y="then")
    play.answer("two")
    assert play.standing == ["back", "inner", "untwo"]
    assert play.state.variables_at(play.token("untwo"))["y"] == "then"
    assert undo(play) == ["untwo", "unone"]
    assert ended(play)


def test_a_sub_process_may_say_itself_how_it_is_undone() -> None:
    handler = sub(
        "handler",
        StartEvent("begin", "", CompensateDefinition()),
        ThrowEvent("first", "", CompensateDefinition("one")),
        ServiceTask("unall", "", "unall"),
        EndEvent("done"),
        "begin > first > unall > done",
        by_event=True,
    )
    inner = sub(
        "inner", StartEvent("i"), *undoable("one"), *undoable("two"), EndEvent("o"), handler, "i > one > two > o"
    )
    play = Play(
        compiled(IN, inner, ThrowEvent("back", "", CompensateDefinition("inner")), OUT, "in > inner > back > out")
    )
    play.answer("one")
    play.answer("two")
    assert undo(play) == ["unone", "unall"]
    assert ended(play)


def test_each_instance_of_a_sub_process_is_undone() -> None:
    loop = MultiInstance("people", sequential=True, item="item")
    inner = sub("inner", StartEvent("i"), *undoable("one"), EndEvent("o"), "i > one > o", instances=loop)
    play = Play(compiled(IN, inner, ThrowEvent("back", "", CompensateDefinition()), OUT, "in > inner > back > out"),
                {"people": ["a", "b"]})  # fmt: skip
    play.answer("one")
    play.answer("one")
    seen = []
    while "unone" in play.standing:
        seen.append(play.state.variables_at(play.token("unone"))["item"])
        play.answer("unone")
    assert seen == ["b", "a"]
    assert ended(play)


def test_an_error_while_an_instance_is_undone_is_not_taken_by_what_the_instance_had_for_its_own_errors() -> None:
    """The instance is over: only what is around it could take the error, and nobody is there."""
    handler = sub("handler", StartEvent("begin", "", CompensateDefinition()), ServiceTask("unall", "", "unall"),
                  EndEvent("done"), "begin > unall > done", by_event=True)  # fmt: skip
    taken = sub("taken", StartEvent("wrong", "", ErrorDefinition("")), ServiceTask("mend", "", "mend"),
                EndEvent("mended"), "wrong > mend > mended", by_event=True)  # fmt: skip
    inner = sub("inner", StartEvent("i"), EndEvent("o"), handler, taken, "i > o",
                instances=MultiInstance("people", sequential=False))  # fmt: skip
    play = Play(compiled(IN, inner, ThrowEvent("back", "", CompensateDefinition()), OUT, "in > inner > back > out"),
                {"people": ["a", "b"]})  # fmt: skip
    play.do(FailJob(play.token("unall"), "e1", {}))
    assert "mend" not in play.standing
    assert play.state.tokens[play.token("unall")].incident == "WORKFLOW-ERROR-01"


def transaction(end: EventDefinition | None) -> Node:
    return sub("deal", StartEvent("i"), *undoable("one"), A, ReceiveTask("go", "", "go"), EndEvent("o"),
               EndEvent("give-up", "", end), "i > one > a > o", "i > go > give-up", transaction=True)  # fmt: skip


def test_a_cancelled_transaction_is_undone_and_leaves_by_its_boundary() -> None:
    edge = BoundaryEvent("edge", "", "deal", CancelDefinition())
    play = Play(compiled(IN, transaction(CancelDefinition()), edge, C, D, OUT, "in > deal > c > out", "edge > d > out"))
    play.answer("one")
    play.do(DeliverMessage(play.token("go"), "go"))
    assert play.standing == ["deal", "unone"]
    play.answer("unone")
    assert play.standing == ["d"]


def test_an_error_ends_a_transaction_and_undoes_nothing() -> None:
    edge = BoundaryEvent("edge", "", "deal", ErrorDefinition(""))
    play = Play(compiled(IN, transaction(ErrorDefinition("refused")), edge, C, D, OUT, "in > deal > c > out",
                         "edge > d > out"))  # fmt: skip
    play.answer("one")
    play.do(DeliverMessage(play.token("go"), "go"))
    assert play.standing == ["d"]


def test_a_waiting_case_of_many_scopes_costs_a_few_hundred_bytes() -> None:
    handler = by_event(MessageDefinition("told", "x"))
    inner = sub("inner", StartEvent("i"), *undoable("one"), PAUSE, EndEvent("o"), handler, "i > one > pause > o")
    play = Play(compiled(IN, inner, timer_boundary("late", "inner", "PT1H"), OUT, "in > inner > out", "late > out"),
                {"x": "S01"})  # fmt: skip
    play.answer("one")
    assert len(encode(play.state.to_json())) < 500

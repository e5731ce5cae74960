"""The token machine element by element, each rule a small drawn process."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.reference.workflow_drawing import NOON, Play, as_drawn, compiled, message_boundary, timer_boundary

from comptroller.domain.feel import DaysDuration, Value
from comptroller.domain.kernel import limits
from comptroller.domain.workflow import (
    Advance,
    Cancel,
    Command,
    CompleteJob,
    CompleteTask,
    DeliverMessage,
    FireTimer,
    Start,
    State,
    Status,
    Token,
    advance,
    apply,
    events,
    process,
)
from comptroller.domain.workflow.model import (
    BusinessRuleTask,
    EndEvent,
    ExclusiveGateway,
    MultiInstance,
    Node,
    ParallelGateway,
    ReceiveTask,
    ServiceTask,
    StartEvent,
    TerminateDefinition,
    UserTask,
)

IN, OUT = StartEvent("in"), EndEvent("out", "Out")


def service(key: str) -> ServiceTask:
    return ServiceTask(key, key.title(), f"{key}.run")


def test_a_case_runs_from_its_start_event_to_its_end_event() -> None:
    play = Play(
        compiled(IN, BusinessRuleTask("judge", "Judge", "line match"), service("post"), OUT, "in > judge > post > out")
    )
    assert play.last[-1:] == (events.DecisionRequested("2", "judge", "line match"),)

    play.do(CompleteJob("2", {"line match": {"outcome": "matched"}}))
    assert play.last == (
        events.JobCompleted("2", "judge"),
        events.VariablesSet({"line match": {"outcome": "matched"}}),
        events.NodeLeft("2", "judge"),
        events.NodeEntered("3", "post", "judge-post"),
        events.ServiceRequested("3", "post", "post.run"),
    )

    play.answer("post")
    assert play.events[-1] == events.CaseEnded("out", "Out")
    assert (play.state.status, play.state.end, play.standing) == (Status.ENDED, "out", [])


def test_variables_are_merged_and_the_newest_value_stays() -> None:
    play = Play(compiled(IN, service("a"), service("b"), OUT, "in > a > b > out"), {"x": "old", "y": "kept"})
    play.answer("a", x="new")
    assert play.state.variables == {"x": "new", "y": "kept"}


GATEWAY: tuple[Node | str, ...] = (
    IN,
    ExclusiveGateway("gate"),
    *(service(name) for name in ("first", "second", "safe")),
    OUT,
    "in > gate",
    "gate > first : x = 1",
    "gate > second : y > 1",
    "first > out",
    "second > out",
    "safe > out",
)


@pytest.mark.parametrize(
    ("variables", "taken"),
    [
        pytest.param({"x": 1, "y": 0}, "first", id="the flow whose condition is true"),
        pytest.param({"x": 1, "y": 2}, "first", id="the first of two true ones, in the order drawn"),
        pytest.param({"x": 0, "y": 2}, "second", id="the second when the first is false"),
        pytest.param({"x": 0, "y": 0}, "safe", id="the default when none is true"),
    ],
)
def test_an_exclusive_gateway_takes(variables: dict[str, Value], taken: str) -> None:
    play = Play(compiled(*GATEWAY, "gate >> safe"), variables)
    assert play.standing == [taken]


@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({}, id="a variable that nobody has set, or a wrong name"),
        pytest.param({"x": 0, "y": "many"}, id="a comparison that cannot be made"),
    ],
)
def test_a_condition_that_gives_neither_true_nor_false_is_an_incident(variables: dict[str, Value]) -> None:
    play = Play(compiled(*GATEWAY, "gate >> safe"), variables)
    assert (play.standing, play.incidents) == (["gate"], {"gate": "WORKFLOW-GATEWAY-02"})


def test_a_condition_behind_the_one_that_is_true_is_not_asked() -> None:
    assert Play(compiled(*GATEWAY, "gate >> safe"), {"x": 1, "y": "many"}).standing == ["first"]


def test_a_gateway_with_no_way_out_parks_the_token_with_an_incident() -> None:
    parts = [part for part in GATEWAY if part != "safe > out" and getattr(part, "id", "") != "safe"]
    play = Play(compiled(*parts), {"x": 0, "y": 0})
    assert play.incidents == {"gate": "WORKFLOW-GATEWAY-01"}
    assert play.state.status is Status.RUNNING
    assert play.code(CompleteJob(play.token("gate"))) == "WORKFLOW-JOB-01"


FORK: tuple[Node | str, ...] = (
    IN,
    ParallelGateway("fork"),
    service("left"),
    service("right"),
    ParallelGateway("join"),
    service("after"),
    OUT,
    "in > fork > left > join",
    "fork > right > join",
    "join > after > out",
)


@pytest.mark.parametrize("order", [("left", "right"), ("right", "left")], ids=["left first", "right first"])
def test_a_join_waits_for_every_branch(order: tuple[str, str]) -> None:
    play = Play(compiled(*FORK))
    assert play.standing == ["left", "right"]
    play.answer(order[0])
    assert play.standing == sorted(["join", order[1]])
    play.answer(order[1])
    assert play.standing == ["after"]


def test_a_join_is_not_filled_by_two_tokens_of_one_branch() -> None:
    """The left branch comes round twice before the right one arrives: the second token waits for the next firing."""
    play = Play(
        as_drawn(
            IN,
            ParallelGateway("fork"),
            ExclusiveGateway("again"),
            UserTask("left", "Left", "check"),
            timer_boundary("extra", "left", "PT1H", interrupting=False),
            service("right"),
            ParallelGateway("join"),
            EndEvent("out"),
            "in > fork > left > again",
            "extra > again",
            "again > join > out",
            "fork > right > join",
        )
    )
    play.wait(hours=1)
    play.do(FireTimer(play.token("left"), "extra"))
    play.finish("left")
    assert play.standing == ["join", "join", "right"]
    play.answer("right")
    assert play.incidents == {"join": "WORKFLOW-JOIN-02"}


def test_a_terminate_end_event_ends_every_other_token() -> None:
    play = Play(
        compiled(
            IN,
            ParallelGateway("fork"),
            service("left"),
            UserTask("ask", "Ask", "approval"),
            message_boundary("changed", "ask", "case.changed"),
            timer_boundary("late", "ask", "PT1H"),
            service("busy"),
            EndEvent("stop", "Stopped", TerminateDefinition()),
            EndEvent("out"),
            "in > fork > left > stop",
            "fork > ask > out",
            "fork > busy > out",
            "changed > out",
            "late > out",
        )
    )
    asked, busy = play.token("ask"), play.token("busy")
    play.answer("left")
    assert set(play.last) >= {
        events.TaskWithdrawn(asked, "ask", 1),
        events.TimerCancelled(asked, "ask", "late"),
        events.MessageForgotten(asked, "ask", "case.changed"),
        events.JobWithdrawn(busy, "busy"),
        events.NodeLeft(busy, "busy"),
    }
    assert play.last[-1] == events.CaseEnded("stop", "Stopped")
    assert play.state.end == "stop"


def test_a_terminate_end_event_stops_tokens_still_under_way() -> None:
    stop = EndEvent("stop", "", TerminateDefinition())
    play = Play(compiled(IN, ParallelGateway("fork"), stop, service("a"), OUT, "in > fork > stop", "fork > a > out"))
    assert play.state.status is Status.ENDED
    assert not play.happened(events.ServiceRequested)


def test_a_case_ends_with_its_last_token() -> None:
    play = Play(
        compiled(IN, ParallelGateway("fork"), service("left"), service("right"), EndEvent("one"), EndEvent("two"),
                 "in > fork > left > one", "fork > right > two")
    )  # fmt: skip
    play.answer("right")
    assert play.state.status is Status.RUNNING
    play.answer("left")
    assert (play.state.status, play.state.end) == (Status.ENDED, "one")


# ---- user tasks ------------------------------------------------------------------------------------------------------


def asked(*, sequential: bool, completion: str = "") -> Play:
    loop = MultiInstance("=open steps", sequential, completion)
    definition = compiled(
        IN,
        UserTask("ask", "Ask", "approval", instances=loop),
        message_boundary("changed", "ask", "case.changed"),
        timer_boundary("late", "ask", "PT16H", interrupting=False),
        service("again"),
        service("escalate"),
        OUT,
        "in > ask > out",
        "changed > again > out",
        "late > escalate > out",
    )
    return Play(definition, {"open steps": ["first", "second", "third"]})


def offers(play: Play) -> list[tuple[int, Value]]:
    return [(event.instance, event.item) for event in play.last if isinstance(event, events.TaskOffered)]


def test_a_plain_user_task_is_offered_once_with_its_kind() -> None:
    play = Play(compiled(IN, UserTask("mend", "Mend", "correction"), OUT, "in > mend > out"))
    assert events.TaskOffered("2", "mend", 1, "correction", None) in play.last
    play.finish("mend", x="done")
    assert play.state.status is Status.ENDED
    assert play.state.variables == {"x": "done"}


def test_sequential_instances_are_offered_one_after_the_other() -> None:
    play = asked(sequential=True)
    assert offers(play) == [(1, "first")]
    play.finish("ask", 1)
    assert offers(play) == [(2, "second")]
    play.finish("ask", 2)
    assert offers(play) == [(3, "third")]
    play.finish("ask", 3)
    assert play.state.status is Status.ENDED


def test_parallel_instances_are_offered_together_and_done_in_any_order() -> None:
    play = asked(sequential=False)
    assert offers(play) == [(1, "first"), (2, "second"), (3, "third")]
    for instance in (2, 3, 1):
        assert play.state.status is Status.RUNNING
        play.finish("ask", instance)
    assert play.state.status is Status.ENDED


def test_a_completion_condition_withdraws_the_instances_that_are_left() -> None:
    play = asked(sequential=False, completion="numberOfCompletedInstances >= 1")
    token = play.token("ask")
    play.finish("ask", 2)
    withdrawn = [event for event in play.last if isinstance(event, events.TaskWithdrawn)]
    assert withdrawn == [events.TaskWithdrawn(token, "ask", 1), events.TaskWithdrawn(token, "ask", 3)]
    assert play.state.status is Status.ENDED


def test_a_completion_condition_stops_a_chain() -> None:
    play = asked(sequential=True, completion='decision taken != "approve"')
    play.finish("ask", 1, **{"decision taken": "approve"})
    assert play.standing == ["ask"]
    play.finish("ask", 2, **{"decision taken": "reject"})
    assert play.state.status is Status.ENDED
    assert play.happened(events.TaskOffered) == {"ask": 2}


@pytest.mark.parametrize(
    ("condition", "asked_after_one", "told"),
    [
        pytest.param("numberOfInstances = 3 and numberOfActiveInstances = 2", False, 0, id="counts all and active"),
        pytest.param("numberOfTerminatedInstances = 0", False, 0, id="counts terminated"),
        pytest.param("no such thing > 1", True, 1, id="an error asks on and is told"),
        pytest.param('"yes"', True, 1, id="only true completes"),
    ],
)
def test_a_completion_condition(condition: str, asked_after_one: bool, told: int) -> None:
    play = asked(sequential=False, completion=condition)
    play.finish("ask", 1)
    assert (play.standing == ["ask"]) is asked_after_one
    assert play.happened(events.ConditionFailed) == ({"ask": told} if told else {})


@pytest.mark.parametrize(
    ("collection", "code"),
    [
        pytest.param([], "WORKFLOW-COLLECTION-02", id="empty: nobody would be asked"),
        pytest.param(None, "WORKFLOW-COLLECTION-01", id="missing"),
        pytest.param("lena.vogt", "WORKFLOW-COLLECTION-01", id="no list"),
    ],
)
def test_a_collection_that_names_nobody_is_an_incident(collection: Value, code: str) -> None:
    loop = MultiInstance("people", sequential=True)
    definition = compiled(
        IN, UserTask("ask", "Ask", "approval", instances=loop), timer_boundary("late", "ask", "PT1H"), OUT,
        "in > ask > out", "late > out",
    )  # fmt: skip
    play = Play(definition, {"people": collection})
    assert play.incidents == {"ask": code}
    assert not play.happened(events.TaskOffered)
    assert not play.happened(events.TimerSet)


# ---- messages and timers ---------------------------------------------------------------------------------------------


def test_a_message_interrupts_a_task_and_leaves_nothing_open() -> None:
    play = asked(sequential=False)
    token = play.token("ask")
    play.finish("ask", 2)
    play.do(DeliverMessage(token, "case.changed", {"x": "new"}))
    assert play.last[:6] == (
        events.MessageReceived(token, "ask", "case.changed"),
        events.VariablesSet({"x": "new"}),
        events.TaskWithdrawn(token, "ask", 1),
        events.TaskWithdrawn(token, "ask", 3),
        events.TimerCancelled(token, "ask", "late"),
        events.NodeLeft(token, "ask"),
    )
    assert play.standing == ["again"]


def test_a_receive_task_waits_for_its_message() -> None:
    play = Play(compiled(IN, ReceiveTask("hear", "Hear", "delivery.answered"), OUT, "in > hear > out"))
    assert events.MessageAwaited("2", "hear", "delivery.answered") in play.last
    play.do(DeliverMessage("2", "delivery.answered", {"x": "accepted"}))
    assert play.state.variables == {"x": "accepted"}
    assert play.state.status is Status.ENDED


def test_a_timer_that_does_not_interrupt_fires_once_beside_the_task() -> None:
    play = asked(sequential=True)
    token = play.token("ask")
    assert events.TimerSet(token, "ask", "late", NOON + timedelta(hours=16)) in play.last
    play.wait(hours=16)
    play.do(FireTimer(token, "late"))
    assert play.standing == ["ask", "escalate"]
    assert play.code(FireTimer(token, "late")) == "WORKFLOW-TIMER-03"
    play.answer("escalate")
    assert play.standing == ["ask"]


def test_a_timer_that_interrupts_withdraws_the_job() -> None:
    play = Play(
        compiled(IN, service("slow"), timer_boundary("late", "slow", "PT1H"), service("mend"), OUT,
                 "in > slow > out", "late > mend > out")
    )  # fmt: skip
    token = play.token("slow")
    play.wait(hours=1)
    play.do(FireTimer(token, "late"))
    assert play.last[:3] == (
        events.TimerFired(token, "slow", "late"),
        events.JobWithdrawn(token, "slow"),
        events.NodeLeft(token, "slow"),
    )
    assert play.standing == ["mend"]


@pytest.mark.parametrize(
    ("hours", "due"),
    [
        pytest.param(DaysDuration(Decimal(5400)), timedelta(minutes=90), id="a FEEL duration"),
        pytest.param("PT2H", timedelta(hours=2), id="a text"),
        pytest.param(DaysDuration(Decimal(-1)), None, id="a negative duration"),
        pytest.param(None, None, id="nothing"),
        pytest.param("soon", None, id="another text"),
    ],
)
def test_a_timer_takes_its_duration_from_an_expression(hours: Value, due: timedelta | None) -> None:
    definition = compiled(IN, service("slow"), timer_boundary("late", "slow", "=hours"), OUT,
                          "in > slow > out", "late > out")  # fmt: skip
    play = Play(definition, {"hours": hours})
    timers = [event.due - NOON for event in play.events if isinstance(event, events.TimerSet)]
    assert timers == ([] if due is None else [due])
    assert play.incidents == ({} if due is not None else {"slow": "WORKFLOW-TIMER-02"})
    assert play.happened(events.ServiceRequested) == ({} if due is None else {"slow": 1})
    if due is None:
        assert play.code(CompleteJob(play.token("slow"))) == "WORKFLOW-JOB-01"


def test_of_two_timers_one_fires_and_the_other_stays_set() -> None:
    definition = compiled(IN, service("slow"), timer_boundary("soon", "slow", "PT1H", interrupting=False),
                          timer_boundary("late", "slow", "PT2H", interrupting=False), OUT,
                          "in > slow > out", "soon > out", "late > out")  # fmt: skip
    play = Play(definition)
    play.wait(hours=1)
    play.do(FireTimer(play.token("slow"), "soon"))
    assert [timer.id for timer in play.state.tokens[play.token("slow")].timers] == ["late"]


# ---- commands that do not fit ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "code"),
    [
        pytest.param(Start({}), "WORKFLOW-CASE-01", id="start twice"),
        pytest.param(CompleteJob("99"), "WORKFLOW-TOKEN-01", id="unknown token"),
        pytest.param(CompleteJob("1"), "WORKFLOW-TOKEN-01", id="token that has gone on"),
        pytest.param(CompleteJob("2"), "WORKFLOW-JOB-01", id="a job where a person is asked"),
        pytest.param(CompleteTask("2", 2), "WORKFLOW-TASK-04", id="an instance not offered yet"),
        pytest.param(CompleteTask("2", 0), "WORKFLOW-TASK-04", id="an instance that cannot be"),
        pytest.param(DeliverMessage("2", "other"), "WORKFLOW-MESSAGE-03", id="a message not awaited"),
        pytest.param(FireTimer("2", "late"), "WORKFLOW-TIMER-04", id="a timer before it is due"),
        pytest.param(FireTimer("2", "other"), "WORKFLOW-TIMER-03", id="an unknown timer"),
    ],
)
def test_a_command_is_rejected(command: Command, code: str) -> None:
    play = asked(sequential=True)
    before = play.state
    assert play.code(command) == code
    assert play.state == before


def test_a_job_is_answered_once() -> None:
    play = Play(compiled(IN, service("a"), service("b"), OUT, "in > a > b > out"))
    play.answer("a")
    assert play.code(CompleteJob("2")) == "WORKFLOW-TOKEN-01"


def test_a_late_answer_to_an_earlier_visit_of_the_same_node_is_rejected() -> None:
    loop = compiled(IN, ExclusiveGateway("again"), service("a"), ExclusiveGateway("gate"), OUT,
                    "in > again > a > gate", "gate > out : x = 1", "gate >> again")  # fmt: skip
    play = Play(loop)
    first = play.token("a")
    play.answer("a")
    assert play.standing == ["a"]
    assert play.code(CompleteJob(first)) == "WORKFLOW-TOKEN-01"


def test_a_case_that_has_not_begun_takes_only_a_start() -> None:
    refused = process(compiled(IN, OUT, "in > out"), None, Cancel("mistake"), NOON)
    assert getattr(refused, "code", "") == "WORKFLOW-CASE-02"


def test_a_cancelled_case_has_nothing_open_and_takes_nothing_more() -> None:
    play = asked(sequential=False)
    play.do(Cancel("entered twice"))
    assert play.last[-1] == events.CaseCancelled("entered twice")
    assert (play.state.status, play.standing) == (Status.CANCELLED, [])
    assert play.happened(events.TaskWithdrawn) == {"ask": 3}
    assert play.code(Cancel("again")) == "WORKFLOW-CASE-03"


def test_a_case_of_another_version_is_refused_and_never_replayed() -> None:
    play = asked(sequential=True)
    other = compiled(IN, service("a"), OUT, "in > a > out")
    refused = process(other, play.state, CompleteTask(play.token("ask")), NOON)
    assert getattr(refused, "code", "") == "WORKFLOW-VERSION-01"
    with pytest.raises(ValueError, match="process version"):
        apply(other, None, events.CaseStarted("f" * 64))


def test_a_case_that_only_turns_in_circles_is_stopped() -> None:
    """Jobs are answered by the platform at once, so a circle of jobs is a wait for nobody."""
    loop = compiled(IN, ExclusiveGateway("again"), service("a"), ExclusiveGateway("gate"), OUT,
                    "in > again > a > gate", "gate > out : x = 1", "gate >> again")  # fmt: skip
    state, token = None, ""
    command: Command = Start({})
    for _ in range(limits.WORKFLOW_STEPS_MAX):
        happened = process(loop, state, command, NOON)
        assert isinstance(happened, tuple)
        for event in happened:
            state = apply(loop, state, event)
        if any(isinstance(event, events.IncidentRaised) for event in happened):
            break
        assert state is not None
        (token,) = state.tokens
        command = CompleteJob(token)
    assert state is not None
    assert [at.incident for at in state.tokens.values()] == ["WORKFLOW-LOOP-02"]
    assert state.entered == limits.WORKFLOW_STEPS_MAX + 1


def test_an_answer_from_outside_starts_the_count_of_circles_anew() -> None:
    play = asked(sequential=True)
    play.finish("ask", 1)
    assert play.state.mark == play.state.entered == 2


@pytest.mark.parametrize(
    ("mark", "incidents"),
    [
        pytest.param(19_999, [""], id="somebody acted a moment ago"),
        pytest.param(20_001 - limits.WORKFLOW_STEPS_MAX, [""], id="the last step allowed"),
        pytest.param(20_000 - limits.WORKFLOW_STEPS_MAX, ["WORKFLOW-LOOP-02"], id="one step too many"),
    ],
)
def test_circles_are_counted_from_the_last_act_from_outside(mark: int, incidents: list[str]) -> None:
    definition = compiled(IN, service("a"), service("b"), OUT, "in > a > b > out")
    state = State({"20000": Token("a", "in-a")}, entered=20_000, mark=mark)
    advanced = advance(definition, state, CompleteJob("20000"), NOON)
    assert isinstance(advanced, Advance)
    assert [token.incident for token in advanced.state.tokens.values()] == incidents


def test_a_waiting_case_costs_a_few_hundred_bytes() -> None:
    play = asked(sequential=True, completion='decision taken != "approve"')
    size = len(str(play.state.to_json()))
    assert size < 400

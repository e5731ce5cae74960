"""Each element of BPMN that is executed, on the smallest process that shows what it does."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.reference.workflow_drawing import NOON, Play, as_drawn, compiled, message_boundary

from comptroller.domain.controls.service_hours import ServiceCalendar
from comptroller.domain.feel import DaysDuration, Value
from comptroller.domain.workflow import (
    Command,
    DeliverMessage,
    DeliverSignal,
    FireTimer,
    Status,
    events,
)
from comptroller.domain.workflow.model import (
    Assignment,
    BoundaryEvent,
    CatchEvent,
    ConditionalDefinition,
    EndEvent,
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    LinkDefinition,
    ManualTask,
    MessageDefinition,
    MultiInstance,
    Node,
    ParallelGateway,
    ReceiveTask,
    ScriptTask,
    SendTask,
    ServiceTask,
    SignalDefinition,
    StartEvent,
    ThrowEvent,
    TimerDefinition,
    TimerKind,
    UserTask,
)

IN, OUT = StartEvent("in"), EndEvent("out", "Out")
A, B, C, D = (ServiceTask(key, key.upper(), f"{key}.run") for key in "abcd")
PAUSE = UserTask("pause", "Pause", "check")


def ended(play: Play) -> bool:
    return play.state.status is Status.ENDED


def due(play: Play) -> list[datetime]:
    return [event.due for event in play.last if isinstance(event, events.TimerSet | events.CycleSet)]


# ---- tasks -----------------------------------------------------------------------------------------------------------


def test_a_manual_task_asks_somebody_to_say_that_it_was_done() -> None:
    play = Play(compiled(IN, ManualTask("count", "Count the cash"), OUT, "in > count > out"))
    assert events.TaskOffered("2", "count", 1, "manual", None) in play.last
    play.finish("count")
    assert ended(play)


def test_a_script_task_gives_its_value_to_a_variable() -> None:
    play = Play(compiled(IN, ScriptTask("add", "", "x + 1", "y"), OUT, "in > add > out"), {"x": 2})
    assert play.state.variables["y"] == 3
    assert ended(play)


def test_a_script_that_errs_stops_the_case() -> None:
    play = Play(compiled(IN, ScriptTask("add", "", 'x + "a"', "y"), OUT, "in > add > out"), {"x": 2})
    assert play.incidents == {"add": "WORKFLOW-SCRIPT-01"}


def test_a_script_may_give_null() -> None:
    play = Play(compiled(IN, ScriptTask("clear", "", "null", "x"), OUT, "in > clear > out"), {"x": 2})
    assert play.state.variables == {"x": None}
    assert ended(play)


def test_a_send_task_sends_what_its_inputs_say() -> None:
    task = SendTask("tell", "Tell", "invoice.posted", "x", inputs=(Assignment("sum", "y * 2"),))
    play = Play(compiled(IN, task, OUT, "in > tell > out"), {"x": "S01", "y": 21})
    assert events.MessageThrown("2", "tell", "invoice.posted", "S01", {"sum": Decimal(42)}) in play.last
    assert ended(play)


def test_a_receive_task_takes_its_message_only_under_its_key() -> None:
    play = Play(compiled(IN, ReceiveTask("hear", "Hear", "paid", "x"), OUT, "in > hear > out"), {"x": "S01"})
    assert play.last[-1] == events.CorrelationAwaited("2", "hear", "paid", "S01")
    assert play.code(DeliverMessage("2", "paid", {}, "S02")) == "WORKFLOW-MESSAGE-05"
    assert play.code(DeliverMessage("2", "paid", {})) == "WORKFLOW-MESSAGE-05"
    play.do(DeliverMessage("2", "paid", {"y": 1}, "S01"))
    assert ended(play)


@pytest.mark.parametrize("key", [None, "", 7], ids=["no value", "an empty text", "a number"])
def test_a_key_that_is_no_text_is_an_incident(key: Value) -> None:
    play = Play(compiled(IN, ReceiveTask("hear", "Hear", "paid", "x"), OUT, "in > hear > out"), {"x": key})
    assert play.incidents == {"hear": "WORKFLOW-MESSAGE-04"}
    play = Play(compiled(IN, SendTask("tell", "Tell", "paid", "x"), OUT, "in > tell > out"), {"x": key})
    assert play.incidents == {"tell": "WORKFLOW-MESSAGE-04"}


# ---- data ------------------------------------------------------------------------------------------------------------


def test_what_is_handed_to_a_task_is_seen_by_it_alone_and_what_is_kept_is_said() -> None:
    task = ServiceTask(
        "post", "Post", "ledger.post", inputs=(Assignment("amount", "x * 2"),),
        outputs=(Assignment("y", "answer + amount"),),
    )  # fmt: skip
    play = Play(compiled(IN, task, OUT, "in > post > out"), {"x": 10})
    assert play.state.variables_at("2") == {"x": 10, "amount": Decimal(20)}
    play.answer("post", answer=Decimal(1), other="lost")
    assert play.state.variables == {"x": 10, "y": Decimal(21)}


def test_a_person_is_shown_what_is_handed_to_the_task() -> None:
    task = UserTask("ask", "Ask", "approval", inputs=(Assignment("amount", "x"),))
    play = Play(compiled(IN, task, OUT, "in > ask > out"), {"x": 10})
    assert events.TaskOffered("2", "ask", 1, "approval", {"amount": 10}) in play.last


@pytest.mark.parametrize(
    ("inputs", "outputs", "incident"),
    [
        pytest.param((Assignment("amount", 'x + "a"'),), (), {"post": "WORKFLOW-DATA-01"}, id="handed"),
        pytest.param((), (Assignment("y", 'x + "a"'),), {"post": "WORKFLOW-DATA-01"}, id="kept"),
        pytest.param((Assignment("amount", "y"),), (Assignment("y", "amount"),), {}, id="a variable not set yet"),
    ],
)
def test_data_that_cannot_be_worked_out_is_an_incident(inputs: Any, outputs: Any, incident: dict[str, str]) -> None:
    task = ServiceTask("post", "Post", "ledger.post", inputs=inputs, outputs=outputs)
    play = Play(compiled(IN, task, PAUSE, OUT, "in > post > pause > out"), {"x": 10})
    if play.standing == ["post"] and not play.incidents:
        play.answer("post")
    assert play.incidents == incident


# ---- gateways --------------------------------------------------------------------------------------------------------

INCLUSIVE: tuple[Node | str, ...] = (
    IN, InclusiveGateway("some"), A, B, C, InclusiveGateway("all"), D, OUT,
    "in > some", "some > a : x > 1", "some > b : x > 2", "some >> c", "a > all", "b > all", "c > all", "all > d > out",
)  # fmt: skip


@pytest.mark.parametrize(
    ("x", "taken"),
    [
        pytest.param(3, ["a", "b"], id="every flow whose condition is true"),
        pytest.param(2, ["a"], id="only one"),
        pytest.param(1, ["c"], id="the default when none is"),
    ],
)
def test_an_inclusive_gateway_takes_and_its_join_waits_for_what_was_taken(x: int, taken: list[str]) -> None:
    play = Play(compiled(*INCLUSIVE), {"x": x})
    assert play.standing == taken
    for node in taken:
        assert "d" not in play.standing
        play.answer(node)
    assert play.standing == ["d"]


def test_an_inclusive_gateway_skips_no_branch_whose_condition_errs() -> None:
    play = Play(compiled(*INCLUSIVE), {"x": "many"})
    assert play.incidents == {"some": "WORKFLOW-GATEWAY-02"}


def test_an_inclusive_join_goes_on_once_a_branch_has_turned_elsewhere() -> None:
    """A token that can still come holds the join; once it has gone where no way leads back, the join is open."""
    play = Play(
        compiled(
            IN, ParallelGateway("fork"), A, B, ExclusiveGateway("gate"), InclusiveGateway("all"), C, OUT,
            EndEvent("off"), "in > fork > a > all > c > out", "fork > b > gate", "gate > all : x = 1", "gate >> off",
        ),
        {"x": 0},
    )  # fmt: skip
    play.answer("a")
    assert play.standing == ["all", "b"]
    play.answer("b")
    assert play.standing == ["c"]


def test_an_inclusive_join_is_not_held_by_a_token_that_may_as_well_come_to_a_full_flow() -> None:
    """SOURCE: BPMN 2.0.2, clause 13.4.3: the second condition on the paths of other tokens."""
    play = Play(
        as_drawn(
            IN, ParallelGateway("fork"), A, B, *(ExclusiveGateway(key) for key in ("gate", "one", "two")),
            InclusiveGateway("all"), C, OUT,
            "in > fork > a > one > all > c > out", "fork > b > gate", "gate > one : x = 1", "gate >> two", "two > all",
        ),
        {"x": 0},
    )  # fmt: skip
    play.answer("a")
    assert play.standing == ["b", "c"]


def test_two_inclusive_joins_that_wait_for_one_another_stop_the_case() -> None:
    play = Play(
        as_drawn(
            IN, ParallelGateway("fork"), InclusiveGateway("one"), InclusiveGateway("two"), A, B, OUT,
            "in > fork > one > a", "fork > two > b", "a > two", "b > one", "a > out", "b > out",
        )
    )  # fmt: skip
    assert play.incidents == {"one": "WORKFLOW-JOIN-02", "two": "WORKFLOW-JOIN-02"}


def race(*branches: Node) -> Play:
    ways = [f"race > {branch.id} > {key}" for branch, key in zip(branches, "abcd", strict=False)]
    tasks = [A, B, C, D][: len(branches)]
    ends = [f"{task.id} > out" for task in tasks]
    return Play(compiled(IN, EventBasedGateway("race"), *branches, *tasks, OUT, "in > race", *ways, *ends), {"x": "k"})


RACE: tuple[Node, ...] = (
    CatchEvent("late", "", TimerDefinition("PT1H")),
    CatchEvent("told", "", MessageDefinition("told", "x")),
    CatchEvent("alarm", "", SignalDefinition("alarm")),
    ReceiveTask("hear", "", "answered"),
)


@pytest.mark.parametrize("first", ["late", "told", "alarm", "hear"])
def test_an_event_based_gateway_takes_the_flow_of_what_happens_first(first: str) -> None:
    play = race(*RACE)
    assert play.standing == ["race"]
    play.wait(hours=1)
    commands: dict[str, Command] = {
        "late": FireTimer("2", "late"),
        "told": DeliverMessage("2", "told", {"y": 1}, "k"),
        "alarm": DeliverSignal("alarm"),
        "hear": DeliverMessage("2", "answered"),
    }
    play.do(commands[first])
    assert play.standing == [dict(zip(["late", "told", "alarm", "hear"], "abcd", strict=True))[first]]
    closed = (events.TimerCancelled, events.MessageForgotten, events.SignalForgotten)
    assert len([event for event in play.last if isinstance(event, closed)]) == 3


# ---- timers ----------------------------------------------------------------------------------------------------------

CALENDAR = ServiceCalendar(holidays=frozenset({date(2026, 3, 30)}))


@pytest.mark.parametrize(
    ("timer", "x", "instants"),
    [
        pytest.param(TimerDefinition("PT16H"), None, [NOON + timedelta(hours=16)], id="a duration"),
        pytest.param(TimerDefinition("PT8H", service_hours=True), None, [datetime(2026, 3, 31, 12, tzinfo=UTC)],
                     id="service hours, over a weekend and a holiday"),
        pytest.param(TimerDefinition("=x", service_hours=True), DaysDuration(Decimal(3600)),
                     [datetime(2026, 3, 27, 13, tzinfo=UTC)], id="service hours by an expression"),
        pytest.param(TimerDefinition("2026-04-01T09:00:00+02:00", TimerKind.DATE), None,
                     [datetime(2026, 4, 1, 7, tzinfo=UTC)], id="a date"),
        pytest.param(TimerDefinition("=x", TimerKind.DATE), datetime(2026, 4, 1, 7, tzinfo=UTC),
                     [datetime(2026, 4, 1, 7, tzinfo=UTC)], id="a date by an expression"),
        pytest.param(TimerDefinition("=x", TimerKind.DATE), date(2026, 4, 1), [], id="a day is no instant"),
        pytest.param(TimerDefinition("=x", TimerKind.CYCLE), "R2/PT1H", [NOON + timedelta(hours=1)],
                     id="a cycle by an expression"),
        pytest.param(TimerDefinition("=x", TimerKind.CYCLE), "PT1H", [], id="a duration is no cycle"),
    ],
)  # fmt: skip
def test_a_timer_is_set(timer: TimerDefinition, x: Value, instants: list[datetime]) -> None:
    definition = compiled(IN, CatchEvent("wait", "", timer), OUT, "in > wait > out")
    play = Play(definition, {"x": x}, calendar=CALENDAR)
    assert due(play) == instants
    assert play.incidents == ({} if instants else {"wait": "WORKFLOW-TIMER-02"})


def test_service_hours_without_a_calendar_are_an_incident() -> None:
    timer = TimerDefinition("PT8H", service_hours=True)
    play = Play(compiled(IN, CatchEvent("wait", "", timer), OUT, "in > wait > out"))
    assert play.incidents == {"wait": "WORKFLOW-TIMER-02"}


def test_a_timer_that_is_waited_for_lets_the_case_go_on() -> None:
    play = Play(compiled(IN, CatchEvent("wait", "", TimerDefinition("PT1H")), OUT, "in > wait > out"))
    assert play.code(FireTimer("2", "wait")) == "WORKFLOW-TIMER-04"
    play.wait(hours=1)
    play.do(FireTimer("2", "wait"))
    assert ended(play)


def test_a_cycle_fires_so_many_times_each_a_length_after_the_time_before() -> None:
    remind = BoundaryEvent("remind", "", "pause", TimerDefinition("R3/PT1H", TimerKind.CYCLE), interrupting=False)
    play = Play(compiled(IN, PAUSE, remind, A, OUT, "in > pause > out", "remind > a > out"))
    for hour in (1, 2, 3):
        play.now = NOON + timedelta(hours=hour, minutes=7)  # it comes late
        play.do(FireTimer("2", "remind"))
        assert due(play) == ([NOON + timedelta(hours=hour + 1)] if hour < 3 else [])
    assert play.code(FireTimer("2", "remind")) == "WORKFLOW-TIMER-03"
    assert play.standing == ["a", "a", "a", "pause"]


def test_a_cycle_without_end_begins_when_it_says() -> None:
    text = "R/2026-03-28T09:00:00Z/P1D"
    remind = BoundaryEvent("remind", "", "pause", TimerDefinition(text, TimerKind.CYCLE), interrupting=False)
    play = Play(compiled(IN, PAUSE, remind, A, OUT, "in > pause > out", "remind > a > out"))
    for day in range(28, 31):
        assert due(play) == [datetime(2026, 3, day, 9, tzinfo=UTC)]
        play.now = datetime(2026, 3, day, 9, tzinfo=UTC)
        play.do(FireTimer("2", "remind"))


def test_a_cycle_whose_expression_gives_none_any_more_is_an_incident() -> None:
    remind = BoundaryEvent("remind", "", "pause", TimerDefinition("=x", TimerKind.CYCLE), interrupting=False)
    play = Play(compiled(IN, PAUSE, remind, ScriptTask("s", "", "null", "x"), OUT, "in > pause > out",
                         "remind > s > out"), {"x": "R/PT1H"})  # fmt: skip
    play.wait(hours=1)
    play.do(FireTimer("2", "remind"))
    play.wait(hours=1)
    play.do(FireTimer("2", "remind"))
    assert play.incidents == {"pause": "WORKFLOW-TIMER-02"}


# ---- messages, signals, conditions, links ----------------------------------------------------------------------------


def test_a_message_beside_a_task_may_come_again_and_again() -> None:
    news = message_boundary("news", "pause", "news", interrupting=False)
    play = Play(compiled(IN, PAUSE, news, A, OUT, "in > pause > out", "news > a > out"))
    for _ in range(2):
        play.do(DeliverMessage("2", "news"))
    assert play.standing == ["a", "a", "pause"]


@pytest.mark.parametrize("ends", [False, True], ids=["an intermediate event", "an end event"])
def test_an_event_throws_a_message(ends: bool) -> None:
    definition, inputs = MessageDefinition("told", "x"), (Assignment("y", "1 + 1"),)
    if ends:
        play = Play(compiled(IN, EndEvent("tell", "", definition, inputs), "in > tell"), {"x": "k"})
    else:
        play = Play(compiled(IN, ThrowEvent("tell", "", definition, inputs), OUT, "in > tell > out"), {"x": "k"})
    assert events.MessageThrown("2", "tell", "told", "k", {"y": Decimal(2)}) in play.last
    assert ended(play)


def test_a_signal_is_heard_by_everybody_in_the_case_and_told_to_others() -> None:
    wait, edge = CatchEvent("wait", "", SignalDefinition("closed")), SignalDefinition("closed")
    play = Play(
        compiled(
            IN, ParallelGateway("fork"), wait, PAUSE, BoundaryEvent("stop", "", "pause", edge),
            ReceiveTask("hear", "", "go"), ThrowEvent("shout", "", edge, (Assignment("y", '"now"'),)), A, B, OUT,
            "in > fork > wait > a > out", "fork > pause > out", "stop > b > out", "fork > hear > shout > out",
        )
    )  # fmt: skip
    play.do(DeliverMessage(play.token("hear"), "go"))
    assert play.standing == ["a", "b"]
    (told,) = [event for event in play.last if isinstance(event, events.SignalThrown)]
    assert (told.signal, told.variables) == ("closed", {"y": "now"})
    assert play.state.variables == {"y": "now"}


def test_a_signal_from_outside_is_taken_when_somebody_waits() -> None:
    play = Play(compiled(IN, CatchEvent("wait", "", SignalDefinition("closed")), A, OUT, "in > wait > a > out"))
    assert play.code(DeliverSignal("opened")) == "WORKFLOW-SIGNAL-03"
    play.do(DeliverSignal("closed", {"x": 1}))
    assert play.standing == ["a"]
    assert play.state.mark == 2
    assert play.code(DeliverSignal("closed")) == "WORKFLOW-SIGNAL-03"


def test_a_condition_is_waited_for_until_a_variable_makes_it_true() -> None:
    play = Play(compiled(
        IN, ParallelGateway("fork"), CatchEvent("big", "", ConditionalDefinition("x > 10")), A, B, OUT,
        "in > fork > big > a > out", "fork > b > out",
    ), {"x": 1})  # fmt: skip
    assert play.standing == ["b", "big"]
    play.answer("b", x=11)
    assert play.standing == ["a"]


def test_a_condition_that_holds_already_is_not_waited_for() -> None:
    play = Play(compiled(IN, CatchEvent("big", "", ConditionalDefinition("x > 10")), OUT, "in > big > out"), {"x": 11})
    assert ended(play)


def test_a_condition_that_nothing_can_make_true_any_more_stops_the_case() -> None:
    play = Play(compiled(IN, CatchEvent("big", "", ConditionalDefinition("x > 10")), OUT, "in > big > out"), {"x": 1})
    assert play.incidents == {"big": "WORKFLOW-CONDITION-01"}


def test_a_condition_beside_a_task_happens_each_time_it_becomes_true() -> None:
    loop = MultiInstance("people", sequential=True)
    task = UserTask("ask", "", "approval", instances=loop)
    big = BoundaryEvent("big", "", "ask", ConditionalDefinition("x > 10"), interrupting=False)
    play = Play(compiled(IN, task, big, A, OUT, "in > ask > out", "big > a > out"), {"people": list("abcde"), "x": 1})
    seen = []
    for instance, x in enumerate((11, 12, 1, 11), start=1):
        play.finish("ask", instance, x=x)
        seen.append(play.standing.count("a"))
    assert seen == [1, 1, 1, 2]


def test_a_link_jumps_to_where_it_lands() -> None:
    play = Play(compiled(IN, ThrowEvent("jump", "", LinkDefinition("on")), CatchEvent("land", "", LinkDefinition("on")),
                         A, OUT, "in > jump", "land > a > out"))  # fmt: skip
    assert play.standing == ["a"]


# ---- start events ----------------------------------------------------------------------------------------------------


def test_a_case_begins_at_the_start_event_that_is_named() -> None:
    told = StartEvent("told", "", MessageDefinition("told"))
    definition = compiled(IN, told, A, B, OUT, "in > a > out", "told > b > out")
    assert Play(definition).standing == ["a"]
    assert Play(definition, event="told").standing == ["b"]
    assert [*definition.starts] == ["in", "told"]


def test_a_process_that_an_event_begins_is_not_begun_without_it() -> None:
    definition = compiled(StartEvent("told", "", MessageDefinition("told")), A, OUT, "told > a > out")
    with pytest.raises(AssertionError, match="WORKFLOW-START-03"):
        Play(definition)
    with pytest.raises(AssertionError, match="WORKFLOW-START-03"):
        Play(definition, event="other")
    assert Play(definition, event="told").standing == ["a"]

"""Conditions of events: one that lacks a fact waits for it, one that errs stops what hangs on it."""

from dataclasses import replace

import pytest
from tests.reference.workflow_drawing import Play, as_drawn, compiled, draw, sub

from comptroller.domain.feel import Value
from comptroller.domain.workflow import CompleteTask, Process, Status, compile_process, events
from comptroller.domain.workflow.commands import Correct, Resume, Retry, Suspend
from comptroller.domain.workflow.model import (
    BoundaryEvent,
    CatchEvent,
    ConditionalDefinition,
    EndEvent,
    Node,
    ParallelGateway,
    ScriptTask,
    ServiceTask,
    StartEvent,
    TimerDefinition,
    UserTask,
)

IN, OUT, FORK = StartEvent("in"), EndEvent("out"), ParallelGateway("fork")
A, B = (ServiceTask(key, "", f"{key}.run") for key in "ab")
ASK = UserTask("ask", "", "approval")


def big(condition: str) -> CatchEvent:
    return CatchEvent("big", "", ConditionalDefinition(condition))


def correctable(*parts: Node | str) -> Process:
    """The drawn process, of which `x` may be corrected."""
    definition, faults = compile_process(replace(draw(*parts), correctable=("x",)))
    assert definition is not None, faults
    return definition


@pytest.mark.parametrize(
    ("condition", "x", "incident"),
    [
        pytest.param("x > 10", "eleven", True, id="compares what does not compare"),
        pytest.param("x", 11, True, id="gives neither yes nor no"),
        pytest.param("x.amount > 10", {"sum": 11}, True, id="looks at a part that there is not"),
        pytest.param("x > 10", None, False, id="lacks its variable"),
        pytest.param("x.amount > 10", {"amount": None}, False, id="lacks a part of its variable"),
        pytest.param("x[1].amount > 10", [{"amount": None}], False, id="lacks a part of an item"),
        pytest.param("x > 10 and y > 1", 11, False, id="lacks one of two"),
        pytest.param('x.state = "shut"', {}, False, id="is no"),
    ],
)
def test_a_condition_that_errs_stops_the_case_and_one_that_lacks_a_fact_waits(
    condition: str, x: Value, incident: bool
) -> None:
    drawing = (IN, FORK, big(condition), A, OUT, "in > fork > big > out", "fork > a > out")
    play = Play(compiled(*drawing), {"x": x})
    assert play.incidents == ({"big": "WORKFLOW-CONDITION-02"} if incident else {})
    assert sorted(play.standing) == ["a", "big"]
    assert play.happened(events.ConditionFailed) == {}


def test_what_hangs_on_an_erring_condition_is_withdrawn_and_nothing_but_a_repair_moves_it() -> None:
    stop = BoundaryEvent("stop", "", "ask", ConditionalDefinition("x > 10"))
    late = BoundaryEvent("late", "", "ask", TimerDefinition("PT1H"))
    ways = ("in > fork > ask > out", "fork > a > out", "stop > b > out", "late > out")
    play = Play(compiled(IN, FORK, ASK, stop, late, A, B, OUT, *ways), {"x": 1})
    play.answer("a", x="eleven")
    assert play.incidents == {"ask": "WORKFLOW-CONDITION-02"}
    assert (play.happened(events.TaskWithdrawn), play.happened(events.TimerCancelled)) == ({"ask": 1}, {"ask": 1})
    assert play.code(CompleteTask(play.token("ask"))) == "WORKFLOW-TASK-04"
    play.do(Suspend("the amount is wrong"))
    play.do(Resume())
    assert play.incidents == {"ask": "WORKFLOW-CONDITION-02"}


def test_an_erring_condition_is_looked_at_again_where_its_fact_is_mended() -> None:
    stop = BoundaryEvent("stop", "", "inner", ConditionalDefinition("x > 10"))
    inner = sub("inner", StartEvent("i"), A, EndEvent("o"), "i > a > o")
    ways = ("in > fork > inner > out", "fork > b > out", "stop > out")
    play = Play(correctable(IN, FORK, inner, stop, B, OUT, *ways), {"x": 1})
    play.answer("b", x="eleven")
    assert (play.standing, play.happened(events.JobWithdrawn)) == (["inner"], {"a": 1})
    play.do(Correct({"x": 9}))
    play.do(Retry(play.token("inner")))
    assert (play.standing, play.incidents) == (["a", "inner"], {})
    play.do(Correct({"x": 11}))
    assert play.state.status is Status.ENDED


@pytest.mark.parametrize(
    ("definition", "wrong", "right"),
    [
        pytest.param(ConditionalDefinition("x > 10"), "eleven", 9, id="a condition"),
        pytest.param(TimerDefinition("=x"), "soon", "PT1H", id="a timer"),
    ],
)
def test_what_begins_an_event_sub_process_is_watched_again_after_it_has_erred(
    definition: ConditionalDefinition | TimerDefinition, wrong: Value, right: Value
) -> None:
    start = StartEvent("told", "", definition, interrupting=False)
    handler = sub("handler", start, B, EndEvent("done"), "told > b > done", by_event=True)
    play = Play(correctable(IN, A, handler, OUT, "in > a > out"), {"x": wrong})
    assert list(play.incidents) == ["told"]
    play.do(Correct({"x": right}))
    play.do(Retry(play.token("told")))
    assert (play.standing, play.incidents) == (["a", "told"], {})


def test_a_condition_that_does_not_interrupt_is_looked_at_again_while_it_is_not_waited_for() -> None:
    beside = BoundaryEvent("beside", "", "ask", ConditionalDefinition("x > 10"), interrupting=False)
    ways = ("in > fork > ask > out", "fork > a > out", "beside > b > out")
    play = Play(compiled(IN, FORK, ASK, beside, A, B, OUT, *ways), {"x": 11})
    assert play.standing == ["a", "ask", "b"]
    play.answer("a", x="eleven")
    assert play.incidents == {"ask": "WORKFLOW-CONDITION-02"}


def test_where_one_condition_has_stopped_a_token_no_other_is_looked_at() -> None:
    stop = BoundaryEvent("stop", "", "ask", ConditionalDefinition("x"))
    beside = BoundaryEvent("beside", "", "ask", ConditionalDefinition("x = 1"), interrupting=False)
    play = Play(compiled(IN, ASK, stop, beside, OUT, "in > ask > out", "stop > out", "beside > out"), {"x": "eleven"})
    assert play.incidents == {"ask": "WORKFLOW-CONDITION-02"}
    assert play.state.tokens[play.token("ask")].conditions == ()


# ---- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        pytest.param("amuont > 10", ["WORKFLOW-CONDITION-03 big"], id="a name that there is not"),
        pytest.param("x > 10 and decision taken = null", [], id="variables"),
        pytest.param("made > 10", [], id="what a script writes"),
        pytest.param('message.place = "bay 9"', [], id="what a message carries"),
        pytest.param("now() > now()", [], id="the clock"),
    ],
)
def test_a_condition_of_an_event_looks_at_variables_of_the_process(condition: str, found: list[str]) -> None:
    model = draw(IN, ScriptTask("make", "", "1", "made"), big(condition), OUT, "in > make > big > out")
    assert [f"{fault.code} {fault.path}" for fault in compile_process(model)[1]] == found
    assert compile_process(model, released=True)[0] is not None


def test_a_condition_under_a_wrong_name_that_was_released_is_told_and_waited_for() -> None:
    play = Play(as_drawn(IN, FORK, big("amuont > 10"), A, OUT, "in > fork > big > out", "fork > a > out"), {"x": 1})
    assert (play.happened(events.ConditionFailed), sorted(play.standing)) == ({"big": 1}, ["a", "big"])

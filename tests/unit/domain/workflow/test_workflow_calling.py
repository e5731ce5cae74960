"""Processes that call one another: whether a case of them can come to its end."""

from typing import Any

import pytest
from tests.reference.workflow_drawing import Play, draw, sub, timer_boundary

from comptroller.domain.kernel import limits
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.calling import check_calls
from comptroller.domain.workflow.compiling import assemble
from comptroller.domain.workflow.model import (
    Binding,
    CallActivity,
    EndEvent,
    ExclusiveGateway,
    MessageDefinition,
    ParallelGateway,
    ServiceTask,
    StartEvent,
    TerminateDefinition,
    UserTask,
)

IN, OUT = StartEvent("in"), EndEvent("out")
WORK, ASK = ServiceTask("work", "", "work"), UserTask("ask", "", "ask")
GATE, FORK = ExclusiveGateway("gate"), ParallelGateway("fork")
STOP = EndEvent("stop", "", TerminateDefinition())
ONE, TWO = CallActivity("call", "", "one"), CallActivity("call", "", "two")

Drawing = tuple[Any, ...]
CALLS_ONE: Drawing = (IN, ASK, ONE, OUT, "in > ask > call > out")


def drawn(name: str, drawing: Drawing) -> Process:
    return assemble(draw(*drawing, name=name))[0]


def inside(*parts: Any) -> Any:
    return sub("inner", StartEvent("i"), EndEvent("o"), *parts)


def stopped_by(message: str) -> Any:
    start = StartEvent("told", "", MessageDefinition(message))
    return sub("handler", start, EndEvent("done"), "told > done", by_event=True)


@pytest.mark.parametrize(
    "drawing",
    [
        pytest.param((IN, TWO, OUT, "in > call > out"), id="without anything else"),
        pytest.param((IN, WORK, TWO, OUT, "in > work > call > out"), id="after work"),
        pytest.param((IN, GATE, TWO, WORK, OUT, "in > gate", "gate > call : x = 1", "gate >> work",
                      "work > call > out"), id="on either way"),
        pytest.param((IN, FORK, TWO, WORK, OUT, "in > fork > call > out", "fork > work > out"),
                     id="on one of all ways"),
        pytest.param((IN, inside(TWO, "i > call > o"), OUT, "in > inner > out"), id="within a part"),
    ],
)  # fmt: skip
def test_two_that_call_one_another_on_every_way_never_end(drawing: Drawing) -> None:
    found = check_calls({"one": drawn("one", drawing), "two": drawn("two", CALLS_ONE)})
    assert [(each.code, each.path) for each in found] == [("WORKFLOW-CALL-06", "call")] * 2


@pytest.mark.parametrize(
    "drawing",
    [
        pytest.param((IN, WORK, OUT, "in > work > out"), id="that calls nobody"),
        pytest.param((IN, GATE, TWO, OUT, "in > gate", "gate > call : x = 1", "gate >> out", "call > out"),
                     id="that may call"),
        pytest.param((IN, TWO, timer_boundary("late", "call", "PT1H"), OUT, "in > call > out", "late > out"),
                     id="whose call is given up after a time"),
        pytest.param((IN, FORK, TWO, WORK, STOP, OUT, "in > fork > call > out", "fork > work > stop"),
                     id="of whose ways one ends the others"),
        pytest.param((IN, inside(TWO, stopped_by("enough"), "i > call > o"), OUT, "in > inner > out"),
                     id="whose part a message ends"),
        pytest.param((IN, CallActivity("call", "", "two", Binding.VERSION, "c" * 64), OUT, "in > call > out"),
                     id="that calls another version"),
        pytest.param((IN, CallActivity("call", "", "two", Binding.LATEST), OUT, "in > call > out"),
                     id="that calls what is in force then"),
        pytest.param((IN, CallActivity("call", "", "nobody"), OUT, "in > call > out"), id="that calls nobody known"),
    ],
)  # fmt: skip
def test_two_of_which_one_can_end_may_call_one_another(drawing: Drawing) -> None:
    assert list(check_calls({"one": drawn("one", drawing), "two": drawn("two", CALLS_ONE)})) == []


def test_only_those_that_lead_back_are_told() -> None:
    beginning = drawn("begin", (IN, ONE, OUT, "in > call > out"))
    one, two = drawn("one", (IN, TWO, OUT, "in > call > out")), drawn("two", CALLS_ONE)
    found = list(check_calls({"begin": beginning, "one": one, "two": two}))
    assert [each.message.split(" ")[0] for each in found] == ["`one`", "`two`"]


def test_where_they_run_all_the_same_they_stop_at_a_depth() -> None:
    one, two = drawn("one", (IN, TWO, OUT, "in > call > out")), drawn("two", (IN, ONE, OUT, "in > call > out"))
    play = Play(one, calls=[one, two])
    assert play.incidents == {"call": "WORKFLOW-CALL-04"}
    assert len(play.state.tokens) == limits.WORKFLOW_CALL_DEPTH_MAX + 1

"""What an operator may do to a case, and what would go past a control and is refused."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference.workflow_drawing import Play, compiled, draw, timer_boundary

from comptroller.domain.workflow import CompleteTask, FireTimer, Process, Status, compile_process, events
from comptroller.domain.workflow.commands import Correct, MoveBack, Resume, Retry, Skip, Suspend
from comptroller.domain.workflow.compiling import assemble
from comptroller.domain.workflow.model import (
    BusinessRuleTask,
    EndEvent,
    ExclusiveGateway,
    Node,
    ParallelGateway,
    ServiceTask,
    StartEvent,
    UserTask,
)
from comptroller.domain.workflow.repairing import certainly_before

IN, OUT = StartEvent("in"), EndEvent("out", "Out")


def service(key: str, *, skippable: bool = False) -> ServiceTask:
    return ServiceTask(key, key.title(), f"{key}.run", skippable=skippable)


def person(key: str) -> UserTask:
    return UserTask(key, key.title(), "approval")


def rule(key: str) -> BusinessRuleTask:
    return BusinessRuleTask(key, key.title(), key)


def correctable(*names: str) -> Process:
    ways = ("in > gate", "gate > ask : x = 1", "ask > out", "gate > post : x = 2", "post > out")
    drawn = draw(IN, ExclusiveGateway("gate"), person("ask"), service("post"), OUT, *ways)
    definition, _ = compile_process(replace(drawn, correctable=names))
    assert definition is not None
    return definition


# ---- trying again, with corrected data ------------------------------------------------------------------------------


def test_where_no_way_was_open_the_case_goes_on_after_a_correction() -> None:
    play = Play(correctable("x"), {"x": None})
    assert play.incidents == {"gate": "WORKFLOW-GATEWAY-01"}
    play.do(Correct({"x": 1}))
    assert play.incidents == {"gate": "WORKFLOW-GATEWAY-01"}
    play.do(Retry(play.token("gate")))
    assert (play.standing, play.incidents) == (["ask"], {})


def test_trying_again_what_is_still_wrong_is_an_incident_again() -> None:
    play = Play(correctable("x"), {"x": None})
    play.do(Retry(play.token("gate")))
    assert play.incidents == {"gate": "WORKFLOW-GATEWAY-01"}


def test_what_the_process_does_not_declare_correctable_stays() -> None:
    play = Play(correctable("y"), {"x": None})
    assert play.code(Correct({"x": 1, "y": 2})) == "WORKFLOW-REPAIR-03"
    assert play.state.variables == {"x": None}


def test_only_what_has_failed_is_tried_again() -> None:
    play = Play(compiled(IN, person("ask"), OUT, "in > ask > out"))
    assert play.code(Retry(play.token("ask"))) == "WORKFLOW-REPAIR-05"
    assert play.code(Retry("99")) == "WORKFLOW-TOKEN-01"


# ---- leaving out ----------------------------------------------------------------------------------------------------


def test_a_service_that_may_be_left_out_is_passed() -> None:
    play = Play(compiled(IN, service("tell", skippable=True), person("ask"), OUT, "in > tell > ask > out"))
    play.do(Skip(play.token("tell")))
    assert play.standing == ["ask"]
    assert events.JobWithdrawn("2", "tell") in play.events


@pytest.mark.parametrize(
    "node",
    [service("step"), person("step"), rule("step")],
    ids=["a service of which nothing is said", "a person's task", "a decision"],
)
def test_nothing_else_is_left_out(node: Node) -> None:
    play = Play(compiled(IN, node, OUT, "in > step > out"))
    assert play.code(Skip(play.token("step"))) == "WORKFLOW-REPAIR-06"
    assert play.standing == ["step"]


# ---- moving back ----------------------------------------------------------------------------------------------------

CONTROLLED: tuple[Node | str, ...] = (
    IN,
    service("gather"),
    rule("judge"),
    ExclusiveGateway("way"),
    person("approve"),
    person("mend"),
    service("post"),
    OUT,
    "in > gather > judge > way",
    "way > approve : x = 1",
    "way >> mend",
    "approve > post",
    "mend > post",
    "post > out",
)


def at_post() -> Play:
    play = Play(compiled(*CONTROLLED), {"x": 1})
    play.answer("gather")
    play.answer("judge")
    play.finish("approve")
    return play


def test_moved_back_the_case_passes_all_controls_again() -> None:
    play = at_post()
    play.do(MoveBack(play.token("post"), "gather"))
    play.answer("gather")
    play.answer("judge")
    assert play.standing == ["approve"]


@pytest.mark.parametrize("node", ["post", "out", "approve", "mend", "nowhere"])
def test_a_token_is_moved_to_no_place_that_some_way_avoids(node: str) -> None:
    play = at_post()
    assert play.code(MoveBack(play.token("post"), node)) == "WORKFLOW-REPAIR-07"
    assert play.standing == ["post"]


def test_one_of_several_tokens_stays_within_its_branch() -> None:
    play = Play(
        compiled(
            IN,
            rule("judge"),
            ParallelGateway("split"),
            service("left"),
            person("then"),
            person("right"),
            ParallelGateway("join"),
            OUT,
            "in > judge > split",
            "split > left > then > join",
            "split > right > join",
            "join > out",
        )
    )
    play.answer("judge")
    play.answer("left")
    assert play.code(MoveBack(play.token("then"), "judge")) == "WORKFLOW-REPAIR-07"
    play.do(MoveBack(play.token("then"), "left"))
    assert play.standing == ["left", "right"]
    play.answer("left")
    play.finish("then")
    play.finish("right")
    assert play.state.status is Status.ENDED


# ---- suspending -----------------------------------------------------------------------------------------------------


def test_nothing_answers_a_suspended_case_and_nothing_is_lost() -> None:
    play = Play(compiled(IN, person("ask"), timer_boundary("late", "ask", "PT1H"), OUT, "in > ask > out", "late > out"))
    play.do(Suspend("wrong supplier"))
    assert play.state.status.value == "suspended"
    play.wait(hours=2)
    token = play.token("ask")
    assert play.code(CompleteTask(token)) == "WORKFLOW-CASE-04"
    assert play.code(FireTimer(token, "late")) == "WORKFLOW-CASE-04"
    assert play.code(Suspend("again")) == "WORKFLOW-REPAIR-01"
    play.do(Resume())
    play.do(FireTimer(token, "late"))
    assert play.state.status is Status.ENDED
    assert play.code(Resume()) == "WORKFLOW-CASE-03"


def test_what_is_suspended_is_resumed_before_it_is_moved() -> None:
    play = Play(correctable("x"), {"x": None})
    play.do(Suspend("look"))
    play.do(Correct({"x": 2}))
    assert play.code(Retry(play.token("gate"))) == "WORKFLOW-REPAIR-08"
    play.do(Resume())
    assert play.code(Resume()) == "WORKFLOW-REPAIR-02"
    play.do(Retry(play.token("gate")))
    assert play.standing == ["post"]


# ---- what certainly lies before -------------------------------------------------------------------------------------


@st.composite
def drawn_ways(draw_: st.DrawFn) -> Process:
    """A small graph of exclusive gateways, loops among them, every node reached."""
    count = draw_(st.integers(2, 6))
    nodes: list[Node | str] = [IN, *(ExclusiveGateway(f"n{place}") for place in range(count)), OUT]
    names = ["in", *(f"n{place}" for place in range(count)), "out"]
    ways = {(first, second) for first, second in pairwise(names)}
    pairs = st.tuples(st.sampled_from(names[1:-1]), st.sampled_from(names[1:]))
    ways |= draw_(st.sets(pairs, max_size=6))
    return assemble(draw(*nodes, *(f"{first} > {second}" for first, second in sorted(ways))))[0]


def paths(definition: Process, node: str) -> list[set[str]]:
    """The nodes of every way from the start to the node that passes none twice."""
    found: list[set[str]] = []
    left: list[tuple[str, ...]] = [("in",)]
    while left:
        way = left.pop()
        if way[-1] == node:
            found.append(set(way))
            continue
        left += [(*way, flow.target) for flow in definition.places[way[-1]].outgoing if flow.target not in way]
    return found


@given(drawn_ways())
def test_what_certainly_lies_before_is_on_every_way(definition: Process) -> None:
    for node in definition.places:
        on_all = set.intersection(*paths(definition, node)) - {node}
        assert set(certainly_before(definition, node, alone=True)) == on_all

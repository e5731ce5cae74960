"""Random processes under random schedules: the token machine beside the slow reference machine.

After every command both must stand alike, take alike and refuse alike; the events alone must give the same state (see
`Play`); whatever was opened must be closed once or still be open; and no token may be lost.
"""

from random import Random
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.reference.workflow_behaviour import Behaviour, behaviour_of
from tests.reference.workflow_duel import SCHEDULES, Duel, Schedule
from tests.reference.workflow_graphs import (
    Chain,
    Drawn,
    Fork,
    Inside,
    Work,
    free_processes,
    misjoined,
    processes,
    sub_processes,
    whole,
)

from comptroller.domain.kernel.fault import Severity
from comptroller.domain.workflow import Cancel, compile_process, events
from comptroller.domain.workflow.exploring import check_behaviour
from comptroller.domain.workflow.graph import Graph
from comptroller.domain.workflow.model import ProcessModel, Scope
from comptroller.domain.workflow.soundness import check_graph


@settings(max_examples=300)
@given(processes(sound=False), SCHEDULES, st.sampled_from(["a", "b", None]))
def test_the_machine_does_what_the_reference_does(drawn: Drawn, moves: Schedule, x: str | None) -> None:
    Duel(*drawn, x).fight(moves)


@settings(max_examples=150)
@given(processes(sound=True), SCHEDULES, st.randoms(use_true_random=False))
def test_a_sound_process_has_no_fault_and_comes_to_its_end(drawn: Drawn, moves: Schedule, random: Any) -> None:
    for model in (drawn[0], *drawn[1]):
        assert not [fault for fault in compile_process(model)[1] if fault.severity is Severity.ERROR]
    duel = Duel(*drawn)
    duel.fight(moves, failing=False)
    duel.finish(random)
    assert not duel.open_by_events()
    assert not duel.play.happened(events.IncidentRaised)


def test_a_signal_is_heard_by_several_in_the_order_in_which_they_came() -> None:
    working = Chain((Work("service"), Work("service", boundaries=("timer", "signal"))))
    several = Inside(working, kind="many", handlers=("undo",))
    Duel(*whole(Fork((Work("service"), several), joined=True, stops=False), (), ""), "a").finish(Random(0))


@settings(max_examples=300)
@given(processes(sound=False))
def test_what_is_found_wrong_is_what_tokens_can_do(drawn: Drawn) -> None:
    """The small net that the check looks at says what the whole drawing says."""
    for model in (drawn[0], *drawn[1]):
        scopes: list[Scope] = [model, *sub_processes(model.nodes)]
        for scope in scopes:
            assert_said(scope)


@settings(max_examples=500)
@given(free_processes())
def test_what_is_found_wrong_in_what_is_drawn_freely_is_what_tokens_can_do(model: ProcessModel) -> None:
    shape = [fault for fault in check_graph(model) if "-SOUND-" not in fault.code and "-JOIN-" not in fault.code]
    assume(all(fault.severity is Severity.WARNING for fault in shape))
    assert_said(model)
    if behaviour_of(model) == Behaviour():
        assert check_graph(model) == tuple(shape)


def assert_said(scope: Scope) -> None:
    """What the check says of a scope is what its tokens can do."""
    said = {fault.code for fault in check_behaviour(Graph(scope))}
    behaviour = behaviour_of(scope)
    assume(behaviour.whole and "WORKFLOW-SOUND-03" not in said)
    assert ("WORKFLOW-SOUND-02" in said) == behaviour.twice
    if not behaviour.twice:
        assert ("WORKFLOW-SOUND-01" in said) == behaviour.stuck
        if not behaviour.stuck:
            assert ("WORKFLOW-SOUND-04" in said) == behaviour.endless


@settings(max_examples=200)
@given(free_processes(), SCHEDULES, st.sampled_from(["a", "b", None]))
def test_the_machine_does_what_the_reference_does_with_what_is_drawn_freely(
    model: ProcessModel, moves: Schedule, x: str | None
) -> None:
    assume(not any("-LOOP-" in fault.code for fault in check_graph(model)))
    Duel(model, (), x).fight(moves)


@settings(max_examples=50)
@given(misjoined(), SCHEDULES)
def test_a_join_that_is_said_never_to_complete_never_does(drawn: Drawn, moves: Schedule) -> None:
    blamed = {
        fault.path
        for model in (drawn[0], *drawn[1])
        for fault in compile_process(model)[1]
        if fault.code == "WORKFLOW-JOIN-01"
    }
    assume(blamed)
    duel = Duel(*drawn)
    duel.fight(moves)
    assert not blamed & duel.reference.joined


@settings(max_examples=50)
@given(processes(sound=False), SCHEDULES)
def test_a_case_can_be_cancelled_wherever_it_stands(drawn: Drawn, moves: Schedule) -> None:
    duel = Duel(*drawn)
    duel.fight(moves)
    assume(duel.is_running)
    duel.play.do(Cancel("entered twice"))
    assert duel.play.state.tokens == {}
    assert not duel.open_by_events()

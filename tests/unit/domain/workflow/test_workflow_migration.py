"""A running case taken over to another version of its process: what goes on, what begins, what keeps it back."""

from datetime import timedelta
from typing import Any

import pytest
from tests.reference.workflow_drawing import NOON, Play, compiled, message_boundary, sub, timer_boundary

from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.workflow import CompleteTask, FireTimer, Process, Status, advance, events
from comptroller.domain.workflow.commands import DeliverMessage
from comptroller.domain.workflow.migration import can_migrate, migrate, propose, replay
from comptroller.domain.workflow.model import (
    EndEvent,
    MultiInstance,
    Node,
    ParallelGateway,
    ReceiveTask,
    ServiceTask,
    StartEvent,
    UserTask,
)
from comptroller.domain.workflow.state import State

IN, OUT = StartEvent("in"), EndEvent("out", "Out")


def person(key: str, kind: str = "approval", **more: Any) -> UserTask:
    return UserTask(key, key.title(), kind, **more)


def version(*parts: Node | str, name: str = "new") -> Process:
    return compiled(*parts, name=name)


APPROVED = (IN, person("approve"), OUT, "in > approve > out")
CHECKED = (IN, person("approve"), ServiceTask("file", "File", "file.run"), OUT, "in > approve > file > out")


def taken(old: Process, play: Play, new: Process, nodes: dict[str, str] | None = None) -> tuple[Any, State]:
    """The events of a migration that must go through, replayed to the same state, and that state."""
    moved = migrate(old, new, propose(old, new) if nodes is None else nodes, play.state, play.now)
    assert not isinstance(moved, Rejection), moved
    versions = {old.hash: old, new.hash: new}
    assert replay([*play.events, *moved.events], versions) == moved.state
    assert State.from_json(moved.state.to_json()) == moved.state
    return moved.events, moved.state


def codes(old: Process, play: Play, new: Process, nodes: dict[str, str] | None = None) -> list[str]:
    """Why the case does not migrate; nothing happens to it."""
    chosen = propose(old, new) if nodes is None else nodes
    refused = migrate(old, new, chosen, play.state, play.now)
    assert isinstance(refused, Rejection)
    assert refused.faults == can_migrate(old, new, chosen, play.state)
    return [each.code for each in refused.faults]


def test_an_open_task_stays_the_same_task_and_goes_on_in_the_new_version() -> None:
    old, new = version(*APPROVED, name="old"), version(*CHECKED)
    play = Play(old)
    happened, state = taken(old, play, new)
    assert happened == (events.CaseMigrated(new.hash, {"2": "approve"}),)
    advanced = advance(new, state, CompleteTask("2"), NOON)
    assert not isinstance(advanced, Rejection)
    assert events.ServiceRequested("3", "file", "file.run") in advanced.events


def test_a_migration_leads_back_by_what_is_proposed_the_other_way() -> None:
    old, new = version(*APPROVED, name="old"), version(*CHECKED)
    play = Play(old)
    _, state = taken(old, play, new)
    returned = migrate(new, old, propose(new, old), state, NOON)
    assert not isinstance(returned, Rejection)
    assert returned.state == play.state


def test_a_renamed_step_is_found_by_its_name() -> None:
    old = version(IN, UserTask("ask", "Approve", "approval"), OUT, "in > ask > out", name="old")
    new = version(IN, UserTask("approve", "Approve", "approval"), OUT, "in > approve > out")
    assert propose(old, new) == {"in": "in", "ask": "approve", "out": "out"}
    _, state = taken(old, Play(old), new)
    assert [token.node for token in state.tokens.values()] == ["approve"]


def test_a_timer_keeps_the_time_that_is_left() -> None:
    late = timer_boundary("late", "ask", "PT8H")
    old = version(IN, person("ask"), late, OUT, "in > ask > out", "late > out", name="old")
    new = version(IN, person("ask"), timer_boundary("later", "ask", "PT2H"), OUT, "in > ask > out", "later > out")
    play = Play(old)
    play.wait(hours=1)
    happened, _ = taken(old, play, new, {**propose(old, new), "late": "later"})
    assert events.TimerSet("2", "ask", "later", NOON + timedelta(hours=8)) in happened
    assert events.TimerCancelled("2", "ask", "late") in happened


def test_what_only_the_old_version_waits_for_is_forgotten_and_what_only_the_new_one_does_begins() -> None:
    told = message_boundary("told", "ask", "changed")
    old = version(IN, person("ask"), told, OUT, "in > ask > out", "told > out", name="old")
    new = version(IN, person("ask"), timer_boundary("late", "ask", "PT1H"), OUT, "in > ask > out", "late > out")
    play = Play(old)
    happened, state = taken(old, play, new)
    assert events.MessageForgotten("2", "ask", "changed") in happened
    assert events.TimerSet("2", "ask", "late", NOON + timedelta(hours=1)) in happened
    refused = advance(new, state, DeliverMessage("2", "changed"), NOON)
    assert isinstance(refused, Rejection)
    fired = advance(new, state, FireTimer("2", "late"), NOON + timedelta(hours=1))
    assert not isinstance(fired, Rejection)
    assert fired.state.status is Status.ENDED


def test_a_case_within_a_sub_process_stays_within_it() -> None:
    inner = (StartEvent("i"), person("ask"), EndEvent("o"), "i > ask > o")
    old = version(IN, sub("part", *inner), OUT, "in > part > out", name="old")
    new = version(IN, sub("part", *inner), ServiceTask("file", "File", "file.run"), OUT, "in > part > file > out")
    _, state = taken(old, Play(old), new)
    assert [token.node for token in state.tokens.values()] == ["part", "ask"]


JOINED = ("in > split", "split > left > join", "split > right > join", "join > out")
SIDES: tuple[Node, ...] = (IN, ParallelGateway("split"), person("left"), person("right"), ParallelGateway("join"), OUT)


def test_a_token_at_a_join_needs_the_flow_that_it_came_over() -> None:
    old = version(*SIDES, *JOINED, name="old")
    new = version(
        *SIDES, person("more"), "in > split", "split > left > more > join", "split > right > join", "join > out"
    )
    play = Play(old)
    play.finish("left")
    assert codes(old, play, new) == ["MIGRATE-WORK-03"]


@pytest.mark.parametrize(
    ("before", "after", "nodes", "found"),
    [
        (person("ask"), person("other"), {"in": "in"}, ["MIGRATE-NODE-01"]),
        (person("ask"), ReceiveTask("ask", "", "m"), {"ask": "ask"}, ["MIGRATE-NODE-02"]),
        (person("ask"), person("ask", "verification"), None, ["MIGRATE-WORK-01"]),
        (person("ask"), person("ask", instances=MultiInstance("people", False)), None, ["MIGRATE-WORK-02"]),
        (ReceiveTask("ask", "", "m"), ReceiveTask("ask", "", "n"), None, ["MIGRATE-WORK-04"]),
    ],
    ids=["mapped to nothing", "another kind of element", "another kind of task", "other instances", "another message"],
)
def test_what_is_under_way_must_be_the_same_work_there(
    before: Node, after: Node, nodes: dict[str, str] | None, found: list[str]
) -> None:
    old = version(IN, before, OUT, f"in > {before.id} > out", name="old")
    new = version(IN, after, OUT, f"in > {after.id} > out")
    assert codes(old, Play(old), new, nodes) == found


def test_a_token_does_not_leave_its_scope() -> None:
    inner = (StartEvent("i"), person("ask"), EndEvent("o"), "i > ask > o")
    old = version(IN, sub("part", *inner), OUT, "in > part > out", name="old")
    new = version(IN, person("ask"), sub("part", StartEvent("i"), EndEvent("o"), "i > o"), OUT, "in > ask > part > out")
    assert "ask" not in propose(old, new)
    assert "MIGRATE-NODE-03" in codes(old, Play(old), new, {"part": "part", "ask": "ask"})


def test_a_case_that_has_ended_stays_where_it_is() -> None:
    old, new = version(*APPROVED, name="old"), version(*CHECKED)
    play = Play(old)
    play.finish("approve")
    assert codes(old, play, new) == ["MIGRATE-CASE-01"]

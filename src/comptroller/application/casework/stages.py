"""Several people asked side by side at one place of a process that hears one answer of them all.

Releases are asked one after another by their processes: an order's, a supplier's, a payment run's. A step that needs
several signatures, and steps of one stage, are one turn of such a process: each person has a task of their own, and the
process is told once, when the last step of the stage is carried or one of them has failed. A step of one signature
that stands alone is a turn of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.assignment import Asked, Assignee, assign_present, behalf, within
from comptroller.application.casework.dossier import SignatureGiven
from comptroller.application.casework.signing import answered_by
from comptroller.application.records import TaskRow
from comptroller.domain.controls.quorum import Carried, Quorum
from comptroller.domain.feel import Value
from comptroller.domain.kernel.canonical_json import decode

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

SIGNED: Final = frozenset({"approval", "release", "payment", "policy", "verification"})
"""Kinds of tasks whose answers are counted by step: nobody answers two of them on one case."""

BESIDE: Final = "beside"
"""The member of a process's turn that holds what is asked side by side."""


def ask_in_stages(
    run: "CaseRun",
    steps: Iterable[Mapping[str, Any]],
    asked: Asked,
    one: Callable[[Mapping[str, Any], Asked], Assignee],
) -> list[Value]:
    """The turns of a process for the steps that are not carried yet, in their order.

    `one` finds who is asked for a step of one signature. For a step of several it is everybody of its role who may
    sign it; where it names no role, so many as are missing, each found by `one`.
    """
    wanted = [step for step in steps if len(given_on(run, step)) < Quorum.of(step).needed]
    turns: list[Value] = []
    named: set[str] = set()
    for _, stage in groupby(enumerate(wanted), lambda each: each[1].get("stage") or each[0]):
        items: list[Value] = []
        for _, step in stage:
            own = within(asked, step)
            beside = replace(own, barred={*asked.barred, *answered_by(run), *named})
            if Quorum.of(step).is_one:
                found = [one(step, beside if step.get("stage") else own)]
            else:
                found = list(_several(run, step, beside, one))
            named |= {person for each in found for person in (each.person, *each.chain) if person}
            items += [
                {**step, "role": each.role, "person": each.person, "why": each.why, **behalf(each)} for each in found
            ]
        turns.append(items[0] if len(items) == 1 else {BESIDE: items})
    return turns


def _several(
    run: "CaseRun",
    step: Mapping[str, Any],
    asked: Asked,
    one: Callable[[Mapping[str, Any], Asked], Assignee],
) -> Iterator[Assignee]:
    missing = Quorum.of(step).needed - len(given_on(run, step))
    role = str(step.get("role") or "")
    if role:
        yield from assign_present(run.session.uow, role, asked, missing=missing)
        return
    for _ in range(missing):
        found = one(step, asked)
        asked = replace(asked, barred={*asked.barred, found.person, *found.chain})
        yield found


def items_of(turn: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    """What is asked in a turn: each item one person or group."""
    beside = turn.get(BESIDE)
    return [dict(each) for each in beside] if isinstance(beside, list) else [dict(turn)]


def asked_in_turn(run: "CaseRun", token: str, instance: int) -> list[TaskRow]:
    """The open tasks of a turn."""
    tasks = [task for task in run.session.uow.case_tasks(run.row.case_id) if task.kind != "question"]
    return [task for task in tasks if task.status == "open" and _turn_of(task) == (token, instance)]


def answered_in_turn(run: "CaseRun", task: TaskRow, action: str) -> str | None:
    """What the process is told when somebody has answered in a turn; None while the turn goes on without it.

    What is not needed any more is taken back: the rest of a step that is carried, or the whole stage where one failed.
    """
    left = [each for each in asked_in_turn(run, *_turn_of(task)) if each.task_id != task.task_id]
    item = item_of(task)
    beside = [each for each in left if item_of(each).get("step") == item.get("step")]
    verdict = carried(run, item, left=len(beside))
    if action in {"approve", "reject"} and verdict is Carried.OPEN:
        return None
    is_carried = action == "approve" and verdict is Carried.YES
    for each in beside if is_carried else left:
        run.tasks.void(each)
    if is_carried and len(left) > len(beside):
        return None
    return action if is_carried or action != "approve" else "reject"


def carried(run: "CaseRun", step: Mapping[str, Any], *, left: int) -> Carried:
    """What the answers to a step make of it, with so many people left to answer."""
    against = sum(each.step == step_of(step) for each in run.dossier.against)
    return Quorum.of(step).carried(signed=len(given_on(run, step)), against=against, left=left)


def given_on(run: "CaseRun", step: Mapping[str, Any]) -> list[SignatureGiven]:
    """The signatures that stand on a step."""
    return [each for each in run.dossier.signatures if each.step == step_of(step)]


def step_of(item: Mapping[str, Any]) -> str:
    """The step that an answer is given on."""
    return str(item.get("step") or "release")


def item_of(task: TaskRow) -> dict[str, Any]:
    """What a task asks, as the route says it."""
    detail: Any = decode(task.detail)
    return dict(detail["item"])


def _turn_of(task: TaskRow) -> tuple[str, int]:
    detail: Any = decode(task.detail)
    return task.token, int(detail["instance"])

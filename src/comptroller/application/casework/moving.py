"""Where an open task goes when who has it is not meant any more: back to the group, to a stand-in, home, or up.

Nothing ever goes down the reporting line; who stands in by delegation is on the level of who is stood in for, within
both people's own limits.
"""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.assignment import (
    Asked,
    Assignee,
    acts_by,
    amount_of,
    assign_role,
    climb,
    duty_of_task,
    has_holder,
    lacks,
    stand_in,
    standing,
    within,
)
from comptroller.application.casework.clock import today_of
from comptroller.application.casework.groups import FROM_GROUP, is_from_group, to_group
from comptroller.application.casework.milestones import mark
from comptroller.application.casework.order_change import release_asked
from comptroller.application.casework.signing import answered_by
from comptroller.application.casework.stages import SIGNED
from comptroller.application.people.records import known, principal
from comptroller.application.records import TaskRow, revised
from comptroller.domain.identity import Authority, Principal
from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.notices import NoticeKind
from comptroller.domain.packs.manifest import DELEGABLE

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun


AUTHORITY_OF: Final = {"payment": Authority.PAYMENT}
"""What authority a kind of task is measured by, where it is not that over invoices."""


def asked_of(run: "CaseRun", item: dict[str, Any], task: TaskRow | None = None) -> Asked:
    """What a person is to be found for on this case, an approval or `task`; who has it is not barred by having it."""
    supplier = run.material.context.supplier if run.material is not None else None
    kind = task.kind if task is not None else "approval"
    barred = run.barred | answered_by(run) | asked_beside(run, task)
    if kind == "release":
        return within(replace(release_asked(run), barred=barred), item)
    is_handed = kind == "approval" and not run.session.policy.pack.why_kept(kind)
    asked = Asked(
        run.row.entity,
        today_of(run),
        lacks(duty_of_task(kind, item), run.session.policy.pack.roles),
        barred,
        supplier.category if supplier else "",
        amount_of(item) if kind == "approval" else None,
        authority=AUTHORITY_OF.get(kind, Authority.INVOICE),
        kind=kind if is_handed else "",
    )
    return within(asked, item)


def asked_beside(run: "CaseRun", task: TaskRow | None) -> set[str]:
    """Who is asked to sign another step of the case than the task's at this time, and who is signed for there."""
    if task is None or task.kind not in SIGNED:
        return set()
    others = [each for each in run.session.uow.case_tasks(run.row.case_id) if each.task_id != task.task_id]
    asked = [each for each in others if each.kind in SIGNED and each.status == "open" and each.person]
    return {person for each in asked for person in (each.person, *(_item(each).get("chain") or ()))}


def look_after(run: "CaseRun", task: TaskRow) -> TaskRow:
    """Let a task lie with no one who is not meant any more; answers it as it lies then.

    What one of a group took lies with the group again when that one is not there. What somebody has by delegation goes
    back when the delegation does not lead there any more or who is stood in for is there: to that person, or to whoever
    stands in now, or up.
    """
    item = _item(task)
    if is_from_group(task) and not is_there(run, task.person) and _has_others(run, task):
        return to_group(run, task, reason="who took it is away")
    chain = tuple(str(each) for each in item.get("chain") or ())
    if not chain:
        return task
    holder, asked = principal(run.session.uow, task.person), replace(asked_of(run, item, task), by_grant=True)
    if holder is not None and not is_there(run, chain[0]) and acts_by(run.session.uow, holder, chain, asked):
        return task
    first = known(run.session.uow, chain[0])
    found = climb(run.session.uow, first, asked, role=task.role, why="asked again") if first is not None else None
    if found is None or not found.person or found.person == task.person:
        return task
    return give(run, task, found, "task.reassigned", "the delegation has ended")


def is_there(run: "CaseRun", person: str) -> bool:
    """Whether somebody works here today."""
    found = principal(run.session.uow, person)
    return found is not None and not found.is_absent(today_of(run))


def _has_others(run: "CaseRun", task: TaskRow) -> bool:
    """Whether anybody else of a task's group could take it."""
    asked = asked_of(run, _item(task), task)
    return has_holder(run.session.uow, task.role, replace(asked, barred={*asked.barred, task.person}))


def move_up(run: "CaseRun", task: TaskRow, *, reason: str, skip: bool = False) -> TaskRow:
    """Hand a task to somebody above who may take it: the next owner of an exception, else the reporting line.

    Of who is not there it goes sideways first: by delegation, or to others of the role.
    """
    item = _item(task)
    beside = _beside(run, task, item) if task.person and not is_there(run, task.person) else None
    if beside is not None:
        return give(run, task, beside, "task.reassigned", reason)
    detail: Any = decode(task.detail)
    task = noted(task, level=int(detail.get("level") or 0) + 1)
    found = _above(run, task, item, skip=skip)
    if found is None:
        run.tell("task.escalated", {"task": task.task_id, "role": task.role, "person": task.person, "text": reason})
        return task
    return give(run, task, found, "task.escalated", reason)


def give(run: "CaseRun", task: TaskRow, found: Assignee, kind: str, text: str) -> TaskRow:
    """Let a task lie with somebody else, and tell who and why."""
    item = {**_item(task), **standing(found)} if task.kind in DELEGABLE else _item(task)
    moved = revised(task, role=found.role, person=found.person)
    moved = noted(moved, item=item, why=found.why, hurry=text, **{FROM_GROUP: False})
    run.session.uow.update(moved)
    told = {"task": task.task_id, "role": found.role, "person": found.person, "text": text, "from": task.person}
    mark(run, run.tell(kind, told), kind.replace(".", " "), person=found.person, task=task.task_id)
    run.tasks.tell_people(moved, NoticeKind.ESCALATED if kind == "task.escalated" else NoticeKind.OFFERED)
    return moved


def _beside(run: "CaseRun", task: TaskRow, item: dict[str, Any]) -> Assignee | None:
    """Who takes a task of somebody who is not there, on the same level; None where nobody does."""
    uow, asked = run.session.uow, asked_of(run, item, task)
    if task.kind in DELEGABLE:
        holder = principal(uow, task.person)
        found, told = stand_in(uow, holder, replace(asked, by_grant=True)) if holder is not None else (None, "")
        if found is not None:
            return Assignee(task.role, found.person, told, task.person, found.chain)
    if task.kind == "approval":
        return None
    asked = replace(asked, barred={*asked.barred, task.person})
    return assign_role(uow, task.role, asked) if has_holder(uow, task.role, asked) else None


def _above(run: "CaseRun", task: TaskRow, item: dict[str, Any], *, skip: bool) -> Assignee | None:
    """Who takes what lay too long; None where nobody above can: then it stays where it is."""
    uow, asked = run.session.uow, asked_of(run, item, task)
    following = str(item.get("next") or "")
    if task.kind == "exception" and following and following != task.role and has_holder(uow, following, asked):
        return replace(assign_role(uow, following, asked), why="next in line for this exception")
    holder = known(uow, task.person) if task.person else None
    if holder is None:
        return None
    passed = {holder.id, holder.manager} if skip else {holder.id}
    above = climb(uow, holder, replace(asked, barred={*asked.barred, *passed}), role=task.role, why="moved up")
    if not above.person and skip:
        return _above(run, task, item, skip=False)
    person = principal(uow, above.person) if above.person else None
    return above if person is not None and not is_lower(asked, person, holder) else None


def is_lower(asked: Asked, person: Principal, holder: Principal) -> bool:
    """Whether somebody's authority over what is asked is below the holder's: nothing goes there."""
    own, other = (asked.grant_of(each) or Decimal(0) for each in (person, holder))
    return own < other


def in_own_right(task: TaskRow) -> TaskRow:
    """The task without anybody whom its holder would act for."""
    if task.kind not in DELEGABLE:
        return task
    return noted(task, item={**_item(task), **standing(Assignee(task.role, task.person))})


def _item(task: TaskRow) -> dict[str, Any]:
    detail: Any = decode(task.detail)
    return dict(detail["item"])


def noted(task: TaskRow, **more: Any) -> TaskRow:
    """The task with more kept beside its columns."""
    detail: Any = decode(task.detail)
    return revised(task, detail=encode({**detail, **more}).decode())

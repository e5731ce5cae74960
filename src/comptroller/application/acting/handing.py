"""Taking a task from a role's queue, giving it back, and handing it to somebody else: sideways or up, never to who is
barred."""

from dataclasses import dataclass, replace
from typing import Any, Final

from comptroller.application.acting.holding import busy_case, detail_of, is_theirs, whose, words_of
from comptroller.application.casework.answer import answer_of
from comptroller.application.casework.clock import today_of
from comptroller.application.casework.groups import is_from_group, taken, to_group
from comptroller.application.casework.milestones import mark
from comptroller.application.casework.moving import asked_beside, asked_of, in_own_right, is_lower
from comptroller.application.casework.run import CaseRun
from comptroller.application.casework.signing import answered_by, may_sign
from comptroller.application.people.records import principal
from comptroller.application.records import TaskRow, revised
from comptroller.application.session import Refused, Session
from comptroller.domain.identity import Duty, Principal
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.notices import NoticeKind

HANDED_OVER: Final = frozenset({"approval", "release", "exception", "correction", "keying", "question"})
"""Kinds of tasks that go from hand to hand; policy alone names who verifies and who releases payments."""


@dataclass(frozen=True, slots=True)
class ClaimTask:
    """Take a task that lies with a role."""

    task_id: str


@dataclass(frozen=True, slots=True)
class ReleaseTask:
    """Give a task that was taken from a role back to the role."""

    task_id: str


@dataclass(frozen=True, slots=True)
class ReassignTask:
    """Hand a task to somebody else."""

    task_id: str
    person: str
    reason: str


def claim_task(session: Session, command: ClaimTask) -> dict[str, Any] | Refused:
    """Make a role's task one's own, so that nobody else works on it."""
    found = busy_case(session, command.task_id)
    if isinstance(found, Refused):
        return found
    run, task = found
    if task.person or not is_theirs(run, task):
        message = f"the task is {whose(task)}'s"
        return Refused(
            Rejection(RejectionKind.FORBIDDEN, "TASK-OTHER-01", message, subject=run.row.case_id), run.row.case_id
        )
    refused = _may_have(run, task, session.caller.principal)
    if refused is not None:
        return Refused(refused, run.row.case_id)
    session.uow.update(taken(task, session.caller.id))
    seq = run.tell("task.claimed", {"task": task.task_id, "role": task.role})
    mark(run, seq, "task claimed", person=session.caller.id, task=task.task_id)
    run.close()
    return answer_of(run)


def release_task(session: Session, command: ReleaseTask) -> dict[str, Any] | Refused:
    """Give a task back to the role it was taken from; whoever took it may, and who leads accounts payable."""
    found = busy_case(session, command.task_id)
    if isinstance(found, Refused):
        return found
    run, task = found
    if not is_from_group(task):
        message = "the task was not taken from a group, so there is none to give it back to"
        refusal = Rejection(RejectionKind.CONFLICT, "TASK-RELEASE-01", message, help="hand it over to a person instead")
        return Refused(refusal, run.row.case_id)
    refused = _not_theirs(run, task)
    if refused is not None:
        return Refused(refused, run.row.case_id)
    to_group(run, task)
    run.close()
    return answer_of(run)


def reassign_task(session: Session, command: ReassignTask) -> dict[str, Any] | Refused:
    """Hand a task over; whoever has it may, and who leads accounts payable."""
    found = busy_case(session, command.task_id)
    if isinstance(found, Refused):
        return found
    run, task = found
    person = principal(session.uow, command.person)
    refused = words_of(command.reason, "reason") or _may_hand_over(run, task, person)
    if refused is not None or person is None:
        assert refused is not None
        return Refused(refused, run.row.case_id)
    moved = in_own_right(revised(task, person=person.id))
    session.uow.update(moved)
    words = session.evidence.withhold(command.reason.strip(), salt=session.environment.chance.salt())
    told = {"task": task.task_id, "from": task.person, "person": person.id, "reason": words}
    mark(run, run.tell("task.reassigned", told), "task reassigned", person=person.id, task=task.task_id)
    run.tasks.tell_people(moved, NoticeKind.REASSIGNED)
    run.close()
    return answer_of(run)


def _not_theirs(run: CaseRun, task: TaskRow) -> Rejection | None:
    """Why the caller may not pass a task on: neither has it nor leads accounts payable."""
    if is_theirs(run, task) or Duty.DUPLICATE_CLEAR in run.session.caller.duties:
        return None
    message = f"the task is {whose(task)}'s"
    return Rejection(RejectionKind.FORBIDDEN, "TASK-OTHER-01", message, breach="over own limit")


def _may_hand_over(run: CaseRun, task: TaskRow, person: Principal | None) -> Rejection | None:
    refused = _not_theirs(run, task)
    if refused is not None:
        return refused
    if task.kind not in HANDED_OVER:
        message = "policy alone names who is asked this"
        return Rejection(RejectionKind.FORBIDDEN, "TASK-REASSIGN-06", message, subject=run.row.case_id)
    if person is None or person.id == task.person:
        message = "the task goes to another active person"
        return Rejection(RejectionKind.INVALID, "TASK-REASSIGN-01", message, help="name a principal who works here")
    if person.is_absent(today_of(run)):
        return Rejection(RejectionKind.INVALID, "TASK-REASSIGN-02", f"{person.name} is away")
    holder = principal(run.session.uow, task.person) if task.person else None
    asked = asked_of(run, detail_of(task)["item"], task)
    if task.kind in {"approval", "release"} and holder is not None and is_lower(asked, person, holder):
        message = f"the authority of {person.name} is below {holder.name}'s: a task goes sideways or up"
        return Rejection(RejectionKind.FORBIDDEN, "TASK-REASSIGN-03", message, breach="over own limit")
    return _may_have(run, task, person)


def _may_have(run: CaseRun, task: TaskRow, person: Principal) -> Rejection | None:
    """Whether a task may lie with somebody: the duty, the entity, and nothing that they did on the case."""
    hindrance = asked_of(run, detail_of(task)["item"], task).why_not(person)
    if hindrance or not person.works_for(run.row.entity):
        message = hindrance or f"{person.name} does not work for {run.row.entity or 'every entity'}"
        return Rejection(RejectionKind.FORBIDDEN, "TASK-REASSIGN-04", message)
    if task.kind == "approval":
        refused = may_sign(run, person, detail_of(in_own_right(task))["item"], opened=True)
        if refused is not None:
            message = f"{person.name} may not sign this: {refused.message}"
            return replace(refused, code="TASK-REASSIGN-05", message=message)
    elif person.id in _barred_from(run, task):
        message = f"{person.name} has a hand in what is asked here"
        return Rejection(RejectionKind.FORBIDDEN, "TASK-REASSIGN-05", message, breach="own request or benefit")
    if person.id in asked_beside(run, task):
        message = f"{person.name} is asked for another signature on this case, and nobody signs twice"
        return Rejection(RejectionKind.CONFLICT, "TASK-REASSIGN-07", message, subject=run.row.case_id)
    return None


def _barred_from(run: CaseRun, task: TaskRow) -> set[str]:
    """Whom a task that is no approval cannot lie with."""
    if task.kind == "release":
        return run.barred | answered_by(run)
    return run.tasks.barred_from(str(detail_of(task)["item"].get("type") or ""))

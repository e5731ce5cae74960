"""The seconds in which a person may take an act back: it waits as a row of the outbox, and nothing has happened yet.

Whether the act is allowed is said at once; when its time has come everything is checked again as if it were given then,
so that authority lost in between counts. The setting `undo_s` of the tenant says how long; 0 carries out at once.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.acting.holding import may_see
from comptroller.application.casework.answer import answer_of
from comptroller.application.casework.milestones import mark
from comptroller.application.casework.resuming import resume_case
from comptroller.application.casework.run import CaseRun
from comptroller.application.outbox import outbox_row
from comptroller.application.records import OutboxRow, TaskRow, revised
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import instant_text

if TYPE_CHECKING:
    from comptroller.application.act import ActOnTask

ACT: Final = "act"
"""The kind of outbox rows that are acts on their way."""

DELAYED: Final = frozenset({"approval", "release", "exception"})
"""The tasks whose answers can be taken back."""


@dataclass(frozen=True, slots=True)
class UndoAct:
    """Take one's last act on a task back."""

    task_id: str


def undo_seconds(session: Session) -> int:
    """How long an act of this tenant can be taken back."""
    rows = session.uow.references(["tenant/self"])["tenant/self"]
    body: Any = decode(rows[0].body) if rows else {}
    return int(body.get("undo_s") or 0)


def acts_under_way(session: Session) -> dict[str, OutboxRow]:
    """The acts that wait for their time, or are just carried out, by the task that they answer."""
    return {row.target: row for row in session.uow.acts_under_way()}


def given_by(row: OutboxRow) -> str:
    """Who gave an act."""
    payload: Any = decode(row.payload)
    return str(payload["person"])


def refuse_second(session: Session, task: TaskRow) -> Rejection | None:
    """Whether an act on the task is on its way already."""
    if task.task_id not in acts_under_way(session):
        return None
    return Rejection(
        RejectionKind.CONFLICT,
        "TASK-PENDING-01",
        "an answer to this task is on its way",
        help="take it back first, or wait until it has happened",
        subject=task.case_id,
    )


def put_off(run: CaseRun, task: TaskRow, command: "ActOnTask", seconds: int) -> dict[str, Any]:
    """Keep an act until it can no longer be taken back."""
    session = run.session
    at = session.now + timedelta(seconds=seconds)
    words = session.evidence.withhold(command.reason, salt=session.environment.chance.salt())
    payload = {
        "person": session.caller.id,
        "action": command.action,
        "content_hash": command.content_hash,
        "reason": words,
        "until": command.until,
        "to": command.to,
        "together": command.together,
    }
    name = session.environment.chance.identifier(session.now)
    session.uow.insert(outbox_row(session, name, ACT, task.task_id, payload, case_id=task.case_id, due=at))
    told = {"task": task.task_id, "action": command.action, "content_hash": command.content_hash, "due": at}
    mark(run, run.tell("task.act.given", told), "act given", person=session.caller.id, task=task.task_id)
    run.close()
    return answer_of(run) | {"applied": True, "undo_until": instant_text(at)}


def undo_act(session: Session, command: UndoAct) -> dict[str, Any] | Refused:
    """Take an act back while it waits; only who gave it can."""
    task = session.uow.task(command.task_id)
    case = session.uow.case(task.case_id) if task else None
    if task is None or case is None or not may_see(session, task, case):
        message = f"there is no task `{command.task_id}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "TASK-UNKNOWN-01", message))
    run = resume_case(session, case)
    row = acts_under_way(session).get(task.task_id)
    if row is None or row.status != "pending" or row.not_before <= session.machine_now:
        message = "there is nothing on its way that could be taken back"
        return Refused(Rejection(RejectionKind.CONFLICT, "TASK-UNDO-01", message, subject=case.case_id), case.case_id)
    payload: Any = decode(row.payload)
    if given_by(row) != session.caller.id:
        message = f"`{given_by(row)}` gave it and takes it back"
        return Refused(Rejection(RejectionKind.FORBIDDEN, "TASK-UNDO-02", message, subject=case.case_id), case.case_id)
    session.uow.update(revised(row, status="cancelled"))
    told = {"task": task.task_id, "action": payload["action"]}
    mark(run, run.tell("task.act.undone", told), "act undone", person=session.caller.id, task=task.task_id)
    run.close()
    return answer_of(run)

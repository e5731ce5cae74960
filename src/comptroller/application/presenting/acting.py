"""What may be done on a case beside answering its task, and what people said about it."""

from collections.abc import Sequence
from typing import Any, Final

from comptroller.application.acting.asking import SUPPLIER
from comptroller.application.acting.handing import HANDED_OVER
from comptroller.application.acting.undoing import acts_under_way, given_by
from comptroller.application.casework.approval_steps import ApprovalStep, approval_steps
from comptroller.application.casework.groups import is_from_group
from comptroller.application.casework.milestones import SUPPLIER_ASKED
from comptroller.application.casework.payment_blocks import open_blocks
from comptroller.application.presenting.task import concerning, is_mine
from comptroller.application.presenting.words import Names
from comptroller.application.records import CaseRow, EntryRow, TaskRow
from comptroller.application.releasing.release import IN_FORCE
from comptroller.application.releasing.timeline import PROCESS
from comptroller.application.session import Session
from comptroller.application.views import AttachmentView, CommentView, QuestionView, SideAct, TalkView
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.canonical_json import decode

ACTING: Final = frozenset(
    {
        Duty.TASK_APPROVE,
        Duty.EXCEPTION_RESOLVE,
        Duty.DUPLICATE_CLEAR,
        Duty.ORDER_RELEASE,
        Duty.DOCUMENT_SUBMIT,
        Duty.SUPPLIER_VERIFY,
        Duty.PAYMENT_RELEASE,
    }
)


def side_acts(session: Session, case: CaseRow, tasks: Sequence[TaskRow], *, chosen: str = "") -> tuple[SideAct, ...]:
    """What this person may do beside answering; what is off says why, what has no sense here is not named."""
    duties, acts = session.caller.duties, []
    here = f"/cases/{case.case_id}/acts"
    task = concerning(session, case, tasks, chosen)
    if task is not None and duties & ACTING:
        acts += _about_task(session, case, task, here)
    if case.process == PROCESS:
        acts += _withdrawing(session, case, here)
    elif case.status == "waiting" and Duty.CASE_CANCEL in duties and not _answers_with(task, "cancel"):
        acts.append(SideAct("cancel", "Cancel the case", f"{here}/cancel"))
    if case.status == "posted" and case.supplier and Duty.EXCEPTION_RESOLVE in duties:
        acts.append(SideAct("block", "Block the payment", f"{here}/block"))
    if duties & ACTING or Duty.PAYMENT_BLOCK_LIFT in duties:
        off = "" if Duty.PAYMENT_BLOCK_LIFT in duties else "lifting a block takes the duty for it"
        for block in open_blocks(session, case.case_id):
            title = f"Lift the block ({block.cause})"
            acts.append(SideAct("lift", title, f"{here}/lift?block={block.block_id}", off))
    return tuple(acts)


def _answers_with(task: TaskRow | None, action: str) -> bool:
    """Whether the task that is shown offers an act itself."""
    detail: Any = decode(task.detail) if task is not None else {}
    return action in detail.get("actions", ())


def _withdrawing(session: Session, case: CaseRow, here: str) -> list[SideAct]:
    if case.status != "waiting" or case.outcome == IN_FORCE or Duty.POLICY_PROPOSE not in session.caller.duties:
        return []
    state: Any = decode(case.state)
    own = session.caller.id in state["dossier"]["proposal"]["authors"]
    off = "" if own else "who proposed a change withdraws it"
    return [SideAct("withdraw", "Withdraw it", f"{here}/withdraw", off)]


def _about_task(session: Session, case: CaseRow, task: TaskRow, here: str) -> list[SideAct]:
    mine, acts, of_task = is_mine(session, case, task), [], f"?task={task.task_id}"
    answer = acts_under_way(session).get(task.task_id)
    if answer is not None:
        own = given_by(answer) == session.caller.id
        return [SideAct("undo", "Take the answer back", f"{here}/undo{of_task}", is_now=True)] if own else []
    if mine and not task.person:
        acts.append(SideAct("claim", "Take it", f"{here}/claim{of_task}", is_now=True))
    if mine and is_from_group(task):
        acts.append(SideAct("release", "Give it back", f"{here}/release{of_task}", is_now=True))
    if task.kind != "question":
        acts.append(
            SideAct("ask", "Ask", f"{here}/ask{of_task}", "" if mine else "only who has the task asks about it")
        )
    if task.kind == "approval" and signed_steps(session, case):
        off = "" if mine else "only who has the task sends it back"
        acts.append(SideAct("send-back", "Ask an earlier step again", f"{here}/send-back{of_task}", off))
    if task.kind in HANDED_OVER:
        may = mine or Duty.DUPLICATE_CLEAR in session.caller.duties
        off = "" if may else "only who has the task, or leads accounts payable, hands it over"
        acts.append(SideAct("reassign", "Hand over", f"{here}/reassign{of_task}", off))
    return acts


def signed_steps(session: Session, case: CaseRow) -> tuple[ApprovalStep, ...]:
    """The steps of a case that somebody has signed."""
    state: Any = decode(case.state)
    steps = approval_steps(state["dossier"], session.uow.case_tasks(case.case_id), ())
    return tuple(step for step in steps if step.signed)


def talk_view(
    session: Session, names: Names, case: CaseRow, tasks: Sequence[TaskRow], entries: Sequence[EntryRow]
) -> TalkView:
    """The questions with their answers, the comments and the files, oldest first."""
    told: list[tuple[EntryRow, Any]] = [
        (entry, decode(entry.body)) for entry in entries if entry.type in {"question.answered", "comment.added"}
    ]
    questions: list[tuple[TaskRow, Any]] = [(task, decode(task.detail)) for task in tasks if task.kind == "question"]
    wanted = [str(body["data"].get("reason") or "") for _, body in told]
    wanted += [str(detail["item"].get("question") or "") for _, detail in questions]
    texts = session.uow.private_texts([each for each in wanted if each])
    answers = {
        body["data"]["question"]: (entry.at, texts.get(body["data"].get("reason") or "", _ERASED))
        for entry, body in told
        if entry.type == "question.answered"
    }
    return TalkView(
        questions=tuple(_question(names, task, detail["item"], texts, answers) for task, detail in questions),
        comments=tuple(
            CommentView(
                names.person(body["actor"]["id"]), entry.at, texts.get(body["data"].get("reason") or "", _ERASED)
            )
            for entry, body in told
            if entry.type == "comment.added"
        ),
        attachments=tuple(
            AttachmentView(row.name, row.digest, len(row.content), names.person(row.added_by), row.added_at)
            for row in session.uow.attachments(case.case_id)
        ),
        may_add=Duty.TASK_READ in session.caller.duties,
    )


_ERASED: Final = "These words were erased."


def _question(
    names: Names, task: TaskRow, item: dict[str, Any], texts: dict[str, str] | Any, answers: dict[str, Any]
) -> QuestionView:
    answered = answers.get(task.task_id)
    to = "the supplier" if task.node == SUPPLIER_ASKED else names.person(task.person)
    return QuestionView(
        asked_by=names.person(str(item.get("asked by") or "")),
        asked_of=to if to != SUPPLIER else "the supplier",
        asked_at=task.offered_at,
        text=texts.get(str(item.get("question") or ""), _ERASED),
        answer=answered[1] if answered else "",
        answered_at=answered[0] if answered else None,
        due=None if answered else task.due,
    )

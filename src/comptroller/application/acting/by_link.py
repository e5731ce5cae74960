"""Answering a task from a link in a mail: it opens a page of its own, and nothing happens until that page is answered.

A link is bound to one person, one task and the hash of what the mail was about; it runs out, and an answer uses it up.
Looking at it uses nothing up, however often and by whatever looks. The page asks for a second proof of who is there.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from comptroller.application.act import ActOnTask, act_on_task
from comptroller.application.acting.holding import detail_of
from comptroller.application.acting.links_used import refuse_used
from comptroller.application.ports.notices import AnswerLink
from comptroller.application.presenting.words import Names, action_title, gross_of, task_title
from comptroller.application.records import CaseRow, TaskRow
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.money import Money

ANSWERS: Final = ("approve", "reject")
"""What can be answered from a link; the rest is done on the case."""


@dataclass(frozen=True, slots=True)
class ShowAnswer:
    """The page that a link leads to."""

    link: str


@dataclass(frozen=True, slots=True)
class AnswerByLink:
    """Answer the task that a link is bound to, as it was when the mail was written."""

    link: str
    action: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What is asked, of whom, and what can be answered."""

    link: str
    case_id: str
    number: str
    supplier: str
    entity: str
    title: str
    due: datetime
    person: str
    actions: tuple[tuple[str, str], ...]  # action, title
    gross: Money | None = None
    reason: str = ""
    problem: str = ""


def show_answer(session: Session, command: ShowAnswer) -> AnswerView | Refused:
    """What the link is about, where it still can be answered; the link stays as it is."""
    found = _opened(session, command.link)
    if isinstance(found, Refused):
        return found
    _, task, case = found
    names = Names(session)
    return AnswerView(
        link=command.link,
        case_id=case.case_id,
        number=case.number,
        supplier=case.supplier_name or case.supplier,
        entity=names.entity(case.entity),
        title=names.told(task_title(task)),
        due=task.due,
        person=session.caller.principal.name,
        actions=tuple((each, action_title(each)) for each in ANSWERS if each in detail_of(task)["actions"]),
        gross=gross_of(case),
    )


def answer_by_link(session: Session, command: AnswerByLink) -> dict[str, Any] | Refused:
    """Answer the task; everything that holds on the case's own page holds here, and the link is used up."""
    found = _opened(session, command.link)
    if isinstance(found, Refused):
        return found
    link, task, _ = found
    if command.action not in ANSWERS:
        message = "from a link a task is approved or rejected"
        return Refused(Rejection(RejectionKind.INVALID, "LINK-ACTION-01", message, help="open the case for the rest"))
    act = ActOnTask(task.task_id, command.action, link.content_hash, command.reason, link=link.key)
    return act_on_task(session, act)


def _opened(session: Session, text: str) -> tuple[AnswerLink, TaskRow, CaseRow] | Refused:
    """The link with its task, where it is the caller's and still good for an answer."""
    links = session.environment.notices.links
    link = links.open(text) if links is not None else None
    task = session.uow.task(link.task) if link is not None and link.tenant == session.uow.tenant else None
    case = session.uow.case(task.case_id) if task is not None else None
    if link is None or task is None or case is None:
        message = "this link leads nowhere"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "LINK-UNKNOWN-01", message, help="open your queue"))
    if link.person != session.caller.id:
        message = "this link was sent to somebody else"
        return Refused(Rejection(RejectionKind.FORBIDDEN, "LINK-PERSON-01", message, help="open your own queue"))
    if link.expires <= session.now:
        return _over(case, "LINK-EXPIRED-01", "this link has run out")
    used = refuse_used(session, case.case_id, link.key)
    if used is not None:
        return Refused(used, case.case_id)
    if task.status != "open" or task.content_hash != link.content_hash:
        return _over(case, "LINK-STALE-01", "what the mail was about is not what is to be decided now")
    return link, task, case


def _over(case: CaseRow, code: str, message: str) -> Refused:
    refused = Rejection(RejectionKind.CONFLICT, code, message, help="open the case itself", subject=case.case_id)
    return Refused(refused, case.case_id)

"""What the supplier would be told about an invoice as it stands now: an invoice response, made and not sent.

Decision 39 says status, reason and action, and whether anything may be said at all; the words are the case's reasons.
"""

from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.casework.clock import today_at
from comptroller.application.casework.taking_up import document_in_force
from comptroller.application.queries import visible_case
from comptroller.application.records import CaseRow, TaskRow
from comptroller.application.releasing.timeline import policy_of
from comptroller.application.session import Refused, Session
from comptroller.domain.documents.response import (
    Clarification,
    InvoiceResponse,
    ResponseAction,
    ResponseReason,
    ResponseStatus,
    problems,
)
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind

DECISION: Final = "supplier response"
SUPPLIER_ASKED: Final = "supplier"
"""The node of a question whose answer comes from the supplier."""


@dataclass(frozen=True, slots=True)
class GetResponse:
    """The response to the supplier of a case."""

    case_id: str


def get_response(session: Session, command: GetResponse) -> dict[str, Any] | Refused:
    """The response as a document, with its codes beside; refused where policy says nothing to the supplier."""
    row = visible_case(session, command.case_id)
    if isinstance(row, Refused):
        return row
    invoice, _ = document_in_force(session.uow, row)
    model = policy_of(session, row).models.get(DECISION)
    if invoice is None or model is None:
        return _refused("RESPONSE-NOTHING-01", "there is no invoice to respond to", row, "key the document first")
    state: Any = decode(row.state)
    dossier: dict[str, Any] = state["dossier"]
    said: Any = model.decide(DECISION, _facts(session, row, dossier), session.now).value
    if not isinstance(said, dict) or said.get("send") is not True:
        return _refused("RESPONSE-SILENT-01", "policy says nothing to the supplier now", row, "wait until it does")
    response = InvoiceResponse(
        id=f"{row.case_id}-{row.entry_seq}",
        issued_at=session.now,
        status=ResponseStatus(said["code"]),
        number=invoice.number,
        sender=invoice.buyer,
        receiver=invoice.seller,
        issue_date=invoice.issue_date,
        type_code=invoice.type_code,
        clarifications=_clarifications(said, dossier),
    )
    faults = tuple(problems(response))
    if faults:
        first = faults[0]
        return Refused(Rejection(RejectionKind.INVALID, first.code, first.message, faults, help=first.help))
    return {
        "status": response.status.value,
        "outcome": str(said.get("outcome") or ""),
        "clarifications": [{"code": c.code.value, "text": c.text} for c in response.clarifications],
        "content": session.environment.write_response(response),
        "name": f"{response.id}.xml",
    }


def _refused(code: str, message: str, row: CaseRow, help: str) -> Refused:  # noqa: A002 - the rejection's own field
    return Refused(Rejection(RejectionKind.CONFLICT, code, message, subject=row.case_id, help=help))


def _facts(session: Session, row: CaseRow, dossier: dict[str, Any]) -> dict[str, Any]:
    tasks = session.uow.case_tasks(row.case_id)
    return {
        "disposition": {"outcome": dossier.get("disposition") or "hold"},
        "matters": [str(finding.get("type") or "") for finding in dossier.get("findings", ())],
        "short paid": False,
        "supplier asked": any(
            task.status == "open" and task.kind == "question" and task.node == SUPPLIER_ASKED for task in tasks
        ),
        "answer": _last_answer(tasks),
        "decision date": today_at(session.uow, row.entity, session.now),
    }


def _last_answer(tasks: Any) -> str:
    done: list[TaskRow] = [task for task in tasks if task.status == "done" and task.closed_at is not None]
    last = max(done, key=lambda task: (task.closed_at or task.offered_at, task.task_id), default=None)
    return last.action if last is not None else ""


def _clarifications(said: dict[str, Any], dossier: dict[str, Any]) -> tuple[Clarification, ...]:
    """The reason with the case's own words, and what the supplier is asked to do; nothing where nothing is wrong."""
    reason, action = ResponseReason(said["reason"]), ResponseAction(said["action"])
    words = "; ".join(text for each in dossier.get("reasons", ()) if (text := str(each.get("text") or "")))
    found = [] if reason is ResponseReason.NO_ISSUE else [Clarification(reason, words or str(said.get("outcome")))]
    if action is not ResponseAction.NONE:
        found.append(Clarification(action, words if action is ResponseAction.OTHER else ""))
    return tuple(found)

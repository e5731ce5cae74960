"""Laying a case aside as a whole, whatever it waits for: what it held of balances, or of open items, is free again."""

from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.acting.holding import words_of
from comptroller.application.casework.answer import answer_of
from comptroller.application.casework.milestones import mark
from comptroller.application.casework.respond import respond
from comptroller.application.casework.resuming import resume_case
from comptroller.application.casework.run import CaseRun
from comptroller.application.casework.services import reserve
from comptroller.application.payments.commands import PROCESS as PAYMENT_PROCESS
from comptroller.application.payments.proposal import give_back
from comptroller.application.queries import visible_case
from comptroller.application.releasing.timeline import PROCESS as RELEASE_PROCESS
from comptroller.application.session import Refused, Session
from comptroller.domain import workflow
from comptroller.domain.kernel.fault import Rejection, RejectionKind


@dataclass(frozen=True, slots=True)
class CancelCase:
    """Lay a waiting case aside."""

    case_id: str
    reason: str


POSTED: Final = "reverse what is posted: hand in the supplier's credit note, or block its payment until it comes"
DONE: Final = "reverse what was done by a new document or change; an operator lets a case that is stuck go on"


def cancel_case(session: Session, command: CancelCase) -> dict[str, Any] | Refused:
    """End a case that waits; one that has ended stays what it is."""
    case = visible_case(session, command.case_id)
    if isinstance(case, Refused):
        return case
    refused = words_of(command.reason, "reason")
    if refused is not None:
        return Refused(refused, case.case_id)
    run = resume_case(session, case)
    if session.caller.id in run.barred - {run.dossier.requester}:
        message = "you entered, ordered or received on this case, so somebody else lays it aside"
        return Refused(
            Rejection(RejectionKind.FORBIDDEN, "CASE-CANCEL-01", message, breach="forbidden duty pair"), case.case_id
        )
    if run.row.process == RELEASE_PROCESS:
        message = "who proposed a change of policy withdraws it, and who releases it refuses it"
        return Refused(Rejection(RejectionKind.FORBIDDEN, "CASE-CANCEL-03", message), case.case_id)
    if run.row.status != "waiting" or run.dossier.effects:
        what = "it has had its effect" if run.dossier.effects else "it does not wait"
        message = f"the case is {run.row.status}, {what}"
        rejection = Rejection(RejectionKind.CONFLICT, "CASE-CANCEL-02", message, subject=case.case_id, help=_help(run))
        return Refused(rejection, case.case_id)
    words = session.evidence.withhold(command.reason.strip(), salt=session.environment.chance.salt())
    if run.has_document:
        run.gather()
        reserve(run, wanted=False)
    if run.row.process == PAYMENT_PROCESS:
        give_back(run)
    refusal = run.send(workflow.Cancel(words))
    if refusal is not None:
        return Refused(refusal, case.case_id)
    mark(run, run.tell("case.laid.aside", {"reason": words}), "ended", person=session.caller.id, detail="cancelled")
    respond(run, answer="cancel")
    run.close()
    return answer_of(run)


def _help(run: CaseRun) -> str:
    if run.dossier.journal:
        return POSTED
    return DONE if run.dossier.effects else ""

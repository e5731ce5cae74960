"""Stopping payments: a person blocks one posted case, or every item of its supplier that may still be paid.

Placing stops money and takes one person with a reason; letting it go again takes who policy names, sometimes two of
them (see `payment_blocks`). Every item that is stopped is named in the answer and told on its own case.
"""

from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.acting.holding import words_of
from comptroller.application.casework.milestones import mark
from comptroller.application.casework.payment_blocks import ENDED_UNPAID, place_block
from comptroller.application.casework.resuming import resume_case
from comptroller.application.queries import visible_case
from comptroller.application.records import CaseRow
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Rejection, RejectionKind

CAUSES: Final = ("dispute", "quality", "bank details", "sanctions", "other")
"""What a person blocks for; policy says who lifts each."""


@dataclass(frozen=True, slots=True)
class PlaceBlock:
    """Stop the payment of one posted case, or of every item of its supplier."""

    case_id: str
    cause: str
    reason: str
    all_of_supplier: bool = False


def place_payment_block(session: Session, command: PlaceBlock) -> dict[str, Any] | Refused:
    """Place the block; answers the items that it stops."""
    case = visible_case(session, command.case_id)
    if isinstance(case, Refused):
        return case
    refused = words_of(command.reason, "reason") or _placeable(case, command)
    if refused is not None:
        return Refused(refused, case.case_id)
    rows = session.uow.supplier_cases(case.supplier) if command.all_of_supplier else [case]
    stopped = [_stop(session, row, command) for row in rows if _may_be_paid(row)]
    return {"blocks": stopped}


def _placeable(case: CaseRow, command: PlaceBlock) -> Rejection | None:
    if command.cause not in CAUSES:
        message = f"`{command.cause}` is no cause of a payment block"
        return Rejection(RejectionKind.INVALID, "BLOCK-CAUSE-01", message, help=f"use one of {', '.join(CAUSES)}")
    if case.status != "posted" or not case.supplier:
        message = "only what is posted is blocked from being paid"
        return Rejection(RejectionKind.CONFLICT, "BLOCK-STATE-01", message, subject=case.case_id)
    return None


def _may_be_paid(case: CaseRow) -> bool:
    return case.process == "invoice" and case.status not in ENDED_UNPAID


def _stop(session: Session, case: CaseRow, command: PlaceBlock) -> dict[str, Any]:
    """Block one case: its row and its story say so."""
    run = resume_case(session, case)
    told = place_block(session, run.row, cause=command.cause, text=command.reason.strip())
    seq = run.tell("payment.blocked", told)
    mark(run, seq, "payment blocked", person=session.caller.id, detail=command.cause)
    if run.row.status == "posted":
        run.describe(outcome="posted with payment block")
    run.dossier.payment_block = run.dossier.payment_block or command.cause
    run.close()
    return {"block_id": told["block"], "case_id": case.case_id, "number": case.number, "cause": command.cause}

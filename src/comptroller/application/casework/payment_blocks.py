"""Places blocks on the payment of documents, and tells every case that has one."""

from typing import Any, Final

from comptroller.application.casework.record import tell_on_case
from comptroller.application.records import CaseRow, MilestoneRow, PaymentBlockRow
from comptroller.application.session import Session

PLACED: Final = "placed"
LIFT_ASKED: Final = "lift asked"
LIFTED: Final = "lifted"
ENDED_UNPAID: Final = frozenset({"rejected", "returned", "cancelled", "done"})
"""What a case may be that nobody will ever be paid for."""


def place_block(session: Session, case: CaseRow, *, cause: str, text: str) -> dict[str, Any]:
    """Block the payment of one case; answers what its stream is told."""
    reason = session.evidence.withhold(text, salt=session.environment.chance.salt())
    block_id = session.environment.chance.identifier(session.now)
    session.uow.insert(
        PaymentBlockRow(
            block_id=block_id,
            supplier=case.supplier,
            case_id=case.case_id,
            cause=cause,
            reason=reason,
            placed_at=session.now,
            placed_by=session.caller.id,
            status=PLACED,
            asked_at=None,
            asked_by="",
            lifted_at=None,
            lifted_by="",
        )
    )
    return {"block": block_id, "cause": cause, "reason": reason}


def open_blocks(session: Session, case_id: str) -> list[PaymentBlockRow]:
    """The blocks of a case that nobody has lifted."""
    return [block for block in session.uow.payment_blocks(case_id=case_id) if block.status != LIFTED]


def block_open_items(session: Session, supplier: str, *, cause: str, text: str) -> list[CaseRow]:
    """Block every item of a supplier that may still be paid, and answer them, oldest first."""
    items = [
        row
        for row in session.uow.supplier_cases(supplier)
        if row.process == "invoice" and row.status not in ENDED_UNPAID
    ]
    for row in items:
        told = place_block(session, row, cause=cause, text=text)
        seq = tell_on_case(session, row.case_id, "payment.blocked", told)
        marked = (row.case_id, seq, "payment blocked", session.now, row.entity)
        session.uow.insert(MilestoneRow(*marked, "", session.caller.id, "", "", cause))
    return items

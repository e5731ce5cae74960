"""What happens after the posting: a case that rests on a receipt or order that is taken back is not paid.

A posted case keeps watching its order. When a receipt is reversed, goods go back, or the order is cancelled, it is
measured again by the policy in force; where what it was paid for is no longer there, a payment block says so. The
posting stays: what is owed less is credited, and people lift the block.
"""

from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.payment_blocks import place_block
from comptroller.application.casework.run import WATCH
from comptroller.application.ledger.items import change
from comptroller.application.records import WaitRow

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

SHORT: Final = frozenset({"quantity", "no receipt", "quality"})
"""The exceptions that say that something billed is not there."""

CANCELLED: Final = "order cancelled"
WITHDRAWN: Final = "receipt withdrawn"


def watch(run: "CaseRun") -> None:
    """Let a case that has just been posted hear of changes of its order."""
    order = run.context.order
    if order is None or run.invoice.is_credit_note:
        return
    wait = WaitRow(WATCH, f"order/{order.number}", run.row.case_id, "")
    if not any(known.message == WATCH for known in run.session.uow.case_waits(run.row.case_id)):
        run.session.uow.insert(wait)


def look_again(run: "CaseRun") -> bool:
    """Measure a posted case anew; True where it is blocked now and was not before."""
    run.gather()
    order = run.context.order
    if order is None:
        return False
    cause = CANCELLED if order.status == "cancelled" else WITHDRAWN if _is_short(run) else ""
    if not cause:
        return False
    uow, case_id = run.session.uow, run.row.case_id
    if any(block.cause == cause for block in uow.payment_blocks(case_id=case_id)):
        return False
    told = place_block(run.session, run.row, cause=cause, text=f"{cause}: order {order.number}")
    items = [item for item in uow.open_items(case_id=case_id) if item.status != "paid"]
    for item in items:
        change(run.session, item, payment_block="; ".join(filter(None, (item.payment_block, cause))))
    run.dossier.payment_block = "; ".join(filter(None, (run.dossier.payment_block, cause)))
    run.describe(outcome="posted with payment block")
    run.tell("payment.blocked", {**told, "items": [item.item_id for item in items]})
    return True


def _is_short(run: "CaseRun") -> bool:
    """Whether the match finds too little now; that the order has been closed since then says nothing."""
    outcome: Any = run.decide("line match", {"order status": "open"}).value
    found = outcome.get("exceptions") if isinstance(outcome, dict) else None
    return any(isinstance(each, dict) and each.get("type") in SHORT for each in found or ())

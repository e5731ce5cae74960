"""A return because of an invoice, in the shape of a receipt: what came is less by what went back."""

from dataclasses import replace

from comptroller.domain.documents.model import Receipt
from comptroller.domain.documents.purchasing import Dispute


def receipt_of_return(dispute: Dispute) -> Receipt:
    """Turn a return that stands into a receipt of negative quantities; one that was withdrawn into a reversed one."""
    lines = tuple(replace(line, quantity=-line.quantity) for line in dispute.lines)
    status = "recorded" if dispute.status == "open" else "reversed"
    return Receipt(
        dispute.number, dispute.order, dispute.recorded_on, dispute.recorded_by, lines, "return", status, dispute.reason
    )

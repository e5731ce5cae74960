"""Which lines stay on an order: what was received or invoiced is not taken off, or goods and invoices would hang in
the air. Asked when somebody amends the order, and again when the amendment is released: goods come meanwhile.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from comptroller.application.casework.gathering.reading import body_of, record_of
from comptroller.application.ports.store import UnitOfWork
from comptroller.domain.controls.matching import balance_key
from comptroller.domain.documents.model import Receipt
from comptroller.domain.kernel.fault import Rejection, RejectionKind


def lines_that_stay(uow: UnitOfWork, order: str, lines: Iterable[str]) -> Mapping[str, str]:
    """The lines that cannot be taken off the order, each with the reason."""
    lines, alias = list(lines), f"order-receipts/{order}"
    receipts = [record_of(Receipt, row) for row in uow.references([alias])[alias]]
    received = {
        line.order_line
        for receipt in receipts
        if receipt is not None and receipt.status != "reversed"
        for line in receipt.lines
    }
    invoiced = uow.balances([balance_key(order, line) for line in lines])
    stays = {}
    for line in lines:
        if line in received:
            stays[line] = "something was received on it"
        elif invoiced.get(balance_key(order, line)):
            stays[line] = "something was invoiced on it"
    return stays


def lines_taken_off(uow: UnitOfWork, proposal: Mapping[str, Any]) -> Rejection | None:
    """Why the order as proposed leaves out a line that stays; None where every line that it leaves out may go."""
    order = str(proposal["number"])
    rows = uow.references([f"order/{order}"])[f"order/{order}"]
    kept = {line["id"] for line in proposal["lines"]}
    gone = [line["id"] for line in body_of(rows[0])["lines"] if line["id"] not in kept] if rows else []
    stays = lines_that_stay(uow, order, gone)
    if not stays:
        return None
    told = "; ".join(f"line {line} stays on the order: {why}" for line, why in stays.items())
    help_text = "leave the line on the order, with the quantity that came"
    return Rejection(RejectionKind.CONFLICT, "ORDER-LINE-01", told, help=help_text)

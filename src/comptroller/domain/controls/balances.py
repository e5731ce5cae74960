"""What a document takes of limited things: order lines, ceilings, periods, creditable amounts, advances.

A balance is a name and an amount; the store keeps two cases from taking the same of it (INVARIANT 9). One function
says all that a document takes, so that it is reserved, and freed again, as a whole.
"""

from collections.abc import Mapping
from decimal import Decimal

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.credit import credit_basis
from comptroller.domain.controls.matching import PREPAYMENT, takes
from comptroller.domain.documents.model import Invoice, Order
from comptroller.domain.kernel.money import CONTEXT, ZERO


def ceiling_key(order: Order | None, contract: str) -> str:
    """The ceiling that a document counts against: the blanket order's own, else its contract's; empty for none."""
    if order is not None and order.order_type == "blanket":
        return f"ceiling/order/{order.number}"
    return f"ceiling/contract/{contract}" if contract else ""


def period_key(agreement: str, period: str) -> str:
    """One period of a recurring agreement: taken once."""
    return f"period/{agreement}/{period}"


def credited_key(case_id: str) -> str:
    """What is credited of a posted invoice, net."""
    return f"credited/{case_id}"


def disputed_key(case_id: str) -> str:
    """What is credited of a posted invoice because of a dispute, net."""
    return f"disputed/{case_id}"


def advance_keys(order: str) -> Mapping[str, str]:
    """The balances of what was paid in advance on an order."""
    return {name: f"advance/{order}/{name}" for name in ("asked", "open", "cleared", "net", "tax")}


def claims(invoice: Invoice, context: InvoiceContext, *, posting: bool) -> Mapping[str, Decimal]:
    """Say all that a document takes, by balance; `posting` once it is posted and no longer only asked for."""
    if context.order is not None and invoice.type_code == PREPAYMENT:
        return _advance(invoice, context.order, posting=posting)
    basis = credit_basis(invoice, context) if invoice.is_credit_note else ""
    taken = {} if basis in {"dispute", "none"} else dict(takes(invoice, context))
    net = invoice.totals.net or ZERO
    ceiling = context.ceiling
    key = ceiling_key(context.order, ceiling.number if ceiling is not None and ceiling.contract is not None else "")
    if key and net:
        taken[key] = -net if invoice.is_credit_note else net
    recurring = context.recurring
    if recurring is not None and recurring.period and not invoice.is_credit_note:
        taken[period_key(recurring.agreement.number, recurring.period)] = Decimal(1)
    original = context.original
    if invoice.is_credit_note and original is not None:
        taken[credited_key(original.case_id)] = net
        if basis == "dispute":
            taken[disputed_key(original.case_id)] = net
    prepaid = invoice.totals.prepaid or ZERO
    if context.order is not None and prepaid > 0 and not invoice.is_credit_note:
        taken[advance_keys(context.order.number)["cleared"]] = prepaid
    return {key: amount for key, amount in taken.items() if amount}


def _advance(invoice: Invoice, order: Order, *, posting: bool) -> Mapping[str, Decimal]:
    totals, keys = invoice.totals, advance_keys(order.number)
    gross, net = totals.gross or ZERO, totals.net or ZERO
    taken = {keys["open" if posting else "asked"]: gross, keys["net"]: net}
    if posting:
        taken[keys["tax"]] = CONTEXT.subtract(gross, net)
    return {key: amount for key, amount in taken.items() if amount}

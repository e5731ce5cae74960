"""The recurring agreement that a document without an order belongs to."""

from decimal import Decimal

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.kinds import Facts
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.money import CONTEXT


def recurring_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """State the agreement, the period that is asked for, and how far the amount is from what was agreed."""
    recurring = context.recurring
    if recurring is None:
        return {**dict.fromkeys(_FACTS), "recurring known": False}
    agreement, schedule, net = recurring.agreement, recurring.schedule, invoice.totals.net
    instalment = None
    if schedule is not None:
        instalment = next((each for each in schedule.instalments if each.period == recurring.period), None)
    day = invoice.tax_date
    in_force = None
    if day is not None:
        in_force = agreement.valid_from <= day and (agreement.valid_to is None or day <= agreement.valid_to)
    return {
        "recurring known": True,
        "agreement number": agreement.number,
        "agreement released": bool(agreement.released_by) and agreement.released_by != agreement.owner,
        "agreement in force": in_force,
        "agreement entity same": context.entity is not None and agreement.entity == context.entity.code,
        "agreement currency same": agreement.currency == invoice.currency,
        "agreement period": recurring.period or None,
        "period taken": recurring.taken,
        "agreed amount": agreement.amount,
        "agreed percent": _percent(net, agreement.amount),
        "scheduled": schedule is not None,
        "scheduled amount": instalment.amount if instalment is not None else None,
    }


_FACTS = (
    "recurring known",
    "agreement number",
    "agreement released",
    "agreement in force",
    "agreement entity same",
    "agreement currency same",
    "agreement period",
    "period taken",
    "agreed amount",
    "agreed percent",
    "scheduled",
    "scheduled amount",
)


def _percent(net: Decimal | None, agreed: Decimal | None) -> Decimal | None:
    """By how much the net amount differs from what was agreed, in percent of that; a size, unrounded."""
    if net is None or agreed is None or agreed <= 0:
        return None
    return CONTEXT.multiply(CONTEXT.divide(abs(CONTEXT.subtract(net, agreed)), agreed), Decimal(100))

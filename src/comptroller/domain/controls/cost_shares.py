"""Which cost centre bears how much of a document, and what that takes of its budget.

A line is borne by the cost centre that it names, else by the document's. What an order has committed is not taken a
second time, and a credit note takes nothing: it gives back when the ledger says so.
"""

from collections.abc import Mapping
from decimal import Decimal

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.documents.model import Invoice, Line
from comptroller.domain.kernel.money import CONTEXT, ZERO


def cost_centre_of(line: Line, default: str) -> str:
    """The cost centre that bears a line; empty where nobody is named."""
    return line.accounting_reference or default


def cost_centres(invoice: Invoice, default: str) -> tuple[str, ...]:
    """Every cost centre that bears a line of the document, in the order of the lines."""
    named = [cost_centre_of(line, default) for line in invoice.lines] or [default]
    return tuple(dict.fromkeys(centre for centre in named if centre))


def cost_shares(invoice: Invoice, context: InvoiceContext) -> Mapping[str, Decimal] | None:
    """Share the net amount among the cost centres, in the group's currency; None where an amount or rate is missing.

    What is charged or allowed on the document as a whole is borne by the document's own cost centre, else by the first.
    """
    net, centres = invoice.totals.net, cost_centres(invoice, context.cost_centre)
    if net is None or context.rate is None:
        return None
    shares = dict.fromkeys(centres, ZERO)
    left = net
    for line in invoice.lines:
        centre = cost_centre_of(line, context.cost_centre)
        if line.net_amount is None:
            return None
        if centre:
            shares[centre] = CONTEXT.add(shares[centre], line.net_amount)
            left = CONTEXT.subtract(left, line.net_amount)
    if left and shares:
        bearer = context.cost_centre if context.cost_centre in shares else centres[0]
        shares[bearer] = CONTEXT.add(shares[bearer], left)
    return {centre: CONTEXT.multiply(amount, context.rate) for centre, amount in shares.items()}


def budget_takes(invoice: Invoice, context: InvoiceContext) -> Mapping[str, Decimal]:
    """Say how much the document takes of each budget, by balance key; nothing of what a released order committed."""
    order, shares = context.order, cost_shares(invoice, context)
    committed = order is not None and bool(order.released_by) and order.released_by != order.created_by
    if committed or invoice.is_credit_note or shares is None:
        return {}
    return {
        budget.key: shares[budget.cost_centre]
        for budget in context.budgets or ()
        if budget.budget is not None and shares.get(budget.cost_centre, ZERO) > 0
    }

"""What the ledger says: budgets, rates, the period, the group's other books."""

from decimal import Decimal

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.cost_shares import cost_shares
from comptroller.domain.controls.facts.kinds import Facts, FactValue
from comptroller.domain.controls.ledger_context import Budget, Rate
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.money import CONTEXT, ZERO

_HUNDRED = Decimal(100)


def budget_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """State of each cost centre what its budget is and what is taken of it, this document counted."""
    shares = cost_shares(invoice, context)
    if context.budgets is None:
        return {"budget shares": None}
    return {
        "budget shares": [_share(b, None if shares is None else shares.get(b.cost_centre)) for b in context.budgets]
    }


def _share(budget: Budget, this: Decimal | None) -> FactValue:
    known = budget.budget is not None
    left = percent = None
    if budget.budget is not None and this is not None and budget.taken is not None:
        whole = CONTEXT.add(budget.budget, budget.carry_over or ZERO)
        used = this
        for part in (budget.committed, budget.actual, budget.taken):
            used = CONTEXT.add(used, part or ZERO)
        left = CONTEXT.subtract(whole, used)
        percent = CONTEXT.multiply(CONTEXT.divide(used, whole), _HUNDRED) if whole > 0 else None
    return {
        "cost centre": budget.cost_centre,
        "known": known,
        "budget": budget.budget,
        "carry over": budget.carry_over,
        "committed": budget.committed,
        "actual": budget.actual,
        "taken": budget.taken,
        "this": this,
        "left": left,
        "used percent": percent,
    }


def rate_facts(_invoice: Invoice, context: InvoiceContext) -> Facts:
    """State in which currencies order, contract and ledger count, and how good the rates are that convert."""
    return {
        "order currency": context.order.currency if context.order is not None else None,
        "contract currency": _agreed_currency(context),
        "ledger currency": context.entity.currency if context.entity is not None else None,
        "rates": None if context.rates is None else [_rate(rate, context) for rate in context.rates],
    }


def _agreed_currency(context: InvoiceContext) -> str | None:
    """The currency of the contract that the document counts against, else of the agreement that it belongs to."""
    if context.ceiling is not None and context.ceiling.contract is not None:
        return context.ceiling.contract.currency
    return context.recurring.agreement.currency if context.recurring is not None else None


def _rate(rate: Rate, context: InvoiceContext) -> FactValue:
    day = context.posting_date
    deviation = None
    if rate.rate is not None and rate.reference:
        apart = CONTEXT.divide(abs(CONTEXT.subtract(rate.rate, rate.reference)), rate.reference)
        deviation = CONTEXT.multiply(apart, _HUNDRED)
    return {
        "currency": rate.currency,
        "known": rate.rate is not None and rate.rate > 0,
        "rate": rate.rate,
        "source": rate.source,
        "type": rate.type or None,
        "valid on": rate.valid_on,
        "age": Decimal((day - rate.valid_on).days) if day is not None and rate.valid_on is not None else None,
        "deviation": deviation,
    }


def period_facts(_invoice: Invoice, context: InvoiceContext) -> Facts:
    """State which period is posted into, which the supply belongs to, and what was accrued for it."""
    periods = context.periods
    if periods is None:
        return dict.fromkeys(("posting period", "posting period state", "own period", "own period state", "accrual"))
    accrual = periods.accrual
    return {
        "posting period": periods.posting,
        "posting period state": periods.posting_state,
        "own period": periods.own,
        "own period state": periods.own_state,
        "accrual": None
        if accrual is None
        else {"known": True, "period": accrual.period, "amount": accrual.amount, "account": accrual.account},
    }


def intercompany_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """State whether the supplier is a company of the group, and what it books itself."""
    known, gross = context.intercompany, invoice.totals.gross
    if known is None:
        return dict.fromkeys(("trading partner", "agreement known", "counterpart"))
    amount = known.counterpart_amount
    return {
        "trading partner": known.partner,
        "agreement known": known.agreement_known,
        "counterpart": {
            "known": known.counterpart_known,
            "currency same": known.counterpart_currency == invoice.currency if known.counterpart_known else None,
            "amount": amount,
            "difference": None if amount is None or gross is None else abs(CONTEXT.subtract(gross, amount)),
        },
    }

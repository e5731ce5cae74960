"""What a case takes of everything that is limited: received goods, budgets, the free amount of a year, an accrual."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any, Final

from comptroller.domain.controls.balances import claims
from comptroller.domain.controls.cost_shares import budget_takes
from comptroller.domain.kernel.limits import QUANTITY_SCALE
from comptroller.domain.kernel.money import CONTEXT

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

_MICRO: Final = 10**QUANTITY_SCALE


POSTING: Final = frozenset({"post", "post with payment block"})
"""The ways that end in the ledger."""


def takings(run: "CaseRun") -> Mapping[str, Decimal]:
    """Say how much the document takes of each balance, from the facts and outcomes of this run."""
    return {
        **claims(run.invoice, run.context, posting=run.dossier.disposition in POSTING),
        **budget_takes(run.invoice, run.context),
        **_withholding(run),
        **_accrual(run),
    }


def in_millionths(amount: Decimal) -> int:
    """Count in the unit of balances; what is finer than that is taken whole, so that nothing slips under a limit."""
    return int((amount * _MICRO).to_integral_value(ROUND_CEILING))


def _withholding(run: "CaseRun") -> Mapping[str, Decimal]:
    """What counts towards the free amount of the year of a supplier under a scheme."""
    known, outcome = run.context.withholding, _outcome(run, "withholding")
    base, rate = outcome.get("base"), run.context.rate
    if known is None or not known.balance or outcome.get("scheme") in {None, "none"} or base is None or rate is None:
        return {}
    return {known.balance: CONTEXT.multiply(abs(base), rate)} if base else {}


def _accrual(run: "CaseRun") -> Mapping[str, Decimal]:
    """An accrual is reversed by one document and never by a second."""
    periods, outcome = run.context.periods, _outcome(run, "period and cut-off")
    if periods is None or periods.accrual is None or outcome.get("reverse accrual") is not True:
        return {}
    return {periods.accrual.key: Decimal(1)}


def _outcome(run: "CaseRun", decision: str) -> dict[str, Any]:
    outcome = run.outcomes.get(decision)
    return outcome if isinstance(outcome, dict) else {}

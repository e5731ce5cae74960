"""What authority is measured on: the net amount and the VAT that may not be deducted, in the group's currency.

Which VAT that is, policy says (decision 15). Where all of it is deducted, as nearly always, there is nothing to tell;
where some of it is a cost, the decision is recorded before every other one that goes by the amount.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from comptroller.domain.controls.facts import authority_amount
from comptroller.domain.controls.journal_shapes import TaxPosting, UnbalancedJournal
from comptroller.domain.controls.posting_tax import not_deductible

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

TREATMENT: Final = "tax treatment"


def amount_of_authority(run: "CaseRun") -> Decimal | None:
    """Measure it by the facts at hand; None where it is not known."""
    if not run.knows(TREATMENT):
        return authority_amount(run.invoice, run.context)
    try:
        cost = not_deductible(run.invoice, tax_posting(run.consider(TREATMENT)))
        if cost:
            cost = not_deductible(run.invoice, tax_posting(run.decide(TREATMENT).value))
    except UnbalancedJournal:
        return None
    return authority_amount(run.invoice, run.context, tax_cost=cost)


def tax_posting(outcome: Any) -> TaxPosting:
    """What a decision about the VAT says of booking it."""
    said: Mapping[str, Any] = outcome if isinstance(outcome, dict) else {}
    deductible = said.get("recoverable percent")
    return TaxPosting(
        bool(said.get("self assess")), said.get("expected rate"), Decimal(100) if deductible is None else deductible
    )

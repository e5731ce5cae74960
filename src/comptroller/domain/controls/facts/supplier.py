"""What the supplier's record says of its standing."""

from datetime import date

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.kinds import Facts
from comptroller.domain.documents.model import Invoice, Supplier


def supplier_facts(_invoice: Invoice, context: InvoiceContext) -> Facts:
    """State the standing of the supplier's record; every fact null where none is known."""
    supplier = context.supplier
    if supplier is None:
        return dict.fromkeys(_SUPPLIER_FACTS)
    older = older_records(supplier, context.twins)
    return {
        "supplier": supplier.id,
        "supplier country": supplier.country or None,
        "supplier status": supplier.status or None,
        "onboarding complete": supplier.onboarding_complete,
        "purchasing block": supplier.purchasing_block,
        "supplier payment block": supplier.payment_block,
        "block reason": supplier.block_reason,
        "probation limit": supplier.probation_limit,
        "probation end": supplier.probation_end,
        "contract end": supplier.contract_end,
        "supplier risk score": supplier.risk_score,
        "expired certificates": None if context.expired_certificates is None else [*context.expired_certificates],
        "older records": None if older is None else [twin.id for twin in older],
        "category": supplier.category or None,
    }


_SUPPLIER_FACTS = (
    "supplier",
    "supplier country",
    "supplier status",
    "onboarding complete",
    "purchasing block",
    "supplier payment block",
    "block reason",
    "probation limit",
    "probation end",
    "contract end",
    "supplier risk score",
    "expired certificates",
    "older records",
    "category",
)


def older_records(supplier: Supplier, twins: tuple[Supplier, ...] | None) -> list[Supplier] | None:
    """Keep the twins that were there first: of two records for one supplier only the later is in question."""
    if twins is None:
        return None
    own = (supplier.created_on or date.min, supplier.id)
    return [twin for twin in twins if (twin.created_on or date.min, twin.id) < own]

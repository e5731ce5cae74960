"""What the screening of the supplier against lists of sanctions says."""

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.kinds import Facts
from comptroller.domain.documents.model import Invoice


def screening_facts(_invoice: Invoice, context: InvoiceContext) -> Facts:
    """State the newest screening; every fact null where there is none."""
    screening = context.screening
    if screening is None:
        return dict.fromkeys(_SCREENING_FACTS)
    return {
        "screening hit": screening.hit,
        "screening confirmed": screening.confirmed,
        "screening score": screening.score,
        "screening list": screening.list_version or None,
        "screened on": screening.screened_on,
        "screening matches": [*screening.matched],
        "screening cleared by": screening.cleared_by or None,
        "screening cleared until": screening.cleared_until,
    }


_SCREENING_FACTS = (
    "screening hit",
    "screening confirmed",
    "screening score",
    "screening list",
    "screened on",
    "screening matches",
    "screening cleared by",
    "screening cleared until",
)

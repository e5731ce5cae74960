"""How the document came in."""

from decimal import Decimal

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.kinds import Facts
from comptroller.domain.documents.model import Invoice


def intake_facts(_invoice: Invoice, context: InvoiceContext) -> Facts:
    """State the document's way to us; every fact null where it is not known.

    The same bytes open no second case, so that those of a case that is judged were not seen before.
    """
    intake = context.intake
    if intake is None:
        return dict.fromkeys(_INTAKE_FACTS)
    return {
        "channel": intake.channel or None,
        "sender verified": intake.sender_verified,
        "media type": intake.media_type or None,
        "format profile": intake.profile or None,
        "document bytes": Decimal(intake.size),
        "clearance id": intake.clearance,
        "same bytes seen": False,
        "keyed": intake.keyed,
    }


_INTAKE_FACTS = (
    "channel",
    "sender verified",
    "media type",
    "format profile",
    "document bytes",
    "clearance id",
    "same bytes seen",
    "keyed",
)

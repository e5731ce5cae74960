"""Which supplier and which of our companies the document means: the marks on it and where each leads."""

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.kinds import Facts
from comptroller.domain.documents.model import Invoice


def party_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """State where the marks of seller and buyer lead; null where nobody looked."""
    marks, buyer = context.entity_marks, invoice.buyer
    return {
        "supplier matches": None
        if context.supplier_matches is None
        else [
            {
                "supplier": match.supplier,
                "vat id": match.vat_id,
                "registration": match.registration,
                "electronic address": match.electronic_address,
                "account": match.account,
                "name": match.name,
            }
            for match in context.supplier_matches
        ],
        "buyer vat stated": None if marks is None else buyer is not None and bool(buyer.vat_id),
        "entity by vat": marks.by_vat_id if marks is not None else None,
        "entity by name": marks.by_name if marks is not None else None,
        "entity by address": marks.by_electronic_address if marks is not None else None,
        "order entity": context.order.entity if context.order is not None else None,
        "buyer country": (buyer.address.country or None) if buyer is not None and buyer.address is not None else None,
    }

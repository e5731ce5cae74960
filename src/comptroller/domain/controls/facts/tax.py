"""VAT as invoiced, and whose VAT ids it names."""

from comptroller.domain.controls import numbers
from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.kinds import Facts
from comptroller.domain.controls.tax import tax_rows
from comptroller.domain.documents.model import Invoice


def tax_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """State the rows of the VAT breakdown and whose VAT ids the document names."""
    seller_vat = numbers.identifier(invoice.seller.vat_id) if invoice.seller is not None else ""
    buyer_vat = numbers.identifier(invoice.buyer.vat_id) if invoice.buyer is not None else ""
    supplier, entity = context.supplier, context.entity
    master_vat = numbers.identifier(supplier.vat_id) if supplier is not None else ""
    return {
        "tax rows": [
            {
                "category": row.category,
                "rate": row.rate,
                "taxable": row.taxable,
                "amount": row.amount,
                "difference": row.difference,
                "exempt": row.exemption_stated,
            }
            for row in tax_rows(invoice)
        ],
        "seller vat same": seller_vat == master_vat if supplier is not None and seller_vat else None,
        "buyer vat same": buyer_vat == numbers.identifier(entity.vat_id) if entity is not None and buyer_vat else None,
        "seller registered": bool(master_vat) if supplier is not None else None,
        "seller vat valid": context.vat_standings.seller if context.vat_standings is not None else None,
        "buyer vat valid": context.vat_standings.buyer if context.vat_standings is not None else None,
        "ship to country": _ship_to(invoice, context),
        "importer": "seller" if context.order is not None and context.order.incoterm == "DDP" else "buyer",
    }


def _ship_to(invoice: Invoice, context: InvoiceContext) -> str | None:
    """The country that the supply went to: BT-80, else the entity's own."""
    if invoice.delivery_address is not None and invoice.delivery_address.country:
        return invoice.delivery_address.country
    return context.entity.country if context.entity is not None else None

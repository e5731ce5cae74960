"""What the document itself says, and the dates and periods it is judged by."""

from decimal import Decimal

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.kinds import Facts, FactValue
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.money import CONTEXT, ZERO


def document_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """State what the document says, its dates, and the period they fall into."""
    faults = context.faults
    charges = ZERO
    for item in invoice.allowances_charges:
        if item.is_charge and item.amount is not None:
            charges = CONTEXT.add(charges, item.amount)
    return {
        "document kind": "credit note" if invoice.is_credit_note else "invoice",
        "document type": invoice.type_code or None,
        "document number": invoice.number or None,
        "currency": invoice.currency or None,
        "net": invoice.totals.net,
        "tax": invoice.totals.tax,
        "gross": invoice.totals.gross,
        "amount": authority_amount(invoice, context),
        "preceding count": Decimal(len(invoice.preceding)),
        "document charges": charges,
        "order number": invoice.order_number,
        "missing content": _missing(invoice),
        "faults": None
        if faults is None
        else [
            {
                "code": fault.code,
                "severity": fault.severity.value,
                "by": fault.by,
                "path": fault.path,
                "message": fault.message,
            }
            for fault in faults
        ],
        "issue date": invoice.issue_date,
        "tax date": invoice.tax_date,
        "order date": context.order.order_date if context.order is not None else None,
        "posting date": context.posting_date,
        "decision date": context.today,
        "entity": context.entity.code if context.entity is not None else None,
        "entity country": context.entity.country if context.entity is not None else None,
        "group rate": context.rate,
        "group currency": context.group_currency or None,
    }


def _missing(invoice: Invoice) -> list[FactValue]:
    """List the legal content that is absent, in the words of the tables."""
    seller, buyer, totals = invoice.seller, invoice.buyer, invoice.totals
    present = (
        ("number", bool(invoice.number)),
        ("issue date", invoice.issue_date is not None),
        ("seller tax id", seller is not None and bool(seller.vat_id or seller.tax_registration)),
        ("buyer name", buyer is not None and bool(buyer.name)),
        ("buyer VAT id", buyer is not None and bool(buyer.vat_id)),
        ("delivery date", (invoice.delivery_date or invoice.tax_point or invoice.period) is not None),
        ("currency", bool(invoice.currency)),
        ("line total", totals.line_net is not None),
        ("net total", totals.net is not None),
        ("gross total", totals.gross is not None),
        ("tax total", totals.tax is not None),
        ("payable", totals.payable is not None),
    )
    return [name for name, there in present if not there]


def authority_amount(invoice: Invoice, context: InvoiceContext, *, tax_cost: Decimal = ZERO) -> Decimal | None:
    """Measure what authority is asked for: the size of what the document costs, in the group's currency, unrounded.

    That is the net amount (BT-109) and `tax_cost`, the VAT that may not be deducted, in the document's currency.
    """
    net = invoice.totals.net
    if net is None or context.rate is None:
        return None
    return CONTEXT.multiply(abs(CONTEXT.add(net, tax_cost)), context.rate)

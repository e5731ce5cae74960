"""Who has had a hand in the case."""

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.kinds import Facts
from comptroller.domain.documents.model import Invoice


def people_facts(_invoice: Invoice, context: InvoiceContext) -> Facts:
    """Name requester, enterer, orderer, receivers, and the steps that are signed."""
    return {
        "requester": context.requester,
        "enterer": context.enterer,
        "orderer": context.order.created_by if context.order is not None else "",
        "receivers": [*dict.fromkeys(receipt.received_by for receipt in context.receipts or ())],
        "cost centre": context.cost_centre,
        "signed steps": [signature.step for signature in context.signatures],
    }

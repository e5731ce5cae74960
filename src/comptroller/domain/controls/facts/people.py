"""Who has had a hand in the case."""

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.kinds import Facts
from comptroller.domain.documents.model import Invoice


def people_facts(_invoice: Invoice, context: InvoiceContext) -> Facts:
    """Name requester, enterer, orderer, receivers, the steps that are signed, and whether the parties are related."""
    return {
        "requester": context.requester,
        "enterer": context.enterer,
        "orderer": context.order.created_by if context.order is not None else "",
        "receivers": [*dict.fromkeys(receipt.received_by for receipt in context.receipts or ())],
        "cost centre": context.cost_centre,
        "signed steps": [signature.step for signature in context.signatures],
        "related party": _related_party(context),
    }


def _related_party(context: InvoiceContext) -> bool | None:
    """Whether the supplier belongs to the entity's own group; None while that cannot be told."""
    supplier, entity = context.supplier, context.entity
    if supplier is None or (supplier.corporate_group and (entity is None or not entity.group)):
        return None
    return bool(supplier.corporate_group) and entity is not None and supplier.corporate_group == entity.group

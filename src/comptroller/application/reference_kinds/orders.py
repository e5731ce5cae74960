"""Orders and receipts."""

from typing import Final

from comptroller.application.reference_kinds.checks import ReferenceKind, document_check
from comptroller.domain.documents.model import Order, Receipt
from comptroller.domain.identity import Duty

KINDS: Final = (
    ReferenceKind(
        "order",
        document_check(Order, "number"),
        frozenset({Duty.REFERENCE_IMPORT, Duty.ORDER_AMEND}),
        subjects=lambda key, _body: (f"order/{key}",),
    ),
    ReferenceKind(
        "receipt",
        document_check(Receipt, "number"),
        frozenset({Duty.REFERENCE_IMPORT, Duty.RECEIPT_RECORD}),
        lambda _key, body: (f"order-receipts/{body['order']}",),
        lambda _key, body: (f"order/{body['order']}",),
    ),
)

"""Orders, what suppliers despatch on them, and receipts."""

from typing import Final

from comptroller.application.reference_kinds.agreements import days_in_order, positive
from comptroller.application.reference_kinds.checks import (
    TEXT,
    Body,
    Check,
    ReferenceKind,
    document_check,
    is_day,
    record_check,
)
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import Order, Receipt
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.fault import Fault


def _order_check() -> Check:
    form = document_check(Order, "number")

    def check(key: str, body: Body) -> tuple[Fault, ...]:
        order, _ = from_json(Order, body)
        faults = form(key, body) + days_in_order(body)
        if order is None:
            return faults
        faults += positive(order, "ceiling")
        for place, line in enumerate(order.lines):
            faults += positive(line, "price_base_quantity", path=f"/lines/{place}")
        return faults

    return check


KINDS: Final = (
    ReferenceKind(
        "order",
        _order_check(),
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
    ReferenceKind(  # the supplier's word that goods are on their way: no receipt, nothing is matched with it
        "despatch",
        record_check(
            {
                "number": TEXT,
                "order": TEXT,
                "despatched_on": (is_day, "give a day YYYY-MM-DD"),
                "lines": (lambda value: isinstance(value, list), "give a list"),
            },
            {},
        ),
        frozenset({Duty.REFERENCE_IMPORT, Duty.ORDER_AMEND, Duty.RECEIPT_RECORD}),
        lambda _key, body: (f"order-despatches/{body['order']}",),
    ),
)

"""Documents of purchasing as they come in from outside: orders, their changes, despatch and receipt advices.

They name parties by what those call themselves; which supplier and which entity that is, the tenant's records say. A
despatch advice is the supplier's word that goods are on their way, and is never taken for their receipt.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from comptroller.domain.documents.model import Party
from comptroller.domain.kernel.fault import Fault


class PurchaseKind(StrEnum):
    """What a document of purchasing is."""

    ORDER = "order"
    ORDER_CHANGE = "order change"
    ORDER_CANCELLATION = "order cancellation"
    DESPATCH_ADVICE = "despatch advice"
    RECEIPT_ADVICE = "receipt advice"


@dataclass(frozen=True, slots=True)
class PurchaseDocument:
    """A document of purchasing as far as it could be read; `body` is what the record of its kind says of it."""

    kind: PurchaseKind
    number: str
    order: str  # the order that it is about; of an order its own number
    seller: Party | None
    buyer: Party | None
    reference: str  # who asked for it, as the document says
    body: Mapping[str, Any]
    removed: tuple[str, ...] = ()  # lines that a change takes away
    faults: tuple[Fault, ...] = ()

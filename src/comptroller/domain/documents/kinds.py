"""Every kind of record that has a JSON form."""

from typing import Final, TypeVar

from comptroller.domain.documents.model import Invoice, Order, Receipt, Supplier
from comptroller.domain.documents.purchasing import Agreement, Contract, Dispute, Schedule, UnitConversion

Document = TypeVar(
    "Document", Invoice, Order, Receipt, Supplier, Contract, Agreement, Schedule, UnitConversion, Dispute
)

AnyDocument = Invoice | Order | Receipt | Supplier | Contract | Agreement | Schedule | UnitConversion | Dispute

KINDS: Final[tuple[type[AnyDocument], ...]] = (
    Invoice,
    Order,
    Receipt,
    Supplier,
    Contract,
    Agreement,
    Schedule,
    UnitConversion,
    Dispute,
)

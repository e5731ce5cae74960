"""One row of a register, in the shape that the controls compare."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from comptroller.domain.controls import numbers, similarity


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment or an invoice as a file tells it; what the file does not tell is empty or None."""

    row: int  # as the file counts, the first line being 1
    supplier: str  # its name; empty where the file withholds it
    day: date
    amount: Decimal  # gross where the file tells it, else net; negative for a credit
    currency: str
    number: str = ""
    normalised: str = ""  # of the number
    net: Decimal | None = None
    supplier_id: str = ""
    vat_id: str = ""
    account: str = ""
    group: str = ""
    entity: str = ""
    requester: str = ""
    cost_centre: str = ""
    description: str = ""
    order_number: str = ""
    document_type: str = ""
    category: str = ""
    batch: str = ""  # the list, run or publication that tells it
    source: str = "AP"  # AP, card, expense
    key: str = ""  # of the supplier; empty where it is not known

    @property
    def is_credit(self) -> bool:
        """Whether money came back."""
        return self.amount < 0


def supplier_key(supplier: str, supplier_id: str, vat_id: str, account: str) -> str:
    """The key of a supplier: its VAT id, else its id, else its name but for writing, else its account.

    >>> supplier_key("Nord Kupfer GmbH", "", "", "") == supplier_key("NORDKUPFER", "", "", "")
    True
    """
    if kept := numbers.identifier(vat_id):
        return f"vat/{kept}"
    if supplier_id:
        return f"id/{supplier_id.casefold()}"
    if kept := similarity.key(supplier):
        return f"named/{kept}"
    kept = numbers.identifier(account)
    return f"account/{kept}" if kept else ""

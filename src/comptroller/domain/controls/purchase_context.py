"""What purchasing knows around an invoice beside its order: ceilings, periods, advances, the original of a credit.

Each carries what other cases have taken of it, without what the case itself holds; None says that it is not known.
"""

from dataclasses import dataclass
from decimal import Decimal

from comptroller.domain.documents.purchasing import Agreement, Contract, Dispute, Schedule


@dataclass(frozen=True, slots=True)
class CeilingTaken:
    """A contract by its number, and what others have taken of the ceiling that this document counts against."""

    contract: Contract | None  # None: named, and not on file
    number: str  # of the contract that is named; empty for none
    taken: Decimal | None  # net, in the currency of the ceiling


@dataclass(frozen=True, slots=True)
class RecurringSupply:
    """The agreement that an invoice without an order belongs to, and the period that it asks for."""

    agreement: Agreement
    schedule: Schedule | None
    period: str  # YYYY-MM; empty where the invoice names none
    taken: bool | None  # another case has this period


@dataclass(frozen=True, slots=True)
class Original:
    """The case of the invoice that a credit note names."""

    case_id: str
    number: str
    status: str
    currency: str
    net: Decimal | None
    credited: Decimal  # net, by other credit notes
    disputed: Decimal  # net, that other credit notes took of its disputes
    disputes: tuple[Dispute, ...] = ()


@dataclass(frozen=True, slots=True)
class Advances:
    """What was asked and paid in advance on one order, in its currency; gross unless said."""

    asked: Decimal  # by cases that wait
    open: Decimal  # posted
    cleared: Decimal  # deducted by later invoices
    net: Decimal  # asked or posted, net
    tax: Decimal  # of what is posted

    @property
    def left(self) -> Decimal:
        """What is posted and not cleared yet."""
        return self.open - self.cleared

    @property
    def expected(self) -> Decimal:
        """What will be left to clear once all that is asked for is posted."""
        return self.asked + self.open - self.cleared

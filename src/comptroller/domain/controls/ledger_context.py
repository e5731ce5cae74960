"""What the ledger knows around an invoice: budgets, rates, periods, accruals, cost objects, the group's other books.

The application reads these records in one unit of work; the controls only measure them. As everywhere, None says that
a thing is not known, so that a decision sees null and cannot grant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Budget:
    """The budget of one cost centre for a year, in the group's currency; None in its amounts where none is on file."""

    cost_centre: str
    key: str  # of its balance
    budget: Decimal | None = None
    carry_over: Decimal | None = None
    committed: Decimal | None = None  # by orders
    actual: Decimal | None = None  # booked outside: what is posted here is in `taken`
    taken: Decimal | None = None  # by other cases, in process or posted


@dataclass(frozen=True, slots=True)
class Rate:
    """The rate of one currency that would be used: group currency for one unit; `rate` is None where there is none."""

    currency: str
    rate: Decimal | None = None
    source: str = ""
    type: str = ""  # daily, monthly, agreed
    valid_on: date | None = None
    reference: Decimal | None = None  # what it is held against, such as a central bank's rate


@dataclass(frozen=True, slots=True)
class Accrual:
    """What an earlier period has accrued for the supply that this document bills, in the entity's currency."""

    key: str  # of its balance
    period: str  # YYYY-MM
    amount: Decimal
    account: str  # where the cost was put
    liability_account: str  # where the debt was put
    cost_centre: str = ""


@dataclass(frozen=True, slots=True)
class Periods:
    """The period that is posted into and the one that the supply belongs to; a state may be not on file."""

    posting: str  # YYYY-MM
    posting_state: str | None
    own: str | None
    own_state: str | None
    accrual: Accrual | None = None  # not yet reversed by another document


@dataclass(frozen=True, slots=True)
class CostObject:
    """A cost centre as it stands on the posting date."""

    code: str
    open: bool
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """The accounts that the lines of the document would be booked on, and which of them are open."""

    expense: str  # of the supplier's category
    open: Mapping[str, bool]  # an account that is not on file is not in here


@dataclass(frozen=True, slots=True)
class Intercompany:
    """The other company of the group, as its agreement and its own books show it."""

    partner: str | None  # None: no agreement names the supplier
    agreement_known: bool
    counterpart_known: bool = False
    counterpart_currency: str = ""
    counterpart_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Withholding:
    """What is on file for keeping tax back from a supplier."""

    certificate: str  # valid, expired, none
    balance: str = ""  # what counts the year; empty where the supplier's record is not under a scheme
    paid_in_the_year: Decimal | None = None  # group currency; None where the supplier's record is not under a scheme


@dataclass(frozen=True, slots=True)
class VatStandings:
    """Whether the VAT ids of a document were valid on its tax date; None where nobody has asked the register."""

    seller: bool | None = None
    buyer: bool | None = None

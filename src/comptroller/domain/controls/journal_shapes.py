"""The shapes of a journal, and what the controls say about how a document is booked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final


@dataclass(frozen=True, slots=True)
class Accounts:
    """The ledger accounts of a pack; `expense` is by category, `expense_other` for the rest."""

    payables: str
    receipts_clearing: str  # goods received, invoice not received
    input_tax: str
    output_tax: str  # owed by the buyer under reverse charge
    price_difference: str
    rounding: str
    prepayments: str
    expense_other: str
    expense: Mapping[str, str]
    accruals: str = ""  # owed at the end of a period, not invoiced or not posted
    opening: str = ""  # balances carried forward from the books before these
    bank: str = ""
    discount_received: str = ""
    delivery_cost: str = ""  # freight and other cost of delivery that was not ordered
    exchange_difference: str = ""
    withholding: str = ""  # kept back, owed to the tax office
    assets: str = ""
    deferrals: str = ""  # paid for months to come
    group_payables: str = ""  # owed to companies of the group

    def of_treatment(self, treatment: str, expense: str) -> str:
        """The account that a line's coding leads to; the expense account where nothing else is said."""
        named = {"asset": self.assets, "deferred": self.deferrals}.get(treatment, "")
        return named or expense


@dataclass(frozen=True, slots=True)
class TaxPosting:
    """What the tax decision says about booking: who owes the tax, at which rate, and how much of it is deducted."""

    self_assess: bool
    rate: Decimal | None  # in percent
    deductible_percent: Decimal = Decimal(100)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the other controls say about booking."""

    treatments: Mapping[str, str] = field(default_factory=dict)  # by line: asset, deferred, expense, by order
    withheld_percent: Decimal = Decimal(0)
    withheld_base: Decimal = Decimal(0)  # document's currency
    in_pair: bool = False  # with a company of the group


PLAIN: Final = Plan()
"""Nothing special: expenses, no withholding, no group."""


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of a journal: debit positive, credit negative."""

    account: str
    cost_centre: str
    amount: Decimal  # document's currency
    local_amount: Decimal  # entity's currency
    text: str


@dataclass(frozen=True, slots=True)
class Journal:
    """A balanced journal with the rate from the document's to the entity's currency."""

    currency: str
    local_currency: str
    rate: Decimal
    lines: tuple[JournalLine, ...]


class UnbalancedJournal(Exception):
    """A journal that cannot be built balanced: a defect, since controls let no such document come this far."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One amount to book, in the document's currency: debit positive."""

    account: str
    cost_centre: str
    amount: Decimal
    text: str
    clears_receipt: bool = False

    def turned(self, sign: int) -> "Entry":
        """The entry with its sign kept or turned."""
        return replace(self, amount=self.amount * sign)

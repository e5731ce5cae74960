"""What a signer reads first: the money, the dates, the supplier's history, the budget."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from comptroller.application.views.standing import Standing
from comptroller.domain.kernel.money import Money, round_money


@dataclass(frozen=True, slots=True)
class RateView:
    """How the document's currency is told in a second one: the group's or, where it is the group's, the ledger's."""

    rate: Decimal  # group currency for one unit of the other
    currency: str  # of which the rate counts one unit
    group_currency: str
    source: str = ""
    valid_on: date | None = None
    into_ledger: bool = False  # the document is in the group's currency and booked in the other

    @property
    def shown_in(self) -> str:
        """The currency that amounts are told in beside the document's own."""
        return self.currency if self.into_ledger else self.group_currency

    def of(self, amount: Money | None) -> Money | None:
        """What an amount of the document is worth in the second currency."""
        if amount is None:
            return None
        worth = amount.amount / self.rate if self.into_ledger else amount.amount * self.rate
        return Money(round_money(worth, self.shown_in), self.shown_in)


@dataclass(frozen=True, slots=True)
class SupplierChange:
    """A change of a supplier's record: what, when, by whom, and whether a second person verified it."""

    what: str
    on: date
    by: str = ""
    verified_by: str = ""
    is_bank: bool = False


@dataclass(frozen=True, slots=True)
class EarlierInvoice:
    """Another case of the same supplier."""

    case_id: str
    number: str
    gross: Money | None
    received_at: datetime
    state: str
    standing: Standing
    same_gross: bool = False


@dataclass(frozen=True, slots=True)
class BudgetView:
    """What the budget says with this document in it; amounts in the group's currency."""

    text: str
    standing: Standing
    rows: tuple[tuple[str, tuple[tuple[str, Money], ...]], ...] = ()  # of each cost centre: what, and how much


@dataclass(frozen=True, slots=True)
class SplitPart:
    """Another part of a purchase; its page opens for who may see it."""

    case_id: str
    number: str
    amount: Money | None  # group currency
    may_open: bool


@dataclass(frozen=True, slots=True)
class SplitView:
    """A purchase in parts that together pass a limit; amounts in the group's currency."""

    total: Money | None
    limit: Money | None
    parts: tuple[SplitPart, ...]
    is_attempt: bool
    reason: str  # code


@dataclass(frozen=True, slots=True)
class BriefView:
    """What a signer reads first: the money in both currencies, the dates, the supplier's history, the budget."""

    tax: Money | None = None
    rate: RateView | None = None
    due: date | None = None
    discount_until: date | None = None
    discount_percent: Decimal | None = None
    discount_yield: Decimal | None = None  # what taking it is worth a year, in percent
    changes_since: date | None = None
    changes: tuple[SupplierChange, ...] = ()
    earlier: tuple[EarlierInvoice, ...] = ()
    budget: BudgetView | None = None
    supplier_id: str = ""
    blocks: tuple[str, ...] = ()  # why it is not paid
    split: SplitView | None = None

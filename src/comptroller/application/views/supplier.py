"""Suppliers as pages show them."""

from dataclasses import dataclass
from datetime import date, datetime

from comptroller.application.views.brief import EarlierInvoice, SupplierChange
from comptroller.domain.kernel.money import Money


@dataclass(frozen=True, slots=True)
class SupplierItem:
    """One row of the list of suppliers."""

    key: str
    name: str
    country: str
    category: str
    status: str
    blocked: str = ""  # for what, in words


@dataclass(frozen=True, slots=True)
class SuppliersView:
    """The suppliers under a filter; `found` counts those that are not shown too."""

    items: tuple[SupplierItem, ...]
    found: int
    query: str = ""


@dataclass(frozen=True, slots=True)
class AccountView:
    """A bank account; the page masks its number."""

    account: str
    changed_on: date | None = None
    changed_by: str = ""
    verified_by: str = ""


@dataclass(frozen=True, slots=True)
class SupplierBlockView:
    """A payment block of one case, or of every open item."""

    case_id: str
    reason: str
    placed_at: datetime
    placed_by: str
    status: str
    block_id: str = ""


@dataclass(frozen=True, slots=True)
class SupplierView:
    """One supplier."""

    key: str
    name: str
    facts: tuple[tuple[str, str | date], ...]
    accounts: tuple[AccountView, ...]
    version: int
    changes: tuple[SupplierChange, ...] = ()
    blocks: tuple[SupplierBlockView, ...] = ()
    cases: tuple[EarlierInvoice, ...] = ()
    owed: tuple[tuple[str, int, Money], ...] = ()  # entity, items, sum

"""The pages that are lists: the queue, the cases, the exceptions.

A filter is a part of the address, so that a list can be kept as a bookmark and sent to somebody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from comptroller.application.views.standing import Standing
from comptroller.domain.kernel.money import Money


@dataclass(frozen=True, slots=True)
class FilterChip:
    """A saved filter as it stands in the address."""

    title: str
    query: str  # without the question mark; empty for all
    count: int | None = None
    active: bool = False


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column that can be left out of a list."""

    key: str
    title: str
    shown: bool


@dataclass(frozen=True, slots=True)
class SortLink:
    """A column by which the list is, or can be, sorted; the order stands in the address."""

    query: str  # of the list sorted by this column; the other way round when it is sorted by it already
    order: str = "none"  # ascending, descending, none: as `aria-sort` has it


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are under a list's filter, and which of them are on this page."""

    total: int
    first: int = 0  # on this page, counted from 1; 0 where there are none
    last: int = 0
    is_more: bool = False  # there are more than were counted
    previous_query: str = ""  # of the address of the page before; empty on the first
    next_query: str = ""  # of the page behind; empty on the last


NONE: Final = Counted(0)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One task offered to the person who looks."""

    task_id: str
    case_id: str
    kind: str  # approval, exception, release, correction
    title: str  # what is asked: `Approve as cost-centre owner`
    supplier: str
    number: str
    entity: str  # name
    text: str  # what is to be resolved, or the purchase that the document is a part of
    why: str  # why it came to this person
    offered_at: datetime
    due: datetime
    gross: Money | None = None
    is_new: bool = False  # nobody has looked at it yet
    shown: str = ""  # the hash of what stands there, where it may be approved together with others; else empty
    unopened: bool = False  # it may be once it has been opened


@dataclass(frozen=True, slots=True)
class QueueView:
    """The person's own queue, the most urgent first."""

    items: tuple[QueueItem, ...]
    filters: tuple[FilterChip, ...] = ()
    count: Counted = NONE
    sorts: Mapping[str, SortLink] = field(default_factory=dict)
    address: str = ""  # the query of this list as it is shown
    ages: tuple[FilterChip, ...] = ()  # by working days since it was offered
    columns: tuple[ColumnChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseItem:
    """One row of a list of cases."""

    case_id: str
    number: str
    supplier: str
    entity: str  # name
    status: str  # waiting, posted, rejected, returned, cancelled
    summary: str  # `Price exception`, `Posted in tolerance`
    standing: Standing
    received_at: datetime
    net: Money | None = None
    gross: Money | None = None
    waiting_for: str = ""  # person or role
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class SavedChip:
    """A search that somebody keeps, as it stands above the list."""

    key: str
    title: str
    query: str
    active: bool
    is_own: bool
    shared_by: str = ""  # who shares it, where it is a colleague's
    shared_with: str = ""  # the role's title, where it is shared


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """A role that a search can be shared with."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class CasesView:
    """A page of the list of cases."""

    items: tuple[CaseItem, ...]
    filters: tuple[FilterChip, ...]
    total: int  # shown; more follow where there is a next page
    query: str = ""  # what was searched for
    sorts: Mapping[str, SortLink] = field(default_factory=dict)  # empty where the list has several pages
    address: str = ""  # the query of this list as it is shown
    next_query: str = ""  # of the address of the next page; empty on the last
    of: int | None = None  # how many there are under the filter; None where only a search would tell
    saved: tuple[SavedChip, ...] = ()
    can_save: bool = False  # the list is filtered, and this search is not kept yet
    roles: tuple[RoleChoice, ...] = ()  # with which the person can share
    columns: tuple[ColumnChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class ExceptionItem:
    """One open exception with its one owner."""

    case_id: str
    type: str
    text: str
    supplier: str
    number: str
    entity: str  # name
    owner: str
    offered_at: datetime
    due: datetime
    next_owner: str = ""  # who gets it when it is overdue
    amount: Money | None = None  # of the document
    at_stake: Money | None = None  # the variance
    resolutions: tuple[str, ...] = ()
    remedy: str = ""  # what puts it right
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class ExceptionsView:
    """All open exceptions that the person may see, the oldest first."""

    items: tuple[ExceptionItem, ...]
    filters: tuple[FilterChip, ...] = ()
    count: Counted = NONE
    sorts: Mapping[str, SortLink] = field(default_factory=dict)
    address: str = ""  # the query of this list as it is shown
    ages: tuple[FilterChip, ...] = ()  # by working days since it was offered
    columns: tuple[ColumnChoice, ...] = ()

"""The overview's figures and the log's evidence.

A figure carries the address of what it counts: a number that leads nowhere is no figure.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from comptroller.application.views.lists import CaseItem, FilterChip
from comptroller.application.views.standing import Standing
from comptroller.domain.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that leads to what it counts."""

    title: str
    value: int | Decimal | Money
    address: str  # of the list that it counts, local
    text: str = ""  # share, definition or comparison
    unit: str = ""  # `%`, `h`
    standing: Standing = Standing.NEUTRAL


@dataclass(frozen=True, slots=True)
class InsightPart:
    """One of what a figure tells apart."""

    title: str
    value: Decimal | None
    samples: int


@dataclass(frozen=True, slots=True)
class InsightFigure:
    """One figure of a span beside that of the span before; `value` is None where nothing was there to be measured."""

    key: str
    title: str
    unit: str  # percent, hours, days, count, group currency
    numerator_is: str
    denominator_is: str
    value: Decimal | None
    samples: int
    ninetieth: Decimal | None
    at_stake: Decimal | None
    is_now: bool  # of what is open now, whatever the span
    before: Decimal | None
    verdict: str  # better, worse; empty where neither can be said
    parts: tuple[InsightPart, ...]  # the largest of them
    more_parts: int


@dataclass(frozen=True, slots=True)
class InsightView:
    """The figures of a span by what they are about."""

    first: date
    last: date
    before: tuple[date, date] | None  # None where it was too much to compute
    time_zone: str
    calendar: str
    currency: str
    entity: str
    entities: tuple[tuple[str, str], ...]  # key and name of those to choose from
    spans: tuple[FilterChip, ...]
    subjects: tuple[tuple[str, tuple[InsightFigure, ...]], ...]


@dataclass(frozen=True, slots=True)
class OutcomeShare:
    """How many cases ended, or wait, in one way."""

    title: str
    count: int
    query: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class ControlTotal:
    """What was received in one currency, each time that it was."""

    currency: str
    documents: int
    again: int  # of them, that came once more
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class CompletenessRow:
    """The documents that went one way, with their gross amounts by currency."""

    title: str
    documents: int
    gross: tuple[Decimal, ...]
    query: str = ""  # of the list that the number counts, where there is one


@dataclass(frozen=True, slots=True)
class CompletenessView:
    """Documents received: those in each way, and those that came once more, add up to all."""

    currencies: tuple[str, ...]  # of the columns; none where there are too many
    rows: tuple[CompletenessRow, ...]
    cases: CompletenessRow  # the sum of the rows
    again: CompletenessRow
    received: CompletenessRow  # cases and those that came again
    totals: tuple[ControlTotal, ...]
    without_amounts: int  # documents that no amount counts, because nobody has keyed them yet


@dataclass(frozen=True, slots=True)
class DeliveryItem:
    """A delivery that was given up and waits for an operator."""

    case_id: str
    title: str  # of the case
    connector: str
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class OverviewView:
    """The state of the company's documents in figures."""

    figures: tuple[Figure, ...]
    outcomes: tuple[OutcomeShare, ...] = ()
    completeness: CompletenessView | None = None
    ledger_difference: tuple[Money, ...] = ()  # empty: every journal balances
    longest_waiting: tuple[CaseItem, ...] = ()
    failed: tuple[DeliveryItem, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckpointView:
    """A signed checkpoint of the tenant's log."""

    size: int
    root: str
    signed_at: datetime
    signer: str
    note: str  # the signed note, as it is kept


@dataclass(frozen=True, slots=True)
class VerificationView:
    """The answer of a verification that was asked for."""

    ok: bool
    size: int
    root: str
    unsequenced: int
    at: datetime
    first_bad: str = ""


@dataclass(frozen=True, slots=True)
class EntryItem:
    """One audit entry as the log lists it."""

    index: int | None
    stream: str
    seq: int
    type: str
    title: str  # of the type, in words
    about: str  # what the stream is about, in words
    at: datetime
    leaf_hash: str
    case_id: str = ""  # where the caller may open it


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """The tenant's log: what is in it, what was signed, whether it holds."""

    size: int
    unsequenced: int
    checkpoint: CheckpointView | None = None
    verification: VerificationView | None = None
    recent: tuple[EntryItem, ...] = ()

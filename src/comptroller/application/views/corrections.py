"""What a correction lists, and what was in force on a day as it was known at a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from comptroller.application.views.policies import TableView
from comptroller.domain.kernel.money import Money


@dataclass(frozen=True, slots=True)
class CorrectedDecision:
    """A recorded decision that would have been another, in words."""

    case_id: str
    number: str
    supplier: str
    entity: str
    decision: str
    gross: Money | None  # of its document
    before: str
    after: str
    difference: str  # what the outcomes differ in, where what they say is the same
    is_reworded: bool  # the same is decided, in other words
    unknown: tuple[str, ...]  # facts that the version asks for and nobody recorded


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A correction as far as it has come."""

    job: Mapping[str, Any]  # as the interface tells it
    gross: tuple[Money, ...]  # of the cases that would have gone otherwise, by currency
    decisions: tuple[CorrectedDecision, ...]
    reworded: tuple[CorrectedDecision, ...]


@dataclass(frozen=True, slots=True)
class VersionTold:
    """A version and how it came in force."""

    version: str
    title: str
    way: str
    signed_by: tuple[str, ...]
    valid_from: date | None  # None: from the beginning
    recorded_at: datetime
    case_id: str


@dataclass(frozen=True, slots=True)
class InForceView:
    """What counted for an entity on a day, as it was known at a moment."""

    on: date
    known_at: str  # as typed; empty: as it is known now
    entity: str
    entities: tuple[tuple[str, str], ...]
    problem: str  # with what was typed
    counted: VersionTold | None
    today: VersionTold | None  # what is known now to have counted on that day, where that is another
    decisions: tuple[tuple[str, str], ...]  # key and name
    decision: str  # key; empty: none is chosen
    name: str
    table: TableView | None
    logic: tuple[tuple[str, str], ...]  # of what is no table

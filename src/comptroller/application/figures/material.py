"""What figures are computed from: the cases of a period with their milestones, and what is open now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from comptroller.application.casework.gathering.ledger import names_of_rate, rate_on
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.records import CandidateRow, CaseRow, MilestoneRow, OpenItemRow, TaskRow
from comptroller.application.reference_kinds.calendars import calendar_of
from comptroller.application.session import Session
from comptroller.domain.controls.service_hours import ServiceCalendar, service_hours_between
from comptroller.domain.documents.model import DocumentKind
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.money import ZERO

CASES_MAX: Final = 20_000
"""Cases that one computation reads; more are told as more than it takes."""

MILESTONES_MAX: Final = 5 * CASES_MAX
"""Milestones of one kind that it reads: a case is judged, or asks somebody, more than once."""

_MICROHOUR: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are asked about, the last one included, in the tenant's zone."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def since(self) -> datetime:
        """The first instant."""
        return datetime.combine(self.first, time(), self.zone).astimezone(UTC)

    @property
    def until(self) -> datetime:
        """The first instant behind it."""
        return datetime.combine(self.last + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def has(self, at: datetime) -> bool:
        """Whether an instant is in it."""
        return self.since <= at < self.until

    def day(self, at: datetime) -> date:
        """The day of an instant in the tenant's zone."""
        return at.astimezone(self.zone).date()

    def noon(self, day: date) -> datetime:
        """The middle of a day: the instant of what is known by its day alone."""
        return datetime.combine(day, time(12), self.zone).astimezone(UTC)


@dataclass(frozen=True)
class CaseFacts:
    """One case and what happened to it when."""

    row: CaseRow
    known: CandidateRow | None
    milestones: tuple[MilestoneRow, ...]

    def first(self, kind: str) -> MilestoneRow | None:
        """Its first milestone of a kind."""
        return next((each for each in self.milestones if each.kind == kind), None)

    def all(self, kind: str) -> tuple[MilestoneRow, ...]:
        """Its milestones of a kind, oldest first."""
        return tuple(each for each in self.milestones if each.kind == kind)

    @property
    def is_credit_note(self) -> bool:
        """Whether it is counted separately."""
        return self.row.kind == DocumentKind.CREDIT_NOTE.value

    @property
    def is_excluded(self) -> bool:
        """Cancelled at intake, or a certain duplicate: no part of rates (population rules)."""
        return self.row.status == "cancelled" or self.last_outcomes.get("duplicate") == "certain"

    @property
    def received(self) -> datetime:
        """By its first channel."""
        found = self.first("received")
        return found.at if found is not None else self.row.received_at

    @property
    def posted(self) -> datetime | None:
        """When it was posted."""
        found = self.first("posted")
        return found.at if found is not None else None

    @property
    def ended(self) -> datetime | None:
        """When nothing more was to be done."""
        found = self.first("ended")
        return found.at if found is not None else None

    @cached_property
    def first_outcomes(self) -> Mapping[str, str]:
        """What each control said at the first judgement."""
        return _outcomes(self.first("controls decided"))

    @cached_property
    def last_outcomes(self) -> Mapping[str, str]:
        """What each control said at the last."""
        judged = self.all("controls decided")
        return _outcomes(judged[-1] if judged else None)

    @property
    def is_ordered(self) -> bool:
        """Whether an order backs it."""
        return self.first_outcomes.get("line match", "not applicable") != "not applicable"

    @property
    def unit(self) -> str:
        """Its cost centre."""
        return self.known.cost_centre if self.known is not None else ""

    @property
    def amount(self) -> Decimal:
        """Its net size in the group's currency."""
        return self.known.amount or ZERO if self.known is not None else ZERO

    @property
    def enterer(self) -> str:
        """Who handed it in."""
        found = self.first("registered")
        return found.person if found is not None else ""


def _outcomes(judged: MilestoneRow | None) -> Mapping[str, str]:
    told: Any = decode(judged.detail) if judged is not None and judged.detail else {}
    return told if isinstance(told, dict) else {}


@dataclass
class Material:
    """Everything that the figures of one computation read; each part is read once, when a figure asks for it."""

    session: Session
    span: Span
    entity: str = ""

    @cached_property
    def closed(self) -> tuple[CaseFacts, ...]:
        """The cases that ended in the span, credit notes and what the population rules exclude left out."""
        return tuple(case for case in self.ended_cases if not case.is_credit_note and not case.is_excluded)

    @cached_property
    def posted(self) -> tuple[CaseFacts, ...]:
        """The cases that were posted first in the span, what no rate counts left out."""
        found = self.facts([each.case_id for each in self.between("posted")])
        return tuple(
            case
            for case in found
            if case.posted is not None
            and self.span.has(case.posted)
            and not case.is_credit_note
            and not case.is_excluded
        )

    @cached_property
    def ended_cases(self) -> tuple[CaseFacts, ...]:
        """Every invoice case that ended in the span."""
        return self.facts([each.case_id for each in self.between("ended")])

    @cached_property
    def touched(self) -> tuple[CaseFacts, ...]:
        """Every invoice case that was judged in the span, ended or not."""
        return self.facts([each.case_id for each in self.between("controls decided")])

    def between(self, kind: str) -> Sequence[MilestoneRow]:
        """Milestones of a kind in the span: all of them, or it is said that they are too many."""
        found = self.session.uow.milestones_between(kind, self.span.since, self.span.until, MILESTONES_MAX + 1)
        if len(found) > MILESTONES_MAX:
            raise TooMany(max(len({each.case_id for each in found}), CASES_MAX + 1))
        return found

    def facts(self, case_ids: Sequence[str]) -> tuple[CaseFacts, ...]:
        """The cases that the caller may see, with their milestones."""
        ids = list(dict.fromkeys(case_ids))
        if len(ids) > CASES_MAX:
            raise TooMany(len(ids))
        missing = [case_id for case_id in ids if case_id not in self._facts]
        rows = {row.case_id: row for row in self.session.uow.cases_of(missing)}
        asked = [key for key, row in rows.items() if row.process == "invoice" and self._is_asked(row.entity)]
        known = {row.case_id: row for row, _ in self.session.uow.candidates(asked)}
        found = self.session.uow.milestones_of(asked)
        self._facts.update(dict.fromkeys(missing))
        self._facts.update({key: CaseFacts(rows[key], known.get(key), tuple(found[key])) for key in asked})
        return tuple(fact for case_id in ids if (fact := self._facts[case_id]) is not None)

    @cached_property
    def _facts(self) -> dict[str, CaseFacts | None]:
        return {}

    def _is_asked(self, entity: str) -> bool:
        return self.session.caller.sees(entity) and self.entity in {"", entity}

    @cached_property
    def open_tasks(self) -> tuple[tuple[TaskRow, CaseRow], ...]:
        """What is open now, with its case."""
        found: list[tuple[TaskRow, CaseRow]] = []
        after = ""
        while rows := self.session.uow.open_tasks(after=after, limit=limits.PAGE_SIZE_MAX):
            for task in rows:
                case = self.session.uow.case(task.case_id)
                if case is not None and self._is_asked(case.entity):
                    found.append((task, case))
            if len(rows) < limits.PAGE_SIZE_MAX:
                break
            after = rows[-1].task_id
        return tuple(found)

    @cached_property
    def entities(self) -> tuple[str, ...]:
        """The entities that are asked about."""
        return tuple(row.key for row in self.session.uow.reference_list("entity") if self._is_asked(row.key))

    @cached_property
    def items(self) -> tuple[OpenItemRow, ...]:
        """Every item that was owed on a day of the span: posted, paid or open in it, or all of these."""
        first, last = self.span.first.isoformat(), self.span.last.isoformat()
        return tuple(item for entity in self.entities for item in self.session.uow.items_owed(entity, first, last))

    @cached_property
    def open_items(self) -> tuple[OpenItemRow, ...]:
        """Every item that is not paid now."""
        return tuple(item for entity in self.entities for item in self.session.uow.open_items(entity=entity))

    def in_group(self, amount: Decimal, currency: str, day: date) -> Decimal:
        """An amount in the group's currency, at the rate in force on a day; zero where none had begun by then."""
        return amount * self._rate(currency, day) if amount else ZERO

    def _rate(self, currency: str, day: date) -> Decimal:
        if currency == self.group_currency:
            return Decimal(1)
        if (currency, day) not in self._rates:
            found = self.session.uow.references(names_of_rate(currency, day))
            self._rates[currency, day] = rate_on(found, currency, day).rate or ZERO
        return self._rates[currency, day]

    @cached_property
    def _rates(self) -> dict[tuple[str, date], Decimal]:
        return {}

    @cached_property
    def group_currency(self) -> str:
        """The currency that amounts are told in."""
        return str(tenant_record(self.session.uow).get("group_currency") or "")

    def currency_of(self, entity: str) -> str:
        """The currency that an entity keeps its ledger in; empty where it is not on file."""
        alias = f"entity/{entity}"
        rows = self.session.uow.references([alias])[alias]
        body: Any = decode(rows[0].body) if rows else {}
        return str(body.get("currency") or "")

    def gross(self, row: CaseRow, at: datetime) -> Decimal:
        """A case's gross amount in the group's currency, at the rate of the day of an instant."""
        return self.in_group(row.gross or ZERO, row.currency, self.span.day(at))

    def calendar(self, entity: str) -> ServiceCalendar:
        """When people of an entity are at work."""
        if entity not in self._calendars:
            alias = f"calendar/{entity}"
            rows = self.session.uow.references([alias])[alias]
            body: Any = decode(rows[0].body) if rows else None
            self._calendars[entity] = calendar_of(body) if body is not None else ServiceCalendar(self.span.zone)
        return self._calendars[entity]

    @cached_property
    def _calendars(self) -> dict[str, ServiceCalendar]:
        return {}

    def service_hours(self, entity: str, start: datetime, end: datetime) -> Decimal:
        """Business hours between two instants."""
        return service_hours_between(start, end, self.calendar(entity))


class TooMany(Exception):
    """More cases than one computation reads."""

    def __init__(self, cases: int) -> None:
        super().__init__(f"{cases} cases")
        self.cases = cases


def hours(start: datetime, end: datetime) -> Decimal:
    """Elapsed hours between two instants."""
    return (seconds(start, end) / 3_600).quantize(_MICROHOUR)


def seconds(start: datetime, end: datetime) -> Decimal:
    """Elapsed seconds between two instants."""
    return Decimal((end - start) // timedelta(microseconds=1)) / 1_000_000


def months(first: date, last: date) -> tuple[str, ...]:
    """The months that a span of days touches.

    >>> months(date(2025, 12, 31), date(2026, 2, 1))
    ('2025-12', '2026-01', '2026-02')
    """
    number, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return tuple(f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(number, end + 1))

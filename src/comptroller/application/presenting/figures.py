"""The overview and the evidence: figures that lead to what they count, and the log that proves them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from comptroller.application.presenting.completeness import completeness
from comptroller.application.presenting.lists import case_item
from comptroller.application.presenting.story import entry_title
from comptroller.application.presenting.words import OUTCOME_TITLES, STANDING_OF_OUTCOME, Names
from comptroller.application.records import CaseRow, EntryRow, OutboxRow
from comptroller.application.session import Session
from comptroller.application.verification import VerificationReport
from comptroller.application.views import (
    CheckpointView,
    DeliveryItem,
    EntryItem,
    EvidenceView,
    Figure,
    OutcomeShare,
    OverviewView,
    Standing,
    VerificationView,
)
from comptroller.domain.kernel.money import Money

FAILED_SHOWN: Final = 50
LONGEST_SHOWN: Final = 8
RECENT_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class ShowOverview:
    """The state of the company's documents in figures."""


@dataclass(frozen=True, slots=True)
class ShowEvidence:
    """The tenant's log."""


def show_overview(session: Session, _command: ShowOverview) -> OverviewView:
    """Counts, control totals and what waits longest, over the entities that the caller works for."""
    uow, names = session.uow, Names(session)
    counts = [count for count in uow.case_counts() if session.caller.sees(count.entity)]
    by_outcome: Counter[str] = Counter()
    for count in counts:
        by_outcome[count.outcome] += count.cases
    total = sum(by_outcome.values())
    posted = by_outcome["posted"] + by_outcome["posted with payment block"]
    differences = tuple(Money(amount, currency) for currency, amount in uow.ledger_differences() if amount)
    dead = uow.deliveries(status="dead", limit=FAILED_SHOWN + 1)
    failed = tuple(_delivery(session, row) for row in dead[:FAILED_SHOWN])
    figures = (
        Figure("Cases", total, "/cases", "documents, and changes that people release"),
        Figure(
            "Posted",
            posted,
            f"/cases?{urlencode({'status': 'posted'})}",
            _share(posted, total),
            standing=Standing.PASSED,
        ),
        Figure(
            "Waiting for approval",
            by_outcome["approval"],
            f"/cases?{urlencode({'outcome': 'approval'})}",
            _share(by_outcome["approval"], total),
            standing=Standing.WAITING,
        ),
        Figure(
            "Exception",
            by_outcome["exception"],
            f"/cases?{urlencode({'outcome': 'exception'})}",
            _share(by_outcome["exception"], total),
            standing=Standing.WAITING,
        ),
        Figure(
            "Failed deliveries",
            len(failed),
            "#deliveries",
            _failed_text(len(dead)),
            standing=Standing.STOPPED if failed else Standing.PASSED,
        ),
    )
    outcomes = tuple(
        OutcomeShare(
            OUTCOME_TITLES.get(outcome, outcome),
            number,
            urlencode({"outcome": outcome}),
            STANDING_OF_OUTCOME.get(outcome, Standing.NEUTRAL),
        )
        for outcome, number in by_outcome.most_common()
    )
    waiting = uow.cases(status="waiting", entities=session.caller.among(), limit=200)
    longest = sorted(waiting, key=lambda row: row.received_at)[:LONGEST_SHOWN]
    return OverviewView(
        figures,
        outcomes,
        completeness(session, counts),
        differences,
        tuple(case_item(session, names, row) for row in longest),
        failed,
    )


def _failed_text(dead: int) -> str:
    if dead > FAILED_SHOWN:
        return "and more, waiting for an operator"
    return "waiting for an operator" if dead else "nothing was given up"


def _delivery(session: Session, row: OutboxRow) -> DeliveryItem:
    if not row.case_id:
        return DeliveryItem("", "The daily digest of one person", row.target, row.attempts, row.error)
    case = session.uow.case(row.case_id)
    seen = case is not None and session.caller.sees(case.entity)
    title = _titled(case) if case is not None and seen else "a case of another entity"
    return DeliveryItem(row.case_id if seen else "", title, row.target, row.attempts, row.error)


def _titled(row: CaseRow) -> str:
    """A case by its number and whose it is, as far as anybody has keyed them."""
    supplier = row.supplier_name or row.supplier
    return f"{row.number or 'a document without number'}{f' of {supplier}' if supplier else ''}"


def _share(part: int, whole: int) -> str:
    return f"{Decimal(part * 100) / whole:.0f} % of all" if whole else ""


def show_evidence(session: Session, _command: ShowEvidence) -> EvidenceView:
    """How far the log has come, what was signed last, and its newest entries."""
    checkpoint = session.uow.checkpoint()
    size, names = checkpoint.size if checkpoint else 0, Names(session)
    recent = session.uow.log_entries(max(size - RECENT_SHOWN, 0), size)
    view = None
    if checkpoint is not None:
        origin = checkpoint.note.partition("\n")[0]
        view = CheckpointView(size, checkpoint.root.hex(), checkpoint.signed_at, origin, checkpoint.note)
    items = [
        EntryItem(
            index,
            entry.stream,
            entry.seq,
            entry.type,
            entry_title(entry),
            _about(session, names, entry),
            entry.at,
            entry.leaf_hash.hex(),
            entry.stream.removeprefix("case/") if _opens(session, entry) else "",
        )
        for index, entry in reversed(recent)
    ]
    return EvidenceView(size, session.uow.unsequenced_count(), view, None, tuple(items))


def _opens(session: Session, entry: EntryRow) -> bool:
    case = session.uow.case(entry.stream.removeprefix("case/")) if entry.stream.startswith("case/") else None
    return case is not None and session.caller.sees(case.entity)


def _about(session: Session, names: Names, entry: EntryRow) -> str:
    """What a stream is about: a case by its number, a record by its kind and name, a principal by name."""
    kind, _, key = entry.stream.partition("/")
    if kind == "case":
        row = session.uow.case(key)
        if row is None or not session.caller.sees(row.entity):
            return "a case of another entity"
        return _titled(row)
    if kind == "reference":
        record, _, key = key.partition("/")
        return f"{record.replace('-', ' ')} {names.person(key) if record == 'person' else key}"
    return names.person(key) if kind == "principal" else kind


def verification_view(report: VerificationReport, at: datetime) -> VerificationView:
    """A verification's answer, as a page shows it."""
    bad = report.first_bad
    text = f"place {bad.place}, {bad.stream}: {bad.wrong}" if bad is not None else ""
    return VerificationView(report.ok, report.size, report.root.hex(), report.unsequenced, at, text)

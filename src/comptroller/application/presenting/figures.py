"""The overview and the evidence: figures that lead to what they count, and the log that proves them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

from comptroller.application.presenting.lists import case_item
from comptroller.application.presenting.words import OUTCOME_TITLES, STANDING_OF_OUTCOME, Names
from comptroller.application.records import CaseCount
from comptroller.application.session import Session
from comptroller.application.verification import VerificationReport
from comptroller.application.views import (
    CheckpointView,
    ControlTotal,
    EntryItem,
    EvidenceView,
    Figure,
    OutcomeShare,
    OverviewView,
    Standing,
    VerificationView,
)
from comptroller.domain.kernel.money import Money

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
    dead = len(uow.outbox_list(status="dead"))
    figures = (
        Figure("Cases", total, "/cases", "all that were handed in"),
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
            standing=Standing.WAITING,
        ),
        Figure(
            "Exceptions",
            by_outcome["exception"],
            "/exceptions",
            _share(by_outcome["exception"], total),
            standing=Standing.WAITING,
        ),
        Figure(
            "Failed deliveries",
            dead,
            "/cases",
            "waiting for an operator",
            standing=Standing.STOPPED if dead else Standing.NEUTRAL,
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
    waiting = [row for row in uow.cases(status="waiting", limit=200) if session.caller.sees(row.entity)]
    longest = sorted(waiting, key=lambda row: row.received_at)[:LONGEST_SHOWN]
    return OverviewView(
        figures,
        outcomes,
        _totals(counts),
        differences,
        tuple(case_item(session, names, row) for row in longest),
    )


def _share(part: int, whole: int) -> str:
    return f"{Decimal(part * 100) / whole:.0f} % of all" if whole else ""


def _totals(counts: list[CaseCount]) -> tuple[ControlTotal, ...]:
    rows: dict[str, list[Decimal]] = {}
    for count in counts:
        if count.currency:
            row = rows.setdefault(count.currency, [Decimal(0), Decimal(0), Decimal(0)])
            row[0] += count.cases
            row[1] += count.net
            row[2] += count.gross
    return tuple(
        ControlTotal(currency, int(number), net, gross - net, gross)
        for currency, (number, net, gross) in sorted(rows.items())
    )


def show_evidence(session: Session, _command: ShowEvidence) -> EvidenceView:
    """How far the log has come, what was signed last, and its newest entries."""
    checkpoint = session.uow.checkpoint()
    size = checkpoint.size if checkpoint else 0
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
            entry.at,
            entry.leaf_hash.hex(),
            entry.stream.removeprefix("case/") if entry.stream.startswith("case/") else "",
        )
        for index, entry in reversed(recent)
    ]
    return EvidenceView(size, session.uow.unsequenced_count(), view, None, tuple(items))


def verification_view(report: VerificationReport, at: datetime) -> VerificationView:
    """A verification's answer, as a page shows it."""
    bad = report.first_bad
    text = f"place {bad.place}, {bad.stream}: {bad.wrong}" if bad is not None else ""
    return VerificationView(report.ok, report.size, report.root.hex(), report.unsequenced, at, text)

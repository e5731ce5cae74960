"""How long documents take, and how many need nobody: latency, cycle time, touchless, first-pass match, what delays."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from comptroller.application.figures.material import CaseFacts, Material, hours
from comptroller.application.figures.model import Definition, Kind, Sample
from comptroller.application.records import MilestoneRow
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import ZERO

ACTS: Final = frozenset(
    {"task signed", "task answered", "exception answered", "document keyed", "document corrected", "delivery retried"}
)
"""What a person does to a case after its intake."""

RATES_LEAVE_OUT: Final = "credit notes, cases cancelled at intake, certain duplicates"


def about(case: CaseFacts, at: datetime, numerator: Decimal, **more: object) -> Sample:
    """A sample of a case, told apart by what the case is."""
    known = {"entity": case.row.entity, "unit": case.unit, "supplier": case.row.supplier, "person": case.enterer}
    return Sample(case.row.case_id, at, numerator, **{**known, **more})  # type: ignore[arg-type]  # the names are fields


def approval_latency(material: Material) -> Iterator[Sample]:
    """Each signature: from its task's offer, split at the first look, in elapsed and in business hours."""
    signed = material.between("task signed")
    cases = {case.row.case_id: case for case in material.facts([each.case_id for each in signed])}
    for each in signed:
        case = cases.get(each.case_id)
        offered = _of_task(case, "task offered", each.task) if case is not None else None
        if case is None or offered is None:
            continue
        opened = _of_task(case, "task opened", each.task)
        detail = [("business hours", material.service_hours(case.row.entity, offered.at, each.at))]
        if opened is not None:
            detail += [
                ("offered to opened", hours(offered.at, opened.at)),
                ("opened to signed", hours(opened.at, each.at)),
            ]
        asked = _at_the_supplier(case, offered.at, each.at)
        elapsed = hours(offered.at, each.at)
        detail.append(("without questions at the supplier", elapsed - asked))
        yield about(case, each.at, elapsed, person=each.person, detail=tuple(detail))


def _of_task(case: CaseFacts, kind: str, task: str) -> MilestoneRow | None:
    return next((each for each in case.all(kind) if each.task == task), None)


def _at_the_supplier(case: CaseFacts, start: datetime, end: datetime) -> Decimal:
    """The hours of a span in which the case waited for the supplier."""
    return sum((hours(a, b) for party, a, b in waits(case, start, end) if party == "supplier"), ZERO)


def waits(case: CaseFacts, start: datetime, end: datetime) -> Iterator[tuple[str, datetime, datetime]]:
    """Whom the case waited for, interval by interval, within a span; empty for nobody: the platform itself."""
    changes = case.all("waiting")
    at, party = start, ""
    for change in changes:
        if change.at >= end:
            break
        if change.at > at:
            yield party, at, change.at
            at = change.at
        party = change.party
    if end > at:
        yield party, at, end


def case_approval(material: Material) -> Iterator[Sample]:
    """Each posted case that was signed: from the first approval offered to the last signature."""
    for case in material.posted:
        signed = [each for each in case.all("task signed") if case.posted is not None and each.at <= case.posted]
        offered = next((each for each in case.all("task offered") if each.detail.startswith("approval")), None)
        if signed and offered is not None and case.posted is not None:
            yield about(case, case.posted, hours(offered.at, signed[-1].at))


def cycle_time(material: Material) -> Iterator[Sample]:
    """From the first channel to the ledger."""
    for case in material.posted:
        if case.posted is not None:
            business = ("business hours", material.service_hours(case.row.entity, case.received, case.posted))
            part = "with an order" if case.is_ordered else "without an order"
            yield about(case, case.posted, hours(case.received, case.posted), part=part, detail=(business,))


def paid_time(material: Material) -> Iterator[Sample]:
    """From the first channel to the day of payment."""
    paid = [item for item in material.items if item.cleared_on and item.case_id]
    cases = {case.row.case_id: case for case in material.facts([item.case_id for item in paid])}
    for item in paid:
        case, day = cases.get(item.case_id), parse_day(item.cleared_on)
        if case is None or day is None:
            continue
        at = material.span.noon(day)
        if material.span.has(at) and not case.is_credit_note:
            yield about(case, at, max(hours(case.received, at), ZERO))


def touchless(material: Material) -> Iterator[Sample]:
    """Posted with nobody's act after intake."""
    for case in material.posted:
        acts = sum(len(case.all(kind)) for kind in ACTS)
        part = "with an order" if case.is_ordered else "without an order"
        if case.posted is not None:
            yield about(case, case.posted, Decimal(acts == 0), part=part)


def first_pass(material: Material) -> Iterator[Sample]:
    """Matched, or within tolerance, when it was judged first."""
    yield from _first_pass(material, frozenset({"matched", "tolerated"}))


def first_pass_strict(material: Material) -> Iterator[Sample]:
    """Matched without any tolerance when it was judged first."""
    yield from _first_pass(material, frozenset({"matched"}))


def _first_pass(material: Material, good: frozenset[str]) -> Iterator[Sample]:
    for case in material.touched:
        judged = case.first("controls decided")
        if judged is None or not material.span.has(judged.at) or case.is_credit_note or case.is_excluded:
            continue
        outcome = case.first_outcomes.get("line match", "")
        if case.is_ordered and outcome:
            yield about(case, judged.at, Decimal(outcome in good), part=outcome)


def delays(material: Material) -> Iterator[Sample]:
    """The elapsed hours of closed cases, by whom they were spent waiting for."""
    for case in material.closed:
        if case.ended is None:
            continue
        for party, start, end in waits(case, case.received, case.ended):
            yield about(case, case.ended, hours(start, end), part=party or "the platform")


FIGURES: Final = (
    Definition(
        "approval-latency",
        "Approval latency",
        Kind.DURATION,
        "hours from the offer of an approval task to its signature",
        "signatures given",
        "none; shown too without the time in which a question was with the supplier",
        approval_latency,
    ),
    Definition(
        "case-approval",
        "Approval of a case",
        Kind.DURATION,
        "hours from the first approval task offered to the last required signature",
        "cases posted that were signed",
        RATES_LEAVE_OUT,
        case_approval,
    ),
    Definition(
        "cycle-time",
        "Cycle time, received to posted",
        Kind.DURATION,
        "hours from the first channel to the posting",
        "cases posted",
        RATES_LEAVE_OUT,
        cycle_time,
        "with and without an order",
    ),
    Definition(
        "cycle-time-paid",
        "Cycle time, received to paid",
        Kind.DURATION,
        "hours from the first channel to noon of the day of payment",
        "items paid",
        "credit notes",
        paid_time,
    ),
    Definition(
        "touchless-rate",
        "Touchless rate",
        Kind.RATE,
        "cases posted with no human act after intake",
        "cases posted",
        RATES_LEAVE_OUT,
        touchless,
        "with and without an order",
    ),
    Definition(
        "first-pass-match",
        "First-pass match",
        Kind.RATE,
        "invoices with an order that match or are in tolerance at first evaluation",
        "invoices with an order evaluated",
        RATES_LEAVE_OUT,
        first_pass,
        "what the match said",
    ),
    Definition(
        "first-pass-match-strict",
        "First-pass match without tolerance",
        Kind.RATE,
        "invoices with an order that match exactly at first evaluation",
        "invoices with an order evaluated",
        RATES_LEAVE_OUT,
        first_pass_strict,
        "what the match said",
    ),
    Definition(
        "delay-attribution",
        "Delay attribution",
        Kind.SHARE,
        "elapsed hours waiting for a party",
        "elapsed hours of closed cases",
        RATES_LEAVE_OUT,
        delays,
        "whom the case waited for",
    ),
)

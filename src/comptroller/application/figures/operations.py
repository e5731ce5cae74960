"""What waits, what is due, and how the platform's connections do."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Final

from comptroller.application.figures.controls import parameters
from comptroller.application.figures.flow import about
from comptroller.application.figures.material import Material, hours, seconds
from comptroller.application.figures.model import Definition, Kind, Sample
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.presenting.ages import Ages
from comptroller.application.records import OutboxRow
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import ZERO


def ageing_queue(material: Material) -> Iterator[Sample]:
    """What is open now, by working days since it was offered."""
    ages = Ages(material.session)
    for task, case in material.open_tasks:
        yield Sample(
            case.case_id,
            material.session.now,
            Decimal(1),
            part=f"{ages.of(task.offered_at)} days",
            entity=case.entity,
            supplier=case.supplier,
            person=task.person or task.role,
            amount=material.gross(case, material.session.now),
        )


def past_due(material: Material) -> Iterator[Sample]:
    """Open items whose due date is past."""
    yield from _items_by_day(material, "due_on", late=True)


def discount_expiring(material: Material) -> Iterator[Sample]:
    """Open items whose discount ends within the days that policy names."""
    yield from _items_by_day(material, "discount_on", late=False)


def _items_by_day(material: Material, name: str, *, late: bool) -> Iterator[Sample]:
    today = material.session.now.astimezone(material.span.zone).date()
    ahead = parameters(material).get("discount expiring days")
    for item in material.open_items:
        day = parse_day(getattr(item, name))
        if day is None:
            continue
        left = (day - today).days
        if left < 0 if late else isinstance(ahead, Decimal) and 0 <= left <= ahead:
            amount = material.in_group(item.local_amount, item.local_currency, today)
            now, entity, supplier = material.session.now, item.entity, item.supplier
            yield Sample(item.case_id, now, Decimal(1), entity=entity, supplier=supplier, amount=amount)


def failed_deliveries(material: Material) -> Iterator[Sample]:
    """Attempts of deliveries in the span: those that failed over all."""
    for kind, failed in (("delivery failed", 1), ("posting confirmed", 0)):
        told = material.between(kind)
        cases = {case.row.case_id: case for case in material.facts([each.case_id for each in told])}
        for each in told:
            if each.case_id in cases:
                row = cases[each.case_id].row
                at, connector = each.at, each.control
                yield Sample(row.case_id, at, Decimal(failed), part=connector, entity=row.entity, supplier=row.supplier)


def _deliveries(uow: UnitOfWork, status: str) -> Iterator[OutboxRow]:
    after = ""
    while rows := uow.deliveries(status=status, after=after, limit=limits.PAGE_SIZE_MAX):
        yield from rows
        after = rows[-1].outbox_id


def dead_letters(material: Material) -> Iterator[Sample]:
    """Deliveries that were given up and wait for an operator."""
    for row in _deliveries(material.session.uow, "dead"):
        case = material.session.uow.case(row.case_id) if row.case_id else None
        entity = case.entity if case is not None else ""
        if case is None or material.session.caller.sees(entity):
            at: datetime = row.not_before
            age = ("hours since it was given up", max(hours(at, material.session.machine_now), ZERO))
            yield Sample(row.case_id, at, Decimal(1), part=row.target, entity=entity, detail=(age,))


def minutes_to_accepted(material: Material) -> Iterator[Sample]:
    """From the posting to the answer of the outside system that took it."""
    told = material.between("posting confirmed")
    cases = {case.row.case_id: case for case in material.facts([each.case_id for each in told])}
    for each in told:
        case = cases.get(each.case_id)
        posted = [row.at for row in case.all("posted") if row.at <= each.at] if case is not None else []
        if case is not None and posted:
            yield about(case, each.at, seconds(posted[-1], each.at) / 60, part=each.control)


def unconfirmed_effects(material: Material) -> Iterator[Sample]:
    """What was posted, and no outside system has said for longer than policy waits that it has it."""
    most, now = parameters(material).get("unconfirmed minutes"), material.session.now
    rows = [row for status in ("pending", "leased", "dead") for row in _deliveries(material.session.uow, status)]
    rows = [row for row in rows if row.kind == "delivery" and row.case_id]
    cases = {case.row.case_id: case for case in material.facts([row.case_id for row in rows])}
    for row in rows:
        case = cases.get(row.case_id)
        posted = case.all("posted") if case is not None else ()
        if case is not None and posted and isinstance(most, Decimal) and seconds(posted[-1].at, now) > most * 60:
            minutes = seconds(posted[-1].at, now) / 60
            amount, detail = material.gross(case.row, now), (("minutes", minutes),)
            yield about(case, now, Decimal(1), part=row.target, amount=amount, detail=detail)


FIGURES: Final = (
    Definition(
        "ageing-queue",
        "Ageing queue",
        Kind.COUNT,
        "tasks open now; at stake: the gross amounts",
        "none",
        "none",
        ageing_queue,
        "working days since the offer",
    ),
    Definition("past-due", "Past due", Kind.COUNT, "open items past their due date", "none", "none", past_due),
    Definition(
        "discount-expiring",
        "Discount expiring",
        Kind.COUNT,
        "open items whose discount ends within the days of policy",
        "none",
        "none",
        discount_expiring,
    ),
    Definition(
        "failed-deliveries",
        "Failed deliveries",
        Kind.RATE,
        "attempts that failed",
        "attempts answered",
        "none",
        failed_deliveries,
        "connector",
    ),
    Definition(
        "minutes-to-accepted",
        "Minutes to accepted",
        Kind.MINUTES,
        "minutes from the posting to the outside system's word that it has it",
        "postings accepted",
        "none",
        minutes_to_accepted,
        "connector",
    ),
    Definition(
        "unconfirmed-effects",
        "Effects not confirmed",
        Kind.COUNT,
        "deliveries of postings not accepted for longer than policy waits; at stake: the gross amounts",
        "none",
        "none",
        unconfirmed_effects,
        "connector",
    ),
    Definition(
        "dead-letters",
        "Dead letters",
        Kind.COUNT,
        "deliveries given up and not sent again, whenever that was",
        "none",
        "none",
        dead_letters,
        "connector",
    ),
)

"""Money and time: paid in time, discounts taken, days payable, spend under order, accruals, interest."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from comptroller.application.figures.flow import RATES_LEAVE_OUT, about
from comptroller.application.figures.material import Material
from comptroller.application.figures.model import Definition, Kind, Sample
from comptroller.application.ledger.reading import entity_ledger, late_items
from comptroller.application.records import OpenItemRow
from comptroller.application.session import Refused
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import ZERO, parse_decimal


def _of_item(item: OpenItemRow, day: date, numerator: Decimal, denominator: Decimal, part: str = "") -> Sample:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Sample(item.case_id, at, numerator, denominator, part=part, entity=item.entity, supplier=item.supplier)


def _paid(material: Material) -> Iterator[tuple[OpenItemRow, date]]:
    for item in material.items:
        day = parse_day(item.cleared_on)
        if day is not None and material.span.first <= day <= material.span.last and item.amount > 0:
            yield item, day


def on_time(material: Material) -> Iterator[Sample]:
    """Items paid by their due date."""
    for item, day in _paid(material):
        due = parse_day(item.due_on)
        if due is not None:
            yield _of_item(item, day, Decimal(day <= due), Decimal(1))


def days_beyond(material: Material) -> Iterator[Sample]:
    """Days that items were paid after their due date, weighted by nothing: each item counts once."""
    for item, day in _paid(material):
        due = parse_day(item.due_on)
        if due is not None:
            yield _of_item(item, day, Decimal(max((day - due).days, 0)), Decimal(1))


def interest_exposure(material: Material) -> Iterator[Sample]:
    """What the law adds to what is late now, item by item; nothing of an entity for which no rate is on file."""
    for code in material.entities:
        entity = entity_ledger(material.session, code)
        if isinstance(entity, Refused):
            continue
        late = late_items(material.session, entity)
        known = [(item, added) for item, added in late if added is not None]
        if len(known) == len(late):
            for item, added in known:
                yield _of_item(item, entity.today, material.in_group(added, item.local_currency), Decimal(1))


def discount_capture(material: Material) -> Iterator[Sample]:
    """The discounts of items posted in the span, in money: taken where paid by their day."""
    for item in material.items:
        posted, until = parse_day(item.posted_on), parse_day(item.discount_on)
        if posted is None or until is None or not material.span.first <= posted <= material.span.last:
            continue
        if not item.amount:
            continue
        paid = parse_day(item.cleared_on)
        local = item.discount * item.local_amount / item.amount
        offered = material.in_group(local, item.local_currency)
        taken = offered if paid is not None and paid <= until else ZERO
        today = material.session.now.astimezone(material.span.zone).date()
        part = "taken" if taken else "can still be taken" if paid is None and today <= until else "missed"
        yield _of_item(item, posted, taken, offered, part)


def days_payable(material: Material) -> Iterator[Sample]:
    """Payables open now over purchases of the span, times its days: the count-back of a balance."""
    days = Decimal((material.span.last - material.span.first).days + 1)
    for item in material.items:
        posted = parse_day(item.posted_on)
        if posted is None:
            continue
        amount = material.in_group(item.local_amount, item.local_currency)
        is_open, is_bought = not item.cleared_on, material.span.first <= posted <= material.span.last
        yield _of_item(item, posted, amount * days if is_open else ZERO, amount if is_bought else ZERO)


def weighted_days_paid(material: Material) -> Iterator[Sample]:
    """Days from invoice to payment, weighted by the amount."""
    for item, day in _paid(material):
        issued = parse_day(item.issued_on)
        if issued is not None:
            amount = material.in_group(item.local_amount, item.local_currency)
            yield _of_item(item, day, amount * (day - issued).days, amount)


def spend_under_order(material: Material) -> Iterator[Sample]:
    """Posted net amounts with an order; what was ordered after the fact apart."""
    for case in material.posted:
        if case.posted is None:
            continue
        retroactive = any(each.detail == "retroactive order" for each in case.all("breach attempted"))
        part = "ordered after the fact" if retroactive else "ordered" if case.is_ordered else "without an order"
        ordered = case.amount if case.is_ordered and not retroactive else ZERO
        yield about(case, case.posted, ordered, denominator=case.amount, part=part)


def accrual_accuracy(material: Material) -> Iterator[Sample]:
    """What was accrued against what the invoice that reversed it came to, by order."""
    invoiced: dict[str, Decimal] = {}
    for case in material.posted:
        if case.known is not None and case.known.order_number:
            order = case.known.order_number
            invoiced[order] = invoiced.get(order, ZERO) + (case.row.net or ZERO)
    for row in material.session.uow.reference_list("accrual"):
        body: Any = decode(row.body)
        entity, order, accrued = str(body.get("entity")), str(body.get("order") or ""), parse_decimal(body["amount"])
        if not body.get("reversed") or order not in invoiced or accrued is None or entity not in material.entities:
            continue
        missed, supplier, period = abs(accrued - invoiced[order]), str(body.get("supplier") or ""), str(body["period"])
        yield Sample("", row.recorded_at, missed, invoiced[order], part=period, entity=entity, supplier=supplier)


FIGURES: Final = (
    Definition(
        "on-time-payment",
        "On-time payment",
        Kind.RATE,
        "items paid by their due date",
        "items paid",
        "credit notes",
        on_time,
    ),
    Definition(
        "days-beyond-terms",
        "Days beyond terms",
        Kind.DAYS,
        "days after the due date",
        "items paid",
        "credit notes",
        days_beyond,
    ),
    Definition(
        "interest-exposure",
        "Statutory interest exposure",
        Kind.AMOUNT,
        "interest at the reference rate and points of the country, and fixed sums, on what is late now",
        "none",
        "none",
        interest_exposure,
    ),
    Definition(
        "discount-capture",
        "Discount capture",
        Kind.RATE,
        "discounts taken, in money",
        "discounts offered on items posted",
        "none",
        discount_capture,
        "taken, missed, still to be taken",
    ),
    Definition(
        "days-payable",
        "Days payable outstanding",
        Kind.DAYS,
        "payables open now, times the days of the period",
        "purchases of the period, from the ledger",
        "none",
        days_payable,
    ),
    Definition(
        "weighted-days-paid",
        "Invoice-weighted days paid",
        Kind.DAYS,
        "amount times days from invoice to payment",
        "amounts paid",
        "credit notes",
        weighted_days_paid,
    ),
    Definition(
        "spend-under-order",
        "Spend under order",
        Kind.RATE,
        "posted net amounts with an order that came first",
        "posted net amounts",
        RATES_LEAVE_OUT,
        spend_under_order,
        "ordered, ordered after the fact, without an order",
    ),
    Definition(
        "accrual-accuracy",
        "Accrual accuracy",
        Kind.RATE,
        "differences between what was accrued and what was invoiced",
        "amounts invoiced for what was accrued",
        "accruals that no invoice has reversed",
        accrual_accuracy,
        "period of the accrual",
    ),
)

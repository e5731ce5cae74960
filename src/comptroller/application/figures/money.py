"""Money and time: paid in time, discounts taken, days payable, spend under order, accruals, interest."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from comptroller.application.figures.flow import RATES_LEAVE_OUT, about, waits
from comptroller.application.figures.material import CaseFacts, Material, Span, hours
from comptroller.application.figures.model import Definition, Kind, Sample
from comptroller.application.ledger.reading import cost_of_delay, entity_ledger, late_items
from comptroller.application.records import OpenItemRow
from comptroller.application.session import Refused
from comptroller.domain.controls.terms import annual_yield
from comptroller.domain.identity import Party
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import ZERO, parse_decimal


def _of_item(
    material: Material, item: OpenItemRow, day: date, numerator: Decimal, denominator: Decimal, **more: Any
) -> Sample:
    known = {"entity": item.entity, "supplier": item.supplier}
    return Sample(item.case_id, material.span.noon(day), numerator, denominator, **{**known, **more})


def _paid(material: Material) -> Iterator[tuple[OpenItemRow, date]]:
    for item in material.items:
        day = parse_day(item.cleared_on)
        if day is not None and material.span.first <= day <= material.span.last and item.amount > 0:
            yield item, day


def _late(material: Material) -> Iterator[tuple[OpenItemRow, date, int]]:
    for item, day in _paid(material):
        due = parse_day(item.due_on)
        if due is not None:
            yield item, day, max((day - due).days, 0)


def late_costs(material: Material) -> tuple[Decimal, Decimal] | None:
    """What the law added to what was paid late in the span, and all that was paid; None where no rate is on file."""
    added = paid = ZERO
    for item, day, _ in _late(material):
        entity = entity_ledger(material.session, item.entity)
        cost = None if isinstance(entity, Refused) else cost_of_delay(material.session, entity, item, day)
        if cost is None:
            return None
        added += material.in_group(cost, item.local_currency, day)
        paid += material.in_group(item.local_amount, item.local_currency, day)
    return added, paid


def on_time(material: Material) -> Iterator[Sample]:
    """Items paid by their due date."""
    for item, day, late in _late(material):
        yield _of_item(material, item, day, Decimal(late == 0), Decimal(1))


def on_time_value(material: Material) -> Iterator[Sample]:
    """What was paid by its due date, in money."""
    for item, day, late in _late(material):
        amount = material.in_group(item.local_amount, item.local_currency, day)
        yield _of_item(material, item, day, amount if late == 0 else ZERO, amount)


def days_beyond(material: Material) -> Iterator[Sample]:
    """Days that items were paid after their due date, weighted by nothing: each item counts once."""
    for item, day, late in _late(material):
        days = Decimal(late)
        yield _of_item(material, item, day, days, Decimal(1), detail=(("days after the due date", days),))


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
                amount = material.in_group(added, item.local_currency, entity.today)
                yield _of_item(material, item, entity.today, amount, Decimal(1))


def discount_capture(material: Material) -> Iterator[Sample]:
    """The discounts of items posted in the span, in money: taken where paid by their day."""
    yield from _discounts(material)


def discount_capture_count(material: Material) -> Iterator[Sample]:
    """The same discounts, each counting once."""
    for sample in _discounts(material):
        yield replace(sample, numerator=Decimal(bool(sample.numerator)), denominator=Decimal(1), amount=ZERO)


def _discounts(material: Material) -> Iterator[Sample]:
    today = material.span.day(material.session.now)
    offered = [item for item in material.items if item.discount_on and item.amount and _is_posted(material, item)]
    cases = {case.row.case_id: case for case in material.facts([item.case_id for item in offered if item.case_id])}
    for item in offered:
        posted, until, paid = (parse_day(text) for text in (item.posted_on, item.discount_on, item.cleared_on))
        if posted is None or until is None:
            continue
        share = item.discount / item.amount
        value = material.in_group(item.local_amount * share, item.local_currency, posted)
        is_taken = paid is not None and paid <= until
        part = "taken" if is_taken else "can still be taken" if paid is None and today <= until else ""
        part = part or f"missed: {missed_by(material.span, item, cases.get(item.case_id), until)}"
        worth, due = None, parse_day(item.due_on)
        if due is not None:
            worth = annual_yield(share * 100, (due - until).days, 0)
        detail = (("yield a year in percent", worth),) if worth is not None else ()
        lost = value if part.startswith("missed") else ZERO
        taken = value if is_taken else ZERO
        yield _of_item(material, item, posted, taken, value, part=part, amount=lost, detail=detail)


def _is_posted(material: Material, item: OpenItemRow) -> bool:
    day = parse_day(item.posted_on)
    return day is not None and material.span.first <= day <= material.span.last


def missed_by(span: Span, item: OpenItemRow, case: CaseFacts | None, until: date) -> str:
    """Why a discount was missed: it came too late, it waited too long for whom, it was blocked, or was not paid."""
    posted = parse_day(item.posted_on)
    if case is not None and span.day(case.received) > until:
        return "late receipt"
    if case is not None and posted is not None and posted > until:
        waited = {"approval": ZERO, "exception": ZERO}
        for party, start, end in waits(case, case.received, case.posted or case.received):
            if party:
                waited["approval" if party == Party.APPROVER else "exception"] += hours(start, end)
        return max(waited, key=lambda cause: waited[cause])
    return "exception" if item.payment_block else "not paid in time"


def days_payable(material: Material) -> Iterator[Sample]:
    """Average payables, at the beginning and the end of the span, times its days, over its purchases."""
    first, last = material.span.first, material.span.last
    days = Decimal((last - first).days + 1)
    for item in material.items:
        posted, paid = parse_day(item.posted_on), parse_day(item.cleared_on)
        if posted is None:
            continue
        amount = material.in_group(item.local_amount, item.local_currency, posted)
        ends = (posted < first) + (paid is None or paid > last)  # of the span at which it was owed
        bought = amount if first <= posted else ZERO
        yield _of_item(material, item, posted, amount * days * ends / 2, bought)


def weighted_days_paid(material: Material) -> Iterator[Sample]:
    """Days from invoice to payment, weighted by the amount."""
    for item, day in _paid(material):
        issued = parse_day(item.issued_on)
        if issued is not None:
            amount = material.in_group(item.local_amount, item.local_currency, day)
            days = Decimal((day - issued).days)
            yield _of_item(material, item, day, amount * days, amount, detail=(("days to payment", days),))


def spend_under_order(material: Material) -> Iterator[Sample]:
    """Posted net amounts with an order; what was ordered after the fact apart."""
    for case in material.posted:
        if case.posted is None:
            continue
        retroactive = any(each.detail == "retroactive order" for each in case.all("breach attempted"))
        part = "ordered after the fact" if retroactive else "ordered" if case.is_ordered else "without an order"
        net = material.in_group(case.row.net or ZERO, case.row.currency, material.span.day(case.posted))
        ordered = net if case.is_ordered and not retroactive else ZERO
        yield about(case, case.posted, ordered, denominator=net, part=part)


def accrual_accuracy(material: Material) -> Iterator[Sample]:
    """What was accrued last before the invoice against what the invoices of the span came to, by order or document."""
    invoiced: dict[str, list[CaseFacts]] = {}
    for case in material.posted:
        for key in _accrued_as(case):
            invoiced.setdefault(key, []).append(case)
    newest: dict[str, dict[str, Any]] = {}
    for row in material.session.uow.reference_list("accrual"):
        body: Any = decode(row.body)
        key = f"{body.get('entity')}/" + (body.get("order") or f"{body.get('supplier')}/{body.get('number')}")
        cases = invoiced.get(key, [])
        period = str(body["period"])
        is_before = any(case.posted and f"{material.span.day(case.posted):%Y-%m}" > period for case in cases)
        if is_before and period > str(newest.get(key, {}).get("period", "")):
            newest[key] = body
    for key, body in newest.items():
        yield _accrued(material, invoiced[key], body)


def _accrued_as(case: CaseFacts) -> tuple[str, ...]:
    """What an accrual for this invoice is kept under: its order, or the document itself."""
    document = f"{case.row.entity}/{case.row.supplier}/{case.row.number}"
    ordered = case.known is not None and case.known.order_number
    return (f"{case.row.entity}/{case.known.order_number}", document) if case.known and ordered else (document,)


def _accrued(material: Material, cases: list[CaseFacts], body: Mapping[str, Any]) -> Sample:
    """An accrual beside its invoices, at the rates of the day on which the first of them was posted."""
    first, at = cases[0], min(case.posted for case in cases if case.posted is not None)
    day, entity = material.span.day(at), str(body["entity"])
    accrued = material.in_group(parse_decimal(body["amount"]) or ZERO, material.currency_of(entity), day)
    came = sum((material.in_group(case.row.net or ZERO, case.row.currency, day) for case in cases), ZERO)
    part = str(body["period"])
    return about(first, at, abs(accrued - came), denominator=came, part=part, person="")


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
        "on-time-payment-value",
        "On-time payment, by value",
        Kind.RATE,
        "amounts paid by their due date",
        "amounts paid",
        "credit notes",
        on_time_value,
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
        "discounts offered on items posted; at stake: those missed",
        "none",
        discount_capture,
        "taken, still to be taken, missed by what",
    ),
    Definition(
        "discount-capture-count",
        "Discount capture, by count",
        Kind.RATE,
        "items whose discount was taken",
        "items posted with a discount",
        "none",
        discount_capture_count,
        "taken, still to be taken, missed by what",
    ),
    Definition(
        "days-payable",
        "Days payable outstanding",
        Kind.DAYS,
        "average of the payables open before the first and after the last day, times the days",
        "purchases of the period, from the items of the ledger",
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
        "what was accrued and is not invoiced yet; earlier accruals of the same",
        accrual_accuracy,
        "period of the accrual",
    ),
)

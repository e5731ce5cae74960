"""Duplicates: turned down before they were paid, found after, brought back; and how many of all were found in time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from comptroller.application.figures.flow import about
from comptroller.application.figures.material import CaseFacts, Material
from comptroller.application.figures.model import Definition, Kind, Sample
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import ZERO, parse_decimal

ENDINGS: Final = frozenset({"rejected", "cancelled"})
TURNED_DOWN: Final = frozenset({"reject duplicate", "cancel duplicate"})
"""What a person answers who finds a document to be one that was there before."""

FOUND: Final = "duplicate-found"


def prevented(material: Material) -> Iterator[Sample]:
    """The payable of cases that were turned down as duplicates before anything was paid."""
    for case in material.ended_cases:
        if case.ended is not None and is_confirmed_duplicate(case):
            part = str(case.last_outcomes.get("duplicate"))
            yield about(case, case.ended, material.gross(case.row, case.ended), part=part)


def is_confirmed_duplicate(case: CaseFacts) -> bool:
    """Whether a case was turned down as a duplicate, by a certain rule or by the person who was asked about it."""
    found = case.last_outcomes.get("duplicate")
    by_person = any(each.detail in TURNED_DOWN for each in case.all("exception answered"))
    is_found = found == "certain" or (found == "possible" and by_person)
    return is_found and case.row.status in ENDINGS


def precision(material: Material) -> Iterator[Sample]:
    """Flagged cases that were confirmed."""
    for case in material.ended_cases:
        flagged = any(each.detail == "duplicate" for each in case.all("exception opened"))
        if flagged and case.ended is not None:
            yield about(case, case.ended, Decimal(is_confirmed_duplicate(case)))


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that was found to be a duplicate after it was made; amounts in the group's currency."""

    case: CaseFacts
    found_on: date
    amount: Decimal
    recovered: Decimal


def _found_later(material: Material) -> Iterator[Paid]:
    """Those that were found in the span, each paid by the day on which it was found."""
    for row in material.session.uow.reference_list(FOUND):
        body: Any = decode(row.body)
        day = parse_day(body["found_on"])
        if day is None or not material.span.first <= day <= material.span.last:
            continue
        paid = [
            item
            for item in material.session.uow.open_items(case_id=row.key)
            if item.amount > 0 and "" < item.cleared_on <= body["found_on"]
        ]
        amount = sum((item.amount for item in paid), ZERO)
        for case in material.facts([row.key]) if amount else ():
            worth = material.in_group(amount, paid[0].currency, day)
            back = min(parse_decimal(body.get("recovered") or "0") or ZERO, amount)
            yield Paid(case, day, worth, worth * back / amount)


def found_after_payment(material: Material) -> Iterator[Sample]:
    """What was paid twice and found later: what came back of it, and what did not."""
    for each in _found_later(material):
        at = material.span.noon(each.found_on)
        for part, amount in (("recovered", each.recovered), ("not recovered", each.amount - each.recovered)):
            if amount:
                yield about(each.case, at, amount, part=part)


def recovery(material: Material) -> Iterator[Sample]:
    """Of what was paid twice and found later, what came back."""
    for each in _found_later(material):
        yield about(each.case, material.span.noon(each.found_on), each.recovered, denominator=each.amount)


def recall(material: Material) -> Iterator[Sample]:
    """Of all duplicates that are known by now, those that were turned down before they were paid."""
    for sample in prevented(material):
        yield Sample(
            sample.case_id,
            sample.at,
            Decimal(1),
            part="before payment",
            entity=sample.entity,
            unit=sample.unit,
            supplier=sample.supplier,
            person=sample.person,
        )
    for each in _found_later(material):
        yield about(each.case, material.span.noon(each.found_on), ZERO, part="after payment")


FIGURES: Final = (
    Definition(
        "duplicate-prevention",
        "Duplicate prevention value",
        Kind.AMOUNT,
        "gross of cases turned down as duplicates before payment",
        "none",
        "cases turned down for another reason",
        prevented,
        "possible or certain",
    ),
    Definition(
        "duplicate-precision",
        "Duplicate precision",
        Kind.RATE,
        "flagged cases confirmed",
        "cases flagged as duplicates and ended",
        "none",
        precision,
    ),
    Definition(
        "duplicates-found-later",
        "Duplicates found after payment",
        Kind.AMOUNT,
        "amounts paid that are on file as duplicates found later (record `duplicate-found`)",
        "none",
        "what was not paid by the day on which it was found",
        found_after_payment,
        "recovered or not",
    ),
    Definition(
        "duplicate-recovery",
        "Duplicates recovered",
        Kind.RATE,
        "of these amounts what came back",
        "amounts paid that are on file as duplicates found later",
        "what was not paid by the day on which it was found",
        recovery,
    ),
    Definition(
        "duplicate-recall",
        "Duplicate recall",
        Kind.RATE,
        "duplicates turned down before payment",
        "duplicates turned down before payment, and those found later",
        "cases turned down for another reason",
        recall,
        "before or after payment",
    ),
)

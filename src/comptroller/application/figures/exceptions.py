"""What held documents up, how long it took to settle, what was done twice, what was overridden."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from comptroller.application.figures.flow import RATES_LEAVE_OUT, about
from comptroller.application.figures.material import CaseFacts, Material, hours
from comptroller.application.figures.model import Definition, Kind, Sample
from comptroller.application.records import MilestoneRow
from comptroller.domain.kernel.canonical_json import decode

REWORK: Final = frozenset({"document corrected", "signature voided", "delivery retried"})
"""Steps that are done again; waiting for a receipt is none of them."""

OF_THE_ORDER: Final = frozenset({"price", "order", "unit", "blanket", "contract"})
"""Exceptions that go away because an order or contract was changed, and with them a match that was taken before."""

OVERRIDES: Final = ("accept variance", "resolve duplicate")
"""Answers by which an authorised person lets stand what a control held."""


def exception_rate(material: Material) -> Iterator[Sample]:
    """Closed cases with at least one exception."""
    for case in material.closed:
        if case.ended is not None:
            yield about(case, case.ended, Decimal(bool(case.all("exception opened"))))


def exceptions(material: Material) -> Iterator[Sample]:
    """Every exception that was opened in the span."""
    opened = material.between("exception opened")
    cases = {case.row.case_id: case for case in material.facts([each.case_id for each in opened])}
    for each in opened:
        case = cases.get(each.case_id)
        if case is not None:
            yield about(case, each.at, Decimal(1), part=each.detail, amount=material.gross(case.row, each.at))


def exceptions_a_case(material: Material) -> Iterator[Sample]:
    """The exceptions of each closed case."""
    for case in material.closed:
        if case.ended is not None:
            opened = Decimal(len(case.all("exception opened")))
            yield about(case, case.ended, opened, detail=(("exceptions", opened),))


def rework_acts(material: Material) -> Iterator[Sample]:
    """The steps of each closed case that were done again."""
    for case in material.closed:
        if case.ended is not None:
            acts = Decimal(len(reworked(case)))
            yield about(case, case.ended, acts, detail=(("rework acts", acts),))


def resolution_time(material: Material) -> Iterator[Sample]:
    """From the opening of an exception to its closing, with whoever it was assigned to last."""
    for case, closed, opened in _closings(material):
        assigned = [each for each in case.all("exception assigned") if each.detail == closed.detail]
        owner = next((each.person for each in reversed(assigned) if each.at <= closed.at), "")
        business = ("business hours", material.service_hours(case.row.entity, opened.at, closed.at))
        yield about(case, closed.at, hours(opened.at, closed.at), part=closed.detail, person=owner, detail=(business,))


def _closings(material: Material) -> Iterator[tuple[CaseFacts, MilestoneRow, MilestoneRow]]:
    closed = material.between("exception closed")
    cases = {case.row.case_id: case for case in material.facts([each.case_id for each in closed])}
    for each in closed:
        case = cases.get(each.case_id)
        if case is None:
            continue
        before = [row for row in case.all("exception opened") if row.detail == each.detail and row.at <= each.at]
        if before:
            yield case, each, before[-1]


def within_service_level(material: Material) -> Iterator[Sample]:
    """Exception tasks that were answered by their due time."""
    answered = material.between("exception answered")
    cases = {case.row.case_id: case for case in material.facts([each.case_id for each in answered])}
    for case in cases.values():
        for task in material.session.uow.case_tasks(case.row.case_id):
            if task.kind == "exception" and task.status == "done" and task.closed_at is not None:
                if not material.span.has(task.closed_at):
                    continue
                detail: Any = decode(task.detail)
                kind = str(detail.get("item", {}).get("type") or "")
                in_time = Decimal(task.closed_at <= task.due)
                yield about(case, task.closed_at, in_time, part=kind, person=task.closed_by)


def rework_rate(material: Material) -> Iterator[Sample]:
    """Closed cases in which a step was done again."""
    for case in material.closed:
        if case.ended is not None:
            yield about(case, case.ended, Decimal(bool(reworked(case))))


def reworked(case: CaseFacts) -> tuple[MilestoneRow, ...]:
    """The milestones of a case that are steps done again: sent back, corrected, voided, matched or posted again."""
    again = [each for each in case.milestones if each.kind in REWORK]
    again += [each for each in case.all("task answered") if each.detail.startswith("send back")]
    until = case.posted or case.ended
    answers = list(case.all("exception answered"))
    again += [
        each
        for each in case.all("exception closed")
        if each.detail in OF_THE_ORDER
        and (until is None or each.at < until)
        and not any(answer.detail.startswith(OVERRIDES) for answer in answered_about(answers, each.detail))
    ]
    return (*again, *case.all("posted")[1:])


def override_rate(material: Material) -> Iterator[Sample]:
    """Answers to exceptions by which what a control held was let stand."""
    answered = material.between("exception answered")
    cases = {case.row.case_id: case for case in material.facts([each.case_id for each in answered])}
    for each in answered:
        case = cases.get(each.case_id)
        if case is not None:
            is_override = each.detail.startswith(OVERRIDES)
            amount = material.gross(case.row, each.at) if is_override else Decimal(0)
            part = each.detail
            yield about(case, each.at, Decimal(is_override), part=part, person=each.person, amount=amount)


def policy_yield(material: Material) -> Iterator[Sample]:
    """Exceptions by the rule that opened them: confirmed where the document, the order or the receipt was changed."""
    for case, closed, opened in _closings(material):
        answers = [each for each in case.all("exception answered") if opened.at <= each.at <= closed.at]
        let_stand = any(each.detail.startswith(OVERRIDES) for each in answered_about(answers, opened.detail))
        detail = (("hours spent", hours(opened.at, closed.at)),)
        amount = material.gross(case.row, closed.at)
        yield about(case, closed.at, Decimal(not let_stand), part=opened.control, amount=amount, detail=detail)


def answered_about(answers: list[MilestoneRow], kind: str) -> list[MilestoneRow]:
    """Of these answers those that are about a type of exception."""
    return [each for each in answers if each.detail.endswith(kind)]


FIGURES: Final = (
    Definition(
        "exception-rate",
        "Exception rate",
        Kind.RATE,
        "cases with at least one exception",
        "cases closed",
        RATES_LEAVE_OUT,
        exception_rate,
    ),
    Definition(
        "exceptions-a-case",
        "Exceptions a case",
        Kind.RATIO,
        "exceptions of cases closed",
        "cases closed",
        RATES_LEAVE_OUT,
        exceptions_a_case,
    ),
    Definition(
        "exceptions",
        "Exceptions opened",
        Kind.COUNT,
        "exceptions opened",
        "none",
        "none",
        exceptions,
        "type of exception",
    ),
    Definition(
        "exception-resolution-time",
        "Exception resolution time",
        Kind.DURATION,
        "hours from the opening of an exception to its closing",
        "exceptions closed",
        "none",
        resolution_time,
        "type of exception",
    ),
    Definition(
        "exceptions-in-service-level",
        "Exceptions within the service level",
        Kind.RATE,
        "exception tasks answered by their due time",
        "exception tasks answered",
        "none",
        within_service_level,
        "type of exception",
    ),
    Definition(
        "rework-rate",
        "Rework rate",
        Kind.RATE,
        "cases in which a step was done again",
        "cases closed",
        f"{RATES_LEAVE_OUT}; waiting for a receipt is no rework",
        rework_rate,
    ),
    Definition(
        "rework-acts-a-case",
        "Rework a case",
        Kind.RATIO,
        "steps done again in cases closed",
        "cases closed",
        f"{RATES_LEAVE_OUT}; waiting for a receipt is no rework",
        rework_acts,
    ),
    Definition(
        "override-rate",
        "Override rate",
        Kind.RATE,
        "answers that let stand what a control held",
        "exceptions answered",
        "none",
        override_rate,
        "answer and type",
    ),
    Definition(
        "policy-yield",
        "Policy yield per rule",
        Kind.RATE,
        "exceptions of a rule after which document, order or receipt was changed or the document turned down",
        "exceptions of the rule closed",
        "none",
        policy_yield,
        "reason code of the rule",
    ),
)

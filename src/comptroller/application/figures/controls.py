"""How well the controls hold: attempts, leaks, what went round, adherence, signatures without a look, duplicates."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from comptroller.application.casework.signing import controls_of
from comptroller.application.figures.flow import RATES_LEAVE_OUT, about
from comptroller.application.figures.material import CaseFacts, Material, hours, months
from comptroller.application.figures.model import Definition, Kind, Sample
from comptroller.application.ledger.comparing import CompareLedger, compare_ledger
from comptroller.application.session import Refused
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import ZERO

PARAMETERS: Final = "figure parameters"
"""The decision that holds what figures are measured by: nothing of it is code."""

DUPLICATE_ENDINGS: Final = frozenset({"rejected", "cancelled"})


def parameters(material: Material) -> Mapping[str, Any]:
    """What policy says of figures now; empty where it says nothing."""
    model = material.session.policy.models.get(PARAMETERS)
    facts = {"decision date": material.session.now.date()}
    value = model.decide(PARAMETERS, facts, material.session.now).value if model is not None else None
    return value if isinstance(value, dict) else {}


def breach_attempts(material: Material) -> Iterator[Sample]:
    """Acts that were refused or diverted, by class."""
    told = material.between("breach attempted")
    cases = {case.row.case_id: case for case in material.facts([each.case_id for each in told])}
    for each in told:
        case = cases.get(each.case_id)
        if case is not None:
            amount, person = material.gross(case.row), each.person
            yield about(case, each.at, Decimal(1), part=each.detail, person=person, amount=amount)
        elif each.case_id.startswith("principal/") and not material.entity:
            yield Sample("", each.at, Decimal(1), part=each.detail, person=each.person)


def _comparisons(material: Material) -> Iterator[tuple[str, dict[str, Any]]]:
    for entity in material.entities:
        for month in months(material.span.first, material.span.last):
            answer = compare_ledger(material.session, CompareLedger(entity, month))
            if not isinstance(answer, Refused):
                yield entity, answer


def _noon(day: Any, material: Material) -> datetime:
    known = day if hasattr(day, "year") else parse_day(str(day or "")) or material.span.last
    return datetime(known.year, known.month, known.day, 12, tzinfo=UTC)


def coverage(material: Material) -> Iterator[Sample]:
    """Every payables document of the ledger, with a case or without."""
    for entity, answer in _comparisons(material):
        currency = str(answer["currency"])
        for pair in (*answer["matched"], *answer["differing"]):
            case_id = str(pair.get("case_id") or pair.get("case", {}).get("case_id") or "")
            yield Sample(case_id, _noon(None, material), Decimal(1), part="with a case", entity=entity)
        for document in answer["bypass"]:
            amount = material.in_group(abs(document["amount"]), currency)
            at = _noon(document["date"], material)
            yield Sample("", at, ZERO, part=f"without a case: {document['journal']}", entity=entity, amount=amount)


def breach_leakage(material: Material) -> Iterator[Sample]:
    """What the ledger comparison found after the effect, beside what was stopped before it."""
    for sample in coverage(material):
        if not sample.numerator:
            yield Sample("", sample.at, Decimal(1), part=sample.part, entity=sample.entity, amount=sample.amount)
    for sample in breach_attempts(material):
        yield Sample(
            sample.case_id, sample.at, ZERO, part=f"stopped: {sample.part}", entity=sample.entity, unit=sample.unit
        )


def adherence(material: Material) -> Iterator[Sample]:
    """Every control that the process of a posted case requires: run with an outcome, or missing."""
    required: dict[str, tuple[str, ...]] = {}
    for case in material.posted:
        row = case.row
        if row.policy_hash not in required:
            policy = material.session.environment.policies.version(material.session.uow, row.policy_hash)
            required[row.policy_hash] = controls_of(policy.processes[row.process])
        for name in required[row.policy_hash]:
            if case.posted is not None:
                yield about(case, case.posted, Decimal(bool(case.last_outcomes.get(name))), part=name)


def rubber_stamp(material: Material) -> Iterator[Sample]:
    """Approvals without a look, or faster than policy takes for one."""
    least = parameters(material).get("rubber stamp seconds")
    signed = material.between("task signed")
    cases = {case.row.case_id: case for case in material.facts([each.case_id for each in signed])}
    for each in signed:
        case = cases.get(each.case_id)
        if case is None:
            continue
        opened = next((row for row in case.all("task opened") if row.task == each.task), None)
        quick = opened is None or (isinstance(least, Decimal) and hours(opened.at, each.at) * 3_600 < least)
        part = "not opened" if opened is None else "too fast" if quick else "looked at"
        yield about(case, each.at, Decimal(quick), part=part, person=each.person)


def duplicates_prevented(material: Material) -> Iterator[Sample]:
    """The payable of cases that were turned down as duplicates before anything was paid."""
    for case in material.ended_cases:
        found = case.last_outcomes.get("duplicate")
        if found in {"possible", "certain"} and case.row.status in DUPLICATE_ENDINGS and case.ended is not None:
            yield about(case, case.ended, material.gross(case.row), part=str(found))


def duplicate_precision(material: Material) -> Iterator[Sample]:
    """Flagged cases that were confirmed."""
    for case in material.ended_cases:
        flagged = any(each.detail == "duplicate" for each in case.all("exception opened"))
        if flagged and case.ended is not None:
            yield about(case, case.ended, Decimal(case.row.status in DUPLICATE_ENDINGS))


def touch_minutes(case: CaseFacts) -> Decimal:
    """The minutes in which people had the case's tasks open, each from its first look to its answer."""
    total = ZERO
    for opened in case.all("task opened"):
        answered = next(
            (
                each
                for each in case.milestones
                if each.task == opened.task and each.kind.endswith(("signed", "answered"))
            ),
            None,
        )
        if answered is not None:
            total += hours(opened.at, answered.at) * 60
    return total


def cost_per_invoice(material: Material) -> Iterator[Sample]:
    """The cost of each posted invoice: touch minutes at the loaded rate, and its share of platform and service."""
    told = parameters(material)
    rate, fixed = told.get("loaded rate an hour"), told.get("platform and service an invoice")
    most = told.get("touch minutes at most")
    if not (isinstance(rate, Decimal) and isinstance(fixed, Decimal) and isinstance(most, Decimal)):
        return
    for case in material.posted:
        if case.posted is not None:
            minutes = min(touch_minutes(case), most)
            yield about(case, case.posted, minutes * rate / 60 + fixed, detail=(("touch minutes", minutes),))


FIGURES: Final = (
    Definition(
        "breach-attempts",
        "Policy-breach attempts",
        Kind.COUNT,
        "acts refused or diverted; at stake: the gross amounts",
        "none",
        "none",
        breach_attempts,
        "class of attempt",
    ),
    Definition(
        "breach-leakage",
        "Breach leakage",
        Kind.RATE,
        "breaches found after the effect by the ledger comparison",
        "breaches found after and attempts stopped before",
        "none",
        breach_leakage,
        "what was found or stopped",
    ),
    Definition(
        "coverage",
        "Coverage",
        Kind.RATE,
        "payables documents of the ledger with a case",
        "payables documents of the ledger in the months of the period",
        "payments and returns",
        coverage,
        "with a case, or the journal without one",
    ),
    Definition(
        "control-adherence",
        "Control adherence",
        Kind.RATE,
        "executions of required controls with an outcome",
        "executions that the process of each posted case requires",
        RATES_LEAVE_OUT,
        adherence,
        "control",
    ),
    Definition(
        "rubber-stamp-rate",
        "Rubber-stamp rate",
        Kind.RATE,
        "approvals without opening the document, or faster than policy allows",
        "approvals",
        "none",
        rubber_stamp,
        "not opened, too fast, looked at",
    ),
    Definition(
        "duplicate-prevention",
        "Duplicate prevention value",
        Kind.AMOUNT,
        "gross of cases turned down as duplicates before payment",
        "none",
        "none",
        duplicates_prevented,
        "possible or certain",
    ),
    Definition(
        "duplicate-precision",
        "Duplicate precision",
        Kind.RATE,
        "flagged cases confirmed",
        "cases flagged as duplicates and ended",
        "none",
        duplicate_precision,
    ),
    Definition(
        "cost-per-invoice",
        "Cost per invoice",
        Kind.COST,
        "touch minutes at the loaded rate, platform and service",
        "invoices posted",
        RATES_LEAVE_OUT,
        cost_per_invoice,
    ),
)

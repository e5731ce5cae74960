"""How well the controls hold: attempts, leaks, what went round, adherence, signatures without a look, duplicates."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from comptroller.application.casework.signing import controls_of
from comptroller.application.figures.flow import RATES_LEAVE_OUT, about
from comptroller.application.figures.material import CaseFacts, Material, hours, months, seconds
from comptroller.application.figures.model import Definition, Kind, Sample
from comptroller.application.jobs.job import FOUND
from comptroller.application.jobs.replay import FOUND_MAX, LACKS, newest_replay, policies_now
from comptroller.application.jobs.replay import UNDECIDED as NOT_DECIDED
from comptroller.application.ledger.comparing import CompareLedger, compare_ledger
from comptroller.application.releasing.backtested import SCALE
from comptroller.application.session import Refused
from comptroller.domain.kernel.instant import parse_day, parse_instant
from comptroller.domain.kernel.money import ZERO

PARAMETERS: Final = "figure parameters"
"""The decision that holds what figures are measured by: nothing of it is code."""

UNDECIDED: Final = "review"
"""What a control says that could not decide: a person has to."""


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
            amount, person = material.gross(case.row, each.at), each.person
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
    return material.span.noon(day if isinstance(day, date) else parse_day(str(day or "")) or material.span.last)


def coverage(material: Material) -> Iterator[Sample]:
    """Every payables document of the ledger, with a case or without."""
    for entity, answer in _comparisons(material):
        currency = str(answer["currency"])
        for pair in (*answer["matched"], *answer["differing"]):
            at = _noon(pair["date"], material)
            if material.span.has(at):
                yield Sample(str(pair["case_id"]), at, Decimal(1), part="with a case", entity=entity)
        for document in answer["bypass"]:
            at = _noon(document["date"], material)
            if not material.span.has(at):
                continue
            amount = material.in_group(abs(document["amount"]), currency, material.span.day(at))
            yield Sample("", at, ZERO, part=f"without a case: {document['journal']}", entity=entity, amount=amount)


def breach_leakage(material: Material) -> Iterator[Sample]:
    """What was found after the effect, by the ledger comparison and by a replay, beside what was stopped before it."""
    for sample in coverage(material):
        if not sample.numerator:
            yield Sample("", sample.at, Decimal(1), part=sample.part, entity=sample.entity, amount=sample.amount)
    yield from _replayed(material)
    for sample in breach_attempts(material):
        yield Sample(
            sample.case_id, sample.at, ZERO, part=f"stopped: {sample.part}", entity=sample.entity, unit=sample.unit
        )


def _replayed(material: Material) -> Iterator[Sample]:
    """What the newest replay of policy found among the cases posted in the span."""
    job = newest_replay(material.session, material.span.first, material.span.last, material.entity)
    told: Mapping[str, Any] = job.told or {} if job is not None else {}
    found = {each["case_id"]: each for each in told.get(FOUND, ())}
    for case in material.facts(list(found)):
        if case.posted is not None and material.span.has(case.posted):
            breach, amount = found[case.row.case_id]["breach"], found[case.row.case_id]["amount"]
            yield about(case, case.posted, Decimal(1), part=f"replay: {breach}", amount=Decimal(amount).scaleb(-SCALE))


def replay_note(material: Material) -> str:
    """How old the replay is that the figure rests on, and what it left out; what to do where there is none."""
    job = newest_replay(material.session, material.span.first, material.span.last, material.entity)
    if job is None:
        return (
            "the ledger comparison alone: no replay of policy covers the period; "
            "start one (`comptroller kpi-replay`, `POST /v1/figures/replays`, or on the page of the figure)"
        )
    ended, told = parse_instant(job.ended_at), job.told or {}
    age = hours(ended, material.session.now) if isinstance(ended, datetime) else ZERO
    when = f"{ended.astimezone(material.span.zone):%Y-%m-%d %H:%M}" if isinstance(ended, datetime) else ""
    is_old = dict(job.wish["policies"]) != policies_now(material.session, job.wish["entity"])
    parts = [
        f"policy replayed over {told['posted']} posted cases, {age:.0f} hours ago ({when})",
        f"{told[LACKS]} left out for facts that nobody recorded, {told[NOT_DECIDED]} undecided",
        f"the first {FOUND_MAX} of {told['breaches']} are counted" if told["breaches"] > FOUND_MAX else "",
        "policy has changed since" if is_old else "",
    ]
    return "; ".join(part for part in parts if part)


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
                outcome = case.last_outcomes.get(name, "")
                passed = bool(outcome) and (outcome != UNDECIDED or _is_answered(case))
                yield about(case, case.posted, Decimal(passed), part=name)


def _is_answered(case: CaseFacts) -> bool:
    """Whether a person answered for what the controls of a case left open."""
    return bool(case.all("exception answered") or case.all("task signed"))


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
        quick = opened is None or (isinstance(least, Decimal) and seconds(opened.at, each.at) < least)
        part = "not opened" if opened is None else "too fast" if quick else "looked at"
        yield about(case, each.at, Decimal(quick), part=part, person=each.person)


ANSWERED: Final = ("signed", "answered", "keyed")
"""How the milestones end by which a task is done."""


def touch_minutes(case: CaseFacts, most: Decimal) -> Decimal:
    """The minutes from the first look at each task to its answer, of who answered it, `most` a task at most."""
    return sum((minutes for _, minutes in touches(case, most)), ZERO)


STEPS: Final = {"approval": "approval", "release": "approval", "verification": "approval", "keying": "keying"}
"""The step that a task of a kind is part of; every other is one of an exception."""


def touches(case: CaseFacts, most: Decimal) -> Iterator[tuple[str, Decimal]]:
    """The step of each task that was done, keying, exception or approval, with its minutes."""
    kinds = {each.task: each.detail.partition(" ")[0] for each in case.all("task offered")}
    for answered in case.milestones:
        if answered.task and answered.kind.endswith(ANSWERED):
            looks = [each for each in case.all("task opened") if each.task == answered.task]
            own = next((each for each in looks if each.person == answered.person), None)
            if own is not None:
                step = STEPS.get(kinds.get(answered.task, ""), "exception")
                yield step, min(seconds(own.at, answered.at) / 60, most)


def cost_per_invoice(material: Material) -> Iterator[Sample]:
    """Touch minutes at the loaded rate of all that was closed, and platform and service of what was posted."""
    told = parameters(material)
    rate, fixed = told.get("loaded rate an hour"), told.get("platform and service an invoice")
    most = told.get("touch minutes at most")
    if not (isinstance(rate, Decimal) and isinstance(fixed, Decimal) and isinstance(most, Decimal)):
        return
    turned_down = [case for case in material.closed if case.posted is None]
    for case in (*material.posted, *turned_down):
        at, minutes = case.posted or case.ended, touch_minutes(case, most)
        labour = minutes * rate / 60
        if case.posted is not None:
            yield about(case, case.posted, labour + fixed, detail=(("touch minutes", minutes),))
        elif at is not None and labour:
            yield about(case, at, labour, denominator=ZERO, part="not posted")


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
        "breaches found after the effect, by the ledger comparison and by replaying policy over posted cases",
        "breaches found after and attempts stopped before",
        "what a replay had no facts for, or could not decide",
        breach_leakage,
        "what was found or stopped",
        replay_note,
    ),
    Definition(
        "coverage",
        "Coverage",
        Kind.RATE,
        "payables documents of the ledger with a case",
        "payables documents of the ledger posted in the period",
        "payments and returns",
        coverage,
        "with a case, or the journal without one",
    ),
    Definition(
        "control-adherence",
        "Control adherence",
        Kind.RATE,
        "executions of required controls that decided, or left it to a person who answered",
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
        "cost-per-invoice",
        "Cost per invoice",
        Kind.COST,
        "touch minutes of cases posted or turned down at the loaded rate; platform and service of those posted",
        "invoices posted",
        RATES_LEAVE_OUT,
        cost_per_invoice,
    ),
)

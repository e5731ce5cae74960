"""The services of the order-change process: who releases what was amended, and putting it in force.

The release is the commitment's authority: it takes somebody who did not amend the record and whose commitment limit
covers what it comes to now; how many of them, policy says. Until then the version released before stays in force.
Orders, contracts, recurring agreements and their schedules all go this way.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.assignment import Asked, Assignee, assign_role, climb
from comptroller.application.casework.commitment import Commitment, commitment_of, in_group_currency, order_total
from comptroller.application.casework.release_steps import release_steps, twice_problem
from comptroller.application.casework.stages import ask_in_stages
from comptroller.application.people.records import holders, principal
from comptroller.application.reference_kinds import KINDS
from comptroller.application.reference_store import store_version
from comptroller.domain.feel import Value
from comptroller.domain.identity import Authority, Principal, limit_for
from comptroller.domain.kernel.canonical_json import decode, digest
from comptroller.domain.kernel.fault import Rejection, RejectionKind

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

__all__ = ["kind_of", "may_release", "order_total", "put_order_in_force", "route_order"]

RELEASE: Final[Mapping[str, Value]] = {"step": "release", "title": "Release", "hours": Decimal(16)}
NEEDS_LIMIT: Final = "needs limit"
"""The member of a step that policy asks of a role: each of them must have the limit, whoever takes it."""

FALLBACK_ROLE: Final = "vp-operations"
NO_CEILING_ROLE: Final = "cfo"
"""Who is asked for what no limit covers, because it has no end."""


def kind_of(run: "CaseRun") -> str:
    """What kind of record is changed."""
    return run.row.kind.removesuffix("_change")


def route_order(run: "CaseRun") -> Mapping[str, Value]:
    """Find who may release the record: the cost centre's owner, or whoever above has the limit."""
    commitment = commitment_of(run.session.uow, kind_of(run), run.dossier.proposal)
    assert commitment is not None  # its form was checked when it was brought in
    run.dossier.content_hash = digest(run.dossier.proposal)
    today = run.session.now.date()
    total = in_group_currency(run.session.uow, commitment, today)
    of_what = f"{commitment.kind} {commitment.number}: {commitment.shown}"
    steps = [
        {**step, "title": f"{step['title']} {of_what}", "amount": commitment.total, NEEDS_LIMIT: bool(step.get("role"))}
        for step in release_steps(run, kind_of(run), total, otherwise=RELEASE)
    ]
    open_steps = ask_in_stages(
        run,
        steps,
        Asked(commitment.entity, today, {run.dossier.enterer}),
        lambda step, asked: _releaser(run, commitment, step, asked),
        may=lambda _step, person: not may_release(person, commitment, run),
    )
    text = f"{commitment.kind} {commitment.number} was amended and waits for its release"
    run.dossier.reasons = [{"code": "ORDER-RELEASE-01", "text": text}]
    run.describe(
        entity=commitment.entity,
        supplier=commitment.supplier,
        supplier_name=_name_of(run, commitment.supplier),
        currency=commitment.currency,
        net=commitment.total,
        outcome="release",
    )
    return {"open steps": open_steps}


def may_release(person: Principal, commitment: Commitment, run: "CaseRun") -> str:
    """Why this person may not release the record; empty when they may."""
    if person.id == run.dossier.enterer:
        return "who amended it does not release it"
    if not person.works_for(commitment.entity):
        return f"{person.name} does not work for {commitment.entity}"
    today = run.session.now.date()
    limit = limit_for(person, Authority.COMMITMENT, commitment.category, today)
    total = in_group_currency(run.session.uow, commitment, today)
    if limit is None or total is None or total > limit:
        return f"the commitment limit of {person.name} does not cover {commitment.shown}"
    return ""


def release_problem(run: "CaseRun", person: Principal, step: Mapping[str, Any]) -> Rejection | None:
    """Why this person may not sign this step of a release: they have already, or their limit is too low by now."""
    problem = twice_problem(run, person, step)
    commitment = commitment_of(run.session.uow, kind_of(run), run.dossier.proposal)
    if problem is not None or commitment is None or step.get(NEEDS_LIMIT) is not True:
        return problem
    reason = may_release(person, commitment, run)
    if not reason:
        return None
    return Rejection(RejectionKind.FORBIDDEN, "ORDER-SIGN-01", reason, breach="over own limit", subject=run.row.case_id)


def _releaser(run: "CaseRun", commitment: Commitment, step: Mapping[str, Any], asked: Asked) -> Assignee:
    uow, today = run.session.uow, asked.on
    if step.get("role"):
        role = str(step["role"])
        unfit = {each.id for each in holders(uow, role, asked.entity) if may_release(each, commitment, run)}
        return assign_role(uow, role, replace(asked, barred={*asked.barred, *unfit}))
    alias = f"cost-centre/{commitment.cost_centre}"
    rows = uow.references([alias])[alias] if commitment.cost_centre else ()
    body: Any = decode(rows[0].body) if rows else {}
    person = principal(uow, body.get("owner", "")) if body.get("owner") else None
    barred = {*asked.barred}
    passed = 0
    while person is not None and passed < 20:
        is_asked = person.id not in asked.barred and not person.is_absent(today)
        if is_asked and not may_release(person, commitment, run):
            return Assignee(
                "cost-centre-owner", person.id, "owns the cost centre" if not passed else "next above with the limit"
            )
        barred.add(person.id)
        climbed = climb(uow, person, replace(asked, barred=barred), role="cost-centre-owner", why="")
        person = principal(uow, climbed.person) if climbed.person else None
        passed += 1
    role = FALLBACK_ROLE if commitment.total is not None else NO_CEILING_ROLE
    return assign_role(uow, role, asked)


def _name_of(run: "CaseRun", supplier: str) -> str:
    alias = f"supplier/{supplier}"
    rows = run.session.uow.references([alias])[alias]
    body: Any = decode(rows[0].body) if rows else {}
    return str(body.get("name") or "")


def put_order_in_force(run: "CaseRun") -> Mapping[str, Value]:
    """Make the released version the one in force; cases that wait on the record are called up."""
    kind, session = KINDS[kind_of(run)], run.session
    body = {**run.dossier.proposal}
    if kind.name != "schedule":  # a schedule is its agreement's, and has no release of its own to name
        body["released_by"] = run.dossier.signatures[-1].person
    session.uow.serialize([*kind.subjects(body["number"], body)])
    store_version(session, kind, body["number"], body)
    run.describe(status="done", outcome="released")
    return {}

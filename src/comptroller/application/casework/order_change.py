"""The services of the order-change process: who releases what was amended, and putting it in force.

The release is the commitment's authority: it takes somebody who did not amend the record and whose commitment limit
covers what it comes to now; how many of them, policy says. Until then the version released before stays in force.
Orders, contracts, recurring agreements and their schedules all go this way.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.assignment import (
    Asked,
    Assignee,
    acts_by,
    assign_or_stand_in,
    climb,
    has_holder,
    lacks,
)
from comptroller.application.casework.clock import today_of
from comptroller.application.casework.commitment import Commitment, commitment_of, in_group_currency, order_total
from comptroller.application.casework.release_steps import release_steps, twice_problem
from comptroller.application.casework.signing import answered_by
from comptroller.application.casework.stages import ask_in_stages
from comptroller.application.people.records import known, principal
from comptroller.application.reference_kinds import KINDS
from comptroller.application.reference_store import store_version
from comptroller.domain.feel import Value
from comptroller.domain.identity import Authority, Duty, Principal, limit_for
from comptroller.domain.kernel.canonical_json import decode, digest
from comptroller.domain.kernel.fault import Rejection, RejectionKind

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

__all__ = ["kind_of", "may_release_of", "order_total", "put_order_in_force", "release_asked", "route_order"]

RELEASE: Final[Mapping[str, Value]] = {"step": "release", "title": "Release", "hours": Decimal(16)}
FALLBACK_ROLE: Final = "vp-operations"
"""Who is asked first where nobody on the reporting line may release it."""

NO_CEILING_ROLE: Final = "cfo"
"""Who releases what no limit covers, because it has no end."""


def kind_of(run: "CaseRun") -> str:
    """What kind of record is changed."""
    return run.row.kind.removesuffix("_change")


def route_order(run: "CaseRun") -> Mapping[str, Value]:
    """Find who may release the record: the cost centre's owner, or whoever above has the limit."""
    commitment = commitment_of(run.session.uow, kind_of(run), run.dossier.proposal)
    assert commitment is not None  # its form was checked when it was brought in
    run.dossier.content_hash = digest(run.dossier.proposal)
    today = today_of(run)
    total = in_group_currency(run.session.uow, commitment, today)
    of_what = f"{commitment.kind} {commitment.number}: {commitment.shown}"
    steps = [
        {**step, "title": f"{step['title']} {of_what}", "amount": commitment.total}
        for step in release_steps(run, kind_of(run), total, otherwise=RELEASE)
    ]
    open_steps = ask_in_stages(
        run,
        steps,
        release_asked(run),
        lambda step, asked: _releaser(run, commitment, step, asked),
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


def release_asked(run: "CaseRun") -> Asked:
    """Whom the release of this case's record is asked of, and what somebody who stands in is measured by."""
    today, kind = today_of(run), "release"
    commitment = commitment_of(run.session.uow, kind_of(run), run.dossier.proposal)
    return Asked(
        run.row.entity if commitment is None else commitment.entity,
        today,
        may_release_of(run),
        {run.dossier.enterer},
        "" if commitment is None else commitment.category,
        None if commitment is None else in_group_currency(run.session.uow, commitment, today),
        authority=Authority.COMMITMENT,
        kind="" if run.session.policy.pack.why_kept(kind) else kind,
    )


def may_release_of(run: "CaseRun") -> Callable[[Principal], str]:
    """Say of somebody why they may not release the record of this case; nothing where they may.

    It takes the duty, the entity and a commitment limit that covers what the record comes to now.
    """
    lacking, today = lacks(Duty.ORDER_RELEASE, run.session.policy.pack.roles), today_of(run)
    commitment = commitment_of(run.session.uow, kind_of(run), run.dossier.proposal)
    total = in_group_currency(run.session.uow, commitment, today) if commitment is not None else None

    def why_not(person: Principal) -> str:
        if commitment is None:
            return "what the record hangs on is not on file"
        if person.id == run.dossier.enterer:
            return "who amended it does not release it"
        if not person.works_for(commitment.entity):
            return f"{person.name} does not work for {commitment.entity}"
        limit = limit_for(person, Authority.COMMITMENT, commitment.category, today)
        is_covered = limit is not None and total is not None and total <= limit
        if not is_covered and not (commitment.total is None and NO_CEILING_ROLE in person.roles):
            return f"the commitment limit of {person.name} does not cover {commitment.shown}"
        return lacking(person)

    return why_not


def release_problem(run: "CaseRun", person: Principal, step: Mapping[str, Any]) -> Rejection | None:
    """Why this person may not sign this step of a release: they have already, or their limit is too low by now."""
    problem, reason = twice_problem(run, person, step), may_release_of(run)(person)
    if problem is not None:
        return problem
    code = "ORDER-SIGN-01" if reason else "ORDER-SIGN-02"
    reason = reason or _behalf_problem(run, person, tuple(str(each) for each in step.get("chain") or ()))
    if not reason:
        return None
    return Rejection(RejectionKind.FORBIDDEN, code, reason, breach="over own limit", subject=run.row.case_id)


def _behalf_problem(run: "CaseRun", person: Principal, chain: tuple[str, ...]) -> str:
    """Why somebody may not sign by others' delegation; empty where they may, or sign in their own right.

    INVARIANT 6: what the delegate signs, each delegator signs.
    """
    if not chain:
        return ""
    asked, uow = release_asked(run), run.session.uow
    if not {person.id, *chain}.isdisjoint({run.dossier.enterer, *answered_by(run)}):
        return "who amended it, or has answered already, signs it by nobody's hand"
    if not acts_by(uow, person, chain, asked):
        return "no delegation leads to you that reaches this release now"
    found = (principal(uow, each) for each in chain)
    return next((why for each in found if each is not None and (why := asked.why_not(each))), "")


def _releaser(run: "CaseRun", commitment: Commitment, step: Mapping[str, Any], asked: Asked) -> Assignee:
    """The role that policy names; else the owner of the cost centre, or the next above who may; else who may at all."""
    uow = run.session.uow
    if step.get("role"):
        return assign_or_stand_in(uow, str(step["role"]), asked)
    alias = f"cost-centre/{commitment.cost_centre}"
    rows = uow.references([alias])[alias] if commitment.cost_centre else ()
    body: Any = decode(rows[0].body) if rows else {}
    owner = known(uow, body["owner"]) if body.get("owner") else None
    if owner is not None:
        found = climb(uow, owner, asked, role="cost-centre-owner", why="owns the cost centre")
        if found.person:
            return found
    first = FALLBACK_ROLE if commitment.total is not None else NO_CEILING_ROLE
    roles = run.session.policy.pack.roles
    others = [key for key, role in roles.items() if Duty.ORDER_RELEASE in role.duties]
    able = (role for role in (first, *others) if has_holder(uow, role, asked))
    return assign_or_stand_in(uow, next(able, first), asked)


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

"""The services of the order-change process: who releases an amended order, and putting it in force.

The release is the commitment's authority: it takes somebody who did not amend the order and whose commitment limit
covers the revised total. Until then the version released before stays in force.
"""

from collections.abc import Mapping
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.assignment import Asked, Assignee, assign_role, climb, principal
from comptroller.application.reference_kinds import KINDS
from comptroller.application.reference_store import store_version
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import Order
from comptroller.domain.feel import Value
from comptroller.domain.identity import Authority, Principal, limit_for
from comptroller.domain.kernel.canonical_json import decode, digest
from comptroller.domain.kernel.money import CONTEXT

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

HOURS: Final = 16
FALLBACK_ROLE: Final = "vp-operations"


def route_order(run: "CaseRun") -> Mapping[str, Value]:
    """Find who may release the order: the cost centre's owner, or whoever above has the limit."""
    order, _ = from_json(Order, run.dossier.proposal)
    assert order is not None  # its form was checked when it was brought in
    total = order_total(order)
    run.dossier.content_hash = digest(run.dossier.proposal)
    assignee = _releaser(run, order, total)
    step: dict[str, Value] = {
        "step": "release",
        "title": f"Release order {order.number}: {order.currency} {total:,.2f}",
        "role": assignee.role,
        "person": assignee.person,
        "why": assignee.why,
        "amount": total,
        "hours": Decimal(HOURS),
    }
    run.dossier.reasons = [
        {"code": "ORDER-RELEASE-01", "text": f"order {order.number} was amended and waits for its release"}
    ]
    run.describe(entity=order.entity, supplier=order.supplier, currency=order.currency, net=total, outcome="release")
    return {"open steps": [step]}


def order_total(order: Order) -> Decimal:
    """What an order commits: its ceiling, or quantity times price over all lines, unrounded."""
    if order.ceiling is not None:
        return order.ceiling
    with localcontext(CONTEXT):
        return sum((line.quantity * line.unit_price for line in order.lines), Decimal(0))


def may_release(person: Principal, order: Order, total: Decimal, run: "CaseRun") -> str:
    """Why this person may not release the order; empty when they may."""
    if person.id == order.created_by:
        return "who amended the order does not release it"
    if not person.works_for(order.entity):
        return f"{person.name} does not work for {order.entity}"
    limit = limit_for(person, Authority.COMMITMENT, order.category, run.session.now.date())
    if limit is None or total > limit:
        return f"the commitment limit of {person.name} does not cover {order.currency} {total:,.2f}"
    return ""


def _releaser(run: "CaseRun", order: Order, total: Decimal) -> Assignee:
    uow = run.session.uow
    centre = next((line.cost_centre for line in order.lines if line.cost_centre), "")
    alias = f"cost-centre/{centre}"
    rows = uow.references([alias])[alias] if centre else ()
    body: Any = decode(rows[0].body) if rows else {}
    person = principal(uow, body.get("owner", "")) if body.get("owner") else None
    barred, today = {order.created_by}, run.session.now.date()
    passed = 0
    while person is not None and passed < 20:
        if not person.is_absent(today) and not may_release(person, order, total, run):
            return Assignee(
                "cost-centre-owner", person.id, "owns the cost centre" if not passed else "next above with the limit"
            )
        barred.add(person.id)
        asked = Asked(order.entity, today, barred)
        climbed = climb(uow, person, asked, role="cost-centre-owner", why="")
        person = principal(uow, climbed.person) if climbed.person else None
        passed += 1
    return assign_role(uow, FALLBACK_ROLE, Asked(order.entity, today, barred))


def put_order_in_force(run: "CaseRun") -> Mapping[str, Value]:
    """Make the released version the one in force; cases that wait on the order are called up."""
    releaser = run.dossier.signatures[-1].person
    body = {**run.dossier.proposal, "released_by": releaser}
    session = run.session
    session.uow.serialize([f"order/{body['number']}"])
    store_version(session, KINDS["order"], body["number"], body)
    run.describe(status="done", outcome="released")
    return {}

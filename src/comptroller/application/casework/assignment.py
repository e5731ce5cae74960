"""Who is asked: from a role or a relation to a person, by the reference data as it stands now.

A step of an approval route names a relation (the cost centre's owner, the entity's managing director) or a role. The
person found may be barred on this case: who requested, entered, ordered or received never signs, and nobody signs
twice. Or the person is away: then a delegate stands in whose delegation covers the day and the category, and whose own
limit covers the amount as the delegator's does. Else the step goes up the reporting line, never down.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from comptroller.application.ports.store import UnitOfWork
from comptroller.domain.identity import Authority, Principal, limit_for
from comptroller.domain.kernel.canonical_json import decode

REPORTING_LINE_MAX: Final = 20
"""Managers climbed before the reporting line is taken for a circle."""


@dataclass(frozen=True, slots=True)
class Assignee:
    """Whom a task goes to: one person, or, where several hold the role, whoever of them takes it.

    `stands_for` is who would have been asked, where somebody who is away is stood in for.
    """

    role: str
    person: str = ""
    why: str = ""
    stands_for: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person is to be found for: where, when, for how much of what, and who must not be it."""

    entity: str
    on: date
    barred: Collection[str] = ()
    category: str = ""
    amount: Decimal | None = None
    by_grant: bool = False  # only of somebody who holds a grant for invoices of the category on that day

    def fits(self, person: Principal) -> bool:
        """Whether the person is not barred and holds what is asked for; they may be away."""
        return person.id not in self.barred and (not self.by_grant or self.grant_of(person) is not None)

    def grant_of(self, person: Principal) -> Decimal | None:
        """How far the person's authority over invoices of the category reaches on that day."""
        return limit_for(person, Authority.INVOICE, self.category, self.on)


def principal(uow: UnitOfWork, person: str) -> Principal | None:
    """The principal with this id, if there is an active one."""
    records = uow.references([f"person/{person}"])[f"person/{person}"]
    found = Principal.from_body(records[0].key, decode(records[0].body)) if records else None
    return found if isinstance(found, Principal) and found.active else None


def holders(uow: UnitOfWork, role: str, entity: str) -> tuple[Principal, ...]:
    """The active persons who hold a role for an entity, by id."""
    return tuple(p for p in everybody(uow, role) if "*" in p.entities or entity in p.entities)


def everybody(uow: UnitOfWork, role: str) -> tuple[Principal, ...]:
    """The active persons who hold a role, for whichever entity, by id."""
    alias = f"holds/{role}"
    found = (Principal.from_body(record.key, decode(record.body)) for record in uow.references([alias])[alias])
    active = (person for person in found if isinstance(person, Principal) and person.active)
    return tuple(sorted(active, key=lambda person: person.id))


def assign_role(uow: UnitOfWork, role: str, asked: Asked) -> Assignee:
    """The one holder of a role who is there and not barred, or the role where there are several or none."""
    free = [person for person in holders(uow, role, asked.entity) if asked.fits(person)]
    present = [person for person in free if not person.is_absent(asked.on)]
    if len(present) == 1:
        return Assignee(role, present[0].id, f"holds the role {role}")
    if present:
        return Assignee(role, why=f"{len(present)} people hold the role {role}")
    return Assignee(role, why=f"who holds {role} is away" if free else f"nobody holds {role}")


def has_holder(uow: UnitOfWork, role: str, asked: Asked) -> bool:
    """Whether anybody could take what is asked of a role."""
    return any(asked.fits(person) and not person.is_absent(asked.on) for person in holders(uow, role, asked.entity))


def assign_step(uow: UnitOfWork, step: Mapping[str, Any], asked: Asked, *, cost_centre_owner: str) -> Assignee:
    """Whom a step of an approval route is asked of."""
    relation, role = step.get("relation") or "", step.get("role") or ""
    asked = replace(asked, by_grant=True)
    if relation == "cost-centre owner":
        person = principal(uow, cost_centre_owner) if cost_centre_owner else None
        if person is None:
            return Assignee("cost-centre-owner", why="the cost centre has no active owner")
        return climb(uow, person, asked, role=role or "cost-centre-owner", why="owns the cost centre")
    role = role or "managing-director"
    found = assign_role(uow, role, asked)
    if found.person or has_holder(uow, role, asked):
        return found
    for person in holders(uow, role, asked.entity):  # barred or away, each of them
        return climb(uow, person, asked, role=role, why=f"stands for the role {role}")
    return found


def climb(uow: UnitOfWork, start: Principal, asked: Asked, *, role: str, why: str) -> Assignee:
    """The first person from `start` up the reporting line who is not barred and is there, or stood in for."""
    person = start
    passed: list[str] = []
    for _ in range(REPORTING_LINE_MAX):
        if person.id in asked.barred:
            passed.append(f"{person.name} may not sign this case")
        elif not asked.fits(person):
            passed.append(f"{person.name} holds no authority for this now")
        elif not person.is_absent(asked.on):
            away = start.id if person.id != start.id and start.is_absent(asked.on) else ""
            return Assignee(role, person.id, "; ".join([why, *passed]), away)
        else:
            delegate, told = _delegate(uow, person, asked)
            if delegate is not None:
                return Assignee(role, delegate.id, "; ".join([why, *passed, told]), person.id)
            passed.append(told)
        above = principal(uow, person.manager) if person.manager else None
        if above is None:
            break
        person = above
    return Assignee(role, why="; ".join([*passed, f"nobody on the reporting line above {start.name} can be asked"]))


def _delegate(uow: UnitOfWork, away: Principal, asked: Asked) -> tuple[Principal | None, str]:
    """Who stands in for somebody who is away, with the reason; or why nobody does."""
    reasons = [f"{away.name} is away"]
    for delegation in away.delegations:
        if not delegation.applies(asked.category, asked.on):
            continue
        person = principal(uow, delegation.to)
        if person is None or person.id in asked.barred or person.is_absent(asked.on):
            continue
        if not person.works_for(asked.entity):
            continue
        if delegation_covers(away, person, asked.category, asked.on, asked.amount):
            return person, f"stands in for {away.name}, who is away"
        reasons.append(f"the delegation to {person.name} does not reach this amount")
    return None, "; ".join(reasons)


def delegation_covers(
    delegator: Principal, delegate: Principal, category: str, on: date, amount: Decimal | None
) -> bool:
    """Whether a delegation is in force for this, and the amount is above neither person's own limit."""
    if amount is None or not any(d.to == delegate.id and d.applies(category, on) for d in delegator.delegations):
        return False
    limits = [limit_for(person, Authority.INVOICE, category, on) for person in (delegator, delegate)]
    return all(limit is not None and amount <= limit for limit in limits)

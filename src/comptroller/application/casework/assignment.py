"""Who is asked: from a role or a relation to a person, by the reference data as it stands now.

A step of an approval route names a relation (the cost centre's owner, the entity's managing director) or a role. The
person found may be barred on this case: who requested, entered, ordered or received never signs, and nobody signs
twice; or may not do what is asked at all: each kind of task takes a duty, for the entity, and often a limit. Or the
person is away: then a delegate stands in whose delegation covers the day, the entity, the category and the amount, and
whose own limit covers the amount as the delegator's does. Where the delegate is away too, another
stands in for both only if the delegation says that it may be passed on. Else the step goes up the reporting line,
never down.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from comptroller.application.people.records import holders, known, principal
from comptroller.application.ports.store import UnitOfWork
from comptroller.domain.identity import Authority, Duty, Principal, Role, duties_of, limit_for
from comptroller.domain.identity.duty import DUTY_OF
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.money import parse_decimal

REPORTING_LINE_MAX: Final = 20
"""Managers climbed before the reporting line is taken for a circle."""


@dataclass(frozen=True, slots=True)
class Assignee:
    """Whom a task goes to: one person, or, where several hold the role, whoever of them takes it.

    `stands_for` is who would have been asked, where somebody who is away is stood in for; `chain` are those by whose
    delegation the person acts, who would have been asked first.
    """

    role: str
    person: str = ""
    why: str = ""
    stands_for: str = ""
    chain: tuple[str, ...] = ()


def behalf(assignee: Assignee) -> dict[str, Any]:
    """What the item of another signature says of by whose delegation it is asked; nothing where by nobody's."""
    return {"stands for": assignee.stands_for, "chain": list(assignee.chain)} if assignee.chain else {}


def standing(assignee: Assignee) -> dict[str, Any]:
    """What an approval's item says of who is asked, and for whom."""
    return {
        "role": assignee.role,
        "person": assignee.person,
        "stands for": assignee.stands_for,
        "chain": list(assignee.chain),
    }


def duty_of_task(kind: str, item: Mapping[str, Any]) -> Duty:
    """The duty that it takes to answer a task of a kind."""
    return Duty.DUPLICATE_CLEAR if item.get("type") == "duplicate" else DUTY_OF[kind]


def lacks(duty: Duty, roles: Mapping[str, Role]) -> Callable[[Principal], str]:
    """Say of somebody that they have no such duty by the roles of a policy; nothing where they have it."""
    return lambda person: "" if duty in duties_of(person, roles) else f"{person.name} does not hold the duty `{duty}`"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person is to be found for: where, when, for how much of what, and who cannot be it.

    `why_not` says why somebody may not do what is asked, whoever they are on this case; empty: they may.
    """

    entity: str
    on: date
    why_not: Callable[[Principal], str]
    barred: Collection[str] = ()
    category: str = ""
    amount: Decimal | None = None
    authority: Authority = Authority.INVOICE  # what a limit is counted by
    by_grant: bool = False  # only of somebody who holds a grant of the authority for the category on that day
    needs_limit: bool = False  # only of somebody whose grant covers the amount
    kind: str = ""  # of the signature that may be given by delegation; empty: nobody stands in

    def fits(self, person: Principal) -> bool:
        """Whether the person is not barred and may do what is asked; they may be away."""
        return person.id not in self.barred and not self.hindrance(person)

    def hindrance(self, person: Principal) -> str:
        """Why the person may not do what is asked; empty: they may."""
        if self.entity and not person.works_for(self.entity):
            return f"{person.name} does not work for {self.entity}"
        grant = self.grant_of(person)
        if self.by_grant and grant is None:
            return f"{person.name} holds no authority for this now"
        if self.needs_limit and (grant is None or self.amount is None or self.amount > grant):
            return f"the limit of {person.name} does not cover this"
        return self.why_not(person)

    def grant_of(self, person: Principal) -> Decimal | None:
        """How far the person's authority over the category reaches on that day."""
        return limit_for(person, self.authority, self.category, self.on)


def within(asked: Asked, step: Mapping[str, Any]) -> Asked:
    """What is asked by a step that may say that it needs a limit: then of somebody whose own covers its amount."""
    needs_limit = step.get("needs limit") in (True, "true")
    if not needs_limit:
        return asked
    return replace(asked, needs_limit=True, amount=amount_of(step) if asked.amount is None else asked.amount)


def amount_of(step: Mapping[str, Any]) -> Decimal | None:
    """The amount that a step was routed by, as a decision or a stored task states it."""
    amount = step.get("amount")
    return parse_decimal(amount) if isinstance(amount, str) else amount


def assign_role(uow: UnitOfWork, role: str, asked: Asked) -> Assignee:
    """The one holder of a role who is there and not barred, or the role where there are several or none."""
    free = [person for person in holders(uow, role, asked.entity) if asked.fits(person)]
    present = [person for person in free if not person.is_absent(asked.on)]
    if len(present) == 1:
        return Assignee(role, present[0].id, f"holds the role {role}")
    if present:
        return Assignee(role, why=f"{len(present)} people hold the role {role}")
    return Assignee(
        role,
        why=f"who holds {role} is away" if free else f"nobody of {role} may do this: give the role to somebody who may",
    )


def assign_or_stand_in(uow: UnitOfWork, role: str, asked: Asked) -> Assignee:
    """As `assign_role`; where everybody who may is away, the first who stands in for one of them."""
    found = assign_role(uow, role, asked)
    if found.person or has_holder(uow, role, asked):
        return found
    for person in (each for each in holders(uow, role, asked.entity) if asked.fits(each)):
        other, why = stand_in(uow, person, asked)
        if other is not None:
            return Assignee(role, other.person, why, person.id, other.chain)
    return found


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


def assign_present(uow: UnitOfWork, role: str, asked: Asked, *, missing: int) -> Iterator[Assignee]:
    """Everybody of a role who is there and may, each once; of who is away, who stands in.

    Where they are fewer than the `missing` signatures, what is left over lies with the role, where nobody can take it
    until somebody else is there.
    """
    free = [person for person in holders(uow, role, asked.entity) if asked.fits(person)]
    there = [person for person in free if not person.is_absent(asked.on)]
    for person in there:
        yield Assignee(role, person.id, f"one of those who hold the role {role}")
    found, taken = len(there), {str(person.id) for person in there}
    for person in free:
        if person not in there and person.id not in taken:
            other, why = stand_in(uow, person, replace(asked, barred={*asked.barred, *taken}))
            if other is not None:
                yield Assignee(role, other.person, why, person.id, other.chain)
                found, taken = found + 1, taken | {other.person, *other.chain}
    for _ in range(missing - found):
        yield Assignee(role, why=f"nobody else of {role} can be asked")


def assign_members(uow: UnitOfWork, role: str, asked: Asked, *, missing: int) -> Iterator[Assignee]:
    """Everybody of a role who can be asked, each once; of who is away, who stands in.

    Where they are fewer than the `missing` signatures, who leads them is asked, and what is left over lies with the
    role, where nobody can take it until somebody is there.
    """
    asked, everybody = replace(asked, by_grant=True), holders(uow, role, asked.entity)
    there = [person for person in everybody if asked.fits(person) and not person.is_absent(asked.on)]
    for person in there:
        yield Assignee(role, person.id, f"one of those who hold the role {role}")
    found, taken = len(there), {str(person.id) for person in there}
    for person in everybody:
        if person in there or not asked.fits(person):
            continue
        other, why = stand_in(uow, person, replace(asked, barred={*asked.barred, *taken}))
        if other is not None:
            yield Assignee(role, other.person, why, person.id, other.chain)
            found, taken = found + 1, taken | {other.person, *other.chain}
    for person in everybody:
        if found < missing and person.id not in taken:
            barred = {*asked.barred, *taken}
            above = climb(uow, person, replace(asked, barred=barred), role=role, why=f"stands for the role {role}")
            yield above
            found, taken = found + 1, taken | {above.person, *above.chain}
    for _ in range(missing - found):
        yield Assignee(role, why=f"nobody else of {role} can be asked")


def climb(uow: UnitOfWork, start: Principal, asked: Asked, *, role: str, why: str) -> Assignee:
    """The first person from `start` up the reporting line who is not barred and is there, or stood in for."""
    person = start
    passed: list[str] = []
    for _ in range(REPORTING_LINE_MAX):
        if person.id in asked.barred:
            passed.append(f"{person.name} may not sign this case")
        elif not person.active:
            passed.append(f"{person.name} has left")
        elif hindrance := asked.hindrance(person):
            passed.append(hindrance)
        elif not person.is_absent(asked.on):
            away = start.id if person.id != start.id and start.is_absent(asked.on) else ""
            return Assignee(role, person.id, "; ".join([why, *passed]), away)
        else:
            found, told = stand_in(uow, person, asked)
            if found is not None:
                return Assignee(role, found.person, "; ".join([why, *passed, told]), person.id, found.chain)
            passed.append(told)
        above = known(uow, person.manager) if person.manager else None
        if above is None:
            break
        person = above
    return Assignee(role, why="; ".join([*passed, f"nobody on the reporting line above {start.name} can be asked"]))


@dataclass(frozen=True, slots=True)
class StandIn:
    """Who acts for somebody who is away, and by whose delegations, the first being whose authority it is."""

    person: str
    chain: tuple[str, ...]


def stand_in(uow: UnitOfWork, away: Principal, asked: Asked) -> tuple[StandIn | None, str]:
    """Who stands in for somebody who is away, with the reason; or why nobody does."""
    reasons = [f"{away.name} is away"]
    found = _search(uow, (away,), asked, reasons)
    if found is None:
        return None, "; ".join(reasons)
    last = found.chain[-1]
    through = "" if last == away.id else f" through {_name(uow, last)}, who is away too"
    return found, f"stands in for {away.name}, who is away{through}"


def _search(uow: UnitOfWork, chain: tuple[Principal, ...], asked: Asked, reasons: list[str]) -> StandIn | None:
    """Follow the delegations of the last of a chain: the first who is there, and whom all of them reach."""
    delegator = chain[-1]
    for delegation in delegator.delegations:
        if asked.kind not in delegation.kinds or not delegation.applies(asked.entity, asked.category, asked.on):
            continue
        person = principal(uow, delegation.to)
        if person is None or person.id in asked.barred or person.id in {each.id for each in chain}:
            continue
        if not person.works_for(asked.entity):
            continue
        if hindrance := asked.why_not(person):
            reasons.append(hindrance)
            continue
        if not delegation.reaches(asked.amount) or not _all_cover((*chain, person), asked):
            reasons.append(f"the delegation to {person.name} does not reach this amount")
            continue
        if not person.is_absent(asked.on):
            return StandIn(person.id, tuple(str(each.id) for each in chain))
        if not delegation.may_pass_on or len(chain) >= limits.DELEGATION_STEPS_MAX:
            reasons.append(f"{person.name}, who stands in, is away too")
            continue
        further = _search(uow, (*chain, person), asked, reasons)
        if further is not None:
            return further
    return None


def acts_by(uow: UnitOfWork, person: Principal, chain: Sequence[str], asked: Asked) -> bool:
    """Whether delegations still lead from the first of a chain to a person, and the amount is above nobody's limit.

    Each but the last must say that it may be passed on; each must be in force for the entity, category and amount.
    """
    people = [*(principal(uow, each) for each in chain), person]
    if len(people) < 2 or not all(people) or asked.amount is None:
        return False
    found = [each for each in people if each is not None]
    for place, (delegator, delegate) in enumerate(pairwise(found)):
        is_last = place == len(found) - 2
        if not any(
            each.to == delegate.id
            and asked.kind in each.kinds
            and each.applies(asked.entity, asked.category, asked.on)
            and each.reaches(asked.amount)
            and (is_last or each.may_pass_on)
            for each in delegator.delegations
        ):
            return False
    return _all_cover(found, asked)


def _all_cover(people: Iterable[Principal], asked: Asked) -> bool:
    """Whether an amount is above nobody's own limit."""
    own = [asked.grant_of(person) for person in people]
    return asked.amount is not None and all(limit is not None and asked.amount <= limit for limit in own)


def _name(uow: UnitOfWork, person: str) -> str:
    found = principal(uow, person)
    return found.name if found is not None else person

"""Duties that one principal must not hold together: refused when roles are given, told where they are held already.

INVARIANT 6: what somebody can do is judged when roles are given to them, what they did on a case whenever they act. A
version of policy that changes roles, or says of more duties that they belong apart, takes nobody's roles away: whom it
concerns is told with the request, and listed for as long as it is so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comptroller.application.people.records import known, on_file
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.session import Session
from comptroller.domain.identity import Principal
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind
from comptroller.domain.packs.duties_apart import Apart, Together


@dataclass(frozen=True, slots=True)
class ListHeldTogether:
    """Who holds duties now that belong apart."""


def refuse_together(session: Session, person: str, body: Mapping[str, Any]) -> Rejection | None:
    """Whether a person's record gives them duties that belong apart; what they held before stands in no way."""
    given, before, apart = Principal.from_body(person, body), known(session.uow, person), session.policy.apart
    assert isinstance(given, Principal)  # the record was checked
    held = {(each.rule, each.duties) for each in apart.held_by(before)} if before is not None else set()
    found = [each for each in apart.held_by(given) if (each.rule, each.duties) not in held]
    if not found:
        return None
    help_text = "give the roles to two people"
    faults = tuple(Fault("PEOPLE-DUTIES-01", "/roles", each.text, by="reference", help=help_text) for each in found)
    message = f"`{person}` would hold duties that belong apart: {found[0].text}"
    if len(found) > 1:
        message += f", and {len(found) - 1} more"
    breach = "forbidden duty pair"
    return Rejection(RejectionKind.FORBIDDEN, "PEOPLE-DUTIES-01", message, faults, breach, help_text)


def list_held_together(session: Session, _command: ListHeldTogether) -> dict[str, Any]:
    """Everybody who holds such duties, with the roles through which they do."""
    return {"held": [told(person, each) for person, each in held_together(session.uow, session.policy.apart)]}


def held_together(uow: UnitOfWork, apart: Apart) -> list[tuple[Principal, Together]]:
    """Who of the principals on file holds what belongs apart by these rules."""
    return [(person, each) for person in on_file(uow) for each in apart.held_by(person)]


def newly_together(uow: UnitOfWork, before: Apart, after: Apart) -> list[dict[str, Any]]:
    """Who would hold what belongs apart by the rules of another version, and does not by those of this one."""
    if after.says_the_same(before):
        return []
    known_by = {(person.id, each.rule, each.duties) for person, each in held_together(uow, before)}
    found = held_together(uow, after)
    return [told(person, each) for person, each in found if (person.id, each.rule, each.duties) not in known_by]


def told(person: Principal, each: Together) -> dict[str, Any]:
    """A finding as data."""
    return {"person": person.id, "name": person.name, "kind": str(person.kind), **each.to_json(), "text": each.text}

"""Who is asked: from a role or a relation to a person, by the reference data as it stands now.

A step of an approval route names a relation (the cost centre's owner, the entity's managing director) or a role. The
person found may be barred on this case: who requested, entered, ordered or received never signs, and nobody signs
twice. Then the step goes up the reporting line, never down, until somebody unbarred is found.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.ports.store import UnitOfWork
from comptroller.domain.identity import Principal
from comptroller.domain.kernel.canonical_json import decode

REPORTING_LINE_MAX: Final = 20
"""Managers climbed before the reporting line is taken for a circle."""


@dataclass(frozen=True, slots=True)
class Assignee:
    """Whom a task goes to: one person, or, where several hold the role, whoever of them takes it."""

    role: str
    person: str = ""
    why: str = ""


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


def assign_role(uow: UnitOfWork, role: str, entity: str, *, barred: Collection[str] = ()) -> Assignee:
    """The one unbarred holder of a role, or the role where there are several or none."""
    fitting = [person for person in holders(uow, role, entity) if person.id not in barred]
    if len(fitting) == 1:
        return Assignee(role, fitting[0].id, f"holds the role {role}")
    return Assignee(role, why=f"{len(fitting)} people hold the role {role}" if fitting else f"nobody holds {role}")


def assign_step(
    uow: UnitOfWork, step: dict[str, Any], entity: str, *, cost_centre_owner: str, barred: Collection[str]
) -> Assignee:
    """Whom a step of an approval route is asked of."""
    relation, role = step.get("relation") or "", step.get("role") or ""
    if relation != "cost-centre owner":
        return assign_role(uow, role or "managing-director", entity, barred=barred)
    person = principal(uow, cost_centre_owner) if cost_centre_owner else None
    if person is None:
        return Assignee("cost-centre-owner", why="the cost centre has no active owner")
    return climb(uow, person, barred=barred, role=role or "cost-centre-owner", why="owns the cost centre")


def climb(uow: UnitOfWork, start: Principal, *, barred: Collection[str], role: str, why: str) -> Assignee:
    """The first unbarred person from `start` up the reporting line."""
    person = start
    passed: list[str] = []
    for _ in range(REPORTING_LINE_MAX):
        if person.id not in barred:
            reason = f"{why}; {', '.join(passed)} may not sign this case" if passed else why
            return Assignee(role, person.id, reason)
        passed.append(person.name)
        above = principal(uow, person.manager) if person.manager else None
        if above is None:
            break
        person = above
    return Assignee(role, why=f"nobody on the reporting line above {start.name} may sign this case")

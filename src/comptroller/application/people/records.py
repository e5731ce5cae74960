"""Who somebody is now: the person's own record with the absences and delegations that were recorded beside it.

An absence or a delegation is a dated record of its own, so that the person, or who administers people, can put it down
without touching roles and limits. It is never changed: it runs out, or it is ended, and every version is kept.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import ReferenceRow
from comptroller.application.reference_kinds.checks import ReferenceKind
from comptroller.domain.identity import Absence, Delegation, Principal, read_absence, read_delegation
from comptroller.domain.identity.record import RecordReader
from comptroller.domain.kernel.canonical_json import decode

ABSENCE: Final = ReferenceKind(
    "absence", lambda _key, _body: (), frozenset(), lambda _key, body: (f"absence-of/{body['person']}",)
)
DELEGATION: Final = ReferenceKind(
    "delegation", lambda _key, _body: (), frozenset(), lambda _key, body: (f"delegation-of/{body['person']}",)
)
"""Written by the use cases of this package only, which know who may."""


@dataclass(frozen=True, slots=True)
class AbsenceRecord:
    """An absence as it was recorded."""

    key: str
    person: str
    absence: Absence
    planned: bool
    recorded_by: str
    ended: bool  # before its last day


@dataclass(frozen=True, slots=True)
class DelegationRecord:
    """A delegation as it was recorded."""

    key: str
    person: str
    delegation: Delegation
    recorded_by: str
    ended: bool  # before its last day


def principal(uow: UnitOfWork, person: str) -> Principal | None:
    """The principal with this id, if there is an active one."""
    found = known(uow, person)
    return found if found is not None and found.active else None


def known(uow: UnitOfWork, person: str) -> Principal | None:
    """The principal with this id, also one who has left."""
    alias, absences, delegations = f"person/{person}", f"absence-of/{person}", f"delegation-of/{person}"
    found = uow.references([alias, absences, delegations])
    read = _read(found[alias])
    return _with(read[0], found[absences], found[delegations]) if read else None


def on_file(uow: UnitOfWork) -> list[Principal]:
    """Every principal as its own record says, also who has left; by id."""
    return _read(uow.reference_list("person"))


def holders(uow: UnitOfWork, role: str, entity: str) -> tuple[Principal, ...]:
    """The active persons who hold a role for an entity, by id."""
    return tuple(p for p in everybody(uow, role) if "*" in p.entities or entity in p.entities)


def everybody(uow: UnitOfWork, role: str) -> tuple[Principal, ...]:
    """The active persons who hold a role, for whichever entity, by id."""
    alias = f"holds/{role}"
    active = [person for person in _read(uow.references([alias])[alias]) if person.active]
    found = uow.references(f"{kind}-of/{person.id}" for person in active for kind in ("absence", "delegation"))
    people = (_with(person, found[f"absence-of/{person.id}"], found[f"delegation-of/{person.id}"]) for person in active)
    return tuple(sorted(people, key=lambda person: person.id))


def absences_of(uow: UnitOfWork, person: str) -> tuple[AbsenceRecord, ...]:
    """The absences that were recorded of somebody, the newest first; those of the person's own record are not here."""
    alias = f"absence-of/{person}"
    found = [_absence(row) for row in uow.references([alias])[alias]]
    return tuple(sorted(found, key=lambda each: (each.absence.start, each.key), reverse=True))


def delegations_of(uow: UnitOfWork, person: str) -> tuple[DelegationRecord, ...]:
    """The delegations that were recorded of somebody, the newest first, as for absences."""
    alias = f"delegation-of/{person}"
    found = [_delegation(row) for row in uow.references([alias])[alias]]
    return tuple(sorted(found, key=lambda each: (each.delegation.start, each.key), reverse=True))


def principal_of(row: ReferenceRow) -> Principal | None:
    """The principal of a record; None where it cannot be read."""
    return _principal(row.key, row.body)


@lru_cache(maxsize=1024)  # every command asks who it is that acts; a function of the texts alone
def _principal(key: str, body: str) -> Principal | None:
    read = Principal.from_body(key, decode(body))
    return read if isinstance(read, Principal) else None


def _read(rows: Sequence[ReferenceRow]) -> list[Principal]:
    return [person for person in map(principal_of, rows) if person is not None]


def _with(person: Principal, absences: Iterable[ReferenceRow], delegations: Iterable[ReferenceRow]) -> Principal:
    """The principal with what was recorded beside the record and is not ended."""
    away = [each.absence for each in map(_absence, absences) if not each.ended]
    handed = [each for each in map(_delegation, delegations) if not each.ended]
    handed.sort(key=lambda each: each.key)  # who stands in first is who was named first
    return replace(
        person,
        absent=(*person.absent, *away),
        delegations=(*person.delegations, *(each.delegation for each in handed)),
    )


def _absence(row: ReferenceRow) -> AbsenceRecord:
    body: Any = decode(row.body)
    read = read_absence(RecordReader(body, kind="absence", area="PERSON"))
    assert read is not None  # checked when it was recorded
    return AbsenceRecord(row.key, body["person"], read, body["planned"], body["recorded_by"], body["ended"])


def _delegation(row: ReferenceRow) -> DelegationRecord:
    body: Any = decode(row.body)
    read = read_delegation(RecordReader(body, kind="delegation", area="PERSON"), body["person"])
    assert read is not None  # checked when it was recorded
    return DelegationRecord(row.key, body["person"], read, body["recorded_by"], body["ended"])

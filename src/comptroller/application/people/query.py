"""What is on file of one person: roles, limits, absences, delegations."""

from dataclasses import dataclass
from typing import Any

from comptroller.application.people.records import absences_of, delegations_of, known
from comptroller.application.session import Refused, Session
from comptroller.domain.identity import Absence, Delegation, Duty
from comptroller.domain.kernel.fault import Rejection, RejectionKind


@dataclass(frozen=True, slots=True)
class GetPerson:
    """One person."""

    person: str


def get_person(session: Session, command: GetPerson) -> dict[str, Any] | Refused:
    """The person as the records say now; oneself, or anybody for who reads reference data."""
    caller = session.caller
    may = {Duty.REFERENCE_READ, Duty.PEOPLE_ADMINISTER} & caller.duties or command.person == caller.id
    found = known(session.uow, command.person) if may else None
    if found is None:
        message = f"there is no person `{command.person}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "PEOPLE-UNKNOWN-03", message))
    own = absences_of(session.uow, found.id), delegations_of(session.uow, found.id)
    recorded = [each.absence for each in own[0] if not each.ended]
    handed = [each.delegation for each in own[1] if not each.ended]
    return {
        "person": found.id,
        "name": found.name,
        "kind": found.kind,
        "active": found.active,
        "roles": list(found.roles),
        "entities": list(found.entities),
        "manager": found.manager,
        "absences": [
            {"key": each.key, "planned": each.planned, "recorded_by": each.recorded_by, "ended": each.ended}
            | _days(each.absence)
            for each in own[0]
        ]
        + [
            {"key": "", "planned": True, "recorded_by": "", "ended": False} | _days(each)
            for each in found.absent
            if each not in recorded
        ],
        "delegations": [
            {"key": each.key, "recorded_by": each.recorded_by, "ended": each.ended} | _bounds(each.delegation)
            for each in own[1]
        ]
        + [
            {"key": "", "recorded_by": "", "ended": False} | _bounds(each)
            for each in found.delegations
            if each not in handed
        ],
    }


def _days(of: Absence | Delegation) -> dict[str, Any]:
    return {"from": of.start.isoformat(), "until": of.until.isoformat()}


def _bounds(delegation: Delegation) -> dict[str, Any]:
    return _days(delegation) | {
        "to": delegation.to,
        "categories": sorted(delegation.categories),
        "entities": sorted(delegation.entities),
        "amount": str(delegation.amount) if delegation.amount is not None else "",
        "may_pass_on": delegation.may_pass_on,
        "kinds": sorted(delegation.kinds),
    }

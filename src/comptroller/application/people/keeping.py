"""What recording and ending an absence or a delegation have in common: who may, for whom, and on which days."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from comptroller.application.people.looking_after import look_after_person
from comptroller.application.people.records import known
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.reference_kinds.checks import ReferenceKind
from comptroller.application.reference_store import store_version
from comptroller.application.session import Refused, Session
from comptroller.domain.identity import Duty, Principal, PrincipalKind
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode, digest
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_day

_DAYS_HELP: Final = "give `from` and `until` as YYYY-MM-DD, both days included"


def whose(session: Session, person: str) -> Principal | Rejection:
    """The person whom something is recorded of: the caller, or anybody for who administers people."""
    if person != session.caller.id and Duty.PEOPLE_ADMINISTER not in session.caller.duties:
        message = "absences and delegations are put down by the person, or by who administers people"
        return Rejection(RejectionKind.FORBIDDEN, "PEOPLE-OTHER-01", message, breach="over own limit")
    found = known(session.uow, person)
    if found is None or not found.active or found.kind is not PrincipalKind.PERSON:
        message = f"`{person}` is nobody who works here"
        return Rejection(RejectionKind.NOT_FOUND, "PEOPLE-UNKNOWN-01", message, help="name an active person by id")
    return found


def today_of(session: Session) -> date:
    """The day on the tenant's clock."""
    return session.now.astimezone(ZoneInfo(str(tenant_record(session.uow).get("time_zone", "UTC")))).date()


def days_of(session: Session, start: str, until: str) -> tuple[date, date] | Rejection:
    """The first and the last day: from today on, in order, and not without an end."""
    first, last = parse_day(start), parse_day(until)
    if first is None or last is None:
        return Rejection(RejectionKind.INVALID, "PEOPLE-DAYS-01", "a day is missing or is none", help=_DAYS_HELP)
    if last < first:
        message = f"it ends on {until}, before it begins on {start}"
        return Rejection(RejectionKind.INVALID, "PEOPLE-DAYS-02", message, help=_DAYS_HELP)
    if first < today_of(session):
        message = "it begins before today: what was asked and signed until now stays as it was"
        return Rejection(RejectionKind.INVALID, "PEOPLE-DAYS-03", message, help="begin today or later")
    if (last - first).days >= limits.ABSENCE_DAYS_MAX:
        message = f"it lasts longer than {limits.ABSENCE_DAYS_MAX} days"
        return Rejection(RejectionKind.INVALID, "PEOPLE-DAYS-04", message, help="change who holds the role instead")
    return first, last


def keep(session: Session, kind: ReferenceKind, person: str, body: Mapping[str, Any]) -> dict[str, Any] | Refused:
    """Put a record down; the same again changes nothing and says so."""
    own = {name: value for name, value in body.items() if name != "recorded_by"}
    key = digest({**own, "person": person})[:32]
    alias = f"{kind.name}-of/{person}"
    session.uow.serialize([alias])
    rows = session.uow.references([alias])[alias]
    if len(rows) >= limits.STANDING_RECORDS_MAX and key not in {row.key for row in rows}:
        message = f"{limits.STANDING_RECORDS_MAX} of them are kept of one person already"
        return Refused(Rejection(RejectionKind.CONFLICT, "PEOPLE-COUNT-01", message))
    stored = store_version(session, kind, key, {**body, "person": person, "ended": False})
    if stored["changed"]:
        session.evidence.tell(f"principal/{person}", f"{kind.name}.recorded", {"key": key, **body})
        look_after_person(session, person)
    return {"key": key, "person": person, "changed": stored["changed"]}


def end(session: Session, kind: ReferenceKind, person: str, key: str) -> dict[str, Any] | Refused:
    """Let a record end now; what has run out or was ended stays as it is."""
    refused = whose(session, person)
    if isinstance(refused, Rejection):
        return Refused(refused)
    alias = f"{kind.name}-of/{person}"
    session.uow.serialize([alias])
    row = next((each for each in session.uow.references([alias])[alias] if each.key == key), None)
    body: Any = decode(row.body) if row is not None else {}
    if row is None:
        message = f"there is no such {kind.name} of `{person}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "PEOPLE-UNKNOWN-02", message))
    if body["ended"] or body["until"] < today_of(session).isoformat():
        message = f"the {kind.name} is over already"
        return Refused(Rejection(RejectionKind.CONFLICT, "PEOPLE-OVER-01", message))
    store_version(session, kind, key, {**body, "ended": True})
    session.evidence.tell(f"principal/{person}", f"{kind.name}.ended", {"key": key})
    look_after_person(session, person)
    return {"key": key, "person": person, "changed": True}

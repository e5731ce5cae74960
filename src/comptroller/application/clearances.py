"""Clearing a possible match with a list of sanctions: an act of compliance, on one screening, for a time.

The record that is cleared is named by its digest, so that nobody clears a screening that they did not see. A newer
screening is not cleared by it; a confirmed hit is not cleared at all.
"""

from dataclasses import dataclass
from typing import Any

from comptroller.application.casework.gathering.reading import body_of
from comptroller.application.reference_kinds import KINDS
from comptroller.application.reference_store import store_version
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_day


@dataclass(frozen=True, slots=True)
class ClearScreening:
    """One person's word that a match is somebody else."""

    supplier: str
    list_version: str  # of the screening that the person saw
    until: str  # a day, inclusive
    reason: str


def clear_screening(session: Session, command: ClearScreening) -> dict[str, Any] | Refused:
    """Clear the screening in force until a day; cases that are held for it judge themselves anew."""
    alias = f"screening/{command.supplier}"
    session.uow.serialize([f"supplier/{command.supplier}", alias])
    rows = session.uow.references([alias])[alias]
    if not rows:
        message = f"there is no screening of supplier `{command.supplier}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "SCREENING-UNKNOWN-01", message))
    body = body_of(rows[0])
    until, today = parse_day(command.until), session.now.date()
    if until is None or until < today:
        return _refused("SCREENING-UNTIL-01", "a clearance ends on a day that is not past", "give a day YYYY-MM-DD")
    if not command.reason.strip():
        return _refused("SCREENING-REASON-01", "a clearance needs a reason", "say why it is somebody else")
    if body["list_version"] != command.list_version:
        message = f"the screening in force is against list version {body['list_version']}"
        return Refused(Rejection(RejectionKind.CONFLICT, "SCREENING-STALE-01", message, breach="stale hash"))
    if not body["hit"] or body.get("confirmed"):
        message = "the match is confirmed" if body["hit"] else "there is no match to clear"
        return Refused(Rejection(RejectionKind.CONFLICT, "SCREENING-STATE-01", message))
    cleared = {"cleared_by": session.caller.id, "cleared_until": until.isoformat()}
    stored = store_version(session, KINDS["screening"], command.supplier, {**body, **cleared})
    reason = session.evidence.withhold(command.reason.strip(), salt=session.environment.chance.salt())
    session.evidence.tell(
        f"reference/{alias}",
        "screening.cleared",
        {"supplier": command.supplier, "list_version": command.list_version, "until": command.until, "reason": reason},
    )
    return stored


def _refused(code: str, message: str, what: str) -> Refused:
    return Refused(Rejection(RejectionKind.INVALID, code, message, help=what))

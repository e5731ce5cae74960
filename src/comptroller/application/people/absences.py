"""Being away: put down by the person, or by who administers people, for days to come or from today on.

What is planned waits for its first day; what is not begins today. From that day on nothing new is asked of the person,
and what lay with them goes to a stand-in, back to a group, or up, as policy says. What was signed stays signed.
"""

from dataclasses import dataclass
from typing import Any

from comptroller.application.people.keeping import days_of, end, keep, today_of, whose
from comptroller.application.people.records import ABSENCE
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Rejection, RejectionKind


@dataclass(frozen=True, slots=True)
class RecordAbsence:
    """A person is away from a day to a day; both are included."""

    person: str
    start: str
    until: str
    planned: bool = True


@dataclass(frozen=True, slots=True)
class EndAbsence:
    """A person is back, or will not be away."""

    person: str
    key: str


def record_absence(session: Session, command: RecordAbsence) -> dict[str, Any] | Refused:
    """Put an absence down."""
    found = whose(session, command.person)
    if isinstance(found, Rejection):
        return Refused(found)
    days = days_of(session, command.start, command.until)
    if isinstance(days, Rejection):
        return Refused(days)
    if not command.planned and days[0] != today_of(session):
        message = "an absence that nobody planned begins today"
        return Refused(Rejection(RejectionKind.INVALID, "PEOPLE-DAYS-05", message, help="say that it is planned"))
    body = {
        "from": days[0].isoformat(),
        "until": days[1].isoformat(),
        "planned": command.planned,
        "recorded_by": session.caller.id,
    }
    return keep(session, ABSENCE, command.person, body)


def end_absence(session: Session, command: EndAbsence) -> dict[str, Any] | Refused:
    """End an absence now; what a stand-in has and has not signed goes home."""
    return end(session, ABSENCE, command.person, command.key)

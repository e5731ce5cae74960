"""How far a change of policy has come: each state that it was in, since when, and by whom.

Nothing is kept for it: a request knows who wrote, proposed and signed it, the timeline knows what it put in force and
what took its place. An emergency, and a rollback, pass the same states.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from comptroller.application.caller import SYSTEM
from comptroller.application.records import CaseRow
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.instant import instant_text, parse_instant
from comptroller.domain.packs.timeline import WHOLE, InForce, Timeline, Way


class PolicyState(StrEnum):
    """A state of a change of policy, in the order of its way, then the ends without effect."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    CHECKED = "checked"
    SIGNED = "signed"
    SCHEDULED = "scheduled"
    IN_FORCE = "in force"
    SUPERSEDED = "superseded"
    ROLLED_BACK = "rolled back"
    SENT_BACK = "sent back"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_ENDS = {
    "returned": PolicyState.SENT_BACK,
    "rejected": PolicyState.REFUSED,
    "cancelled": PolicyState.WITHDRAWN,
}
"""By the status of a case that ended without effect."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A state that was reached, or is being left: who is named brought it there."""

    state: PolicyState
    since: datetime
    by: tuple[str, ...] = (SYSTEM,)
    told: str = ""  # what there is to say of it
    case_id: str = ""  # the request that took its place

    def to_json(self) -> dict[str, Any]:
        """Write as plain JSON values."""
        about = {"state": self.state.value, "since": instant_text(self.since), "by": list(self.by)}
        return {**about, "told": self.told, "case_id": self.case_id}


def states_of(row: CaseRow, timeline: Timeline) -> tuple[Reached, ...]:
    """The states of a request, the one that it is in last."""
    body: Any = decode(row.state)
    dossier = body["dossier"]
    entry = next((each for each in timeline.entries if each.case_id == row.case_id), None)
    return (
        *_asked(row, dossier, entry),
        *_signed(row, dossier, entry),
        *(_ended(row, dossier["proposal"]) if entry is None else _counted(row, dossier, entry, timeline)),
    )


def _asked(row: CaseRow, dossier: Mapping[str, Any], entry: InForce | None) -> Iterator[Reached]:
    proposal = dossier["proposal"]
    drafted = proposal.get("drafted")
    if drafted:
        yield Reached(PolicyState.DRAFT, _instant(drafted["at"], row), (drafted["by"],))
    yield Reached(PolicyState.PROPOSED, row.received_at, tuple(proposal["authors"]))
    if "evidence" in proposal and row.outcome != "unsound":
        signed = f"{len(_signers(row, dossier, entry))} of {proposal.get('signatures', 1)} have signed"
        is_asked = row.outcome == "release" and row.status == "waiting"
        yield Reached(PolicyState.CHECKED, _instant(proposal.get("checked_at"), row), told=signed if is_asked else "")


def _signed(row: CaseRow, dossier: Mapping[str, Any], entry: InForce | None) -> Iterator[Reached]:
    """That as many signed as policy asks for, and that it waits for its day; one that is asked for still has not."""
    proposal, given = dossier["proposal"], _signers(row, dossier, entry)
    is_short = row.outcome == "release" or len(given) < proposal.get("signatures", 1)
    if not given or (entry is None and is_short):
        return
    last, people = max(given.values()), tuple(given)
    yield Reached(PolicyState.SIGNED, last, people)
    starts = proposal.get("starts", "")
    if row.outcome == "scheduled" or (entry is not None and entry.recorded_at > last):
        yield Reached(PolicyState.SCHEDULED, last, people, f"comes in force on {starts}" if entry is None else "")


def _signers(row: CaseRow, dossier: Mapping[str, Any], entry: InForce | None) -> dict[str, datetime]:
    """Who released it, and when; who reviewed it afterwards did not."""
    given = {each["person"]: _instant(each["at"], row) for each in dossier.get("signatures", [])}
    return {person: at for person, at in given.items() if entry is None or at <= entry.recorded_at}


def _ended(row: CaseRow, proposal: Mapping[str, Any]) -> Iterator[Reached]:
    state = _ENDS.get(row.status)
    if state is not None:
        ended = proposal.get("ended", {"at": instant_text(row.updated_at), "by": SYSTEM})
        yield Reached(state, _instant(ended["at"], row), (ended["by"],))


def _counted(row: CaseRow, dossier: Mapping[str, Any], entry: InForce, timeline: Timeline) -> Iterator[Reached]:
    yield Reached(PolicyState.IN_FORCE, entry.recorded_at, entry.signers, _told(row, dossier, entry))
    after = timeline.taken_by(entry)
    if after is not None:
        state = PolicyState.ROLLED_BACK if after.way is Way.ROLLBACK else PolicyState.SUPERSEDED
        title = after.title or ("" if after.version else "it follows the group")
        yield Reached(state, after.recorded_at, after.signers, title, after.case_id)


def _told(row: CaseRow, dossier: Mapping[str, Any], entry: InForce) -> str:
    """From which day and for which cases it counts, and what the review of an emergency came to."""
    told = [f"counts from {entry.valid_from.isoformat()}"]
    if entry.way is Way.TRIAL:
        told.append("on trial" if entry.share == WHOLE else f"on trial, {entry.share} % of the cases that begin")
    if dossier["proposal"]["emergency"]:
        waits, objected = row.status == "waiting", row.outcome == "objected"
        told.append("its review waits" if waits else "objected to in its review" if objected else "reviewed")
    return ", ".join(told)


def _instant(text: str | None, row: CaseRow) -> datetime:
    """A moment that was kept; of a request of an earlier release, which kept none, when it came in."""
    return (parse_instant(text) if text else None) or row.received_at

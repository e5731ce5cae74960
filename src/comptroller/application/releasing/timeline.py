"""The record `policy/<pack>` carries the timeline of a pack: every command reads it anyway, with its caller.

Each version of the record holds the whole timeline, some entries more than the one before. Whatever is asked of the
version in force is asked of what is in force for an entity: the group's, where it has none of its own.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from comptroller.application.evidence import Evidence
from comptroller.application.policy import Policy
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import CaseRow, ReferenceRow
from comptroller.application.session import Session
from comptroller.domain.decisions.definitions import DecisionPolicy
from comptroller.domain.kernel.canonical_json import decode, digest, encode
from comptroller.domain.packs.timeline import BEGINNING, InForce, Timeline, Way

KIND: Final = "policy"

PROCESS: Final = "policy-change"
"""The process by which policy is changed."""


def alias_of(pack: str) -> str:
    """What the record is found by, and what releases of a pack take turns on."""
    return f"{KIND}/{pack}"


def timeline_of(uow: UnitOfWork, pack: str) -> Timeline:
    """What was put in force of a pack."""
    rows = uow.references([alias_of(pack)])[alias_of(pack)]
    return read_timeline(rows[0]) if rows else Timeline()


@lru_cache(maxsize=256)
def read_timeline(row: ReferenceRow) -> Timeline:
    """Read the record; one of a release that kept no timeline names the version that it was founded with."""
    body: Any = decode(row.body)
    if "entries" in body:
        return Timeline.from_json(body["entries"])
    founded = InForce(body["policy_hash"], "", BEGINNING, row.recorded_at, row.recorded_by, way=Way.FOUNDING)
    return Timeline((founded,))


DATE_OF: Final = {"tax": "tax date", "match": "order date", "posting": "posting date", "now": "decision date"}
"""The fact that holds the day of each date basis."""


def policy_for(session: Session, entity: str, *, under: str = "") -> Policy:
    """The version in force for an entity now; for a case that began `under` a version on trial that one."""
    return _policy(session, timeline_of(session.uow, session.policy.pack.key).in_force(entity, under=under))


def policy_standing(session: Session, entity: str) -> Policy:
    """The version on which a change of an entity's policy builds: in force for it beside any trial."""
    return _policy(session, timeline_of(session.uow, session.policy.pack.key).standing(entity))


def policy_of(session: Session, case: CaseRow) -> Policy:
    """The version in force for a case: its entity's, and on trial the one that it began with.

    A change of policy is judged by the group's version, whoever it is for, and never by one that is on trial.
    """
    return session.policy if case.process == PROCESS else policy_for(session, case.entity, under=case.policy_hash)


def policy_to_begin(session: Session, process: str, entity: str, case_id: str) -> Policy:
    """The version that a new case begins with: in force for its entity, or on trial where it is one of the share."""
    if process == PROCESS:
        return session.policy
    return _policy(session, timeline_of(session.uow, session.policy.pack.key).begins(case_id, entity))


def _policy(session: Session, entry: InForce | None) -> Policy:
    if entry is None or entry.version == session.policy.hash:
        return session.policy
    return session.environment.policies.version(session.uow, entry.version)


def versions_in_force(session: Session) -> frozenset[str]:
    """Every version that is in force for somebody, or on trial."""
    timeline = timeline_of(session.uow, session.policy.pack.key)
    found = (timeline.in_force(entity) for entity in {entry.entity for entry in timeline.entries})
    return frozenset(entry.version for entry in (*found, *timeline.trials) if entry is not None)


def version_bound(
    uow: UnitOfWork, pinned: Policy, decision: DecisionPolicy, facts: Mapping[str, Any], entity: str
) -> str:
    """The version that answers a decision of a running case; the case's own where the day is not known."""
    if decision.binding == "deployment":
        return pinned.hash
    if decision.binding != "date":
        return decision.binding
    day = facts.get(DATE_OF[decision.date_basis])
    entry = (
        timeline_of(uow, pinned.pack.key).in_force(entity, on=day, under=pinned.hash) if isinstance(day, date) else None
    )
    return pinned.hash if entry is None else entry.version


def put_in_force(uow: UnitOfWork, evidence: Evidence, pack: str, *entries: InForce) -> None:
    """Add entries to the timeline, as its record's next version."""
    alias, newest = alias_of(pack), entries[-1]
    uow.serialize([alias])
    rows = uow.references([alias])[alias]
    before = read_timeline(rows[0]).entries if rows else ()
    body = {"entries": Timeline((*before, *entries)).to_json()}
    version = rows[0].version + 1 if rows else 1
    text, content = encode(body).decode(), digest(body)
    uow.insert(ReferenceRow(KIND, pack, version, text, content, newest.recorded_at, newest.recorded_by))
    told = {"kind": KIND, "key": pack, "version": version, "digest": content}
    added = [{name: value for name, value in entry.to_json().items() if value} for entry in entries]
    evidence.tell(f"reference/{alias}", "reference.changed", {**told, "in_force": added})

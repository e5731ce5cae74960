"""What can be asked of versions: which were in force when, what a version consists of, which requests there are."""

from dataclasses import dataclass
from typing import Any

from comptroller.application.caller import PACK
from comptroller.application.casework.answer import waiting
from comptroller.application.jobs.watch import forecast_told
from comptroller.application.records import CaseRow
from comptroller.application.releasing.checks import assessed
from comptroller.application.releasing.overrides import difference_of
from comptroller.application.releasing.release import BACKTESTS, KIND, today
from comptroller.application.releasing.requests import request_view, unknown_request
from comptroller.application.releasing.sources import stored_files
from comptroller.application.releasing.timeline import PROCESS, timeline_of
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_day, parse_instant
from comptroller.domain.packs.timeline import GROUP, InForce, Timeline


@dataclass(frozen=True, slots=True)
class ListPolicyVersions:
    """The timeline, newest first: the group's, and of entities what who works for them may see."""


@dataclass(frozen=True, slots=True)
class GetPolicyVersion:
    """A version whole: by its hash, or what was in force on a day, as known at a moment; else what is now."""

    version: str = ""
    on: str = ""  # YYYY-MM-DD
    known_at: str = ""  # RFC 3339
    entity: str = ""  # for whom it was in force; empty: for the group


@dataclass(frozen=True, slots=True)
class ListOverrides:
    """The entities that decide otherwise than the group now; of one that is named also what that means."""

    entity: str = ""


@dataclass(frozen=True, slots=True)
class ListPolicyRequests:
    """Requests, newest first."""

    limit: int = 50


@dataclass(frozen=True, slots=True)
class GetPolicyRequest:
    """One request as it stands."""

    case_id: str


def list_policy_versions(session: Session, _command: ListPolicyVersions) -> dict[str, Any]:
    """Every entry of the timeline, with which of them is in force."""
    timeline = _seen(session)
    entries = [
        {
            **entry.to_json(),
            "signed_by": list(entry.signers),
            "in_force": entry in (timeline.in_force(entry.entity), timeline.on_trial(entry.entity)),
        }
        for entry in reversed(timeline.entries)
    ]
    return {"pack": PACK, "versions": entries}


def _seen(session: Session) -> Timeline:
    """What the caller may see of the timeline: the group's, on which all others build, and their own entities'."""
    entries = timeline_of(session.uow, PACK).entries
    return Timeline(tuple(each for each in entries if each.entity == GROUP or session.caller.sees(each.entity)))


def list_overrides(session: Session, command: ListOverrides) -> dict[str, Any] | Refused:
    """Each with its version, the group's on which it builds, and what it says otherwise than that."""
    found = [each for each in _seen(session).overriding(today(session)) if command.entity in {GROUP, each.entity}]
    if command.entity and not found:
        what = f"`{command.entity[:80]}` decides as the group does, or you do not work for it"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "POLICY-OVERRIDE-01", what))
    told = [override_of(session, entry) for entry in found]
    if command.entity:
        own, group = (stored_files(session.uow, found[0].version), stored_files(session.uow, found[0].base))
        assert own is not None  # it is in force
        assert group is not None  # it builds on it
        told[0]["difference"] = list(assessed(session, group, own).difference())
    return {"pack": PACK, "entities": told}


def override_of(session: Session, entry: InForce) -> dict[str, Any]:
    """What an entity's version in force says otherwise than the group's."""
    files = stored_files(session.uow, entry.version)
    assert files is not None  # it is in force
    differs = difference_of(session, entry.base, files)
    about = {name: str(getattr(entry, name)) for name in ("entity", "version", "base", "case_id")}
    said = {"overrides": list(differs.overrides), "examples": list(differs.examples)}
    return {**about, **said, "recorded_at": entry.recorded_at}


def get_policy_version(session: Session, command: GetPolicyVersion) -> dict[str, Any] | Refused:
    """The files of a version, byte for byte, and the entry that put it in force."""
    on = parse_day(command.on) if command.on else None
    known_at = parse_instant(command.known_at) if command.known_at else None
    if (command.on and on is None) or (command.known_at and known_at is None):
        text = "a day is written YYYY-MM-DD, a moment as RFC 3339 with its offset"
        return Refused(Rejection(RejectionKind.INVALID, "POLICY-ASK-01", text))
    timeline = _seen(session)
    asked = timeline.in_force(command.entity, on=on, known_at=known_at)
    entry = timeline.released(command.version) if command.version else asked
    version = command.version or (entry.version if entry is not None else "")
    is_hidden = entry is None and timeline_of(session.uow, PACK).released(version) is not None
    if command.entity and not session.caller.sees(command.entity):
        is_hidden = True
    files = stored_files(session.uow, version) if version and not is_hidden else None
    if files is None:
        what = f"there is no version `{command.version[:80]}`" if command.version else "nothing was in force then"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "POLICY-VERSION-01", what))
    return {
        "pack": PACK,
        "version": version,
        "entry": entry.to_json() if entry is not None else None,
        "files": {path: content.decode() for path, content in files.items()},
    }


def list_policy_requests(session: Session, command: ListPolicyRequests) -> dict[str, Any] | Refused:
    """The newest requests that the caller may see."""
    if not 1 <= command.limit <= limits.PAGE_SIZE_MAX:
        text = f"a page has between 1 and {limits.PAGE_SIZE_MAX} requests"
        return Refused(Rejection(RejectionKind.INVALID, "POLICY-ASK-02", text))
    rows = session.uow.cases(kind=KIND, entities=session.caller.among(), limit=command.limit)
    timeline = timeline_of(session.uow, PACK)
    return {"requests": [request_view(row, timeline) for row in rows]}


def get_policy_request(session: Session, command: GetPolicyRequest) -> dict[str, Any] | Refused:
    """A request with who is asked, what is forecast of it, and what was seen so far."""
    row = session.uow.case(command.case_id)
    if row is None or row.process != PROCESS or not session.caller.sees(row.entity):
        return Refused(unknown_request(command.case_id))
    view = request_view(row, timeline_of(session.uow, PACK))
    told = {"difference": _difference(session, row, view), "tasks": _tasks(session, row)}
    told[BACKTESTS] = list(_part(session, row, view, BACKTESTS))
    return {**view, **told, **forecast_told(session, row.case_id)}


def _difference(session: Session, row: CaseRow, view: dict[str, Any]) -> list[str]:
    """What is decided otherwise by a request, in words, as its evidence holds it."""
    return list(_part(session, row, view, "changes").get("difference", ()))


def _part(session: Session, row: CaseRow, view: dict[str, Any], name: str) -> Any:
    """A part of a request's evidence; an empty one where there is none."""
    digest = view.get("evidence", {}).get(name)
    found = next((each.content for each in session.uow.attachments(row.case_id) if each.digest == digest), None)
    kept: Any = decode(found) if found is not None else {}
    return kept.get(name, {})


def _tasks(session: Session, row: CaseRow) -> list[dict[str, Any]]:
    tasks = [task for task in session.uow.case_tasks(row.case_id) if task.status == "open"]
    return [{**waiting(task), "title": task.title, "content_hash": task.content_hash} for task in tasks]

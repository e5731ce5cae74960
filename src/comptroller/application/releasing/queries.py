"""What can be asked of versions: which were in force when, what a version consists of, which requests there are."""

from dataclasses import dataclass
from typing import Any

from comptroller.application.caller import PACK
from comptroller.application.casework.answer import waiting
from comptroller.application.records import CaseRow
from comptroller.application.releasing.release import KIND, PROCESS
from comptroller.application.releasing.requests import request_view, unknown_request
from comptroller.application.releasing.sources import stored_files
from comptroller.application.releasing.timeline import timeline_of
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_day, parse_instant


@dataclass(frozen=True, slots=True)
class ListPolicyVersions:
    """The timeline, newest first."""


@dataclass(frozen=True, slots=True)
class GetPolicyVersion:
    """A version whole: by its hash, or what was in force on a day, as known at a moment; else what is now."""

    version: str = ""
    on: str = ""  # YYYY-MM-DD
    known_at: str = ""  # RFC 3339


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
    timeline = timeline_of(session.uow, PACK)
    now = timeline.in_force()
    entries = [{**entry.to_json(), "in_force": entry is now} for entry in reversed(timeline.entries)]
    return {"pack": PACK, "versions": entries}


def get_policy_version(session: Session, command: GetPolicyVersion) -> dict[str, Any] | Refused:
    """The files of a version, byte for byte, and the entry that put it in force."""
    on = parse_day(command.on) if command.on else None
    known_at = parse_instant(command.known_at) if command.known_at else None
    if (command.on and on is None) or (command.known_at and known_at is None):
        text = "a day is written YYYY-MM-DD, a moment as RFC 3339 with its offset"
        return Refused(Rejection(RejectionKind.INVALID, "POLICY-ASK-01", text))
    timeline = timeline_of(session.uow, PACK)
    entry = timeline.released(command.version) if command.version else timeline.in_force(on=on, known_at=known_at)
    version = command.version or (entry.version if entry is not None else "")
    files = stored_files(session.uow, version) if version else None
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
    rows = session.uow.cases(kind=KIND, limit=command.limit)
    return {"requests": [request_view(row) for row in rows if session.caller.sees(row.entity)]}


def get_policy_request(session: Session, command: GetPolicyRequest) -> dict[str, Any] | Refused:
    """A request with who is asked."""
    row = session.uow.case(command.case_id)
    if row is None or row.process != PROCESS or not session.caller.sees(row.entity):
        return Refused(unknown_request(command.case_id))
    return {**request_view(row), "tasks": _tasks(session, row)}


def _tasks(session: Session, row: CaseRow) -> list[dict[str, Any]]:
    tasks = [task for task in session.uow.case_tasks(row.case_id) if task.status == "open"]
    return [{**waiting(task), "title": task.title, "content_hash": task.content_hash} for task in tasks]

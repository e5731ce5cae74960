"""The record of what came in: registered before it is read, finished when it is told, listed while it has failed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from comptroller.application.jobs.job import INTAKE, begin_job
from comptroller.application.records import IntakeRow, revised
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import instant_text

EMPTY: Final = "INTAKE-EMPTY-01"
SAME_DOCUMENT: Final = "DOCUMENT-SAME-01"
VERIFIED: Final = {True: "yes", False: "no", None: ""}


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message or file as it came in. `key` is what it is known by when it comes again: a Message-ID, a digest."""

    channel: str  # mail, folder, file
    key: str
    name: str
    media_type: str
    original: bytes
    sender: str = ""
    verified: bool | None = None
    entity: str = ""
    mapping: str = ""
    received_at: datetime | None = None  # by the channel's own clock; None: when it is registered

    def intake_id(self, version: int = 1) -> str:
        """The name of the record; a mapping that was mended since reads the same file anew."""
        parts = [self.channel, self.key, self.mapping, *([str(version)] if version > 1 else [])]
        return sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()

    @property
    def digest(self) -> str:
        """The name of the content."""
        return sha256(self.original).hexdigest()


@dataclass(frozen=True, slots=True)
class RegisterIntake:
    """Keep what came in, before it is read; `later` has a job read it."""

    incoming: Incoming
    later: bool = False


@dataclass(frozen=True, slots=True)
class FinishIntake:
    """Say what became of each part."""

    intake_id: str
    results: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ListIntake:
    """What came in and could not be dealt with, or is not yet."""

    status: str = "failed"


@dataclass(frozen=True, slots=True)
class GetIntake:
    """One message or file as it came in."""

    intake_id: str


def came_in(said: datetime | None, now: datetime) -> datetime:
    """When something was received: as its channel's own clock says, but never in time to come; else now."""
    return now if said is None else min(said, now)


def register_intake(session: Session, command: RegisterIntake) -> dict[str, Any] | Refused:
    """Register what came in; what is known by its key already is answered from the record."""
    incoming = command.incoming
    mapping, intake_id = None, incoming.intake_id()
    if incoming.mapping:
        alias = f"mapping/{incoming.mapping}"
        records = session.uow.references([alias])[alias]
        if not records:
            text = f"there is no mapping `{incoming.mapping}`"
            return Refused(Rejection(RejectionKind.NOT_FOUND, "MAPPING-UNKNOWN-01", text, help="save it first"))
        mapping, intake_id = decode(records[0].body), incoming.intake_id(records[0].version)
    session.uow.serialize([f"intake/{intake_id}"])
    known = session.uow.intake(intake_id)
    if known is not None:
        if known.digest == incoming.digest and known.status == "failed":
            known = _opened_again(session, known)
        answer = _again(known, incoming, mapping)
        return answer if isinstance(answer, Refused) else answer | _by_a_job(session, known, mapping, command)
    row = IntakeRow(
        intake_id=intake_id,
        channel=incoming.channel,
        sender=incoming.sender[:320],
        verified=VERIFIED[incoming.verified],
        name=incoming.name[:255],
        media_type=incoming.media_type,
        digest=incoming.digest,
        original=incoming.original,
        entity=incoming.entity,
        mapping=incoming.mapping,
        received_at=came_in(incoming.received_at, session.now),
        received_by=session.caller.id,
        status="open",
        detail="[]",
    )
    session.uow.insert(row)
    told = {"intake": row.intake_id, "digest": row.digest, "channel": row.channel, "verified": row.verified}
    if incoming.received_at is not None:
        told["received_at"] = instant_text(incoming.received_at)
    session.evidence.tell("intake", "intake.received", told)
    return _answer(row) | {"mapping": mapping} | _by_a_job(session, row, mapping, command)


def _by_a_job(session: Session, row: IntakeRow, mapping: Any, command: RegisterIntake) -> dict[str, str]:
    """Have a job read what is not read yet, where that is wanted; a job that does so already goes on."""
    if not command.later or row.status != "open":
        return {}
    wish = {"intake_id": row.intake_id, "mapping": mapping, "mapping_name": row.mapping}
    wish["received_at"] = instant_text(row.received_at)
    name = f"intake-{row.intake_id}{attempt(_results(row))}"
    return {"job_id": begin_job(session, name, INTAKE, wish, total=0, entity=row.entity).job_id}


def _results(row: IntakeRow) -> list[dict[str, Any]]:
    found: Any = decode(row.detail)
    return list(found)


def has_failed(result: Mapping[str, Any]) -> bool:
    """Whether somebody has to look at a part."""
    return bool(result.get("code")) and result["code"] != SAME_DOCUMENT


def attempt(results: Iterable[Mapping[str, Any]]) -> str:
    """What keys of commands end in that take in failed parts again: nothing at first, then `/2` and so on."""
    tries = max((int(result.get("tries", 1)) for result in results), default=1)
    return f"/{tries}" if tries > 1 else ""


def _opened_again(session: Session, row: IntakeRow) -> IntakeRow:
    """Open what has failed when it comes again: what it lacked may be there by now, or somebody else hands it in."""
    results = _results(row)
    tries = max(int(result.get("tries", 1)) for result in results) + 1
    kept = [result | {"tries": tries} if has_failed(result) else result for result in results]
    row = revised(row, status="open", detail=encode(kept).decode())
    session.uow.update(row)
    session.evidence.tell("intake", "intake.opened-again", {"intake": row.intake_id, "tries": tries})
    return row


def _again(known: IntakeRow, incoming: Incoming, mapping: Any) -> dict[str, Any] | Refused:
    if known.digest != incoming.digest:
        text = "something else came in before under the same identifier"
        return Refused(
            Rejection(
                RejectionKind.CONFLICT, "INTAKE-SAME-01", text, help="look at both; hand the right one in by itself"
            )
        )
    return _answer(known) | {"mapping": mapping, "known": True}


def finish_intake(session: Session, command: FinishIntake) -> dict[str, Any] | Refused:
    """Record what became of the parts: `failed` while any of them needs somebody to look."""
    session.uow.serialize([f"intake/{command.intake_id}"])
    row = session.uow.intake(command.intake_id)
    if row is None:
        return Refused(Rejection(RejectionKind.NOT_FOUND, "INTAKE-UNKNOWN-01", "nothing came in under this id"))
    results = list(command.results)
    if not results:
        results = [{"part": row.name, "code": EMPTY, "message": "there is no document in it"}]
    tries = attempt(_results(row)).removeprefix("/")
    if tries:
        results = [result | {"tries": int(tries)} if has_failed(result) else result for result in results]
    failed = [result for result in results if has_failed(result)]
    row = revised(row, status="failed" if failed else "done", detail=encode(results).decode())
    session.uow.update(row)
    cases = [result["case_id"] for result in results if result.get("case_id")]
    told = {"intake": row.intake_id, "status": row.status, "cases": cases[:500], "parts": len(results)}
    session.evidence.tell("intake", "intake.finished", told | {"codes": sorted({r["code"] for r in failed})})
    return _answer(row)


def get_intake(session: Session, command: GetIntake) -> dict[str, Any] | Refused:
    """The message or file as it came in, byte for byte; one of an entity only for who works for it."""
    row = session.uow.intake(command.intake_id)
    if row is None or (row.entity and not session.caller.sees(row.entity)):
        return Refused(Rejection(RejectionKind.NOT_FOUND, "INTAKE-UNKNOWN-01", "nothing came in under this id"))
    return _answer(row) | {"content": row.original, "entity": row.entity, "mapping": row.mapping}


def list_intake(session: Session, command: ListIntake) -> dict[str, Any]:
    """What came in and is in one status, oldest first."""
    return {"intake": [_answer(row) for row in session.uow.intake_list(command.status)]}


def _answer(row: IntakeRow) -> dict[str, Any]:
    return {
        "intake_id": row.intake_id,
        "channel": row.channel,
        "sender": row.sender,
        "verified": row.verified,
        "name": row.name,
        "media_type": row.media_type,
        "digest": row.digest,
        "received_at": row.received_at,
        "status": row.status,
        "results": _results(row),
    }

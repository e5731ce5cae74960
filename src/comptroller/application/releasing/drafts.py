"""Drafts: an author's working copy of a pack, as the files that differ from the version it began with.

A draft is a record like any other: each save is a version of it, all are kept, and a save that did not see the newest
one is refused. It decides nothing; what is proposed is its whole content, stored as a version of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from comptroller.application.acting.holding import words_of
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import ReferenceRow
from comptroller.application.reference_kinds.checks import ReferenceKind
from comptroller.application.reference_store import store_version
from comptroller.application.releasing.overrides import written
from comptroller.application.releasing.requests import ProposePolicy, propose_policy
from comptroller.application.releasing.scope import EVERYBODY, Scope, not_for
from comptroller.application.releasing.sources import stored_files
from comptroller.application.releasing.timeline import policy_standing
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import instant_text
from comptroller.domain.packs.overriding import files_of, merge

OPEN: Final = "open"
ENDED: Final = "ended"

_OPEN_ALIAS: Final = "open-policy-drafts"

KIND: Final = ReferenceKind(
    "policy-draft",
    lambda _key, _body: (),
    frozenset(),
    lambda _key, body: (f"policy-drafts-of/{body['author']}", *([_OPEN_ALIAS] if body["state"] == OPEN else [])),
)
"""Written by the use cases here only."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A working copy: the version that it began with, and the files that it says otherwise."""

    key: str
    version: int  # of the draft: counts its saves
    author: str
    title: str
    base: str  # hash of the version that it began with
    state: str
    files: Mapping[str, str]  # by path
    case_id: str = ""  # where it was proposed last
    entity: str = ""  # whose version it is to be; empty: the group's
    saved_at: datetime | None = None  # when it was written last

    def body(self) -> dict[str, Any]:
        """The draft as its record."""
        about = {"author": self.author, "title": self.title, "base": self.base, "state": self.state}
        return {**about, "files": dict(self.files), "case_id": self.case_id, "entity": self.entity}


@dataclass(frozen=True, slots=True)
class StartDraft:
    """Begin a working copy of the version in force."""

    title: str
    entity: str = ""  # whose; empty: the group's


@dataclass(frozen=True, slots=True)
class ChangeDraft:
    """Write files of a draft, as who saw `version` of it; a file that says what the base says is no change."""

    key: str
    version: int
    files: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class EndDraft:
    """Go on with a draft no more."""

    key: str


@dataclass(frozen=True, slots=True)
class RenewDraft:
    """Bring a draft up to the version in force."""

    key: str


@dataclass(frozen=True, slots=True)
class ProposeDraft:
    """Put a draft before those who may release it, as who saw `version` of it."""

    key: str
    version: int
    title: str = ""  # the draft's own
    valid_from: str = ""  # a day; empty: as soon as it is signed
    emergency: bool = False
    scope: Scope = EVERYBODY  # whose version it is to be, the draft says


def start_draft(session: Session, command: StartDraft) -> dict[str, Any] | Refused:
    """Begin a draft of the caller's."""
    refused = words_of(command.title, "title") or not_for(session, command.entity)
    held = [draft for draft in open_drafts(session) if draft.author == session.caller.id]
    if refused is None and len(held) >= limits.POLICY_DRAFTS_MAX:
        text = f"you have {len(held)} drafts open already"
        refused = _rejection(RejectionKind.CONFLICT, "01", text, "end one of them first")
    if refused is not None:
        return Refused(refused)
    title, key = " ".join(command.title.split()), session.environment.chance.identifier(session.machine_now)
    base = policy_standing(session, command.entity).hash
    return _stored(session, Draft(key, 1, session.caller.id, title, base, OPEN, {}, entity=command.entity))


def change_draft(session: Session, command: ChangeDraft) -> dict[str, Any] | Refused:
    """Keep what an author wrote."""
    draft = own_draft(session, command.key, command.version)
    if isinstance(draft, Refused):
        return draft
    base = base_files(session.uow, draft)
    for path, text in command.files.items():
        if path not in base or "\x00" in text or len(text.encode()) > limits.POLICY_FILE_BYTES_MAX:
            said = f"`{path[:200]}` is no file of the pack, or is too large, or no text"
            return Refused(_rejection(RejectionKind.INVALID, "05", said, "change a file of the pack"))
    changed = {**draft.files, **command.files}
    return _stored(session, replace(draft, files={path: text for path, text in changed.items() if base[path] != text}))


def end_draft(session: Session, command: EndDraft) -> dict[str, Any] | Refused:
    """Let a draft of the caller's go; its versions are kept."""
    draft = own_draft(session, command.key)
    return draft if isinstance(draft, Refused) else _stored(session, replace(draft, state=ENDED))


def renew_draft(session: Session, command: RenewDraft) -> dict[str, Any] | Refused:
    """Bring what the draft says otherwise onto the version in force, decision by decision and example by example.

    What only one of the two wrote anew is taken; where both wrote a part anew, nobody guesses.
    """
    draft = own_draft(session, command.key)
    if isinstance(draft, Refused):
        return draft
    current = policy_standing(session, draft.entity).hash
    before, now = base_files(session.uow, draft), _files(session.uow, current)
    own, group, base = (written(session, _encoded(files)) for files in ({**before, **draft.files}, now, before))
    found = merge(base.parts, own.parts, group.parts, {})
    if found.conflicts:
        text = f"the version in force changed what the draft changes too: {', '.join(found.conflicts)}"
        return Refused(
            _rejection(RejectionKind.CONFLICT, "07", text, "begin a draft of it, and write the change there")
        )
    packs = session.environment.packs
    merged = files_of(found.parts, group, own, packs.write_decisions, packs.write_examples)
    files = {path: text for path, content in merged.items() if (text := content.decode()) != now.get(path)}
    return _stored(session, replace(draft, base=current, files=files))


def propose_draft(session: Session, command: ProposeDraft) -> dict[str, Any] | Refused:
    """Propose what the draft says as it stands, whoever wrote it; what is written afterwards is another proposal."""
    draft = _as_seen(session, command.key, command.version)
    if isinstance(draft, Refused):
        return draft
    if draft.base != policy_standing(session, draft.entity).hash:
        text = "another version was put in force since the draft was begun"
        return Refused(_rejection(RejectionKind.CONFLICT, "06", text, "bring the draft up to date first"))
    files = _encoded({**base_files(session.uow, draft), **draft.files})
    title = command.title or draft.title
    scope = replace(command.scope, entity=draft.entity)
    begun = session.uow.reference_versions(KIND.name, draft.key)[0]
    drafted = {"draft": draft.key, "at": instant_text(begun.recorded_at), "by": draft.author}
    proposal = ProposePolicy(title, files, command.valid_from, command.emergency, (draft.author,), scope, drafted)
    answer = propose_policy(session, proposal)
    if isinstance(answer, Refused):
        return answer
    return {**_stored(session, replace(draft, case_id=answer["case_id"])), "case_id": answer["case_id"]}


def draft_of(session: Session, key: str) -> Draft | None:
    """A draft by its key; an entity's is seen by who works for it."""
    alias = f"{KIND.name}/{key}"
    rows = session.uow.references([alias])[alias]
    return next((draft for draft in map(read_draft, rows) if _is_seen(session, draft)), None)


def open_drafts(session: Session) -> tuple[Draft, ...]:
    """The drafts that are being written, the newest first."""
    rows = session.uow.references([_OPEN_ALIAS])[_OPEN_ALIAS]
    drafts = map(read_draft, sorted(rows, key=lambda row: row.recorded_at, reverse=True))
    return tuple(draft for draft in drafts if _is_seen(session, draft))


def _is_seen(session: Session, draft: Draft) -> bool:
    return not draft.entity or session.caller.sees(draft.entity)


def base_files(uow: UnitOfWork, draft: Draft) -> Mapping[str, str]:
    """The files of the version that a draft began with."""
    return _files(uow, draft.base)


def _encoded(files: Mapping[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in files.items()}


def _files(uow: UnitOfWork, version: str) -> Mapping[str, str]:
    files = stored_files(uow, version)
    assert files is not None  # versions are never taken away
    return {path: content.decode() for path, content in files.items()}


def own_draft(session: Session, key: str, version: int | None = None) -> Draft | Refused:
    """A draft that the caller may write, as it stood when the caller saw it."""
    draft = _as_seen(session, key, version)
    if isinstance(draft, Draft) and draft.author != session.caller.id:
        text = "who began a draft writes it"
        return Refused(_rejection(RejectionKind.FORBIDDEN, "03", text, "begin one of your own"))
    return draft


def _as_seen(session: Session, key: str, version: int | None) -> Draft | Refused:
    session.uow.serialize([f"{KIND.name}/{key}"])
    draft = draft_of(session, key)
    if draft is None:
        return Refused(unknown_draft(key))
    if draft.state != OPEN or (version is not None and version != draft.version):
        text = f"the draft was changed since you opened it: it is {draft.state}, save {draft.version}"
        return Refused(_rejection(RejectionKind.CONFLICT, "04", text, "look at it as it stands now"))
    return draft


def unknown_draft(key: str) -> Rejection:
    """There is no such draft."""
    return _rejection(RejectionKind.NOT_FOUND, "02", f"there is no draft `{key[:100]}`", "open the list of drafts")


def _stored(session: Session, draft: Draft) -> dict[str, Any]:
    kept = store_version(session, KIND, draft.key, draft.body())
    return {"draft": draft.key, "version": kept["version"], "state": draft.state, "files": sorted(draft.files)}


def read_draft(row: ReferenceRow) -> Draft:
    """Read a draft from its record."""
    body: Any = decode(row.body)
    return Draft(key=row.key, version=row.version, saved_at=row.recorded_at, **body)


def _rejection(kind: RejectionKind, number: str, text: str, what: str) -> Rejection:
    return Rejection(kind, f"POLICY-DRAFT-{number}", text, help=what)

"""What a page of the studio is about: the version in force, or a draft."""

from collections.abc import Iterator
from dataclasses import dataclass

from comptroller.application.packs import Study
from comptroller.application.releasing.drafts import Draft, base_files, draft_of, unknown_draft
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Fault, Severity


@dataclass(frozen=True, slots=True)
class Source:
    """Files looked through, and the draft that they are; None: they are in force."""

    study: Study
    draft: Draft | None = None


def source_of(session: Session, draft_key: str) -> Source | Refused:
    """The version in force, or a draft by its key."""
    environment = session.environment
    if not draft_key:
        return Source(environment.packs.version(session.uow, session.policy.hash))
    draft = draft_of(session, draft_key)
    if draft is None:
        return Refused(unknown_draft(draft_key))
    return Source(study_of(session, draft), draft)


def study_of(session: Session, draft: Draft) -> Study:
    """A draft looked through; only what it changed is looked at anew."""
    files = {**base_files(session.uow, draft), **draft.files}
    return session.environment.packs.study({path: text.encode() for path, text in files.items()})


def base_of(session: Session, draft: Draft) -> Study:
    """The version that a draft began with."""
    environment = session.environment
    return environment.packs.version(session.uow, draft.base)


def new_faults(session: Session, before: Study, after: Study) -> Iterator[Fault]:
    """What is wrong with a pack that was not before: a file is wrong by itself, or beside the others."""
    packs = session.environment.packs
    known = {_said(fault) for fault in packs.source(before.files).faults}
    for fault in packs.source(after.files).faults:
        if fault.severity is Severity.ERROR and _said(fault) not in known:
            yield fault


def _said(fault: Fault) -> tuple[str, str, str]:
    return fault.code, fault.path, fault.message

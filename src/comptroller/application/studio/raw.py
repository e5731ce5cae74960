"""The files of a draft and of a request byte for byte: as they were in the version before, and as they are to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comptroller.application.queries import visible_case
from comptroller.application.releasing.sources import stored_files
from comptroller.application.releasing.timeline import PROCESS
from comptroller.application.session import Refused, Session
from comptroller.application.studio.files import unknown_file
from comptroller.application.studio.sources import base_of, source_of
from comptroller.domain.kernel.canonical_json import decode


@dataclass(frozen=True, slots=True)
class GetDraftFile:
    """A file as a draft has it, or as the version has it that the draft began with."""

    draft: str
    path: str
    is_before: bool = False


@dataclass(frozen=True, slots=True)
class GetRequestFile:
    """A file as the version has it that a request asks for, or the one that it takes the place of."""

    case_id: str
    path: str
    is_before: bool = False


def get_draft_file(session: Session, command: GetDraftFile) -> bytes | Refused:
    """The bytes."""
    source = source_of(session, command.draft)
    if isinstance(source, Refused):
        return source
    assert source.draft is not None  # it was asked for by its key
    study = base_of(session, source.draft) if command.is_before else source.study
    return _found(study.files, command.path)


def get_request_file(session: Session, command: GetRequestFile) -> bytes | Refused:
    """The bytes, for whoever may see the request."""
    row = visible_case(session, command.case_id)
    if isinstance(row, Refused):
        return row
    if row.process != PROCESS:
        return Refused(unknown_file(command.path))
    state: Any = decode(row.state)
    version = state["dossier"]["proposal"]["base" if command.is_before else "version"]
    return _found(stored_files(session.uow, version) or {}, command.path)


def _found(files: Mapping[str, bytes], path: str) -> bytes | Refused:
    content = files.get(path)
    return Refused(unknown_file(path)) if content is None else content

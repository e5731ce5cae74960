"""A file of a draft, written as a text or brought back whole; its lines end as they did."""

from dataclasses import dataclass, field
from typing import Any

from comptroller.application.releasing.drafts import ChangeDraft, base_files, change_draft, own_draft
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Rejection, RejectionKind


@dataclass(frozen=True, slots=True)
class WriteFile:
    """Keep what a file says in a draft, as who saw `version` of it."""

    draft: str
    version: int
    path: str
    content: bytes = field(repr=False)


def write_file(session: Session, command: WriteFile) -> dict[str, Any] | Refused:
    """Write the file into the draft."""
    draft = own_draft(session, command.draft, command.version)
    if isinstance(draft, Refused):
        return draft
    base = base_files(session.uow, draft)
    if command.path not in base:
        return Refused(unknown_file(command.path))
    try:
        text = command.content.decode()
    except UnicodeDecodeError:
        message = f"what was given for `{command.path[:200]}` is no text in UTF-8"
        return Refused(Rejection(RejectionKind.INVALID, "POLICY-DRAFT-08", message, help="save it as UTF-8"))
    ends = "\r\n" if "\r\n" in base[command.path] else "\n"  # a form sends both signs, whatever it was given
    written = text.replace("\r\n", "\n").replace("\n", ends)
    return change_draft(session, ChangeDraft(draft.key, draft.version, {command.path: written}))


def unknown_file(path: str) -> Rejection:
    """The pack has no such file."""
    text = f"the pack has no file `{path[:200]}`"
    return Rejection(RejectionKind.NOT_FOUND, "POLICY-DRAFT-09", text, help="open the list of files")

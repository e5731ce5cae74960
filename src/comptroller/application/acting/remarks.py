"""What people put beside a case: comments and attachments. Neither changes what is decided; both are evidence."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from comptroller.application.acting.holding import words_of
from comptroller.application.casework.record import lock_case, tell_on_case
from comptroller.application.queries import visible_case
from comptroller.application.records import AttachmentRow
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection, RejectionKind

MEDIA_TYPES: Final = frozenset(
    {
        "application/pdf",
        "image/jpeg",
        "image/png",
        "text/plain",
        "message/rfc822",
        "application/xml",
        "application/json",
    }
)
"""What may be attached; it is given back as a download, never shown as a page."""


@dataclass(frozen=True, slots=True)
class AddComment:
    """Words beside a case."""

    case_id: str
    text: str


@dataclass(frozen=True, slots=True)
class AttachFile:
    """A file beside a case."""

    case_id: str
    name: str
    media_type: str
    content: bytes = field(repr=False)

    @property
    def fingerprint(self) -> list[str]:
        """What makes two requests the same request."""
        return [self.case_id, self.name, self.media_type, sha256(self.content).hexdigest()]


@dataclass(frozen=True, slots=True)
class GetAttachment:
    """One file of a case, as it was put there."""

    case_id: str
    digest: str


def add_comment(session: Session, command: AddComment) -> dict[str, Any] | Refused:
    """Keep words beside a case; they can be erased, their commitment in the log cannot."""
    case = visible_case(session, command.case_id)
    if isinstance(case, Refused):
        return case
    refused = words_of(command.text, "comment")
    if refused is not None:
        return Refused(refused, case.case_id)
    words = session.evidence.withhold(command.text.strip(), salt=session.environment.chance.salt())
    seq = tell_on_case(session, case.case_id, "comment.added", {"reason": words})
    return {"case_id": case.case_id, "seq": seq}


def attach_file(session: Session, command: AttachFile) -> dict[str, Any] | Refused:
    """Keep a file beside a case under its digest; the same file again changes nothing and says so."""
    case = visible_case(session, command.case_id)
    if isinstance(case, Refused):
        return case
    refused = words_of(command.name, "name") or _fits(command)
    if refused is not None:
        return Refused(refused, case.case_id)
    lock_case(session.uow, case.case_id)
    digest, known = sha256(command.content).hexdigest(), session.uow.attachments(case.case_id)
    if any(row.digest == digest for row in known):
        return {"case_id": case.case_id, "digest": digest, "added": False}
    if len(known) >= limits.ATTACHMENTS_MAX:
        message = f"a case has at most {limits.ATTACHMENTS_MAX} attachments"
        return Refused(Rejection(RejectionKind.INVALID, "ATTACHMENT-COUNT-01", message), case.case_id)
    caller, name = session.caller.id, command.name.strip()
    session.uow.insert(
        AttachmentRow(case.case_id, digest, name, command.media_type, command.content, session.now, caller)
    )
    words = session.evidence.withhold(name, salt=session.environment.chance.salt())
    told = {"digest": digest, "bytes": len(command.content), "media_type": command.media_type, "reason": words}
    tell_on_case(session, case.case_id, "attachment.added", told)
    return {"case_id": case.case_id, "digest": digest, "added": True}


def _fits(command: AttachFile) -> Rejection | None:
    if command.media_type not in MEDIA_TYPES:
        message = f"`{command.media_type}` is not a media type that is attached"
        return Rejection(
            RejectionKind.INVALID, "ATTACHMENT-TYPE-01", message, help=f"use one of {', '.join(sorted(MEDIA_TYPES))}"
        )
    if not 1 <= len(command.content) <= limits.DOCUMENT_BYTES_MAX:
        message = "an attachment has between one byte and 10 MiB"
        return Rejection(RejectionKind.INVALID, "ATTACHMENT-SIZE-01", message)
    return None


def get_attachment(session: Session, command: GetAttachment) -> dict[str, Any] | Refused:
    """The bytes with their media type."""
    case = visible_case(session, command.case_id)
    if isinstance(case, Refused):
        return case
    for row in session.uow.attachments(case.case_id):
        if row.digest == command.digest:
            return {"name": row.name, "media_type": row.media_type, "content": row.content, "digest": row.digest}
    message = "the case has no such attachment"
    return Refused(Rejection(RejectionKind.NOT_FOUND, "ATTACHMENT-UNKNOWN-01", message))

"""Whether a link in a mail has been used: an entry of the case's stream says so, written with the answer."""

from typing import Any, Final

from comptroller.application.casework.record import stream_of
from comptroller.application.session import Session
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind

BY_LINK: Final = frozenset({"approval", "release"})
"""Kinds of tasks that are answered from a link; of the others a mail leads to the case."""

USED: Final = "answer.link.used"
"""The entry that an answer from a link writes."""


def refuse_used(session: Session, case_id: str, key: str) -> Rejection | None:
    """Why a link cannot be answered a second time; None where it has not been used."""
    for entry in session.uow.stream(stream_of(case_id)):
        body: Any = decode(entry.body) if entry.type == USED else {}
        if body and body["data"].get("link") == key:
            message = "this link has been used: it is good for one answer"
            return Rejection(
                RejectionKind.CONFLICT, "LINK-USED-01", message, help="open the case itself", subject=case_id
            )
    return None

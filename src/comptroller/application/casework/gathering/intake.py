"""How the document of a case came in."""

from typing import TYPE_CHECKING, Final

from comptroller.application.casework.gathering.reading import Found
from comptroller.domain.controls.intake import Intake

if TYPE_CHECKING:
    from comptroller.application.casework.gathering.parts import Known

DOOR: Final = "door"
"""The channel of what a known caller hands in itself."""


def intake(known: "Known", _found: Found) -> Intake | None:
    """Read the document in force; None where it is not on file."""
    document = known.session.uow.document(known.case.document) if known.case.document else None
    if document is None:
        return None
    arrival = known.dossier.arrival
    channel = str(arrival.get("channel") or DOOR)
    return Intake(
        channel=channel,
        sender_verified=True if channel == DOOR else arrival.get("verified"),
        media_type=document.media_type,
        profile=document.profile,
        size=len(document.original),
        clearance=str(arrival.get("clearance") or ""),
        keyed=bool(known.dossier.transcribed),
    )

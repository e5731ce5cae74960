"""How a document came in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Intake:
    """The way of a document to us, and what its bytes are."""

    channel: str  # door, mail, folder, file; settlement: made by the platform of a receipt
    sender_verified: bool | None  # None where nothing could prove it
    media_type: str
    profile: str
    size: int  # bytes of the original
    clearance: str = ""  # the id that a state gave it, where one does
    keyed: bool = False  # by a person, from the original

"""What a document may come as, at every door, and what is said of anything else."""

from typing import Final

from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind

MEDIA_TYPES: Final = frozenset({"application/xml", "text/xml", "application/json", "application/pdf"})


def refused_media_type(media_type: str, path: str = "") -> Rejection | None:
    """Why a document may not come as this; None when it may."""
    if media_type in MEDIA_TYPES:
        return None
    return unsupported(media_type, f"send one of {', '.join(sorted(MEDIA_TYPES))}", path)


def unsupported(media_type: str, help: str, path: str = "") -> Rejection:  # noqa: A002 - the rejection's own field
    """No body of this type is read here."""
    message = f"`{media_type[:100]}` is no media type that is read here"
    fault = Fault("BODY-TYPE-01", path, message, by="reader", help=help)
    return Rejection(RejectionKind.UNSUPPORTED, "BODY-TYPE-01", message, (fault,), help=help)

"""A mail to its attachments, its sender, and whether the receiving server vouches for the sender.

A mail's own headers prove nothing. The one exception is the result that the server which received it wrote on top
(RFC 8601), and only when it carries that server's name: everything below may be the sender's invention.
"""

import email
import email.policy
import email.utils
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from pathlib import PurePosixPath
from typing import Final

from comptroller.application.ports.intake import TYPES, Attachment, Mail

ATTACHMENTS_MAX: Final = 50
DEPTH_MAX: Final = 5
"""Mails within mails that were attached as files."""

_BEGINNINGS: Final = {b"%PDF-": TYPES[".pdf"], b"<?xml": TYPES[".xml"]}
_HOLDERS: Final = frozenset({".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".p7m", ".msg"})
"""Ends of names of files that hold files: archives, encrypted mails, mails in Outlook's own forms."""
_HOLDERS_BEGIN: Final = (b"PK\x03\x04", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b")
_OUTLOOK: Final = b"\x78\x9f\x3e\x22"  # TNEF, as `winmail.dat` has it
_DOCUMENTS: Final = frozenset({"text/xml", *TYPES.values()})
_PASSED: Final = re.compile(r"\b(?:dkim|dmarc)=pass\b[^;]*?\b(?:header\.d|header\.from)=@?([a-z0-9.-]+)", re.IGNORECASE)


def open_mail(content: bytes, *, trusted_server: str = "") -> Mail:
    """Take a mail apart; one that is broken has what can be found in it, which may be nothing."""
    message = email.message_from_bytes(content, policy=email.policy.compat32)
    _, sender = email.utils.parseaddr(_header(message, "From"))
    return Mail(
        message_id=_header(message, "Message-ID").strip()[:500],
        sender=sender.lower()[:320],
        verified=_is_vouched_for(message, sender.lower(), trusted_server),
        subject=_header(message, "Subject")[:500],
        attachments=tuple(_attachments(message)),
    )


def _header(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _is_vouched_for(message: Message, sender: str, trusted_server: str) -> bool:
    """Whether the topmost result is the trusted server's and names the domain that the sender writes from."""
    results = message.get_all("Authentication-Results") or []
    if not trusted_server or not results:
        return False
    server, _, said = " ".join(str(results[0]).split()).partition(";")
    if server.split()[:1] != [trusted_server]:
        return False
    domain = sender.rpartition("@")[2]
    return any(_is_within(domain, found[1].lower()) for found in _PASSED.finditer(said))


def _is_within(domain: str, proved: str) -> bool:
    return domain != "" and (domain == proved or domain.endswith(f".{proved}"))


def _attachments(message: Message) -> Iterator[Attachment]:
    """The parts that may be documents; texts of the mail itself, pictures and signatures are none."""
    for count, found in enumerate(_documents(message, 0), start=1):
        if count > ATTACHMENTS_MAX:
            yield Attachment("all others", "", b"", f"a mail is read up to its attachment {ATTACHMENTS_MAX}")
            return
        yield found if found.name else replace(found, name=f"part {count}")


def _documents(message: Message, depth: int) -> Iterator[Attachment]:
    for part in message.walk():
        content = None if part.is_multipart() else part.get_payload(decode=True)
        if not isinstance(content, bytes) or not content.strip():
            continue
        name = _name(part)
        suffix, declared = PurePosixPath(name.lower()).suffix, part.get_content_type()
        media_type = TYPES.get(suffix) or (declared if declared in _DOCUMENTS else _told_by_bytes(content, declared))
        if media_type:
            yield Attachment(name, media_type, content)
        elif suffix == ".eml" and depth < DEPTH_MAX:  # a mail that was attached as a file
            yield from _documents(email.message_from_bytes(content, policy=email.policy.compat32), depth + 1)
        elif suffix == ".eml" or suffix in _HOLDERS or _holds_files(content, suffix):
            yield Attachment(name, declared, b"", "it holds other files")


def _holds_files(content: bytes, suffix: str) -> bool:
    """Whether bytes are a container; of those with a name's end, which may be a text document's, Outlook's alone."""
    return content.startswith(_OUTLOOK) or (not suffix and content.startswith(_HOLDERS_BEGIN))


def _told_by_bytes(content: bytes, declared: str) -> str:
    """What a part is that is declared as nothing in particular; a text or a picture is taken at its word."""
    if declared.startswith(("text/", "image/", "audio/", "video/")):
        return ""
    start = content[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    return next((kind for begin, kind in _BEGINNINGS.items() if start.startswith(begin)), "")


def _name(part: Message) -> str:
    """The file's name without its folders, as far as it can be kept."""
    name = (part.get_filename() or "").replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in name if sign.isprintable())[:200]

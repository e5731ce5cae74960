"""A mail to its attachments, its sender, and whether the receiving server vouches for the sender.

A mail's own headers prove nothing. The one exception is the result that the server which received it wrote on top
(RFC 8601), and only when it carries that server's name: everything below may be the sender's invention.
"""

import email
import email.policy
import email.utils
import re
from collections.abc import Iterator
from email.message import Message
from pathlib import PurePosixPath
from typing import Final

from comptroller.application.ports.intake import TYPES, Attachment, Mail

ATTACHMENTS_MAX: Final = 50
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
    count = 0
    for part in message.walk():
        if part.is_multipart():
            continue
        name = _name(part)
        media_type = TYPES.get(PurePosixPath(name.lower()).suffix) or part.get_content_type()
        if media_type not in _DOCUMENTS:
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content.strip():
            count += 1
            if count > ATTACHMENTS_MAX:
                return
            yield Attachment(name or f"part {count}", media_type, content)


def _name(part: Message) -> str:
    """The file's name without its folders, as far as it can be kept."""
    name = (part.get_filename() or "").replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in name if sign.isprintable())[:200]

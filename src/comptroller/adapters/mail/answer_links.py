"""Links in mails by which a person comes to answer a task: sealed, so that what they are bound to cannot be changed.

The text of a link is readable to its holder and says nothing but keys; the mark behind it is an HMAC under the
installation's session secret, with a purpose of its own.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict
from typing import Any, Final

from comptroller.application.ports.notices import AnswerLink
from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.kernel.instant import parse_instant

_PURPOSE: Final = b"answer link\x00"


class SealedLinks:
    """Makes and reads links under one secret."""

    def __init__(self, secret: str) -> None:
        self._key = secret.encode()

    def seal(self, link: AnswerLink) -> str:
        """The link as it stands in an address."""
        body = encode(asdict(link))
        return f"{urlsafe_b64encode(body).decode().rstrip('=')}.{self._mark(body)}"

    def open(self, text: str) -> AnswerLink | None:
        """The link of an address; None for one that was not made here, or was changed."""
        packed, _, mark = text.partition(".")
        try:
            body = urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
        except ValueError:
            return None
        if not hmac.compare_digest(self._mark(body).encode(), mark.encode("utf-8", "replace")):
            return None
        read: Any = decode(body)
        expires = parse_instant(read["expires"])
        return AnswerLink(**{**read, "expires": expires}) if expires is not None else None

    def _mark(self, body: bytes) -> str:
        return hmac.digest(self._key, _PURPOSE + body, "sha256").hex()

"""Signed-in sessions of the page: a signed cookie that names tenant and person, and nothing else.

What the person may do is read afresh at every request. A form carries a token made from the session, so that another
site cannot make a browser act. The cookie is out of reach for scripts; from elsewhere it comes only when a link is
followed, and nothing acts on GET.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.kernel.ids import TenantId
from comptroller.domain.kernel.instant import parse_instant

COOKIE: Final = "comptroller-session"
LIFETIME: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class WebSession:
    """Who is signed in, and until when."""

    tenant: TenantId
    person: str
    expires: datetime


class Sealer:
    """Makes and reads session cookies and form tokens under one secret."""

    def __init__(self, secret: str) -> None:
        self._key = (secret or secrets.token_hex(32)).encode()

    def seal(self, tenant: TenantId, person: str, now: datetime) -> str:
        """A cookie for a person who has just signed in."""
        body = encode({"tenant": tenant, "person": person, "expires": now + LIFETIME})
        return f"{urlsafe_b64encode(body).decode()}.{self._mark('session', body)}"

    def open(self, cookie: str, now: datetime) -> WebSession | None:
        """The session of a cookie; None for none, a forged one, or one that has run out."""
        text, _, mark = cookie.partition(".")
        try:
            body = urlsafe_b64decode(text)
        except ValueError:
            return None
        if not hmac.compare_digest(self._mark("session", body).encode(), mark.encode("utf-8", "replace")):
            return None
        read = decode(body)
        assert isinstance(read, dict)
        expires = parse_instant(read["expires"])
        if expires is None or expires <= now:
            return None
        return WebSession(TenantId(read["tenant"]), read["person"], expires)

    def form_token(self, cookie: str) -> str:
        """What every form of this session carries."""
        return self._mark("form", cookie.encode())

    def is_form_token(self, cookie: str, token: str) -> bool:
        """Whether a form was made for this session."""
        return hmac.compare_digest(self.form_token(cookie).encode(), token.encode("utf-8", "replace"))

    def _mark(self, purpose: str, body: bytes) -> str:
        return hmac.digest(self._key, purpose.encode() + b"\x00" + body, "sha256").hex()

"""Hands push messages to the services that browsers name: over HTTPS, to hosts that are allowed, to no others.

The endpoint comes from a browser, so it is not trusted: a server that posted wherever it is told would be a door into
its own network. No redirect is followed.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import httpx2

from comptroller.adapters.push.encryption import SECRET_BYTES, encrypt, from_text
from comptroller.adapters.push.vapid import VapidKey
from comptroller.application.ports.notices import PushMessage, PushTarget
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import encode
from comptroller.plugins import Delivered

PUSH_HOSTS: Final = (
    "fcm.googleapis.com",
    "*.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
"""The push services of the browsers that there are."""

LIFETIME_S: Final = 24 * 3_600
"""Seconds that a push service keeps a message for a browser that is not there."""

ENDPOINT_CHARACTERS_MAX: Final = 2_000
PASSING: Final = frozenset({408, 425, 429})


class WebPushSender:
    """All push services that are allowed; safe to share between threads."""

    def __init__(
        self,
        key: VapidKey,
        *,
        contact: str,
        hosts: Sequence[str],
        now: Callable[[], datetime],
        client: httpx2.Client | None = None,
    ) -> None:
        self._key = key
        self._contact = contact
        self._hosts = tuple(hosts)
        self._now = now
        self._client = client or httpx2.Client(timeout=limits.NOTICE_TIMEOUT_S, follow_redirects=False, trust_env=False)

    @property
    def public_key(self) -> str:
        """The key by which browsers subscribe."""
        return self._key.public_key

    def problem_of(self, target: PushTarget) -> str:
        """Why a target is not taken; empty for none."""
        if not self._is_allowed(target.endpoint):
            return "the browser names a push service that is not allowed here"
        try:
            public, secret = from_text(target.public_key), from_text(target.secret)
            encrypt(b"", public_key=public, secret=secret)
        except ValueError:
            return "the browser's keys cannot be read"
        return "" if len(secret) == SECRET_BYTES else "the browser's keys cannot be read"

    def send(self, message: PushMessage) -> Delivered:
        """Hand one message over and say how it ended."""
        target = message.target
        problem = self.problem_of(target)  # the allowed hosts may have changed since the browser subscribed
        if problem:
            return Delivered(accepted=False, retry=False, status=0, detail=problem)
        body = encrypt(_content(message), public_key=from_text(target.public_key), secret=from_text(target.secret))
        parts = urlsplit(target.endpoint)
        origin = f"{parts.scheme}://{parts.netloc}"
        headers = {
            "Authorization": self._key.authorization(origin, contact=self._contact, now=self._now()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(LIFETIME_S),
            "Urgency": "normal",
        }
        try:
            answer = self._client.post(target.endpoint, content=body, headers=headers)
        except httpx2.HTTPError as error:
            return Delivered(accepted=False, retry=True, status=0, detail=type(error).__name__)
        status = answer.status_code
        if answer.is_success:
            return Delivered(accepted=True, retry=False, status=status, detail="")
        retry = status in PASSING or status >= 500
        return Delivered(accepted=False, retry=retry, status=status, detail=f"the push service answered {status}")

    def _is_allowed(self, endpoint: str) -> bool:
        if len(endpoint) > ENDPOINT_CHARACTERS_MAX:
            return False
        try:
            parts = urlsplit(endpoint)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if parts.scheme != "https" or parts.username is not None or parts.password is not None:
            return False
        return any(_fits(pattern, host, port) for pattern in self._hosts)


def _fits(pattern: str, host: str, port: int | None) -> bool:
    name, _, wanted = pattern.partition(":")
    if port not in {None, 443} and str(port) != wanted:
        return False
    return host.endswith(name[1:]) if name.startswith("*.") else host == name


def _content(message: PushMessage) -> bytes:
    """What the page's service worker reads."""
    title, body = message.title, message.body
    while True:
        content = encode({"title": title, "body": body, "address": message.address, "key": message.key})
        if len(content) <= limits.PUSH_PAYLOAD_BYTES_MAX:
            return content
        title, body = title[: len(title) // 2], body[: len(body) // 2]

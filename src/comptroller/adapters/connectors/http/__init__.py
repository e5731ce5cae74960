"""The generic HTTP connector: a JSON body posted to one address under an idempotency key.

A repeated attempt carries the same `Idempotency-Key`, so a receiver that honours it takes the effect once. What may
pass with time (no connection, 408, 425, 429, 5xx) is worth another attempt; any other answer is the receiver's no.
A receiver that cannot be reached, or says that it has too much to do, is left alone for as long as it says.
"""

import select
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final

import httpx2

from comptroller.domain.kernel import limits
from comptroller.plugins import Delivered

PASSING: Final = frozenset({408, 425, 429})
CROWDED: Final = frozenset({429, 503})
ANSWER_CHARACTERS_KEPT: Final = 500
PAUSE_S: Final = 5.0
"""Seconds for which a receiver is left alone that does not say for how long."""


class HttpConnector:
    """One receiver; safe to share between threads.

    A delivery is one small request, so the standard library's client does: one that knows redirects and cookies takes
    four times its time. Connections are kept for the next delivery, whichever thread makes it. An address that is none
    is a `ValueError`.
    """

    def __init__(self, url: str, *, now: Callable[[], datetime]) -> None:
        try:
            where = httpx2.URL(url)
        except httpx2.InvalidURL as error:
            raise ValueError(f"the address cannot be read: {error}") from None
        if where.scheme not in {"http", "https"} or not where.host:  # not repeated: it may hold a password
            raise ValueError("the address begins with http:// or https:// and names a host")
        self._now = now
        self._path = where.raw_path.decode()
        self._headers = {"Content-Type": "application/json", "User-Agent": "comptroller"}
        if where.username:
            named = f"{where.username}:{where.password}".encode()
            self._headers["Authorization"] = f"Basic {b64encode(named).decode()}"
        to: Callable[..., HTTPConnection] = HTTPConnection
        if where.scheme == "https":
            to = partial(HTTPSConnection, context=httpx2.create_ssl_context(trust_env=False))
        self._connect = partial(to, where.host, where.port, timeout=limits.DELIVERY_TIMEOUT_S)
        self._idle: list[HTTPConnection] = []

    def deliver(self, payload: bytes, *, idempotency_key: str) -> Delivered:
        """Post once and say how it ended."""
        try:
            connection = self._connection()
        except OSError as error:
            detail = f"{type(error).__name__}: {error}"
            return Delivered(accepted=False, retry=True, status=0, detail=detail, pause_s=PAUSE_S)
        try:
            connection.request("POST", self._path, payload, {**self._headers, "Idempotency-Key": idempotency_key})
            answer = connection.getresponse()
            detail = answer.read().decode(errors="replace")[:ANSWER_CHARACTERS_KEPT]
        except (OSError, HTTPException) as error:
            connection.close()
            return Delivered(accepted=False, retry=True, status=0, detail=f"{type(error).__name__}: {error}")
        if connection.sock is not None:
            self._idle.append(connection)
        accepted = 200 <= answer.status < 300
        retry = answer.status in PASSING or answer.status >= 500
        pause_s = retry_after_s(answer.headers.get("Retry-After", ""), self._now()) if answer.status in CROWDED else 0
        return Delivered(accepted=accepted, retry=retry, status=answer.status, detail=detail, pause_s=pause_s)

    def close(self) -> None:
        """Close the connections that wait for the next delivery."""
        while self._idle:
            self._idle.pop().close()

    def _connection(self) -> HTTPConnection:
        """A connection that was kept and that the receiver has not closed, or a new one."""
        with suppress(IndexError):  # another thread may take the last one
            while True:
                kept = self._idle.pop()
                if not _has_ended(kept):
                    return kept
                kept.close()
        new = self._connect()
        new.connect()
        return new


def _has_ended(idle: HTTPConnection) -> bool:
    """Whether the other side has closed a connection: there is something to read though nothing was asked."""
    look = select.poll()
    look.register(idle.sock, select.POLLIN)
    return bool(look.poll(0))


def retry_after_s(given: str, now: datetime) -> float:
    """Seconds that `Retry-After` asks to wait: a number or a date (RFC 9110, section 10.2.3), within bounds."""
    text = given.strip()
    try:
        seconds = (
            float(text) if text.isascii() and text.isdigit() else (parsedate_to_datetime(text) - now).total_seconds()
        )
    except (ValueError, TypeError):  # none, or no date, or one without a zone
        seconds = PAUSE_S
    return min(max(seconds, 1.0), float(limits.DELIVERY_BACKOFF_S_MAX))

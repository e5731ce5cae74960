"""The generic HTTP connector: a JSON body posted to one address under an idempotency key.

A repeated attempt carries the same `Idempotency-Key`, so a receiver that honours it takes the effect once. What may
pass with time (no connection, 408, 425, 429, 5xx) is worth another attempt; any other answer is the receiver's no.
A receiver that cannot be reached, or says that it has too much to do, is left alone for as long as it says.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
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
    """One receiver; safe to share between threads."""

    def __init__(self, url: str, *, now: Callable[[], datetime], client: httpx2.Client | None = None) -> None:
        self._url, self._now = url, now
        self._client = client or httpx2.Client(
            timeout=limits.DELIVERY_TIMEOUT_S, follow_redirects=False, trust_env=False
        )

    def deliver(self, payload: bytes, *, idempotency_key: str) -> Delivered:
        """Post once and say how it ended."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": idempotency_key}
        try:
            answer = self._client.post(self._url, content=payload, headers=headers)
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            detail = f"{type(error).__name__}: {error}"
            return Delivered(accepted=False, retry=True, status=0, detail=detail, pause_s=PAUSE_S)
        except httpx2.HTTPError as error:
            return Delivered(accepted=False, retry=True, status=0, detail=f"{type(error).__name__}: {error}")
        detail = answer.text[:ANSWER_CHARACTERS_KEPT]
        if answer.is_success:
            return Delivered(accepted=True, retry=False, status=answer.status_code, detail=detail)
        retry = answer.status_code in PASSING or answer.status_code >= 500
        pause_s = retry_after_s(answer.headers, self._now()) if answer.status_code in CROWDED else 0
        return Delivered(accepted=False, retry=retry, status=answer.status_code, detail=detail, pause_s=pause_s)


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds that an answer asks to wait: a number or a date (RFC 9110, section 10.2.3), within bounds."""
    text = headers.get("Retry-After", "").strip()
    try:
        seconds = (
            float(text) if text.isascii() and text.isdigit() else (parsedate_to_datetime(text) - now).total_seconds()
        )
    except (ValueError, TypeError):  # none, or no date, or one without a zone
        seconds = PAUSE_S
    return min(max(seconds, 1.0), float(limits.DELIVERY_BACKOFF_S_MAX))

"""The generic HTTP connector: a JSON body posted to one address under an idempotency key.

A repeated attempt carries the same `Idempotency-Key`, so a receiver that honours it takes the effect once. What may
pass with time (no connection, 408, 425, 429, 5xx) is worth another attempt; any other answer is the receiver's no.
"""

from typing import Final

import httpx2

from comptroller.domain.kernel import limits
from comptroller.plugins import Delivered

PASSING: Final = frozenset({408, 425, 429})
ANSWER_CHARACTERS_KEPT: Final = 500


class HttpConnector:
    """One receiver; safe to share between threads."""

    def __init__(self, url: str, *, client: httpx2.Client | None = None) -> None:
        self._url = url
        self._client = client or httpx2.Client(
            timeout=limits.DELIVERY_TIMEOUT_S, follow_redirects=False, trust_env=False
        )

    def deliver(self, payload: bytes, *, idempotency_key: str) -> Delivered:
        """Post once and say how it ended."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": idempotency_key}
        try:
            answer = self._client.post(self._url, content=payload, headers=headers)
        except httpx2.HTTPError as error:
            return Delivered(accepted=False, retry=True, status=0, detail=f"{type(error).__name__}: {error}")
        detail = answer.text[:ANSWER_CHARACTERS_KEPT]
        if answer.is_success:
            return Delivered(accepted=True, retry=False, status=answer.status_code, detail=detail)
        retry = answer.status_code in PASSING or answer.status_code >= 500
        return Delivered(accepted=False, retry=retry, status=answer.status_code, detail=detail)

"""How the HTTP connector reads a receiver's answer."""

from datetime import UTC, datetime

import httpx2
import pytest

from comptroller.adapters.connectors.http import PAUSE_S, HttpConnector, retry_after_s
from comptroller.domain.kernel import limits
from comptroller.plugins import Delivered

NOW = datetime(2026, 3, 27, 9, tzinfo=UTC)

ANSWERS = {
    "taken": (httpx2.Response(201, text="yes"), Delivered(accepted=True, retry=False, status=201, detail="yes")),
    "refused": (httpx2.Response(422, text="no"), Delivered(accepted=False, retry=False, status=422, detail="no")),
    "failed": (httpx2.Response(500), Delivered(accepted=False, retry=True, status=500, detail="")),
    "crowded": (
        httpx2.Response(503, headers={"Retry-After": "30"}),
        Delivered(accepted=False, retry=True, status=503, detail="", pause_s=30),
    ),
    "too many at once": (
        httpx2.Response(429),
        Delivered(accepted=False, retry=True, status=429, detail="", pause_s=PAUSE_S),
    ),
}


def connector(client: httpx2.Client) -> HttpConnector:
    return HttpConnector("http://ledger.example", now=lambda: NOW, client=client)


@pytest.mark.parametrize(("answer", "delivered"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_is_read_as_it_is_meant(answer: httpx2.Response, delivered: Delivered) -> None:
    client = httpx2.Client(transport=httpx2.MockTransport(lambda _: answer))
    assert connector(client).deliver(b"{}", idempotency_key="k") == delivered


def test_a_receiver_that_cannot_be_reached_is_left_alone_for_a_while() -> None:
    def unreachable(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    client = httpx2.Client(transport=httpx2.MockTransport(unreachable))
    delivered = connector(client).deliver(b"{}", idempotency_key="k")
    assert (delivered.retry, delivered.status, delivered.pause_s) == (True, 0, PAUSE_S)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        ("0", 1),
        ("999999", limits.DELIVERY_BACKOFF_S_MAX),
        ("Fri, 27 Mar 2026 09:00:20 GMT", 20),
        ("Fri, 27 Mar 2026 08:00:00 GMT", 1),
        ("soon", PAUSE_S),
        ("", PAUSE_S),
    ],
    ids=["seconds", "at once", "for ever", "a date", "a date that has passed", "a word", "nothing"],
)
def test_how_long_to_wait_is_a_number_or_a_date_within_bounds(text: str, seconds: float) -> None:
    assert retry_after_s({"Retry-After": text}, NOW) == seconds

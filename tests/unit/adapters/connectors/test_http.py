"""How the HTTP connector reads a receiver's answer."""

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import pytest

from comptroller.adapters.connectors.http import PAUSE_S, HttpConnector, retry_after_s
from comptroller.domain.kernel import limits
from comptroller.plugins import Delivered

NOW = datetime(2026, 3, 27, 9, tzinfo=UTC)

Answer = tuple[int, str, Mapping[str, str]]

ANSWERS: Final[dict[str, tuple[Answer, Delivered]]] = {
    "taken": ((201, "yes", {}), Delivered(accepted=True, retry=False, status=201, detail="yes")),
    "refused": ((422, "no", {}), Delivered(accepted=False, retry=False, status=422, detail="no")),
    "elsewhere": (
        (307, "", {"Location": "http://127.0.0.1:9/"}),
        Delivered(accepted=False, retry=False, status=307, detail=""),
    ),
    "failed": ((500, "", {}), Delivered(accepted=False, retry=True, status=500, detail="")),
    "crowded": (
        (503, "", {"Retry-After": "30"}),
        Delivered(accepted=False, retry=True, status=503, detail="", pause_s=30),
    ),
    "too many at once": ((429, "", {}), Delivered(accepted=False, retry=True, status=429, detail="", pause_s=PAUSE_S)),
}
TAKEN: Final[Answer] = (200, "", {})


class Receiver(ThreadingHTTPServer):
    """A receiver that answers each request as it was told to, and keeps what it was sent."""

    daemon_threads = True

    def __init__(self, answer: Answer, *, closes: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer, self.closes = answer, closes
        self.connections: set[tuple[str, int]] = set()
        self.sent: list[tuple[str, str, Mapping[str, str]]] = []


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.connections.add(self.client_address)
        self.server.sent.append((self.path, body, dict(self.headers)))
        status, text, headers = self.server.answer
        self.send_response_only(status)
        for name, value in {**headers, "Content-Length": str(len(text))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())
        self.close_connection = self.server.closes

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiver(answer: Answer = TAKEN, *, closes: bool = False) -> Iterator[Receiver]:
    with Receiver(answer, closes=closes) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def connector(server: Receiver, *, whose: str = "") -> HttpConnector:
    return HttpConnector(f"http://{whose}127.0.0.1:{server.server_address[1]}/postings?of=x", now=lambda: NOW)


@pytest.mark.parametrize(("answer", "delivered"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_is_read_as_it_is_meant(answer: Answer, delivered: Delivered) -> None:
    with receiver(answer) as server, closing(connector(server)) as ours:
        assert ours.deliver(b"{}", idempotency_key="k") == delivered


def test_what_is_sent_names_its_key_and_who_sends_it() -> None:
    with receiver() as server, closing(connector(server, whose="books:se%20cret@")) as ours:
        ours.deliver(b'{"a":1}', idempotency_key="c1.post.ledger")
        ((path, body, headers),) = server.sent
    wanted = {
        "Idempotency-Key": "c1.post.ledger",
        "Content-Type": "application/json",
        "User-Agent": "comptroller",
        "Authorization": "Basic Ym9va3M6c2UgY3JldA==",
    }
    assert (path, body) == ("/postings?of=x", '{"a":1}')
    assert wanted.items() <= headers.items()


@pytest.mark.parametrize(("closes", "connections"), [(False, 1), (True, 3)], ids=["kept", "closed by the receiver"])
def test_a_connection_is_kept_as_long_as_the_receiver_keeps_it(*, closes: bool, connections: int) -> None:
    with receiver(closes=closes) as server, closing(connector(server)) as ours:
        delivered = []
        for number in range(3):
            delivered.append(ours.deliver(b"{}", idempotency_key=f"k{number}").accepted)
            if closes:
                ours._idle[0].sock.recv(1, socket.MSG_PEEK)  # it ends before the next one is sent
        assert (delivered, len(server.connections)) == ([True] * 3, connections)


def test_a_receiver_that_cannot_be_reached_is_left_alone_for_a_while() -> None:
    with receiver() as server:
        gone = connector(server)
    delivered = gone.deliver(b"{}", idempotency_key="k")
    assert (delivered.retry, delivered.status, delivered.pause_s) == (True, 0, PAUSE_S)


def hang_up(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    connection.close()


def test_a_connection_that_breaks_before_the_answer_is_worth_another_attempt() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=hang_up, args=(listening,))
        thread.start()
        ours = HttpConnector(f"http://127.0.0.1:{listening.getsockname()[1]}/", now=lambda: NOW)
        delivered = ours.deliver(b"{}", idempotency_key="k")
        thread.join()
    assert (delivered.accepted, delivered.retry, delivered.status, delivered.pause_s) == (False, True, 0, 0)


def test_an_address_that_is_none_of_http_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with http"):
        HttpConnector("ftp://ledger.example/", now=lambda: NOW)


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
    assert retry_after_s(text, NOW) == seconds

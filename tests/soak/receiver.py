"""The outside system of the soaks: takes effects over HTTP, keeps its own journal, and misbehaves by seed.

It honours `Idempotency-Key`: a key is accepted once, a repeat is answered from the journal. One answer in ten is an
error before anything is accepted, one in ten is lost after it was; each takes a moment before and after, as a system
across a network does.
"""

import json
import random
import threading
import time
from collections import Counter
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from tests.soak.client import Underway

ERROR_SHARE: Final = 0.1
LOST_SHARE: Final = 0.1
MOMENT_S_MAX: Final = 0.02
PHASE: Final = "posting"
PLACE: Final = "/postings"


def posting_by(sender: str) -> str:
    """The phase of a posting whose sender gives its name behind the address."""
    return f"{PHASE} by {sender}" if sender else PHASE


class Receiver:
    """The receiver's server and its journal: key -> the hashes of every payload that came under it."""

    def __init__(self, seed: int, underway: Underway) -> None:
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self.accepted: dict[str, list[str]] = {}
        self.attempts = 0
        self.asked: Counter[str] = Counter()  # key -> how often it came
        self.cases: dict[str, str] = {}
        self.came_at: dict[str, float] = {}  # case -> when its effect was first asked for
        receiver, moment = self, threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                came_at = time.monotonic()
                with underway.during(posting_by(self.path.removeprefix(PLACE).strip("/"))):
                    length = int(self.headers.get("Content-Length", "0"))
                    content = self.rfile.read(length)
                    if len(content) < length:  # killed while it was sending
                        return
                    moment.wait(receiver.moment())
                    status = receiver.take(self.headers.get("Idempotency-Key", ""), content, came_at)
                    moment.wait(receiver.moment())
                    self._answer(status)

            def _answer(self, status: int) -> None:
                self.close_connection = True
                if not status:
                    return
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:  # who asked is dead; what was accepted stays accepted
                    pass

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where effects are sent."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{PLACE}"

    def moment(self) -> float:
        """How long to take next, in seconds."""
        with self._lock:
            return self._random.uniform(0, MOMENT_S_MAX)

    def take(self, key: str, content: bytes, came_at: float) -> int:
        """Accept an effect, or fail to; 0 means that the answer is lost."""
        case_id = json.loads(content)["case_id"]
        with self._lock:
            self.attempts += 1
            self.asked[key] += 1
            self.came_at.setdefault(case_id, came_at)
            chance = self._random.random()
            if chance < ERROR_SHARE:
                return 500
            digest = sha256(content).hexdigest()
            seen = self.accepted.setdefault(key, [])
            if digest not in seen:
                seen.append(digest)
            self.cases[key] = case_id
            return 0 if chance < ERROR_SHARE + LOST_SHARE else 200

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

"""The outside system of the kill soak: takes effects over HTTP, keeps its own journal, and misbehaves by seed.

It honours `Idempotency-Key`: a key is accepted once, a repeat is answered from the journal. One answer in ten is an
error before anything is accepted, one in ten is lost after it was.
"""

import json
import random
import threading
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

ERROR_SHARE: Final = 0.1
LOST_SHARE: Final = 0.1


class Receiver:
    """The receiver's server and its journal: key -> the hashes of every payload that came under it."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self.accepted: dict[str, list[str]] = {}
        self.attempts = 0
        self.cases: dict[str, str] = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                status = receiver.take(self.headers.get("Idempotency-Key", ""), content)
                if status:
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                else:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where effects are sent."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/postings"

    def take(self, key: str, content: bytes) -> int:
        """Accept an effect, or fail to; 0 means that the answer is lost."""
        with self._lock:
            self.attempts += 1
            chance = self._random.random()
            if chance < ERROR_SHARE:
                return 500
            digest = sha256(content).hexdigest()
            seen = self.accepted.setdefault(key, [])
            if digest not in seen:
                seen.append(digest)
            self.cases[key] = json.loads(content)["case_id"]
            return 0 if chance < ERROR_SHARE + LOST_SHARE else 200

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

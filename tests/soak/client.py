"""What the soaks' clients share: a journal kept outside the product, and requests sent again until they are answered.

A client writes to its journal before it goes on, so what it claims in the end was known to somebody outside. While a
request is under way its phase is counted: who kills a process sees what the kill hits.
"""

import json
import os
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException
from itertools import cycle
from pathlib import Path
from typing import Any, Final

ANSWER_S_MAX: Final = 30
PAUSE_S: Final = 0.05


class Journal:
    """An append-only file; a line is on the disk when `note` returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def note(self, **event: object) -> None:
        """Append one line and force it to disk."""
        with self._lock, self._path.open("a") as file:
            file.write(json.dumps(event) + "\n")
            file.flush()
            os.fsync(file.fileno())


class Underway:
    """How many requests of each phase are under way right now."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._counts: Counter[str] = Counter()

    @contextmanager
    def during(self, phase: str) -> Iterator[None]:
        """Count one request of a phase while it lasts."""
        with self._changed:
            self._counts[phase] += 1
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._counts[phase] -= 1

    def phases(self) -> frozenset[str]:
        """The phases that a request is in."""
        with self._changed:
            return frozenset(phase for phase, count in self._counts.items() if count)

    def await_one(self, phases: frozenset[str], timeout_s: float) -> None:
        """Wait until a request is in one of the phases, at most so long."""
        with self._changed:
            self._changed.wait_for(lambda: any(self._counts[phase] > 0 for phase in phases), timeout_s)


class Client:
    """One principal's client: sends until it is answered, a mutation always under the same key.

    The servers have names that a phase ends with; who gets no answer at one goes on at the next.
    """

    def __init__(self, servers: Mapping[str, str], key: str, stop: threading.Event, underway: Underway) -> None:
        self._servers, self._key, self._stop, self._underway = servers, key, stop, underway
        self._at = cycle(servers)

    def get(self, path: str) -> tuple[int, Any] | None:
        """Ask; the status and JSON answer, None when told to stop."""
        return self._send("GET", path, None, {}, "query")

    def post(
        self,
        path: str,
        body: bytes,
        *,
        key: str,
        phase: str,
        media_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any] | None:
        """Mutate; the status and JSON answer, None when told to stop."""
        told = {"Content-Type": media_type, "Idempotency-Key": key, **(headers or {})}
        return self._send("POST", path, body, told, phase)

    def put(self, path: str, body: bytes, *, key: str) -> tuple[int, Any] | None:
        """Bring in a record; the status and JSON answer, None when told to stop."""
        return self._send("PUT", path, body, {"Content-Type": "application/json", "Idempotency-Key": key}, "reference")

    def _send(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], phase: str
    ) -> tuple[int, Any] | None:
        headers = {"Authorization": f"Bearer {self._key}", **headers}
        while not self._stop.is_set():
            name = next(self._at)
            request = urllib.request.Request(f"{self._servers[name]}{path}", data=body, headers=headers, method=method)
            try:
                with (
                    self._underway.during(phase + name),
                    urllib.request.urlopen(request, timeout=ANSWER_S_MAX) as answer,
                ):
                    return answer.status, json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code < 500:
                    return error.code, json.load(error)
            except (OSError, ValueError, HTTPException):  # killed under way
                pass
            self._stop.wait(PAUSE_S)
        return None

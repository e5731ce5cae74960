"""The database server's clock, as a process tells it between two questions.

Leases, timers and pauses are judged by many processes on many machines, whose own clocks disagree and are set. They all
go by one clock: the server's. A process asks for it now and then, and counts on from the answer by a clock that nobody
sets, so that its own may jump as it likes.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

ASKED_AGAIN_S: Final = 5.0
"""Seconds after which the server is asked again: neither clock drifts by a millisecond meanwhile."""


def steady_s() -> float:
    """Seconds of a clock that only goes forward, also while the process is stopped or the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class ServerClock:
    """What the server last said, and when; one question is worth as much as another, so threads may all ask."""

    def __init__(self, steady: Callable[[], float] = steady_s) -> None:
        self._steady = steady
        self._said: tuple[datetime, float] | None = None

    @property
    def is_due(self) -> bool:
        """Whether the server is to be asked before its clock is told again."""
        return self._said is None or self._steady() - self._said[1] > ASKED_AGAIN_S

    @property
    def is_heard(self) -> bool:
        """Whether the server has ever told its clock."""
        return self._said is not None

    def ask(self, server: Callable[[], datetime]) -> None:
        """Ask the server; it said so before the answer came, so that what is told is never ahead of its clock."""
        said = server()
        self._said = said, self._steady()

    def now(self) -> datetime:
        """The server's instant; a `LookupError` where it was never asked."""
        if self._said is None:
            raise LookupError("the database's clock was never asked")
        at, heard = self._said
        return at + timedelta(seconds=self._steady() - heard)

"""Telling workers that there is work, where looking for it again and again is outgrown.

The database stays the truth: a worker leases what is due there. What is told here only says which lane to look at, so
that one message lost, late or doubled does no harm: a worker looks again by itself after a while. A broker gives each
message to one worker of a group, so that many workers share the lanes without all of them asking at once; the port fits
NATS JetStream (a consumer for each lane) and Kafka (a topic for each lane, one consumer group).
"""

import threading
from collections.abc import Collection
from typing import Final, Protocol

LOOK_S: Final = 0.2
"""Pause after a round in which nothing was due, without a broker: what waits is seen at most this late."""


class Wakes(Protocol):
    """The way from who commits work to who waits for it."""

    def say(self, lanes: Collection[str]) -> None:
        """Say that lanes have work, after its commit; it neither waits nor fails, and may be lost."""
        ...

    def await_work(self, lanes: Collection[str], stop: threading.Event) -> bool:
        """Wait until one of these lanes has work, a bounded time at most, or until told to stop; whether it has."""
        ...

    def close(self) -> None:
        """Let go of the broker."""
        ...


class Polling:
    """No broker: whoever waits looks again soon."""

    def say(self, lanes: Collection[str]) -> None:
        """Say nothing: it is seen."""

    def await_work(self, lanes: Collection[str], stop: threading.Event) -> bool:  # noqa: ARG002 - the port's shape
        """Wait a moment."""
        stop.wait(LOOK_S)
        return False

    def close(self) -> None:
        """There is nothing to let go of."""

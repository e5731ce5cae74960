"""Telling workers that there is work by NATS JetStream: a stream of hints, and a shared consumer for each lane.

The client lives in a thread of its own. Whoever says something only notes the lane; many commits within a moment are
one message. A worker asks for a message only while it has nothing to do, so that hints go to workers that are free.
"""

import asyncio
import logging
import re
import threading
import time
from collections.abc import Collection
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

import nats
from nats.errors import TimeoutError as NothingCame
from nats.js import JetStreamContext
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import BadRequestError

LOG: Final = logging.getLogger(__name__)

FALLBACK_S: Final = 2.0
"""Seconds after which a worker looks by itself: so late is seen what nobody told, and what becomes due by time."""

MOMENT_S: Final = 0.01
RETRY_S: Final = 1.0
ANSWER_S_MAX: Final = 2.0
CLOSE_S_MAX: Final = 2.0
HINTS_MAX: Final = 10_000
HINT_AGE_S_MAX: Final = 60.0
"""A hint that nobody took by then is of no use: everybody has looked meanwhile."""

_SCHEMES: Final = frozenset({"nats", "tls"})


class WakeAddressError(ValueError):
    """The broker's address cannot be understood."""


class NatsWakes:
    """Hints over one NATS server or cluster: `nats://[user:password@]host:port[/installation]`."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        name = parts.path.strip("/") or "comptroller"
        if parts.scheme not in _SCHEMES or not parts.hostname or not re.fullmatch(r"[a-z0-9-]{1,40}", name):
            raise WakeAddressError("write an address such as nats://nats.example:4222/production")
        self._server, self._name = f"{parts.scheme}://{parts.netloc}", name
        self._stream = f"{name}-work".upper()
        self._lock, self._heard, self._closed = threading.Lock(), threading.Event(), threading.Event()
        self._to_say: set[str] = set()
        self._free = 0
        self._listening: set[str] = set()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live()), name="wakes", daemon=True)
        self._thread.start()

    def say(self, lanes: Collection[str]) -> None:
        """Note the lanes; they are told within a moment."""
        with self._lock:
            self._to_say.update(lanes)

    def await_work(self, lanes: Collection[str], stop: threading.Event) -> bool:
        """Wait until a hint comes, or until it is time to look."""
        with self._lock:
            self._listening.update(lanes)
            self._free += 1
        try:
            until = time.monotonic() + FALLBACK_S
            while not stop.is_set() and time.monotonic() < until:
                if self._heard.wait(0.1):
                    self._heard.clear()
                    return True
            return False
        finally:
            with self._lock:
                self._free -= 1

    def close(self) -> None:
        """Tell what is noted, and end."""
        self._closed.set()
        self._thread.join(CLOSE_S_MAX)

    async def _live(self) -> None:
        """Keep a connection for as long as it is wanted; without one, what is said is lost."""
        while not self._closed.is_set():
            try:
                connection = await nats.connect(
                    self._server, name=self._name, max_reconnect_attempts=-1, connect_timeout=2, error_cb=_quietly
                )
            except (TimeoutError, OSError, nats.errors.Error) as error:
                LOG.warning("no broker at %s (%s): workers look by themselves", urlsplit(self._server).hostname, error)
                self._lose()
                await asyncio.sleep(RETRY_S)
                continue
            try:
                await self._serve(connection.jetstream(timeout=ANSWER_S_MAX))
            except (TimeoutError, OSError, nats.errors.Error) as error:
                LOG.warning("the broker was lost (%s): workers look by themselves", type(error).__name__)
                await asyncio.sleep(RETRY_S)
            finally:
                with suppress(nats.errors.Error, asyncio.TimeoutError):
                    await connection.close()

    async def _serve(self, stream: JetStreamContext) -> None:
        """Tell what is said, and listen for each lane that somebody waits for, until the end."""
        listeners: dict[str, asyncio.Task[None]] = {}
        while True:
            with self._lock:
                said, self._to_say = self._to_say, set()
                new = self._listening - listeners.keys()
            for lane in new:
                listeners[lane] = asyncio.create_task(self._listen(stream, lane))
            if said:
                await self._tell(stream, said)
            elif self._closed.is_set():
                break
            await asyncio.sleep(MOMENT_S)
        for listener in listeners.values():
            listener.cancel()
        await asyncio.gather(*listeners.values(), return_exceptions=True)

    async def _tell(self, stream: JetStreamContext, lanes: Collection[str]) -> None:
        try:
            for lane in lanes:
                await stream.publish(self._subject(lane), b"", timeout=ANSWER_S_MAX)
        except (TimeoutError, nats.errors.Error, OSError):  # lost: workers look by themselves
            await self._make(stream)

    async def _listen(self, stream: JetStreamContext, lane: str) -> None:
        """Take one hint of a lane after the other while somebody is free."""
        while True:
            try:
                await self._make(stream)
                subject = self._subject(lane)
                hints = await stream.pull_subscribe(subject, durable=subject.replace(".", "-"), stream=self._stream)
                while True:
                    await self._until_free()
                    with suppress(NothingCame):
                        for hint in await hints.fetch(1, timeout=1):
                            await hint.ack()
                            self._heard.set()
            except (TimeoutError, nats.errors.Error, OSError) as error:
                LOG.warning("no hints for the lane %s (%s): workers look by themselves", lane, type(error).__name__)
                await asyncio.sleep(RETRY_S)

    async def _until_free(self) -> None:
        """Wait until a worker of this process has nothing to do."""
        while not self._free:  # noqa: ASYNC110 - it is told by a thread
            await asyncio.sleep(MOMENT_S)

    async def _make(self, stream: JetStreamContext) -> None:
        """Make the stream where it is not there, or was lost with its server's memory."""
        config = StreamConfig(
            name=self._stream,
            subjects=[f"{self._name}.work.>"],
            retention=RetentionPolicy.WORK_QUEUE,
            storage=StorageType.MEMORY,
            discard=DiscardPolicy.OLD,
            max_msgs=HINTS_MAX,
            max_age=HINT_AGE_S_MAX,
        )
        try:
            await stream.add_stream(config)
        except BadRequestError:  # an operator has made it otherwise
            return
        except (TimeoutError, nats.errors.Error):
            LOG.warning("the stream %s could not be made: workers look by themselves", self._stream)

    def _lose(self) -> None:
        with self._lock:
            self._to_say.clear()

    def _subject(self, lane: str) -> str:
        words = (re.sub(r"[^A-Za-z0-9_-]", "_", word) for word in lane.split("/"))
        return f"{self._name}.work.{'.'.join(words)}"


async def _quietly(_error: Exception) -> None:
    """What a connection complains of is seen where it is used."""

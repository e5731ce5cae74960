"""The worker process: it leases what is due, has hands that do it, and keeps what they hold alive.

A worker takes no more than its hands can soon do, so that what it cannot do is left to others. What is in hand stays
leased by a heartbeat; told to stop, it hands back what was not begun and waits a bounded time for what was.
"""

import logging
import signal
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from importlib.metadata import version
from typing import Final

from comptroller.application.dispatcher import Dispatcher
from comptroller.application.lanes import wanted_lanes
from comptroller.application.ports.store import Unavailable
from comptroller.application.ports.work import Leased, WorkerStanding
from comptroller.application.records import OutboxRow, revised
from comptroller.application.work import (
    can_be_sent_with_others,
    deliver_together,
    handle,
    lease,
    sequence_all,
    work_until_idle,
)
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.ids import TenantId

LOG: Final = logging.getLogger("comptroller.worker")

HANDS: Final = 4
"""Rows that one worker does at once: it waits for outside systems most of the time."""

IN_HAND_MAX: Final = 10 * HANDS
"""Rows leased and not done: enough for the hands while the next ones are fetched."""

TOGETHER_MAX: Final = 10
"""Deliveries to one system that one hand sends before it records them together."""

TOGETHER_S: Final = 0.1
"""Seconds after which it sends no more before it records what it has sent."""

ROOM_S: Final = 0.2
"""Seconds for which a round waits for a free hand before it looks at the log and at the signal again."""

SEQUENCE_S: Final = 0.5
"""Seconds between two looks for entries without a place in the log."""

RETRY_S: Final = 1.0
"""Seconds between two tries to begin without a database."""

GONE_S: Final = 86_400
"""Seconds after which a worker that said nothing any more is taken off the list."""


def worker_name(dispatcher: Dispatcher) -> str:
    """A name that no other worker has, now or after a restart."""
    environment = dispatcher.environment
    return f"{socket.gethostname()}-{environment.chance.identifier(environment.clock.machine_now())}"


@dataclass(order=True, slots=True)
class _InHand:
    """A leased row that waits for a hand, or is being done."""

    lane: int
    due: datetime
    number: int
    leased: Leased = field(compare=False)
    taken_at: datetime = field(compare=False)

    @property
    def key(self) -> tuple[TenantId, str]:
        return self.leased[0], self.leased[1].outbox_id


class Worker:
    """One worker: whoever runs it leases; a heart keeps the leases alive, and hands do the work."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self.name = worker_name(dispatcher)
        self._dispatcher = dispatcher
        self._clock, self._queue = dispatcher.environment.clock, dispatcher.environment.store.work
        self._pace, self._wakes = dispatcher.environment.pace, dispatcher.environment.wakes
        wanted = wanted_lanes(dispatcher.environment.connectors, {}, batch=1)
        self._places = {each.lane: place for place, each in enumerate(wanted)}
        self._changed = threading.Condition()
        self._waiting: list[_InHand] = []
        self._begun: dict[tuple[TenantId, str], _InHand] = {}
        self._is_stopping = False
        self._over = threading.Event()
        self._count = 0
        self._sequenced_at = 0.0
        self._started_at = self._clock.machine_now()

    def work_until(self, stop: threading.Event) -> None:
        """Work until told to stop; then end in order and in bounded time."""
        hands = [threading.Thread(target=self._work, name=f"hand-{number}", daemon=True) for number in range(HANDS)]
        heart = threading.Thread(target=self._beat, name="heart", daemon=True)
        for thread in (*hands, heart):
            thread.start()
        while not stop.is_set():
            try:
                taken = self._round()
            except Exception:  # a worker outlives a defect: what it holds stays leased and is taken over
                LOG.exception("a round of work failed")
                taken = 0
            if not taken:
                self._wakes.await_work(self._places, stop)
        self._end(hands)
        self._over.set()
        heart.join()

    def _round(self) -> int:
        """Take what there is room for, once the hands have room, and bring new entries into the log."""
        if time.monotonic() - self._sequenced_at >= SEQUENCE_S:
            sequence_all(self._dispatcher, self.name)
            self._sequenced_at = time.monotonic()
        with self._changed:
            if not self._changed.wait_for(lambda: 2 * self._in_hand() <= IN_HAND_MAX, ROOM_S):
                return 1  # the hands are full: look at the log and at the signal again
            room = IN_HAND_MAX - self._in_hand()
        leased = lease(self._dispatcher, self.name, batch=room)
        now = self._clock.machine_now()
        with self._changed:
            for tenant, row in leased:
                self._count += 1
                place = self._places.get(row.lane, len(self._places))
                heappush(self._waiting, _InHand(place, row.not_before, self._count, (tenant, row), now))
            self._changed.notify_all()
        return len(leased)

    def _in_hand(self) -> int:
        return len(self._waiting) + len(self._begun)

    def _work(self) -> None:
        """Do one row after the other, the first lane's first, until the worker stops."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_stopping)
                if self._is_stopping:
                    return
                begun = [self._begin()]
            tenant, row = begun[0].leased
            try:
                if can_be_sent_with_others(row):
                    deliver_together(self._dispatcher, tenant, self._in_line(begun))
                else:
                    handle(self._dispatcher, tenant, row)
            except Exception:  # it is recorded on the row where it could be, and tried again
                LOG.exception("work on `%s` failed", ", ".join(each.leased[1].outbox_id for each in begun))
            finally:
                with self._changed:
                    for each in begun:
                        self._begun.pop(each.key, None)
                    self._changed.notify_all()

    def _begin(self) -> _InHand:
        item = heappop(self._waiting)
        self._begun[item.key] = item
        return item

    def _in_line(self, begun: list[_InHand]) -> Iterator[OutboxRow]:
        """The row in hand, then those next in line for the same system, each when the one before it is sent.

        Nothing is recorded meanwhile, so that only what is answered at once goes together.
        """
        tenant, first = begun[0].leased
        until = time.monotonic() + TOGETHER_S
        yield first
        while len(begun) < TOGETHER_MAX and time.monotonic() < until:
            with self._changed:
                if not self._waiting or self._is_stopping:
                    return
                next_tenant, row = self._waiting[0].leased
                if (next_tenant, row.lane) != (tenant, first.lane) or not can_be_sent_with_others(row):
                    return
                begun.append(self._begin())
            yield row

    def _beat(self) -> None:
        """Keep what is in hand, and say how the worker does, until it is over."""
        self._forget_the_gone()
        while True:
            try:
                self._keep()
                self._tell()
            except Exception:  # the next beat comes before the leases run out
                LOG.exception("a heartbeat failed")
            if self._over.wait(self._pace.heartbeat_s):
                break
        try:
            self._queue.leave(self.name)
        except Exception:
            LOG.exception("the worker could not say that it has ended")

    def _keep(self) -> None:
        """Lengthen the leases of what is in hand and does not hang; let go of what is lost and not begun."""
        now = self._clock.machine_now()
        with self._changed:
            held = [item for item in (*self._waiting, *self._begun.values()) if not _hangs(item, now)]
        if not held:
            return
        until = now + timedelta(seconds=self._pace.lease_s)
        still = self._queue.renew([item.leased for item in held], now=now, lease_until=until)
        with self._changed:
            for item in held:
                if item.key in still:
                    tenant, row = item.leased
                    item.leased = tenant, revised(row, lease_until=until)
            lost = {item.key for item in held} - set(still)
            self._waiting = [item for item in self._waiting if item.key not in lost]
            heapify(self._waiting)

    def _tell(self) -> None:
        now = self._clock.machine_now()
        with self._changed:
            in_hand, state = self._in_hand(), "draining" if self._is_stopping else "working"
        lanes, host = tuple(self._places), socket.gethostname()
        self._queue.tell(
            WorkerStanding(self.name, host, version("comptroller"), state, lanes, in_hand, self._started_at, now)
        )

    def _forget_the_gone(self) -> None:
        oldest = self._clock.machine_now() - timedelta(seconds=GONE_S)
        try:
            for standing in self._queue.workers():
                if standing.seen_at < oldest:
                    self._queue.leave(standing.worker)
        except Exception:
            LOG.exception("the list of workers could not be read")

    def _end(self, hands: Sequence[threading.Thread]) -> None:
        """Hand back what was not begun, and give what was a bounded time."""
        with self._changed:
            self._is_stopping = True
            back, self._waiting = [item.leased for item in self._waiting], []
            self._changed.notify_all()
        try:
            if back:
                self._queue.hand_back(back)
            self._tell()
        except Exception:
            LOG.exception("%s rows could not be handed back: others take them when their leases run out", len(back))
        until = time.monotonic() + limits.STOP_S_MAX
        for hand in hands:
            hand.join(max(0.0, until - time.monotonic()))
        with self._changed:
            if self._begun:
                LOG.warning("%s rows were not done in time: others take them over", len(self._begun))


def _hangs(item: _InHand, now: datetime) -> bool:
    return now - item.taken_at > timedelta(seconds=limits.HOLD_S_MAX)


def work_forever(dispatcher: Dispatcher, *, once: bool) -> None:
    """Work until a signal comes, or once until nothing is due."""
    if once:
        work_until_idle(dispatcher, worker_name(dispatcher))
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work(dispatcher, stop)


def work(dispatcher: Dispatcher, stop: threading.Event) -> None:
    """Work until told to stop; a worker that finds no database waits for it."""
    while not stop.is_set():
        try:
            worker = Worker(dispatcher)
        except Unavailable:
            LOG.warning("the database cannot be had yet")
            stop.wait(RETRY_S)
        else:
            worker.work_until(stop)

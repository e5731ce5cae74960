"""The worker process: rounds of work until it is told to stop."""

import logging
import signal
import socket
import threading
from typing import Final

from comptroller.application.dispatcher import Dispatcher
from comptroller.application.work import work_round

LOG: Final = logging.getLogger("comptroller.worker")

IDLE_S: Final = 0.2
"""Pause after a round in which nothing was due: what waits in the outbox is seen at most this late."""


def worker_name(dispatcher: Dispatcher) -> str:
    """A name that no other worker has, now or after a restart."""
    environment = dispatcher.environment
    return f"{socket.gethostname()}-{environment.chance.identifier(environment.clock.machine_now())}"


def work_until(dispatcher: Dispatcher, stop: threading.Event) -> None:
    """Do rounds until told to stop; a defect in one round is logged, and the next round goes on."""
    owner = worker_name(dispatcher)
    while not stop.is_set():
        try:
            report = work_round(dispatcher, owner)
        except Exception:  # a worker outlives a defect: the row stays leased and is taken over
            LOG.exception("a round of work failed")
            stop.wait(IDLE_S)
            continue
        if not report.leased:
            stop.wait(IDLE_S)


def work_forever(dispatcher: Dispatcher, *, once: bool) -> None:
    """Work until a signal comes, or once until nothing is due."""
    if once:
        owner = worker_name(dispatcher)
        while work_round(dispatcher, owner).leased:
            pass
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work_until(dispatcher, stop)

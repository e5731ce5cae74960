"""Deliveries beside the floor: the worker, and a loop by hand, each with four hands, to the same receiver.

The receiver is a process of its own that takes each idempotency key once. Both read the same rows of the same outbox.
The loop leases some rows by one statement, posts each of them over a connection that it keeps, and marks it as done.
The worker besides takes up each row's case, tells it and the audit log what became of it and lets its process go on; it
records up to ten deliveries in one transaction.
"""

import http.client
import multiprocessing
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import psycopg

from bench.acting import settle, submit
from bench.clients import in_turns
from bench.company import TENANT, found
from bench.floor import stopwatch
from bench.report import Figure, Spent, rate
from bench.servers import database
from comptroller.bootstrap import build
from comptroller.entrypoints.worker import HANDS, Worker

DELIVERIES: Final = 500
LOOK_S: Final = 0.02
_OPEN: Final = "FROM outbox WHERE kind = 'delivery' AND status IN ('pending', 'leased')"
_LEASE: Final = f"""
    UPDATE outbox SET status = 'leased', lease_owner = 'hand', lease_until = now() + interval '30 s', fence = fence + 1
    WHERE (tenant, outbox_id) IN (SELECT tenant, outbox_id {_OPEN.replace("IN ('pending', 'leased')", "= 'pending'")}
        AND not_before <= now() ORDER BY not_before LIMIT 5 FOR UPDATE SKIP LOCKED)
    RETURNING outbox_id, payload, idempotency_key, fence"""
_DONE: Final = """
    UPDATE outbox SET status = 'done', attempts = attempts + 1, lease_owner = '', lease_until = NULL
    WHERE tenant = %s AND outbox_id = %s AND fence = %s"""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    taken: Final[set[str]] = set()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        key = self.headers["Idempotency-Key"]
        self.send_response_only(200 if key in self.taken else 201)
        self.taken.add(key)
        self.send_header("Content-Length", "0")
        self.end_headers()


def _receive(address: Any) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    address.put(f"http://127.0.0.1:{server.server_address[1]}/postings")
    server.serve_forever()


@contextmanager
def receiver() -> Iterator[str]:
    """The address of a receiver that runs meanwhile."""
    forks = multiprocessing.get_context("spawn")
    address = forks.SimpleQueue()
    process = forks.Process(target=_receive, args=(address,), daemon=True)
    process.start()
    try:
        yield address.get()
    finally:
        process.terminate()
        process.join()


def figures(server: str, rounds: int) -> Iterator[Figure]:
    """Deliveries a second."""
    with receiver() as url, database(server) as store, tempfile.TemporaryDirectory() as folder:
        platform = found(Path(folder), store, ledger_url=url)
        elsewhere = build(replace(platform.settings, ledger_url=""))  # knows no ledger: does all the rest

        def fill() -> None:
            submit(platform, DELIVERIES)
            settle(elsewhere)

        def by_worker() -> Spent:
            stop = threading.Event()
            worker = threading.Thread(target=Worker(platform.dispatcher).work_until, args=(stop,))
            with psycopg.connect(store, autocommit=True) as connection, stopwatch() as watch:
                worker.start()
                while connection.execute(f"SELECT 1 {_OPEN} LIMIT 1".encode()).fetchone():
                    time.sleep(LOOK_S)
            stop.set()
            worker.join()
            return watch(DELIVERIES)

        ours, floor = in_turns(by_worker, lambda: by_hand(store, url), rounds, ready=fill)
        peer = "hand-written loop"
        yield rate(f"throughput/drain/postgresql {HANDS} hands/{peer}", ours.rate, floor.rate, "deliveries/s")
        mine, theirs = round(ours.cpu_ms, 2), round(floor.cpu_ms, 2)
        yield Figure(f"throughput/drain/postgresql cpu/{peer}", mine, "ms each", theirs, round(theirs / mine, 3))
        elsewhere.close()
        platform.close()


def by_hand(store: str, url: str) -> Spent:
    """What somebody would write who only wants the outbox empty."""
    counts = [0] * HANDS
    hands = [threading.Thread(target=_deliver, args=(store, url, counts, number)) for number in range(HANDS)]
    with stopwatch() as watch:
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
    if sum(counts) != DELIVERIES:
        raise SystemExit(f"{sum(counts)} of {DELIVERIES} were delivered by hand")
    return watch(sum(counts))


def _deliver(store: str, url: str, counts: list[int], number: int) -> None:
    parts = urlsplit(url)
    system = http.client.HTTPConnection(parts.hostname or "", parts.port)
    with psycopg.connect(store, autocommit=True) as connection:
        while rows := connection.execute(_LEASE.encode(), prepare=True).fetchall():
            for outbox_id, payload, key, fence in rows:
                headers = {"Content-Type": "application/json", "Idempotency-Key": key}
                system.request("POST", parts.path, payload.encode(), headers)
                answer = system.getresponse()
                answer.read()
                if answer.status not in {200, 201}:
                    raise SystemExit(f"the receiver answers {answer.status}")
                connection.execute(_DONE, [TENANT, outbox_id, fence], prepare=True)
                counts[number] += 1
    system.close()

"""A worker that is stopped past its lease and woken changes no row: somebody else has done its work meanwhile.

The worker is the real process, stopped by the machine (SIGSTOP) while the outside system is answering it.
"""

import os
import signal
import sqlite3
import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import psycopg
import pytest
from bench.company import TENANT, document, found, request
from tests.database_content import changed, content
from tests.soak.processes import END_S_MAX, command_line, surroundings

from comptroller.adapters.surroundings import TenantClock, machine_time
from comptroller.application.catalogue import USE_CASES
from comptroller.application.dispatcher import Dispatcher
from comptroller.application.records import OutboxRow
from comptroller.application.work import handle, lease, sequence_all
from comptroller.bootstrap import Platform, build
from comptroller.domain.kernel import limits
from comptroller.entrypoints.worker import HANDS, work
from comptroller.settings import Settings

SERVER: Final = os.environ.get("COMPTROLLER_TEST_DATABASE_URL", "")
WAIT_S_MAX: Final = 60
DOCUMENTS: Final = 3 * HANDS
NAMES: Final = [f"{number:02}X{'QZ'[number % 2] * (number + 1)}" for number in range(DOCUMENTS)]
"""Numbers that are not near to each other."""
ENDED: Final = ("done", "pending", "leased")


class SlowReceiver:
    """Takes postings; its first answers wait until they are let go."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.slow_answers = 1
        self.arrived, self.go_on = threading.Semaphore(0), threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.taken.append((self.headers["Idempotency-Key"], content))
                if len(receiver.taken) <= receiver.slow_answers:
                    receiver.arrived.release()
                    receiver.go_on.wait(WAIT_S_MAX)
                with suppress(OSError):
                    self.send_response(200)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"

    def close(self) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[SlowReceiver]:
    made = SlowReceiver()
    yield made
    made.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'comptroller.sqlite3'}"
        return
    if not SERVER:
        if os.environ.get("CI") == "true":
            pytest.fail("COMPTROLLER_TEST_DATABASE_URL names no PostgreSQL server")
        pytest.skip("COMPTROLLER_TEST_DATABASE_URL names no PostgreSQL server")
    name = f"comptroller_stopped_{uuid.uuid4().hex}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield f"{SERVER.rpartition('/')[0]}/{name}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def worker(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process; killed if it is still there in the end."""
    process = subprocess.Popen(command_line("worker"), env=surroundings(settings))
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def worker_at_hand(platform: Platform) -> Iterator[None]:
    """A worker in this process, at work at once: a process takes its time to begin, and answers are not awaited long.

    Who waits for an outside system gives it up after `DELIVERY_TIMEOUT_S`, and then has nothing left to end.
    """
    told = threading.Event()
    thread = threading.Thread(target=work, args=(platform.dispatcher, told))
    thread.start()
    try:
        yield
    finally:
        told.set()
        thread.join(END_S_MAX)
    assert not thread.is_alive()


@contextmanager
def outside_of_transactions(settings: Settings) -> Iterator[None]:
    """Nobody writes to SQLite's file meanwhile: a process that is stopped with the writer's lock stops them all."""
    if not settings.database_url.startswith("sqlite"):
        yield
        return
    connection = sqlite3.connect(settings.database_url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.execute("ROLLBACK")
    connection.close()


def after_the_lease(platform: Platform) -> Dispatcher:
    """What another worker would do when the lease has run out."""
    clock = TenantClock(lambda: machine_time() + timedelta(seconds=limits.LEASE_S + 1))
    return Dispatcher(replace(platform.environment, clock=clock), USE_CASES)


def await_so(what: str, is_so: Callable[[], bool]) -> None:
    """Wait until something is so."""
    pause, until = threading.Event(), time.monotonic() + WAIT_S_MAX
    while not is_so():
        assert time.monotonic() < until, f"not yet: {what}"
        pause.wait(0.02)


def await_draining(platform: Platform) -> None:
    """Wait until the worker says that it takes nothing any more."""
    workers = platform.environment.store.work.workers
    await_so("the worker drains", lambda: {each.state for each in workers()} == {"draining"})


def deliveries(platform: Platform, status: str) -> Sequence[OutboxRow]:
    return platform.environment.store.read(TENANT, lambda uow: uow.deliveries(status=status))


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGSTOP)
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)


def test_a_worker_woken_after_its_lease_changes_no_row(
    tmp_path: Path, database_url: str, receiver: SlowReceiver
) -> None:
    found(tmp_path, database_url).close()
    settings = Settings(tmp_path, database_url, receiver.url, "")
    platform = build(settings)
    answer = platform.dispatcher.execute(TENANT, request(platform, document(platform, "S-1", 1)))
    assert answer["status"] == "posted"
    with worker(settings) as first:
        assert receiver.arrived.acquire(timeout=WAIT_S_MAX)
        with outside_of_transactions(settings):
            stop(first)
        other = after_the_lease(platform)
        while leased := lease(other, "second"):
            for tenant, row in leased:
                handle(other, tenant, row)
        sequence_all(other, "second")
        before = content(database_url, without=("worker",))
        receiver.go_on.set()
        first.send_signal(signal.SIGCONT)
        first.send_signal(signal.SIGTERM)
        assert first.wait(END_S_MAX) == 0
    assert changed(before, content(database_url, without=("worker",))) == {}
    (delivery,) = platform.environment.store.read(TENANT, lambda uow: uow.deliveries())
    assert (delivery.status, delivery.fence, delivery.attempts) == ("done", 2, 1)
    assert [key for key, _ in receiver.taken] == [delivery.idempotency_key] * 2
    assert len({payload for _, payload in receiver.taken}) == 1
    assert platform.environment.store.work.workers() == []
    platform.close()


def full(home: Path, database_url: str, receiver: SlowReceiver, *, slow: int) -> tuple[Settings, Platform]:
    """A platform with deliveries that wait, of which the receiver answers so many only when it is told to go on."""
    found(home, database_url).close()
    settings = Settings(home, database_url, receiver.url, "")
    platform = build(settings)
    for number in range(DOCUMENTS):
        platform.dispatcher.execute(TENANT, request(platform, document(platform, NAMES[number], number)))
    receiver.slow_answers = slow
    return settings, platform


def test_a_worker_told_to_stop_ends_what_it_has_begun_and_hands_back_the_rest(
    tmp_path: Path, database_url: str, receiver: SlowReceiver
) -> None:
    settings, platform = full(tmp_path, database_url, receiver, slow=DOCUMENTS)
    with worker(settings) as first:
        for _ in range(HANDS):
            assert receiver.arrived.acquire(timeout=WAIT_S_MAX)
        first.send_signal(signal.SIGTERM)
        await_draining(platform)
        receiver.go_on.set()
        assert first.wait(END_S_MAX) == 0
    store = platform.environment.store
    ended = {status: deliveries(platform, status) for status in ENDED}
    assert {row.idempotency_key for row in ended["done"]} == {key for key, _ in receiver.taken}
    assert (len(ended["done"]), len(ended["pending"]), ended["leased"]) == (HANDS, DOCUMENTS - HANDS, [])
    assert {row.attempts for row in ended["pending"]} == {0}
    assert store.work.workers() == []
    platform.close()


def test_worker_of_a_new_release_goes_on_while_one_of_the_old_drains(
    tmp_path: Path, database_url: str, receiver: SlowReceiver
) -> None:
    settings, platform = full(tmp_path, database_url, receiver, slow=HANDS)
    with worker(settings) as old:
        for _ in range(HANDS):
            assert receiver.arrived.acquire(timeout=WAIT_S_MAX)
        old.send_signal(signal.SIGTERM)
        await_draining(platform)
        with worker_at_hand(platform):
            await_so("the new one delivers what was handed back", lambda: len(receiver.taken) == DOCUMENTS)
            assert old.poll() is None  # it ends what it has begun
            receiver.go_on.set()
            assert old.wait(END_S_MAX) == 0
            await_so("everything is done", lambda: len(deliveries(platform, "done")) == DOCUMENTS)
    keys = [key for key, _ in receiver.taken]
    assert len(set(keys)) == len(keys) == DOCUMENTS
    assert {row.attempts for row in deliveries(platform, "done")} == {1}
    assert platform.environment.store.work.workers() == []
    platform.close()

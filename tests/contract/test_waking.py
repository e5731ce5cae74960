"""Workers are told of work by the real broker, each hint by one of them; without it they look by themselves."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

import pytest
from tests.broker import NoBrokerError, OwnBroker
from tests.contract import rows

from comptroller.adapters.database import PostgresqlStore, open_store
from comptroller.adapters.eventbus import NatsWakes
from comptroller.adapters.keys import DataKeys
from comptroller.application.ports.waking import Polling, Wakes
from comptroller.application.records import revised
from comptroller.bootstrap import SettingsError, wakes_of
from comptroller.domain.kernel.ids import TenantId
from comptroller.settings import Settings

BROKER: Final = ("127.0.0.1", 4222)
WAIT_S_MAX: Final = 30


@pytest.fixture
def address() -> str:
    """An installation of its own on the broker."""
    try:
        socket.create_connection(BROKER, timeout=2).close()
    except OSError:
        message = f"no NATS server listens on {BROKER[0]}:{BROKER[1]}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return f"nats://{BROKER[0]}:{BROKER[1]}/test-{uuid4().hex[:12]}"


@pytest.fixture
def said(address: str) -> Iterator[Wakes]:
    made = NatsWakes(address)
    yield made
    made.close()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[OwnBroker]:
    """A broker that the test may kill."""
    try:
        made = OwnBroker(tmp_path)
    except NoBrokerError as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(str(reason))
        pytest.skip(str(reason))
    yield made
    made.kill()


class Idle:
    """A worker that waits for work, and counts how often it was told of some."""

    def __init__(self, address: str, lanes: tuple[str, ...]) -> None:
        self.told = 0
        self._wakes, self._lanes, self._stop = NatsWakes(address), lanes, threading.Event()
        self._thread = threading.Thread(target=self._wait, daemon=True)
        self._thread.start()

    def _wait(self) -> None:
        while not self._stop.is_set():
            self.told += self._wakes.await_work(self._lanes, self._stop)

    def close(self) -> None:
        self._stop.set()
        self._thread.join()
        self._wakes.close()


def until(what: str, is_so: object, again: object = None) -> None:
    """Wait for something, doing something again and again."""
    assert callable(is_so)
    pause, end = threading.Event(), time.monotonic() + WAIT_S_MAX
    while not is_so():
        assert time.monotonic() < end, what
        if callable(again):
            again()
        pause.wait(0.05)


def test_who_waits_for_a_lane_is_told_of_its_work(address: str, said: Wakes) -> None:
    idle = Idle(address, ("cases", "delivery/ledger"))
    try:
        until("nobody was told", lambda: idle.told, lambda: said.say(["delivery/ledger"]))
    finally:
        idle.close()


def test_who_waits_for_other_lanes_is_left_alone(address: str, said: Wakes) -> None:
    other, idle = Idle(address, ("notices",)), Idle(address, ("cases",))
    try:
        until("nobody was told", lambda: idle.told, lambda: said.say(["cases"]))
        assert other.told == 0
    finally:
        other.close()
        idle.close()


def test_each_hint_goes_to_one_of_many(address: str, said: Wakes) -> None:
    idle = [Idle(address, ("cases",)) for _ in range(3)]
    hints = 0

    def hint() -> None:
        nonlocal hints
        hints += 1
        said.say(["cases"])

    try:
        until("not everybody was told", lambda: all(each.told for each in idle), hint)
        assert sum(each.told for each in idle) <= hints
    finally:
        for each in idle:
            each.close()


def test_who_speaks_and_who_waits_find_a_broker_again_that_was_gone(broker: OwnBroker) -> None:
    said, idle = NatsWakes(broker.url), Idle(broker.url, ("cases",))
    try:
        until("nobody was told", lambda: idle.told, lambda: said.say(["cases"]))
        broker.kill()
        assert said.await_work(["cases"], threading.Event()) is False  # whoever waits looks by himself meanwhile
        broker.start()
        before = idle.told
        until("nobody was told again", lambda: idle.told > before, lambda: said.say(["cases"]))
    finally:
        idle.close()
        said.close()


def test_who_begins_without_a_broker_finds_it_when_it_is_there(broker: OwnBroker) -> None:
    broker.kill()
    said, idle = NatsWakes(broker.url), Idle(broker.url, ("cases",))
    try:
        said.say(["cases"])
        assert said.await_work(["cases"], threading.Event()) is False
        broker.start()
        until("nobody was told", lambda: idle.told, lambda: said.say(["cases"]))
    finally:
        idle.close()
        said.close()


def test_commit_of_due_work_says_so_and_no_other(own_database_url: str, ciphers: DataKeys) -> None:
    if not own_database_url.startswith("postgresql"):
        pytest.skip("a file is worked on by one process")
    told: list[set[str]] = []
    store = open_store(own_database_url, ciphers, committed=lambda lanes: told.append(set(lanes)))
    assert isinstance(store, PostgresqlStore)
    tenant, now = TenantId("acme"), store.now()
    store.create_tenant(tenant, "Acme")
    due = revised(rows.OUTBOX, outbox_id="due", lane="cases", not_before=now)
    later = revised(due, outbox_id="later", lane="notices", not_before=now.replace(year=now.year + 1))
    store.run(tenant, lambda unit: unit.insert(due, later))
    store.run(tenant, lambda unit: unit.insert(rows.CASE))
    store.rehearse(tenant, lambda unit: unit.insert(revised(due, outbox_id="never")))
    store.close()
    assert told == [{"cases"}]


def test_without_a_broker_nothing_fails_and_everybody_looks_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        wakes = NatsWakes(f"nats://127.0.0.1:{free.getsockname()[1]}")
        wakes.say(["cases"])
        assert wakes.await_work(["cases"], threading.Event()) is False
        wakes.close()


@pytest.mark.parametrize("url", ["", "localhost:4222", "http://localhost", "nats://localhost/A B"])
def test_broker_is_a_setting(url: str) -> None:
    settings = Settings(Path(), "", "", "", wake_url=url)
    if not url:
        assert isinstance(wakes_of(settings), Polling)
        return
    with pytest.raises(SettingsError, match="COMPTROLLER_WAKE_URL"):
        wakes_of(settings)

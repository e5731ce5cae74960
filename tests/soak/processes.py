"""The platform's processes as the soaks run them: forked for kills, or started by their command as an operator would.

A fork comes from a process that has imported the product and compiled the policies (`warm.py`), so a killed one is up
again at once and the time goes into kills.
"""

import multiprocessing
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

from comptroller.adapters.surroundings import machine_time
from comptroller.application.policy import Policy, PolicyLibrary
from comptroller.application.ports.work import Pace
from comptroller.bootstrap import Platform, build, compile_pack
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.packs import content_hash
from comptroller.entrypoints.http.serving import serve_forever
from comptroller.entrypoints.worker import work_forever
from comptroller.settings import Settings

READY_S_MAX: Final = 60
END_S_MAX: Final = 30
PORTS: Final = range(10_000, 32_768)
"""Below those that the system gives to who connects: a port of those is lost while its server is down, to anybody who
connects somewhere, and now and then to who tries to reach that very server and so reaches himself."""


def free_port() -> int:
    """A port of the loopback interface that nobody listens on, and that stays free while its server is down."""
    while True:
        port = random.SystemRandom().choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def is_ready(url: str) -> bool:
    """Whether the server at an address answers."""
    try:
        with urllib.request.urlopen(f"{url}/ready", timeout=2):
            return True
    except OSError:
        return False


def await_ready(url: str) -> None:
    """Wait until the server at an address answers."""
    pause, until = threading.Event(), time.monotonic() + READY_S_MAX
    while time.monotonic() < until:
        if is_ready(url):
            return
        pause.wait(0.02)
    raise SystemExit("the server did not come up")


# ---- forked, to be killed ------------------------------------------------------------------------------------------


class Victim:
    """A process that is killed and started again; `strikes` are the phases in which a kill of it is one.

    One that serves has an address, where it says whether it is ready.
    """

    def __init__(self, name: str, strikes: frozenset[str], start: Callable[[], None], *, url: str = "") -> None:
        self.name, self.strikes = name, strikes
        self._start, self._url = start, url
        self._forks = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload(["tests.soak.warm"])
        self._process: BaseProcess | None = None

    def start(self) -> None:
        """Start it, without waiting until it is ready."""
        self._process = self._forks.Process(target=self._start, name=self.name)
        self._process.start()

    @property
    def is_ready(self) -> bool:
        """Whether it takes requests; who takes none is ready while alive."""
        return is_ready(self._url) if self._url else self.is_alive

    def await_ready(self) -> None:
        """Wait until it takes requests."""
        if self._url:
            await_ready(self._url)

    @property
    def is_alive(self) -> bool:
        """Whether it runs, or stands still."""
        return self._process is not None and self._process.is_alive()

    def stop(self) -> bool:
        """Have it stand still; False when it was not alive."""
        return self._signal(signal.SIGSTOP)

    def wake(self) -> bool:
        """Let it go on after a stop; False when it was not alive."""
        return self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> bool:
        assert self._process is not None
        if self._process.pid is None or not self._process.is_alive():
            return False
        os.kill(self._process.pid, number)
        return True

    def kill(self) -> bool:
        """Kill it as the machine would; False when it was not alive."""
        assert self._process is not None
        if not self._process.is_alive():
            return False
        self._process.kill()
        self._process.join()
        return True


@dataclass(frozen=True)
class Machine:
    """The machine that a fork stands on: how far its clock is off, in seconds, and how long leases last."""

    ahead_s: Any  # a number that processes share
    pace: Pace

    def build(self, settings: Settings) -> Platform:
        """Make the platform of a process that stands on it; the database hears its process's own name."""
        query = f"application_name={multiprocessing.current_process().name}-{os.getpid()}"
        settings = replace(settings, database_url=f"{settings.database_url}?{query}")
        return build(settings, machine=self._clock, pace=self.pace, policies=PolicyLibrary(compiled))

    def _clock(self) -> datetime:
        return machine_time() + timedelta(seconds=self.ahead_s.value)


class Serve:
    """What a server's fork does: serve as `comptroller serve` does."""

    def __init__(self, settings: Settings, *, with_worker: bool, machine: Machine | None = None) -> None:
        self.settings, self.with_worker, self.port = settings, with_worker, free_port()
        self._machine = machine

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __call__(self) -> None:
        _log_to(self.settings.home)
        platform = _platform(self.settings, self._machine)
        serve_forever(platform, port=self.port, with_worker=self.with_worker)


class Work:
    """What a worker's fork does: work as `comptroller worker` does."""

    def __init__(self, settings: Settings, *, machine: Machine | None = None) -> None:
        self.settings = settings
        self._machine = machine

    def __call__(self) -> None:
        _log_to(self.settings.home)
        platform = _platform(self.settings, self._machine)
        work_forever(platform.dispatcher, once=False)


_COMPILED: Final[dict[str, Policy | tuple[Fault, ...]]] = {}


def compiled(files: Mapping[str, bytes], *, released: bool = False) -> Policy | tuple[Fault, ...]:
    """Compile a pack once, in this process or in the one that it was forked from."""
    key = content_hash(files)
    if key not in _COMPILED:
        _COMPILED[key] = compile_pack(files, released=released)
    return _COMPILED[key]


def _platform(settings: Settings, machine: Machine | None) -> Platform:
    return machine.build(settings) if machine else build(settings, policies=PolicyLibrary(compiled))


def _log_to(home: Path) -> None:
    """What a fork has to say goes to a file of its name: to be read where something is wrong."""
    name = multiprocessing.current_process().name.replace(" ", "-")
    os.dup2(os.open(home / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND), sys.stderr.fileno())


# ---- by their command ----------------------------------------------------------------------------------------------


@contextmanager
def command(*arguments: str, settings: Settings, log: Path) -> Iterator[None]:
    """A `comptroller` command running beside the caller; told to end afterwards."""
    with log.open("ab") as file:
        process = subprocess.Popen(command_line(*arguments), env=surroundings(settings), stdout=file, stderr=file)
    try:
        yield
    finally:
        process.terminate()
        process.wait(END_S_MAX)


def command_line(*arguments: str) -> list[str]:
    """The arguments that start `comptroller` under this interpreter."""
    return [sys.executable, "-m", "comptroller", *arguments]


def surroundings(settings: Settings) -> dict[str, str]:
    """The environment that makes a command find what the settings say."""
    return os.environ | {
        "COMPTROLLER_HOME": str(settings.home),
        "COMPTROLLER_DATABASE_URL": settings.database_url,
        "COMPTROLLER_LEDGER_URL": settings.ledger_url,
        "COMPTROLLER_SESSION_SECRET": settings.session_secret,
    }

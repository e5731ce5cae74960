"""The platform's processes as the soaks run them: forked for kills, or started by their command as an operator would.

A fork comes from a process that has only imported, so a killed one is up again at once and the time goes into kills.
"""

import multiprocessing
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from comptroller.bootstrap import build
from comptroller.entrypoints.http.serving import serve_forever
from comptroller.entrypoints.worker import work_forever
from comptroller.settings import Settings

READY_S_MAX: Final = 60
END_S_MAX: Final = 30


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def await_ready(url: str) -> None:
    """Wait until the server at an address answers."""
    pause, until = threading.Event(), time.monotonic() + READY_S_MAX
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{url}/ready", timeout=2):
                return
        except OSError:
            pause.wait(0.02)
    raise SystemExit("the server did not come up")


# ---- forked, to be killed ------------------------------------------------------------------------------------------


class Victim:
    """A process that is killed and started again; `strikes` are the phases in which a kill of it is one."""

    def __init__(
        self, name: str, strikes: frozenset[str], start: Callable[[], None], ready: Callable[[], None] = lambda: None
    ) -> None:
        self.name, self.strikes = name, strikes
        self._start, self._ready = start, ready
        self._forks = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload(["tests.soak.processes"])
        self._process: BaseProcess | None = None

    def start(self) -> None:
        """Start it and wait until it is ready."""
        self._process = self._forks.Process(target=self._start)
        self._process.start()
        self._ready()

    def kill(self) -> bool:
        """Kill it as the machine would; False when it was not alive."""
        assert self._process is not None
        if not self._process.is_alive():
            return False
        self._process.kill()
        self._process.join()
        return True


class Serve:
    """What a server's fork does: serve as `comptroller serve` does."""

    def __init__(self, settings: Settings, *, with_worker: bool) -> None:
        self.settings, self.with_worker, self.port = settings, with_worker, free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __call__(self) -> None:
        _be_quiet()
        serve_forever(self.settings, port=self.port, with_worker=self.with_worker)


class Work:
    """What a worker's fork does: work as `comptroller worker` does."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def __call__(self) -> None:
        _be_quiet()
        work_forever(build(self.settings).dispatcher, once=False)


def _be_quiet() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


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

"""A NATS server of a test's own, which it may kill and start again as it likes."""

import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Final

from tests.soak.processes import free_port

UP_S_MAX: Final = 20


class NoBrokerError(RuntimeError):
    """NATS's server is not on this machine."""


class OwnBroker:
    """One server with JetStream and its files under a folder; started when it is made."""

    def __init__(self, place: Path) -> None:
        program = shutil.which("nats-server")
        if program is None:
            raise NoBrokerError("no NATS server is installed here")
        self.port = free_port()
        self._command = [program, "-js", "-sd", str(place), "-a", "127.0.0.1", "-p", str(self.port)]
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        pause, until = threading.Event(), time.monotonic() + UP_S_MAX
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                pause.wait(0.02)
            else:
                return
        raise RuntimeError("the NATS server did not come up")

    def kill(self) -> None:
        """Kill it with signal 9, as a machine that fails would; the hints that it had are lost."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

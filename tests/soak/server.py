"""A PostgreSQL server of a soak's own, which it may restart and crash as it likes, and the journal kept inside of it.

The journal is a trigger on the outbox that the product knows nothing of: who changed which row from what to what, by
the name under which a process has connected. With it a soak tells whether somebody wrote a row that others held.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg
from tests.soak.processes import free_port

USER: Final = "postgres"
"""The role that founds; where the soak runs as root, the system's user too: the server will not run as root."""

CONNECTIONS_MAX: Final = 300

_JOURNAL: Final = """
CREATE TABLE soak_journal (
    number bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(), who text NOT NULL,
    outbox_id text NOT NULL, kind text NOT NULL, due timestamptz NOT NULL, status_before text NOT NULL,
    status text NOT NULL, fence_before bigint NOT NULL, fence bigint NOT NULL
);
CREATE FUNCTION soak_note() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO soak_journal (who, outbox_id, kind, due, status_before, status, fence_before, fence)
    VALUES (current_setting('application_name'), NEW.outbox_id, NEW.kind, OLD.not_before, OLD.status, NEW.status,
            OLD.fence, NEW.fence);
    RETURN NULL;
END $$;
CREATE TRIGGER soak_note AFTER UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION soak_note();
"""


class NoServerError(RuntimeError):
    """PostgreSQL's server programs are not on this machine."""


@dataclass(frozen=True, slots=True)
class Noted:
    """One change of an outbox row."""

    at: datetime
    who: str
    outbox_id: str
    kind: str
    due: datetime
    status_before: str
    status: str
    fence_before: int
    fence: int


def programs() -> Path:
    """Where the newest server's programs are; `NoServerError` where there are none."""
    found = shutil.which("postgres")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not places or not (places[-1] / "initdb").exists():
        raise NoServerError("no PostgreSQL server is installed here")
    return places[-1]


class OwnServer:
    """One server with its files under a folder; started when it is made."""

    def __init__(self, place: Path) -> None:
        self._programs, self._place, self._port = programs(), place, free_port()
        place.mkdir()
        self._user = USER if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(place, self._user)
        self._run(
            "initdb", "-D", str(place / "data"), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        self.start()

    @property
    def url(self) -> str:
        """The address of its one database."""
        return f"postgresql://{USER}@127.0.0.1:{self._port}/{USER}"

    def start(self) -> None:
        """Start it, and wait until it takes connections."""
        options = f"-p {self._port} -h 127.0.0.1 -k {self._place} -c max_connections={CONNECTIONS_MAX}"
        self._run(
            "pg_ctl", "start", "-w", "-D", str(self._place / "data"), "-l", str(self._place / "log"), "-o", options
        )

    def stop(self, mode: str) -> None:
        """End it: `fast` ends every session in order, `immediate` is a crash."""
        self._run("pg_ctl", "stop", "-w", "-m", mode, "-D", str(self._place / "data"))

    def begin_journal(self) -> None:
        """Note every change of the outbox from now on."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(_JOURNAL)

    def journal(self) -> Iterator[Noted]:
        """What was noted, row by row, each row's changes in their order."""
        text = (
            "SELECT at, who, outbox_id, kind, due, status_before, status, fence_before, fence FROM soak_journal "
            "ORDER BY outbox_id, number"
        )
        for row in self.ask(text):
            yield Noted(*row)

    def ask(self, text: str) -> Sequence[tuple[Any, ...]]:
        """Answer a query that sees everything."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(text.encode()).fetchall()

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        done = subprocess.run(
            command, user=self._user, cwd=self._place, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
        )
        if done.returncode:
            raise RuntimeError(f"`{program}` ended with {done.returncode}")

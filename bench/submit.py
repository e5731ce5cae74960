"""Submission beside the floor: how near a case, judged and posted, comes to inserting its rows by hand.

python -m bench.submit [--json] [--seconds 5]
"""

import argparse
import cProfile
import os
import pstats
import sqlite3
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psycopg

from bench.company import TENANT, document, found, request
from bench.floor import Rows, postgresql_rate, sqlite_rate, template
from bench.report import Figure, rate, report
from comptroller.application.dispatcher import Request
from comptroller.bootstrap import Platform

DEFAULT_SERVER: Final = "postgresql://root@127.0.0.1:5432/postgres"
CLIENTS: Final = 8
BULK: Final = 100
MANY: Final = 2000

PARTS: Final = {
    "domain/decisions": "decisions and FEEL",
    "domain/feel": "decisions and FEEL",
    "domain/workflow": "process",
    "domain/controls": "controls",
    "domain/documents": "documents",
    "domain/audit": "audit",
    "adapters/database": "store",
    "sqlite3": "store",
    "comptroller/application": "application",
    "json": "JSON",
}


class Submitter:
    """Makes submissions with numbers of their own."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._next = 0

    def requests(self, count: int) -> list[Request]:
        """So many documents, read and checked."""
        start, self._next = self._next, self._next + count
        return [
            request(self.platform, document(self.platform, f"B-{uuid.uuid4().hex[:8]}-{number}Z", number))
            for number in range(start, start + count)
        ]

    def one_by_one(self, seconds: float, clients: int) -> float:
        """Cases a second from so many threads, each waiting for its answer."""
        batches = [self.requests(int(seconds * 400)) for _ in range(clients)]
        counts = [0] * clients
        until = time.perf_counter() + seconds

        def client(number: int) -> None:
            for each in batches[number]:
                _posted(self.platform.dispatcher.execute(TENANT, each))
                counts[number] += 1
                if time.perf_counter() >= until:
                    return

        threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(counts) / (time.perf_counter() - start)

    def in_bulk(self, seconds: float) -> float:
        """Cases a second, a hundred in one transaction."""
        done, spent = 0, 0.0
        while spent < seconds:
            requests = self.requests(BULK)
            start = time.perf_counter()
            answers = self.platform.dispatcher.execute_many(TENANT, requests)
            spent += time.perf_counter() - start
            for answer in answers:
                _posted(answer)
            done += BULK
        return done / spent

    def from_ubl(self, seconds: float) -> float:
        """Cases a second from UBL bytes, reading and both rule engines included."""
        pattern = (Path(__file__).parent.parent / "packs/accounts-payable/demo/documents/D01.ubl.xml").read_text()
        request(self.platform, pattern.encode(), "application/xml")  # the first reading compiles the standard's rules
        done = 0
        start = time.perf_counter()
        while time.perf_counter() - start < seconds:
            content = pattern.replace("NK-2026-0311", f"U-{uuid.uuid4().hex[:10]}Z").encode()
            self.platform.dispatcher.execute(TENANT, request(self.platform, content, "application/xml"))
            done += 1
        return done / (time.perf_counter() - start)


def _posted(answer: Any) -> None:
    if not isinstance(answer, dict) or answer["status"] != "posted":
        raise SystemExit(f"not posted: {answer}")


def _case(platform: Platform) -> str:
    submitter = Submitter(platform)
    answer = platform.dispatcher.execute(TENANT, submitter.requests(1)[0])
    _posted(answer)
    return str(answer["case_id"])


def sqlite_figures(seconds: float) -> list[Figure]:
    """The figures on SQLite, synchronous FULL."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.sqlite3"
        platform = found(Path(folder), f"sqlite:///{path}")
        case_id, submitter = _case(platform), Submitter(platform)
        with sqlite3.connect(path) as connection:
            rows = template(lambda query: connection.execute(query).fetchall(), case_id)

        def floor(group: int) -> float:
            return sqlite_rate(str(path), rows, case_id, group=group, seconds=seconds)

        figures = [
            rate("submit/sqlite 1 client/canonical/hand-written insert", submitter.one_by_one(seconds, 1), floor(1)),
            rate(
                "submit/sqlite 8 clients/canonical/hand-written insert",
                submitter.one_by_one(seconds, CLIENTS),
                floor(CLIENTS),
            ),
            rate("submit/sqlite bulk of 100/canonical/hand-written insert", submitter.in_bulk(seconds), floor(BULK)),
            rate("submit/sqlite 1 client/ubl/hand-written insert", submitter.from_ubl(seconds), floor(1)),
        ]
        figures += _spent(submitter)
        platform.close()
    with tempfile.TemporaryDirectory() as folder:
        growth = _growth("sqlite", Path(folder), f"sqlite:///{Path(folder) / 'growth.sqlite3'}", seconds)
    return [*figures, _rows(rows), growth]


def _rows(rows: Rows) -> Figure:
    return Figure("rows/case/canonical/-", sum(len(found_rows) for _, found_rows in rows.values()), "rows")


def _growth(store: str, folder: Path, url: str, seconds: float) -> Figure:
    """One client against an empty company, then against one with two thousand cases."""
    platform = found(folder, url)
    submitter = Submitter(platform)
    few = submitter.one_by_one(seconds / 2, 1)
    for _ in range(MANY // BULK):
        platform.dispatcher.execute_many(TENANT, submitter.requests(BULK))
    many = submitter.one_by_one(seconds / 2, 1)
    platform.close()
    return rate(f"growth/{store} {MANY} cases more/canonical/few cases", many, few)


def _spent(submitter: Submitter) -> list[Figure]:
    """Where a submission's time goes, by own time under the profiler."""
    profile = cProfile.Profile()
    store = submitter.platform.environment.store
    requests = submitter.requests(150)
    dispatcher = submitter.platform.dispatcher
    works = [dispatcher.bound(each) for each in requests]
    for work in works:
        store.run(TENANT, lambda uow, work=work: profile.runcall(work, uow))  # type: ignore[misc]
    totals: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        place = f"{file} {name}"
        part = next((title for key, title in PARTS.items() if key in place), "other")
        totals[part] += own
    whole = sum(totals.values())
    return [
        Figure(f"spent/sqlite 1 client/{part}/whole", round(100 * own / whole, 1), "%")
        for part, own in totals.most_common()
    ]


@contextmanager
def _database(server: str) -> Iterator[str]:
    name = f"comptroller_bench_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def postgresql_figures(server: str, seconds: float) -> list[Figure]:
    """The figures on PostgreSQL; its server must commit durably."""
    with _database(server) as url, tempfile.TemporaryDirectory() as folder:
        with psycopg.connect(url) as connection:
            settings = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
        if settings != [("on",), ("on",)]:
            raise SystemExit("the server does not commit durably: fsync or synchronous_commit is off")
        platform = found(Path(folder), url)
        case_id, submitter = _case(platform), Submitter(platform)
        with psycopg.connect(url) as connection:
            rows = template(lambda query: connection.execute(query.encode()).fetchall(), case_id)

        def floor(group: int, clients: int) -> float:
            return postgresql_rate(url, rows, case_id, group=group, clients=clients, seconds=seconds)

        figures = [
            rate(
                "submit/postgresql 1 client/canonical/hand-written insert",
                submitter.one_by_one(seconds, 1),
                floor(1, 1),
            ),
            rate(
                "submit/postgresql 8 clients/canonical/hand-written insert",
                submitter.one_by_one(seconds, CLIENTS),
                floor(1, CLIENTS),
            ),
            rate(
                "submit/postgresql bulk of 100/canonical/hand-written insert",
                submitter.in_bulk(seconds),
                floor(BULK, 1),
            ),
            rate("submit/postgresql 1 client/ubl/hand-written insert", submitter.from_ubl(seconds), floor(1, 1)),
        ]
        platform.close()
    with _database(server) as url, tempfile.TemporaryDirectory() as folder:
        figures.append(_growth("postgresql", Path(folder), url, seconds))
    return figures


def main() -> None:
    """The command line of the bench."""
    parser = argparse.ArgumentParser(description="submission beside the floor")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=4.0)
    options = parser.parse_args()
    figures = sqlite_figures(options.seconds)
    server = os.environ.get("COMPTROLLER_TEST_DATABASE_URL", DEFAULT_SERVER)
    try:
        psycopg.connect(server).close()
    except psycopg.OperationalError:
        sys.stderr.write("no PostgreSQL server answers: its figures are left out\n")
    else:
        figures += postgresql_figures(server, options.seconds)
    report(figures, as_json=options.json)


if __name__ == "__main__":
    main()

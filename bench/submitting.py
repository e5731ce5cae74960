"""Submission beside the floor: how near a case, judged and posted, comes to inserting its rows by hand.

Every figure has both: cases a second by the wall, and the processor's time of the clients, which other work on the
machine disturbs less. On PostgreSQL each client is a process of its own; on SQLite there is one process, whose clients
are threads and share commits.
"""

import cProfile
import pstats
import secrets
import sqlite3
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from bench.clients import Turn, in_turns, together
from bench.company import ORDERS, PACK, TENANT, document, found, request
from bench.floor import PostgresqlFloor, SqliteFloor, Template, stopwatch, template
from bench.report import Figure, Spent, rate
from bench.servers import database
from comptroller.application.dispatcher import Request
from comptroller.bootstrap import Platform, build
from comptroller.settings import Settings

CLIENTS: Final = 8
BULK: Final = 100
MANY: Final = 2000
QUANTITY_MAX: Final = 1000
FLOOR_RATE_MAX: Final = 1000
"""Rows are made ahead for so many cases a second by hand, of all clients together."""

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

    def requests(self, count: int) -> list[Request]:
        """So many documents, read and checked, of any order and quantity: few are about the same."""
        return [
            request(
                self.platform,
                document(
                    self.platform,
                    f"{uuid.uuid4().hex[:12]}Z",
                    secrets.randbelow(ORDERS),
                    1 + secrets.randbelow(QUANTITY_MAX),
                ),
            )
            for _ in range(count)
        ]

    def one_by_one(self, seconds: float) -> Spent:
        """One after the other, each waiting for its answer."""
        requests = self.requests(int(seconds * 200))
        with stopwatch() as watch:
            done = self._work_off(requests, time.perf_counter() + seconds)
        return watch(done)

    def by_threads(self, seconds: float, clients: int) -> Spent:
        """The same by so many threads at once."""
        batches = [self.requests(int(seconds * 200 / clients) + 1) for _ in range(clients)]
        counts = [0] * clients

        def client(number: int) -> None:
            counts[number] = self._work_off(batches[number], until)

        threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
        with stopwatch() as watch:
            until = time.perf_counter() + seconds
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        return watch(sum(counts))

    def in_bulk(self) -> Spent:
        """A hundred in one transaction."""
        requests = self.requests(BULK)
        with stopwatch() as watch:
            answers = self.platform.dispatcher.execute_many(TENANT, requests)
        for answer in answers:
            posted(answer)
        return watch(BULK)

    def from_ubl(self, seconds: float) -> Spent:
        """From UBL bytes, reading and both rule engines included."""
        pattern = (PACK / "demo/documents/D01.ubl.xml").read_text()
        done = 0
        with stopwatch() as watch:
            until = time.perf_counter() + seconds
            while time.perf_counter() < until:
                content = pattern.replace("NK-2026-0311", f"U-{uuid.uuid4().hex[:10]}Z").encode()
                self.platform.dispatcher.execute(TENANT, request(self.platform, content, "application/xml"))
                done += 1
        return watch(done)

    def _work_off(self, requests: Sequence[Request], until: float) -> int:
        for done, each in enumerate(requests, 1):
            posted(self.platform.dispatcher.execute(TENANT, each))
            if time.perf_counter() >= until:
                return done
        return len(requests)


def posted(answer: Any) -> str:
    """The case of an answer that says that it was posted; anything else ends the bench."""
    if not isinstance(answer, dict) or answer["status"] != "posted":
        raise SystemExit(f"not posted: {answer}")
    return str(answer["case_id"])


def both(what: str, ours: Sequence[Spent], floor: Sequence[Spent], *, in_process: bool) -> Iterator[Figure]:
    """A rate beside the floor's, and the processor's time; with a server, which it leaves out, of ours alone."""
    peer = "hand-written insert"
    yield rate(f"throughput/submit/{what}/{peer}", _rate(ours), _rate(floor))
    mine, theirs = _cpu_ms(ours), _cpu_ms(floor)
    if in_process:
        yield Figure(f"throughput/submit/{what}, cpu/{peer}", mine, "ms/case", theirs, round(theirs / mine, 3))
    else:
        yield Figure(f"throughput/submit/{what}, cpu of the clients/-", mine, "ms/case")


def _rate(clients: Sequence[Spent]) -> float:
    return sum(each.rate for each in clients)


def _cpu_ms(clients: Sequence[Spent]) -> float:
    return round(1000 * sum(each.cpu_s for each in clients) / sum(each.done for each in clients), 2)


# ---- SQLite ----------------------------------------------------------------------------------------------------------


def sqlite_figures(seconds: float, rounds: int) -> Iterator[Figure]:
    """The figures on SQLite, synchronous FULL."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.sqlite3"
        platform = found(Path(folder), f"sqlite:///{path}")
        submitter = Submitter(platform)
        case_id = posted(platform.dispatcher.execute(TENANT, submitter.requests(1)[0]))
        with sqlite3.connect(path) as connection:
            case = template(lambda query: connection.execute(query).fetchall(), case_id)
        yield Figure("rows/case/canonical/-", case.count, "rows")
        kinds: list[tuple[str, Turn, int]] = [
            ("1 client", lambda: submitter.one_by_one(seconds), 1),
            (f"{CLIENTS} clients", lambda: submitter.by_threads(seconds, CLIENTS), CLIENTS),
            (f"bulk of {BULK}", submitter.in_bulk, BULK),
            ("1 client from UBL", lambda: submitter.from_ubl(seconds), 1),
        ]
        for name, ours, group in kinds:
            floor = SqliteFloor(str(path), case, group=group)
            spent = in_turns(ours, _inserting(floor, seconds, group), rounds)
            floor.close()
            yield from both(f"sqlite {name}", spent[:1], spent[1:], in_process=True)
        yield from spent_by_part(submitter)
        platform.close()


def _inserting(floor: SqliteFloor | PostgresqlFloor, seconds: float, group: int, clients: int = 1) -> Turn:
    return lambda: floor.insert(floor.ahead(int(seconds * FLOOR_RATE_MAX / group / clients) + 1), seconds)


def spent_by_part(submitter: Submitter) -> Iterator[Figure]:
    """Where a submission's time goes, by own time under the profiler."""
    profile = cProfile.Profile()
    store = submitter.platform.environment.store
    for each in submitter.requests(150):
        work = submitter.platform.dispatcher.bound(each)
        store.run(TENANT, lambda uow, work=work: profile.runcall(work, uow))  # type: ignore[misc]
    totals: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        place = f"{file} {name}"
        part = next((title for key, title in PARTS.items() if key in place), "other")
        totals[part] += own
    whole = sum(totals.values())
    for part, own in totals.most_common():
        yield Figure(f"spent/sqlite 1 client/{part}/whole", round(100 * own / whole, 1), "%")


# ---- PostgreSQL ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PostgresqlClient:
    """One client: a platform of its own, and connections of its own."""

    settings: Settings
    case: Template
    kind: str  # one by one, bulk, ubl
    group: int
    clients: int
    seconds: float

    def __call__(self) -> tuple[Turn, Turn, Callable[[], None]]:
        """Get ready."""
        platform = build(self.settings)
        submitter = Submitter(platform)
        floor = PostgresqlFloor(self.settings.database_url, self.case, group=self.group)
        ours: dict[str, Turn] = {
            "one by one": lambda: submitter.one_by_one(self.seconds),
            "bulk": submitter.in_bulk,
            "ubl": lambda: submitter.from_ubl(self.seconds),
        }

        def close() -> None:
            platform.close()
            floor.close()

        return ours[self.kind], _inserting(floor, self.seconds, self.group, self.clients), close


def postgresql_figures(server: str, seconds: float, rounds: int) -> Iterator[Figure]:
    """The figures on PostgreSQL."""
    with database(server) as url, tempfile.TemporaryDirectory() as folder:
        platform = found(Path(folder), url)
        case_id = posted(platform.dispatcher.execute(TENANT, Submitter(platform).requests(1)[0]))
        with psycopg.connect(url) as connection:
            case = template(lambda query: connection.execute(query.encode()).fetchall(), case_id)
        platform.close()
        for name, kind, group, clients in (
            ("1 client", "one by one", 1, 1),
            (f"{CLIENTS} clients", "one by one", 1, CLIENTS),
            (f"bulk of {BULK}", "bulk", BULK, 1),
            ("1 client from UBL", "ubl", 1, 1),
        ):
            client = PostgresqlClient(platform.settings, case, kind, group, clients, seconds)
            spent = together(client, clients, rounds)
            ours, floor = [each for each, _ in spent], [each for _, each in spent]
            yield from both(f"postgresql {name}", ours, floor, in_process=False)


def growth(store: str, folder: Path, url: str, seconds: float) -> Figure:
    """One client against an empty company, then against one with two thousand cases."""
    platform = found(folder, url)
    submitter = Submitter(platform)
    submitter.one_by_one(seconds / 2)
    few = submitter.one_by_one(seconds)
    for _ in range(MANY // BULK):
        submitter.in_bulk()
    many = submitter.one_by_one(seconds)
    platform.close()
    return rate(f"growth/{store} {MANY} cases more/canonical/few cases", many.rate, few.rate)

"""A million open cases on PostgreSQL beside ten thousand: a queue, signatures, due timers, and memory at rest.

python -m bench.scale [--json] [--cases 10000,1000000] [--timers 10000] [--signatures 150]

A few cases are real. Of one that waits for a signature, and of one whose timer is due, the database makes all others by
a statement a table, under names of their own: cases, tasks, waits, what they are compared by, and what is due later.
Their entries, decisions and documents are left out, which are read case by case, by the whole key. Both companies are
measured in turns, so that whatever else the machine does falls on both.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import psycopg

from bench import acting
from bench.clients import in_turns
from bench.company import NOWHERE, bring_in, cost_centres, found
from bench.floor import Template, template
from bench.report import Figure, Spent, rate, report_each
from bench.servers import SERVER, answers, database
from comptroller.bootstrap import Platform, build
from comptroller.settings import Settings

SIZES: Final = (10_000, 1_000_000)
TABLES: Final = ("case_file", "task", "wait", "candidate", "candidate_key", "outbox", "open_item")
HOLDERS: Final = 100
"""So many people have the tasks; one in a hundred is the owner's."""

ROUNDS: Final = 10
SPARE: Final = 20 * ROUNDS
"""Timers more than are to be fired: they are leased several at a time."""


def multiply(connection: psycopg.Connection[Any], case: Template, count: int, word: str) -> None:
    """Make so many copies of a case, each under a name, number and supplier of its own."""
    own = f"('{word}' || lpad(n::text, 22, '0'))"
    columns, ((*values,),) = case.rows["candidate"]
    known = dict(zip(columns, map(str, values), strict=True))
    number = "('N' || n)"
    names = ((case.case_id, own), (known["number"], number), (known["number_normalised"], number))
    for table in TABLES:
        if table not in case.rows:
            continue
        columns, rows = case.rows[table]
        made = {name: f't."{name}"' for name in columns}
        for name in (name for name in columns if any(isinstance(row[columns.index(name)], str) for row in rows)):
            for old, new in names:
                made[name] = f"replace({made[name]}, '{old}', {new})"
        made["tenant"] = "t.tenant"
        if "supplier" in made:
            made["supplier"] = "('S' || (n % 997 + 100))"
        if table == "candidate_key":
            made["lookup"] += (
                " || '~' || (n % 997)"  # of other suppliers: what is sealed is opened in its own place only
            )
        if table == "task":
            made["person"] = f"CASE n % {HOLDERS} WHEN 0 THEN t.person ELSE 'p' || n % {HOLDERS} END"
            made["due"] = "t.due + make_interval(mins => (n % 100000)::int)"
        listed, chosen = ", ".join(f'"{name}"' for name in columns), ", ".join(made[name] for name in columns)
        statement = (
            f'INSERT INTO "{table}" ({listed}) SELECT {chosen} FROM "{table}" t, generate_series(1, {count}) n '
            f"WHERE t.case_id = '{case.case_id}' ORDER BY n"
        )
        connection.execute(statement.encode())
        connection.commit()


class Subject:
    """A company with so many open cases."""

    def __init__(self, folder: Path, url: str, size: int, timers: int, signatures: int) -> None:
        self.size, self.url = size, url
        with_ledger = found(folder, url, ledger_url=NOWHERE)
        bring_in(with_ledger, cost_centres(with_ledger))
        (overdue,) = acting.submit(with_ledger, 1)
        with_ledger.close()
        self.settings = replace(with_ledger.settings, ledger_url="")
        self.platform: Platform = build(self.settings)
        acting.settle(self.platform)
        waiting = acting.approvals(self.platform, signatures)[-1]
        acting.settle(self.platform)
        with psycopg.connect(url) as connection:
            connection.execute("SET synchronous_commit = off")
            for case_id, count, word in ((waiting, size, "open"), (overdue, timers + SPARE, "late")):
                case = template(lambda query: connection.execute(query.encode()).fetchall(), case_id)
                multiply(connection, case, count, word)
        acting.make_timers_due(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        self._tasks: list[dict[str, Any]] = []

    def look(self) -> Spent:
        """Look at the owner's queue."""
        return acting.look(self.platform, 20)

    def sign(self, count: int) -> Spent:
        """Approve the first of the owner's queue."""
        return acting.sign(self.platform, acting.queue(self.platform)[:count])

    def fire(self, count: int) -> Spent:
        """Fire timers."""
        return acting.fire(self.platform, count)

    def memory_mib(self) -> float:
        """What a process holds that has built the platform, looked at the queue and waits."""
        forks = multiprocessing.get_context("spawn")
        told = forks.SimpleQueue()
        process = forks.Process(target=_idle, args=(self.settings, told))
        process.start()
        mib: float = told.get()
        process.join()
        return mib


def _idle(settings: Settings, told: Any) -> None:
    platform = build(settings)
    acting.queue(platform)
    status = Path("/proc/self/status").read_text()
    (resident,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")]
    told.put(int(resident) / 1024)
    platform.close()


def figures(sizes: Sequence[int], timers: int, signatures: int) -> Iterator[Figure]:
    """Each rate with many cases beside that with few."""
    with ExitStack() as stack:
        subjects: list[Subject] = []
        for size in sizes:
            begun = time.perf_counter()
            url, folder = stack.enter_context(database(SERVER)), stack.enter_context(tempfile.TemporaryDirectory())
            subjects.append(Subject(Path(folder), url, size, timers, signatures))
            sys.stderr.write(f"{size} open cases written in {time.perf_counter() - begun:.0f} s\n")
        few, *more = subjects
        at_once, fired = signatures // (ROUNDS + 2), timers // (ROUNDS + 1)
        kinds: dict[str, Callable[[Subject], Spent]] = {
            "queue page": Subject.look,
            "sign": lambda subject: subject.sign(at_once),
            "timer fired": lambda subject: subject.fire(fired),
        }
        for many in more:
            for kind, turn in kinds.items():
                spent, least = in_turns(lambda: turn(many), lambda: turn(few), ROUNDS)  # noqa: B023 - used at once
                yield rate(
                    f"growth/postgresql {kind}/{many.size} cases/{few.size} cases", spent.rate, least.rate, "1/s"
                )
        for subject in subjects:
            name = f"idle/platform of {subject.size} cases/resident memory/-"
            yield Figure(name, round(subject.memory_mib(), 1), "MiB")
            subject.platform.close()


def main() -> None:
    """The command line of the bench."""
    parser = argparse.ArgumentParser(description="a million open cases beside ten thousand")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--cases", default=",".join(map(str, SIZES)))
    parser.add_argument("--timers", type=int, default=10_000)
    parser.add_argument("--signatures", type=int, default=150)
    options = parser.parse_args()
    if not answers(SERVER):
        raise SystemExit("no PostgreSQL server answers")
    sizes = [int(size) for size in options.cases.split(",")]
    report_each(figures(sizes, options.timers, options.signatures), as_json=options.json, width=70)


if __name__ == "__main__":
    main()

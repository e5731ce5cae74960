"""Judging an invoice in a tenant with many earlier ones: matching, duplicates, splits and the whole decision graph.

python -m bench.match [--json] [--sizes 10000,100000,1000000] [--rounds 6]

Each size has a company of its own on SQLite with so many earlier invoices, written as rows of every table that an
invoice's controls read: cases, what they are compared by, and the names they are found under. Ten thousand are written
by the store, a third of them of the very supplier that is measured and one in ten of those for the very amount; the
rest by statements of the database. Companies are measured in turn, a few
invoices at a time, so that whatever else the machine does falls on all of them.
"""

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

from bench.company import CENTRES, CLERK, TENANT, bring_in, cost_centres, document, found, without_order
from bench.report import Figure, report
from comptroller.application.dispatcher import Request
from comptroller.application.records import CandidateKeyRow, CandidateRow, CaseRow, revised
from comptroller.application.submit import SubmitDocument
from comptroller.bootstrap import Platform
from comptroller.domain.controls.candidate_index import (
    amount_lookups,
    copy_lookup,
    identities_of,
    number_lookups,
    spending_lookups,
)
from comptroller.domain.controls.numbers import normalised, stem

SIZES: Final = (10_000, 100_000, 1_000_000)
BATCH: Final = 20_000
SEALED: Final = 10_000
"""So many earlier invoices are written as the store writes them, a third of them of the measured supplier."""
AT_A_TIME: Final = 5
ACCOUNT: Final = "DE32200990010004401001"
VAT_ID: Final = "DE999940106"
GROSS: Final = Decimal("111.86")
LINES: Final = '[["copper tube","PO-1/1","94.00"]]'


def by_statement(path: Path, first: int, count: int, today: date) -> None:
    """Write invoices of other suppliers as a program of the database's own would: nothing of them is sealed."""
    random = Random(count)
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        connection.row_factory = sqlite3.Row
        template = {
            table: dict(connection.execute(f"SELECT * FROM {table} LIMIT 1").fetchone())
            for table in ("case_file", "candidate", "candidate_key")
        }
        for start in range(first, count, BATCH):
            rows: dict[str, list[Any]] = {table: [] for table in template}
            for number in range(start, min(start + BATCH, count)):
                case_id, vat_id = f"earlier-{number:07}", f"DE{number % 9973:09}"
                invoice, gross = f"H-{number:07}", str(Decimal(random.randrange(100, 5_000_000)).scaleb(-2))
                day = (today - timedelta(days=random.randrange(730))).isoformat()
                own = {"case_id": case_id, "number": invoice, "supplier": f"S{number % 9973 + 100}", "gross": gross}
                own |= {"number_normalised": stem(invoice), "vat_id": vat_id, "issue_date": day, "day": day}
                kept = template["case_file"] | own | {"status": "posted"}
                rows["case_file"].append([kept[name] for name in template["case_file"]])
                rows["candidate"].append([(template["candidate"] | own)[name] for name in template["candidate"]])
                told = identities_of([vat_id], f"DE{number % 9973:020}", "", "")
                amount = Decimal(gross)
                lookups = (*number_lookups(told, invoice), *amount_lookups(told, "EUR", amount))
                for lookup in (*lookups, *copy_lookup(invoice, "EUR", amount)):
                    key = template["candidate_key"] | own | {"lookup": lookup}
                    rows["candidate_key"].append([key[name] for name in template["candidate_key"]])
            for table, values in rows.items():
                names, marks = ", ".join(template[table]), ", ".join("?" * len(template[table]))
                connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", sorted(values, key=str))
            connection.commit()  # a journal of all of it at once would be larger than the tables


def earlier(case: CaseRow, count: int, today: date) -> Iterator[list[Any]]:
    """The rows of so many earlier invoices, in batches."""
    random = Random(count)
    rows: list[Any] = []
    for number in range(count):
        own = number % 3 == 0
        supplier = "S01" if own else f"S{number % 997 + 100}"
        vat_id, account = (VAT_ID, ACCOUNT) if own else (f"DE{number % 997:09}", f"DE{number % 997:020}")
        gross = GROSS if own and number % 10 == 0 else Decimal(random.randrange(100, 5_000_000)).scaleb(-2)
        day = today - timedelta(days=random.randrange(730))
        invoice, case_id = f"H-{number:07}", f"earlier-{number:07}"
        kept = revised(
            case, case_id=case_id, number=invoice, supplier=supplier, document=f"d{number}", status="posted",
            gross=gross, net=gross, received_at=datetime(day.year, day.month, day.day, tzinfo=UTC), version=1,
        )  # fmt: skip
        orderless = number % 20 == 0
        centre = CENTRES[number // 20 % len(CENTRES)]
        candidate = CandidateRow(
            stem(invoice), case_id, invoice, supplier, vat_id, account, "DE", "EUR", gross, gross, day.isoformat(),
            "380", centre, "", "" if orderless else "PO-1", gross, "", "", LINES,
        )  # fmt: skip
        told = identities_of([vat_id], account, "", "")
        lookups = (
            *number_lookups(told, invoice),
            *amount_lookups(told, "EUR", gross),
            *copy_lookup(invoice, "EUR", gross),
            *(spending_lookups(supplier, centre, "") if orderless else ()),
        )
        keys = [CandidateKeyRow(lookup, day.isoformat(), case_id, normalised(invoice)) for lookup in lookups]
        rows += [kept, candidate, *keys]
        if len(rows) >= BATCH:
            yield rows
            rows = []
    if rows:
        yield rows


class Subject:
    """A company with so many earlier invoices, and invoices of each kind to be judged."""

    def __init__(self, folder: Path, size: int) -> None:
        self.size = size
        self.platform: Platform = found(folder, f"sqlite:///{folder / 'match.sqlite3'}")
        store = self.platform.environment.store
        self._number, self._random = 0, Random(size)
        today = store.read(TENANT, self.platform.environment.clock.now).date()
        bring_in(self.platform, cost_centres(self.platform))
        first = self.submit(self.matched())
        case = store.read(TENANT, lambda unit: unit.case(first["case_id"]))
        assert case is not None
        for rows in earlier(case, min(size, SEALED), today):
            store.run(TENANT, lambda unit, rows=rows: unit.insert(*rows))  # type: ignore[misc]
        by_statement(folder / "match.sqlite3", SEALED, size, today)

    def matched(self) -> bytes:
        """An invoice of an order, with a number that is near no other's."""
        self._number += 1
        return document(self.platform, f"M{self._random.randrange(16**10):010X}", self._number)

    def without_order(self) -> bytes:
        """The same, bought without an order for a cost centre: its parts are looked for."""
        content = self.matched()  # too much for one cost centre together would have to be ordered
        return without_order(content, CENTRES[self._number % len(CENTRES)])

    def copy(self) -> bytes:
        """An earlier invoice once more, written otherwise."""
        body = json.loads(self.matched())
        return json.dumps(body | {"number": f"h {self._number * 30 % SEALED:07}"}).encode()

    def submit(self, content: bytes) -> Any:
        """Hand it in; answers the case."""
        read = self.platform.environment.read_document(content, "application/json")
        return self.platform.dispatcher.execute(
            TENANT, Request(CLERK, SubmitDocument(content, "application/json", read))
        )

    def spent(self, make: Callable[["Subject"], bytes], outcome: str) -> list[float]:
        """Seconds of each of a few submissions, all of which end in this outcome."""
        seconds = []
        for content in [make(self) for _ in range(AT_A_TIME)]:
            begun = time.perf_counter()
            answer = self.submit(content)
            seconds.append(time.perf_counter() - begun)
            if not isinstance(answer, dict) or answer["outcome"] != outcome:
                raise SystemExit(f"not {outcome}: {answer}")
        return seconds


KINDS: Final = {
    "matched to its order": (Subject.matched, "posted"),
    "without an order": (Subject.without_order, "approval"),
    "a copy of an earlier one": (Subject.copy, "exception"),
}


def figures(sizes: list[int], rounds: int) -> Iterator[Figure]:
    """Milliseconds an invoice takes of each kind and size, and how they stand to the smallest."""
    with tempfile.TemporaryDirectory() as folder:
        subjects = []
        for size in sizes:
            home = Path(folder) / str(size)
            home.mkdir()
            begun = time.perf_counter()
            subjects.append(Subject(home, size))
            sys.stderr.write(f"{size} earlier invoices written in {time.perf_counter() - begun:.0f} s\n")
        spent: dict[tuple[str, int], list[float]] = {}
        for turn in range(rounds + 1):
            for kind, (make, outcome) in KINDS.items():
                for subject in subjects:
                    seconds = subject.spent(make, outcome)
                    if turn:  # the first warms up
                        spent.setdefault((kind, subject.size), []).extend(seconds)
        for kind in KINDS:
            least = median(spent[kind, sizes[0]])
            for size in sizes:
                taken = median(spent[kind, size])
                yield Figure(f"match/sqlite {size} earlier/{kind}/-", round(1000 * taken, 2), "ms")
                if size != sizes[0]:
                    yield Figure(
                        f"match/sqlite {size} earlier/{kind}/{sizes[0]} earlier", round(taken / least, 2), "times"
                    )
        for subject in subjects:
            subject.platform.close()


def main() -> None:
    """The command line of the bench."""
    parser = argparse.ArgumentParser(description="judging an invoice beside many earlier ones")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--rounds", type=int, default=6)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    report(list(figures(sizes, options.rounds)), as_json=options.json)


if __name__ == "__main__":
    main()

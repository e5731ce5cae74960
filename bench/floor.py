"""The floor under a submission: the very rows that one wrote, inserted by hand with nothing else around.

The rows of a real case are taken from every table, and each repetition gets fresh keys. On PostgreSQL they go in as one
prepared statement fed by JSON record sets, on SQLite as one `executemany` a table; a commit ends each group. Fresh rows
are made before the clock runs.
"""

import itertools
import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import psycopg

from bench.report import Spent
from comptroller.adapters.database.schema import METADATA

ROW_ID: Final = "row_id"
"""Of an audit entry: PostgreSQL counts it itself, on SQLite the writer does."""

Group = Any
"""What one commit writes, ready to be handed to the database."""


@dataclass(frozen=True, slots=True)
class Template:
    """The rows of one case: by table its columns and rows; and what each repetition renames."""

    rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]]
    case_id: str
    digest: str

    @property
    def count(self) -> int:
        """So many rows a case has."""
        return sum(len(found) for _, found in self.rows.values())


def template(fetch: Callable[[str], list[tuple[Any, ...]]], case_id: str) -> Template:
    """The rows of every table that name a case."""
    rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
    for table in METADATA.tables:
        if "tenant" not in METADATA.tables[table].columns:
            continue
        columns = [column.name for column in METADATA.tables[table].columns if column.name != ROW_ID]
        listed = ", ".join(f'"{name}"' for name in columns)
        found = [row for row in fetch(f'SELECT {listed} FROM "{table}"') if _names(row, case_id)]
        if found:
            rows[table] = (columns, found)
    columns, documents = rows["document"]
    return Template(rows, case_id, documents[0][columns.index("digest")])


def _names(row: tuple[Any, ...], case_id: str) -> bool:
    return any(isinstance(value, str) and case_id in value for value in row)


class SqliteFloor:
    """Inserts by hand into SQLite: write-ahead log, synchronous FULL."""

    def __init__(self, path: str, case: Template, *, group: int) -> None:
        self._case, self._group = case, group
        self._row_ids = itertools.count(secrets.randbelow(10**6) * 10**12)
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._statements = {
            table: f'INSERT INTO "{table}" ({_listed(names, table)}) VALUES ({_marks(names, table)})'
            for table, (names, _) in case.rows.items()
        }

    def ahead(self, count: int) -> list[Group]:
        """Rows of so many groups."""
        return [self._fresh() for _ in range(count)]

    def insert(self, groups: Sequence[Group], seconds: float) -> Spent:
        """Write groups until the time is over."""
        return _until(groups, seconds, self._group, self._write)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _write(self, group: Group) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for table, rows in group.items():
            self._connection.executemany(self._statements[table], rows)
        self._connection.execute("COMMIT")

    def _fresh(self) -> dict[str, list[tuple[Any, ...]]]:
        group: dict[str, list[tuple[Any, ...]]] = {table: [] for table in self._case.rows}
        for _ in range(self._group):
            own, digest = secrets.token_hex(13), secrets.token_hex(32)
            for table, (_, rows) in self._case.rows.items():
                for row in rows:
                    renamed = tuple(
                        value.replace(self._case.case_id, own).replace(self._case.digest, digest)
                        if isinstance(value, str)
                        else value
                        for value in row
                    )
                    group[table].append((*renamed, next(self._row_ids)) if table == "entry" else renamed)
        return group


def _listed(names: list[str], table: str) -> str:
    return ", ".join([*names, ROW_ID] if table == "entry" else names)


def _marks(names: list[str], table: str) -> str:
    return ", ".join("?" * (len(names) + (table == "entry")))


class PostgresqlFloor:
    """Inserts by hand into PostgreSQL."""

    def __init__(self, url: str, case: Template, *, group: int) -> None:
        self._case, self._group = case, group
        parts = [
            f'i{number} AS (INSERT INTO "{table}" ({", ".join(names)}) SELECT {", ".join(names)} '
            f'FROM json_populate_recordset(null::"{table}", %s::json))'
            for number, (table, (names, _)) in enumerate(case.rows.items())
        ]
        self._statement = f"WITH {', '.join(parts)} SELECT 1"
        self._texts = [
            ",".join(
                json.dumps(dict(zip(names, (_json(value) for value in row), strict=True)), ensure_ascii=False)
                for row in found
            )
            for names, found in case.rows.values()
        ]
        self._connection = psycopg.connect(url, autocommit=True)

    def ahead(self, count: int) -> list[Group]:
        """Rows of so many groups."""
        return [self._fresh() for _ in range(count)]

    def insert(self, groups: Sequence[Group], seconds: float) -> Spent:
        """Write groups until the time is over."""
        return _until(groups, seconds, self._group, self._write)

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    def _write(self, group: Group) -> None:
        self._connection.execute(self._statement.encode(), group, prepare=True)

    def _fresh(self) -> list[str]:
        names = [(secrets.token_hex(13), secrets.token_hex(32)) for _ in range(self._group)]
        return [
            "["
            + ",".join(
                text.replace(self._case.case_id, own).replace(self._case.digest, digest) for own, digest in names
            )
            + "]"
            for text in self._texts
        ]


def _until(groups: Sequence[Group], seconds: float, size: int, write: Callable[[Group], None]) -> Spent:
    done = 0
    with stopwatch() as watch:
        until = time.perf_counter() + seconds
        for group in groups:
            write(group)
            done += size
            if time.perf_counter() >= until:
                break
    return watch(done)


@contextmanager
def stopwatch() -> Iterator[Callable[[int], Spent]]:
    """Time what is done within; called afterwards with how much it was."""
    wall, cpu = time.perf_counter(), time.process_time()
    ended: list[float] = []
    yield lambda done: Spent(done, *ended)
    ended += (time.perf_counter() - wall, time.process_time() - cpu)


def _json(value: Any) -> Any:
    match value:
        case bytes() | memoryview():
            return "\\x" + bytes(value).hex()
        case Decimal():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case _:
            return value

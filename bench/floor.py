"""The floor under a submission: the very rows that one wrote, inserted by hand with nothing else around.

The rows of a real case are taken from every table, and each repetition gets fresh keys. On PostgreSQL they go in as one
prepared statement fed by JSON record sets, on SQLite as one `executemany` a table; a commit ends each group.
"""

import itertools
import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg

from comptroller.adapters.database.schema import METADATA

Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
"""Table -> its columns and rows."""

ROW_ID = "row_id"
"""Of an audit entry: PostgreSQL counts it itself, on SQLite the writer does."""


def _columns(table: str) -> list[str]:
    return [column.name for column in METADATA.tables[table].columns if column.name != ROW_ID]


def template(fetch: Callable[[str], list[tuple[Any, ...]]], case_id: str) -> Rows:
    """The rows of every table that name a case."""
    rows: Rows = {}
    for table in METADATA.tables:
        if "tenant" not in METADATA.tables[table].columns or table == "outbox":
            continue
        columns = _columns(table)
        listed = ", ".join(f'"{name}"' for name in columns)
        found = [row for row in fetch(f'SELECT {listed} FROM "{table}"') if _names(row, case_id)]
        if found:
            rows[table] = (columns, found)
    return rows


def _names(row: tuple[Any, ...], case_id: str) -> bool:
    return any(isinstance(value, str) and case_id in value for value in row)


def fresh(rows: Rows, case_id: str) -> Rows:
    """The same rows under keys of their own."""
    own, digest = secrets.token_hex(13), secrets.token_hex(32)
    columns, documents = rows["document"]
    known = documents[0][columns.index("digest")]

    def renamed(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(case_id, own).replace(known, digest)
        return value

    return {
        table: (names, [tuple(renamed(value) for value in row) for row in found])
        for table, (names, found) in rows.items()
    }


def sqlite_rate(path: str, rows: Rows, case_id: str, *, group: int, seconds: float) -> float:
    """Cases a second with so many cases a commit, write-ahead log, synchronous FULL."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    statements = {
        table: f'INSERT INTO "{table}" ({", ".join(names)}) VALUES ({", ".join("?" * len(names))})'
        for table, (names, _) in rows.items()
    }
    names = rows["entry"][0]
    statements["entry"] = f'INSERT INTO "entry" ({", ".join(names)}, row_id) VALUES ({"?, " * len(names)}?)'
    row_ids = itertools.count(10**12)
    done, spent = 0, 0.0
    while spent < seconds:
        cases = [fresh(rows, case_id) for _ in range(group)]
        start = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        for table, statement in statements.items():
            written = [row for case in cases for row in case[table][1]]
            if table == "entry":
                written = [(*row, next(row_ids)) for row in written]
            connection.executemany(statement, written)
        connection.execute("COMMIT")
        spent += time.perf_counter() - start
        done += group
    connection.close()
    return done / spent


def postgresql_rate(url: str, rows: Rows, case_id: str, *, group: int, clients: int, seconds: float) -> float:
    """Cases a second with so many cases a statement and so many connections."""
    parts = [
        f'i{number} AS (INSERT INTO "{table}" ({", ".join(names)}) SELECT {", ".join(names)} '
        f'FROM json_populate_recordset(null::"{table}", %s::json))'
        for number, (table, (names, _)) in enumerate(rows.items())
    ]
    statement = f"WITH {', '.join(parts)} SELECT 1"
    counts = [0] * clients
    start_all = threading.Barrier(clients)

    def client(number: int) -> None:
        batches = [
            _parameters([fresh(rows, case_id) for _ in range(group)]) for _ in range(int(seconds * 1500 / group) + 1)
        ]
        with psycopg.connect(url, autocommit=True) as connection:
            start_all.wait()
            until = time.perf_counter() + seconds
            for batch in batches:
                connection.execute(statement, batch, prepare=True)
                counts[number] += group
                if time.perf_counter() >= until:
                    return

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    return sum(counts) / max(min(time.perf_counter() - start, seconds), 0.001)


def _parameters(cases: Sequence[Rows]) -> list[str]:
    tables = cases[0]
    return [
        json.dumps(
            [dict(zip(names, (_json(value) for value in row), strict=True)) for case in cases for row in case[table][1]]
        )
        for table, (names, _) in tables.items()
    ]


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

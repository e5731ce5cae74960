"""On SQLite every statement is planned for large tables, even while they are empty: it goes by more than the tenant."""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from comptroller.adapters.database import queries, upgrade
from comptroller.adapters.database.query import Query
from comptroller.adapters.database.sqlite import _STATEMENTS, _ExactSum
from comptroller.adapters.database.sqlite_statistics import described

WHOLE_TENANT: Final = {
    "cases": "the newest cases: an index in that order, and a limit",
    "open_tasks": "the most urgent tasks: the same",
    "jobs": "long jobs, a few a day: an index over these alone",
    "acts_under_way": "acts that can be taken back still: an index over these alone",
    "given_up": "what waits for an operator: an index over these alone",
    "unsequenced": "what has no place in the log yet: an index over these alone",
    "unsequenced_count": "the same",
    "checkpoint": "the newest one of a tenant",
    "tenant_known": "whether there is such a tenant",
    "journals": "the whole journal, for the verification",
    "items_posted": "a month of an entity, once a month",
    "case_counts": "the overview counts every case",
    "account_balances": "the trial balance sums every line",
    "ledger_differences": "so does the verification",
}
"""Statements that read more of a tenant than a key names, and why that is right."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("plans") / "empty.sqlite3"
    upgrade(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    connection.create_aggregate("exact_sum", 2, _ExactSum)  # type: ignore[arg-type] # decimals travel as text
    yield connection
    connection.close()


def steps(connection: sqlite3.Connection, query: Query) -> list[str]:
    """What SQLite would do, step by step."""
    statement = _STATEMENTS[query]
    given = ["[]" if name.endswith("keys") or name == "people" else "1" for name in statement.parameters]
    return [str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {statement.text}", given)]


def wide(step: str) -> bool:
    """Whether a step reads a table from end to end, or a tenant's part of it."""
    if step.startswith("SCAN"):
        return "VIRTUAL TABLE" not in step and not re.match(r"SCAN (\(|anon|every|found|ranked|stuck|wanted)", step)
    terms = re.search(r"\((.*)\)$", step)
    return step.startswith("SEARCH") and terms is not None and terms[1] in {"tenant=?", ""}


NARROW: Final = [query for query in queries.all_queries() if not query.name.startswith(tuple(WHOLE_TENANT))]


@pytest.mark.parametrize("query", NARROW, ids=lambda query: query.name)
def test_a_statement_goes_by_more_than_the_tenant(empty: sqlite3.Connection, query: Query) -> None:
    found = steps(empty, query)
    assert found
    assert not [step for step in found if wide(step)]


@pytest.mark.parametrize("name", WHOLE_TENANT)
def test_what_reads_a_whole_tenant_is_a_statement(name: str) -> None:
    assert [query.name for query in queries.all_queries() if query.name.startswith(name)]


def test_every_index_is_described(empty: sqlite3.Connection) -> None:
    known = "SELECT count(*) FROM sqlite_schema AS s, pragma_index_list(s.name) WHERE s.type = 'table'"
    assert empty.execute(known).fetchone() == empty.execute("SELECT count(*) FROM sqlite_stat1").fetchone()


def test_a_database_that_is_up_to_date_stays_as_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'twice.sqlite3'}"
    upgrade(url)
    with sqlite3.connect(tmp_path / "twice.sqlite3") as connection:
        versions = "SELECT * FROM pragma_schema_version, pragma_data_version"
        before = connection.execute(versions).fetchone()
        upgrade(url)
        assert connection.execute(versions).fetchone() == before


@pytest.mark.parametrize(
    ("columns", "unique", "partial", "counts"),
    [
        (["tenant", "case_id"], True, False, "1000000 1000000 1"),
        (["case_id", "tenant"], False, False, "1000000 8 8"),
        (["tenant", "due", "task_id"], False, True, "10000 10000 283 8"),
        (["tenant"], True, False, "1000000 1000000"),
    ],
    ids=["a key", "the tasks of a case", "open tasks by day", "the tenants"],
)
def test_all_rows_are_one_tenant_s_and_each_column_divides(
    columns: list[str], unique: bool, partial: bool, counts: str
) -> None:
    assert described(columns, unique=unique, partial=partial) == counts

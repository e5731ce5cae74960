"""A small share of the kill soak: a few kills under load, judged by the same oracle.

On SQLite as it is embedded, the worker in the server's process; on PostgreSQL with the worker apart, killed as well.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.soak import kill

SERVER = os.environ.get("COMPTROLLER_TEST_DATABASE_URL", "")
BUDGET_S = 12


@pytest.fixture
def postgresql() -> Iterator[str]:
    if not SERVER:
        if os.environ.get("CI") == "true":
            pytest.fail("COMPTROLLER_TEST_DATABASE_URL names no PostgreSQL server")
        pytest.skip("COMPTROLLER_TEST_DATABASE_URL names no PostgreSQL server")
    name = f"comptroller_kill_{uuid.uuid4().hex}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield f"{SERVER.rpartition('/')[0]}/{name}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def judged(result: dict[str, object]) -> None:
    assert result["violations"] == []
    assert isinstance(result["kills_fired"], int)
    assert result["kills_fired"] >= 1
    assert isinstance(result["submitted"], int)
    assert result["submitted"] >= 1


def test_nothing_acknowledged_is_lost_or_done_twice_on_sqlite(tmp_path: Path) -> None:
    judged(kill.run(budget=BUDGET_S, seed=7, database_url="", home=tmp_path, embedded=True))


@pytest.mark.postgresql
def test_nothing_acknowledged_is_lost_or_done_twice_on_postgresql(tmp_path: Path, postgresql: str) -> None:
    judged(kill.run(budget=BUDGET_S, seed=7, database_url=postgresql, home=tmp_path))

"""Databases on the PostgreSQL server that the benches use, each for one bench alone."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

SERVER: Final = os.environ.get("COMPTROLLER_TEST_DATABASE_URL", "postgresql://root@127.0.0.1:5432/postgres")


def answers(server: str) -> bool:
    """Whether the server answers; one that does not commit durably ends the bench."""
    try:
        with psycopg.connect(server) as connection:
            settings = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
    except psycopg.OperationalError:
        return False
    if settings != [("on",), ("on",)]:
        raise SystemExit("the server does not commit durably: fsync or synchronous_commit is off")
    return True


@contextmanager
def database(server: str) -> Iterator[str]:
    """The address of a new database, which is dropped afterwards."""
    name = f"comptroller_bench_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

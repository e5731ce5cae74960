"""Every process goes by the clock of the database that it shares: a server's own, or the machine's of a file on it."""

from datetime import UTC, datetime, timedelta

import psycopg

from comptroller.adapters.database import open_store
from comptroller.adapters.keys import DataKeys

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


def test_a_machine_whose_clock_is_wrong_goes_by_the_database(database_url: str, ciphers: DataKeys) -> None:
    store = open_store(database_url, ciphers, machine=lambda: LONG_AGO)
    try:
        told = store.now()
    finally:
        store.close()
    if database_url.startswith("sqlite"):
        assert told == LONG_AGO
        return
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    assert abs(row[0] - told) < timedelta(minutes=5)

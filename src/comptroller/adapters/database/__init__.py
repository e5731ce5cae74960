"""The store on SQLite and PostgreSQL: one schema, one unit of work, two ways to commit.

`upgrade` brings a database to this version's schema; `open_store` opens one that is.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from comptroller.adapters.database.migration import engine_url, upgrade
from comptroller.adapters.database.postgresql import PostgresqlStore
from comptroller.adapters.database.sealing import Ciphers
from comptroller.adapters.database.sqlite import SqliteStore
from comptroller.adapters.surroundings import machine_time
from comptroller.domain.kernel import limits

__all__ = ["PostgresqlStore", "SqliteStore", "open_store", "upgrade"]


def open_store(
    database_url: str,
    ciphers: Ciphers,
    *,
    machine: Callable[[], datetime] = machine_time,
    standstill_s: int = limits.LEASE_S,
    committed: Callable[[Collection[str]], None] | None = None,
    connections_max: int = 16,
) -> SqliteStore | PostgresqlStore:
    """Open the store of `sqlite:///path` or `postgresql://...`; `upgrade` must have created its schema.

    `machine` is this machine's clock, which a file on it goes by. A PostgreSQL server goes by its own, and ends a
    transaction whose process stands still for `standstill_s` seconds. `committed` is told the lanes of work
    that became due by a commit there.
    """
    url = engine_url(database_url)
    if url.drivername == "sqlite":
        return SqliteStore(Path(url.database or ""), ciphers, machine=machine)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return PostgresqlStore(
        plain, ciphers, standstill_s=standstill_s, committed=committed, connections_max=connections_max
    )

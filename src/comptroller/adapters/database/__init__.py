"""The store on SQLite and PostgreSQL: one schema, one unit of work, two ways to commit.

`upgrade` brings a database to this version's schema; `open_store` opens one that is.
"""

from pathlib import Path

from comptroller.adapters.database.migration import engine_url, upgrade
from comptroller.adapters.database.postgresql import PostgresqlStore
from comptroller.adapters.database.sealing import Ciphers
from comptroller.adapters.database.sqlite import SqliteStore

__all__ = ["PostgresqlStore", "SqliteStore", "open_store", "upgrade"]


def open_store(database_url: str, ciphers: Ciphers, *, connections_max: int = 16) -> SqliteStore | PostgresqlStore:
    """Open the store of `sqlite:///path` or `postgresql://...`; `upgrade` must have created its schema."""
    url = engine_url(database_url)
    if url.drivername == "sqlite":
        return SqliteStore(Path(url.database or ""), ciphers)
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return PostgresqlStore(plain, ciphers, connections_max=connections_max)

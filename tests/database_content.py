"""Everything that a database holds, for tests that say what has changed in it."""

from collections import Counter

import sqlalchemy as sa

from comptroller.adapters.database.migration import engine_url
from comptroller.adapters.database.schema import METADATA

Content = dict[str, Counter[str]]
"""Table -> its rows, each as a text."""


def content(database_url: str, *, without: tuple[str, ...] = ()) -> Content:
    """The rows of every table but some."""
    engine = sa.create_engine(engine_url(database_url), poolclass=sa.NullPool)
    with engine.connect() as connection:
        return {
            name: Counter(map(repr, connection.execute(sa.select(table)).all()))
            for name, table in METADATA.tables.items()
            if name not in without
        }


def changed(before: Content, after: Content) -> dict[str, list[str]]:
    """The tables whose rows differ, with the rows of either side that the other has not."""
    return {
        name: sorted((before[name] - after[name]) + (after[name] - before[name]))
        for name in before
        if before[name] != after[name]
    }

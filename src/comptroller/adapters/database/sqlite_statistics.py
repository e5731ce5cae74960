"""Tells SQLite's planner how large the tables may become, so that it plans for that while they are still empty.

Without statistics it takes a tenant for as selective as a case and reads all rows of a tenant where an index would lead
to one. Statistics of a database's own contents would do, but they would have to be taken again as it grows, and plans
would change with them. So they are written by hand into SQLite's own table, once, for every index that there is.

SOURCE: https://www.sqlite.org/fileformat2.html#stat1tab
"""

from typing import Final

import sqlalchemy as sa

ROWS: Final = 1_000_000
PARTIAL_ROWS: Final = 10_000
"""An index over some rows only: what is open, due or unpaid."""

SAME_KEY: Final = 8
"""Rows under one whole key of an index that is not unique, such as the tasks of a case."""


def write_statistics(connection: sa.Connection) -> None:
    """Describe every index of the database; one whose indexes are described already stays as it is."""
    wanted = _descriptions(connection)
    if sa.inspect(connection).has_table("sqlite_stat1"):
        known = connection.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1").all()
        if {tuple(row) for row in known} == wanted:
            return
    connection.exec_driver_sql("ANALYZE sqlite_schema")  # makes the table, and describes nothing else
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    for described_index in sorted(wanted):
        connection.exec_driver_sql("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (?, ?, ?)", described_index)


def _descriptions(connection: sa.Connection) -> set[tuple[str, str, str]]:
    """Table, index and statistics of every index; a table without row ids is its own index."""
    found: set[tuple[str, str, str]] = set()
    tables = connection.exec_driver_sql("SELECT name FROM sqlite_schema WHERE type = 'table'").scalars().all()
    for table in tables:
        indexes = connection.exec_driver_sql(
            'SELECT name, "unique", origin, partial FROM pragma_index_list(?)', (table,)
        ).all()
        for index, unique, origin, partial in indexes:
            columns = list(
                connection.exec_driver_sql("SELECT name FROM pragma_index_info(?) ORDER BY seqno", (index,)).scalars()
            )
            without_rowid = origin == "pk" and _without_rowid(connection, table)
            told = described(columns, unique=unique, partial=partial)
            found.add((table, table if without_rowid else index, told))
    return found


def described(columns: list[str], *, unique: bool, partial: bool) -> str:
    """Rows of an index, and under each longer prefix of its columns how many have the same values.

    All rows are one tenant's; each other column divides what is left alike.

    >>> described(["tenant", "lookup", "case_id"], unique=True, partial=False)
    '1000000 1000000 1000 1'
    """
    rows = PARTIAL_ROWS if partial else ROWS
    last = 1 if unique else SAME_KEY
    dividing = sum(column != "tenant" for column in columns)
    counts, met = [rows], 0
    for column in columns:
        met += column != "tenant"
        counts.append(round(rows * (last / rows) ** (met / dividing)) if dividing else rows)
    return " ".join(map(str, counts))


def _without_rowid(connection: sa.Connection, table: str) -> bool:
    return bool(connection.exec_driver_sql("SELECT wr FROM pragma_table_list(?)", (table,)).scalar())

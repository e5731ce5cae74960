"""The forms of queries: each is a select that is the same in both databases, or written for either of them."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from comptroller.adapters.database.query import Database, Lookup, Query, Shape
from comptroller.adapters.database.schema import TABLE_OF, columns_of

DATABASES: Final[tuple[Database, ...]] = ("postgresql", "sqlite")


def columns(record: type) -> list[sa.ColumnElement[Any]]:
    """List the columns of a record's table in the order of its fields."""
    table = TABLE_OF[record].table
    return [table.c[column.name] for column in columns_of(record)]


def query(name: str, shape: Shape, statement: sa.Select[Any]) -> Query:
    """Build a query that both databases are asked in the same form."""
    return Query(name, shape, {"postgresql": statement, "sqlite": statement})


def _listed(column: sa.ColumnElement[Any], parameter: str) -> sa.ColumnElement[bool]:
    """Return SQLite's test whether a column's value occurs in a list that is bound as one parameter."""
    listed = sa.func.json_each(sa.bindparam(parameter)).table_valued("value")
    return column.in_(sa.select(listed.c.value))


def lookup(
    name: str,
    shape: Shape,
    key_of: Callable[[Any], Any],
    column: sa.ColumnElement[Any],
    statement: Callable[[Database], sa.Select[Any]],
) -> Lookup:
    """Build a lookup of a statement's rows by one of its columns."""
    key_type = sa.BigInteger() if isinstance(column.type, sa.BigInteger) else sa.Text()
    keys = sa.cast(sa.bindparam("keys"), postgresql.ARRAY(key_type))
    wanted = sa.func.unnest(keys).table_valued("key", name="wanted").render_derived()
    found = statement("postgresql").where(column == wanted.c.key).offset(sa.literal_column("0")).lateral("found")
    by_key = sa.select(*found.c).select_from(wanted.join(found, sa.true()))
    listed = statement("sqlite").where(_listed(column, "keys"))
    return Lookup(Query(name, shape, {"postgresql": by_key, "sqlite": listed}), key_of)


def select(record: type, *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Select the tenant's rows of a record that meet some conditions."""
    table = TABLE_OF[record].table
    return sa.select(*columns(record)).where(table.c.tenant == sa.bindparam("tenant"), *conditions)


def equal(record: type, *names: str) -> list[sa.ColumnElement[bool]]:
    """Have columns of a record equal to the parameters of their names."""
    return [TABLE_OF[record].table.c[name] == sa.bindparam(name) for name in names]


def by_keys(name: str, record: type, key: str, *conditions: sa.ColumnElement[bool]) -> Lookup:
    """Build the lookup of a record's rows by one of its columns."""
    of_record = attrgetter(key)
    statement = select(record, *conditions)
    column = TABLE_OF[record].table.c[key]
    return lookup(name, (record,), lambda row: of_record(row[0]), column, lambda _: statement)


def of_cases(name: str, record: type) -> Lookup:
    """Build the lookup of the rows that cases have; whoever asks puts those of a case in order."""
    return by_keys(name, record, "case_id")


def listing(name: str, record: type, by: str, *order: sa.ColumnElement[Any]) -> Query:
    """Build the query of a record's rows by the columns `by`, in an order."""
    return query(name, (record,), select(record, *equal(record, *by.split())).order_by(*order))


def joined(
    database: Database,
    first: sa.Table,
    taken: Sequence[sa.ColumnElement[Any]],
    second: type,
    by: str,
    *conditions: sa.ColumnElement[bool],
) -> sa.Select[Any]:
    """Select what is taken of the rows of one table, each with the row of a second table that its columns `by` name."""
    table = TABLE_OF[second].table
    same = [table.c[name] == first.c[name] for name in by.split()]
    statement = select(second, *same, *conditions)
    chosen = first.c.tenant == sa.bindparam("tenant")
    if database == "sqlite":
        return sa.select(*taken, *columns(second)).where(
            chosen, table.c.tenant == sa.bindparam("tenant"), *same, *conditions
        )
    fenced = statement.correlate(first).offset(sa.literal_column("0")).lateral("joined")
    return sa.select(*taken, *fenced.c).select_from(first.join(fenced, sa.true())).where(chosen)


def exact_sum(
    database: Database, amount: sa.ColumnElement[Any], negative: sa.ColumnElement[bool]
) -> sa.ColumnElement[Any]:
    """Sum decimals exactly, some with the other sign; SQLite has no such sum, so that the store brings one."""
    if database == "sqlite":
        return sa.func.exact_sum(amount, negative)
    return sa.func.coalesce(sa.func.sum(sa.case((negative, -amount), else_=amount)), sa.literal_column("0"))

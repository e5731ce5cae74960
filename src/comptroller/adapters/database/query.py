"""A query, before and after a database's dialect has rendered it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.sql.compiler import SQLCompiler

from comptroller.adapters.database.schema import TABLE_OF, columns_of

Database = Literal["postgresql", "sqlite"]

Shape = tuple[type, ...]
"""Of each row: the records (their columns in the order of the fields) and plain values that it is made of."""


@dataclass(frozen=True, eq=False, slots=True)
class Query:
    """A select in each database's form; its parameters are bound by name, the tenant among them."""

    name: str
    shape: Shape
    statements: Mapping[Database, sa.Select[Any]]


@dataclass(frozen=True, eq=False, slots=True)
class Lookup:
    """A query by a list of keys (parameter `keys`); `key_of` tells which key a row belongs to."""

    query: Query
    key_of: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A query for one database: its text and the order of its parameters."""

    text: str
    parameters: tuple[str, ...]
    constants: Mapping[str, object]  # the parameters that the query itself fixes
    columns: tuple[object, ...]  # the type of each column
    makers: tuple[tuple[type | None, int, int], ...]  # each part of the shape: its record and its columns


def compile_query(query: Query, database: Database, dialect: sa.Dialect) -> Compiled:
    """Render a query for a database."""
    compiled = query.statements[database].compile(dialect=dialect)
    columns: list[object] = []
    makers: list[tuple[type | None, int, int]] = []
    for part in query.shape:
        fields = columns_of(part) if part in TABLE_OF else None
        types = [part] if fields is None else [field.type for field in fields]
        makers.append((None if fields is None else part, len(columns), len(columns) + len(types)))
        columns.extend(types)
    if not isinstance(compiled, SQLCompiler):
        raise TypeError("a query compiles to SQL")
    constants = {name: value for name, value in compiled.params.items() if value is not None}
    return Compiled(str(compiled), tuple(compiled.positiontup or ()), constants, tuple(columns), tuple(makers))

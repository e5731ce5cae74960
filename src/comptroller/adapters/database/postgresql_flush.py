"""The one statement that writes a whole unit of work on PostgreSQL.

Each changed table is a common table expression that reads its rows from one JSON parameter; the text depends only on
which tables change how, so that it is prepared once for each such set. The database itself refuses the statement when
an update or a deletion did not find the state that it expects, so that commit can travel in the same message.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

import msgspec

from comptroller.adapters.database.buffer import Change, WriteBuffer
from comptroller.adapters.database.postgresql_wire import Parameter, Request
from comptroller.adapters.database.schema import RECORD_TABLES, RecordTable

_TYPES: Final[dict[object, str]] = {
    str: "text",
    int: "bigint",
    bytes: "text",  # base 64
    Decimal: "numeric",
    datetime: "timestamptz",
    tuple[str, ...]: "json",
}
_VALUES: Final[dict[object, str]] = {bytes: "decode({}, 'base64')", tuple[str, ...]: "{}::text"}
_NUMBER_OF: Final = {table.name: number for number, table in enumerate(RECORD_TABLES)}
_ENCODE: Final = msgspec.json.Encoder().encode


def flush_request(tenant: str, buffer: WriteBuffer) -> Request:
    """Return the statement that writes everything buffered."""
    plan: list[tuple[int, Change]] = []
    parameters: list[Parameter] = [tenant]
    guarded = 0
    for table, rows in buffer.inserts():
        plan.append((_NUMBER_OF[table.name], Change.INSERT))
        parameters.append(_ENCODE(rows))
    for table, change, group in buffer.changes():
        plan.append((_NUMBER_OF[table.name], change))
        guarded += len(group)
        parameters.append([_ENCODE((pending.row, pending.expected)).decode() for pending in group])
    if guarded:
        parameters.append(guarded)
    return _statement(tuple(plan)), parameters


@lru_cache(maxsize=1024)
def _statement(plan: tuple[tuple[int, Change], ...]) -> str:
    parts: list[str] = []
    guarded: list[str] = []
    for place, (number, change) in enumerate(plan):
        table, parameter = RECORD_TABLES[number], f"${place + 2}"
        match change:
            case Change.INSERT:
                body = _insert(table, parameter)
            case Change.UPDATE:
                body = _update(table, parameter)
            case Change.DELETE:
                body = _delete(table, parameter)
        parts.append(f"w{place} AS ({body})")
        if change is not Change.INSERT:
            guarded.append(f"(SELECT count(*) FROM w{place})")  # noqa: S608 - numbers
    require = f"comptroller_require({' + '.join(guarded)} = ${len(plan) + 2}::bigint)" if guarded else "1"
    return f"WITH {', '.join(parts)} SELECT $1::text, {require}"


def _names(table: RecordTable) -> Sequence[str]:
    return [f'"{column.name}"' for column in table.columns]


def _values(table: RecordTable) -> Sequence[str]:
    return [_VALUES.get(column.type, "{}").format(f'r."{column.name}"') for column in table.columns]


def _fields(table: RecordTable) -> str:
    return ", ".join(f'"{column.name}" {_TYPES[column.type]}' for column in table.columns)


def _insert(table: RecordTable, parameter: str) -> str:
    columns, values = ", ".join(_names(table)), ", ".join(_values(table))
    source = f"json_to_recordset({parameter}::json) AS r({_fields(table)})"
    return f'INSERT INTO "{table.name}" ("tenant", {columns}) SELECT $1, {values} FROM {source}'  # noqa: S608 - names of the schema


def _changed(table: RecordTable, parameter: str) -> tuple[str, str]:
    """Return where changed rows come from and how each finds its row: as it was expected.

    The row's place is looked up behind a fence (LATERAL, OFFSET 0), by the whole key: a plan that was made while the
    table was empty must not go through all of a tenant's rows when it is full.
    """
    same = ['f."tenant" = $1', *(f'f."{name}" = r."{name}"' for name in table.key)]
    if table.expected:
        same.append(f'f."{table.expected}" = (e.pair->>1)::bigint')
    places = f'SELECT f.ctid AS place FROM "{table.name}" AS f WHERE {" AND ".join(same)} OFFSET 0'  # noqa: S608 - as above
    rows = f"unnest({parameter}::json[]) AS e(pair), json_to_record(e.pair->0) AS r({_fields(table)})"
    source = f"{rows}, LATERAL ({places}) AS found"
    return source, "t.ctid = found.place"


def _update(table: RecordTable, parameter: str) -> str:
    source, same = _changed(table, parameter)
    values = zip(table.columns, _values(table), strict=True)
    changes = ", ".join(f'"{column.name}" = {value}' for column, value in values if column.name not in table.key)
    if not changes:  # a row that is all key: deleted and inserted again
        changes = '"tenant" = t."tenant"'
    return f'UPDATE "{table.name}" AS t SET {changes} FROM {source} WHERE {same} RETURNING 1'  # noqa: S608 - as above


def _delete(table: RecordTable, parameter: str) -> str:
    source, same = _changed(table, parameter)
    return f'DELETE FROM "{table.name}" AS t USING {source} WHERE {same} RETURNING 1'  # noqa: S608 - as above

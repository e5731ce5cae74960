"""What is asked of where open cases stand: counted in the database, from the narrow column `standing`.

Open is a case that waits, and one that is stuck or stopped behind its posting.
"""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from comptroller.adapters.database.queries.forms import DATABASES
from comptroller.adapters.database.query import Database, Query
from comptroller.adapters.database.schema import TABLE_OF
from comptroller.application import records

_case = TABLE_OF[records.CaseRow].table

_NODE, _ARRIVED, _CODE = 1, 2, 3
"""Where a token's entry in `standing` says what; in front of them is its name."""

_HALTED: Final = _case.c.outcome.in_([sa.literal_column("'incident'"), sa.literal_column("'suspended'")])
_OPEN: Final = sa.or_(_case.c.status == sa.literal_column("'waiting'"), _HALTED)
_MINE: Final = _case.c.tenant == sa.bindparam("tenant")
_ONE: Final[sa.ColumnElement[Any]] = sa.literal_column("1", sa.BigInteger())
_NONE: Final[sa.ColumnElement[Any]] = sa.literal_column("''")


def _tokens(database: Database) -> Any:
    """The tokens of a case, each a row."""
    if database == "sqlite":
        return sa.func.json_each(_case.c.standing).table_valued("value", name="token")
    standing = sa.cast(_case.c.standing, postgresql.JSONB)
    return sa.func.jsonb_array_elements(standing).table_valued("value", name="token").render_derived()


def _part(database: Database, tokens: Any, place: int) -> sa.ColumnElement[Any]:
    if database == "sqlite":
        return sa.func.json_extract(tokens.c.value, sa.literal_column(f"'$[{place}]'"))
    text: sa.ColumnElement[Any] = tokens.c.value.op("->>")(sa.literal_column(str(place)))
    return sa.cast(text, sa.BigInteger()) if place == _ARRIVED else text


def _open_counts(database: Database) -> sa.Select[Any]:
    tokens = _tokens(database)
    is_on = sa.exists(
        sa.select(_ONE).select_from(tokens).where(_part(database, tokens, _NODE) == sa.bindparam("node"))
    ).correlate(_case)
    groups = (_case.c.process, _case.c.process_hash, _case.c.policy_hash, _case.c.entity)
    stuck = sa.func.count(sa.case((_case.c.outcome == sa.literal_column("'incident'"), _ONE)))
    return (
        sa.select(*groups, sa.func.count(), stuck)
        .where(_MINE, _OPEN, sa.or_(sa.bindparam("node") == _NONE, is_on))
        .group_by(*groups)
    )


def _of_entities(database: Database) -> sa.ColumnElement[bool]:
    """Cases of the entities that are named; of all where `*` is among them."""
    if database == "sqlite":
        listed = sa.func.json_each(sa.bindparam("entities")).table_valued("value")
        names = sa.select(listed.c.value)
        return _named(_case.c.entity.in_(names), sa.literal_column("'*'").in_(names))
    named = sa.cast(sa.bindparam("entities"), postgresql.ARRAY(sa.Text()))
    return _named(_case.c.entity == sa.any_(named), sa.literal_column("'*'") == sa.any_(named))


def _named(own: sa.ColumnElement[bool], every: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.or_(every, sa.and_(own, _case.c.entity != _NONE))


def _nodes(database: Database) -> sa.Select[Any]:
    tokens = _tokens(database)
    node, arrived, code = (_part(database, tokens, place) for place in (_NODE, _ARRIVED, _CODE))
    all_of_them = (
        sa.select(
            node.label("node"),
            arrived.label("arrived"),
            code.label("code"),
            sa.func.row_number().over(partition_by=node, order_by=arrived.desc().nulls_last()).label("place"),
            sa.func.count(arrived).over(partition_by=node).label("known"),
        )
        .select_from(_case.join(tokens, sa.true()))
        .where(
            _MINE,
            _OPEN,
            _case.c.process == sa.bindparam("process"),
            _case.c.process_hash == sa.bindparam("version"),
            _of_entities(database),
        )
        .subquery("every")
    )
    every = all_of_them.c
    two, nine, ten = (sa.literal_column(str(number), sa.BigInteger()) for number in (2, 9, 10))

    def at(place: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        return sa.func.max(sa.case((every.place == place, every.arrived)))

    return (
        sa.select(
            every.node,
            sa.func.count(),
            sa.func.count(sa.case((every.code != _NONE, _ONE))),
            sa.func.max(every.known),
            at(every.known // two + _ONE),
            at((every.known * nine + nine) // ten),
        )
        .group_by(every.node)
        .order_by(every.node)
    )


def _stuck(database: Database) -> sa.Select[Any]:
    tokens = _tokens(database)
    is_stopped = _case.c.outcome == sa.literal_column("'suspended'")
    node, code = (
        sa.case((is_stopped, _NONE), else_=_part(database, tokens, place)).label(name)
        for place, name in ((_NODE, "node"), (_CODE, "code"))
    )
    cause = (_case.c.process, _case.c.process_hash, node, code)
    # no bare column: SQLite would walk all cases of the tenant in the order of their ids, to have them grouped
    case_id = sa.func.coalesce(_case.c.case_id, _NONE).label("case_id")
    own = (case_id, _case.c.received_at, _case.c.updated_at)
    cases = (
        sa.select(*cause, *own, sa.func.min(_part(database, tokens, _ARRIVED)).label("arrived"))
        .select_from(_case.join(tokens, sa.true()))
        .where(_MINE, _HALTED, sa.or_(is_stopped, _part(database, tokens, _CODE) != _NONE))
        .group_by(*cause, *own)
        .subquery("stuck")
    )
    stuck = cases.c
    groups = (stuck.process, stuck.process_hash, stuck.node, stuck.code)
    newest = (stuck.received_at.desc(), stuck.case_id.desc())
    ranked = sa.select(
        *groups,
        stuck.case_id,
        sa.func.count().over(partition_by=groups).label("cases"),
        sa.func.min(stuck.arrived).over(partition_by=groups).label("arrived"),
        sa.func.min(stuck.updated_at).over(partition_by=groups).label("changed"),
        sa.func.row_number().over(partition_by=groups, order_by=newest).label("place"),
    ).subquery("ranked")
    found = ranked.c
    return (
        sa.select(
            found.process,
            found.process_hash,
            found.node,
            found.code,
            found.case_id,
            found.cases,
            found.arrived,
            found.changed,
        )
        .where(found.place <= sa.bindparam("limit"))
        .order_by(found.process, found.process_hash, found.node, found.code, found.place)
    )


def _query(name: str, shape: tuple[type, ...], statement: Any) -> Query:
    return Query(name, shape, {database: statement(database) for database in DATABASES})


OPEN_COUNTS: Final = _query("open_counts", (str, str, str, str, int, int), _open_counts)
"""Open cases by process, both its versions and entity, and how many of them are stuck; of a node or all."""

NODES: Final = _query("nodes", (str, int, int, int, int, int), _nodes)
"""The tokens on each node of a process version: how many, how many with an incident, of how many it is known when they
arrived, and when the one did that has stood there for the median time, and for longer than nine of ten."""

STUCK: Final = _query("stuck", (str, str, str, str, str, int, int, datetime), _stuck)
"""The newest cases of each cause, with how many the cause has, when the first came there, and changed last."""

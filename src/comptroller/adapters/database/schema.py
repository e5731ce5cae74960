"""The tables, derived from the records: one table a record, the same on SQLite and on PostgreSQL.

Every table belongs to tenants and every primary key starts with the tenant. A column's type follows from the field's:
decimals are exact (NUMERIC; canonical text on SQLite), instants are UTC (timestamptz; RFC 3339 text on SQLite), texts
sort by code point on both. There are no foreign keys: the unit of work writes whole cases, and a key check a row would
cost more than the row.

Alembic's versions are the only creator; a test holds them against these tables.
"""

import types
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import sqlalchemy as sa

from comptroller.application import records

TEXT: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
EXACT: Final = sa.Numeric().with_variant(sa.Text(), "sqlite")
INSTANT: Final = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
TYPES: Final[dict[object, sa.types.TypeEngine[Any]]] = {
    str: TEXT,
    int: sa.BigInteger(),
    bytes: sa.LargeBinary(),
    Decimal: EXACT,
    datetime: INSTANT,
    tuple[str, ...]: TEXT,  # JSON
}


LEFT_OUT: Final = {("case_file", "standing"): "[]"}
"""What a process of the release before does not write, while a release is exchanged, and what stands there then."""


@dataclass(frozen=True, slots=True)
class ReferenceAliasRow:
    """An alias of one version of a reference record; the store derives it when the version is inserted."""

    alias: str  # key
    kind: str  # key
    key: str  # key
    version: int  # key


@dataclass(frozen=True, slots=True)
class Column:
    """A record's field as a column."""

    name: str
    type: object  # str, int, bytes, Decimal, datetime or tuple[str, ...]
    nullable: bool


@dataclass(frozen=True, slots=True)
class RecordTable:
    """Where a record is kept and what may happen to its rows."""

    record: type
    table: sa.Table
    columns: tuple[Column, ...]
    key: tuple[str, ...]  # without the tenant
    expected: str = ""  # the column by which an update proves that nobody was faster
    updates: bool = False
    deletes: bool = False

    @property
    def name(self) -> str:
        """The table's name."""
        return self.table.name


METADATA: Final = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "pk": "pk_%(table_name)s",
    }
)

TENANT: Final = sa.Table(
    "tenant",
    METADATA,
    sa.Column("tenant", TEXT, sa.CheckConstraint("tenant <> ''", name="named"), primary_key=True),
    sa.Column("name", TEXT, nullable=False),
)


def _column(name: str, hint: object) -> Column:
    if get_origin(hint) in {Union, types.UnionType}:
        (plain,) = (argument for argument in get_args(hint) if argument is not type(None))
        return Column(name, plain, nullable=True)
    return Column(name, hint, nullable=False)


def _table(record: type, name: str, key: str, *more: sa.schema.SchemaItem, rowid: bool = True) -> sa.Table:
    keys = key.split()
    return sa.Table(
        name,
        METADATA,
        sa.Column("tenant", TEXT, primary_key=True),
        *(
            sa.Column(
                column.name,
                TYPES[column.type],
                primary_key=column.name in keys,
                nullable=column.nullable,
                autoincrement=False,
                server_default=LEFT_OUT.get((name, column.name)),
            )
            for column in columns_of(record)
        ),
        *more,
        sqlite_with_rowid=rowid,
    )


@cache
def columns_of(record: type) -> tuple[Column, ...]:
    """Return the columns of a record, in the order of its fields."""
    return tuple(_column(name, hint) for name, hint in get_type_hints(record).items())


def _index(*columns: str, unique: bool = False, where: str = "", name: str | None = None) -> sa.Index:
    condition = sa.text(where) if where else None
    return sa.Index(name, *columns, unique=unique, postgresql_where=condition, sqlite_where=condition)


def _record_table(
    record: type,
    name: str,
    key: str,
    *more: sa.schema.SchemaItem,
    expected: str = "",
    updates: bool = False,
    deletes: bool = False,
    rowid: bool = True,
) -> RecordTable:
    table = _table(record, name, key, *more, rowid=rowid)
    return RecordTable(record, table, columns_of(record), tuple(key.split()), expected, updates, deletes)


ENTRY_PLACE: Final = (
    sa.Column("row_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column("leaf_index", sa.BigInteger(), nullable=True),
)
"""What an entry has besides its record: the order of arrival and, once sequenced, the place in the tenant's log."""

RECORD_TABLES: Final[tuple[RecordTable, ...]] = (
    _record_table(records.DocumentRow, "document", "digest", _index("case_id", "tenant")),
    _record_table(
        records.CaseRow,
        "case_file",
        "case_id",
        _index("tenant", "received_at", "case_id"),
        _index("tenant", "status", "received_at", "case_id"),
        _index("tenant", "kind", "received_at", "case_id", name="ix_case_file_kind"),
        _index("tenant", "outcome", "received_at", "case_id", name="ix_case_file_outcome"),
        _index("tenant", "entity", "received_at", "case_id", name="ix_case_file_entity"),
        _index("tenant", "entity", "status", "received_at", "case_id", name="ix_case_file_entity_status"),
        _index("tenant", "entity", "outcome", "received_at", "case_id", name="ix_case_file_entity_outcome"),
        _index("supplier", "tenant", "received_at", "case_id"),
        expected="version",
        updates=True,
    ),
    _record_table(
        records.TaskRow,
        "task",
        "task_id",
        _index("case_id", "tenant"),
        _index("tenant", "due", "task_id", where="status = 'open'", name="ix_task_open"),
        _index(
            "tenant", "person", "due", "task_id", where="status = 'open' AND person <> ''", name="ix_task_of_person"
        ),
        _index("tenant", "role", "due", "task_id", where="status = 'open' AND person = ''", name="ix_task_of_role"),
        updates=True,
    ),
    _record_table(
        records.CandidateRow,
        "candidate",
        "number_normalised case_id",
        _index("tenant", "case_id"),
        updates=True,
        rowid=False,
    ),
    _record_table(records.CandidateKeyRow, "candidate_key", "lookup day case_id", rowid=False),
    _record_table(
        records.WaitRow,
        "wait",
        "message correlation case_id token",
        _index("case_id", "tenant"),
        updates=True,
        deletes=True,
        rowid=False,
    ),
    _record_table(records.BalanceRow, "balance", "balance", expected="taken_micro", updates=True, rowid=False),
    _record_table(
        records.JournalRow,
        "journal",
        "journal_id",
        _index("tenant", "effect_key", unique=True),
        _index("case_id", "tenant"),
        _index("tenant", "entity", "posted_on", "journal_id"),
    ),
    _record_table(records.JournalLineRow, "journal_line", "journal_id line", rowid=False),
    _record_table(
        records.OpenItemRow,
        "open_item",
        "item_id",
        _index("case_id", "tenant"),
        _index("tenant", "entity", "supplier", "item_id", where="status <> 'paid'", name="ix_open_item_unpaid"),
        _index("tenant", "entity", "cleared_on", name="ix_open_item_cleared"),
        expected="version",
        updates=True,
    ),
    _record_table(
        records.OutboxRow,
        "outbox",
        "outbox_id",
        _index("case_id", "tenant"),
        _index("lane", "status", "not_before", where="status IN ('pending', 'leased')", name="ix_outbox_due"),
        _index("tenant", "not_before", "outbox_id", where="status = 'dead'", name="ix_outbox_dead"),
        _index(
            "tenant",
            "status",
            "not_before",
            "outbox_id",
            where="kind IN ('delivery', 'notice')",
            name="ix_outbox_delivery",
        ),
        _index("tenant", "not_before", "outbox_id", where="kind = 'job'", name="ix_outbox_job"),
        _index("tenant", "target", where="kind = 'act' AND status IN ('pending', 'leased')", name="ix_outbox_act"),
        expected="fence",
        updates=True,
    ),
    _record_table(
        records.EntryRow,
        "entry",
        "stream seq",
        *ENTRY_PLACE,
        _index("tenant", "row_id", where="leaf_index IS NULL", name="ix_entry_unsequenced"),
        _index("tenant", "leaf_index", unique=True, where="leaf_index IS NOT NULL", name="uq_entry_leaf_index"),
    ),
    _record_table(records.DecisionRow, "decision", "case_id seq"),
    _record_table(
        records.SearchWordRow,
        "search_word",
        "word case_id",
        _index("case_id", "tenant"),
        updates=True,
        deletes=True,
        rowid=False,
    ),
    _record_table(records.PrivateTextRow, "private_text", "commitment", updates=True),
    _record_table(records.CommandRow, "command", "principal idempotency_key"),
    _record_table(records.ReferenceRow, "reference", "kind key version"),
    _record_table(ReferenceAliasRow, "reference_alias", "alias kind key version", rowid=False),
    _record_table(records.PolicyRow, "policy", "policy_hash", _index("tenant", "pack", "stored_at")),
    _record_table(records.ApiKeyRow, "api_key", "key_hash", updates=True),
    _record_table(records.TreeNodeRow, "tree_node", "level index", rowid=False),
    _record_table(records.CheckpointRow, "checkpoint", "size"),
    _record_table(
        records.MilestoneRow, "milestone", "case_id seq kind", _index("tenant", "kind", "at", "case_id"), rowid=False
    ),
    _record_table(
        records.PaymentBlockRow,
        "payment_block",
        "block_id",
        _index("case_id", "tenant"),
        _index("supplier", "tenant"),
        updates=True,
    ),
    _record_table(records.AttachmentRow, "attachment", "case_id digest"),
    _record_table(
        records.IntakeRow,
        "intake",
        "intake_id",
        _index("tenant", "status", "received_at", "intake_id"),
        updates=True,
    ),
)

LANE: Final = sa.Table(
    "lane",
    METADATA,
    sa.Column("lane", TEXT, primary_key=True),
    sa.Column("open_at", INSTANT, nullable=True),  # when the next row may be taken, where a rate is kept
    sa.Column("closed_until", INSTANT, nullable=True),
    sa.Column("why", TEXT, nullable=False),
)
WORKER: Final = sa.Table(
    "worker",
    METADATA,
    sa.Column("worker", TEXT, primary_key=True),
    sa.Column("host", TEXT, nullable=False),
    sa.Column("release", TEXT, nullable=False),
    sa.Column("state", TEXT, nullable=False),
    sa.Column("lanes", TEXT, nullable=False),  # JSON list
    sa.Column("in_hand", sa.BigInteger(), nullable=False),
    sa.Column("started_at", INSTANT, nullable=False),
    sa.Column("seen_at", INSTANT, nullable=False),
)
INSTALLATION_TABLES: Final = (LANE, WORKER)
"""What belongs to no tenant; on PostgreSQL seen by the functions of the work queue alone."""

TABLE_OF: Final = {entry.record: entry for entry in RECORD_TABLES}
"""Each record's table."""

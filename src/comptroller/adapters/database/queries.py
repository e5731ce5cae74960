"""Every query of a unit of work, as SQLAlchemy selects that each adapter compiles once.

A query takes the tenant first and answers rows of records and plain values, in the order of its `shape`. A list of keys
travels as one parameter, so that a query has one text however long its list is. On PostgreSQL each key is looked up by
itself (LATERAL behind a fence, OFFSET 0): a plan that was made while the tables were empty must still go by the whole
key when they are full, and the planner would rather take the tenant's rows and filter them.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from comptroller.adapters.database.query import Database, Lookup, Query, Shape
from comptroller.adapters.database.schema import TABLE_OF, TENANT, ReferenceAliasRow, columns_of
from comptroller.application import records
from comptroller.domain.documents.model import DocumentKind


def _columns(record: type, table: Any = None) -> list[sa.ColumnElement[Any]]:
    source = TABLE_OF[record].table if table is None else table
    return [source.c[column.name] for column in columns_of(record)]


def _query(name: str, shape: Shape, statement: sa.Select[Any]) -> Query:
    return Query(name, shape, {"postgresql": statement, "sqlite": statement})


def _listed(column: sa.ColumnElement[Any], parameter: str) -> sa.ColumnElement[bool]:
    """Return SQLite's test whether a column's value occurs in a list that is bound as one parameter."""
    listed = sa.func.json_each(sa.bindparam(parameter)).table_valued("value")
    return column.in_(sa.select(listed.c.value))


def _lookup(
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


def _select(record: type, *conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    table = TABLE_OF[record].table
    return sa.select(*_columns(record)).where(table.c.tenant == sa.bindparam("tenant"), *conditions)


def _equal(record: type, *names: str) -> list[sa.ColumnElement[bool]]:
    return [TABLE_OF[record].table.c[name] == sa.bindparam(name) for name in names]


def _by_keys(name: str, record: type, key: str, *conditions: sa.ColumnElement[bool]) -> Lookup:
    of_record = attrgetter(key)
    statement = _select(record, *conditions)
    column = TABLE_OF[record].table.c[key]
    return _lookup(name, (record,), lambda row: of_record(row[0]), column, lambda _: statement)


def _of_cases(name: str, record: type) -> Lookup:
    """Build the lookup of the rows that cases have; whoever asks puts those of a case in order."""
    return _by_keys(name, record, "case_id")


def _listing(name: str, record: type, by: str, *order: sa.ColumnElement[Any]) -> Query:
    return _query(name, (record,), _select(record, *_equal(record, *by.split())).order_by(*order))


_case = TABLE_OF[records.CaseRow].table
_task = TABLE_OF[records.TaskRow].table
_candidate = TABLE_OF[records.CandidateRow].table
_candidate_key = TABLE_OF[records.CandidateKeyRow].table
_wait = TABLE_OF[records.WaitRow].table
_journal = TABLE_OF[records.JournalRow].table
_journal_line = TABLE_OF[records.JournalLineRow].table
_open_item = TABLE_OF[records.OpenItemRow].table
_intake = TABLE_OF[records.IntakeRow].table
_outbox = TABLE_OF[records.OutboxRow].table
_entry = TABLE_OF[records.EntryRow].table
_search_word = TABLE_OF[records.SearchWordRow].table
_reference = TABLE_OF[records.ReferenceRow].table
_alias = TABLE_OF[ReferenceAliasRow].table
_policy = TABLE_OF[records.PolicyRow].table
_checkpoint = TABLE_OF[records.CheckpointRow].table
_milestone = TABLE_OF[records.MilestoneRow].table
_block = TABLE_OF[records.PaymentBlockRow].table


# reference data
_newer = _reference.alias("newer")
_version_in_force = (
    sa.select(sa.func.max(_newer.c.version))
    .where(
        _newer.c.tenant == sa.bindparam("tenant"), _newer.c.kind == _reference.c.kind, _newer.c.key == _reference.c.key
    )
    .correlate(_reference)
    .scalar_subquery()
)


def _joined(
    database: Database,
    first: sa.Table,
    columns: Sequence[sa.ColumnElement[Any]],
    second: type,
    by: str,
    *conditions: sa.ColumnElement[bool],
) -> sa.Select[Any]:
    """Return rows of one table, each with the row of a second table that its columns `by` name."""
    table = TABLE_OF[second].table
    same = [table.c[name] == first.c[name] for name in by.split()]
    statement = _select(second, *same, *conditions)
    chosen = first.c.tenant == sa.bindparam("tenant")
    if database == "sqlite":
        return sa.select(*columns, *_columns(second)).where(
            chosen, table.c.tenant == sa.bindparam("tenant"), *same, *conditions
        )
    fenced = statement.correlate(first).offset(sa.literal_column("0")).lateral("joined")
    return sa.select(*columns, *fenced.c).select_from(first.join(fenced, sa.true())).where(chosen)


REFERENCES: Final = _lookup(
    "references",
    (str, records.ReferenceRow),
    itemgetter(0),
    _alias.c.alias,
    lambda database: _joined(
        database,
        _alias,
        [_alias.c.alias],
        records.ReferenceRow,
        "kind key version",
        _reference.c.version == _version_in_force,
    ),
)
REFERENCE_VERSIONS: Final = _listing("reference_versions", records.ReferenceRow, "kind key", _reference.c.version)
REFERENCE_LIST: Final = _query(
    "reference_list",
    (records.ReferenceRow,),
    _select(
        records.ReferenceRow, *_equal(records.ReferenceRow, "kind"), _reference.c.version == _version_in_force
    ).order_by(_reference.c.key),
)

# cases
CASE: Final = _by_keys("case", records.CaseRow, "case_id")
DOCUMENT: Final = _by_keys("document", records.DocumentRow, "digest")
CASE_DOCUMENTS: Final = _of_cases("case_documents", records.DocumentRow)
CANDIDATES: Final = _lookup(
    "candidates",
    (records.CandidateRow, records.CaseRow),
    lambda row: row[0].case_id,
    _candidate.c.case_id,
    lambda database: _joined(database, _candidate, _columns(records.CandidateRow), records.CaseRow, "case_id"),
)
_known_as = _select(records.CandidateKeyRow, *_equal(records.CandidateKeyRow, "lookup"))
CANDIDATES_BEFORE: Final = _query(
    "candidates_before",
    (records.CandidateKeyRow,),
    _known_as.where(_candidate_key.c.day <= sa.bindparam("day"))
    .order_by(_candidate_key.c.day.desc(), _candidate_key.c.case_id.desc())
    .limit(sa.bindparam("limit")),
)
CANDIDATES_AFTER: Final = _query(
    "candidates_after",
    (records.CandidateKeyRow,),
    _known_as.where(_candidate_key.c.day > sa.bindparam("day"))
    .order_by(_candidate_key.c.day, _candidate_key.c.case_id)
    .limit(sa.bindparam("limit")),
)
BALANCES: Final = _by_keys("balances", records.BalanceRow, "balance")
WAITING_FOR: Final = _listing("waiting_for", records.WaitRow, "message correlation", _wait.c.case_id, _wait.c.token)
CASE_WAITS: Final = _of_cases("case_waits", records.WaitRow)
TASK: Final = _by_keys("task", records.TaskRow, "task_id")
CASE_TASKS: Final = _of_cases("case_tasks", records.TaskRow)
DECISIONS: Final = _of_cases("decisions", records.DecisionRow)
CASE_JOURNALS: Final = _listing("case_journals", records.JournalRow, "case_id", _journal.c.journal_id)
JOURNALS: Final = _query(
    "journals",
    (records.JournalRow,),
    _select(records.JournalRow, _journal.c.case_id != sa.literal_column("''")).order_by(_journal.c.journal_id),
)
JOURNAL: Final = _by_keys("journal", records.JournalRow, "journal_id")
JOURNAL_LINES: Final = _by_keys("journal_lines", records.JournalLineRow, "journal_id")
SEARCH_WORDS_OF: Final = _of_cases("search_words_of", records.SearchWordRow)
SEARCH_WORD: Final = _query(
    "search_word",
    (records.SearchWordRow,),
    _select(records.SearchWordRow, *_equal(records.SearchWordRow, "word"))
    .order_by(_search_word.c.case_id.desc())
    .limit(sa.bindparam("limit")),
)
SEARCH_HELD: Final = _by_keys("search_held", records.SearchWordRow, "case_id", *_equal(records.SearchWordRow, "word"))
PRIVATE_TEXTS: Final = _by_keys("private_texts", records.PrivateTextRow, "commitment")

CASE_MILESTONES: Final = _of_cases("case_milestones", records.MilestoneRow)
OPENED: Final = _by_keys("opened", records.MilestoneRow, "case_id", *_equal(records.MilestoneRow, "kind", "person"))
MILESTONES: Final = _query(
    "milestones",
    (records.MilestoneRow,),
    _select(
        records.MilestoneRow,
        *_equal(records.MilestoneRow, "kind"),
        _milestone.c.at >= sa.bindparam("since"),
        _milestone.c.at < sa.bindparam("until"),
    )
    .order_by(_milestone.c.at, _milestone.c.case_id, _milestone.c.seq)
    .limit(sa.bindparam("limit")),
)
SUPPLIER_CASES: Final = _listing("supplier_cases", records.CaseRow, "supplier", _case.c.received_at, _case.c.case_id)
NEWEST_SUPPLIER_CASES: Final = _query(
    "newest_supplier_cases",
    (records.CaseRow,),
    _select(records.CaseRow, *_equal(records.CaseRow, "supplier"))
    .order_by(_case.c.received_at.desc(), _case.c.case_id.desc())
    .limit(sa.bindparam("limit")),
)
PAYMENT_BLOCK: Final = _by_keys("payment_block", records.PaymentBlockRow, "block_id")
CASE_BLOCKS: Final = _of_cases("case_blocks", records.PaymentBlockRow)
SUPPLIER_BLOCKS: Final = _listing(
    "supplier_blocks", records.PaymentBlockRow, "supplier", _block.c.placed_at, _block.c.block_id
)
ATTACHMENTS: Final = _of_cases("attachments", records.AttachmentRow)


def _case_counts(database: Database) -> sa.Select[Any]:
    groups = (_case.c.kind, _case.c.status, _case.c.outcome, _case.c.entity, _case.c.currency)
    credit = _case.c.kind == sa.literal_column(f"'{DocumentKind.CREDIT_NOTE.value}'")
    sums = [_exact_sum(database, amount, credit) for amount in (_case.c.net, _case.c.gross)]
    statement = sa.select(*groups, sa.func.count(), *sums).where(_case.c.tenant == sa.bindparam("tenant"))
    return statement.group_by(*groups).order_by(*groups)


def _ledger_differences(database: Database) -> sa.Select[Any]:
    total = _exact_sum(database, _journal_line.c.amount, sa.false())
    same = sa.and_(_journal.c.tenant == _journal_line.c.tenant, _journal.c.journal_id == _journal_line.c.journal_id)
    statement = sa.select(_journal.c.currency, total).select_from(_journal.join(_journal_line, same))
    statement = statement.where(_journal.c.tenant == sa.bindparam("tenant"))
    return statement.group_by(_journal.c.currency).order_by(_journal.c.currency)


_LINE_OF_JOURNAL: Final = sa.and_(
    _journal.c.tenant == _journal_line.c.tenant, _journal.c.journal_id == _journal_line.c.journal_id
)


def _account_balances(database: Database) -> sa.Select[Any]:
    groups = (_journal.c.period, _journal_line.c.account, _journal.c.currency, _journal.c.local_currency)
    sums = [_exact_sum(database, _journal_line.c[name], sa.false()) for name in ("amount", "local_amount")]
    return (
        sa.select(*groups, sa.func.count(), *sums)
        .select_from(_journal.join(_journal_line, _LINE_OF_JOURNAL))
        .where(
            _journal.c.tenant == sa.bindparam("tenant"),
            _journal.c.entity == sa.bindparam("entity"),
            _journal.c.period <= sa.bindparam("period"),
        )
        .group_by(*groups)
        .order_by(*groups)
    )


def _ledger_pages() -> dict[bool, Query]:
    """Build the pages of an entity's journals, from the oldest or from behind one; of one account or of all."""
    place = sa.tuple_(_journal.c.posted_on, _journal.c.journal_id)
    on_account = (
        sa.select(sa.literal_column("1"))
        .select_from(_journal_line)
        .where(_LINE_OF_JOURNAL, _journal_line.c.account == sa.bindparam("account"))
        .correlate(_journal)
        .exists()
    )
    pages = {}
    for behind in (False, True):
        conditions: list[sa.ColumnElement[bool]] = [
            _journal.c.entity == sa.bindparam("entity"),
            sa.or_(sa.bindparam("period") == "", _journal.c.period == sa.bindparam("period")),
            sa.or_(sa.bindparam("account") == "", on_account),
        ]
        if behind:
            conditions.append(place > sa.tuple_(sa.bindparam("posted_on"), sa.bindparam("after")))
        statement = _select(records.JournalRow, *conditions)
        statement = statement.order_by(_journal.c.posted_on, _journal.c.journal_id).limit(sa.bindparam("limit"))
        pages[behind] = _query(f"ledger{'_behind' * behind}", (records.JournalRow,), statement)
    return pages


LEDGER: Final = _ledger_pages()
"""Pages of an entity's journals, from the oldest or from behind one."""

OPEN_ITEM: Final = _by_keys("open_item", records.OpenItemRow, "item_id")
OPEN_ITEMS: Final = _query(
    "open_items",
    (records.OpenItemRow,),
    _select(
        records.OpenItemRow,
        *_equal(records.OpenItemRow, "entity"),
        _open_item.c.status != sa.literal_column("'paid'"),
        sa.or_(sa.bindparam("supplier") == "", _open_item.c.supplier == sa.bindparam("supplier")),
    ).order_by(_open_item.c.supplier, _open_item.c.item_id),
)
ITEMS_POSTED: Final = _query(
    "items_posted",
    (records.OpenItemRow,),
    _select(
        records.OpenItemRow,
        *_equal(records.OpenItemRow, "entity"),
        sa.func.substr(_open_item.c.posted_on, 1, 7) == sa.bindparam("posted_in"),
    ).order_by(_open_item.c.supplier, _open_item.c.item_id),
)
CASE_OPEN_ITEMS: Final = _listing("case_open_items", records.OpenItemRow, "case_id", _open_item.c.item_id)


def _exact_sum(
    database: Database, amount: sa.ColumnElement[Any], negative: sa.ColumnElement[bool]
) -> sa.ColumnElement[Any]:
    """Sum decimals exactly, some with the other sign; SQLite has no such sum, so that the store brings one."""
    if database == "sqlite":
        return sa.func.exact_sum(amount, negative)
    return sa.func.coalesce(sa.func.sum(sa.case((negative, -amount), else_=amount)), sa.literal_column("0"))


_DATABASES: Final[tuple[Database, ...]] = ("postgresql", "sqlite")
CASE_COUNTS: Final = Query(
    "case_counts",
    (str, str, str, str, str, int, Decimal, Decimal),
    {database: _case_counts(database) for database in _DATABASES},
)
ACCOUNT_BALANCES: Final = Query(
    "account_balances",
    (str, str, str, str, int, Decimal, Decimal),
    {database: _account_balances(database) for database in _DATABASES},
)
LEDGER_DIFFERENCES: Final = Query(
    "ledger_differences", (str, Decimal), {database: _ledger_differences(database) for database in _DATABASES}
)

# audit
STREAM_HEAD: Final = _query(
    "stream_head",
    (int, bytes),
    sa.select(_entry.c.seq, _entry.c.leaf_hash)
    .where(_entry.c.tenant == sa.bindparam("tenant"), *_equal(records.EntryRow, "stream"))
    .order_by(_entry.c.seq.desc())
    .limit(1),
)
STREAM: Final = _listing("stream", records.EntryRow, "stream", _entry.c.seq)
UNSEQUENCED: Final = _query(
    "unsequenced",
    (int, records.EntryRow),
    sa.select(_entry.c.row_id, *_columns(records.EntryRow))
    .where(_entry.c.tenant == sa.bindparam("tenant"), _entry.c.leaf_index.is_(None))
    .order_by(_entry.c.row_id)
    .limit(sa.bindparam("limit")),
)
UNSEQUENCED_COUNT: Final = _query(
    "unsequenced_count",
    (int,),
    sa.select(sa.func.count())
    .select_from(_entry)
    .where(_entry.c.tenant == sa.bindparam("tenant"), _entry.c.leaf_index.is_(None)),
)
LOG_ENTRIES: Final = _query(
    "log_entries",
    (int, records.EntryRow),
    sa.select(_entry.c.leaf_index, *_columns(records.EntryRow))
    .where(
        _entry.c.tenant == sa.bindparam("tenant"),
        _entry.c.leaf_index >= sa.bindparam("start"),
        _entry.c.leaf_index < sa.bindparam("end"),
    )
    .order_by(_entry.c.leaf_index),
)
TREE_NODES: Final = _by_keys("tree_nodes", records.TreeNodeRow, "index", *_equal(records.TreeNodeRow, "level"))
CHECKPOINT: Final = _query(
    "checkpoint", (records.CheckpointRow,), _select(records.CheckpointRow).order_by(_checkpoint.c.size.desc()).limit(1)
)

# the rest
COMMAND: Final = _by_keys("command", records.CommandRow, "idempotency_key", *_equal(records.CommandRow, "principal"))
API_KEY: Final = _by_keys("api_key", records.ApiKeyRow, "key_hash")
POLICY: Final = _by_keys("policy", records.PolicyRow, "policy_hash")
POLICIES: Final = _listing("policies", records.PolicyRow, "pack", _policy.c.stored_at, _policy.c.policy_hash)
"""The versions of a pack by the time when they were stored."""
INTAKE: Final = _by_keys("intake", records.IntakeRow, "intake_id")
INTAKE_LIST: Final = _listing("intake_list", records.IntakeRow, "status", _intake.c.received_at, _intake.c.intake_id)
"""What came in and is in one status, by time."""

OUTBOX: Final = _by_keys("outbox", records.OutboxRow, "outbox_id")
TENANT_KNOWN: Final = _query(
    "tenant_known", (str,), sa.select(TENANT.c.tenant).where(TENANT.c.tenant == sa.bindparam("tenant"))
)


_LISTED_BY: Final = ("", "kind", "outcome", "status")
_NARROWED_BY: Final = ("kind", "outcome", "status", "entity", "policy_hash")


def _case_page(by: str, *, behind: bool, oldest: bool) -> Query:
    place, arrival = (_case.c.received_at, _case.c.case_id), sa.tuple_(_case.c.received_at, _case.c.case_id)
    conditions = _equal(records.CaseRow, by) if by else []
    if behind:
        after = sa.tuple_(sa.bindparam("received_at"), sa.bindparam("after"))
        conditions.append(arrival > after if oldest else arrival < after)
    conditions += [
        sa.or_(sa.bindparam(name) == "", _case.c[name] == sa.bindparam(name)) for name in _NARROWED_BY if name != by
    ]
    statement = (
        _select(records.CaseRow, *conditions)
        .order_by(*(place if oldest else (column.desc() for column in place)))
        .limit(sa.bindparam("limit"))
    )
    name = f"cases{f'_by_{by}' * bool(by)}{'_oldest' * oldest}{'_behind' * behind}"
    return _query(name, (records.CaseRow,), statement)


CASES: Final = {
    (by, behind, oldest): _case_page(by, behind=behind, oldest=oldest)
    for by in _LISTED_BY
    for behind in (False, True)
    for oldest in (False, True)
}
"""Pages of cases: of one kind, outcome or status or all; the first or the one behind a case; oldest or newest first."""


_OPEN: Final = _task.c.status == sa.literal_column("'open'")


def _task_pages(name: str, *conditions: sa.ColumnElement[bool]) -> dict[bool, Query]:
    """Build the pages of some open tasks, the most urgent first: the first one, and the one behind a task."""
    next_due = sa.tuple_(_task.c.due, _task.c.task_id) > sa.tuple_(sa.bindparam("due"), sa.bindparam("after"))
    return {
        behind: _query(
            f"{name}{'_behind' * behind}",
            (records.TaskRow,),
            _select(records.TaskRow, _OPEN, *conditions, *([next_due] if behind else []))
            .order_by(_task.c.due, _task.c.task_id)
            .limit(sa.bindparam("limit")),
        )
        for behind in (False, True)
    }


OPEN_TASKS: Final = _task_pages("open_tasks")
"""All open tasks of the tenant."""

_NOBODY: Final[sa.ColumnElement[Any]] = sa.literal_column("''")
PERSON_TASKS: Final = _task_pages("person_tasks", _task.c.person != _NOBODY, *_equal(records.TaskRow, "person"))
"""Open tasks of one person; the index holds only tasks that name one."""

ROLE_TASKS: Final = _task_pages("role_tasks", _task.c.person == _NOBODY, *_equal(records.TaskRow, "role"))
"""Open tasks of a role that name no person."""

CASE_OUTBOX: Final = _of_cases("case_outbox", records.OutboxRow)
TAKEN_UP: Final = (CASE_WAITS, CASE_TASKS, CASE_OUTBOX)
"""What is read of cases that are taken up, beside their rows and documents."""

DELIVERY_STATUSES: Final = ("pending", "leased", "done", "dead", "cancelled")
"""The statuses of deliveries: a list of those in any of them is merged from one page of each."""


def _outbox_pages(name: str, *conditions: sa.ColumnElement[bool]) -> dict[bool, Query]:
    """Build the pages of some outbox rows by the time they are due: the first one, and the one behind a row."""
    place = sa.tuple_(_outbox.c.not_before, _outbox.c.outbox_id)
    behind_it = place > sa.tuple_(sa.bindparam("not_before"), sa.bindparam("after"))
    return {
        behind: _query(
            f"{name}{'_behind' * behind}",
            (records.OutboxRow,),
            _select(records.OutboxRow, *conditions, *([behind_it] if behind else []))
            .order_by(_outbox.c.not_before, _outbox.c.outbox_id)
            .limit(sa.bindparam("limit")),
        )
        for behind in (False, True)
    }


DELIVERIES: Final = _outbox_pages(
    "deliveries",
    *_equal(records.OutboxRow, "status"),
    _outbox.c.kind.in_([sa.literal_column("'delivery'"), sa.literal_column("'notice'")]),
)
"""What goes to outside systems and people, in one status."""

GIVEN_UP: Final = _outbox_pages("given_up", _outbox.c.status == sa.literal_column("'dead'"))
"""What was given up, of every kind: it waits for an operator."""


JOBS: Final = _query(
    "jobs",
    (records.OutboxRow,),
    _select(records.OutboxRow, _outbox.c.kind == sa.literal_column("'job'"))
    .order_by(_outbox.c.not_before.desc(), _outbox.c.outbox_id.desc())
    .limit(sa.bindparam("limit")),
)
"""Long jobs, what was asked for last first."""

ACTS_UNDER_WAY: Final = _query(
    "acts_under_way",
    (records.OutboxRow,),
    _select(
        records.OutboxRow,
        _outbox.c.kind == sa.literal_column("'act'"),
        _outbox.c.status.in_([sa.literal_column("'pending'"), sa.literal_column("'leased'")]),
    ).order_by(_outbox.c.target, _outbox.c.outbox_id),
)
"""People's acts that have had no effect yet, by the task that they answer."""


def all_queries() -> Sequence[Query]:
    """Return every query of this module."""
    found: list[Query] = []
    for value in globals().values():
        match value:
            case Query():
                found.append(value)
            case Lookup(query=query):
                found.append(query)
            case dict() if value and all(isinstance(query, Query) for query in value.values()):
                found.extend(value.values())
    return found

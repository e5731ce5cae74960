"""What is asked of journals and open items."""

from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from comptroller.adapters.database.queries.forms import DATABASES, by_keys, equal, exact_sum, listing, query, select
from comptroller.adapters.database.query import Database, Query
from comptroller.adapters.database.schema import TABLE_OF
from comptroller.application import records

_journal = TABLE_OF[records.JournalRow].table
_journal_line = TABLE_OF[records.JournalLineRow].table
_open_item = TABLE_OF[records.OpenItemRow].table

CASE_JOURNALS: Final = listing("case_journals", records.JournalRow, "case_id", _journal.c.journal_id)
JOURNALS: Final = query(
    "journals",
    (records.JournalRow,),
    select(records.JournalRow, _journal.c.case_id != sa.literal_column("''")).order_by(_journal.c.journal_id),
)
JOURNAL: Final = by_keys("journal", records.JournalRow, "journal_id")
JOURNAL_LINES: Final = by_keys("journal_lines", records.JournalLineRow, "journal_id")


def _ledger_differences(database: Database) -> sa.Select[Any]:
    total = exact_sum(database, _journal_line.c.amount, sa.false())
    same = sa.and_(_journal.c.tenant == _journal_line.c.tenant, _journal.c.journal_id == _journal_line.c.journal_id)
    statement = sa.select(_journal.c.currency, total).select_from(_journal.join(_journal_line, same))
    statement = statement.where(_journal.c.tenant == sa.bindparam("tenant"))
    return statement.group_by(_journal.c.currency).order_by(_journal.c.currency)


_LINE_OF_JOURNAL: Final = sa.and_(
    _journal.c.tenant == _journal_line.c.tenant, _journal.c.journal_id == _journal_line.c.journal_id
)


def _account_balances(database: Database) -> sa.Select[Any]:
    groups = (_journal.c.period, _journal_line.c.account, _journal.c.currency, _journal.c.local_currency)
    sums = [exact_sum(database, _journal_line.c[name], sa.false()) for name in ("amount", "local_amount")]
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
        statement = select(records.JournalRow, *conditions)
        statement = statement.order_by(_journal.c.posted_on, _journal.c.journal_id).limit(sa.bindparam("limit"))
        pages[behind] = query(f"ledger{'_behind' * behind}", (records.JournalRow,), statement)
    return pages


LEDGER: Final = _ledger_pages()
"""Pages of an entity's journals, from the oldest or from behind one."""

OPEN_ITEM: Final = by_keys("open_item", records.OpenItemRow, "item_id")
OPEN_ITEMS: Final = query(
    "open_items",
    (records.OpenItemRow,),
    select(
        records.OpenItemRow,
        *equal(records.OpenItemRow, "entity"),
        _open_item.c.status != sa.literal_column("'paid'"),
        sa.or_(sa.bindparam("supplier") == "", _open_item.c.supplier == sa.bindparam("supplier")),
    ).order_by(_open_item.c.supplier, _open_item.c.item_id),
)
ITEMS_POSTED: Final = query(
    "items_posted",
    (records.OpenItemRow,),
    select(
        records.OpenItemRow,
        *equal(records.OpenItemRow, "entity"),
        sa.func.substr(_open_item.c.posted_on, 1, 7) == sa.bindparam("posted_in"),
    ).order_by(_open_item.c.supplier, _open_item.c.item_id),
)


def _items_owed(name: str, cleared: sa.ColumnElement[bool]) -> Query:
    conditions = (*equal(records.OpenItemRow, "entity"), cleared, _open_item.c.posted_on <= sa.bindparam("last"))
    return query(name, (records.OpenItemRow,), select(records.OpenItemRow, *conditions))


ITEMS_OWED_STILL: Final = _items_owed("items_owed_still", _open_item.c.cleared_on == sa.literal_column("''"))
ITEMS_OWED_UNTIL: Final = _items_owed("items_owed_until", _open_item.c.cleared_on >= sa.bindparam("first"))
"""Items that were paid on a day or since: with those that are not paid, all that were owed on it."""

CASE_OPEN_ITEMS: Final = listing("case_open_items", records.OpenItemRow, "case_id", _open_item.c.item_id)
ACCOUNT_BALANCES: Final = Query(
    "account_balances",
    (str, str, str, str, int, Decimal, Decimal),
    {database: _account_balances(database) for database in DATABASES},
)
LEDGER_DIFFERENCES: Final = Query(
    "ledger_differences", (str, Decimal), {database: _ledger_differences(database) for database in DATABASES}
)

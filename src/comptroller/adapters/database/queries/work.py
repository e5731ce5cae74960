"""What is asked of the outbox."""

from typing import Final

import sqlalchemy as sa

from comptroller.adapters.database.queries.forms import by_keys, equal, of_cases, query, select
from comptroller.adapters.database.query import Query
from comptroller.adapters.database.schema import TABLE_OF
from comptroller.application import records

_outbox = TABLE_OF[records.OutboxRow].table

OUTBOX: Final = by_keys("outbox", records.OutboxRow, "outbox_id")
CASE_OUTBOX: Final = of_cases("case_outbox", records.OutboxRow)
DELIVERY_STATUSES: Final = ("pending", "leased", "done", "dead", "cancelled")
"""The statuses of deliveries: a list of those in any of them is merged from one page of each."""


def _outbox_pages(name: str, *conditions: sa.ColumnElement[bool]) -> dict[bool, Query]:
    """Build the pages of some outbox rows by the time they are due: the first one, and the one behind a row."""
    place = sa.tuple_(_outbox.c.not_before, _outbox.c.outbox_id)
    behind_it = place > sa.tuple_(sa.bindparam("not_before"), sa.bindparam("after"))
    return {
        behind: query(
            f"{name}{'_behind' * behind}",
            (records.OutboxRow,),
            select(records.OutboxRow, *conditions, *([behind_it] if behind else []))
            .order_by(_outbox.c.not_before, _outbox.c.outbox_id)
            .limit(sa.bindparam("limit")),
        )
        for behind in (False, True)
    }


DELIVERIES: Final = _outbox_pages(
    "deliveries",
    *equal(records.OutboxRow, "status"),
    _outbox.c.kind.in_([sa.literal_column("'delivery'"), sa.literal_column("'notice'")]),
)
"""What goes to outside systems and people, in one status."""

GIVEN_UP: Final = _outbox_pages("given_up", _outbox.c.status == sa.literal_column("'dead'"))
"""What was given up, of every kind: it waits for an operator."""

JOBS: Final = query(
    "jobs",
    (records.OutboxRow,),
    select(records.OutboxRow, _outbox.c.kind == sa.literal_column("'job'"))
    .order_by(_outbox.c.not_before.desc(), _outbox.c.outbox_id.desc())
    .limit(sa.bindparam("limit")),
)
"""Long jobs, what was asked for last first."""

ACTS_UNDER_WAY: Final = query(
    "acts_under_way",
    (records.OutboxRow,),
    select(
        records.OutboxRow,
        _outbox.c.kind == sa.literal_column("'act'"),
        _outbox.c.status.in_([sa.literal_column("'pending'"), sa.literal_column("'leased'")]),
    ).order_by(_outbox.c.target, _outbox.c.outbox_id),
)
"""People's acts that have had no effect yet, by the task that they answer."""

"""Indexes by which a page of a queue, or of deliveries, costs a page."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0004"

# name, table, columns, condition
INDEXES = (
    ("ix_task_of_person", "task", "tenant person due task_id", "status = 'open' AND person <> ''"),
    ("ix_task_of_role", "task", "tenant role due task_id", "status = 'open' AND person = ''"),
    ("ix_outbox_delivery", "outbox", "tenant status not_before outbox_id", "kind IN ('delivery', 'notice')"),
)


def upgrade() -> None:
    """Add the indexes."""
    for name, table, columns, condition in INDEXES:
        where = sa.text(condition)
        op.create_index(name, table, columns.split(), postgresql_where=where, sqlite_where=where)

"""Long jobs are listed by tenant, what was asked for last first."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

JOB = sa.text("kind = 'job'")


def upgrade() -> None:
    """Create the index."""
    columns = ["tenant", "not_before", "outbox_id"]
    op.create_index("ix_outbox_job", "outbox", columns, postgresql_where=JOB, sqlite_where=JOB)

"""People's acts that wait for their time are found by tenant: the queue leaves out what is answered already."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

UNDER_WAY = sa.text("kind = 'act' AND status IN ('pending', 'leased')")


def upgrade() -> None:
    """Create the index."""
    op.create_index("ix_outbox_act", "outbox", ["tenant", "target"], postgresql_where=UNDER_WAY, sqlite_where=UNDER_WAY)

"""What an entity owed in a span is found by the day on which it was paid."""

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_open_item_cleared", "open_item", ["tenant", "entity", "cleared_on"])

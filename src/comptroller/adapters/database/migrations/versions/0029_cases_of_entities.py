"""Cases of an entity, and those of one status or outcome, are listed page by page, by the time when they came."""

from alembic import op

revision = "0029"
down_revision = "0028"

# name, columns
INDEXES = (
    ("ix_case_file_entity", "tenant entity received_at case_id"),
    ("ix_case_file_entity_status", "tenant entity status received_at case_id"),
    ("ix_case_file_entity_outcome", "tenant entity outcome received_at case_id"),
)


def upgrade() -> None:
    """Add the indexes."""
    for name, columns in INDEXES:
        op.create_index(name, "case_file", columns.split())

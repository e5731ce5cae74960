"""Cases of one kind and cases with one outcome are listed page by page, by the time when they came."""

from alembic import op

revision = "0023"
down_revision = "0022"

# name, columns
INDEXES = (
    ("ix_case_file_kind", "tenant kind received_at case_id"),
    ("ix_case_file_outcome", "tenant outcome received_at case_id"),
)


def upgrade() -> None:
    """Add the indexes."""
    for name, columns in INDEXES:
        op.create_index(name, "case_file", columns.split())

"""What came in by mail, folder or file: the whole message or file, and what became of it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0009"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "": TEXT,
    "bytes": sa.LargeBinary(),
    "instant": sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite"),
}
COLUMNS = (
    "intake_id channel sender verified name media_type digest original:bytes entity mapping received_at:instant "
    "received_by status detail"
)


def upgrade() -> None:
    """Create the table, seen by its own tenant alone."""
    op.create_table(
        "intake",
        sa.Column("tenant", TEXT, nullable=False),
        *(sa.Column(name, TYPES[kind], nullable=False) for name, _, kind in _columns()),
        sa.PrimaryKeyConstraint("tenant", "intake_id", name="pk_intake"),
    )
    op.create_index(
        "ix_intake_tenant_status_received_at_intake_id", "intake", "tenant status received_at intake_id".split()
    )
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL:
            op.get_bind().exec_driver_sql(statement)


def _columns() -> list[tuple[str, str, str]]:
    return [column.partition(":") for column in COLUMNS.split()]


POSTGRESQL = (
    "ALTER TABLE intake ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE intake FORCE ROW LEVEL SECURITY",
    # `|| ''` keeps the planner from going by the tenant alone: there always is a better index than that
    (
        "CREATE POLICY one_tenant ON intake USING (tenant || '' = current_setting('comptroller.tenant', true)) "
        "WITH CHECK (tenant = current_setting('comptroller.tenant', true))"
    ),
    "GRANT SELECT, INSERT, UPDATE ON intake TO comptroller_application",
)

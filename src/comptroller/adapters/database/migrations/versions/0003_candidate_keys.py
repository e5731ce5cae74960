"""The candidate index: cases are found by what identifies them, by the nearness of their day.

A version is frozen once it is released: it names its columns itself.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0008"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
EXACT = sa.Numeric().with_variant(sa.Text(), "sqlite")

POSTGRESQL = (
    "ALTER TABLE candidate_key ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE candidate_key FORCE ROW LEVEL SECURITY",
    (
        "CREATE POLICY one_tenant ON candidate_key "
        "USING (tenant || '' = current_setting('comptroller.tenant', true)) "
        "WITH CHECK (tenant = current_setting('comptroller.tenant', true))"
    ),
    "GRANT SELECT, INSERT ON candidate_key TO comptroller_application",
)


def upgrade() -> None:
    """Tell more of each candidate, and create the index that finds it."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for name in ("cost_centre", "requester", "order_number", "corporate_group", "period", "lines"):
        op.add_column("candidate", sa.Column(name, TEXT, nullable=False, server_default=""))
        if is_postgresql:
            op.alter_column("candidate", name, server_default=None)
    op.add_column("candidate", sa.Column("amount", EXACT, nullable=True))
    op.create_index("ix_candidate_tenant_case_id", "candidate", ["tenant", "case_id"])
    op.create_table(
        "candidate_key",
        *(
            sa.Column(name, TEXT, nullable=False)
            for name in ("tenant", "lookup", "day", "case_id", "number_normalised")
        ),
        sa.PrimaryKeyConstraint("tenant", "lookup", "day", "case_id", name="pk_candidate_key"),
        sqlite_with_rowid=False,
    )
    if is_postgresql:
        for statement in POSTGRESQL:
            op.get_bind().exec_driver_sql(statement)

"""The words by which cases are found, as keyed names."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the index, each tenant's seen by itself alone."""
    op.create_table(
        "search_word",
        sa.Column("tenant", TEXT, nullable=False),
        sa.Column("word", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("weight", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "word", "case_id", name="pk_search_word"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_word_case_id_tenant", "search_word", ["case_id", "tenant"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL:
            op.get_bind().exec_driver_sql(statement)


POSTGRESQL = (
    "ALTER TABLE search_word ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE search_word FORCE ROW LEVEL SECURITY",
    # `|| ''` keeps the planner from going by the tenant alone: there always is a better index than that
    (
        "CREATE POLICY one_tenant ON search_word "
        "USING (tenant || '' = current_setting('comptroller.tenant', true)) "
        "WITH CHECK (tenant = current_setting('comptroller.tenant', true))"
    ),
    "GRANT SELECT, INSERT, UPDATE, DELETE ON search_word TO comptroller_application",
)

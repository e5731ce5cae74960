"""What a ledger needs beyond journals of cases: the day, the kind and the source of a journal, and open items."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0003"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
DECIMAL = sa.Numeric().with_variant(sa.Text(), "sqlite")

COLUMNS = ("kind", "posted_on", "local_currency", "supplier", "document", "order_number", "source")

ITEM = (
    "item_id case_id entity supplier supplier_name number currency amount:decimal local_currency "
    "local_amount:decimal posted_on issued_on due_on discount_on discount:decimal payment_block status run cleared_on "
    "version:int"
)
TYPES: dict[str, sa.types.TypeEngine[Any]] = {"": TEXT, "decimal": DECIMAL, "int": sa.BigInteger()}


def upgrade() -> None:
    """Add the columns with what they mean for the journals that are there, and the table of open items."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for name in COLUMNS:
        op.add_column("journal", sa.Column(name, TEXT, nullable=False, server_default=""))
    if is_postgresql:
        for name in COLUMNS:
            op.alter_column("journal", name, server_default=None)
        op.execute(
            "UPDATE journal SET kind = 'invoice', posted_on = to_char(posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
        )
    else:
        op.execute("UPDATE journal SET kind = 'invoice', posted_on = substr(posted_at, 1, 10)")
    op.create_index(
        "ix_journal_tenant_entity_posted_on_journal_id", "journal", ["tenant", "entity", "posted_on", "journal_id"]
    )
    op.create_table(
        "open_item",
        sa.Column("tenant", TEXT, nullable=False),
        *(sa.Column(text.partition(":")[0], TYPES[text.partition(":")[2]], nullable=False) for text in ITEM.split()),
        sa.PrimaryKeyConstraint("tenant", "item_id", name="pk_open_item"),
    )
    op.create_index("ix_open_item_case_id_tenant", "open_item", ["case_id", "tenant"])
    unpaid = sa.text("status <> 'paid'")
    op.create_index(
        "ix_open_item_unpaid",
        "open_item",
        ["tenant", "entity", "supplier", "item_id"],
        postgresql_where=unpaid,
        sqlite_where=unpaid,
    )
    if is_postgresql:
        for statement in FENCES:
            op.execute(statement)


FENCES = (
    "ALTER TABLE open_item ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE open_item FORCE ROW LEVEL SECURITY",
    (
        "CREATE POLICY one_tenant ON open_item "
        "USING (tenant || '' = current_setting('comptroller.tenant', true)) "
        "WITH CHECK (tenant = current_setting('comptroller.tenant', true))"
    ),
    "GRANT SELECT, INSERT, UPDATE ON open_item TO comptroller_application",
)

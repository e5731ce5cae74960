"""Milestones of cases, payment blocks, and what people put beside a case."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0001"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "": TEXT,
    "int": sa.BigInteger(),
    "bytes": sa.LargeBinary(),
    "instant": sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite"),
}

# name -> key without the tenant, columns
TABLES = {
    "milestone": (
        "case_id seq kind",
        "case_id seq:int kind at:instant entity party person task control detail",
    ),
    "payment_block": (
        "block_id",
        (
            "block_id supplier case_id cause reason placed_at:instant placed_by status asked_at:instant? asked_by "
            "lifted_at:instant? lifted_by"
        ),
    ),
    "attachment": (
        "case_id digest",
        "case_id digest name media_type content:bytes added_at:instant added_by",
    ),
}
KEY_ONLY = {"milestone"}  # no row id of their own on SQLite
INDEXES = (
    ("ix_case_file_supplier_tenant_received_at_case_id", "case_file", "supplier tenant received_at case_id"),
    ("ix_milestone_tenant_kind_at_case_id", "milestone", "tenant kind at case_id"),
    ("ix_payment_block_case_id_tenant", "payment_block", "case_id tenant"),
    ("ix_payment_block_supplier_tenant", "payment_block", "supplier tenant"),
)
UPDATABLE = ("payment_block",)


def upgrade() -> None:
    """Create the tables, each seen by its own tenant alone."""
    for name, (key, columns) in TABLES.items():
        op.create_table(
            name,
            sa.Column("tenant", TEXT, nullable=False),
            *(_column(column) for column in columns.split()),
            sa.PrimaryKeyConstraint("tenant", *key.split(), name=f"pk_{name}"),
            sqlite_with_rowid=name not in KEY_ONLY,
        )
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns.split())
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL:
            op.get_bind().exec_driver_sql(statement)


def _column(text: str) -> sa.Column[Any]:
    name, _, kind = text.rstrip("?").partition(":")
    return sa.Column(name, TYPES[kind], nullable=text.endswith("?"))


POSTGRESQL = (
    *(
        statement
        for table in TABLES
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            # `|| ''` keeps the planner from going by the tenant alone: there always is a better index than that
            (
                f"CREATE POLICY one_tenant ON {table} "
                "USING (tenant || '' = current_setting('comptroller.tenant', true)) "
                "WITH CHECK (tenant = current_setting('comptroller.tenant', true))"
            ),
            f"GRANT SELECT, INSERT ON {table} TO comptroller_application",
        )
    ),
    f"GRANT UPDATE ON {', '.join(UPDATABLE)} TO comptroller_application",
)

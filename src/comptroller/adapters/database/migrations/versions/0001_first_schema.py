"""The first schema.

A version is frozen once it is released: it names its columns itself, so that later changes of the records do not reach
back into it. Text is the type of a column without another; `?` marks those that may be null.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "": TEXT,
    "int": sa.BigInteger(),
    "bytes": sa.LargeBinary(),
    "decimal": sa.Numeric().with_variant(sa.Text(), "sqlite"),
    "instant": sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite"),
}

# name -> key without the tenant, columns
TABLES = {
    "document": (
        "digest",
        "digest case_id media_type profile original:bytes canonical faults received_at:instant received_by",
    ),
    "case_file": (
        "case_id",
        (
            "case_id process process_hash policy_hash kind status outcome entity supplier supplier_name number "
            "document currency net:decimal? gross:decimal? exceptions received_at:instant updated_at:instant "
            "version:int entry_seq:int entry_hash state"
        ),
    ),
    "task": (
        "task_id",
        (
            "task_id case_id kind node token title role person content_hash offered_at:instant due:instant status "
            "opened_at:instant? closed_at:instant? closed_by action detail"
        ),
    ),
    "candidate": (
        "number_normalised case_id",
        (
            "number_normalised case_id number supplier vat_id account entity currency net:decimal? gross:decimal? "
            "issue_date type_code"
        ),
    ),
    "wait": (
        "message correlation case_id token",
        "message correlation case_id token",
    ),
    "balance": (
        "balance",
        "balance taken_micro:int",
    ),
    "journal": (
        "journal_id",
        "journal_id case_id effect_key entity period posted_at:instant currency rate:decimal text payment_block",
    ),
    "journal_line": (
        "journal_id line",
        "journal_id line:int account cost_centre amount:decimal local_amount:decimal text",
    ),
    "outbox": (
        "outbox_id",
        (
            "outbox_id case_id kind target idempotency_key payload status not_before:instant attempts:int "
            "lease_owner lease_until:instant? fence:int error"
        ),
    ),
    "entry": (
        "stream seq",
        "stream seq:int type at:instant body:bytes leaf_hash:bytes leaf_index:int?",
    ),
    "decision": (
        "case_id seq",
        "case_id seq:int decision model_hash outcome record",
    ),
    "private_text": (
        "commitment",
        "commitment salt text",
    ),
    "command": (
        "principal idempotency_key",
        "principal idempotency_key request_hash answer answered_at:instant",
    ),
    "reference": (
        "kind key version",
        "kind key version:int body digest recorded_at:instant recorded_by aliases",
    ),
    "reference_alias": (
        "alias kind key version",
        "alias kind key version:int",
    ),
    "policy": (
        "policy_hash",
        "policy_hash pack files released_at:instant released_by",
    ),
    "api_key": (
        "key_hash",
        "key_hash principal created_at:instant revoked_at:instant?",
    ),
    "tree_node": (
        "level index",
        "level:int index:int hash:bytes",
    ),
    "checkpoint": (
        "size",
        "size:int root:bytes note signed_at:instant",
    ),
}
KEY_ONLY = {
    "candidate",
    "wait",
    "balance",
    "journal_line",
    "reference_alias",
    "tree_node",
}  # no row id of their own on SQLite

# name, table, columns, condition
INDEXES = (
    ("ix_document_case_id_tenant", "document", "case_id tenant", ""),
    ("ix_case_file_tenant_received_at_case_id", "case_file", "tenant received_at case_id", ""),
    ("ix_case_file_tenant_status_received_at_case_id", "case_file", "tenant status received_at case_id", ""),
    ("ix_task_case_id_tenant", "task", "case_id tenant", ""),
    ("ix_task_open", "task", "tenant due task_id", "status = 'open'"),
    ("ix_wait_case_id_tenant", "wait", "case_id tenant", ""),
    ("ix_journal_case_id_tenant", "journal", "case_id tenant", ""),
    ("ix_journal_tenant_effect_key", "journal", "tenant effect_key", ""),
    ("ix_outbox_case_id_tenant", "outbox", "case_id tenant", ""),
    ("ix_outbox_due", "outbox", "status not_before", "status IN ('pending', 'leased')"),
    ("ix_entry_unsequenced", "entry", "tenant row_id", "leaf_index IS NULL"),
    ("uq_entry_leaf_index", "entry", "tenant leaf_index", "leaf_index IS NOT NULL"),
    ("ix_policy_tenant_pack_released_at", "policy", "tenant pack released_at", ""),
)
UNIQUE = {"ix_journal_tenant_effect_key", "uq_entry_leaf_index"}

UPDATABLE = ("case_file", "task", "candidate", "wait", "balance", "outbox", "private_text", "api_key")


def upgrade() -> None:
    """Create tables, indexes and what keeps entries and tenants apart from harm."""
    op.create_table(
        "tenant",
        sa.Column("tenant", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("tenant", name="pk_tenant"),
        sa.CheckConstraint("tenant <> ''", name=op.f("ck_tenant_named")),
    )
    for name, (key, columns) in TABLES.items():
        extra = (
            [sa.Column("row_id", sa.BigInteger(), sa.Identity(always=True), nullable=False)] if name == "entry" else []
        )
        op.create_table(
            name,
            sa.Column("tenant", TEXT, nullable=False),
            *(_column(column) for column in columns.split()),
            *extra,
            sa.PrimaryKeyConstraint("tenant", *key.split(), name=f"pk_{name}"),
            sqlite_with_rowid=name not in KEY_ONLY,
        )
    for name, table, columns, condition in INDEXES:
        where = sa.text(condition) if condition else None
        op.create_index(name, table, columns.split(), unique=name in UNIQUE, postgresql_where=where, sqlite_where=where)
    statements = POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def _column(text: str) -> sa.Column[Any]:
    name, _, kind = text.rstrip("?").partition(":")
    return sa.Column(name, TYPES[kind], nullable=text.endswith("?"))


ENTRY_COLUMNS = ["tenant", *(text.rstrip("?").partition(":")[0] for text in TABLES["entry"][1].split()), "row_id"]
ENTRY_SAME = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in ENTRY_COLUMNS if name != "leaf_index")

SQLITE = (
    f"""CREATE TRIGGER entry_unchanged BEFORE UPDATE ON entry
    WHEN NOT (OLD.leaf_index IS NULL AND NEW.leaf_index IS NOT NULL AND {ENTRY_SAME})
    BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END""",
    """CREATE TRIGGER entry_kept BEFORE DELETE ON entry
    BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END""",
    # INSERT OR REPLACE deletes without asking the trigger above
    """CREATE TRIGGER entry_not_replaced BEFORE INSERT ON entry
    WHEN EXISTS (SELECT 1 FROM entry WHERE tenant = NEW.tenant AND stream = NEW.stream AND seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END""",
)

ROLE = """DO $$ BEGIN
    CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- roles belong to the whole cluster: another database's upgrade was here first
END $$"""
MEMBER = """DO $$ BEGIN
    IF NOT pg_has_role(current_user, '{role}', 'MEMBER') THEN
        GRANT {role} TO CURRENT_USER;
    END IF;
END $$"""

POSTGRESQL = (
    # the role that every connection of the store acts as
    ROLE.format(role="comptroller_application"),
    MEMBER.format(role="comptroller_application"),
    # the owner of the two functions that see all tenants
    ROLE.format(role="comptroller_dispatcher"),
    MEMBER.format(role="comptroller_dispatcher"),
    "GRANT USAGE ON SCHEMA public TO comptroller_application, comptroller_dispatcher",
    *(
        statement
        for table in ("tenant", *TABLES)
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
    "GRANT UPDATE (leaf_index) ON entry TO comptroller_application",
    "GRANT DELETE ON wait TO comptroller_application",
    # entries are append-only, for everyone
    """CREATE FUNCTION entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        unplaced entry;
    BEGIN
        IF TG_OP = 'UPDATE' AND OLD.leaf_index IS NULL AND NEW.leaf_index IS NOT NULL THEN
            unplaced := NEW;
            unplaced.leaf_index := NULL;
            IF unplaced IS NOT DISTINCT FROM OLD THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION 'entries are append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON entry
    FOR EACH ROW EXECUTE FUNCTION entry_append_only()""",
    """CREATE TRIGGER entry_kept BEFORE TRUNCATE ON entry
    FOR EACH STATEMENT EXECUTE FUNCTION entry_append_only()""",
    # a flush refuses itself when a row was not in the state that it expects
    """CREATE FUNCTION comptroller_require(met boolean) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        IF met IS NOT TRUE THEN
            RAISE EXCEPTION 'a row changed since it was read' USING ERRCODE = 'serialization_failure';
        END IF;
    END $$""",
    # What sees all tenants: a worker takes due rows of the outbox, and the names of the tenants are listed. The
    # functions run as a role that row security lets see these two tables whole, and that may change a lease only.
    "CREATE POLICY all_tenants ON outbox TO comptroller_dispatcher USING (true)",
    "CREATE POLICY all_tenants ON tenant FOR SELECT TO comptroller_dispatcher USING (true)",
    "GRANT SELECT ON outbox, tenant TO comptroller_dispatcher",
    "GRANT UPDATE (status, lease_owner, lease_until, fence) ON outbox TO comptroller_dispatcher",
    """CREATE FUNCTION comptroller_lease(worker text, at timestamptz, until timestamptz, most bigint)
    RETURNS SETOF outbox LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        UPDATE outbox SET status = 'leased', lease_owner = worker, lease_until = until, fence = outbox.fence + 1
        FROM (
            SELECT tenant, outbox_id FROM outbox
            WHERE (status = 'pending' AND not_before <= at) OR (status = 'leased' AND lease_until <= at)
            ORDER BY not_before, outbox_id LIMIT most FOR UPDATE SKIP LOCKED
        ) AS due
        WHERE outbox.tenant = due.tenant AND outbox.outbox_id = due.outbox_id
        RETURNING outbox.*
    $$""",
    """CREATE FUNCTION comptroller_tenants() RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT tenant FROM tenant $$""",
    "GRANT CREATE ON SCHEMA public TO comptroller_dispatcher",  # PostgreSQL asks it of a function's new owner
    "ALTER FUNCTION comptroller_lease(text, timestamptz, timestamptz, bigint) OWNER TO comptroller_dispatcher",
    "ALTER FUNCTION comptroller_tenants() OWNER TO comptroller_dispatcher",
    "REVOKE CREATE ON SCHEMA public FROM comptroller_dispatcher",
    "REVOKE ALL ON FUNCTION comptroller_lease(text, timestamptz, timestamptz, bigint) FROM PUBLIC",
    "REVOKE ALL ON FUNCTION comptroller_tenants() FROM PUBLIC",
    """GRANT EXECUTE ON FUNCTION comptroller_lease(text, timestamptz, timestamptz, bigint), comptroller_tenants()
    TO comptroller_application""",
)

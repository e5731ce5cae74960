"""Cases that take of the balance of an order's line are found by it; those before are entered as they stand."""

from alembic import op

revision = "0028"
down_revision = "0027"

# A key of more than 400 characters is kept by its beginning and digest: such an order's number names no case here.
COLUMNS = "INSERT INTO candidate_key (tenant, lookup, day, case_id, number_normalised)"
WHERE = "state LIKE '%\"reserved\":%' AND t.key LIKE 'order-line/%' AND length(t.key) < 390 ON CONFLICT DO NOTHING"
POSTGRESQL = f"""{COLUMNS}
SELECT c.tenant, 'taking/' || t.key, to_char(c.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), c.case_id, ''
FROM case_file AS c CROSS JOIN LATERAL jsonb_each(coalesce(c.state::jsonb->'dossier'->'reserved', '{{}}')) AS t
WHERE {WHERE}"""  # noqa: S608 - constants
SQLITE = f"""{COLUMNS}
SELECT c.tenant, 'taking/' || t.key, substr(c.received_at, 1, 10), c.case_id, ''
FROM case_file AS c JOIN json_each(c.state, '$.dossier.reserved') AS t
WHERE {WHERE}"""  # noqa: S608 - constants


def upgrade() -> None:
    """Enter every case that holds a share."""
    is_server = op.get_bind().dialect.name == "postgresql"
    if is_server:
        for table in ("case_file", "candidate_key"):
            op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")  # its owner sees all rows until it is done
    op.get_bind().exec_driver_sql(POSTGRESQL.replace("%", "%%") if is_server else SQLITE)
    if is_server:
        for table in ("case_file", "candidate_key"):
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")

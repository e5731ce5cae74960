"""Where the tokens of a case stand, and since when: counted in the database, without reading whole cases."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
OPEN = "(status = 'waiting' OR outcome IN ('incident', 'suspended'))"
OF_TASK = "FROM task AS k WHERE k.tenant = case_file.tenant AND k.case_id = case_file.case_id AND k.status = 'open'"

# What is known of open cases: a person's step was come to when its open task was offered; of others nobody knows.
POSTGRESQL = f"""UPDATE case_file SET standing = (
    SELECT coalesce(json_agg(json_build_array(t.value->>'id', t.value->>'node',
        (SELECT extract(epoch FROM min(k.offered_at))::bigint {OF_TASK} AND k.token = t.value->>'id'),
        coalesce(t.value->>'incident', '')))::text, '[]')
    FROM jsonb_array_elements(coalesce(state::jsonb->'process'->'tokens', '[]')) AS t
) WHERE {OPEN} AND state <> ''"""  # noqa: S608 - constants
SQLITE = f"""UPDATE case_file SET standing = (
    SELECT json_group_array(json_array(json_extract(t.value, '$.id'), json_extract(t.value, '$.node'),
        (SELECT CAST(strftime('%s', min(k.offered_at)) AS INTEGER) {OF_TASK}
            AND k.token = json_extract(t.value, '$.id')),
        coalesce(json_extract(t.value, '$.incident'), '')))
    FROM json_each(case_file.state, '$.process.tokens') AS t
) WHERE {OPEN} AND state <> ''"""  # noqa: S608 - constants


def upgrade() -> None:
    """Add the column, and fill it for the cases that are open."""
    is_server = op.get_bind().dialect.name == "postgresql"
    # the default stays: processes of the release before go on writing cases while the release is exchanged
    op.add_column("case_file", sa.Column("standing", TEXT, nullable=False, server_default="[]"))
    if is_server:
        for table in ("case_file", "task"):
            op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")  # its owner sees all rows until it is done
    op.get_bind().exec_driver_sql((POSTGRESQL if is_server else SQLITE).replace("%", "%%" if is_server else "%"))
    if is_server:
        for table in ("case_file", "task"):
            op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")

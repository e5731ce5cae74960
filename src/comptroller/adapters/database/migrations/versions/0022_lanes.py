"""Work in lanes: where each outbox row waits, what outside systems bear, and who works.

The functions see all tenants' rows of the outbox and may change a lease, nothing more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INSTANT = sa.DateTime(timezone=True).with_variant(sa.Text(), "sqlite")
LANE_OF_KIND = (
    "CASE kind WHEN 'delivery' THEN 'delivery/' || target WHEN 'act' THEN 'people' "
    "WHEN 'timer' THEN 'cases' WHEN 'message' THEN 'cases' WHEN 'watch' THEN 'cases' "
    "WHEN 'index' THEN 'background' ELSE 'notices' END"
)
DUE = sa.text("status IN ('pending', 'leased')")
DEAD = sa.text("status = 'dead'")


def upgrade() -> None:
    """Give every row its lane, and make the tables of lanes and workers."""
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        op.execute("ALTER TABLE outbox NO FORCE ROW LEVEL SECURITY")  # its owner sees all rows until it is done
    op.add_column("outbox", sa.Column("lane", TEXT, nullable=False, server_default=""))
    op.execute(f"UPDATE outbox SET lane = {LANE_OF_KIND}")  # noqa: S608 - a constant
    if is_postgresql:
        op.alter_column("outbox", "lane", server_default=None)
        op.execute("ALTER TABLE outbox FORCE ROW LEVEL SECURITY")
    op.drop_index("ix_outbox_due", "outbox")
    op.create_index("ix_outbox_due", "outbox", ["lane", "status", "not_before"], postgresql_where=DUE, sqlite_where=DUE)
    op.create_index(
        "ix_outbox_dead", "outbox", ["tenant", "not_before", "outbox_id"], postgresql_where=DEAD, sqlite_where=DEAD
    )
    op.create_table(
        "lane",
        sa.Column("lane", TEXT, nullable=False),
        sa.Column("open_at", INSTANT, nullable=True),
        sa.Column("closed_until", INSTANT, nullable=True),
        sa.Column("why", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("lane", name="pk_lane"),
    )
    op.create_table(
        "worker",
        *(sa.Column(name, TEXT, nullable=False) for name in ("worker", "host", "release", "state", "lanes")),
        sa.Column("in_hand", sa.BigInteger(), nullable=False),
        *(sa.Column(name, INSTANT, nullable=False) for name in ("started_at", "seen_at")),
        sa.PrimaryKeyConstraint("worker", name="pk_worker"),
    )
    if is_postgresql:
        for statement in POSTGRESQL:
            op.get_bind().exec_driver_sql(statement)


LEASE = """CREATE FUNCTION comptroller_lease(worker text, at timestamptz, until timestamptz, wanted json, kinds text[])
RETURNS SETOF outbox LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    want record;
    kept lane;
    since timestamptz;
    room bigint;
    taken bigint;
    more bigint;
BEGIN
    FOR want IN SELECT w.* FROM json_to_recordset(wanted) AS w(lane text, most bigint, at_once bigint, per_s float8)
    LOOP
        room := want.most;
        IF want.at_once > 0 OR want.per_s > 0 THEN  -- one worker at a time counts
            CONTINUE WHEN NOT pg_try_advisory_xact_lock(hashtextextended('comptroller lane ' || want.lane, 0));
        END IF;
        kept := NULL;
        SELECT * INTO kept FROM lane AS l WHERE l.lane = want.lane;
        CONTINUE WHEN kept.closed_until > at;
        IF want.at_once > 0 THEN
            room := least(room, want.at_once - (SELECT count(*) FROM outbox AS o
                WHERE o.lane = want.lane AND o.status = 'leased' AND o.lease_until > at));
        END IF;
        IF want.per_s > 0 THEN  -- what was not used is kept for a second, or for one row
            since := greatest(kept.open_at, at - make_interval(secs => greatest(1, 1 / want.per_s)));
            room := least(room, floor(extract(epoch FROM at - since) * want.per_s + 0.000001)::bigint);
        END IF;
        CONTINUE WHEN room <= 0;
        RETURN QUERY UPDATE outbox AS o SET status = 'leased', lease_owner = comptroller_lease.worker,
                lease_until = until, fence = o.fence + 1, attempts = o.attempts + 1
            FROM (SELECT d.tenant, d.outbox_id FROM outbox AS d
                WHERE d.lane = want.lane AND d.status = 'leased' AND d.lease_until <= at AND d.kind = ANY(kinds)
                ORDER BY d.not_before LIMIT room FOR UPDATE SKIP LOCKED) AS due
            WHERE o.tenant = due.tenant AND o.outbox_id = due.outbox_id RETURNING o.*;
        GET DIAGNOSTICS taken = ROW_COUNT;
        RETURN QUERY UPDATE outbox AS o SET status = 'leased', lease_owner = comptroller_lease.worker,
                lease_until = until, fence = o.fence + 1
            FROM (SELECT d.tenant, d.outbox_id FROM outbox AS d
                WHERE d.lane = want.lane AND d.status = 'pending' AND d.not_before <= at AND d.kind = ANY(kinds)
                ORDER BY d.not_before LIMIT room - taken FOR UPDATE SKIP LOCKED) AS due
            WHERE o.tenant = due.tenant AND o.outbox_id = due.outbox_id RETURNING o.*;
        GET DIAGNOSTICS more = ROW_COUNT;
        IF want.per_s > 0 AND taken + more > 0 THEN
            INSERT INTO lane AS l
            VALUES (want.lane, since + make_interval(secs => (taken + more) / want.per_s), NULL, '')
            ON CONFLICT ON CONSTRAINT pk_lane DO UPDATE SET open_at = excluded.open_at;
        END IF;
    END LOOP;
END $$"""

LEASE_ROW = """CREATE FUNCTION comptroller_lease_row(
    whose text, id text, worker text, at timestamptz, until timestamptz)
RETURNS SETOF outbox LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE outbox AS o SET status = 'leased', lease_owner = worker, lease_until = until, fence = o.fence + 1,
        attempts = o.attempts + (o.status = 'leased')::int
    WHERE o.tenant = whose AND o.outbox_id = id AND (o.status = 'idle'
        OR (o.status = 'pending' AND o.not_before <= at) OR (o.status = 'leased' AND o.lease_until <= at))
    RETURNING o.*
$$"""

HELD = "json_to_recordset(held) AS h(tenant text, outbox_id text, fence bigint)"
SAME = "o.tenant = h.tenant AND o.outbox_id = h.outbox_id AND o.fence = h.fence AND o.status = 'leased'"
RENEW = f"""CREATE FUNCTION comptroller_renew(held json, at timestamptz, until timestamptz)
RETURNS TABLE (tenant text, outbox_id text) LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE outbox AS o SET lease_until = greatest(o.lease_until, until) FROM {HELD}
    WHERE {SAME} AND o.lease_until > at RETURNING o.tenant, o.outbox_id
$$"""  # noqa: S608 - constants
HAND_BACK = f"""CREATE FUNCTION comptroller_hand_back(held json)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE outbox AS o SET status = 'pending', lease_owner = '', lease_until = NULL FROM {HELD} WHERE {SAME}
$$"""  # noqa: S608 - constants

CLOSE_LANE = """CREATE FUNCTION comptroller_close_lane(closed text, until timestamptz, reason text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO lane AS l VALUES (closed, NULL, until, reason)
    ON CONFLICT ON CONSTRAINT pk_lane DO UPDATE SET closed_until = excluded.closed_until, why = excluded.why
$$"""
LANES = """CREATE FUNCTION comptroller_lanes() RETURNS SETOF lane
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT * FROM lane $$"""

TELL = """CREATE FUNCTION comptroller_tell_worker(told json)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO worker SELECT * FROM json_populate_record(NULL::worker, told)
    ON CONFLICT ON CONSTRAINT pk_worker DO UPDATE SET (host, release, state, lanes, in_hand, started_at, seen_at)
        = (excluded.host, excluded.release, excluded.state, excluded.lanes, excluded.in_hand, excluded.started_at,
           excluded.seen_at)
$$"""
LEAVE = """CREATE FUNCTION comptroller_worker_left(gone text)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM worker WHERE worker.worker = gone
$$"""
WORKERS = """CREATE FUNCTION comptroller_workers() RETURNS SETOF worker
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$ SELECT * FROM worker $$"""

WAKING = """CREATE FUNCTION comptroller_waking() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE waking(tenant) AS (
        (SELECT e.tenant FROM entry AS e WHERE e.leaf_index IS NULL ORDER BY e.tenant LIMIT 1)
        UNION ALL
        SELECT (SELECT e.tenant FROM entry AS e WHERE e.leaf_index IS NULL AND e.tenant > w.tenant
                ORDER BY e.tenant LIMIT 1)
        FROM waking AS w WHERE w.tenant IS NOT NULL
    )
    SELECT tenant FROM waking WHERE tenant IS NOT NULL
$$"""

FUNCTIONS = {
    "comptroller_lease(text, timestamptz, timestamptz, json, text[])": LEASE,
    "comptroller_lease_row(text, text, text, timestamptz, timestamptz)": LEASE_ROW,
    "comptroller_renew(json, timestamptz, timestamptz)": RENEW,
    "comptroller_hand_back(json)": HAND_BACK,
    "comptroller_close_lane(text, timestamptz, text)": CLOSE_LANE,
    "comptroller_lanes()": LANES,
    "comptroller_tell_worker(json)": TELL,
    "comptroller_worker_left(text)": LEAVE,
    "comptroller_workers()": WORKERS,
    "comptroller_waking()": WAKING,
}

POSTGRESQL = (
    *(
        statement
        for table in ("lane", "worker")
        for statement in (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
            f"CREATE POLICY work_queue ON {table} TO comptroller_dispatcher USING (true)",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO comptroller_dispatcher",
            f"GRANT SELECT ON {table} TO comptroller_application",  # which row security shows nothing
        )
    ),
    "GRANT UPDATE (attempts) ON outbox TO comptroller_dispatcher",
    "CREATE POLICY all_tenants ON entry FOR SELECT TO comptroller_dispatcher USING (true)",
    "GRANT SELECT (tenant, row_id, leaf_index) ON entry TO comptroller_dispatcher",
    "DROP FUNCTION comptroller_lease(text, timestamptz, timestamptz, bigint)",
    "GRANT CREATE ON SCHEMA public TO comptroller_dispatcher",  # PostgreSQL asks it of a function's new owner
    *(
        statement
        for signature, text in FUNCTIONS.items()
        for statement in (
            text,
            f"ALTER FUNCTION {signature} OWNER TO comptroller_dispatcher",
            f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION {signature} TO comptroller_application",
        )
    ),
    "REVOKE CREATE ON SCHEMA public FROM comptroller_dispatcher",
)

"""A lease that ran out is no attempt: what only waited in the hands of a worker that died was not tried."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Count no attempt when a row is taken over; whoever begins one that was taken over counts it."""
    if op.get_bind().dialect.name == "postgresql":
        for statement in (
            "GRANT CREATE ON SCHEMA public TO comptroller_dispatcher",
            LEASE,
            "REVOKE CREATE ON SCHEMA public FROM comptroller_dispatcher",
        ):
            op.get_bind().exec_driver_sql(statement)


LEASE = """CREATE OR REPLACE FUNCTION comptroller_lease(
    worker text, at timestamptz, until timestamptz, wanted json, kinds text[])
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
                lease_until = until, fence = o.fence + 1
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

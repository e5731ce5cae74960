"""The work queue on PostgreSQL: functions of the database that see all tenants and may change a lease only."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import msgspec
from psycopg import pq

from comptroller.adapters.database.postgresql_wire import Parameter, Wire
from comptroller.adapters.database.schema import columns_of
from comptroller.adapters.database.session import Loaders, reader
from comptroller.application import records
from comptroller.application.ports.work import LaneStanding, Leased, Wanted, WorkerStanding
from comptroller.domain.kernel.ids import TenantId

_COLUMNS: Final = columns_of(records.OutboxRow)
_NAMES: Final = ", ".join(f'"{column.name}"' for column in _COLUMNS)
_LEASE: Final = f"SELECT tenant, {_NAMES} FROM comptroller_lease($1, $2, $3, $4, $5)"  # noqa: S608 - names of the schema
_LEASE_ROW: Final = f"SELECT tenant, {_NAMES} FROM comptroller_lease_row($1, $2, $3, $4, $5)"  # noqa: S608 - as above
_WORKER: Final = ("worker", "host", "release", "state", "lanes", "in_hand", "started_at", "seen_at")
_ENCODE: Final = msgspec.json.Encoder().encode


def held_json(held: Sequence[Leased]) -> bytes:
    """Name held rows, each with its fence."""
    return _ENCODE([{"tenant": tenant, "outbox_id": row.outbox_id, "fence": row.fence} for tenant, row in held])


def wanted_json(wanted: Sequence[Wanted]) -> bytes:
    """Say what of each lane is wanted."""
    return _ENCODE(
        [
            {"lane": each.lane, "most": each.most, "at_once": each.terms.at_once, "per_s": each.terms.per_s}
            for each in wanted
        ]
    )


class PostgresqlWork:
    """Leases over connections of the store; see the port for what each method promises."""

    def __init__(self, wire: Callable[[], AbstractContextManager[Wire]], loaders: Loaders) -> None:
        self._wire = wire
        self._load_instant = loaders[datetime]
        self._read = reader(
            [(None, 0, 1), (records.OutboxRow, 1, 1 + len(_COLUMNS))],
            [bytes.decode, *(loaders[column.type] for column in _COLUMNS)],
        )

    def lease(
        self, *, owner: str, now: datetime, lease_until: datetime, wanted: Sequence[Wanted], kinds: Collection[str]
    ) -> Sequence[Leased]:
        """Take due rows of these lanes and kinds."""
        result = self._run(_LEASE, owner, now, lease_until, wanted_json(wanted), sorted(kinds))
        place = {each.lane: number for number, each in enumerate(wanted)}
        return sorted(self._leased(result), key=lambda one: (place[one[1].lane], one[1].not_before, one[1].outbox_id))

    def lease_row(
        self, tenant: TenantId, outbox_id: str, *, owner: str, now: datetime, lease_until: datetime
    ) -> records.OutboxRow | None:
        """Take one row that is due."""
        leased = self._leased(self._run(_LEASE_ROW, tenant, outbox_id, owner, now, lease_until))
        return leased[0][1] if leased else None

    def renew(
        self, held: Sequence[Leased], *, now: datetime, lease_until: datetime
    ) -> Collection[tuple[TenantId, str]]:
        """Lengthen leases that have not run out."""
        rows = self._texts(
            self._run("SELECT tenant, outbox_id FROM comptroller_renew($1, $2, $3)", held_json(held), now, lease_until)
        )
        return {(TenantId(tenant), outbox_id) for tenant, outbox_id in rows}

    def hand_back(self, held: Sequence[Leased]) -> None:
        """Let others take rows that were not begun."""
        self._run("SELECT comptroller_hand_back($1)", held_json(held))

    def close_lane(self, lane: str, *, until: datetime, why: str) -> None:
        """Lease nothing of a lane until an instant."""
        self._run("SELECT comptroller_close_lane($1, $2, $3)", lane, until, why)

    def closed_lanes(self, now: datetime) -> Sequence[LaneStanding]:
        """List the lanes that are closed."""
        text = "SELECT lane, closed_until, why FROM comptroller_lanes() WHERE closed_until > $1 ORDER BY lane"
        rows = self._texts(self._run(text, now))
        return [LaneStanding(lane, datetime.fromisoformat(until), why) for lane, until, why in rows]

    def waking(self) -> Sequence[TenantId]:
        """List the tenants whose log has entries without a place."""
        rows = self._texts(self._run("SELECT tenant FROM comptroller_waking() AS w(tenant)"))
        return [TenantId(tenant) for (tenant,) in rows]

    def tell(self, standing: WorkerStanding) -> None:
        """Say how a worker does."""
        told = asdict(standing) | {"lanes": _ENCODE(standing.lanes).decode()}
        self._run("SELECT comptroller_tell_worker($1)", _ENCODE(told))

    def leave(self, worker: str) -> None:
        """Say that a worker has ended."""
        self._run("SELECT comptroller_worker_left($1)", worker)

    def workers(self) -> Sequence[WorkerStanding]:
        """List everybody who has not left."""
        text = f"SELECT {', '.join(_WORKER)} FROM comptroller_workers() ORDER BY worker"  # noqa: S608 - as above
        return [
            WorkerStanding(
                worker,
                host,
                release,
                state,
                tuple(msgspec.json.decode(lanes)),
                int(in_hand),
                datetime.fromisoformat(started_at),
                datetime.fromisoformat(seen_at),
            )
            for worker, host, release, state, lanes, in_hand, started_at, seen_at in self._texts(self._run(text))
        ]

    def _run(self, text: str, *parameters: Parameter) -> pq.abc.PGresult:
        with self._wire() as wire:
            (result,) = wire.run([(text, parameters)])
        return result

    def _leased(self, result: pq.abc.PGresult) -> list[Leased]:
        rows = [
            self._read([result.get_value(row, place) for place in range(result.nfields)])
            for row in range(result.ntuples)
        ]
        return [(TenantId(tenant), row) for tenant, row in rows]

    @staticmethod
    def _texts(result: pq.abc.PGresult) -> list[list[Any]]:
        return [
            [(result.get_value(row, place) or b"").decode() for place in range(result.nfields)]
            for row in range(result.ntuples)
        ]

"""The work queue on SQLite: statements of the one writer, so that two workers never meet in them."""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from math import floor
from typing import Any, Final

import msgspec

from comptroller.adapters.database.schema import columns_of
from comptroller.adapters.database.session import Loaders, reader
from comptroller.application import records
from comptroller.application.ports.work import LaneStanding, Leased, Terms, Wanted, WorkerStanding
from comptroller.domain.kernel.ids import TenantId

_COLUMNS: Final = columns_of(records.OutboxRow)
_NAMES: Final = ", ".join(f'"{column.name}"' for column in _COLUMNS)
_TAKE: Final = "UPDATE outbox SET status = 'leased', lease_owner = :owner, lease_until = :until, fence = fence + 1"
_TAKEN: Final = f"RETURNING tenant, {_NAMES}"
_OF_LANE: Final = "SELECT rowid FROM outbox WHERE lane = :lane AND kind IN (SELECT value FROM json_each(:kinds))"
_LATE: Final = (
    f"{_TAKE} WHERE rowid IN ({_OF_LANE} AND status = 'leased' AND lease_until <= :now "
    f"ORDER BY not_before LIMIT :most) {_TAKEN}"
)
_DUE: Final = (
    f"{_TAKE} WHERE rowid IN ({_OF_LANE} AND status = 'pending' AND not_before <= :now "
    f"ORDER BY not_before LIMIT :most) {_TAKEN}"
)
_ROW: Final = (
    f"{_TAKE}, attempts = attempts + (status = 'leased') WHERE tenant = :tenant AND outbox_id = :outbox_id "
    "AND (status = 'idle' OR (status = 'pending' AND not_before <= :now) "
    f"OR (status = 'leased' AND lease_until <= :now)) {_TAKEN}"
)
_AT_WORK: Final = "SELECT count(*) FROM outbox WHERE lane = ? AND status = 'leased' AND lease_until > ?"
_SAME: Final = "WHERE tenant = ? AND outbox_id = ? AND fence = ? AND status = 'leased'"
_RENEW: Final = f"UPDATE outbox SET lease_until = max(lease_until, ?) {_SAME} AND lease_until > ?"  # noqa: S608 - constants
_HAND_BACK: Final = f"UPDATE outbox SET status = 'pending', lease_owner = '', lease_until = NULL {_SAME}"  # noqa: S608 - as above
_WAKING: Final = (
    "WITH RECURSIVE waking(tenant) AS (SELECT min(tenant) FROM entry WHERE leaf_index IS NULL UNION ALL "
    "SELECT (SELECT min(e.tenant) FROM entry AS e WHERE e.leaf_index IS NULL AND e.tenant > w.tenant) "
    "FROM waking AS w WHERE w.tenant IS NOT NULL) SELECT tenant FROM waking WHERE tenant IS NOT NULL"
)
_WORKER: Final = ("worker", "host", "release", "state", "lanes", "in_hand", "started_at", "seen_at")
_ENCODE: Final = msgspec.json.Encoder().encode

Writing = Callable[[Callable[[sqlite3.Connection], Any]], Any]
"""Runs a task in the next transaction of the writer."""


class SqliteWork:
    """Leases in the store's file; see the port for what each method promises."""

    def __init__(
        self,
        write: Writing,
        readers: Callable[[], AbstractContextManager[sqlite3.Connection]],
        loaders: Loaders,
        instant: Callable[[datetime], str],
    ) -> None:
        self._write, self._readers, self._instant = write, readers, instant
        self._read = reader(
            [(None, 0, 1), (records.OutboxRow, 1, 1 + len(_COLUMNS))],
            [None, *(loaders[column.type] for column in _COLUMNS)],
        )

    def lease(
        self, *, owner: str, now: datetime, lease_until: datetime, wanted: Sequence[Wanted], kinds: Collection[str]
    ) -> Sequence[Leased]:
        """Take due rows of these lanes and kinds."""
        given = {"owner": owner, "until": self._instant(lease_until), "kinds": _ENCODE(sorted(kinds)).decode()}

        def take(connection: sqlite3.Connection) -> list[Leased]:
            return [row for each in wanted for row in self._take(connection, each, now, given)]

        leased: list[Leased] = self._write(take)
        return leased

    def lease_row(
        self, tenant: TenantId, outbox_id: str, *, owner: str, now: datetime, lease_until: datetime
    ) -> records.OutboxRow | None:
        """Take one row that is due."""
        given = {"tenant": tenant, "outbox_id": outbox_id, "owner": owner}
        given |= {"now": self._instant(now), "until": self._instant(lease_until)}
        rows = self._write(lambda connection: connection.execute(_ROW, given).fetchall())
        return next((row for _, row in self._leased(rows)), None)

    def renew(
        self, held: Sequence[Leased], *, now: datetime, lease_until: datetime
    ) -> Collection[tuple[TenantId, str]]:
        """Lengthen leases that have not run out."""
        until, at = self._instant(lease_until), self._instant(now)

        def write(connection: sqlite3.Connection) -> set[tuple[TenantId, str]]:
            return {
                (tenant, row.outbox_id)
                for tenant, row in held
                if connection.execute(_RENEW, (until, tenant, row.outbox_id, row.fence, at)).rowcount
            }

        still: set[tuple[TenantId, str]] = self._write(write)
        return still

    def hand_back(self, held: Sequence[Leased]) -> None:
        """Let others take rows that were not begun."""
        places = [(tenant, row.outbox_id, row.fence) for tenant, row in held]
        self._write(lambda connection: connection.executemany(_HAND_BACK, places))

    def close_lane(self, lane: str, *, until: datetime, why: str) -> None:
        """Lease nothing of a lane until an instant."""
        text = (
            "INSERT INTO lane (lane, closed_until, why) VALUES (?, ?, ?) ON CONFLICT (lane) "
            "DO UPDATE SET closed_until = excluded.closed_until, why = excluded.why"
        )
        self._write(lambda connection: connection.execute(text, (lane, self._instant(until), why)))

    def closed_lanes(self, now: datetime) -> Sequence[LaneStanding]:
        """List the lanes that are closed."""
        text = "SELECT lane, closed_until, why FROM lane WHERE closed_until > ? ORDER BY lane"
        with self._readers() as connection:
            rows = connection.execute(text, (self._instant(now),)).fetchall()
        return [LaneStanding(lane, datetime.fromisoformat(until), why) for lane, until, why in rows]

    def waking(self) -> Sequence[TenantId]:
        """List the tenants whose log has entries without a place."""
        with self._readers() as connection:
            return [TenantId(tenant) for (tenant,) in connection.execute(_WAKING)]

    def tell(self, standing: WorkerStanding) -> None:
        """Say how a worker does."""
        values = (
            standing.worker,
            standing.host,
            standing.release,
            standing.state,
            _ENCODE(standing.lanes).decode(),
            standing.in_hand,
            self._instant(standing.started_at),
            self._instant(standing.seen_at),
        )
        text = f"INSERT OR REPLACE INTO worker ({', '.join(_WORKER)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - as above
        self._write(lambda connection: connection.execute(text, values))

    def leave(self, worker: str) -> None:
        """Say that a worker has ended."""
        self._write(lambda connection: connection.execute("DELETE FROM worker WHERE worker = ?", (worker,)))

    def workers(self) -> Sequence[WorkerStanding]:
        """List everybody who has not left."""
        text = f"SELECT {', '.join(_WORKER)} FROM worker ORDER BY worker"  # noqa: S608 - as above
        with self._readers() as connection:
            rows = connection.execute(text).fetchall()
        instant = datetime.fromisoformat
        return [
            WorkerStanding(
                worker,
                host,
                release,
                state,
                tuple(msgspec.json.decode(lanes)),
                in_hand,
                instant(started),
                instant(seen),
            )
            for worker, host, release, state, lanes, in_hand, started, seen in rows
        ]

    def _take(
        self, connection: sqlite3.Connection, want: Wanted, now: datetime, given: dict[str, str]
    ) -> Iterator[Leased]:
        at = self._instant(now)
        kept = connection.execute("SELECT open_at, closed_until FROM lane WHERE lane = ?", (want.lane,)).fetchone()
        open_at, closed_until = kept or (None, None)
        if closed_until is not None and closed_until > at:
            return
        since = _since(open_at, now, want.terms)
        room = want.most
        if want.terms.at_once:
            (at_work,) = connection.execute(_AT_WORK, (want.lane, at)).fetchone()
            room = min(room, want.terms.at_once - at_work)
        if want.terms.per_s:
            room = min(room, floor((now - since).total_seconds() * want.terms.per_s + 0.000001))
        rows: list[Any] = []
        for statement in (_LATE, _DUE):
            if room > len(rows):
                bound = {**given, "lane": want.lane, "now": at, "most": room - len(rows)}
                rows += connection.execute(statement, bound).fetchall()
        if rows and want.terms.per_s:
            open_at = self._instant(since + timedelta(seconds=len(rows) / want.terms.per_s))
            connection.execute(
                "INSERT INTO lane (lane, open_at, why) VALUES (?, ?, '') ON CONFLICT (lane) "
                "DO UPDATE SET open_at = excluded.open_at",
                (want.lane, open_at),
            )
        yield from sorted(self._leased(rows), key=lambda one: (one[1].not_before, one[1].outbox_id))

    def _leased(self, rows: Sequence[Any]) -> list[Leased]:
        return [(TenantId(tenant), row) for tenant, row in map(self._read, rows)]


def _since(open_at: str | None, now: datetime, terms: Terms) -> datetime:
    """From when on the rate counts: what was not used is kept for a second, or for one row."""
    earliest = now - timedelta(seconds=max(1.0, 1 / terms.per_s if terms.per_s else 0.0))
    return max(datetime.fromisoformat(open_at), earliest) if open_at else earliest

"""What a company has beside its cases: its records, versions of policy, who comes in and what came in."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from comptroller.adapters.database.queries import company as queries
from comptroller.adapters.database.transaction import BufferedTransaction
from comptroller.application import records

POLICIES_KEPT_MAX: Final = 64
"""Pack versions that a store keeps: a dozen tenants with a few versions each."""


class Company(BufferedTransaction):
    """What a company has beside its cases: its records, versions of policy, who comes in and what came in."""

    def references(self, aliases: Iterable[str]) -> Mapping[str, Sequence[records.ReferenceRow]]:
        """Return the records in force under each alias."""
        wanted = {alias: self._sealing.alias(alias) for alias in aliases}
        self._look_up((queries.REFERENCES, wanted.values(), ""))
        read = self._read[queries.REFERENCES.query.name, ""]
        found = {alias: [row for _, row in read[kept]] for alias, kept in wanted.items()}
        for row in self.buffer.written(records.ReferenceRow):
            for alias, rows in found.items():
                newer = [
                    one for one in rows if one.kind == row.kind and one.key == row.key and one.version > row.version
                ]
                if not newer:
                    rows[:] = [one for one in rows if (one.kind, one.key) != (row.kind, row.key)]
                    if alias == f"{row.kind}/{row.key}" or wanted[alias] in row.aliases:
                        rows.append(row)
        return found

    def reference_versions(self, kind: str, key: str) -> Sequence[records.ReferenceRow]:
        """Return every version of one record."""
        return self._overlay(
            records.ReferenceRow,
            self._records(queries.REFERENCE_VERSIONS, kind=kind, key=key),
            lambda row: row.kind == kind and row.key == key,
            lambda row: row.version,
        )

    def reference_list(self, kind: str) -> Sequence[records.ReferenceRow]:
        """Return all records of a kind in force."""
        rows = {row.key: row for row in self._records(queries.REFERENCE_LIST, kind=kind)}
        for row in self.buffer.written(records.ReferenceRow):
            if row.kind == kind and (row.key not in rows or rows[row.key].version < row.version):
                rows[row.key] = row
        return sorted(rows.values(), key=lambda row: row.key)

    def command(self, principal: str, idempotency_key: str) -> records.CommandRow | None:
        """Return the recorded answer to a client's key."""
        pending = self.buffer.get(records.CommandRow, (principal, idempotency_key))
        if pending is not None:
            return pending
        self._look_up((queries.COMMAND, (idempotency_key,), principal))
        rows = self._known(queries.COMMAND, idempotency_key, principal)
        return rows[0][0] if rows else None

    def api_key(self, key_hash: str) -> records.ApiKeyRow | None:
        """Return an API key by its hash."""
        return self._one(queries.API_KEY, key_hash, records.ApiKeyRow)

    def policy(self, policy_hash: str) -> records.PolicyRow | None:
        """Return a pack version by its hash."""
        row = self._policies.get((self._tenant, policy_hash))
        if row is None:
            row = self._one(queries.POLICY, policy_hash, records.PolicyRow)
            if row is not None and self.buffer.get(records.PolicyRow, policy_hash) is None:
                if len(self._policies) >= POLICIES_KEPT_MAX:
                    self._policies.clear()
                self._policies[self._tenant, policy_hash] = row
        return row

    def policies(self, pack: str) -> Sequence[records.PolicyRow]:
        """Return every stored version of a pack, the oldest first."""
        return self._overlay(
            records.PolicyRow,
            self._records(queries.POLICIES, pack=pack),
            lambda row: row.pack == pack,
            lambda row: (row.stored_at, row.policy_hash),
        )

    def intake(self, intake_id: str) -> records.IntakeRow | None:
        """Return what came in under an id."""
        return self._one(queries.INTAKE, intake_id, records.IntakeRow)

    def intake_list(self, status: str) -> Sequence[records.IntakeRow]:
        """Return what came in and is in one status, oldest first."""
        return self._overlay(
            records.IntakeRow,
            self._records(queries.INTAKE_LIST, status=status),
            lambda row: row.status == status,
            lambda row: (row.received_at, row.intake_id),
        )

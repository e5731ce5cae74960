"""What is asked of what a company has beside its cases: records, versions of policy, who comes in, what came in."""

from operator import itemgetter
from typing import Final

import sqlalchemy as sa

from comptroller.adapters.database.queries.forms import by_keys, equal, joined, listing, lookup, query, select
from comptroller.adapters.database.schema import TABLE_OF, TENANT, ReferenceAliasRow
from comptroller.application import records

_reference = TABLE_OF[records.ReferenceRow].table
_alias = TABLE_OF[ReferenceAliasRow].table
_policy = TABLE_OF[records.PolicyRow].table
_intake = TABLE_OF[records.IntakeRow].table

_newer = _reference.alias("newer")
_version_in_force = (
    sa.select(sa.func.max(_newer.c.version))
    .where(
        _newer.c.tenant == sa.bindparam("tenant"), _newer.c.kind == _reference.c.kind, _newer.c.key == _reference.c.key
    )
    .correlate(_reference)
    .scalar_subquery()
)
REFERENCES: Final = lookup(
    "references",
    (str, records.ReferenceRow),
    itemgetter(0),
    _alias.c.alias,
    lambda database: joined(
        database,
        _alias,
        [_alias.c.alias],
        records.ReferenceRow,
        "kind key version",
        _reference.c.version == _version_in_force,
    ),
)
REFERENCE_VERSIONS: Final = listing("reference_versions", records.ReferenceRow, "kind key", _reference.c.version)
REFERENCE_LIST: Final = query(
    "reference_list",
    (records.ReferenceRow,),
    select(
        records.ReferenceRow, *equal(records.ReferenceRow, "kind"), _reference.c.version == _version_in_force
    ).order_by(_reference.c.key),
)
COMMAND: Final = by_keys("command", records.CommandRow, "idempotency_key", *equal(records.CommandRow, "principal"))
API_KEY: Final = by_keys("api_key", records.ApiKeyRow, "key_hash")
POLICY: Final = by_keys("policy", records.PolicyRow, "policy_hash")
POLICIES: Final = listing("policies", records.PolicyRow, "pack", _policy.c.stored_at, _policy.c.policy_hash)
"""The versions of a pack by the time when they were stored."""

INTAKE: Final = by_keys("intake", records.IntakeRow, "intake_id")
INTAKE_LIST: Final = listing("intake_list", records.IntakeRow, "status", _intake.c.received_at, _intake.c.intake_id)
"""What came in and is in one status, by time."""

TENANT_KNOWN: Final = query(
    "tenant_known", (str,), sa.select(TENANT.c.tenant).where(TENANT.c.tenant == sa.bindparam("tenant"))
)

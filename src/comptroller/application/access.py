"""API keys: issued to a principal, shown once, stored as a hash, revocable.

A key reads `ck_<tenant>_<secret>`; the tenant in front lets a stateless process open the right unit of work, and gives
nothing away that the key's holder does not know.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from comptroller.application.records import ApiKeyRow, revised
from comptroller.application.session import Environment, Refused, Session
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.ids import TenantId

_KEY: Final = re.compile(r"ck_(?P<tenant>[a-z][a-z0-9-]{0,62})_[0-9a-f]{64}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class IssueApiKey:
    """Make a new key for a principal."""

    principal: str


@dataclass(frozen=True, slots=True)
class RevokeApiKey:
    """End a key, named by its hash."""

    key_hash: str


def issue_api_key(session: Session, command: IssueApiKey) -> dict[str, Any] | Refused:
    """Answer a new key in clear, this once."""
    alias = f"person/{command.principal}"
    if not session.uow.references([alias])[alias]:
        return Refused(
            Rejection(RejectionKind.NOT_FOUND, "ACCESS-PRINCIPAL-01", f"there is no principal `{command.principal}`")
        )
    key = f"ck_{session.uow.tenant}_{session.environment.chance.salt()}"
    key_hash = hash_of(key)
    session.uow.insert(ApiKeyRow(key_hash, command.principal, session.now, None))
    session.evidence.tell(f"principal/{command.principal}", "key.issued", {"key_hash": key_hash})
    return {"api_key": key, "principal": command.principal}


def revoke_api_key(session: Session, command: RevokeApiKey) -> dict[str, Any] | Refused:
    """End a key at once."""
    row = session.uow.api_key(command.key_hash)
    if row is None:
        return Refused(Rejection(RejectionKind.NOT_FOUND, "ACCESS-KEY-01", "there is no such key"))
    session.uow.update(revised(row, revoked_at=session.now))
    session.evidence.tell(f"principal/{row.principal}", "key.revoked", {"key_hash": command.key_hash})
    return {"revoked": True}


def authenticate(environment: Environment, key: str) -> tuple[TenantId, str] | Rejection:
    """Find whose key this is; every failure reads the same."""
    refused = Rejection(
        RejectionKind.UNAUTHENTICATED,
        "AUTH-KEY-01",
        "the API key is missing, unknown or revoked",
        help="send `Authorization: Bearer <key>`",
    )
    match = _KEY.match(key)
    if match is None:
        return refused
    tenant = TenantId(match["tenant"])
    if tenant not in environment.store.tenants():
        return refused
    row = environment.store.read(tenant, lambda uow: uow.api_key(hash_of(key)))
    if row is None or row.revoked_at is not None:
        return refused
    return tenant, row.principal


def hash_of(key: str) -> str:
    """What is stored of a key; it has 256 random bits, so one round of SHA-256 is enough."""
    return sha256(key.encode()).hexdigest()

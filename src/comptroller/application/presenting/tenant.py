"""What a tenant's own record says: its name and colour, its zone, its group currency."""

from typing import Any

from comptroller.application.ports.store import UnitOfWork
from comptroller.domain.kernel.canonical_json import decode


def tenant_record(uow: UnitOfWork) -> dict[str, Any]:
    """The record in force; empty for a tenant that was opened without one."""
    rows = uow.references(["tenant/self"])["tenant/self"]
    body: Any = decode(rows[0].body) if rows else {}
    assert isinstance(body, dict)
    return body

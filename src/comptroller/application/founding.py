"""Founding a tenant: its record, its first policy, and the two principals that everything else is brought in by.

This is the one write that no principal asks for, because none exists yet; it is told to the audit stream of the tenant
as an act of the system.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import available_timezones

from comptroller.application.caller import PACK, SYSTEM
from comptroller.application.evidence import Evidence
from comptroller.application.policy import Policy
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import PolicyRow, ReferenceRow
from comptroller.application.session import Environment
from comptroller.application.starting.in_force import bring_in_force
from comptroller.domain.audit import Actor
from comptroller.domain.kernel.canonical_json import digest, encode
from comptroller.domain.kernel.ids import TenantId
from comptroller.domain.packs.timeline import BEGINNING, GROUP, InForce, Way

IMPORTER: Final = "importer"
"""The integration that brings in master data and people from the systems that own them."""


@dataclass(frozen=True, slots=True)
class Founding:
    """What a new tenant starts with."""

    tenant: TenantId
    name: str
    colour: str  # of its pages, `#rrggbb`
    pack: Mapping[str, bytes]
    clock_start: datetime | None = None  # a demonstration tenant lives from this instant on
    time_zone: str = "UTC"  # in which its pages tell the time, by its IANA name
    managed_by: str = ""  # who runs the platform for it
    group_currency: str = ""  # in which its limits and tolerances are
    undo_s: int = 0  # how long a person's act can be taken back before it has an effect


def found_tenant(environment: Environment, founding: Founding) -> bool:
    """Create a tenant; False when it exists already, and then nothing is changed.

    A pack with faults or a time zone that nobody knows is a `ValueError`.
    """
    if founding.tenant in environment.store.tenants():
        return False
    policy = environment.policies.compile(founding.pack)
    if not isinstance(policy, Policy):
        raise ValueError(f"the pack has faults: {policy[0].code} {policy[0].message}")
    if founding.time_zone not in available_timezones():
        raise ValueError(f"there is no time zone `{founding.time_zone}`")
    environment.store.create_tenant(founding.tenant, founding.name)
    environment.store.run(founding.tenant, lambda uow: _write(environment, uow, founding, policy.hash))
    return True


def _write(environment: Environment, uow: UnitOfWork, founding: Founding, policy_hash: str) -> None:
    machine_now = environment.clock.machine_now()
    now = founding.clock_start or machine_now
    evidence = Evidence(uow, actor=Actor(SYSTEM, "system"), at=now)
    files = {path: content.decode() for path, content in founding.pack.items()}
    uow.insert(PolicyRow(policy_hash, PACK, encode(files).decode(), now, SYSTEM))
    founded = InForce(policy_hash, GROUP, BEGINNING, now, SYSTEM, way=Way.FOUNDING)
    bring_in_force(environment, uow, evidence, PACK, founded)
    tenant: dict[str, Any] = {
        "name": founding.name,
        "colour": founding.colour,
        "time_zone": founding.time_zone,
        "managed_by": founding.managed_by,
        "group_currency": founding.group_currency,
        "undo_s": founding.undo_s,
    }
    if founding.clock_start is not None:
        tenant |= {"clock_start": founding.clock_start, "clock_set_at": machine_now}
    records: dict[tuple[str, str], dict[str, Any]] = {
        ("tenant", "self"): tenant,
        ("person", SYSTEM): _principal("Comptroller", "system", SYSTEM),
        ("person", IMPORTER): _principal("Master data import", "integration", IMPORTER),
    }
    for (kind, key), body in records.items():
        text = encode(body).decode()
        aliases = tuple(f"holds/{role}" for role in body.get("roles", ()))
        uow.insert(ReferenceRow(kind, key, 1, text, digest(body), now, SYSTEM, aliases))
        evidence.tell(
            f"reference/{kind}/{key}",
            "reference.changed",
            {"kind": kind, "key": key, "version": 1, "digest": digest(body)},
        )


def _principal(name: str, kind: str, role: str) -> dict[str, Any]:
    return {"name": name, "kind": kind, "roles": [role], "entities": ["*"]}

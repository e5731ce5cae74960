"""Time and chance from the machine."""

import secrets
import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import tzdata  # type: ignore[import-untyped] # data with a version

from comptroller.application.ports.store import UnitOfWork
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.ids import TenantId
from comptroller.domain.kernel.instant import parse_instant

_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, in lower case


def machine_time() -> datetime:
    """The machine's instant, in UTC."""
    return datetime.now(UTC)


def pinned_time_zones() -> str:
    """Take time zone rules from the installed package alone, and tell their version, such as `2026f`.

    INVARIANT 3: the machine's own rules may change under a decision; the package's are named in its record.
    """
    zoneinfo.reset_tzpath(to=())
    return str(tzdata.IANA_VERSION)


class TenantClock:
    """The clock of the machines, which is their database's; for demonstration tenants set to another day.

    Such a setting is made once, when the tenant is founded.
    """

    def __init__(self, machine: Callable[[], datetime]) -> None:
        self._machine = machine
        self._settings: dict[TenantId, tuple[datetime, datetime] | None] = {}

    def now(self, uow: UnitOfWork) -> datetime:
        """The tenant's instant."""
        if uow.tenant not in self._settings:
            self._settings[uow.tenant] = _setting(uow)
        setting = self._settings[uow.tenant]
        if setting is None:
            return self._machine()
        start, set_at = setting
        return start + (self._machine() - set_at)

    def machine_now(self) -> datetime:
        """The instant of the machines."""
        return self._machine()


def _setting(uow: UnitOfWork) -> tuple[datetime, datetime] | None:
    rows = uow.references(["tenant/self"])["tenant/self"]
    body: Any = decode(rows[0].body) if rows else {}
    start, set_at = parse_instant(body.get("clock_start", "")), parse_instant(body.get("clock_set_at", ""))
    return (start, set_at) if start and set_at else None


class MachineChance:
    """Randomness from the operating system."""

    def identifier(self, now: datetime) -> str:
        """A ULID in lower case: 48 bits of milliseconds, then 80 random ones; later ones sort behind earlier ones."""
        number = (int(now.timestamp() * 1000) << 80) | secrets.randbits(80)
        return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))

    def salt(self) -> str:
        """32 random bytes in hexadecimal."""
        return secrets.token_hex(32)

"""What of a pack is in force, since when, and since when that is known: a list that only grows.

Each entry says that from a day on a version counts, and when that was recorded. Of the entries that count on a day, the
one recorded last is what is in force: a correction with a day in the past takes the place of what was recorded before
it, and what was in force as known at an earlier moment can still be asked. An entity has entries of its own where it
overrides the group's decisions; one that names no version lets it follow the group again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from comptroller.domain.kernel.instant import instant_text, parse_instant

GROUP: Final = ""
"""The entity of entries that hold for all who have none of their own."""

BEGINNING: Final = date.min
"""The day of the version that a tenant is founded with: it answers for every day before the first release."""


class Way(StrEnum):
    """How a version came in force."""

    FOUNDING = "founding"
    RELEASE = "release"
    EMERGENCY = "emergency"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class InForce:
    """A version that counts from a day on, and who recorded that when, by which request."""

    version: str  # a content hash; empty: the entity follows the group
    entity: str
    valid_from: date
    recorded_at: datetime
    recorded_by: str
    case_id: str = ""
    way: Way = Way.RELEASE
    title: str = ""

    def to_json(self) -> dict[str, Any]:
        """Write as plain JSON values."""
        days = {"valid_from": self.valid_from.isoformat(), "recorded_at": instant_text(self.recorded_at)}
        return {**asdict(self), **days, "way": self.way.value}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "InForce":
        """Read what `to_json` wrote."""
        recorded_at = parse_instant(body["recorded_at"])
        assert recorded_at is not None
        more: Any = {"valid_from": date.fromisoformat(body["valid_from"]), "recorded_at": recorded_at}
        return cls(**{**body, **more, "way": Way(body["way"])})


@dataclass(frozen=True, slots=True)
class Timeline:
    """The entries in the order in which they were recorded."""

    entries: tuple[InForce, ...] = ()

    def in_force(
        self, entity: str = GROUP, *, on: date | None = None, known_at: datetime | None = None
    ) -> InForce | None:
        """The entry that counts for an entity on a day, as known at a moment; now, where neither is named."""
        own = next(self._newest(entity, on, known_at), None) if entity else None
        if own is not None and own.version:
            return own
        return next(self._newest(GROUP, on, known_at), None)

    def before(self, entity: str = GROUP) -> InForce | None:
        """What was in force before the version that is now: whither a rollback leads."""
        now = self.in_force(entity)
        others = (
            (entry for entry in self._newest(now.entity, None, None) if entry.version != now.version) if now else ()
        )
        return next(iter(others), None)

    def released(self, version: str) -> InForce | None:
        """When a version came in force last."""
        return next((entry for entry in reversed(self.entries) if entry.version == version), None)

    def _newest(self, entity: str, on: date | None, known_at: datetime | None) -> Iterator[InForce]:
        for entry in reversed(self.entries):
            is_valid = on is None or entry.valid_from <= on
            is_known = known_at is None or entry.recorded_at <= known_at
            if entry.entity == entity and is_valid and is_known:
                yield entry

    def to_json(self) -> list[dict[str, Any]]:
        """Write as plain JSON values."""
        return [entry.to_json() for entry in self.entries]

    @classmethod
    def from_json(cls, entries: list[dict[str, Any]]) -> "Timeline":
        """Read what `to_json` wrote."""
        return cls(tuple(InForce.from_json(entry) for entry in entries))

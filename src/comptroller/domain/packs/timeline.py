"""What of a pack is in force, since when, and since when that is known: a list that only grows.

Each entry says that from a day on a version counts, and when that was recorded. Of the entries that count on a day, the
one recorded last is what is in force: a correction with a day in the past takes the place of what was recorded before
it, and what was in force as known at an earlier moment can still be asked. An entity has entries of its own where it
overrides the group's decisions; one that names no version lets it follow the group again.

A version on trial counts for a share of the cases that begin, of the group or of an entity. Which these are is told by
their ids, so that nobody chooses them and each is answered alike. Beside it stands what is in force without it;
whatever is put in force next ends it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
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
    MERGE = "merge"  # of an entity's version with another version of the group
    TRIAL = "trial"  # for some entities, or a share of the cases that begin


WHOLE: Final = 100
"""The share of a version that counts for every case, in percent."""


def is_in_share(case_id: str, share: int) -> bool:
    """Whether a case is one of so many in a hundred: always the same of one case, and of all about as many."""
    return int.from_bytes(sha256(case_id.encode()).digest()[:8]) % WHOLE < share


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
    base: str = ""  # of an entity, or on trial: the group's version that it builds on
    share: int = WHOLE  # of the cases that begin, in percent
    signed_by: tuple[str, ...] = ()  # everybody who released it; empty: `recorded_by` alone is known

    @property
    def signers(self) -> tuple[str, ...]:
        """Who released it."""
        return self.signed_by or (self.recorded_by,)

    def to_json(self) -> dict[str, Any]:
        """Write as plain JSON values."""
        days = {"valid_from": self.valid_from.isoformat(), "recorded_at": instant_text(self.recorded_at)}
        return {**asdict(self), **days, "way": self.way.value, "signed_by": list(self.signed_by)}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "InForce":
        """Read what `to_json` wrote."""
        recorded_at = parse_instant(body["recorded_at"])
        assert recorded_at is not None
        more: Any = {"valid_from": date.fromisoformat(body["valid_from"]), "recorded_at": recorded_at}
        more |= {"signed_by": tuple(body.get("signed_by", ()))}
        return cls(**{**body, **more, "way": Way(body["way"])})


@dataclass(frozen=True, slots=True)
class Timeline:
    """The entries in the order in which they were recorded."""

    entries: tuple[InForce, ...] = ()

    def in_force(
        self, entity: str = GROUP, *, on: date | None = None, known_at: datetime | None = None, under: str = ""
    ) -> InForce | None:
        """The entry that counts for an entity on a day, as known at a moment; now, where neither is named.

        A trial of a share counts for the cases that began `under` its version, and for nothing else.
        """
        trial = self.on_trial(entity, on=on, known_at=known_at)
        if trial is not None and (trial.share == WHOLE or trial.version == under):
            return trial
        return self.standing(entity, on=on, known_at=known_at)

    def standing(
        self, entity: str = GROUP, *, on: date | None = None, known_at: datetime | None = None
    ) -> InForce | None:
        """What is in force for an entity beside any trial: what a change of its policy builds on."""
        own = next(self._newest(entity, on, known_at), None) if entity else None
        if own is not None and own.version:
            return own
        return next(self._newest(GROUP, on, known_at), None)

    def begins(self, case_id: str, entity: str) -> InForce | None:
        """The entry that a new case of an entity begins with."""
        trial = self.on_trial(entity)
        is_tried = trial is not None and is_in_share(case_id, trial.share)
        return self.in_force(entity, under=trial.version if trial is not None and is_tried else "")

    def on_trial(
        self, entity: str = GROUP, *, on: date | None = None, known_at: datetime | None = None
    ) -> InForce | None:
        """The trial that runs for an entity: the last that was recorded of it or of the group, where that is one."""
        concerning = (entry for entry in self._known(on, known_at) if entry.entity in {GROUP, entity})
        newest = next(concerning, None)
        return newest if newest is not None and newest.way is Way.TRIAL else None

    @property
    def trials(self) -> tuple[InForce, ...]:
        """Every entry of a trial that runs."""
        found = (self.on_trial(entity) for entity in dict.fromkeys(entry.entity for entry in self.entries))
        return tuple(dict.fromkeys(entry for entry in found if entry is not None))

    def before(self, entity: str = GROUP) -> InForce | None:
        """What was in force before the version that is now: whither a rollback leads.

        An entity goes back behind the last change that was its own; what the group's releases made of it stays.
        """
        now = next(self._newest(GROUP, None, None), None)
        if not entity:
            others = (entry for entry in self._newest(GROUP, None, None) if now and entry.version != now.version)
            return next(others, None)
        own = list(self._newest(entity, None, None))
        last = next((place for place, entry in enumerate(own) if entry.way is not Way.MERGE), None)
        earlier = None if last is None else next(iter(own[last + 1 :]), None)
        if last is not None and (earlier is None or not earlier.version):
            return now
        return earlier

    def overriding(self, since: date, *, let_go: bool = False) -> tuple[InForce, ...]:
        """What counts for entities of their own from a day on: each entry with the first of its days, in their order.

        An entity that follows the group all the time is not among them; with `let_go` it is, where it does so by what
        a release of the group made of its own.
        """
        found: list[InForce] = []
        for entity in sorted({entry.entity for entry in self.entries} - {GROUP}):
            days = {entry.valid_from for entry in self._newest(entity, None, None) if entry.valid_from > since}
            counting = [(day, next(self._newest(entity, day, None), None)) for day in sorted({since, *days})]
            own = [replace(entry, valid_from=day) for day, entry in counting if entry is not None]
            if any(entry.version for entry in own) or (let_go and own and own[-1].way is Way.MERGE):
                found += own
        return tuple(found)

    def as_before(self, entity: str, base: str) -> InForce | None:
        """What an entity had on a version of the group, where all that it got since came of the group's releases."""
        for entry in self._newest(entity, None, None):
            if entry.base == base:
                return entry
            if entry.way is not Way.MERGE:
                break
        return None

    def for_entity(self, version: str, entity: str) -> str:
        """The version that a case goes on by that began with one and turns out to be an entity's.

        It is the entity's own on the version of the group that the case began with.
        """
        entry = self.released(version)
        base = version if entry is None else entry.base or version
        own = next((each for each in self._newest(entity, None, None) if each.base == base), None) if entity else None
        return base if own is None else own.version or base

    def taken_by(self, entry: InForce) -> InForce | None:
        """The entry that took the place of one: of the same entity, and of another version.

        A trial ends with whatever is recorded next of its entity or of the group; what stands beside it goes on.
        """
        later = self.entries[self.entries.index(entry) + 1 :]
        if entry.way is Way.TRIAL:
            return next((each for each in later if each.entity in {GROUP, entry.entity}), None)
        others = (each for each in later if each.entity == entry.entity and each.way is not Way.TRIAL)
        return next((each for each in others if each.version != entry.version), None)

    def released(self, version: str) -> InForce | None:
        """When a version came in force last."""
        return next((entry for entry in reversed(self.entries) if entry.version == version), None)

    def _newest(self, entity: str, on: date | None, known_at: datetime | None) -> Iterator[InForce]:
        """An entity's own entries, or the group's, the newest first; trials are none of them."""
        return (entry for entry in self._known(on, known_at) if entry.entity == entity and entry.way is not Way.TRIAL)

    def _known(self, on: date | None, known_at: datetime | None) -> Iterator[InForce]:
        for entry in reversed(self.entries):
            is_valid = on is None or entry.valid_from <= on
            is_known = known_at is None or entry.recorded_at <= known_at
            if is_valid and is_known:
                yield entry

    def to_json(self) -> list[dict[str, Any]]:
        """Write as plain JSON values."""
        return [entry.to_json() for entry in self.entries]

    @classmethod
    def from_json(cls, entries: list[dict[str, Any]]) -> "Timeline":
        """Read what `to_json` wrote."""
        return cls(tuple(InForce.from_json(entry) for entry in entries))

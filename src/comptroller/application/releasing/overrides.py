"""The versions of entities: how each differs from the group's, and what becomes of it when the group's changes.

An entity's version is brought onto another version of the group by a merge of its parts (`domain.packs.overriding`). It
is compiled and checked like any other, put in force together with the group's, and told in the request that does it. A
merge that somebody has to decide, or that does not pass, stops the request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from comptroller.application.policy import Policy
from comptroller.application.releasing.checks import assessed, compiled
from comptroller.application.releasing.scope import Answers
from comptroller.application.releasing.sources import store_files, stored_files
from comptroller.application.releasing.timeline import timeline_of
from comptroller.application.session import Session
from comptroller.domain.packs.invariant import INVARIANTS
from comptroller.domain.packs.manifest import ROLES
from comptroller.domain.packs.overriding import ALL, Difference, Side, Written, difference, files_of, merge
from comptroller.domain.packs.timeline import InForce

SETTLED: Final[Mapping[str, Side]] = {ALL: Side.KEEP}
"""The answer where nobody can be asked: the entity goes on saying what it says."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What an entity has on another version of the group, from a day on; without a policy it follows the group."""

    entity: str
    valid_from: date
    was: str  # the version that it had; empty: it followed the group
    policy: Policy | None = None
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    kept: tuple[str, ...] = ()  # what it says otherwise than the group, and goes on saying
    stops: tuple[str, ...] = ()  # why it cannot be

    @property
    def version(self) -> str:
        """The hash of what it has; empty: it follows the group."""
        return "" if self.policy is None else self.policy.hash

    def to_json(self) -> dict[str, Any]:
        """Write as plain JSON values: what a release signs of it."""
        about = {"entity": self.entity, "valid_from": self.valid_from.isoformat(), "was": self.was}
        return {**about, "version": self.version, "kept": list(self.kept)}


@dataclass(frozen=True, slots=True)
class Versions:
    """A version of the group with those of entities beside it, or a version of one entity alone."""

    policy: Policy
    entity: str = ""  # whose alone it is
    own: Mapping[str, Policy] = field(default_factory=dict)

    def of(self, entity: str) -> Policy | None:
        """The version that decides for an entity; None where it decides nothing for it."""
        if self.entity:
            return self.policy if entity == self.entity else None
        return self.own.get(entity, self.policy)


@dataclass(frozen=True, slots=True)
class Bearing:
    """What a version means beside what it decides: what the entity whose it is overrides, or what others get by it."""

    difference: Difference | None = None
    brought: tuple[Brought, ...] = ()

    @property
    def stops(self) -> tuple[str, ...]:
        """Why it cannot be put in force, in words."""
        strays = () if self.difference is None else self.difference.strays
        return (*strays, *(stop for each in self.brought for stop in each.stops))

    @property
    def own(self) -> dict[str, Policy]:
        """What entities have of their own now that it is there: the last of each counts."""
        last = {each.entity: each.policy for each in self.brought}
        return {entity: policy for entity, policy in last.items() if policy is not None}

    def evidence(self) -> dict[str, Any]:
        """What was found as a part of what is kept beside the request; none where it touches no entity."""
        return {"overrides": self.to_json()} if self.difference is not None or self.brought else {}

    def to_json(self) -> dict[str, Any]:
        """Write as plain JSON values."""
        told: dict[str, Any] = {"entities": [{**each.to_json(), "stops": list(each.stops)} for each in self.brought]}
        if self.difference is not None:
            told["overrides"] = list(self.difference.overrides)
            told["examples"] = list(self.difference.examples)
        return told


def written(session: Session, files: Mapping[str, bytes]) -> Written:
    """What the files of a version say."""
    packs = session.environment.packs
    paths = [path for path in files if path.startswith("examples/") and path.endswith(".yaml")]
    read = {path: packs.read_examples(path, files[path]) for path in paths}
    examples = {path: found for path, (found, faults) in read.items() if not faults}
    return Written(files, packs.study(files).definitions, examples)


def difference_of(session: Session, group: str, files: Mapping[str, bytes]) -> Difference:
    """What files say otherwise than a version of the group, and whether an entity may."""
    base = stored_files(session.uow, group)
    assert base is not None  # versions are never taken away
    overridable = session.environment.policies.version(session.uow, group).pack.overridable
    return difference(written(session, base), written(session, files), overridable)


def bearing_of(
    session: Session, files: Mapping[str, bytes], entity: str, since: date, answers: Answers | None = None
) -> Bearing:
    """What files mean as a version of an entity, or of the group from a day on; nothing where they do not compile."""
    if entity:
        return Bearing(difference_of(session, session.policy.hash, files))
    policy = compiled(session, files)
    return bring(session, policy, files, since, answers or {}) if isinstance(policy, Policy) else Bearing()


def bring(session: Session, group: Policy, files: Mapping[str, bytes], since: date, answers: Answers) -> Bearing:
    """Every entity's own version on another version of the group, which counts from a day on."""
    own = timeline_of(session.uow, group.pack.key).overriding(since)
    return Bearing(brought=tuple(_bring(session, each, group, files, answers.get(each.entity, {})) for each in own))


def settle(session: Session, group: Policy, files: Mapping[str, bytes], since: date) -> Bearing:
    """As `bring` does, where nothing may stop: an entity has what it had on that version of the group before.

    Else it keeps what it says, and follows the group where that cannot be.
    """
    timeline = timeline_of(session.uow, group.pack.key)
    found = []
    for each in timeline.overriding(since, let_go=True):
        before = timeline.as_before(each.entity, group.hash)
        brought = _settled(session, each, group, files) if before is None else _as_it_was(session, before)
        found.append(replace(brought, valid_from=each.valid_from, was=each.version))
    return Bearing(brought=tuple(found))


def settle_one(session: Session, entry: InForce) -> Brought:
    """An earlier version of an entity on the group's version in force."""
    if entry.base == session.policy.hash:
        return _as_it_was(session, entry)
    files = stored_files(session.uow, session.policy.hash)
    assert files is not None  # it is in force
    return _settled(session, entry, session.policy, files)


def _as_it_was(session: Session, entry: InForce) -> Brought:
    about = Brought(entry.entity, entry.valid_from, entry.version)
    files = stored_files(session.uow, entry.version)
    if files is None:  # it followed the group
        return about
    policy = session.environment.policies.version(session.uow, entry.version)
    return replace(about, policy=policy, files=files, kept=difference_of(session, entry.base, files).overrides)


def _settled(session: Session, entry: InForce, group: Policy, files: Mapping[str, bytes]) -> Brought:
    brought = _bring(session, entry, group, files, SETTLED)
    return replace(brought, policy=None, kept=(), stops=()) if brought.stops else brought


def _bring(
    session: Session, entry: InForce, group: Policy, files: Mapping[str, bytes], answers: Mapping[str, Side]
) -> Brought:
    about = Brought(entry.entity, entry.valid_from, entry.version)
    own, base = (stored_files(session.uow, version) for version in (entry.version, entry.base))
    if own is None or base is None:  # it follows the group on these days
        return about
    ours, theirs = written(session, own), written(session, files)
    found = merge(written(session, base).parts, ours.parts, theirs.parts, answers)
    if found.conflicts:
        return replace(about, stops=tuple(_conflict(entry.entity, name) for name in found.conflicts))
    packs = session.environment.packs
    merged = files_of(found.parts, theirs, ours, packs.write_decisions, packs.write_examples)
    policy = compiled(session, merged)
    if not isinstance(policy, Policy):
        stops = tuple(f"{entry.entity}: {fault.code} {fault.path}: {fault.message}" for fault in policy)
        return replace(about, stops=stops)
    differs = difference(theirs, written(session, merged), group.pack.overridable)
    if differs.is_none:
        return about
    brought = replace(about, policy=policy, files=merged, kept=differs.overrides)
    if differs.strays:
        return replace(brought, stops=tuple(f"{entry.entity} {stray}: take the group's" for stray in differs.strays))
    if _is_known(session, policy, entry, (base, own, files)):
        return brought
    assessment = assessed(session, files, merged)
    return replace(brought, stops=tuple(f"{entry.entity}: {stop}" for stop in assessment.stops))


def _conflict(entity: str, name: str) -> str:
    return (
        f"{entity} overrides `{name}`, which changes for the group too: say whether {entity} keeps its own or takes it"
    )


def _is_known(session: Session, merged: Policy, entry: InForce, files: tuple[Mapping[str, bytes], ...]) -> bool:
    """Whether the group changed nothing that what the entity overrides was checked with: it stands as it did."""
    base, own, group = files
    policies, uow = session.environment.policies, session.uow
    before, ours, now = (
        {model.hash for model in policy.models.values()}
        for policy in (policies.version(uow, entry.base), policies.version(uow, entry.version), merged)
    )
    return ours - before <= now and not _changed(base, group) & {*_changed(base, own), INVARIANTS, ROLES}


def _changed(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> set[str]:
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


def keep(session: Session, brought: Sequence[Brought]) -> None:
    """Store what entities are to have; that puts nothing in force."""
    for each in brought:
        if each.policy is not None:
            store_files(session.uow, each.policy, each.files, at=session.now, by=session.caller.id)

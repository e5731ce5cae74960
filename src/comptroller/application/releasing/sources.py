"""The sources of versions and what an assessment found in them: read once a process, found again by content hash.

Reading a pack and looking it through takes seconds. Versions never change, so what was found of two of them holds.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from comptroller.application.policy import Policy
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import PolicyRow
from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.packs import content_hash
from comptroller.domain.packs.assessment import Assessment, assess
from comptroller.domain.packs.source import Source

KEPT_MAX: Final = 8
"""Versions of which the sources are kept in memory."""


@dataclass(slots=True)
class PackSources:
    """The sources of packs, and their assessments against one another."""

    read: Callable[[Mapping[str, bytes]], Source]
    _sources: OrderedDict[str, Source] = field(default_factory=OrderedDict)
    _assessments: OrderedDict[tuple[str, str], Assessment] = field(default_factory=OrderedDict)

    def source(self, files: Mapping[str, bytes]) -> Source:
        """What the files of a pack say."""
        version = content_hash(files)
        if version not in self._sources:
            self._sources[version] = self.read(files)
            _trim(self._sources)
        return self._sources[version]

    def assess(self, base: Mapping[str, bytes], candidate: Mapping[str, bytes]) -> Assessment:
        """Hold a candidate against the version that it is to take the place of."""
        pair = content_hash(base), content_hash(candidate)
        if pair not in self._assessments:
            self._assessments[pair] = assess(self.source(base), self.source(candidate))
            _trim(self._assessments)
        return self._assessments[pair]


def _trim(kept: OrderedDict[Any, Any]) -> None:
    while len(kept) > KEPT_MAX:
        kept.popitem(last=False)


def stored_files(uow: UnitOfWork, version: str) -> dict[str, bytes] | None:
    """The files of a stored version."""
    row = uow.policy(version)
    if row is None:
        return None
    files = decode(row.files)
    assert isinstance(files, dict)
    return {path: str(text).encode() for path, text in files.items()}


def store_files(uow: UnitOfWork, policy: Policy, files: Mapping[str, bytes], *, at: datetime, by: str) -> None:
    """Keep the files of a version, where nobody has yet; that puts nothing in force."""
    if uow.policy(policy.hash) is None:
        text = encode({path: content.decode() for path, content in files.items()}).decode()
        uow.insert(PolicyRow(policy.hash, policy.pack.key, text, at, by))

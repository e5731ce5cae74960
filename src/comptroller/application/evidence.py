"""The writer of audit entries: what happens in a unit of work is told here, in order, stream by stream.

A stream is the story of one subject: a case, a reference record, a principal. Each entry names the hash of the one
before it, so that a stream can be checked alone, and the sequencer later gives every entry its place in the log.

INVARIANT 1: state changes and their entries are rows of the same unit of work.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import EntryRow, PrivateTextRow
from comptroller.domain.audit import Actor, build_entry, commit

NO_ENTRY = bytes(32)
"""What the first entry of a stream names as the one before it."""


class Evidence:
    """The audit entries of one unit of work, told by one actor at one instant."""

    def __init__(self, uow: UnitOfWork, *, actor: Actor, at: datetime) -> None:
        self._uow = uow
        self._actor = actor
        self._at = at
        self._heads: dict[str, tuple[int, bytes]] = {}

    def know(self, stream: str, seq: int, leaf_hash: bytes) -> None:
        """Take a stream's newest entry as known, where the caller has just read or begun it."""
        self._heads[stream] = (seq, leaf_hash)

    def head(self, stream: str) -> tuple[int, bytes]:
        """Sequence number and hash of the newest entry of a stream."""
        if stream not in self._heads:
            self._heads[stream] = self._uow.stream_head(stream)
        return self._heads[stream]

    def tell(self, stream: str, kind: str, data: Mapping[str, Any]) -> int:
        """Append an entry and return its sequence number."""
        seq, previous = self.head(stream)
        entry = build_entry(
            tenant=self._uow.tenant,
            stream=stream,
            seq=seq + 1,
            previous=previous,
            at=self._at,
            actor=self._actor,
            kind=kind,
            data=data,
        )
        self._uow.insert(EntryRow(stream, seq + 1, kind, self._at, entry.body, entry.leaf_hash))
        self._heads[stream] = (seq + 1, entry.leaf_hash)
        return seq + 1

    def withhold(self, text: str, *, salt: str) -> str:
        """Keep free text outside the log, where it can be erased, and return the commitment that stands for it."""
        if not text:
            return ""
        commitment = commit(salt, text)
        self._uow.insert(PrivateTextRow(commitment, salt, text))
        return commitment

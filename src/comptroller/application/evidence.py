"""The writer of audit entries: what happens in a unit of work is told here, in order, stream by stream.

A stream is the story of one subject: a case, a reference record, a principal. Each entry names the hash of the one
before it, so that a stream can be checked alone, and the sequencer later gives every entry its place in the log.

INVARIANT 1: state changes and their entries are rows of the same unit of work.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any, Final

from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import EntryRow, PrivateTextRow
from comptroller.domain.audit import Actor, EntryTooLarge, build_entry, commit, encode_data

NO_ENTRY = bytes(32)
"""What the first entry of a stream names as the one before it."""

DATA_CHARACTERS_MAX: Final = 15_000
"""Characters of an entry's data that always fit: each takes at most four bytes, and the envelope a few hundred."""

PART_CHARACTERS_MIN: Final = 1_000
"""Characters of a list's item from which it is withheld alone; of many small ones the list is."""


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
        """Append an entry and return its sequence number.

        What does not fit into one entry is kept beside the log, its largest parts first, and told by commitment.
        """
        seq, previous = self.head(stream)
        build = partial(
            build_entry,
            tenant=self._uow.tenant,
            stream=stream,
            seq=seq + 1,
            previous=previous,
            at=self._at,
            actor=self._actor,
            kind=kind,
        )
        try:
            entry = build(data=data)
        except EntryTooLarge:
            entry = build(data=self._shortened(data))
        self._uow.insert(EntryRow(stream, seq + 1, kind, self._at, entry.body, entry.leaf_hash))
        self._heads[stream] = (seq + 1, entry.leaf_hash)
        return seq + 1

    def _shortened(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same data with its largest members, or items of its lists, by commitment."""
        short = {key: list(value) if isinstance(value, tuple) else value for key, value in data.items()}
        while len(encode_data(short)) > DATA_CHARACTERS_MAX:
            key = max(short, key=lambda name: len(encode_data(short[name])))
            value = short[key]
            if isinstance(value, list) and (sizes := [len(encode_data(item)) for item in value]):
                largest = sizes.index(max(sizes))
                if sizes[largest] >= PART_CHARACTERS_MIN:
                    short[key] = [*value[:largest], self._by_commitment(value[largest]), *value[largest + 1 :]]
                    continue
            short[key] = self._by_commitment(value)
        return short

    def _by_commitment(self, value: Any) -> dict[str, Any]:
        text = encode_data(value)
        salt = sha256(text.encode()).hexdigest()  # so much text cannot be guessed: the salt need not be random
        return {"commitment": self.withhold(text, salt=salt), "characters": len(text)}

    def withhold(self, text: str, *, salt: str) -> str:
        """Keep free text outside the log, where it can be erased, and return the commitment that stands for it."""
        if not text:
            return ""
        commitment = commit(salt, text)
        self._uow.insert(PrivateTextRow(commitment, salt, text))
        return commitment

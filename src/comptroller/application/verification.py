"""The verification of a tenant's log: everything is computed again from the stored bytes, nothing stored is believed.

Entry by entry in the order of the log: its place, its bytes, its hash, its members, its link to the entry before it in
its stream; batch by batch the nodes of the tree; at the end the root against the signed checkpoint, the entries that
still wait, and the business rows that say where their story stands. The first thing found wrong is told in plain words.

Memory is bounded: the tree is carried by its peaks, the heads of streams in a cache. A link whose predecessor fell out
of the cache is checked against the stored stream. Each batch is a read of its own, so that a long verification holds no
transaction open; what is verified is the log up to the checkpoint that was the newest when it began.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from comptroller.application.ports.signing import Verifier
from comptroller.application.ports.store import Store, UnitOfWork
from comptroller.application.records import CheckpointRow, EntryRow
from comptroller.application.session import Environment
from comptroller.domain.audit import NO_PREVIOUS, Content, read_entry
from comptroller.domain.audit.checkpoint import Checkpoint
from comptroller.domain.audit.merkle import (
    EMPTY_ROOT,
    CompactRange,
    Position,
    completed_positions,
    hash_leaf,
)
from comptroller.domain.audit.note import NoteError, open_note
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.ids import TenantId

PLACE_MAX: Final = 2**63 - 1
"""The last place that a log can have: what a database's integer holds."""

FRONTIER_LEVELS: Final = PLACE_MAX.bit_length()
"""Levels of the largest tree."""

CASE_STREAM: Final = "case/"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of the log is held in memory at a time; what is found does not depend on it."""

    batch: int = 1_024  # entries read at a time; two thousand nodes are asked for with them
    heads_kept: int = 65_536  # streams whose newest entry is remembered: some twenty megabytes


BOUNDS: Final = Bounds()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: its place in the log and its stream, where it has one, and what it is."""

    place: int | None
    stream: str
    wrong: str

    def to_json(self) -> dict[str, object]:
        """Write as plain JSON values."""
        return {"place": self.place, "stream": self.stream, "wrong": self.wrong}


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What was verified: the log up to its newest checkpoint, and how many entries still wait for a place."""

    tenant: TenantId
    size: int
    root: bytes
    unsequenced: int
    first_bad: Finding | None

    @property
    def ok(self) -> bool:
        """Whether nothing was found wrong."""
        return self.first_bad is None

    def to_json(self) -> dict[str, object]:
        """Write as plain JSON values."""
        return {
            "tenant": self.tenant,
            "size": self.size,
            "root": self.root.hex(),
            "unsequenced": self.unsequenced,
            "ok": self.ok,
            "first_bad": self.first_bad.to_json() if self.first_bad else None,
        }


Check = Callable[[Store, TenantId], Finding | None]
"""A comparison of business rows with the evidence; it opens its own reads, page by page."""


class VerifyAudit:
    """Recompute the whole audit log and everything that hangs on it."""


def verify_audit(environment: Environment, tenant: TenantId) -> VerificationReport:
    """Verify a tenant's log with its own key."""
    return verify(environment.store, tenant, environment.verifier_of(tenant))


def verify(
    store: Store,
    tenant: TenantId,
    verifier: Verifier | None,
    *,
    checks: Sequence[Check] | None = None,
    bounds: Bounds = BOUNDS,
) -> VerificationReport:
    """Verify a tenant's log up to the first thing wrong; `checks` run last, `case_heads` unless told otherwise.

    Without the log's key (`verifier` None) a log that has a checkpoint cannot be whole.
    """
    standing = store.read(tenant, _standing)
    walk = _Walk(store, tenant, bounds)
    findings = _findings(walk, standing, verifier, (case_heads,) if checks is None else checks)
    checkpoint = standing.checkpoint
    return VerificationReport(
        tenant=tenant,
        size=checkpoint.size if checkpoint else 0,
        root=checkpoint.root if checkpoint else EMPTY_ROOT,
        unsequenced=standing.unsequenced,
        first_bad=next(findings, None),
    )


def case_heads(store: Store, tenant: TenantId) -> Finding | None:
    """Compare each case's last entry, as its row names it, with the head of its stream."""
    after = ""
    while True:
        page = store.read(tenant, partial(_case_page, after=after))
        for case_id, named, head in page:
            if named != head:
                wrong = f"the case's row ends its story with entry {named[0]}, the stream ends with {head[0]}"
                if named[0] == head[0]:
                    wrong = f"the case's row names another entry {head[0]} than the stream holds"
                return Finding(None, f"{CASE_STREAM}{case_id}", wrong)
        if len(page) < limits.PAGE_SIZE_MAX:
            return None
        after = page[-1][0]


_Head = tuple[int, str]


def _case_page(uow: UnitOfWork, *, after: str) -> list[tuple[str, _Head, _Head]]:
    page = []
    for case in uow.cases(after=after, limit=limits.PAGE_SIZE_MAX):
        seq, leaf = uow.stream_head(f"{CASE_STREAM}{case.case_id}")
        page.append((case.case_id, (case.entry_seq, case.entry_hash), (seq, leaf.hex())))
    return page


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where the log stood when the verification began."""

    checkpoint: CheckpointRow | None
    unsequenced: int
    waiting: Sequence[EntryRow]
    beyond: tuple[int, EntryRow] | None  # an entry with a place that the checkpoint does not cover
    frontier: tuple[Position, ...]  # nodes stored though they cannot be complete yet


def _standing(uow: UnitOfWork) -> _Standing:
    checkpoint = uow.checkpoint()
    size = checkpoint.size if checkpoint else 0
    # the place behind the checkpoint first: where a checkpoint was taken away, the rest would be a long list
    outside = ((size, size + 1), (size + 1, PLACE_MAX), (-PLACE_MAX, 0))
    beyond = next((found[0] for start, end in outside if (found := uow.log_entries(start, end))), None)
    waiting = [entry for _, entry in uow.unsequenced(limits.SEQUENCE_BATCH_MAX)]
    frontier = tuple(uow.tree_nodes([(level, size >> level) for level in range(FRONTIER_LEVELS)]))
    return _Standing(checkpoint, uow.unsequenced_count(), waiting, beyond, frontier)


def _findings(
    walk: "_Walk", standing: _Standing, verifier: Verifier | None, checks: Sequence[Check]
) -> Iterator[Finding]:
    """Everything wrong, the plainest first, found while it is asked for."""
    row = standing.checkpoint
    if row is not None:
        yield from _checkpoint_findings(row, verifier)
        yield from walk.log_findings(row.size)
        if walk.tree.root != row.root:
            yield Finding(None, "", f"the root over the {row.size} stored entries is not the one that was signed")
    if standing.beyond is not None:
        place, entry = standing.beyond
        yield Finding(place, entry.stream, f"the entry at place {place} is covered by no checkpoint")
    for level, index in standing.frontier:
        yield Finding(None, "", f"a node is stored at level {level}, index {index}, which the log has not reached")
    yield from walk.waiting_findings(standing.waiting)
    for check in checks:
        finding = check(walk.store, walk.tenant)
        if finding is not None:
            yield finding


def _checkpoint_findings(row: CheckpointRow, verifier: Verifier | None) -> Iterator[Finding]:
    subject = f"the checkpoint of size {row.size}"
    if verifier is None:
        yield Finding(None, "", f"{subject} cannot be verified: the key of the log is not here")
        return
    try:
        signed = Checkpoint.parse(open_note(row.note, [verifier]).text)
    except NoteError as error:
        yield Finding(None, "", f"{subject} does not hold: {error}")
        return
    if signed.origin != verifier.name:
        yield Finding(None, "", f"{subject} was signed for the log `{signed.origin}`, not for `{verifier.name}`")
    if signed.size != row.size:
        yield Finding(None, "", f"{subject} was signed as one of size {signed.size}")
    if signed.root != row.root:
        yield Finding(None, "", f"{subject} was signed with another root than its row names")


@dataclass(slots=True)
class _Walk:
    """The way through the log: what is computed so far."""

    store: Store
    tenant: TenantId
    bounds: Bounds
    tree: CompactRange = field(default_factory=CompactRange)
    heads: OrderedDict[str, tuple[int, bytes]] = field(default_factory=OrderedDict)
    forgotten: bool = False  # whether the head of some stream fell out of the cache

    def log_findings(self, size: int) -> Iterator[Finding]:
        """Go through all entries with a place below `size`."""
        for start in range(0, size, self.bounds.batch):
            yield from self._batch(start, min(start + self.bounds.batch, size))

    def waiting_findings(self, waiting: Iterable[EntryRow]) -> Iterator[Finding]:
        """Go through entries without a place: they are no part of the tree, but of their streams."""
        for entry in waiting:
            yield from self._entry(None, entry)

    def _batch(self, start: int, end: int) -> Iterator[Finding]:
        positions = list(completed_positions(start, end))

        def fetch(uow: UnitOfWork) -> tuple[Sequence[tuple[int, EntryRow]], Mapping[Position, bytes], frozenset[str]]:
            entries = uow.log_entries(start, end)
            begun = {entry.stream for _, entry in entries if entry.seq == 1 and entry.stream.startswith(CASE_STREAM)}
            orphans = (stream for stream in begun if uow.case(stream.removeprefix(CASE_STREAM)) is None)
            return entries, uow.tree_nodes(positions), frozenset(orphans)

        entries, stored, orphans = self.store.read(self.tenant, fetch)
        for expected, (place, entry) in enumerate(entries, start):
            if place != expected:
                yield Finding(expected, "", f"there is no entry at place {expected}")
                return
            yield from self._entry(place, entry)
            if entry.seq == 1 and entry.stream in orphans:
                yield Finding(place, entry.stream, "the stream tells of a case that does not exist")
        if len(entries) < end - start:
            missing = start + len(entries)
            yield Finding(missing, "", f"there is no entry at place {missing}")
            return
        self.tree, completed = self.tree.append(hash_leaf(entry.body) for _, entry in entries)
        for position in positions:
            if stored.get(position) != completed[position]:
                yield _node_finding(position, entries[0], missing=position not in stored)

    def _entry(self, place: int | None, entry: EntryRow) -> Iterator[Finding]:
        leaf = hash_leaf(entry.body)
        name = f"entry {entry.seq} of its stream"
        if leaf != entry.leaf_hash:
            yield Finding(place, entry.stream, f"{name} has other bytes than its leaf hash says")
        content = read_entry(entry.body)
        if not isinstance(content, Content):
            yield Finding(place, entry.stream, f"{name} cannot be read: {content.message}")
            return
        for column, told, stored in (
            ("tenant", content.tenant, self.tenant),
            ("stream", content.stream, entry.stream),
            ("number", content.seq, entry.seq),
            ("type", content.kind, entry.type),
            ("instant", content.at, entry.at),
        ):
            if told != stored:
                yield Finding(place, entry.stream, f"{name} tells the {column} `{told}`, its row `{stored}`")
        yield from self._link(place, entry.stream, content)
        self._keep(entry.stream, (content.seq, leaf))

    def _link(self, place: int | None, stream: str, content: Content) -> Iterator[Finding]:
        """Compare an entry with its predecessor in its stream, which an unbroken log has passed before."""
        head = self.heads.get(stream)
        if head is None:
            head = (0, NO_PREVIOUS) if content.seq == 1 else self._stored_predecessor(stream, content.seq)
        if head is None:
            yield Finding(place, stream, f"entry {content.seq - 1} of its stream is missing before it")
        elif content.seq != head[0] + 1:
            yield Finding(place, stream, f"entry {content.seq} of its stream comes after entry {head[0]}")
        elif content.previous != head[1]:
            yield Finding(place, stream, f"entry {content.seq} of its stream does not name the entry before it")

    def _stored_predecessor(self, stream: str, seq: int) -> tuple[int, bytes] | None:
        """Read the predecessor of an entry whose stream is not in the cache; none where the walk has passed none."""
        if not self.forgotten:
            return None
        for entry in self.store.read(self.tenant, lambda uow: uow.stream(stream)):
            if entry.seq == seq - 1:
                return entry.seq, hash_leaf(entry.body)
        return None

    def _keep(self, stream: str, head: tuple[int, bytes]) -> None:
        self.heads[stream] = head
        self.heads.move_to_end(stream)
        if len(self.heads) > self.bounds.heads_kept:
            self.heads.popitem(last=False)
            self.forgotten = True


def _node_finding(position: Position, first: tuple[int, EntryRow], *, missing: bool) -> Finding:
    level, index = position
    what = "is missing" if missing else "is not the hash of what it covers"
    words = f"the tree's stored node at level {level}, index {index} {what}"
    return Finding(index if level == 0 else None, first[1].stream if level == 0 and first[0] == index else "", words)

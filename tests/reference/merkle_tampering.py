"""What somebody with the database's password could do to a log: each function answers one tampering of its rows."""

from collections.abc import Callable
from datetime import UTC, datetime

from tests.reference.merkle_log_store import LogTables

from comptroller.application.ports.signing import Signer
from comptroller.application.records import CheckpointRow, EntryRow, revised
from comptroller.domain.audit import Actor, build_entry
from comptroller.domain.audit.checkpoint import Checkpoint
from comptroller.domain.audit.merkle import CompactRange, hash_leaf
from comptroller.domain.audit.note import sign_note
from comptroller.domain.kernel.ids import TenantId

Tamper = Callable[[LogTables], object]


def row_at(tables: LogTables, place: int) -> int:
    """The id of the row that has a place."""
    return next(row_id for row_id, each in tables.places.items() if each == place)


def body(row_id: int, old: bytes, new: bytes) -> Tamper:
    """Change an entry's bytes and nothing else."""

    def tamper(tables: LogTables) -> None:
        row = tables.entries[row_id]
        tables.entries[row_id] = revised(row, body=row.body.replace(old, new, 1))

    return tamper


def rehash(place: int, old: bytes, new: bytes) -> Tamper:
    """Change an entry's bytes and its leaf hash, so that the row agrees with itself."""

    def tamper(tables: LogTables) -> None:
        row = tables.entries[row_at(tables, place)]
        changed = row.body.replace(old, new, 1)
        tables.entries[row_at(tables, place)] = revised(row, body=changed, leaf_hash=hash_leaf(changed))

    return tamper


def leaf(row_id: int) -> Tamper:
    def tamper(tables: LogTables) -> None:
        tables.entries[row_id] = revised(tables.entries[row_id], leaf_hash=hash_leaf(b"another"))

    return tamper


def column(row_id: int, **changes: object) -> Tamper:
    def tamper(tables: LogTables) -> None:
        tables.entries[row_id] = revised(tables.entries[row_id], **changes)  # type: ignore[arg-type] # any column

    return tamper


def delete_entry(row_id: int) -> Tamper:
    def tamper(tables: LogTables) -> None:
        del tables.entries[row_id]
        tables.places.pop(row_id, None)

    return tamper


def move(place: int, to: int) -> Tamper:
    def tamper(tables: LogTables) -> None:
        tables.places[row_at(tables, place)] = to

    return tamper


def swap_places(one: int, other: int) -> Tamper:
    def tamper(tables: LogTables) -> None:
        first, second = row_at(tables, one), row_at(tables, other)
        tables.places[first], tables.places[second] = other, one

    return tamper


def swap_entries(one: int, other: int) -> Tamper:
    def tamper(tables: LogTables) -> None:
        entries = tables.entries
        entries[one], entries[other] = entries[other], entries[one]

    return tamper


def unplace(place: int) -> Tamper:
    def tamper(tables: LogTables) -> None:
        del tables.places[row_at(tables, place)]

    return tamper


def close_gap(place: int) -> Tamper:
    """Delete an entry and move the later ones up, so that no place is empty."""

    def tamper(tables: LogTables) -> None:
        delete_entry(row_at(tables, place))(tables)
        for row_id, old in list(tables.places.items()):
            if old > place:
                tables.places[row_id] = old - 1

    return tamper


def insert(stream: str, *, place: int | None) -> Tamper:
    """Add an entry that is right in itself and follows the head of its stream."""

    def tamper(tables: LogTables) -> None:
        rows = [row for row in tables.entries.values() if row.stream == stream]
        previous = max(rows, key=lambda row: row.seq, default=None)
        seq = previous.seq + 1 if previous else 1
        at = datetime(2026, 3, 27, 9, tzinfo=UTC)
        entry = build_entry(
            tenant=TenantId("brennhof"),
            stream=stream,
            seq=seq,
            previous=previous.leaf_hash if previous else bytes(32),
            at=at,
            actor=Actor("intruder", "person"),
            kind="task.opened",
            data={},
        )
        row_id = max(tables.entries) + 1
        tables.entries[row_id] = EntryRow(stream, seq, "task.opened", at, entry.body, entry.leaf_hash)
        if place is not None:
            tables.places[row_id] = place

    return tamper


def node(level: int, index: int, value: bytes | None) -> Tamper:
    def tamper(tables: LogTables) -> None:
        if value is None:
            del tables.nodes[level, index]
        else:
            tables.nodes[level, index] = value

    return tamper


def swap_nodes(one: tuple[int, int], other: tuple[int, int]) -> Tamper:
    def tamper(tables: LogTables) -> None:
        tables.nodes[one], tables.nodes[other] = tables.nodes[other], tables.nodes[one]

    return tamper


def checkpoint(change: Callable[[CheckpointRow], CheckpointRow]) -> Tamper:
    def tamper(tables: LogTables) -> None:
        tables.checkpoints[-1] = change(tables.checkpoints[-1])

    return tamper


def signed_anew(row: CheckpointRow, signer: Signer, *, origin: str = "", size: int = 0) -> CheckpointRow:
    text = Checkpoint(origin or signer.name, size or row.size, row.root).text
    return revised(row, note=sign_note(text, [signer]))


def lose_checkpoints(count: int) -> Tamper:
    def tamper(tables: LogTables) -> None:
        del tables.checkpoints[-count:]

    return tamper


def insert_checkpoint(tables: LogTables) -> None:
    row = tables.checkpoints[-1]
    tables.checkpoints.append(revised(row, size=row.size + 1))


def case(**changes: object) -> Tamper:
    def tamper(tables: LogTables) -> None:
        tables.cases["1"] = revised(tables.cases["1"], **changes)  # type: ignore[arg-type] # any column

    return tamper


def delete_case(tables: LogTables) -> None:
    del tables.cases["1"]


def swap_cases(tables: LogTables) -> None:
    one, other = tables.cases["1"], tables.cases["2"]
    tables.cases["1"], tables.cases["2"] = revised(other, case_id="1"), revised(one, case_id="2")


def insert_case(tables: LogTables) -> None:
    tables.cases["3"] = revised(tables.cases["1"], case_id="3")


def rewrite_everything(intruder: Signer) -> Tamper:
    """Forge an entry, then everything that follows from it, and sign with a key of one's own."""

    def tamper(tables: LogTables) -> None:
        tree = rewrite_all_but_the_note(tables)
        forged = revised(tables.checkpoints[-1], root=tree.root)
        tables.checkpoints[-1] = signed_anew(forged, intruder)

    return tamper


def rewrite_all_but_the_note(tables: LogTables) -> CompactRange:
    """Forge the last entry of a stream, and every node above it."""
    rehash(6, b"lena", b"jona")(tables)
    tree, nodes = CompactRange().append(
        tables.entries[row_at(tables, place)].leaf_hash for place in range(len(tables.places))
    )
    tables.nodes.update(nodes)
    return tree

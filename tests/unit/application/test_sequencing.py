from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import merkle_model
from tests.reference.merkle_log_store import LogStore, LogTables, record

from comptroller.adapters.keys import Ed25519Signer
from comptroller.application.records import revised
from comptroller.application.sequencing import LogForkError, sequence
from comptroller.domain.audit.checkpoint import Checkpoint
from comptroller.domain.audit.merkle import EMPTY_ROOT, completed_positions, hash_leaf
from comptroller.domain.audit.note import open_note, sign_note
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.ids import TenantId

TENANT = TenantId("brennhof")
SIGNER = Ed25519Signer.from_seed("log.example/brennhof", b"\x07" * 32)
OTHER = Ed25519Signer.from_seed("log.example/brennhof", b"\x08" * 32)
NOW = datetime(2026, 3, 27, 9, tzinfo=UTC)


def bodies(store: LogStore) -> list[bytes]:
    rows, places = store.tables.entries, store.tables.places
    return [rows[row_id].body for row_id in sorted(places, key=lambda row_id: places[row_id])]


def test_without_entries_nothing_is_signed() -> None:
    store = LogStore(TENANT)
    report = sequence(store.port, TENANT, SIGNER, NOW)
    assert (report.rounds, report.entries, report.size, report.root) == (0, 0, 0, EMPTY_ROOT)
    assert store.tables == LogTables()


def test_entries_get_places_in_their_order_and_a_signed_checkpoint() -> None:
    store = LogStore(TENANT)
    record(store, "case/1", 2)
    record(store, "intake")
    record(store, "case/1")
    report = sequence(store.port, TENANT, SIGNER, NOW)
    told = [row.body for row in store.tables.entries.values()]
    assert bodies(store) == told
    (row,) = store.tables.checkpoints
    signed = Checkpoint.parse(open_note(row.note, [SIGNER]).text)
    assert signed == Checkpoint("log.example/brennhof", 4, merkle_model.tree_hash(told))
    assert (row.size, row.root, row.signed_at) == (4, signed.root, NOW)
    assert (report.rounds, report.entries, report.size, report.root) == (1, 4, 4, signed.root)


def test_nothing_new_leaves_the_checkpoint_as_it_is() -> None:
    store = LogStore(TENANT)
    record(store, "intake", 3)
    first = sequence(store.port, TENANT, SIGNER, NOW)
    before = store.copy().tables
    again = sequence(store.port, TENANT, SIGNER, NOW)
    assert store.tables == before
    assert again == replace(first, rounds=0, entries=0)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 9), max_size=8))
def test_however_entries_arrive_the_tree_is_the_rfcs(arrivals: list[int]) -> None:
    store = LogStore(TENANT)
    for number, count in enumerate(arrivals):
        record(store, f"case/{number % 3}", count)
        sequence(store.port, TENANT, SIGNER, NOW)
    told = bodies(store)
    assert len(told) == sum(arrivals)
    assert set(store.tables.nodes) == set(completed_positions(0, len(told)))
    assert all(
        node == merkle_model.tree_hash(told[index << level : (index + 1) << level])
        for (level, index), node in store.tables.nodes.items()
    )
    for row in store.tables.checkpoints:
        assert row.root == merkle_model.tree_hash(told[: row.size])


@pytest.mark.parametrize("more", [-1, 0, 1])
def test_rounds_are_bounded_and_go_on_until_nothing_waits(more: int) -> None:
    store = LogStore(TENANT)
    record(store, "intake", limits.SEQUENCE_BATCH_MAX + more)
    report = sequence(store.port, TENANT, SIGNER, NOW)
    assert report.entries == report.size == limits.SEQUENCE_BATCH_MAX + more
    assert [row.size for row in store.tables.checkpoints] == (
        [limits.SEQUENCE_BATCH_MAX, limits.SEQUENCE_BATCH_MAX + 1] if more == 1 else [report.size]
    )
    assert report.rounds == len(store.tables.checkpoints)


def test_each_round_holds_the_sequencers_lock() -> None:
    store = LogStore(TENANT)
    record(store, "intake")
    store.locks.clear()
    sequence(store.port, TENANT, SIGNER, NOW)
    assert store.locks == [["sequencer"]]


def add_place(tables: LogTables) -> None:
    """Give the waiting entry the place behind the checkpoint, as a lost checkpoint would leave it."""
    waiting = next(row_id for row_id in tables.entries if row_id not in tables.places)
    tables.places[waiting] = 7


def change_node(level: int, index: int) -> Callable[[LogTables], None]:
    def change(tables: LogTables) -> None:
        tables.nodes[level, index] = hash_leaf(b"another")

    return change


def remove_node(level: int, index: int) -> Callable[[LogTables], None]:
    def remove(tables: LogTables) -> None:
        del tables.nodes[level, index]

    return remove


def change_waiting_body(tables: LogTables) -> None:
    waiting = next(row_id for row_id in tables.entries if row_id not in tables.places)
    row = tables.entries[waiting]
    tables.entries[waiting] = revised(row, body=row.body.replace(b"lena", b"jona"))


def change_root(tables: LogTables) -> None:
    tables.checkpoints[-1] = revised(tables.checkpoints[-1], root=hash_leaf(b"another"))


def change_size(tables: LogTables) -> None:
    tables.checkpoints[-1] = revised(tables.checkpoints[-1], size=6)


def drop_checkpoint(tables: LogTables) -> None:
    tables.checkpoints.pop()


def sign_by_another_key(tables: LogTables) -> None:
    row = tables.checkpoints[-1]
    note = sign_note(Checkpoint(OTHER.name, row.size, row.root).text, [OTHER])
    tables.checkpoints[-1] = revised(row, note=note)


def sign_for_another_log(tables: LogTables) -> None:
    row = tables.checkpoints[-1]
    note = sign_note(Checkpoint("log.example/other", row.size, row.root).text, [SIGNER])
    tables.checkpoints[-1] = revised(row, note=note)


def sign_no_checkpoint(tables: LogTables) -> None:
    tables.checkpoints[-1] = revised(tables.checkpoints[-1], note=sign_note("hello\n", [SIGNER]))


@pytest.mark.parametrize(
    ("tamper", "why"),
    [
        pytest.param(change_root, "was signed as", id="checkpoint's root"),
        pytest.param(change_size, "was signed as 7", id="checkpoint's size"),
        pytest.param(drop_checkpoint, "an entry at place 4", id="checkpoint taken away"),
        pytest.param(sign_by_another_key, "no known key", id="checkpoint of another key"),
        pytest.param(sign_for_another_log, "log.example/other", id="checkpoint of another log"),
        pytest.param(sign_no_checkpoint, "cannot be extended", id="note that is no checkpoint"),
        pytest.param(change_node(2, 0), "not the one that was signed", id="largest peak"),
        pytest.param(change_node(1, 2), "not the one that was signed", id="middle peak"),
        pytest.param(change_node(0, 6), "not the one that was signed", id="smallest peak"),
        pytest.param(remove_node(1, 2), "not the one that was signed", id="peak taken away"),
        pytest.param(add_place, "an entry at place 7", id="entry beyond the checkpoint"),
        pytest.param(change_waiting_body, "changed before it was sequenced", id="waiting entry"),
    ],
)
def test_log_that_does_not_fit_is_never_extended(tamper: Callable[[LogTables], None], why: str) -> None:
    store = LogStore(TENANT)
    record(store, "intake", 4)
    sequence(store.port, TENANT, SIGNER, NOW)
    record(store, "intake", 3)
    sequence(store.port, TENANT, SIGNER, NOW)
    record(store, "intake", 2)
    untouched = store.copy()
    tamper(store.tables)
    assert store.tables != untouched.tables
    tampered = store.copy().tables
    with pytest.raises(LogForkError, match=why):
        sequence(store.port, TENANT, SIGNER, NOW)
    assert store.tables == tampered
    assert sequence(untouched.port, TENANT, SIGNER, NOW).size == 9


def test_another_key_does_not_continue_the_log() -> None:
    store = LogStore(TENANT)
    record(store, "intake", 2)
    sequence(store.port, TENANT, SIGNER, NOW)
    record(store, "intake")
    with pytest.raises(LogForkError, match="no known key"):
        sequence(store.port, TENANT, OTHER, NOW)


@dataclass(frozen=True)
class BrokenSigner:
    """A key that cannot be reached."""

    name: str = SIGNER.name
    key_id: bytes = SIGNER.key_id

    def verify(self, message: bytes, signature: bytes) -> bool:
        return SIGNER.verify(message, signature)

    def sign(self, message: bytes) -> bytes:
        raise ConnectionError(f"no answer for {len(message)} bytes")


def test_key_that_cannot_sign_leaves_the_entries_waiting() -> None:
    store = LogStore(TENANT)
    record(store, "intake", 2)
    before = store.copy().tables
    with pytest.raises(ConnectionError):
        sequence(store.port, TENANT, BrokenSigner(), NOW)
    assert store.tables == before
    assert sequence(store.port, TENANT, SIGNER, NOW).size == 2

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.reference import merkle_model
from tests.reference.merkle_log_store import LogStore, LogTables, record
from tests.reference.merkle_tampering import (
    Tamper,
    body,
    case,
    checkpoint,
    close_gap,
    column,
    delete_case,
    delete_entry,
    insert,
    insert_case,
    insert_checkpoint,
    leaf,
    lose_checkpoints,
    move,
    node,
    rehash,
    rewrite_all_but_the_note,
    rewrite_everything,
    signed_anew,
    swap_cases,
    swap_entries,
    swap_nodes,
    swap_places,
    unplace,
)

from comptroller.adapters.keys import Ed25519Signer
from comptroller.application.ports.store import Store
from comptroller.application.records import EntryRow, revised
from comptroller.application.sequencing import sequence
from comptroller.application.verification import BOUNDS, Bounds, Finding, VerificationReport, verify
from comptroller.domain.audit.merkle import EMPTY_ROOT, hash_leaf
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.ids import TenantId

TENANT = TenantId("brennhof")
SIGNER = Ed25519Signer.from_seed("log.example/brennhof", b"\x07" * 32)
INTRUDER = Ed25519Signer.from_seed("log.example/brennhof", b"\x08" * 32)
NOW = datetime(2026, 3, 27, 9, tzinfo=UTC)
SEQUENCED, WAITING = 11, 3


def told_log() -> LogStore:
    """Two checkpoints over three streams, and three entries that still wait."""
    store = LogStore(TENANT)
    record(store, "intake", 2)
    record(store, "case/1", 3)
    record(store, "case/2", 2)
    sequence(store.port, TENANT, SIGNER, NOW)
    record(store, "case/1", 2)
    record(store, "intake", 2)
    sequence(store.port, TENANT, SIGNER, NOW)
    record(store, "case/2", 2)
    record(store, "principal/lena", 1)
    return store


LOG = told_log()
PLACES = {place: row_id for row_id, place in LOG.tables.places.items()}
WAITING_IDS = sorted(LOG.tables.entries.keys() - LOG.tables.places.keys())


def verified(store: LogStore, bounds: Bounds = BOUNDS) -> VerificationReport:
    return verify(store.port, TENANT, SIGNER, bounds=bounds)


def test_untouched_log_verifies() -> None:
    report = verified(LOG.copy())
    told = [LOG.tables.entries[PLACES[place]].body for place in range(SEQUENCED)]
    root = merkle_model.tree_hash(told)
    assert report == VerificationReport(TENANT, SEQUENCED, root, WAITING, None)
    assert report.ok
    assert report.to_json() == {
        "tenant": "brennhof",
        "size": 11,
        "root": root.hex(),
        "unsequenced": 3,
        "ok": True,
        "first_bad": None,
    }


def test_without_the_key_of_the_log_its_checkpoint_is_not_believed() -> None:
    report = verify(LOG.copy().port, TENANT, None)
    wrong = "the checkpoint of size 11 cannot be verified: the key of the log is not here"
    assert report.first_bad == Finding(None, "", wrong)


@pytest.mark.parametrize("batch", [1, 2, 3, 7, 11, 12])
@pytest.mark.parametrize("heads_kept", [1, 2, 3])
def test_bounds_on_memory_change_nothing(batch: int, heads_kept: int) -> None:
    assert verified(LOG.copy(), Bounds(batch, heads_kept)) == verified(LOG.copy())


def test_further_checks_are_asked_in_their_order() -> None:
    asked: list[str] = []

    def fine(store: Store, tenant: TenantId) -> Finding | None:
        asked.append(f"fine {tenant} {store.read(tenant, lambda uow: uow.unsequenced_count())}")
        return None

    def broken(store: Store, tenant: TenantId) -> Finding | None:
        asked.append(f"broken {tenant} {store is not None}")
        return Finding(None, "", "the journal does not balance")

    report = verify(LOG.copy().port, TENANT, SIGNER, checks=(fine, broken, fine))
    assert report.first_bad == Finding(None, "", "the journal does not balance")
    assert asked == ["fine brennhof 3", "broken brennhof True"]


def test_cases_are_compared_page_by_page() -> None:
    store = LogStore(TENANT)
    for number in range(2 * limits.PAGE_SIZE_MAX):
        record(store, f"case/{number:04}")
    assert verified(store).ok
    oldest = store.tables.cases["0000"]
    store.tables.cases["0000"] = revised(oldest, entry_seq=2)
    assert verified(store).first_bad == Finding(
        None, "case/0000", "the case's row ends its story with entry 2, the stream ends with 1"
    )


def test_verification_changes_nothing() -> None:
    store = LOG.copy()
    verified(store)
    assert store.tables == LOG.tables


def test_log_without_entries_verifies() -> None:
    assert verified(LogStore(TENANT)) == VerificationReport(TENANT, 0, EMPTY_ROOT, 0, None)


def test_log_that_was_never_sequenced_verifies_its_streams() -> None:
    store = LogStore(TENANT)
    record(store, "case/1", 3)
    assert verified(store) == VerificationReport(TENANT, 0, EMPTY_ROOT, 3, None)
    del store.tables.entries[2]
    assert verified(store).first_bad == Finding(None, "case/1", "entry 3 of its stream comes after entry 1")


def test_finding_is_written_with_its_place() -> None:
    store = LOG.copy()
    rehash(3, b"lena", b"jona")(store.tables)
    report = verified(store)
    assert not report.ok
    first_bad = report.to_json()["first_bad"]
    assert isinstance(first_bad, dict)
    assert set(first_bad) == {"place", "stream", "wrong"}
    assert (first_bad["place"], first_bad["stream"]) == (4, "case/1")


FIRST_WAITING = WAITING_IDS[0]

TAMPERINGS: list[tuple[str, Tamper, int | None, str, str]] = [
    # what, how, place, stream, what is said
    ("entry: bytes", body(PLACES[3], b"lena", b"jona"), 3, "case/1", "other bytes than its leaf hash"),
    ("entry: a space", rehash(3, b'"at"', b'"at" '), 3, "case/1", "cannot be read"),
    ("entry: emptied", column(PLACES[3], body=b""), 3, "case/1", "other bytes than its leaf hash"),
    ("entry: cut", column(PLACES[3], body=b'{"v":1', leaf_hash=hash_leaf(b'{"v":1')), 3, "case/1", "cannot be read"),
    ("entry: bytes and leaf", rehash(2, b'"number":1', b'"number":9'), 3, "case/1", "does not name the entry before"),
    ("entry: bytes and leaf of a last one", rehash(6, b"lena", b"jona"), 6, "", "level 0, index 6 is not the hash"),
    ("entry: leaf", leaf(PLACES[3]), 3, "case/1", "other bytes than its leaf hash"),
    ("entry: tenant", rehash(0, b"brennhof", b"nextdoor"), 0, "intake", "the tenant `nextdoor`"),
    ("entry: previous", rehash(0, b'"prev":"0', b'"prev":"1'), 0, "intake", "does not name the entry before"),
    ("entry: stream column", column(PLACES[3], stream="case/2"), 3, "case/2", "the stream `case/1`"),
    ("entry: number column", column(PLACES[3], seq=9), 3, "case/1", "the number `2`, its row `9`"),
    ("entry: type column", column(PLACES[3], type="task.closed"), 3, "case/1", "the type `task.opened`"),
    ("entry: instant column", column(PLACES[3], at=NOW + timedelta(days=1)), 3, "case/1", "the instant"),
    ("entry: deleted", delete_entry(PLACES[4]), 4, "", "no entry at place 4"),
    ("entry: first deleted", delete_entry(PLACES[0]), 0, "", "no entry at place 0"),
    ("entry: last deleted", delete_entry(PLACES[10]), 10, "", "no entry at place 10"),
    ("entry: deleted, gap closed", close_gap(4), 6, "case/1", "entry 4 of its stream comes after entry 2"),
    ("entry: last of a stream deleted, gap closed", close_gap(8), 10, "", "no entry at place 10"),
    ("entry: swapped with another", swap_entries(PLACES[2], PLACES[5]), 3, "case/1", "is missing before it"),
    ("place: swapped in a stream", swap_places(2, 3), 2, "case/1", "entry 1 of its stream is missing before it"),
    ("place: swapped between streams", swap_places(4, 5), None, "", "is not the hash"),
    ("place: moved behind the log", move(10, 11), 10, "", "no entry at place 10"),
    ("place: moved before the log", move(0, -1), 0, "", "no entry at place 0"),
    ("place: taken away", unplace(10), 10, "", "no entry at place 10"),
    ("insert: behind the checkpoint", insert("intake", place=11), 11, "intake", "covered by no checkpoint"),
    ("insert: far behind the checkpoint", insert("intake", place=4711), 4711, "intake", "covered by no checkpoint"),
    ("insert: before the log", insert("intake", place=-3), -3, "intake", "covered by no checkpoint"),
    ("insert: waiting, in a case", insert("case/1", place=None), None, "case/1", "ends its story with entry 5"),
    ("node: leaf", node(0, 3, hash_leaf(b"another")), 3, "", "level 0, index 3 is not the hash"),
    ("node: inner", node(2, 1, hash_leaf(b"another")), None, "", "level 2, index 1 is not the hash"),
    ("node: emptied", node(1, 0, b""), None, "", "level 1, index 0 is not the hash"),
    ("node: deleted", node(3, 0, None), None, "", "level 3, index 0 is missing"),
    ("node: leaf deleted", node(0, 10, None), 10, "", "level 0, index 10 is missing"),
    ("node: swapped", swap_nodes((1, 0), (1, 1)), None, "", "level 1, index 0 is not the hash"),
    ("node: inserted behind the log", node(0, 11, hash_leaf(b"next")), None, "", "which the log has not reached"),
    ("node: inserted above the log", node(4, 0, hash_leaf(b"top")), None, "", "which the log has not reached"),
    ("checkpoint: root", checkpoint(lambda row: revised(row, root=EMPTY_ROOT)), None, "", "another root"),
    ("checkpoint: size", checkpoint(lambda row: revised(row, size=10)), None, "", "signed as one of size 11"),
    ("checkpoint: note", checkpoint(lambda row: revised(row, note=row.note.replace("11", "10"))), None, "", "not hold"),
    ("checkpoint: note emptied", checkpoint(lambda row: revised(row, note="")), None, "", "does not hold"),
    ("checkpoint: older note", checkpoint(lambda row: signed_anew(row, SIGNER, size=7)), None, "", "of size 7"),
    ("checkpoint: another key", checkpoint(lambda row: signed_anew(row, INTRUDER)), None, "", "no known key"),
    ("checkpoint: another log", checkpoint(lambda row: signed_anew(row, SIGNER, origin="x")), None, "", "the log `x`"),
    ("checkpoint: deleted", lose_checkpoints(1), 7, "case/1", "covered by no checkpoint"),
    ("checkpoint: all deleted", lose_checkpoints(2), 0, "intake", "covered by no checkpoint"),
    ("checkpoint: inserted", insert_checkpoint, None, "", "size 12 was signed as one of size 11"),
    ("waiting: bytes", body(FIRST_WAITING, b"lena", b"jona"), None, "case/2", "other bytes than its leaf hash"),
    ("waiting: leaf", leaf(FIRST_WAITING), None, "case/2", "other bytes than its leaf hash"),
    ("waiting: deleted", delete_entry(FIRST_WAITING), None, "case/2", "entry 4 of its stream comes after entry 2"),
    ("waiting: last deleted", delete_entry(WAITING_IDS[1]), None, "case/2", "the stream ends with 3"),
    ("waiting: swapped", swap_entries(*WAITING_IDS[:2]), None, "case/2", "entry 4 of its stream comes after entry 2"),
    ("case: entry number", case(entry_seq=4), None, "case/1", "ends its story with entry 4, the stream ends with 5"),
    ("case: entry hash", case(entry_hash="00" * 32), None, "case/1", "names another entry 5"),
    ("case: deleted", delete_case, 2, "case/1", "a case that does not exist"),
    ("case: swapped", swap_cases, None, "case/2", "ends its story with entry 5, the stream ends with 4"),
    ("case: inserted", insert_case, None, "case/3", "ends its story with entry 5, the stream ends with 0"),
    ("whole history, own key", rewrite_everything(INTRUDER), None, "", "no known key"),
    ("whole history, old note", rewrite_all_but_the_note, None, "", "not the one that was signed"),
]


@pytest.mark.parametrize(
    ("tamper", "place", "stream", "wrong"), [pytest.param(*row[1:], id=row[0]) for row in TAMPERINGS]
)
def test_tampering_is_found(tamper: Tamper, place: int | None, stream: str, wrong: str) -> None:
    store = LOG.copy()
    tamper(store.tables)
    assert store.tables != LOG.tables, "the tampering did not fire"
    found = verified(store).first_bad
    assert found is not None
    assert wrong in found.wrong
    if place is not None:
        assert found.place == place
    if stream:
        assert found.stream == stream


def every_tampering() -> Iterator[tuple[str, Tamper]]:
    """The same few tamperings on every row there is."""
    rows = sorted(LOG.tables.entries)
    for row_id in rows:
        yield "entry changed", body(row_id, b"task", b"tusk")
        yield "leaf changed", leaf(row_id)
        yield "entry deleted", delete_entry(row_id)
        yield from (("entries swapped", swap_entries(row_id, other)) for other in rows if other > row_id)
    for place in range(SEQUENCED):
        yield "entry and leaf changed", rehash(place, b"task", b"tusk")
        yield "place taken away", unplace(place)
        yield "gap closed", close_gap(place)
        yield from (("places swapped", swap_places(place, other)) for other in range(place))
    for position, value in LOG.tables.nodes.items():
        yield "node changed", node(*position, hash_leaf(value))
        yield "node deleted", node(*position, None)
        yield from (("nodes swapped", swap_nodes(position, other)) for other in LOG.tables.nodes if other > position)
    note = LOG.tables.checkpoints[-1].note
    for at in range(len(note)):
        yield "note changed", checkpoint(lambda row, at=at: revised(row, note=_flipped(row.note, at)))  # type: ignore[misc] # a default binds `at`
        yield "note cut", checkpoint(lambda row, at=at: revised(row, note=row.note[:at]))  # type: ignore[misc] # as above


def _flipped(note: str, at: int) -> str:
    return f"{note[:at]}{chr(ord(note[at]) ^ 1)}{note[at + 1 :]}"


# An entry of no case that still waits: nothing signed and no row names it, so its end can be cut unseen.
LAST_OF_ITS_STREAM = WAITING_IDS[-1]


def harmless(tables: LogTables) -> bool:
    """Whether a tampering only cut the end of a stream that nobody names, or changed the order of what waits."""
    if tables.entries.keys() == LOG.tables.entries.keys() - {LAST_OF_ITS_STREAM}:
        return True
    streams = {row.stream for row in LOG.tables.entries.values()}
    waiting = [row_id for row_id in tables.entries if row_id not in tables.places]
    unchanged = replace(tables, entries=tables.entries | {row_id: LOG.tables.entries[row_id] for row_id in waiting})
    return unchanged == LOG.tables and all(_of(tables, stream) == _of(LOG.tables, stream) for stream in streams)


def _of(tables: LogTables, stream: str) -> list[EntryRow]:
    return [row for _, row in sorted(tables.entries.items()) if row.stream == stream]


@pytest.mark.parametrize("bounds", [BOUNDS, Bounds(batch=1, heads_kept=1), Bounds(batch=3, heads_kept=2)])
def test_every_row_is_guarded(bounds: Bounds) -> None:
    fired: Counter[str] = Counter()
    for name, tamper in every_tampering():
        tables = deepcopy(LOG.tables)
        tamper(tables)
        assert tables != LOG.tables, name
        if harmless(tables):
            fired["harmless"] += 1
            continue
        assert not verified(LogStore(TENANT, tables), bounds).ok, name
        fired[name] += 1
    entries, nodes = SEQUENCED + WAITING, len(LOG.tables.nodes)
    assert fired == {
        "harmless": 2,
        "entry changed": entries,
        "leaf changed": entries,
        "entry deleted": entries - 1,
        "entries swapped": entries * (entries - 1) // 2 - 1,
        "entry and leaf changed": SEQUENCED,
        "place taken away": SEQUENCED,
        "gap closed": SEQUENCED,
        "places swapped": SEQUENCED * (SEQUENCED - 1) // 2,
        "node changed": nodes,
        "node deleted": nodes,
        "nodes swapped": nodes * (nodes - 1) // 2,
        "note changed": len(LOG.tables.checkpoints[-1].note),
        "note cut": len(LOG.tables.checkpoints[-1].note),
    }

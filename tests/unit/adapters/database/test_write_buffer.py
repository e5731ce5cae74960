"""The buffer's one change a row, against a model that applies every change to a table at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.adapters.database.buffer import Change, WriteBuffer
from comptroller.adapters.database.sealing import Sealing
from comptroller.adapters.keys import TenantCipher
from comptroller.application import records
from comptroller.application.ports.store import Conflict
from comptroller.application.records import revised
from comptroller.domain.kernel.ids import TenantId

SEALING = Sealing(TenantId("acme"), TenantCipher.from_secret(bytes(32)))

Operation = tuple[str, str]

OPERATIONS = st.lists(st.tuples(st.sampled_from(["insert", "update", "delete"]), st.sampled_from("abc")), max_size=12)


def wait(name: str) -> records.WaitRow:
    return records.WaitRow("message", name, "c1", "1")


def apply(buffer: WriteBuffer, operation: Operation) -> None:
    kind, name = operation
    getattr(buffer, kind)(wait(name))


def flushed(buffer: WriteBuffer, stored: set[str]) -> set[str]:
    """Return what a table holds after the flush; fails where the database would refuse."""
    held = set(stored)
    for _, change, group in buffer.changes():
        names = {pending.row.correlation for pending in group}
        assert names <= held
        if change is Change.DELETE:
            held -= names
    for _, rows in buffer.inserts():
        names = {row.correlation for row in rows}
        assert not names & held
        held |= names
    return held


@given(st.sets(st.sampled_from("abc")), OPERATIONS, OPERATIONS)
def test_the_flush_ends_where_the_changes_one_by_one_end(
    stored: set[str], kept: list[Operation], undone: list[Operation]
) -> None:
    model, buffer = set(stored), WriteBuffer(SEALING)
    for kind, name in kept:
        if (kind == "insert") == (name in model):
            continue  # the database would refuse it
        apply(buffer, (kind, name))
        model = model - {name} if kind == "delete" else model | {name}
    mark = buffer.mark()
    for operation in undone:
        try:
            apply(buffer, operation)
        except Conflict:
            continue
    buffer.undo(mark)
    assert flushed(buffer, stored) == model


REFUSED = {
    "inserted twice": [("insert", "a"), ("insert", "a")],
    "inserted while it exists": [("update", "a"), ("insert", "a")],
    "updated after its removal": [("delete", "a"), ("update", "a")],
    "removed twice": [("delete", "a"), ("delete", "a")],
}


@pytest.mark.parametrize("operations", REFUSED.values(), ids=REFUSED)
def test_what_cannot_follow_is_a_conflict(operations: list[Operation]) -> None:
    buffer = WriteBuffer(SEALING)
    apply(buffer, operations[0])
    with pytest.raises(Conflict):
        apply(buffer, operations[1])


def test_a_change_of_a_change_keeps_what_the_first_expected() -> None:
    buffer = WriteBuffer(SEALING)
    buffer.update(records.BalanceRow("b", 5), expected=3)
    buffer.update(records.BalanceRow("b", 9), expected=5)
    ((_, change, (pending,)),) = buffer.changes()
    assert (change, pending.row.taken_micro, pending.expected) == (Change.UPDATE, 9, 3)


def test_undoing_takes_back_the_head_of_a_stream(entry: records.EntryRow) -> None:
    buffer = WriteBuffer(SEALING)
    buffer.insert(entry)
    mark = buffer.mark()
    buffer.insert(revised(entry, seq=2))
    assert buffer.head(entry.stream) == revised(entry, seq=2)
    buffer.undo(mark)
    assert buffer.head(entry.stream) == entry
    buffer.undo(0)
    assert buffer.head(entry.stream) is None
    assert not buffer


def test_a_reference_brings_its_aliases(reference: records.ReferenceRow) -> None:
    buffer = WriteBuffer(SEALING)
    buffer.insert(reference)
    aliases = [[row.alias for row in rows] for table, rows in buffer.inserts() if table.name == "reference_alias"]
    assert aliases == [["supplier/S-1", "vat/DE1"]]

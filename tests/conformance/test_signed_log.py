"""A log that another implementation wrote and signed, and the note of the specification: read and verified as ours."""

import os
from pathlib import Path

import pytest

from comptroller.adapters.keys import Ed25519Verifier
from comptroller.domain.audit.checkpoint import Checkpoint
from comptroller.domain.audit.merkle import CompactRange, hash_leaf
from comptroller.domain.audit.note import NoteError, VerificationKey, open_note
from comptroller.domain.audit.proof import prove_consistency, prove_inclusion, verify_consistency, verify_inclusion

pytestmark = pytest.mark.conformance

ROOT = os.environ.get("CONFORMANCE_DATA", "")
LOG = Path(ROOT) / "tessera_log" / "testdata" / "log"
NEEDS_LOG = pytest.mark.skipif(not ROOT, reason="CONFORMANCE_DATA names no directory")
SIZES = range(16)

LOG_KEY = Ed25519Verifier(
    VerificationKey.parse("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx")
)

# SOURCE: C2SP signed-note, the example of the specification
SPECIFICATION_KEY = Ed25519Verifier(
    VerificationKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
)
SPECIFICATION_NOTE = (
    "This is an example message.\n\n"
    "\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)


def checkpoint(size: int) -> Checkpoint:
    note = open_note((LOG / f"checkpoint.{size}").read_bytes(), [LOG_KEY])
    return Checkpoint.parse(note.text)


def entries(size: int) -> list[bytes]:
    """The entries of a partial bundle: two bytes of length, then the entry."""
    data = (LOG / "tile" / "entries" / "000.p" / str(size)).read_bytes() if size else b""
    found = []
    while data:
        length = int.from_bytes(data[:2])
        found.append(data[2 : 2 + length])
        data = data[2 + length :]
    return found


@NEEDS_LOG
@pytest.mark.parametrize("size", SIZES)
def test_signed_checkpoint_is_of_the_entries(size: int) -> None:
    signed = checkpoint(size)
    tree, _ = CompactRange().append(map(hash_leaf, entries(size)))
    assert signed == Checkpoint("example.com/log/testdata", size, tree.root)
    assert (LOG / f"checkpoint.{size}").read_text().startswith(signed.text)


@NEEDS_LOG
@pytest.mark.parametrize("size", SIZES[1:])
def test_tile_holds_the_leaves(size: int) -> None:
    tile = (LOG / "tile" / "0" / "000.p" / str(size)).read_bytes()
    assert tile == b"".join(map(hash_leaf, entries(size)))


@NEEDS_LOG
def test_every_pair_of_checkpoints_is_consistent_and_every_entry_included() -> None:
    last = SIZES[-1]
    _, nodes = CompactRange().append(map(hash_leaf, entries(last)))
    for size_2 in SIZES[1:]:
        root_2 = checkpoint(size_2).root
        for size_1 in range(1, size_2 + 1):
            proof = prove_consistency(size_1, size_2, nodes)
            root_1 = checkpoint(size_1).root
            verify_consistency(size_1=size_1, size_2=size_2, root_1=root_1, root_2=root_2, proof=proof)
        for index, entry in enumerate(entries(size_2)):
            path = prove_inclusion(index, size_2, nodes)
            verify_inclusion(index=index, size=size_2, leaf_hash=hash_leaf(entry), proof=path, root=root_2)


def test_note_of_the_specification_verifies() -> None:
    assert open_note(SPECIFICATION_NOTE, [SPECIFICATION_KEY]).text == "This is an example message.\n"


def test_no_bit_of_the_note_can_change() -> None:
    note = SPECIFICATION_NOTE.encode()
    for bit in range(len(note) * 8):
        changed = bytearray(note)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(NoteError):
            open_note(bytes(changed), [SPECIFICATION_KEY])

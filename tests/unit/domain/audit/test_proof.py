from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reference import merkle_model

from comptroller.domain.audit.merkle import CompactRange, Nodes, hash_children, hash_leaf
from comptroller.domain.audit.proof import (
    Proof,
    ProofError,
    consistency_positions,
    inclusion_positions,
    prove_consistency,
    prove_inclusion,
    verify_consistency,
    verify_inclusion,
)

SIZE = 70
ENTRIES = [bytes([number]) for number in range(SIZE)]
NODES: Nodes = CompactRange().append([hash_leaf(entry) for entry in ENTRIES])[1]
ROOTS = [merkle_model.tree_hash(ENTRIES[:size]) for size in range(SIZE + 1)]


@dataclass(frozen=True)
class Inclusion:
    index: int
    size: int
    leaf_hash: bytes
    proof: Proof
    root: bytes

    def verify(self) -> None:
        verify_inclusion(index=self.index, size=self.size, leaf_hash=self.leaf_hash, proof=self.proof, root=self.root)


@dataclass(frozen=True)
class Consistency:
    size_1: int
    size_2: int
    root_1: bytes
    root_2: bytes
    proof: Proof

    def verify(self) -> None:
        verify_consistency(
            size_1=self.size_1, size_2=self.size_2, root_1=self.root_1, root_2=self.root_2, proof=self.proof
        )


def inclusion(index: int, size: int) -> Inclusion:
    return Inclusion(index, size, hash_leaf(ENTRIES[index]), prove_inclusion(index, size, NODES), ROOTS[size])


def consistency(size_1: int, size_2: int) -> Consistency:
    return Consistency(size_1, size_2, ROOTS[size_1], ROOTS[size_2], prove_consistency(size_1, size_2, NODES))


def test_every_inclusion_proof_is_the_rfcs_and_verifies() -> None:
    for size in range(1, SIZE + 1):
        for index in range(size):
            case = inclusion(index, size)
            assert list(case.proof) == merkle_model.audit_path(index, ENTRIES[:size])
            assert set(inclusion_positions(index, size)) <= NODES.keys()
            case.verify()


def test_every_consistency_proof_is_the_rfcs_and_verifies() -> None:
    for size_2 in range(1, SIZE + 1):
        for size_1 in range(1, size_2 + 1):
            case = consistency(size_1, size_2)
            assert list(case.proof) == merkle_model.consistency_proof(size_1, ENTRIES[:size_2])
            assert set(consistency_positions(size_1, size_2)) <= NODES.keys()
            case.verify()


@given(st.data())
def test_no_inclusion_is_proved_of_another_entry_place_or_tree(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, SIZE))
    case = inclusion(data.draw(st.integers(0, size - 1)), size)
    other_place = data.draw(st.integers(0, size - 1).filter(lambda place: place != case.index))
    bit = data.draw(st.integers(0, 255))
    step = data.draw(st.integers(0, len(case.proof) - 1))
    proof = (*case.proof[:step], flipped(case.proof[step], bit), *case.proof[step + 1 :])
    for forged in (
        replace(case, index=other_place),
        replace(case, leaf_hash=flipped(case.leaf_hash, bit)),
        replace(case, root=flipped(case.root, bit)),
        replace(case, proof=proof),
        replace(case, proof=case.proof[:-1]),
        replace(case, proof=(*case.proof, case.root)),
    ):
        with pytest.raises(ProofError):
            forged.verify()


@given(st.data())
def test_no_consistency_is_proved_of_another_history(data: st.DataObject) -> None:
    size_2 = data.draw(st.integers(2, SIZE))
    case = consistency(data.draw(st.integers(1, size_2 - 1)), size_2)
    bit = data.draw(st.integers(0, 255))
    step = data.draw(st.integers(0, len(case.proof) - 1))
    proof = (*case.proof[:step], flipped(case.proof[step], bit), *case.proof[step + 1 :])
    for forged in (
        replace(case, root_1=flipped(case.root_1, bit)),
        replace(case, root_2=flipped(case.root_2, bit)),
        replace(case, root_1=case.root_2, root_2=case.root_1),
        replace(case, proof=proof),
        replace(case, proof=case.proof[:-1]),
        replace(case, proof=(*case.proof, case.root_2)),
        replace(case, size_1=case.size_2, size_2=case.size_1),
    ):
        with pytest.raises(ProofError):
            forged.verify()


def flipped(node: bytes, bit: int) -> bytes:
    return (int.from_bytes(node) ^ 1 << bit).to_bytes(len(node))


@pytest.mark.parametrize(
    ("forged", "reason"),
    [
        pytest.param(lambda: inclusion(0, 1).__class__(1, 1, ROOTS[1], (), ROOTS[1]), "no entry 1", id="place behind"),
        pytest.param(lambda: replace(inclusion(0, 4), index=-1), "no entry -1", id="place before"),
        pytest.param(lambda: replace(inclusion(0, 4), size=0), "no entry 0", id="empty tree"),
        pytest.param(lambda: replace(inclusion(0, 4), proof=()), "too short", id="no steps"),
        pytest.param(lambda: replace(inclusion(0, 4), proof=(b"",) * 2), "32 bytes", id="step without a hash"),
        pytest.param(lambda: replace(inclusion(0, 1), proof=(ROOTS[1],)), "too long", id="step above the root"),
        pytest.param(lambda: replace(inclusion(0, 4), root=ROOTS[3]), "another root", id="root of another size"),
        pytest.param(lambda: replace(consistency(3, 5), size_1=0), "no consistency", id="from an empty tree"),
        pytest.param(lambda: replace(consistency(3, 5), size_1=6), "no consistency", id="backwards"),
        pytest.param(lambda: replace(consistency(3, 3), proof=(ROOTS[3],)), "empty", id="steps between equals"),
        pytest.param(lambda: replace(consistency(3, 3), root_2=ROOTS[4]), "two roots", id="fork of one size"),
        pytest.param(lambda: replace(consistency(3, 5), proof=()), "too short", id="no steps between"),
        pytest.param(lambda: replace(consistency(3, 5), root_1=ROOTS[2]), "another first", id="first root"),
        pytest.param(lambda: replace(consistency(3, 5), root_2=ROOTS[6]), "another second", id="second root"),
        pytest.param(lambda: replace(consistency(4, 5), root_1=b""), "32 bytes", id="root without a hash"),
    ],
)
def test_refused_proof_says_why(forged: Callable[[], Inclusion | Consistency], reason: str) -> None:
    with pytest.raises(ProofError, match=reason):
        forged().verify()


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda: prove_inclusion(5, 5, NODES), id="entry not in the tree"),
        pytest.param(lambda: prove_inclusion(-1, 5, NODES), id="entry before the first"),
        pytest.param(lambda: prove_consistency(0, 5, NODES), id="from an empty tree"),
        pytest.param(lambda: prove_consistency(6, 5, NODES), id="backwards"),
        pytest.param(lambda: prove_inclusion(0, SIZE * 2, NODES), id="nodes not stored"),
    ],
)
def test_proof_that_cannot_be_made_is_an_error(ask: Callable[[], Proof]) -> None:
    with pytest.raises(ProofError):
        ask()


def test_root_of_a_complete_first_tree_is_not_part_of_the_proof() -> None:
    case = consistency(2, 3)
    assert case.proof == (hash_leaf(ENTRIES[2]),)
    assert hash_children(case.root_1, *case.proof) == case.root_2

"""Inclusion and consistency proofs (RFC 6962, sections 2.1.1 and 2.1.2; RFC 9162, 2.1.3 and 2.1.4 for verification).

Both prove by the same means: the hashes of the subtrees that the verifier cannot compute. An inclusion proof leads
from one leaf to the root; a consistency proof leads from the roots of an old tree to the root of the new one, so that
nothing before the old size has changed. Making a proof needs stored complete nodes only: `*_positions` names them all,
the caller fetches them at once, `prove_*` puts them together. A proof that does not verify is a `ProofError` that
says why; the verifiers accept nothing for a tree of size zero, which proves nothing.
"""

from collections.abc import Sequence
from hmac import compare_digest

from comptroller.domain.audit.merkle import (
    HASH_BYTES,
    CompactRange,
    Nodes,
    Position,
    hash_children,
    peak_positions,
)

Proof = tuple[bytes, ...]
"""Hashes of subtrees, from the leaf's end to the root's."""

Span = tuple[int, int]
"""Entries from the first up to, not including, the second."""


class ProofError(ValueError):
    """A proof does not prove what it was given for, or cannot be made for what was asked."""


def inclusion_positions(index: int, size: int) -> tuple[Position, ...]:
    """Name the stored nodes that a proof of the entry at `index` in the tree of `size` is made of."""
    return _positions(_inclusion_spans(index, size))


def prove_inclusion(index: int, size: int, nodes: Nodes) -> Proof:
    """Prove that the entry at `index` is in the tree of `size`; a node that is missing is a `ProofError`."""
    return _hashes(_inclusion_spans(index, size), nodes)


def consistency_positions(size_1: int, size_2: int) -> tuple[Position, ...]:
    """Name the stored nodes that a proof between two sizes is made of."""
    return _positions(_consistency_spans(size_1, size_2))


def prove_consistency(size_1: int, size_2: int, nodes: Nodes) -> Proof:
    """Prove that the tree of `size_2` begins with that of `size_1`; a node that is missing is a `ProofError`."""
    return _hashes(_consistency_spans(size_1, size_2), nodes)


def verify_inclusion(*, index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Verify that a leaf is at `index` of the tree with this size and root, else raise `ProofError`."""
    # SOURCE: RFC 9162, section 2.1.3.2
    if not 0 <= index < size:
        raise ProofError(f"no entry {index} in a tree of {size}")
    _require_hashes((leaf_hash, root, *proof))
    node, last, computed = index, size - 1, leaf_hash
    for sibling in proof:
        if last == 0:
            raise ProofError("the proof is too long")
        if node & 1 or node == last:
            computed = hash_children(sibling, computed)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            computed = hash_children(computed, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError("the proof is too short")
    if not compare_digest(computed, root):
        raise ProofError("the proof leads to another root")


def verify_consistency(*, size_1: int, size_2: int, root_1: bytes, root_2: bytes, proof: Sequence[bytes]) -> None:
    """Verify that the second tree begins with the first, else raise `ProofError`."""
    # SOURCE: RFC 9162, section 2.1.4.2
    if not 0 < size_1 <= size_2:
        raise ProofError(f"no consistency from a tree of {size_1} to one of {size_2} can be proved")
    if size_1 == size_2:
        if proof:
            raise ProofError("between equal sizes the proof is empty")
        if not compare_digest(root_1, root_2):
            raise ProofError("one size, two roots")
        return
    _require_hashes((root_1, root_2, *proof))
    if not proof:
        raise ProofError("the proof is too short")
    # a first tree that is one complete subtree is its own first node, which the proof leaves out
    path = iter(proof if size_1 & (size_1 - 1) else (root_1, *proof))
    node, last = size_1 - 1, size_2 - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = next(path)
    for sibling in path:
        if last == 0:
            raise ProofError("the proof is too long")
        if node & 1 or node == last:
            old, new = hash_children(sibling, old), hash_children(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = hash_children(new, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofError("the proof is too short")
    if not compare_digest(old, root_1):
        raise ProofError("the proof leads to another first root")
    if not compare_digest(new, root_2):
        raise ProofError("the proof leads to another second root")


def _require_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise ProofError(f"a hash has {HASH_BYTES} bytes")


def _inclusion_spans(index: int, size: int) -> list[Span]:
    """Walk from the root down to the leaf and keep the half not taken; nearest to the leaf first."""
    if not 0 <= index < size:
        raise ProofError(f"no entry {index} in a tree of {size}")
    start, end, spans = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def _consistency_spans(size_1: int, size_2: int) -> list[Span]:
    """Walk down to the subtree in which the old tree ends; that subtree itself leads, unless it is the old tree."""
    if not 0 < size_1 <= size_2:
        raise ProofError(f"no consistency from a tree of {size_1} to one of {size_2} can be proved")
    start, end, spans = 0, size_2, []
    while end != size_1:
        middle = start + _split(end - start)
        if size_1 <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    if start:
        spans.append((start, end))
    return spans[::-1]


def _split(length: int) -> int:
    """Find the largest power of two below `length`: where RFC 6962 parts a tree."""
    return 1 << (length - 1).bit_length() - 1


def _span_positions(span: Span) -> tuple[Position, ...]:
    """Name the peaks of the subtree over a span; its start is a multiple of a power of two not below its length."""
    start, end = span
    return tuple((level, (start >> level) + index) for level, index in peak_positions(end - start))


def _positions(spans: Sequence[Span]) -> tuple[Position, ...]:
    return tuple(position for span in spans for position in _span_positions(span))


def _hashes(spans: Sequence[Span], nodes: Nodes) -> Proof:
    try:
        return tuple(
            CompactRange(end - start, tuple(nodes[position] for position in _span_positions((start, end)))).root
            for start, end in spans
        )
    except KeyError as missing:
        raise ProofError(f"the tree's node {missing} is not stored") from None

"""The Merkle tree by the letter of RFC 6962, section 2.1: recursion over lists, nothing stored, nothing clever."""

from collections.abc import Sequence
from hashlib import sha256


def tree_hash(entries: Sequence[bytes]) -> bytes:
    """MTH, section 2.1."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = split(len(entries))
    return sha256(b"\x01" + tree_hash(entries[:k]) + tree_hash(entries[k:])).digest()


def audit_path(index: int, entries: Sequence[bytes]) -> list[bytes]:
    """PATH, section 2.1.1."""
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if index < k:
        return [*audit_path(index, entries[:k]), tree_hash(entries[k:])]
    return [*audit_path(index - k, entries[k:]), tree_hash(entries[:k])]


def consistency_proof(size_1: int, entries: Sequence[bytes]) -> list[bytes]:
    """PROOF, section 2.1.2."""
    return _subproof(size_1, entries, whole=True)


def _subproof(size_1: int, entries: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if size_1 == len(entries):
        return [] if whole else [tree_hash(entries)]
    k = split(len(entries))
    if size_1 <= k:
        return [*_subproof(size_1, entries[:k], whole=whole), tree_hash(entries[k:])]
    return [*_subproof(size_1 - k, entries[k:], whole=False), tree_hash(entries[:k])]


def split(length: int) -> int:
    """The largest power of two smaller than the length."""
    k = 1
    while k * 2 < length:
        k *= 2
    return k

"""The Merkle tree of RFC 6962, section 2.1, over SHA-256, kept as the hashes of its complete subtrees.

A node `(level, index)` covers the entries from `index * 2**level` up to, not including, `(index + 1) * 2**level`. It is
complete once all of them exist and never changes afterwards; only complete nodes are kept. A tree of any size is a
row of complete subtrees, one for each one-bit of its size, largest first (its *peaks*), and its root is the peaks
hashed together from the right. So appending needs the peaks alone, and the root of any earlier size takes as many
stored nodes as its size has one-bits.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

Position = tuple[int, int]
"""Level (0 holds the leaves) and index of a complete node."""

Nodes = Mapping[Position, bytes]
"""Hashes of complete nodes."""

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256(b"").digest()


def hash_leaf(entry: bytes) -> bytes:
    """Hash an entry into a leaf."""
    return sha256(b"\x00" + entry).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """Hash two siblings into their parent."""
    return sha256(b"\x01" + left + right).digest()


def peak_positions(size: int) -> tuple[Position, ...]:
    """Name the peaks of a tree, largest (leftmost) first.

    >>> peak_positions(6)
    ((2, 0), (1, 2))
    """
    return tuple((level, (size >> level) - 1) for level in reversed(range(size.bit_length())) if size >> level & 1)


def completed_positions(size_1: int, size_2: int) -> Iterator[Position]:
    """Name the nodes that become complete while a tree grows from one size to another, level by level.

    >>> list(completed_positions(1, 4))
    [(0, 1), (0, 2), (0, 3), (1, 0), (1, 1), (2, 0)]
    """
    for level in range(size_2.bit_length()):
        for index in range(size_1 >> level, size_2 >> level):
            yield level, index


@dataclass(frozen=True, slots=True)
class CompactRange:
    """A tree by its size and peaks: all that appending needs."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError(f"a tree of {self.size} entries does not have {len(self.peaks)} peaks")

    @property
    def root(self) -> bytes:
        """The root hash of the tree."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = hash_children(peak, root)
        return root

    def append(self, leaves: Iterable[bytes]) -> tuple["CompactRange", dict[Position, bytes]]:
        """Append leaf hashes; return the longer tree and the nodes that became complete, leaves included.

        Like adding one in binary: a new leaf carries up through every one-bit of the size.
        """
        peaks = list(self.peaks)
        size = self.size
        completed: dict[Position, bytes] = {}
        for leaf in leaves:
            level, index, node = 0, size, leaf
            completed[level, index] = node
            while index & 1:
                node = hash_children(peaks.pop(), node)
                level, index = level + 1, index >> 1
                completed[level, index] = node
            peaks.append(node)
            size += 1
        return CompactRange(size, tuple(peaks)), completed


def stored_tree(size: int, nodes: Nodes) -> CompactRange | None:
    """Take up a tree from its stored peaks; None when one of them is missing."""
    peaks = tuple(nodes[position] for position in peak_positions(size) if position in nodes)
    return CompactRange(size, peaks) if len(peaks) == size.bit_count() else None

"""Sets of rules, from one whole number with a bit for each rule to arrays of rule numbers."""

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Codes: TypeAlias = NDArray[np.integer]
"""Small whole numbers, one for each row: of a segment, a class of segments, a group of rules, an outcome."""

_WORD: Final = 64
_WORDS_AT_ONCE: Final = 2**21


def members(sets: Sequence[int], rules: int) -> tuple[Codes, Codes]:
    """All pairs of a set's position and a rule in it, in order."""
    size = -(-rules // _WORD)
    step = max(1, _WORDS_AT_ONCE // size)
    parts = list(_members(sets, size, step))
    return np.concatenate([owner for owner, _ in parts]), np.concatenate([rule for _, rule in parts])


def _members(sets: Sequence[int], size: int, step: int) -> Iterator[tuple[Codes, Codes]]:
    for first in range(0, max(len(sets), 1), step):
        content = b"".join(rules.to_bytes(size * 8, "little") for rules in sets[first : first + step])
        words = np.frombuffer(content, "<u8").reshape(-1, size)
        owner, place = np.nonzero(words)
        bits = np.unpackbits(words[owner, place].view(np.uint8), bitorder="little").reshape(-1, _WORD)
        word, bit = np.nonzero(bits)
        yield owner[word] + first, place[word] * _WORD + bit


def classes_of(sets: Sequence[int]) -> tuple[list[int], list[int]]:
    """The different sets in the order of their first appearance, and for each set its place among them."""
    places: dict[int, int] = {}
    classes = [places.setdefault(rules, len(places)) for rules in sets]
    return list(places), classes

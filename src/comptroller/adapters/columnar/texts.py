"""Texts to small numbers: which of a few named texts each row holds, without making a text of any row.

The first and the last eight bytes of a text, with its length, are three whole numbers that an array operation takes out
of Arrow's buffer for all rows at once. Multiplied and shifted they give a place in a table made so that no two named
texts share one (hash and displace). A row's text is then compared, word by word, with the only one that it can be.
"""

from collections.abc import Sequence
from itertools import count
from random import Random
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from comptroller.adapters.columnar.rule_sets import Codes

_Words = NDArray[np.uint64]

_WORD: Final = 8  # bytes
_BITS: Final = np.array([(1 << (8 * length)) - 1 for length in range(_WORD + 1)], np.uint64)
"""What of a word belongs to a text of so many bytes."""

_ALL: Final = 2**64 - 1


class NamedTexts:
    """The texts that cells name. A text's number is its position from 1; every other text's is 0."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = [name.encode(errors="surrogatepass") for name in names]
        longest = max(map(len, self._names), default=0)
        self._length_max = longest
        self._words = np.zeros((max(1, -(-longest // _WORD)), len(names) + 1), np.uint64)
        self._lengths = np.full(len(names) + 1, -1, np.int64)
        for number, name in enumerate(self._names, 1):
            padded = np.frombuffer(name.ljust(len(self._words) * _WORD, b"\0"), "<u8")
            self._words[:, number] = padded
            self._lengths[number] = len(name)
        self._places()

    def _places(self) -> None:
        """Find multipliers, and for each bucket of names what displaces them, so that all have a place of their own."""
        size = max(4, 1 << (3 * len(self._names)).bit_length())
        places = size.bit_length() - 1
        self._shift, self._below, self._mask = (
            np.uint64(64 - places),
            np.uint64(66 - 2 * places),
            np.uint64(size // 4 - 1),
        )
        for seed in count():
            random = Random(seed)  # noqa: S311 - spreads names over a table, keeps no secret
            self._multipliers = np.array([random.getrandbits(64) | 1 for _ in range(3)], np.uint64)
            hashes = [self._hash_of(name) for name in self._names]
            placed = _displaced(hashes, size)
            if placed is not None:
                self._displacements, self._numbers = placed
                return

    def _hash_of(self, name: bytes) -> int:
        first = int.from_bytes(name[:_WORD], "little")
        last = int.from_bytes(name[-_WORD:], "little") if len(name) > _WORD else 0
        words = (first, last, len(name))
        return sum(word * int(by) for word, by in zip(words, self._multipliers, strict=True)) & _ALL

    def find(self, array: Any) -> Codes:
        """The numbers of an Arrow array of texts; those of nulls mean nothing."""
        if not self._names:
            return np.zeros(len(array), np.int64)
        starts, lengths, data = _content(array)
        first = _words_at(data, starts) & _BITS.take(lengths, mode="clip")
        by_first, by_last, by_length = self._multipliers
        hashes = first * by_first
        hashes += lengths.view(np.uint64) * by_length
        if len(lengths) and lengths.max() > _WORD:
            long = np.flatnonzero(lengths > _WORD)
            hashes[long] += _words_at(data, starts[long] + lengths[long] - _WORD) * by_last
        places = hashes >> self._shift
        places ^= self._displacements.take((hashes >> self._below & self._mask).view(np.int64))
        found = self._numbers.take(places.view(np.int64))
        found *= (self._words[0].take(found) == first) & (self._lengths.take(found) == lengths)
        for place in range(1, len(self._words)):
            self._check(found, place, starts, lengths, data)
        return found

    def _check(self, found: Codes, place: int, starts: Codes, lengths: Codes, data: _Words) -> None:
        """Compare a further word of those that are long enough, and found so far."""
        rows = np.flatnonzero((found > 0) & (lengths > place * _WORD))
        word = _words_at(data, starts[rows] + place * _WORD)
        word &= _BITS.take(lengths[rows] - place * _WORD, mode="clip")
        found[rows[self._words[place].take(found[rows]) != word]] = 0


def _displaced(hashes: Sequence[int], size: int) -> tuple[_Words, Codes] | None:
    """Displace the fullest buckets first; a place is named by a hash's leading bits, a bucket by those that follow."""
    bits = size.bit_length() - 1
    displacements = np.zeros(size // 4, np.uint64)
    numbers = np.zeros(size, np.int64)
    buckets: dict[int, list[tuple[int, int]]] = {}
    for number, value in enumerate(hashes, 1):
        bucket = value >> (66 - 2 * bits) & (size // 4 - 1)
        buckets.setdefault(bucket, []).append((value >> (64 - bits), number))
    for bucket, members in sorted(buckets.items(), key=lambda item: -len(item[1])):
        if len({place for place, _ in members}) < len(members):
            return None
        for displacement in range(size):
            if not any(numbers[place ^ displacement] for place, _ in members):
                break
        else:
            return None
        displacements[bucket] = displacement
        for place, number in members:
            numbers[place ^ displacement] = number
    return displacements, numbers


def _content(array: Any) -> tuple[Codes, Codes, _Words]:
    """Where each text starts and how long it is, in bytes, and the bytes as words, with room behind them."""
    _, ends, content = array.buffers()
    width = np.int64 if pa.types.is_large_string(array.type) else np.int32
    offsets = np.frombuffer(ends, width, len(array) + 1, array.offset * np.dtype(width).itemsize)
    begin, end = int(offsets[0]), int(offsets[-1])
    data = np.zeros((end - begin) // _WORD + 2, "<u8")
    if end > begin:
        data.view(np.uint8)[: end - begin] = np.frombuffer(content, np.uint8, end - begin, begin)
    starts = offsets.astype(np.int64) - begin
    return starts[:-1], np.diff(starts), data


def _words_at(data: _Words, places: Codes) -> _Words:
    """The eight bytes from each place on."""
    word = places >> 3
    shift = ((places & 7) << 3).view(np.uint64)
    found = data.take(word) >> shift
    word += 1
    # a shift by all 64 bits gives nothing, as it should
    found |= data.take(word) << (np.uint64(64) - shift)
    return found

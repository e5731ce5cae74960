"""Texts to small numbers: which of a few named texts each row holds, without making a text of any row.

The first and the last eight bytes of a text are two whole numbers that array operations take out of Arrow's buffer for
all rows at once. Multiplied and shifted they give a place in a table made so that no two named texts share one (hash
and displace). A row's text is then compared with the only named one that it can be. Texts of two bytes all, as codes of
countries are, have a table of their own.
"""

from collections.abc import Sequence
from functools import cached_property
from itertools import count
from random import Random
from typing import Any, Final, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from comptroller.adapters.columnar.rule_sets import Codes

_Words: TypeAlias = NDArray[np.uint64]

_WORD: Final = 8  # bytes
_BITS: Final = np.array([(1 << (8 * length)) - 1 for length in range(_WORD + 1)], np.uint64)
"""What of a word belongs to a text of so many bytes."""

_ALL: Final = 2**64 - 1
_PAIR: Final = 2  # bytes
_PLAIN_TRIES: Final = 16
_PLAIN_SIZE_MAX: Final = 2**16


class NamedTexts:
    """The texts that cells name. A text's number is its position from 1; every other text's is 0."""

    def __init__(self, names: Sequence[str]) -> None:
        contents = [name.encode(errors="surrogatepass") for name in names]
        self._longest = max(map(len, contents), default=0)
        self._have_zeros = any(0 in content for content in contents)
        self._lengths = np.array([-1, *map(len, contents)])
        width = max(1, -(-self._longest // _WORD)) * _WORD
        padded = b"".join(content.ljust(width, b"\0") for content in (b"", *contents))
        self._words = np.frombuffer(padded, "<u8").reshape(len(contents) + 1, -1).T.copy()
        self._last = np.array([0, *(int.from_bytes(content[-_WORD:], "little") for content in contents)], np.uint64)
        self._pairs = np.zeros(2**16, np.int64)
        for number, content in enumerate(contents, 1):
            if len(content) == _PAIR:
                self._pairs[int.from_bytes(content, "little")] = number
        firsts = [content[:_WORD].ljust(_WORD, b"\0") for content in contents]
        lasts = [content[-_WORD:].ljust(_WORD, b"\0") for content in contents]
        # one word where that tells the names apart, otherwise both, and the length where these do not
        self._hash_first = self._longest <= _WORD or len(set(lasts)) < len(contents)
        self._hash_last = self._longest > _WORD and not (self._hash_first and len(set(firsts)) == len(contents))
        self._hash_length = len(set(zip(firsts, lasts, strict=True))) < len(contents)
        self._hash_all = self._hash_length and self._longest > 2 * _WORD
        self._place(contents)

    def _place(self, contents: Sequence[bytes]) -> None:
        """Find multipliers with which all names have a place of their own, or what displaces them so that they have."""
        for seed in count():
            random = Random(seed)  # noqa: S311 - spreads names over a table, keeps no secret
            self._multipliers = np.array([random.getrandbits(64) | 1 for _ in range(2 + len(self._words))], np.uint64)
            hashes = [self._hash_of(content) for content in contents]
            placed = _placed(hashes) if seed < _PLAIN_TRIES else _displaced(hashes)
            if placed is not None:
                self._numbers, self._displacements = placed
                self._shift = np.uint64(65 - len(self._numbers).bit_length())
                return

    def _hash_of(self, content: bytes) -> int:
        first, last, length, *others = (int(by) for by in self._multipliers)
        found = int.from_bytes(content[:_WORD], "little") * first if self._hash_first else 0
        if self._hash_last:
            found += int.from_bytes(content[-_WORD:], "little") * last
        if self._hash_length:
            found += len(content) * length
        for place, multiplier in enumerate(others[:-1] if self._hash_all else (), 1):
            if len(content) > (place + 1) * _WORD:
                found += int.from_bytes(content[place * _WORD : (place + 1) * _WORD], "little") * multiplier
        return found & _ALL

    def find(self, array: Any) -> Codes:
        """The numbers of an Arrow array of texts; those of nulls mean nothing."""
        if len(self._lengths) == 1:
            return np.zeros(len(array), np.int64)
        texts = _Texts(array)
        if texts.same_length == _PAIR:
            return self._pairs.take(texts.pairs())
        first = texts.first()
        last = texts.last() if self._longest > _WORD else None
        between = [self._between(place, texts) for place in range(1, len(self._words) - 1)]
        found = self._numbers.take(self._places(self._hashes(texts, first, last, between)))
        same = self._words[0].take(found) == first
        if last is not None:
            same &= self._last.take(found) == last
        if self._length_matters(texts):
            same &= self._lengths.take(found) == texts.lengths
        if not same.all():
            found *= same
        for place, (rows, words) in enumerate(between, 1):
            found[rows[self._words[place].take(found[rows]) != words]] = 0
        return found

    def _hashes(
        self, texts: "_Texts", first: _Words, last: _Words | None, between: Sequence[tuple[Codes, _Words]]
    ) -> _Words:
        hashes = first * self._multipliers[0] if self._hash_first else np.zeros(len(first), np.uint64)
        if last is not None and self._hash_last:
            hashes += last * self._multipliers[1]
        if self._hash_length:
            hashes += texts.lengths.astype(np.uint64) * self._multipliers[2]
        if self._hash_all:
            for (rows, words), multiplier in zip(between, self._multipliers[3:], strict=False):
                hashes[rows] += words * multiplier
        return hashes

    def _length_matters(self, texts: "_Texts") -> bool:
        """Whether texts can differ that have the same words: these end in zeros, or lie over one another."""
        if texts.same_length and (self._lengths[1:] == texts.same_length).all():
            return False
        return self._have_zeros or self._longest > _WORD or texts.longest > _WORD or texts.have_zeros

    def _places(self, hashes: _Words) -> Codes:
        if self._displacements is None:
            hashes >>= self._shift
            return hashes.view(np.int64)
        bits = len(self._displacements).bit_length() - 1
        buckets = hashes >> (self._shift - np.uint64(bits))
        buckets &= np.uint64(len(self._displacements) - 1)
        hashes >>= self._shift
        hashes ^= self._displacements.take(buckets.view(np.int64))
        return hashes.view(np.int64)

    def _between(self, place: int, texts: "_Texts") -> tuple[Codes, _Words]:
        """A word between the first and the last, of the texts that have one."""
        rows = np.flatnonzero(texts.lengths > (place + 1) * _WORD)
        return rows, texts.words_at(texts.starts[rows] + place * _WORD)


_Placed: TypeAlias = tuple[NDArray[np.int64], _Words | None]
"""The number of the name at each place (0: none), and what displaces each bucket of names."""


def _placed(hashes: Sequence[int]) -> _Placed | None:
    """Give each name the place that its hash's leading bits tell; None when two would share one."""
    size = min(_PLAIN_SIZE_MAX, max(16, 1 << (len(hashes) ** 2).bit_length()))
    places = [value >> (65 - size.bit_length()) for value in hashes]
    if len(set(places)) < len(places):
        return None
    numbers = np.zeros(size, np.int64)
    numbers[places] = np.arange(1, len(places) + 1)
    return numbers, None


def _displaced(hashes: Sequence[int]) -> _Placed | None:
    """Displace the fullest buckets first; a place is named by a hash's leading bits, a bucket by those that follow."""
    size = 1 << (3 * len(hashes)).bit_length()
    bits = size.bit_length() - 1
    numbers = np.zeros(size, np.int64)
    displacements = np.zeros(size // 4, np.uint64)
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
    return numbers, displacements


class _Texts:
    """The texts of an Arrow array: their lengths in bytes, and words of eight bytes out of them."""

    def __init__(self, array: Any) -> None:
        _, ends, content = array.buffers()
        width = np.int64 if pa.types.is_large_string(array.type) else np.int32
        self._offsets = np.frombuffer(ends, width, len(array) + 1, array.offset * np.dtype(width).itemsize)
        begin, self._size = int(self._offsets[0]), int(self._offsets[-1]) - int(self._offsets[0])
        self.lengths = np.diff(self._offsets)
        self.longest = int(self.lengths.max())
        self.same_length = self.longest if self.lengths.min() == self.longest else 0  # 0 where they differ
        self._data = np.zeros(self._size // _WORD + 2, "<u8")  # with room behind the last text
        if self._size:
            self._data.view(np.uint8)[: self._size] = np.frombuffer(content, np.uint8, self._size, begin)

    @property
    def have_zeros(self) -> bool:
        """Whether a byte of some text is zero, as those are that fill a word up."""
        return 0 in self._data.view(np.uint8)[: self._size]

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where each text starts."""
        starts = self._offsets[:-1].astype(np.int64)
        starts -= int(self._offsets[0])
        return starts

    @cached_property
    def _bits(self) -> _Words:
        return _BITS.take(self.lengths, mode="clip")

    def pairs(self) -> NDArray[np.uint16]:
        """The texts, all of which have two bytes."""
        return self._data.view("<u2")[: len(self.lengths)]

    def first(self) -> _Words:
        """Each text's first eight bytes; a shorter text is filled up with zeros."""
        return self._word(0)

    def last(self) -> _Words:
        """Each text's last eight bytes; a shorter text is filled up with zeros."""
        return self._word(1)

    def _word(self, end: int) -> _Words:
        length = self.same_length
        if length:
            first = end * max(length - _WORD, 0)
            found = np.ndarray(len(self.lengths), "<u8", self._data, first, (length,)).copy()
            if length < _WORD:
                found &= _BITS[length]
            return found
        places = self.starts + np.maximum(self.lengths - _WORD, 0) if end else self.starts
        found = self.words_at(places)
        found &= self._bits
        return found

    def words_at(self, places: NDArray[np.int64]) -> _Words:
        """The eight bytes from each place on."""
        word = places >> 3
        shift = places & 7
        shift <<= 3
        right = shift.view(np.uint64)
        found = self._data.take(word)
        found >>= right
        rest = self._data[1:].take(word)
        # a shift by all 64 bits gives nothing, as it should
        np.subtract(64, right, out=right)
        rest <<= right
        found |= rest
        return found

"""Numbers and days to the part of the line they lie in.

Whatever an Arrow array holds of them is a whole number: of minor units, or of days. The cuts of the line are brought to
the same scale, exactly, as the least whole number beyond each. Where the cuts lie close together, a table has the code
of every number between them. Otherwise the number's leading bits (of the whole number or, where cuts are crowded near
the first one, of a float: exponent and some digits, which keep the order) name a bucket; a bucket is made small enough
to hold few cuts or none, and these are bisected.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comptroller.adapters.columnar.rule_sets import Codes

LEAST: Final = -(2**63)
MOST: Final = 2**63 - 1

_FRACTION: Final = 52  # bits of a float's fraction
_ONE: Final = 1023  # exponent field of 1.0
_BUCKETS_MAX: Final = 2**16
_TABLE_MAX: Final = 2**12
_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Line:
    """The line of 64-bit whole numbers, cut: part `i` ends before `cuts[i]`; each part has a code.

    `below` and `above` say whether all that lies beyond 64 bits has the code of the first and the last part.
    """

    cuts: NDArray[np.int64]
    codes: NDArray[np.int32]
    below: bool
    above: bool


def line_of(cuts: Sequence[Decimal | date], codes: Sequence[int], scale: int) -> Line:
    """Bring cuts to a scale; parts in which no such number lies vanish, neighbours with one code become one."""
    ends = [end for cut in cuts for end in _ends(cut, scale)]
    parts: list[tuple[int, int]] = []  # where each part starts, and its code
    for code, start, after in zip(codes, [None, *ends], [*ends, None], strict=True):
        is_empty = start is not None and start == after
        if not is_empty and (not parts or parts[-1][1] != code):
            parts.append((LEAST if start is None else start, code))
    starts = [start for start, _ in parts[1:]]
    within = [start for start in starts if LEAST < start <= MOST]
    first = sum(start <= LEAST for start in starts)
    return Line(
        cuts=np.array(within, np.int64),
        codes=np.array([code for _, code in parts[first : first + len(within) + 1]], np.int32),
        below=first == 0,
        above=first + len(within) == len(starts),
    )


def _ends(cut: Decimal | date, scale: int) -> tuple[int, int]:
    """The least whole number at a cut or beyond it, and the least beyond it."""
    if isinstance(cut, date):
        days = cut.toordinal() - _EPOCH
        return days, days + 1
    sign, digits, exponent = cut.as_tuple()
    assert isinstance(exponent, int)
    whole = int("".join(map(str, digits))) * (-1 if sign else 1)
    shift = exponent + scale
    if shift >= 0:
        return whole * 10**shift, whole * 10**shift + 1
    divisor = 10**-shift
    return -(-whole // divisor), whole // divisor + 1


class Finder:
    """Finds the codes of many numbers on a line."""

    def __init__(self, line: Line) -> None:
        self._codes = line.codes
        self._cuts = line.cuts
        self._table: NDArray[np.int32] | None = None
        self._is_small = False  # whether all that numbers are compared with has 32 bits
        self._is_bucketed = len(line.cuts) > 0 and self._prepare([int(cut) for cut in line.cuts])

    def find(self, numbers: NDArray[np.signedinteger]) -> Codes:
        """The code of the part in which each number lies."""
        if not len(self._cuts):
            return np.full(len(numbers), self._codes[0])
        if not (self._is_small and numbers.dtype == np.int32):
            numbers = numbers.astype(np.int64, copy=False)
        if self._table is None and not self._is_bucketed:
            return self._codes.take(np.searchsorted(self._cuts, numbers, side="right"))
        near = np.maximum(numbers, self._low)
        np.minimum(near, self._high, out=near)
        near -= self._base
        return self._codes_in_buckets(near) if self._table is None else self._table.take(near)

    def _codes_in_buckets(self, near: NDArray[np.signedinteger]) -> Codes:
        if self._by_float:
            bits = near.astype(np.float64).view(np.int64)
            bits >>= self._shift
            bits -= self._offset
        else:
            bits = near >> self._shift
        part = self._first.take(bits)
        for step in range(self._halvings - 1, 0, -1):
            part += (self._ends.take(part + ((1 << step) - 1), mode="clip") <= near) << step
        if self._halvings:
            part += self._ends.take(part) <= near
        return self._codes.take(part)

    def _prepare(self, cuts: Sequence[int]) -> bool:
        """Choose a table or buckets; false when there are none, or they would be of no use."""
        base = cuts[0] - 2
        if base < LEAST or cuts[-1] == MOST or cuts[-1] - base >= 2**62:
            return False
        self._low, self._high, self._base = cuts[0] - 1, cuts[-1], base
        self._is_small = base >= -(2**31) and cuts[-1] < 2**31 and cuts[-1] - base < 2**31
        if cuts[-1] - base < _TABLE_MAX:
            own = np.searchsorted(self._cuts, np.arange(base, cuts[-1] + 1), side="right")
            self._table = self._codes.take(own)
            return False
        whole = self._cuts - base
        float_bits = whole.astype(np.float64).view(np.int64)
        evenly = _buckets(whole, int(whole[-1]).bit_length(), 0)
        by_float = _buckets(float_bits, _FRACTION, _ONE)
        if evenly is None and by_float is None:
            return False
        self._by_float = evenly is None or (by_float is not None and by_float[0] < evenly[0])
        chosen = by_float if self._by_float else evenly
        assert chosen is not None
        self._halvings, self._shift, self._offset = chosen
        own = ((float_bits if self._by_float else whole) >> self._shift) - self._offset
        self._first = np.searchsorted(own, np.arange(own[-1] + 1))
        self._ends = np.append(whole, MOST)
        return True


def _buckets(bits: NDArray[np.int64], length: int, one: int) -> tuple[int, int, int] | None:
    """The halvings within the fullest bucket, how far bits are shifted to name one, and the name of the first."""
    chosen: tuple[int, int, int] | None = None
    for kept in range(length + 1):
        shift, offset = length - kept, one << kept
        buckets = (bits >> shift) - offset
        if buckets[-1] >= _BUCKETS_MAX:
            break
        halvings = int(np.bincount(buckets - buckets[0]).max()).bit_length()
        if chosen is None or halvings < chosen[0]:
            chosen = halvings, shift, offset
    return chosen

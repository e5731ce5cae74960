"""Numbers and days to the part of the line they lie in.

Whatever an Arrow array holds of them is a whole number: of minor units, or of days. The cuts of the line are brought to
the same scale, exactly, as the least whole number beyond each. To find the part of a row, the number's leading bits (as
those of a float: sign, exponent and some digits, which keep the order) name a bucket; a bucket is made small enough to
hold few cuts or none, and these are bisected.
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
        self._bucketed = len(line.cuts) > 0 and self._make_buckets([int(cut) for cut in line.cuts])

    def find(self, numbers: NDArray[np.int64]) -> Codes:
        """The code of the part in which each number lies."""
        if not len(self._cuts):
            return np.full(len(numbers), self._codes[0])
        if not self._bucketed:
            return self._codes.take(np.searchsorted(self._cuts, numbers, side="right"))
        near = np.maximum(numbers, self._low)
        np.minimum(near, self._high, out=near)
        near -= self._base
        bits = near.astype(np.float64).view(np.int64)
        bits >>= self._shift
        bits -= self._offset
        part = self._first.take(bits)
        for step in range(self._halvings - 1, -1, -1):
            part += (self._ends.take(part + ((1 << step) - 1), mode="clip") <= near) << step
        return self._codes.take(part)

    def _make_buckets(self, cuts: Sequence[int]) -> bool:
        """Choose the buckets; false when they would be of no use."""
        base = cuts[0] - 2
        if base < LEAST or cuts[-1] == MOST or cuts[-1] - base >= 2**62:
            return False
        self._low, self._high, self._base = cuts[0] - 1, cuts[-1], base
        bits = (self._cuts - base).astype(np.float64).view(np.int64)
        chosen: tuple[int, int] | None = None
        for kept in range(_FRACTION + 1):
            buckets = (bits >> (_FRACTION - kept)) - (_ONE << kept)
            if buckets[-1] >= _BUCKETS_MAX:
                break
            halvings = int(np.bincount(buckets - buckets[0]).max()).bit_length()
            if chosen is None or halvings < chosen[0]:
                chosen = halvings, kept
        if chosen is None:
            return False
        self._halvings, kept = chosen
        self._shift, self._offset = _FRACTION - kept, _ONE << kept
        own = (bits >> self._shift) - self._offset
        self._first = np.searchsorted(own, np.arange(own[-1] + 1))
        self._ends = np.append(self._cuts - base, MOST)
        return True

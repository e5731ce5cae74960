"""What is counted of a history: cases and amounts by pair of courses, in all and by unit, supplier and period.

Counts of parts come together to the count of the whole (`Count.merge`), however the whole is parted: sums in any order,
the cases that are shown where parts are merged in order. So parts may be counted anywhere. What is kept grows with
units, suppliers, periods and pairs, not with rows. Sums of 64-bit amounts are made in two halves, so that floats never
round them.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comptroller.adapters.columnar.rule_sets import Codes
from comptroller.domain.packs.backtest import Pair

SHOWN_EACH: Final = 3
"""Cases that are kept of each pair of courses that differ."""

_HALF: Final = 24


@dataclass(slots=True)
class Counted:
    """Cases and amounts by group and pair."""

    groups: list[str] = field(default_factory=list)
    sums: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0, 3), np.int64))  # cases, halves of amounts

    @classmethod
    def of(cls, groups: list[str], group: Codes, pairs: int, pair: Codes, amounts: NDArray[np.int64]) -> "Counted":
        """Count rows, each with the numbers of its group and its pair, and its amount in minor units."""
        keys, count = group.astype(np.int64) * pairs + pair, len(groups) * pairs
        halves = (amounts >> _HALF, amounts & ((1 << _HALF) - 1))
        parts = [np.bincount(keys, half, minlength=count).astype(np.int64) for half in halves]
        return cls(groups, np.stack([np.bincount(keys, minlength=count), *parts], axis=1).reshape(-1, pairs, 3))

    def merge(self, other: "Counted", pairs: list[int], count: int) -> None:
        """Add another part, of whose pairs these are the numbers here, among so many."""
        numbers = {name: number for number, name in enumerate(self.groups)}
        places = [numbers.setdefault(name, len(numbers)) for name in other.groups]
        self.groups = list(numbers)
        grown = np.zeros((len(numbers), count, 3), np.int64)
        grown[: self.sums.shape[0], : self.sums.shape[1]] = self.sums
        grown[np.ix_(places, pairs)] += other.sums
        self.sums = grown

    def told(self, pairs: list[Pair]) -> dict[str, list[tuple[Pair, int, int]]]:
        """For each group the pairs with their cases and amounts."""
        found: dict[str, list[tuple[Pair, int, int]]] = {}
        for group, pair in zip(*np.nonzero(self.sums[:, :, 0]), strict=True):
            cases, high, low = self.sums[group, pair].tolist()
            found.setdefault(self.groups[group], []).append((pairs[pair], cases, (high << _HALF) + low))
        return found


@dataclass(slots=True)
class Count:
    """Cases counted, `by` unit, supplier and period and all of them (""); ids of some that differ; decisions taken."""

    rows: int = 0
    scale: int = 0
    runs: int = 0
    pairs: list[Pair] = field(default_factory=list)
    by: dict[str, Counted] = field(default_factory=dict)
    shown: dict[Pair, list[str]] = field(default_factory=dict)
    without_amount: int = 0  # cases whose amount is null: it counts as 0

    def merge(self, other: "Count") -> None:
        """Add the count of another part of the same history."""
        self.rows, self.runs, self.scale = self.rows + other.rows, self.runs + other.runs, other.scale
        self.without_amount += other.without_amount
        numbers = {pair: number for number, pair in enumerate(self.pairs)}
        places = [numbers.setdefault(pair, len(numbers)) for pair in other.pairs]
        self.pairs = list(numbers)
        for name, counted in other.by.items():
            self.by.setdefault(name, Counted()).merge(counted, places, len(numbers))
        for pair, ids in other.shown.items():
            self.shown[pair] = [*self.shown.get(pair, ()), *ids][:SHOWN_EACH]

    def counted(self, by: str = "") -> dict[str, list[tuple[Pair, int, int]]]:
        """Pairs with their cases and amounts, of all cases or by `unit`, `supplier` or `period`."""
        return self.by[by].told(self.pairs) if by in self.by else {}

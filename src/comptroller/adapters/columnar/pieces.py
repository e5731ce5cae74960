"""The last column, as pieces: for each group of rules, where along the column's classes the outcome changes.

The column with the most classes (often an amount) would blow up a table of all combinations. But within one group only
few rules are left, and the outcome changes only where one of them begins or ends to accept. These places cut the column
into a few pieces with one outcome each. They are worked out for all new groups at once; a row then finds its piece in a
table of groups and classes where that is small, otherwise by bisection within its group.
"""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from comptroller.adapters.columnar.bounds import Bounds, Full
from comptroller.adapters.columnar.rule_sets import Codes, members

RULES_AT_FIRST: Final = 32
"""Rules of a group that FIRST looks at to begin with: mostly they leave no gap, and the later ones can never hit."""

STEPS_USUAL: Final = 4
"""Halvings that all rows take together, enough for most groups; rows of longer ones take the first ones apart."""


class Judge(Protocol):
    """What becomes of rules that hit together."""

    first_only: bool  # whether the later rules do not matter once one has hit

    @property
    def none(self) -> int:
        """The outcome when no rule hits."""
        ...

    def outcomes(self, piece: Codes, rule: Codes, pieces: int) -> Codes:
        """The outcome of each piece; pairs of a piece and a rule that hits there, the rules of a piece in order."""
        ...

    def crowded(self) -> int:
        """The outcome of rows for which too many rules meet to be worked out in columns."""
        ...


class Pieces:
    """The last column of a table, given by the rule sets of its classes."""

    def __init__(self, column: Sequence[int], rules: int, groups_max: int, judge: Judge, bounds: Bounds) -> None:
        self._rules = rules
        self._width = len(column)
        self._judge = judge
        self._bounds = bounds
        self._first, self._low, self._high = _intervals(column, rules)
        self._dense = groups_max * self._width <= bounds.dense_places
        self._key_type = np.int32 if groups_max * self._width < np.iinfo(np.int32).max else np.int64
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self._groups = 0
        self._outcomes: NDArray[np.int32] = np.empty(0, np.int32)
        # of each piece: group and class where it starts; then an end that no row reaches
        self._keys: NDArray[np.signedinteger] = np.array([np.iinfo(self._key_type).max], self._key_type)
        self._starts: NDArray[np.int64] = np.empty(0, np.int64)  # of each group: its first piece
        self._is_long: NDArray[np.bool_] = np.empty(0, bool)  # whether a group has more pieces than usual
        self._steps = 0  # halvings that the longest group takes

    def find(self, groups: Codes, codes: Codes, sets: Sequence[int]) -> Codes:
        """The outcome of each row, by its group and its class in this column."""
        if self._groups < len(sets):
            self._learn(sets[self._groups :])
        if self._dense:
            return self._outcomes.take(groups * np.int32(self._width) + codes)
        wanted = groups.astype(self._keys.dtype)
        wanted *= self._width
        wanted += codes
        piece = self._starts.take(groups)
        if self._steps > STEPS_USUAL:
            rows = np.flatnonzero(self._is_long.take(groups))
            piece[rows] = self._bisected(piece[rows], wanted[rows], self._steps, STEPS_USUAL)
        return self._outcomes.take(self._bisected(piece, wanted, min(self._steps, STEPS_USUAL), 0))

    def _bisected(self, piece: Codes, wanted: Codes, steps: int, last: int) -> Codes:
        """Go on from a piece by halves of a group, the last of `2 ** last` pieces, while the next starts in time."""
        for step in range(steps - 1, last - 1, -1):
            piece += (self._keys.take(piece + (1 << step), mode="clip") <= wanted) << step
        return piece

    def _learn(self, sets: Sequence[int]) -> None:
        group, rule = members(sets, self._rules)
        owner, low, outcome = self._cut_all(group, rule, len(sets))
        changes = np.ones(len(owner), bool)
        changes[1:] = (owner[1:] != owner[:-1]) | (outcome[1:] != outcome[:-1])
        owner, low, outcome = owner[changes], low[changes], outcome[changes]
        if self._dense:
            ends = np.append(owner * self._width + low, len(sets) * self._width)
            outcome = np.repeat(outcome, np.diff(ends))
        else:
            self._keep_places(owner, low, len(sets))
        self._outcomes = np.concatenate([self._outcomes, outcome.astype(np.int32)])
        self._groups += len(sets)

    def _keep_places(self, owner: Codes, low: Codes, groups: int) -> None:
        known = len(self._keys) - 1
        if known + len(owner) > self._bounds.pieces:
            raise Full
        counts = np.bincount(owner, minlength=groups)
        keys = ((owner + self._groups) * self._width + low).astype(self._key_type)
        self._keys = np.concatenate([self._keys[:-1], keys, self._keys[-1:]])
        self._starts = np.concatenate([self._starts, known + np.cumsum(counts) - counts])
        self._is_long = np.concatenate([self._is_long, counts > 1 << STEPS_USUAL])
        self._steps = max(self._steps, int(counts.max()).bit_length())

    def _cut_all(self, group: Codes, rule: Codes, groups: int) -> tuple[Codes, Codes, Codes]:
        """Group, start and outcome of every piece, worked out for so many groups at once as memory allows."""
        counts = self._first[rule + 1] - self._first[rule]
        intervals = np.cumsum(np.bincount(group, counts, groups))
        parts = []
        first = 0
        while first < groups:
            done = intervals[first - 1] if first else 0
            after = min(groups, max(first + 1, int(np.searchsorted(intervals, done + self._bounds.covers))))
            within = slice(*np.searchsorted(group, [first, after]))
            owner, low, outcome = self._cut(group[within] - first, rule[within], after - first)
            parts.append((owner + first, low, outcome))
            first = after
        return tuple(np.concatenate(each) for each in zip(*parts, strict=True))  # type: ignore[return-value]  # three

    def _cut(self, group: Codes, rule: Codes, groups: int) -> tuple[Codes, Codes, Codes]:
        if not self._judge.first_only:
            return self._pieces(group, rule, groups)
        rank = np.arange(len(group)) - np.searchsorted(group, group)
        limit = RULES_AT_FIRST
        seen = rank < limit
        owner, low, outcome = self._pieces(group[seen], rule[seen], groups)
        more = int(rank.max(initial=0))
        while more >= limit:
            gaps = np.zeros(groups, bool)
            gaps[owner[outcome == self._judge.none]] = True
            gaps &= np.bincount(group, minlength=groups) > limit
            if not gaps.any():
                break
            limit *= 4
            again = gaps[group] & (rank < limit)
            redone = self._pieces(group[again], rule[again], groups, gaps)
            kept = ~gaps[owner]
            merged = [np.concatenate([old[kept], new]) for old, new in zip((owner, low, outcome), redone, strict=True)]
            order = np.argsort(merged[0], kind="stable")
            owner, low, outcome = (each[order] for each in merged)
        return owner, low, outcome

    def _pieces(
        self, group: Codes, rule: Codes, groups: int, wanted: NDArray[np.bool_] | None = None
    ) -> tuple[Codes, Codes, Codes]:
        """Cut the column for each group where its rules begin and end, and have each piece judged."""
        counts = self._first[rule + 1] - self._first[rule]
        interval = _runs(self._first[rule], counts)
        owner, hit = np.repeat(group, counts), np.repeat(rule, counts)
        width = self._width + 1
        starts, ends = owner * width + self._low[interval], owner * width + self._high[interval]
        every = np.arange(groups) if wanted is None else np.flatnonzero(wanted)
        places = np.sort(np.concatenate([every * width, starts, ends]))
        places = places[(np.diff(places, prepend=-1) != 0) & (places % width != self._width)]
        first, after = np.searchsorted(places, starts), np.searchsorted(places, ends)
        covers = after - first
        if covers.sum() > 8 * self._bounds.covers:
            return self._crowded(group, rule, groups, every)
        outcome = self._judge.outcomes(_runs(first, covers), np.repeat(hit, covers), len(places))
        return places // width, places % width, outcome

    def _crowded(self, group: Codes, rule: Codes, groups: int, every: Codes) -> tuple[Codes, Codes, Codes]:
        """Halve the groups until they can be worked out; a group that cannot be even alone is one piece, unanswered."""
        if len(every) == 1:
            return every, np.zeros(1, np.int64), np.full(1, self._judge.crowded())
        halves = []
        for half in np.array_split(every, 2):
            chosen = np.zeros(groups, bool)
            chosen[half] = True
            halves.append(self._pieces(group[chosen[group]], rule[chosen[group]], groups, chosen))
        return tuple(np.concatenate(each) for each in zip(*halves, strict=True))  # type: ignore[return-value]  # three


def _runs(first: Codes, counts: Codes) -> Codes:
    """`first`, `first + 1`, ... for each, so many as its count, one after the other."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(first - ends + counts, counts)


def _intervals(column: Sequence[int], rules: int) -> tuple[Codes, Codes, Codes]:
    """Where each rule accepts: first interval by rule (one more at the end), and every interval's start and end."""
    before = 0
    flips = []
    for accepting in (*column, 0):
        flips.append(accepting ^ before)
        before = accepting
    place, rule = members(flips, rules)
    order = np.argsort(rule, kind="stable")
    ends = place[order]
    counts = np.bincount(rule, minlength=rules) // 2
    return np.concatenate([[0], np.cumsum(counts)]), ends[0::2], ends[1::2]

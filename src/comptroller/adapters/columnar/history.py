"""A history through the decisions of two versions: millions of cases as Arrow batches, each as if decided by itself.

    history = History(Chain.of(process, old), Chain.of(process, new), facts, now)
    decided = history.decide(batch)   # for each row the number of its pair of courses
    history.pairs[number]

Each leaf's column becomes codes: the part of the line that a number lies in, the number of a text. Rows with the same
codes are alike to every decision; a decision is taken for those kinds of rows that *it* tells apart and has not met yet
(`domain.packs.alike`). Where that teaches it a new value to tell apart, the codes are made anew: a few times in the
first rows, hardly ever after. What is held grows with the kinds of rows, not with rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from comptroller.adapters.columnar.leaf_codes import LeafCodes
from comptroller.adapters.columnar.rule_sets import Codes
from comptroller.domain.decisions.handing import passed_on
from comptroller.domain.feel import Value
from comptroller.domain.packs.alike import Decided, Outcomes, Template, filled, leaves_of, settled
from comptroller.domain.packs.backtest import Course, Pair
from comptroller.domain.packs.chain import Chain

LEARNING_ROWS: Final = 1 << 14
"""Rows that are gone through alone before the first batch: they teach most of what is told apart."""

DENSE_MAX: Final = 1 << 24
"""Kinds of rows, met or not, of which the pair is kept in a table without gaps."""


class _Learnt(Exception):
    """A decision tells more apart than its codes do: they are made anew."""


@dataclass(slots=True)
class _Step:
    """A decision of a version: what it looks at, and which of that are outcomes."""

    decided: Decided
    facts: dict[str, Template]
    taken: Sequence[str]  # the decisions whose outcomes, or entries of them, it looks at


@dataclass(slots=True)
class _Version:
    steps: list[_Step] = field(default_factory=list)


class History:
    """Two versions over one history. `facts` are what its cases share, with leaves where they differ.

    `dense` bounds the kinds of rows, met or not, of which the pair is kept in a table without gaps.
    """

    def __init__(
        self, before: Chain, after: Chain, facts: Mapping[str, Template], now: datetime, *, dense: int = DENSE_MAX
    ) -> None:
        self._now, self._facts, self._dense_max = now, dict(facts), dense
        self._outcomes = Outcomes()
        shared: dict[tuple[str, str], Decided] = {}
        self._versions = [_version(chain, self._facts, shared) for chain in (before, after)]
        self._decided = tuple(shared.values())
        names = sorted(frozenset[str]().union(*map(leaves_of, facts.values())))
        self.leaves = {name: LeafCodes(name) for name in names}
        self.pairs: list[Pair] = []
        self._pair_numbers: dict[Pair, int] = {}
        self._dense: NDArray[np.int32] | None = None
        self._sizes: tuple[int, ...] = ()
        self._has_learnt = False

    @property
    def runs(self) -> int:
        """How many decisions were taken by themselves so far."""
        return sum(decided.runs for decided in self._decided)

    def decide(self, batch: Any) -> Codes:
        """The number of each row's pair of courses, for a batch with a column for each leaf."""
        if not self._has_learnt and batch.num_rows > LEARNING_ROWS:
            self.decide(batch.slice(0, LEARNING_ROWS))
        self._has_learnt = True
        while True:
            try:
                return self._decide(batch)
            except _Learnt:
                self._dense = None

    def case(self, batch: Any, row: int) -> dict[str, Any]:
        """The leaves of a row as values."""
        return {name: self.leaves[name].value(batch.column(name)[row]) for name in self.leaves}

    def outcomes(self, batch: Any) -> list[tuple[dict[str, Value], dict[str, Value]]]:
        """All outcomes of each row under both versions, for a few rows that `decide` has seen."""
        codes = {name: leaf.encode(batch.column(name)) for name, leaf in self.leaves.items()}
        rows = np.arange(batch.num_rows)
        numbers = [self._outcomes_of(version, batch, rows, codes) for version in self._versions]
        found = []
        for row in rows.tolist():
            leaf = self.case(batch, row).__getitem__
            before, after = (
                {name: filled(self._outcomes.templates[int(of[row])], leaf) for name, of in each.items()}
                for each in numbers
            )
            found.append((before, after))
        return found

    def facts_of(self, case: Mapping[str, Any]) -> dict[str, Any]:
        """All facts of a case, to decide it by itself."""
        return {name: filled(template, case.__getitem__) for name, template in self._facts.items()}

    # Kinds of rows

    def _decide(self, batch: Any) -> Codes:
        for name, leaf in self.leaves.items():
            told = [(decided.told.cuts.get(name, []), name in decided.told.exact) for decided in self._decided]
            leaf.refine({cut for cuts, _ in told for cut in cuts}, is_exact=any(exact for _, exact in told))
        codes = [leaf.encode(batch.column(name)) for name, leaf in self.leaves.items()]
        sizes = tuple(leaf.size for leaf in self.leaves.values())
        if prod(sizes) > self._dense_max:
            return self._by_sorting(batch, codes)
        if sizes != self._sizes or self._dense is None:
            self._dense, self._sizes = np.full(prod(sizes), -1, np.int32), sizes
        kinds = np.zeros(batch.num_rows, np.int64)
        for code, size in zip(codes, sizes, strict=True):
            kinds *= size
            kinds += code
        found: Codes = self._dense.take(kinds)
        unmet = np.flatnonzero(found < 0)
        if len(unmet):
            new, first = np.unique(kinds[unmet], return_index=True)
            self._dense[new] = self._pairs(batch, unmet[first], [code[unmet[first]] for code in codes])
            found = self._dense.take(kinds)
        return found

    def _by_sorting(self, batch: Any, codes: Sequence[Codes]) -> Codes:
        self._dense = None
        first, inverse = _kinds(codes)
        return self._pairs(batch, first, [code[first] for code in codes])[inverse]

    def _pairs(self, batch: Any, rows: NDArray[np.int64], codes: Sequence[Codes]) -> Codes:
        """The pairs of some rows, no two of one kind."""
        by_leaf = dict(zip(self.leaves, codes, strict=True))
        before, after = (self._outcomes_of(version, batch, rows, by_leaf) for version in self._versions)
        first, inverse = _kinds([*before.values(), *after.values()], len(rows))
        found = np.empty(len(first), np.int32)
        unsure: list[tuple[int, Pair, list[tuple[int, int]]]] = []
        for kind, at in enumerate(first.tolist()):
            numbers = [{name: int(each[name][at]) for name in each} for each in (before, after)]
            courses = [
                Course.of({name: self._outcomes.templates[number] for name, number in each.items()}) for each in numbers
            ]
            unlike = [(numbers[0].get(name, -1), number) for name, number in numbers[1].items()]
            unlike = [(one, other) for one, other in unlike if one != other]
            found[kind] = self._pair(Pair(courses[0], courses[1], differs=bool(unlike)))
            if unlike and all(one >= 0 and self._holds_exact(one, other) for one, other in unlike):
                unsure.append((kind, self.pairs[found[kind]], unlike))
        told: Codes = found[inverse]
        for kind, pair, unlike in unsure:
            same = self._pair(Pair(pair.before, pair.after, differs=False))
            for place in np.flatnonzero(inverse == kind).tolist():
                case = self.case(batch, int(rows[place]))
                if not any(self._differ(one, other, case) for one, other in unlike):
                    told[place] = same
        return told

    def _pair(self, pair: Pair) -> int:
        if pair not in self._pair_numbers:
            self._pair_numbers[pair] = len(self.pairs)
            self.pairs.append(pair)
        return self._pair_numbers[pair]

    def _holds_exact(self, *outcomes: int) -> bool:
        """Whether one of some outcomes holds a leaf of which every value has a code of its own."""
        names = frozenset[str]().union(*(leaves_of(self._outcomes.templates[each]) for each in outcomes))
        return any(self.leaves[name].is_exact for name in names)

    def _differ(self, one: int, other: int, case: Mapping[str, Any]) -> bool:
        """Whether two outcomes differ for a case: leaves that count exactly are filled in."""
        exact = {name: value for name, value in case.items() if self.leaves[name].is_exact}
        before, after = (self._outcomes.templates[each] for each in (one, other))
        return repr(settled(before, exact)) != repr(settled(after, exact))

    # Decisions

    def _outcomes_of(
        self, version: _Version, batch: Any, rows: NDArray[np.int64], codes: Mapping[str, Codes]
    ) -> dict[str, Codes]:
        """The number of each decision's outcome, for some rows."""
        numbers: dict[str, Codes] = {}
        for step in version.steps:
            decided = step.decided
            named = self._looked_at(step, numbers)
            parts = [self.leaves[name].classes(decided.told, codes[name]) for name in named]
            first, inverse = _kinds([*parts, *(numbers[taken] for taken in step.taken)], len(rows))
            found = np.empty(len(first), np.int32)
            is_new = False
            for place, at in enumerate(first.tolist()):
                taken = {name: int(numbers[name][at]) for name in step.taken}
                key = (tuple(named), *(int(part[at]) for part in parts), *taken.values())
                if key not in decided.by_key:
                    facts = step.facts | self._taken(taken)
                    template, learnt = decided.decide(facts, self.case(batch, int(rows[at])), self._now)
                    is_new |= learnt
                    decided.by_key[key] = self._outcomes.number(template)
                found[place] = decided.by_key[key]
            if is_new:
                decided.by_key.clear()
                raise _Learnt
            numbers[decided.name] = found[inverse]
        return numbers

    def _looked_at(self, step: _Step, numbers: Mapping[str, Codes]) -> list[str]:
        """The leaves that a decision looks at, those inside of the outcomes that it takes among them."""
        leaves = frozenset[str]().union(*map(leaves_of, step.facts.values()))
        for taken in step.taken:
            met = np.unique(numbers[taken]).tolist()
            leaves |= frozenset[str]().union(*(leaves_of(self._outcomes.templates[each]) for each in met))
        return sorted(leaves)

    def _taken(self, numbers: Mapping[str, int]) -> dict[str, Template]:
        """The facts that are outcomes, and those that outcomes pass on."""
        facts: dict[str, Template] = {}
        for name, number in numbers.items():
            template = self._outcomes.templates[number]
            facts |= {name: template, **passed_on(name, template)}
        return facts


def _version(chain: Chain, facts: Mapping[str, Template], shared: dict[tuple[str, str], Decided]) -> _Version:
    version, before = _Version(), list[str]()
    for name, model in chain.steps:
        looked_at = set(model.input_names(name))
        decided = shared.setdefault((model.hash, name), Decided(name, model))
        taken = [each for each in before if looked_at & {each, *passed_on(each, {})}]
        own = {each: facts[each] for each in looked_at if each in facts and each not in before}
        version.steps.append(_Step(decided, own, taken))
        before.append(name)
    return version


def _kinds(columns: Sequence[Codes], rows: int = 1) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first row of each kind, and the kind of each row; without columns all rows are of one kind."""
    if not columns:
        return np.zeros(1, np.int64), np.zeros(rows, np.int64)
    kinds = np.zeros(len(columns[0]), np.int64)
    size = 1
    for column in columns:
        width = int(column.max(initial=0)) + 1
        if size * width >= 2**62:
            kinds = np.unique(kinds, return_inverse=True)[1].astype(np.int64)
            size = int(kinds.max(initial=0)) + 1
        kinds = kinds * width + column
        size *= width
    _, first, inverse = np.unique(kinds, return_index=True, return_inverse=True)
    return first, inverse

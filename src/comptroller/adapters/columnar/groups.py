"""Which rules several columns leave together, looked up instead of worked out.

A row's classes in these columns make one number, which is the place in a table of what was found for it before: the
number of a set of rules, equal sets having the same. A place is filled when the first row asks for it, as an automaton
is made from a pattern only as far as a text leads. Columns whose classes would make too long a table are taken in
several stages, each of which starts from the sets that the one before has found.
"""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from comptroller.adapters.columnar.bounds import Bounds, Full
from comptroller.adapters.columnar.rule_sets import Codes

STAGE_SHARE: Final = 8
"""A stage takes no more columns than need an eighth of its table for each set that it starts from."""


class _Stage:
    """Some columns, each given by the rule sets of its classes."""

    def __init__(self, columns: Sequence[Sequence[int]], rules: int, bounds: Bounds) -> None:
        self._columns = columns
        self._width = prod(map(len, columns))
        self._places_max = bounds.places
        self._sets_max = max(1, bounds.sets_bits // max(rules, 1))
        self.forget()

    def forget(self) -> None:
        self.sets: list[int] = []
        self._numbers: dict[int, int] = {}
        self._table: NDArray[np.int32] = np.empty(0, np.int32)

    def find(self, start: Codes | None, starts: Sequence[int], codes: Sequence[Codes]) -> Codes:
        """The numbers of the sets that rows have left, which started with sets that have numbers, too."""
        self._reach(len(starts) * self._width)
        key = start
        for code, column in zip(codes, self._columns, strict=True):
            key = code if key is None else key * np.int32(len(column)) + code
        assert key is not None
        found = self._table.take(key)
        if found.min() < 0:
            self._learn(np.unique(key[found < 0]).tolist(), starts)
            found = self._table.take(key)
        return found

    def _reach(self, places: int) -> None:
        if places > self._places_max:
            raise Full
        if places > len(self._table):
            longer = np.full(min(max(places, 2 * len(self._table)), self._places_max), -1, np.int32)
            longer[: len(self._table)] = self._table
            self._table = longer

    def _learn(self, places: Sequence[int], starts: Sequence[int]) -> None:
        *others, last = self._columns
        before, met = -1, 0
        for place in places:  # in order: many in a row differ in the last column only
            start, code = divmod(place, len(last))
            if start != before:
                before, met = start, self._met(start, others, starts)
            self._table[place] = self._number(met & last[code])

    def _met(self, place: int, columns: Sequence[Sequence[int]], starts: Sequence[int]) -> int:
        rules = -1
        for column in reversed(columns):
            place, code = divmod(place, len(column))
            rules &= column[code]
        return rules & starts[place]

    def _number(self, rules: int) -> int:
        number = self._numbers.get(rules)
        if number is None:
            if len(self.sets) >= self._sets_max:
                raise Full
            number = self._numbers[rules] = len(self.sets)
            self.sets.append(rules)
        return number


class Groups:
    """Columns that meet: from the rows' classes to numbers of the sets of rules left."""

    def __init__(self, columns: Sequence[Sequence[int]], every: int, bounds: Bounds) -> None:
        self._every = every
        self._parts = list(_parts(columns, bounds.places // STAGE_SHARE))
        self._stages = [
            _Stage([columns[position] for position in part], every.bit_length(), bounds) for part in self._parts
        ]

    @property
    def sets(self) -> Sequence[int]:
        """The sets found so far, by number."""
        return self._stages[-1].sets if self._stages else (self._every,)

    def find(self, codes: Sequence[Codes], rows: int) -> Codes:
        """The number of the set of rules that each row's classes leave."""
        found: Codes | None = None
        starts: Sequence[int] = (self._every,)
        for stage, part in zip(self._stages, self._parts, strict=True):
            found = stage.find(found, starts, [codes[position] for position in part])
            starts = stage.sets
        return np.zeros(rows, np.int32) if found is None else found

    def forget(self) -> None:
        """Begin anew."""
        for stage in self._stages:
            stage.forget()


def _parts(columns: Sequence[Sequence[int]], places_max: int) -> Iterator[list[int]]:
    """Columns that are taken together, those of few classes first."""
    part: list[int] = []
    places = 1
    for position in sorted(range(len(columns)), key=lambda position: len(columns[position])):
        size = len(columns[position])
        if part and places * size > places_max:
            yield part
            part, places = [], 1
        part.append(position)
        places *= size
    if part:
        yield part

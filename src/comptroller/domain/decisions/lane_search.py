"""How a lane finds the rules that hit: each column one look-up, and as few sets of rules to intersect as possible.

A column cuts its values into classes, one for each set of rules that it can answer. Columns with few classes are taken
together: for every combination of their classes the sets have met when the lane was made, and what is looked up is
where in that list to look. Where all columns of a table go together (a grid does) the list holds the rule itself, and
nothing is left to intersect however many rules there are. What would not fit in a list of bounded size stays a set.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, auto
from functools import reduce
from itertools import product
from operator import getitem
from typing import Any, Final

from comptroller.domain.decisions.columns import Equality, Order
from comptroller.domain.feel import Value

COMBINATIONS_MAX: Final = 2**16
"""Combinations of classes for which a lane keeps the rule that hits."""

TEXTS_KEPT_MAX: Final = 2**10
TEXT_KEPT_CHARACTERS_MAX: Final = 64
"""Texts that no cell names of which a look-up keeps the answer, and how long they may be."""

CLASSES_MAX: Final = 2**12
"""Classes of a column up to which equal sets of rules are looked for."""

COMBINED_BITS_MAX: Final = 2**24
"""Bits that the sets of a lane's combinations may take, 2 MiB."""


_WHOLE: Final = tuple(Decimal(number) for number in range(2**8))
"""Scores, percentages, levels, ages: numbers for which an equal one is found faster than the place among points."""

_WHOLE_SET: Final = frozenset(_WHOLE)


class Kind(Enum):
    """How a value is looked up: by equality, or by its place among points of which each opens or closes a segment."""

    EQUAL = auto()
    OPENS = auto()  # a point answers as what lies after it
    CLOSES = auto()  # a point answers as what lies before it
    BETWEEN = auto()  # before, at and after a point may all differ


@dataclass(frozen=True, slots=True)
class LookUp:
    """One column: the variable of the value, the keys, and an answer for each key (in order, the rest's at last)."""

    variable: str
    kind: Kind
    keys: tuple[Value, ...]
    answers: Sequence[Any]
    rest_hits_nothing: bool = False  # no rule accepts what is equal to no key


def look_up(variable: str, index: Equality | Order) -> LookUp:
    """Make a look-up of an index; its answers are sets of rules."""
    if isinstance(index, Equality):
        answers = (*index.named.values(), index.otherwise)
        return LookUp(variable, Kind.EQUAL, tuple(index.named), answers, rest_hits_nothing=not index.otherwise)
    before, at, points = index.accepting[0::2], index.accepting[1::2], tuple(index.points)
    if all(own == after for own, after in zip(at, before[1:], strict=True)):
        return LookUp(variable, Kind.OPENS, points, before)
    if all(own == earlier for own, earlier in zip(at, before, strict=False)):
        return LookUp(variable, Kind.CLOSES, points, before)
    return LookUp(variable, Kind.BETWEEN, points, index.accepting)


class Numbers(dict[Decimal, Any]):
    """Answers to the commonest whole numbers by the number, and to the others by bisection."""

    def __init__(self, look: LookUp) -> None:
        self._bisect = bisect_right if look.kind is Kind.OPENS else bisect_left
        self._keys: Any = look.keys
        self._answers = look.answers
        super().__init__((number, self[number]) for number in _WHOLE)

    def __missing__(self, number: Decimal) -> Any:
        return self._answers[self._bisect(self._keys, number)]


def found_by_number(look: LookUp) -> bool:
    """Whether all that a look-up distinguishes lies among the commonest whole numbers."""
    return (
        look.kind in {Kind.OPENS, Kind.CLOSES}
        and len(look.keys) > 1
        and all(isinstance(key, Decimal) and key in _WHOLE_SET for key in look.keys)
    )


class Texts(dict[str, Any]):
    """Answers to texts by the text, and one to all others, of which those seen first are kept as if they were named.

    What is no text is no key here, and is refused with a `KeyError`.
    """

    def __init__(self, named: Mapping[Any, Any], rest: Any) -> None:
        super().__init__(named)
        self._rest = rest
        self._size_max = len(named) + TEXTS_KEPT_MAX

    def __missing__(self, text: str) -> Any:
        if text.__class__ is not str:
            raise KeyError(text)
        if len(self) < self._size_max and len(text) <= TEXT_KEPT_CHARACTERS_MAX:
            self[text] = self._rest
        return self._rest


@dataclass(frozen=True, slots=True)
class Search:
    """The look-ups whose answers are places in `found`, and those whose answers are sets to meet what is there.

    `found` is a list for the first look-up of lists for the second and so on. Of a search that is `whole` no sets are
    left: it holds what `single` says of a set.
    """

    placed: tuple[LookUp, ...]
    found: Any
    met: tuple[LookUp, ...]
    whole: bool
    gives_up: bool = False  # `single` cannot tell of some sets

    def always_hits(self, passed_over: Collection[str]) -> bool:
        """Whether a whole search finds a rule, whatever comes; of some variables only values equal to a key come."""
        if not self.whole:
            return False
        answers = [look.answers[:-1] if look.variable in passed_over else look.answers for look in self.placed]
        return all(reduce(getitem, places, self.found) != -1 for places in product(*map(set, answers)))


def search(look_ups: Sequence[LookUp], rules: int, single: Callable[[int], int | None] | None) -> Search:
    """Arrange the look-ups of a table; `single` tells the one rule that a set stands for, where that is asked."""
    every = (1 << rules) - 1
    classes = sorted(((look, classes_of(look)) for look in look_ups), key=lambda pair: len(pair[1]))
    together = 1
    for _, sets in classes:
        together *= len(sets)
    if single is not None and together <= COMBINATIONS_MAX:
        combined = combined_sets(every, [sets for _, sets in classes])
        told = [single(found) for found in combined]
        sizes = [len(sets) for _, sets in classes]
        return Search(placed(classes), nested(told, sizes), (), whole=True, gives_up=None in told)
    taken, together = 0, 1
    while taken < len(classes) and together * len(classes[taken][1]) * rules <= COMBINED_BITS_MAX:
        together *= len(classes[taken][1])
        taken += 1
    if taken < 2:
        taken = 0
    combined = combined_sets(every, [sets for _, sets in classes[:taken]])
    found = nested(combined, [len(sets) for _, sets in classes[:taken]])
    return Search(placed(classes[:taken]), found, tuple(look for look, _ in classes[taken:]), whole=False)


def classes_of(look: LookUp) -> list[int]:
    """The sets of rules that a look-up can answer, each once; of very many those that are one object."""
    answers = list({id(rules): rules for rules in look.answers}.values())
    return list(dict.fromkeys(answers)) if len(answers) <= CLASSES_MAX else answers


def combined_sets(every: int, sets: Sequence[Sequence[int]]) -> list[int]:
    """The intersection of every choice of one set from each column, the last column changing fastest."""
    found = [every]
    for column in sets:
        found = [rules & other if rules else 0 for rules in found for other in column]
    return found


def nested(flat: Sequence[Any], sizes: Sequence[int]) -> Any:
    """A list of combinations as lists within lists, so that a place is found without arithmetic."""
    for size in reversed(sizes):
        flat = [list(flat[first : first + size]) for first in range(0, len(flat), size)]
    return flat[0]


def placed(classes: Sequence[tuple[LookUp, list[int]]]) -> tuple[LookUp, ...]:
    """The look-ups with the place of each class among the column's own."""
    made: list[LookUp] = []
    for look, sets in classes:
        places = {rules: number for number, rules in enumerate(sets)}
        made.append(replace(look, answers=[places[rules] for rules in look.answers]))
    return tuple(made)

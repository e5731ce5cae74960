"""How a lane searches a long table: a bucket of rules by the columns with few classes, and in it few rules to compare.

Where some columns leave a tenth of the rules, sets of all rules are mostly zeros. A bucket numbers the rules that its
columns leave anew, and of the other columns it keeps the points that mean something to these. So a bisection has fewer
points to pass, sets are as long as the bucket is, and what is met is found by its one bit in a dictionary.

Of a table of policy FIRST a bucket holds the first rules alone, since one of these nearly always hits; after them all
rules are asked.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain
from operator import xor
from typing import Any, Final

from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.decisions.lane_search import (
    Kind,
    LookUp,
    classes_of,
    combined_sets,
    found_by_number,
    nested,
    placed,
)
from comptroller.domain.feel import Value

BUCKETS_MAX: Final = 2**9
"""Buckets of a table."""

FIRST_ONES: Final = 2**7
"""Rules of a bucket of policy FIRST."""

BUCKET_BITS_MAX: Final = 2**24
"""Bits that the sets of a table's buckets may take, 2 MiB."""

FEW: Final = 16
"""Rules in a set up to which each is taken out of it by arithmetic; of more the digits are read."""


@dataclass(frozen=True, slots=True)
class Buckets:
    """The look-ups whose answers are places in `found`, which holds the buckets, and the columns looked up in these.

    A bucket is a tuple: for each side its points (None: the side's answer is the place itself) and sets, then the rule
    for each set of one rule or none. Where that is None and not -1, the rules behind the first ones are to be asked.
    """

    placed: tuple[LookUp, ...]
    found: Any
    sides: tuple[LookUp, ...]
    goes_on: bool


def buckets(look_ups: Sequence[LookUp], rules: int, policy: HitPolicy) -> Buckets | None:
    """Arrange the look-ups of a table of which one rule at most hits; None where it does not suit."""
    classes = sorted(((look, classes_of(look)) for look in look_ups), key=lambda pair: len(pair[1]))
    taken, together = 0, 1
    while taken < len(classes) and together * len(classes[taken][1]) <= BUCKETS_MAX:
        together *= len(classes[taken][1])
        taken += 1
    rest = [look for look, _ in classes[taken:]]
    if not rest or not all(look.kind in {Kind.OPENS, Kind.CLOSES} for look in rest):
        return None
    rows_max = FIRST_ONES if policy is HitPolicy.FIRST else rules
    sides = [_Flips(look) for look in rest]
    powers = [1 << number for number in range(min(rows_max, rules))]
    made: dict[int, tuple[Any, ...]] = {}
    goes_on, bits = False, 0
    combined = combined_sets((1 << rules) - 1, [sets for _, sets in classes[:taken]])
    for found in combined:
        if found in made:
            continue
        rows = [row for row, _ in zip(bits_of(found), powers, strict=False)]
        more = found.bit_count() > len(rows)
        parts = [side.narrowed(rows, powers) for side in sides]
        bits += len(rows) * sum(len(sets) for _, sets in parts)
        if bits > BUCKET_BITS_MAX:
            return None
        hits: dict[int, int | None] = {0: None if more else -1, **dict(zip(powers, rows, strict=False))}
        made[found] = (*chain.from_iterable(parts), hits)
        goes_on = goes_on or more
    sizes = [len(sets) for _, sets in classes[:taken]]
    return Buckets(
        placed(classes[:taken]),
        nested([made[found] for found in combined], sizes),
        tuple(replace(look, answers=range(len(look.keys) + 1)) for look in rest),
        goes_on,
    )


class _Flips:
    """A look-up by rule: which rules it answers before its first point, and after which points each changes."""

    def __init__(self, look: LookUp) -> None:
        self._by_place = found_by_number(look)
        self._keys: tuple[Value, ...] = look.keys
        self._before = frozenset(bits_of(look.answers[0]))
        self._places: Mapping[int, list[int]] = defaultdict(list)
        earlier = look.answers[0]
        for place, answer in enumerate(look.answers[1:]):
            if answer is not earlier:
                for rule in bits_of(answer ^ earlier):
                    self._places[rule].append(place)
                earlier = answer

    def narrowed(self, rows: Sequence[int], powers: Sequence[int]) -> tuple[tuple[Value, ...] | None, list[int]]:
        """The points and the sets for some rules, which are numbered anew by their place among these."""
        first = 0
        changes: dict[int, int] = {}
        for row, bit in zip(rows, powers, strict=False):
            if row in self._before:
                first |= bit
            for place in self._places.get(row, ()):
                changes[place] = changes.get(place, 0) ^ bit
        if self._by_place:
            every = (changes.get(place, 0) for place in range(len(self._keys)))
            return None, list(accumulate(every, xor, initial=first))
        places = sorted(place for place, change in changes.items() if change)
        sets = accumulate((changes[place] for place in places), xor, initial=first)
        return tuple(self._keys[place] for place in places), list(sets)


def bits_of(rules: int) -> Iterator[int]:
    """The numbers of the rules in a set, in order."""
    if rules.bit_count() > FEW:
        text = f"{rules:b}"[::-1]
        place = text.find("1")
        while place >= 0:
            yield place
            place = text.find("1", place + 1)
        return
    while rules:
        bit = rules & -rules
        rules ^= bit
        yield bit.bit_length() - 1

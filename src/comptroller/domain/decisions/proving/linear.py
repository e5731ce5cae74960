"""Sums of unknown numbers, and whether inequalities between such sums can hold together.

Unknowns are taken away one by one: of two inequalities of which one bounds an unknown from below and the other from
above, the sum without it must hold too (Fourier and Motzkin). What remains are numbers; going back, each unknown gets a
value between its bounds. The ways of a decision rest on a handful of inequalities, of which this asks nothing but
additions, exactly, on fractions; how many it may make is bounded.

# SOURCE: Schrijver, Theory of Linear and Integer Programming, 12.2.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

INEQUALITIES_MAX: Final = 2_000
"""Inequalities that one question may come to."""


@dataclass(frozen=True, slots=True)
class Linear:
    """A constant and unknowns with their factors, none of them zero, in the order of their keys."""

    terms: tuple[tuple[Hashable, Fraction], ...]
    constant: Fraction

    @staticmethod
    def of(number: Decimal | Fraction | int) -> "Linear":
        """A number."""
        return Linear((), Fraction(number))

    @staticmethod
    def unknown(key: Hashable) -> "Linear":
        """An unknown by itself."""
        return Linear(((key, Fraction(1)),), Fraction(0))

    def plus(self, other: "Linear", factor: Fraction = Fraction(1)) -> "Linear":
        """The sum of this and a multiple of another one."""
        factors = dict(self.terms)
        for key, share in other.terms:
            factors[key] = factors.get(key, Fraction(0)) + share * factor
        terms = tuple(sorted(((key, share) for key, share in factors.items() if share), key=_order))
        return Linear(terms, self.constant + other.constant * factor)

    def times(self, factor: Fraction) -> "Linear":
        """A multiple."""
        return Linear((), Fraction(0)).plus(self, factor)

    def at(self, values: Mapping[Hashable, Fraction]) -> Fraction:
        """The value for values of all unknowns."""
        return self.constant + sum((share * values[key] for key, share in self.terms), Fraction(0))


def _order(term: tuple[Hashable, Fraction]) -> str:
    return repr(term[0])


@dataclass(frozen=True, slots=True)
class Inequality:
    """A sum that is not above zero, or (strictly) below it."""

    sum: Linear
    is_strict: bool = False


def with_sign(linear: Linear, sign: int) -> tuple[Inequality, ...]:
    """The inequalities that say that a sum is below, at or above zero."""
    if sign < 0:
        return (Inequality(linear, is_strict=True),)
    negated = linear.times(Fraction(-1))
    return (Inequality(negated, is_strict=True),) if sign > 0 else (Inequality(linear), Inequality(negated))


class TooMany(Exception):
    """There are more inequalities than are gone through."""


def solve(inequalities: Sequence[Inequality]) -> Mapping[Hashable, Fraction] | None:
    """Values for all unknowns with which every inequality holds; None where there are none. Raises `TooMany`."""
    levels: list[tuple[Hashable, list[Inequality]]] = []
    left = list(dict.fromkeys(inequalities))
    while unknowns := sorted({key for each in left for key, _ in each.sum.terms}, key=repr):
        key = min(unknowns, key=lambda unknown: _growth(unknown, left))
        bounding = [each for each in left if dict(each.sum.terms).get(key)]
        levels.append((key, bounding))
        left = list(dict.fromkeys([*(each for each in left if each not in bounding), *_without(key, bounding)]))
        if len(left) > INEQUALITIES_MAX:
            raise TooMany
    if any(each.sum.constant > 0 or (each.is_strict and each.sum.constant == 0) for each in left):
        return None
    everywhere = {key for each in inequalities for key, _ in each.sum.terms}
    values = dict.fromkeys(everywhere - {key for key, _ in levels}, Fraction(0))  # bound by nothing but others
    for key, bounding in reversed(levels):
        values[key] = _between(key, bounding, values)
    return values


def _growth(key: Hashable, left: Sequence[Inequality]) -> int:
    shares = [dict(each.sum.terms).get(key, Fraction(0)) for each in left]
    return sum(share > 0 for share in shares) * sum(share < 0 for share in shares)


def _without(key: Hashable, bounding: Sequence[Inequality]) -> list[Inequality]:
    above = [each for each in bounding if dict(each.sum.terms)[key] > 0]
    below = [each for each in bounding if dict(each.sum.terms)[key] < 0]
    return [
        Inequality(
            one.sum.times(1 / dict(one.sum.terms)[key]).plus(other.sum, -1 / dict(other.sum.terms)[key]),
            one.is_strict or other.is_strict,
        )
        for one in above
        for other in below
    ]


def _between(key: Hashable, bounding: Sequence[Inequality], values: dict[Hashable, Fraction]) -> Fraction:
    """A value between the bounds that the others leave, near the lower one: a cent above it where there is room."""
    lows: list[tuple[Fraction, bool]] = []
    highs: list[tuple[Fraction, bool]] = []
    for each in bounding:
        share = dict(each.sum.terms)[key]
        end = -each.sum.at({**values, key: Fraction(0)}) / share
        (highs if share > 0 else lows).append((end, each.is_strict))
    low = max(lows, default=None)
    high = min(highs, key=lambda bound: (bound[0], not bound[1]), default=None)
    step = Fraction(1, 100)
    if low is None:
        return Fraction(0) if high is None or high[0] > 0 else high[0] - (step if high[1] else 0)
    if not low[1]:
        return low[0]
    near = low[0] + step
    return near if high is None or near < high[0] or (near == high[0] and not high[1]) else (low[0] + high[0]) / 2

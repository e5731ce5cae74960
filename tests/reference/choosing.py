"""How generators choose: from a seeded source for the soaks, drawn by Hypothesis for the tests.

The first of some choices is the simplest, so that Hypothesis shrinks towards it.
"""

import random
from collections.abc import Sequence
from typing import Protocol, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Chooser(Protocol):
    """Makes the choices of a generator."""

    def below(self, count: int) -> int:
        """A whole number from 0 to below a count."""
        ...


class Seeded:
    """Chooses by a seed."""

    def __init__(self, seed: str | float) -> None:
        self._random = random.Random(seed)

    def below(self, count: int) -> int:
        return self._random.randrange(count)


class Drawn:
    """Chooses as Hypothesis draws."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def below(self, count: int) -> int:
        return self._draw(st.integers(0, count - 1))


def one(chooser: Chooser, options: Sequence[T]) -> T:
    """One of some options."""
    return options[chooser.below(len(options))]


def rarely(chooser: Chooser, times: int) -> bool:
    """True once in so many times."""
    return chooser.below(times) == times - 1

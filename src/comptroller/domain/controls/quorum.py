"""How many of a group must sign a step, and what its answers so far make of it.

A step asks each of its people for themselves. It is carried as soon as enough of them have signed; a no ends it, unless
policy lets a no be outvoted: then it fails when those who are left can no longer make up the number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import ceil
from typing import Any

from comptroller.domain.kernel.money import parse_decimal


class Carried(StrEnum):
    """What the answers to a step make of it."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many signatures a step needs, and whether one no ends it."""

    needed: int = 1
    one_no_ends_it: bool = True

    @classmethod
    def of(cls, step: Mapping[str, Any]) -> "Quorum":
        """Read what a step of a route says, as policy gives it or as a task keeps it; at least one signs.

        >>> Quorum.of({"signatures": Decimal(2), "one no ends it": False})
        Quorum(needed=2, one_no_ends_it=False)
        >>> Quorum.of({"signatures": "0"})
        Quorum(needed=1, one_no_ends_it=True)
        """
        number = step.get("signatures")
        needed = parse_decimal(number) if isinstance(number, str) else number
        least = ceil(needed) if isinstance(needed, Decimal) else 1
        return cls(max(1, least), step.get("one no ends it") is not False)

    @property
    def is_one(self) -> bool:
        """Whether a single signature is enough."""
        return self.needed == 1

    def carried(self, *, signed: int, against: int, left: int) -> Carried:
        """Whether so many signatures and noes, with so many people left to answer, carry the step or end it.

        >>> Quorum(2, one_no_ends_it=False).carried(signed=1, against=1, left=1)
        <Carried.OPEN: 'open'>
        """
        if signed >= self.needed:
            return Carried.YES
        if (against and self.one_no_ends_it) or signed + left < self.needed:
            return Carried.NO
        return Carried.OPEN

"""What a kernel may keep of what it has learnt; whatever reaches a bound is forgotten, and learnt anew where needed."""

from dataclasses import dataclass
from typing import Final


class Full(Exception):
    """A bound is reached: whoever asked must forget what was learnt, and go on with fewer rows."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The sizes of a kernel's tables, for each table of the decision."""

    places: int = 2**24
    """Places in the look-up table of some columns, 64 MiB."""

    sets_bits: int = 2**30
    """Bits in all the sets of rules that some columns have left, 128 MiB."""

    dense_places: int = 2**22
    """Places in a table of groups and classes, 16 MiB; where there may be more, pieces are found by bisection."""

    pieces: int = 2**23
    """Pieces kept for bisection, 64 to 96 MiB."""

    covers: int = 2**21
    """Pairs of a piece and a rule that covers it worked on at once, of which each takes some 50 bytes."""

    outcomes: int = 2**20
    """Different answers of a table that collects the answers of several rules."""


DEFAULT: Final = Bounds()

"""Columns that are not free of one another: which of their pieces can be met together.

Two columns that look at the same meet one and the same value. A table upstream says finitely many things: two columns
that look at entries of it meet only what one of its rules says. Of all other combinations nothing has to be said, and
nothing is a gap.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import product

from comptroller.domain.decisions.analysis.axes import Axis, Known, entry_at, looking_alike
from comptroller.domain.decisions.analysis.cover import Box, merged
from comptroller.domain.decisions.tables import Table
from comptroller.domain.feel import Value


class Together:
    """The combinations of pieces that can occur, for each group of columns that are not free of one another."""

    def __init__(self, table: Table, axes: Sequence[Axis], known: Known) -> None:
        self._axes = axes
        inputs = table.inputs
        alike = {looking_alike(table.source, place) for place in range(len(axes))}
        self._alike = [
            of for of in sorted(alike) if len(of) > 1 and all(axes[place].pieces == axes[of[0]].pieces for place in of)
        ]
        self._groups: list[tuple[tuple[int, ...], frozenset[tuple[int, ...]]]] = []
        by_source: dict[str, list[int]] = defaultdict(list)
        for place, column in enumerate(inputs):
            if column.path and known.values_of(column.path) is not None:
                by_source[column.path[0]].append(place)
        for source, places in by_source.items():
            if len(places) > 1:
                met = [
                    [_piece(axes[place], entry_at(outcome, inputs[place].path[1:])) for place in places]
                    for outcome in (*(known.outcomes_of(source) or ()), None)
                ]
                self._groups.append((tuple(places), frozenset(tuple(of) for of in met if -1 not in of)))

    def can_occur(self, box: Box) -> bool:
        """Whether any combination of a box can be met."""
        narrow = self.narrowed(box)
        if any(part and not narrow[place] for place, part in enumerate(box)):
            return False
        return all(any(_is_in(box, places, met) for met in combinations) for places, combinations in self._groups)

    def parts(self, boxes: Sequence[Box]) -> list[Box]:
        """What can be met of boxes, as few boxes."""
        boxes = [box for box in map(self.narrowed, boxes) if all(box)]
        if not self._groups:
            return merged(self._axes, boxes) if self._alike else boxes
        found = []
        for box in boxes:
            ways = [
                [(places, met) for met in combinations if _is_in(box, places, met)]
                for places, combinations in self._groups
            ]
            for chosen in product(*ways):
                part = list(box)
                for places, met in chosen:
                    for place, piece in zip(places, met, strict=True):
                        part[place] = 1 << piece
                found.append(tuple(part))
        return merged(self._axes, sorted(found))

    def narrowed(self, box: Box) -> Box:
        """A box with what columns that look at the same have in common."""
        parts = list(box)
        for places in self._alike:
            common = -1
            for place in places:
                common &= box[place]
            for place in places:
                parts[place] = common
        return tuple(parts)


def _is_in(box: Box, places: Sequence[int], met: Sequence[int]) -> bool:
    return all(box[place] >> piece & 1 for place, piece in zip(places, met, strict=True))


def _piece(axis: Axis, value: Value) -> int:
    """The piece that a value is; -1 where the column has none for it."""
    for at, piece in enumerate(axis.pieces):
        if piece.is_point and piece.witness.__class__ is value.__class__ and piece.witness == value:
            return at
    return -1

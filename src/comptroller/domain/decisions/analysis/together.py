"""Columns that look at outcomes of one and the same decision: which of their pieces can be met together.

A table upstream says finitely many things. Two columns that look at entries of one of them, or at the same one twice,
meet only what one rule says: of all other combinations nothing has to be said, and nothing is a gap.
"""

from collections import defaultdict
from collections.abc import Sequence
from itertools import product

from comptroller.domain.decisions.analysis.axes import Axis, Known, entry_at
from comptroller.domain.decisions.analysis.cover import Box, merged
from comptroller.domain.decisions.tables import Input
from comptroller.domain.feel import Value


class Together:
    """The combinations of pieces that can occur, for each group of columns that are not free of one another."""

    def __init__(self, inputs: Sequence[Input], axes: Sequence[Axis], known: Known) -> None:
        self._axes = axes
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
        return all(any(_is_in(box, places, met) for met in combinations) for places, combinations in self._groups)

    def parts(self, boxes: Sequence[Box]) -> list[Box]:
        """What can be met of boxes, as few boxes."""
        if not self._groups:
            return list(boxes)
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


def _is_in(box: Box, places: Sequence[int], met: Sequence[int]) -> bool:
    return all(box[place] >> piece & 1 for place, piece in zip(places, met, strict=True))


def _piece(axis: Axis, value: Value) -> int:
    """The piece that a value is; -1 where the column has none for it."""
    for at, piece in enumerate(axis.pieces):
        if piece.is_point and piece.witness.__class__ is value.__class__ and piece.witness == value:
            return at
    return -1

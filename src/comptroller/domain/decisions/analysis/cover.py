"""Whether rules leave a part of the space uncovered, and which.

A part is a box: for each column the pieces that belong to it. Where no rule meets a box, the box is a gap; where one
rule takes all of it, nothing is to be looked for. Otherwise the box is cut in two (or more, between texts that no rule
takes together) where the fewest rules stand on both sides, and the parts are gone through one by one. A table that
somebody made by dividing cases is taken apart along the same lines: a rule then counts about once for each time the
space is halved. Nothing else is bounded by that, since boxes thrown over one another can leave more gaps than a book
has pages; so the search has a budget, and says when that was not enough.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from comptroller.domain.decisions.analysis.axes import Axis

Box = tuple[int, ...]
"""For each column, the pieces that belong to it."""


class Budget:
    """How much may still be looked at, in cells."""

    def __init__(self, cells: int) -> None:
        self._left = cells

    def take(self, cells: int) -> None:
        """Pay; raises `Exhausted` when nothing is left."""
        self._left -= cells
        if self._left < 0:
            raise Exhausted


class Exhausted(Exception):
    """The budget was not enough."""


def uncovered(axes: Sequence[Axis], box: Box, rules: Sequence[int], budget: Budget) -> Iterator[Box]:
    """The parts of a box that none of the rules accepts; opaque cells count as accepting. Raises `Exhausted`."""
    cells = [axis.cells for axis in axes]
    pending = [
        (box, [rule for rule in rules if all(of[rule].pieces & part for of, part in zip(cells, box, strict=True))])
    ]
    while pending:
        box, rules = pending.pop()
        budget.take(len(rules) * len(axes) + 1)
        if not rules:
            yield box
            continue
        inside = [[cells[place][rule].pieces & part for rule in rules] for place, part in enumerate(box)]
        if _is_taken(box, inside):
            continue
        place, parts = cut(axes, box, inside)
        taken = inside[place]
        for part in parts:
            there = [rule for rule, pieces in zip(rules, taken, strict=True) if pieces & part]
            pending.append(((*box[:place], part, *box[place + 1 :]), there))
        pending[-len(parts) :] = sorted(pending[-len(parts) :], key=lambda each: -len(each[1]))  # the emptiest first


def merged(axes: Sequence[Axis], boxes: Sequence[Box]) -> list[Box]:
    """Boxes that differ in one column only become one, until none do; of an ordered column only neighbours."""
    found, before = list(dict.fromkeys(boxes)), -1
    while len(found) != before:
        before = len(found)
        for place, axis in enumerate(axes):
            by_rest: dict[Box, int] = {}
            for box in found:
                rest = (*box[:place], *box[place + 1 :])
                by_rest[rest] = by_rest.get(rest, 0) | box[place]
            found = [
                (*rest[:place], part, *rest[place:])
                for rest, together in by_rest.items()
                for part in (_runs(together) if axis.is_ordered else [together])
            ]
    return found


def _runs(pieces: int) -> Iterator[int]:
    """Neighbouring pieces together."""
    while pieces:
        low = pieces & -pieces
        run = pieces & ~(pieces + low)
        yield run
        pieces ^= run


def _is_taken(box: Box, inside: Sequence[Sequence[int]]) -> bool:
    """Whether one rule accepts all of the box."""
    return not box or any(pieces == box for pieces in zip(*inside, strict=True))


def cut(axes: Sequence[Axis], box: Box, inside: Sequence[Sequence[int]]) -> tuple[int, list[int]]:
    """The column to cut, and the parts: where the largest part is smallest and the fewest rules come into several.

    `inside` holds for each column what every rule accepts of the box; one rule at least does not accept all of it.
    """
    best: tuple[int, int, list[int]] | None = None
    for place, (axis, part) in enumerate(zip(axes, box, strict=True)):
        if all(pieces == part for pieces in inside[place]):
            continue
        cost, parts = _halves(part, inside[place]) if axis.is_ordered else _groups(part, inside[place])
        if best is None or cost < best[0]:
            best = cost, place, parts
    assert best is not None, "a rule that meets the box and restricts no column takes all of it"
    return best[1], best[2]


def _halves(part: int, inside: Sequence[int]) -> tuple[int, list[int]]:
    """Cut an ordered column in two."""
    starts = sorted((pieces & -pieces).bit_length() - 1 for pieces in inside)
    ends = sorted(pieces.bit_length() for pieces in inside)  # the first piece behind
    first, behind, count = (part & -part).bit_length() - 1, part.bit_length(), len(inside)
    best, cut = 3 * count + 1, 0
    for place in {*starts, *ends}:
        if first < place < behind:
            left, right = bisect_left(starts, place), count - bisect_left(ends, place + 1)
            cost = max(left, right) + 2 * (left + right - count)
            if cost < best:
                best, cut = cost, place
    if not cut:  # the runs have holes: one of them is the place to cut at
        holes = next(part & ~pieces for pieces in inside if pieces != part)
        hole = holes & -holes
        return 3 * count, [hole, part ^ hole]
    low = part & ((1 << cut) - 1)
    return best, [low, part ^ low]


def _groups(part: int, inside: Sequence[int]) -> tuple[int, list[int]]:
    """Part an unordered column: between pieces that no rule takes together, else into those that none tells apart."""
    together: list[int] = []
    for pieces in inside:
        joined, apart = pieces, []
        for group in together:
            if group & joined:
                joined |= group
            else:
                apart.append(group)
        together = [*apart, joined]
        if joined == part:
            break
    rest = part
    for group in together:
        rest &= ~group
    parts = [*together, rest] if rest else together
    if len(parts) < 2:
        parts = _alike(part, inside)
    sizes = [sum(1 for pieces in inside if pieces & each) for each in parts]
    return max(sizes) + 2 * (sum(sizes) - len(inside)), parts


def _alike(part: int, inside: Sequence[int]) -> list[int]:
    parts = [part]
    for pieces in set(inside):
        if pieces != part:
            parts = [half for each in parts for half in (each & pieces, each & ~pieces) if half]
    return parts


def points(box: Box, count: int) -> Iterator[tuple[int, ...]]:
    """So many points of a box, each told by its piece in every column: the first, the last, and some spread between."""
    spans = [((part & -part).bit_length() - 1, part.bit_length() - 1) for part in box]
    for turn in range(count):
        yield tuple(
            _nearest(part, first + (last - first) * (turn * (place + 1) % count) // max(count - 1, 1))
            for place, (part, (first, last)) in enumerate(zip(box, spans, strict=True))
        )


def _nearest(part: int, place: int) -> int:
    """The piece at a place, or the next one behind it."""
    behind = part >> place
    return place + (behind & -behind).bit_length() - 1

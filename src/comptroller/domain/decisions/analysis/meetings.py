"""Which rules meet which, column by column, as sets of rules.

A set of rules is a whole number with one bit for each rule. In an ordered column a run of pieces meets the rules that
begin before it ends and end after it begins, so that two running sets answer for all cells; the columns of a table meet
by `&`. Of ten thousand rules that exclude each other every one is told its neighbours by a handful of such operations.
"""

from collections.abc import Iterator, Sequence

from comptroller.domain.decisions.analysis.axes import Axis, Cell, bits


class Meetings:
    """The rules of a table that have values in common. Opaque cells count as accepting everything."""

    def __init__(self, axes: Sequence[Axis], count: int) -> None:
        self._axes = axes
        self._all = (1 << count) - 1
        self._accepting = [_accepting(axis) for axis in axes]
        self._met = [_met(axis, accepting) for axis, accepting in zip(axes, self._accepting, strict=True)]

    def of(self, rule: int) -> int:
        """The rules that share a value with a rule, itself left out."""
        found = self._all & ~(1 << rule)
        for axis, met in zip(self._axes, self._met, strict=True):
            found &= met[id(axis.cells[rule])]
            if not found:
                break
        return found

    def at(self, point: Sequence[int]) -> int:
        """The rules that accept a point, given by its piece in each column."""
        found = self._all
        for accepting, piece in zip(self._accepting, point, strict=True):
            found &= accepting[piece]
        return found


def surely_meet(axes: Sequence[Axis], one: int, other: int) -> bool:
    """Whether two rules that meet do so for certain: an opaque cell agrees with itself, and with one that is free."""
    return all(_agree(axis.cells[one], axis.cells[other], axis.everything) for axis in axes)


def _agree(one: Cell, other: Cell, everything: int) -> bool:
    if one is other or not (one.is_opaque or other.is_opaque):
        return True
    return any(not cell.is_opaque and cell.pieces == everything for cell in (one, other))


def lies_within(axes: Sequence[Axis], inner: int, outer: int) -> bool:
    """Whether a rule accepts whatever another one does, for certain."""
    return all(_holds(axis.cells[inner], axis.cells[outer]) for axis in axes)


def _holds(inner: Cell, outer: Cell) -> bool:
    """An opaque cell lies within itself and within a free one: it may accept any piece."""
    return inner is outer or (not outer.is_opaque and not inner.pieces & ~outer.pieces)


def _by_cell(axis: Axis) -> dict[int, tuple[Cell, int]]:
    """Each different cell, with the rules that have it."""
    found: dict[int, tuple[Cell, int]] = {}
    for rule, cell in enumerate(axis.cells):
        found[id(cell)] = cell, found.get(id(cell), (cell, 0))[1] | 1 << rule
    return found


def _accepting(axis: Axis) -> list[int]:
    """For each piece, the rules that accept it."""
    turning = [0] * (len(axis.pieces) + 1)
    for cell, rules in _by_cell(axis).values():
        for first, last in cell.runs:
            turning[first] ^= rules
            turning[last + 1] ^= rules
    found, rules = [], 0
    for turned in turning[:-1]:
        rules = rules ^ turned if turned else rules  # the same object: of a long table each takes a kilobyte
        found.append(rules)
    return found


def _met(axis: Axis, accepting: Sequence[int]) -> dict[int, int]:
    """For each different cell, the rules whose cells share a piece with it."""
    cells = _by_cell(axis)
    if not axis.is_ordered:
        return {key: _union(accepting[piece] for piece in bits(cell.pieces)) for key, (cell, _) in cells.items()}
    opening, closing = [0] * len(axis.pieces), [0] * len(axis.pieces)
    for cell, rules in cells.values():
        for first, last in cell.runs:
            opening[first] |= rules
            closing[last] |= rules
    begun, unended = _running(opening), _running(closing[::-1])[::-1]
    with_holes = [(cell, rules) for cell, rules in cells.values() if len(cell.runs) > 1]
    found: dict[int, int] = {}
    for key, (cell, _) in cells.items():
        met = _union(begun[last] & unended[first] for first, last in cell.runs)
        for other, rules in with_holes:
            if not other.pieces & cell.pieces:
                met &= ~rules
        found[key] = met
    return found


def _union(sets: Iterator[int]) -> int:
    gathered = 0
    for each in sets:
        gathered |= each
    return gathered


def _running(sets: Sequence[int]) -> list[int]:
    gathered, found = 0, []
    for each in sets:
        gathered |= each
        found.append(gathered)
    return found

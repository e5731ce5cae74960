"""How grave a gap is: whether its values occur, may occur, or are such as nobody expects.

A gap is as grave as its least expected column. Nobody expects null where cells name it only to turn it away, nor days
before the first row of a dated table counts. Texts that no rule names, what lies between whole neighbours (numbers,
days, seconds) and days before the rules for just these other values begin may occur or not: who writes the table knows.
"""

from collections.abc import Sequence
from typing import Final

from comptroller.domain.decisions.analysis.axes import Axis, bits
from comptroller.domain.decisions.analysis.cover import Box
from comptroller.domain.decisions.analysis.findings import Weight
from comptroller.domain.decisions.analysis.lines import place_of
from comptroller.domain.decisions.analysis.pieces import Piece
from comptroller.domain.feel import Kind, calendar, kind_of

_DATED: Final = frozenset({Kind.DATE, Kind.DATE_AND_TIME})
_UNITS: Final = {
    Kind.NUMBER: 1,
    Kind.DAYS_DURATION: 86_400,
    Kind.TIME: calendar.SECOND_NANOSECONDS,
    Kind.DATE_AND_TIME: calendar.SECOND_NANOSECONDS,
}
"""In what steps people count, by the places of a kind's line."""


def gap_weight(axes: Sequence[Axis], rules: Sequence[int], box: Box) -> Weight:
    """The weight of a gap in a table of which one rule hits: by its columns, and by when rules for its values begin."""
    weight = weight_by_column(axes, box)
    return Weight.WARNING if weight is Weight.ERROR and _is_before_rules(axes, rules, box) else weight


def weight_by_column(axes: Sequence[Axis], box: Box) -> Weight:
    """The weight of a gap as each column by itself has it: that of the least expected one."""
    weights = {_column(axis, part) for axis, part in zip(axes, box, strict=True) if part != axis.usual}
    return next((each for each in (Weight.INFORMATION, Weight.WARNING) if each in weights), Weight.ERROR)


def _column(axis: Axis, part: int) -> Weight:
    gravest = Weight.INFORMATION
    for place in bits(part):
        weight = _piece(axis, place)
        if weight is Weight.ERROR:
            return weight
        if weight is Weight.WARNING:
            gravest = weight
    return gravest


def _piece(axis: Axis, place: int) -> Weight:
    piece = axis.pieces[place]
    if piece.is_null:
        return Weight.ERROR if _is_asked_for(axis, place) else Weight.INFORMATION
    if _is_before_all_days(piece):
        return Weight.WARNING if _is_asked_for(axis, place) else Weight.INFORMATION
    return Weight.WARNING if piece.is_between_texts or _is_fraction(piece) else Weight.ERROR


def _is_asked_for(axis: Axis, place: int) -> bool:
    """Whether a cell that is not free accepts a piece."""
    return any(cell.pieces >> place & 1 for cell in axis.cells if cell.text != "-")


def _is_before_all_days(piece: Piece) -> bool:
    return kind_of(piece.witness) in _DATED and piece.low is None and not piece.is_point


def _is_fraction(piece: Piece) -> bool:
    """Whether a piece lies between neighbours as people count: whole numbers, whole days, seconds of a clock."""
    if piece.is_point or piece.low is None or piece.high is None:
        return False
    unit = _UNITS.get(kind_of(piece.low))
    if unit is None:
        return False
    low, high = place_of(piece.low), place_of(piece.high)
    return bool(low + unit == high and low % unit == 0)


def _is_before_rules(axes: Sequence[Axis], rules: Sequence[int], box: Box) -> bool:
    """Whether in a column of days a gap ends before the rules that take the other columns' values begin.

    No rule meets a gap, and the days of one follow one another: from the first on, all such rules lie behind it.
    """
    for place, axis in enumerate(axes):
        if not (axis.is_ordered and _is_before_all_days(axis.pieces[0]) and box[place] & 1):
            continue
        others = [(of.cells, part) for at, (of, part) in enumerate(zip(axes, box, strict=True)) if at != place]
        dated = (rule for rule in rules if kind_of(axis.pieces[axis.cells[rule].runs[0][0]].witness) in _DATED)
        if any(all(cells[rule].pieces & part for cells, part in others) for rule in dated):
            return True
    return False

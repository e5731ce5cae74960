"""Parts of the space as they are told: a cell for each column that matters, and one set of values."""

from collections.abc import Sequence
from typing import Final

from comptroller.domain.decisions.analysis.axes import Axis, bits
from comptroller.domain.decisions.analysis.cover import Box
from comptroller.domain.decisions.analysis.lines import typical
from comptroller.domain.decisions.analysis.pieces import Piece
from comptroller.domain.feel.text import literal_text

SHOWN_MAX: Final = 160
"""Characters of a cell that a message shows; the region has all of it."""


def brief(cell: str) -> str:
    """A cell as a message shows it: of many values the first."""
    if len(cell) <= SHOWN_MAX:
        return cell
    first = cell[:SHOWN_MAX].rpartition(", ")[0] or cell[:SHOWN_MAX]
    return f"{first}, ...{')' if cell.startswith('not(') else ''}"


def _typical(piece: Piece) -> str:
    """A value of a piece that reads well."""
    if piece.symbol:
        return piece.symbol
    value = piece.witness if piece.is_point else typical(piece.low, piece.high, piece.witness)
    return "any" if value == {} else literal_text(value)


def region_of(axes: Sequence[Axis], box: Box) -> dict[str, str]:
    """A part of the space in words: a cell for each column that matters, conditions of one column together."""
    told: dict[str, str] = {}
    for axis, part in zip(axes, box, strict=True):
        words = axis.words(part)
        if words != "-":
            is_new = axis.label in told and told[axis.label] != words
            told[axis.label] = f"{told[axis.label]} and {words}" if is_new else words
    return told


def example_of(axes: Sequence[Axis], box: Box) -> dict[str, str]:
    """One set of values of a part, for the columns that matter."""
    if not all(box):
        return {}
    return {
        axis.label: _typical(axis.pieces[next(bits(part))])
        for axis, part in zip(axes, box, strict=True)
        if part != axis.everything
    }

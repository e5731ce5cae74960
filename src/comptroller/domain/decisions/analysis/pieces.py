"""The pieces that the values of a column are cut into, so that no cell tells those of one piece apart.

Numbers, days, times and durations are cut at every literal that is named: a point, and what lies between two. Texts are
cut so where a cell asks for their order; else each that is named is a piece, and all the others are one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final, NamedTuple

from comptroller.domain.decisions.analysis import lines
from comptroller.domain.decisions.item_types import ConstrainedType
from comptroller.domain.decisions.tables import Limits
from comptroller.domain.feel import Evaluation, Kind, UnaryTests, Value, kind_of
from comptroller.domain.feel.compared import Compared
from comptroller.domain.feel.types import KindType


class Piece(NamedTuple):
    """Values that no cell tells apart: a point (both ends equal), what lies between two ends, or all without a name."""

    witness: Value
    low: Value = None  # None: no end on this side
    high: Value = None
    is_point: bool = True
    is_foreign: bool = False  # a value of a kind that no cell speaks of
    symbol: str = ""  # a part of the values that compare with a name: `< limit`

    @property
    def is_null(self) -> bool:
        """Whether this is null."""
        return self.is_point and self.witness is None

    @property
    def is_others(self) -> bool:
        """Whether these are the texts that nobody names, where texts have no order."""
        return self.is_between_texts and self.low is None and self.high is None

    @property
    def is_between_texts(self) -> bool:
        """Whether these are texts that nobody names."""
        return not self.is_point and isinstance(self.witness, str)


_NULL: Final = Piece(None)
_REST: Final = Piece({}, is_point=False)
"""What is neither null nor cut by any cell."""

_FOREIGN: Final = Piece({}, is_point=False, is_foreign=True)


def pieces_of(
    literals: Sequence[Value],
    limits: Limits,
    values: tuple[Value, ...] | None = None,
    symbol: str = "",
    *,
    texts_by_order: bool = False,
) -> tuple[Piece, ...]:
    """Cut what a column can meet at every literal; what its type or allowed values turn away is left out."""
    if symbol:
        made = [Piece({}, is_point=False, symbol=f"{operator} {symbol}") for operator in ("<", "=", ">")]
        return (*made, _NULL, _FOREIGN)  # where the name is null, nothing compares with it
    if values is not None:
        made = [Piece(value, value, value) for value in values if value is not None]
        return (*made, _NULL)
    limits, bounds, kind = _bounds(limits)
    named = [each for each in (*literals, *(each for of in bounds for each in of.literals)) if each is not None]
    texts_by_order |= any(of.orders_texts for of in bounds)
    made = [piece for piece in _cut_at(named, kind, texts_by_order=texts_by_order) if _lets_through(limits, piece)]
    if kind is None:
        return (*made, _NULL, *_of_other_lines(limits, made), _FOREIGN) if named else (_REST, _NULL)
    if kind is not Kind.BOOLEAN and all(kind_of(each) is not kind for each in named):
        return (*made, _REST, _NULL)
    return (*made, _NULL, *_of_other_lines(limits, made))


def _lets_through(limits: Limits, piece: Piece) -> bool:
    """Whether cells meet a piece, and meet it as it is: what a type converts is of another kind."""
    wrong, taken = limits.misfit(piece.witness, Evaluation())
    return not wrong and kind_of(taken) is kind_of(piece.witness)


def _of_other_lines(limits: Limits, made: Sequence[Piece]) -> Iterator[Piece]:
    """Times with an offset from UTC where cells name others only, or the other way round: a type lets both through."""
    found = {lines.line_of(piece.witness) for piece in made}
    for kind, has_offset in sorted(found):
        if kind in lines.CLOCKS and (kind, not has_offset) not in found:
            foreign = Piece(lines.other_line((kind, has_offset)), is_point=False, is_foreign=True)
            if _lets_through(limits, foreign):
                yield foreign


def _cut_at(named: Iterable[Value], kind: Kind | None, *, texts_by_order: bool) -> Iterator[Piece]:
    by_line: dict[lines.Line, list[Value]] = {}
    for each in named:
        by_line.setdefault(lines.line_of(each), []).append(each)
    if kind is Kind.BOOLEAN:
        by_line.setdefault((kind, False), [])
    for (found, _), of in sorted(by_line.items()):
        if found is Kind.BOOLEAN:
            yield from map(Piece, (False, True))
        elif isinstance(of[0], str) and not texts_by_order:
            texts = sorted({each for each in of if isinstance(each, str)})
            yield from map(Piece, texts)
            yield Piece("x" * (max(map(len, texts)) + 1), is_point=False)
        elif found in lines.ORDERED:
            yield from _cut_line(of)


def _cut_line(points: Iterable[Value]) -> Iterator[Piece]:
    """The points of a line, and what lies between two: nothing where one is the next to the other."""
    ordered = sorted({lines.place_of(point): point for point in points}.items())
    first, last = ordered[0][1], ordered[-1][1]
    earlier = lines.before(first)
    if earlier is not None:
        yield Piece(earlier, None, first, is_point=False)
    for (_, point), (place, following) in pairwise(ordered):
        yield Piece(point, point, point)
        between = lines.after(point)
        if between is not None and lines.place_of(between) < place:
            yield Piece(between, point, following, is_point=False)
    yield Piece(last, last, last)
    later = lines.after(last)
    if later is not None:
        yield Piece(later, last, None, is_point=False)


def follow_one_another(pieces: Sequence[Piece]) -> bool:
    """Whether pieces are cut out of one line, null and what is foreign aside."""
    usual = [piece for piece in pieces if not (piece.is_foreign or piece.witness is None)]
    if any(piece.low is None and piece.high is None for piece in usual):
        return False
    return len({lines.line_of(piece.witness) for piece in usual}) == 1


def compared(tests: object) -> Compared | None:
    """What a cell compares with; None where it looks at anything that is not cut into pieces here."""
    return tests.compared if isinstance(tests, UnaryTests) else None


def _bounds(limits: Limits) -> tuple[Limits, list[Compared], Kind | None]:
    """The limits as far as they only compare with literals, these, and the kind of value that they let through."""
    found: list[Compared] = []
    for cells in limits.allowed.cells if limits.allowed is not None else ():
        own = compared(cells.tests)
        if own is None:
            limits = replace(limits, allowed=None)
            break
        found.append(own)
    declared = limits.type
    while isinstance(declared, ConstrainedType):
        own = compared(declared.tests)
        if own is None:
            limits = replace(limits, type=declared.base)
        else:
            found.append(own)
        declared = declared.base
    return limits, found, declared.kind if isinstance(declared, KindType) else None

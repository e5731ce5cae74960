"""The pieces that the values of a column are cut into, so that no cell tells those of one piece apart.

Numbers, days, times and durations are cut at every literal that is named: a point, and what lies between two. Texts are
cut so where a cell asks for their order; else each that is named is a piece, so are those with each beginning that a
cell asks for, and all the others are one.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count, pairwise
from typing import Final, NamedTuple

from comptroller.domain.decisions.analysis import lines
from comptroller.domain.decisions.item_types import ConstrainedType
from comptroller.domain.decisions.tables import Limits
from comptroller.domain.feel import Evaluation, Kind, Type, UnaryTests, Value, kind_of
from comptroller.domain.feel.compared import Compared
from comptroller.domain.feel.types import KindType


class Piece(NamedTuple):
    """Values that no cell tells apart: a point (both ends equal), what lies between two ends, or all without a name."""

    witness: Value
    low: Value = None  # None: no end on this side
    high: Value = None
    is_point: bool = True
    is_foreign: bool = False  # a value of a kind that no cell speaks of
    prefix: str = ""  # texts that begin so and are not named, nor begin with a longer one that is
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
        return not self.is_point and not self.prefix and isinstance(self.witness, str)


_SCALARS: Final = lines.ORDERED | {Kind.BOOLEAN}
_NULL: Final = Piece(None)
_REST: Final = Piece({}, is_point=False)
"""What is neither null nor cut by any cell."""

_FOREIGN: Final = Piece({}, is_point=False, is_foreign=True)


def pieces_of(
    asked: Sequence[Compared], limits: Limits, values: tuple[Value, ...] | None = None, symbol: str = ""
) -> tuple[Piece, ...]:
    """Cut what a column can meet by what is asked of it; what its type or allowed values turn away is left out."""
    if symbol:
        made = [Piece({}, is_point=False, symbol=f"{operator} {symbol}") for operator in ("<", "=", ">")]
        return (*made, _NULL, _FOREIGN)  # where the name is null, nothing compares with it
    if values is not None:
        made = [Piece(value, value, value) for value in values if value is not None]
        return (*made, _NULL)
    limits, bounds, kind = _bounds(limits)
    asked = [*asked, *bounds]
    named = [each for of in asked for each in of.literals if each is not None]
    made = [piece for piece in _cut_at(named, asked, kind) if _lets_through(limits, piece)]
    if kind is None:
        if not named:
            return _REST, _NULL
        foreign = [_FOREIGN] if _lets_through(limits, _FOREIGN) else []  # allowed values may turn other kinds away
        return (*made, _NULL, *_of_other_lines(limits, made), *foreign)
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


def _cut_at(named: Iterable[Value], asked: Sequence[Compared], kind: Kind | None) -> Iterator[Piece]:
    by_line: dict[lines.Line, list[Value]] = {}
    for each in named:
        by_line.setdefault(lines.line_of(each), []).append(each)
    if kind is Kind.BOOLEAN:
        by_line.setdefault((kind, False), [])
    prefixes = {prefix for of in asked for prefix in of.prefixes}
    for (found, _), of in sorted(by_line.items()):
        if found is Kind.BOOLEAN:
            yield from map(Piece, (False, True))
        elif found is Kind.STRING and not any(each.orders_texts for each in asked):
            yield from _cut_texts({each for each in of if isinstance(each, str)}, prefixes)
        elif found is Kind.STRING:
            yield from _cut_line([*of, *filter(None, map(lines.after_prefix, prefixes))])
        elif found in lines.ORDERED:
            yield from _cut_line(of)


def _cut_texts(named: Collection[str], prefixes: Collection[str]) -> Iterator[Piece]:
    """The texts that are named, those that begin as is asked for, and all others."""
    yield from map(Piece, sorted(named))
    for prefix in sorted(prefixes):
        following = {text[len(prefix)] for text in named if text.startswith(prefix) and text != prefix}
        yield Piece(f"{prefix}{_other_than(following)}", is_point=False, prefix=prefix)
    if "" not in prefixes:
        yield Piece(_other_than({prefix[0] for prefix in prefixes}) * (max(map(len, named)) + 1), is_point=False)


def _other_than(characters: Collection[str]) -> str:
    """A character that is none of some."""
    return next(each for each in map(chr, count(ord("x"))) if each not in characters)


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


def compared(tests: object, kind: Kind | None) -> Compared | None:
    """What a cell compares with; None where it looks at anything that is not cut into pieces here.

    `kind` is that of the values that it is asked of, None where they may be of several: these are one piece.
    """
    own = tests.compared if isinstance(tests, UnaryTests) else None
    return None if own is not None and own.tells_kinds and kind not in _SCALARS else own


def kind_of_type(declared: Type | None) -> Kind | None:
    """The kind of all values of a type, null aside; None where they may be of several."""
    while isinstance(declared, ConstrainedType):
        declared = declared.base
    return declared.kind if isinstance(declared, KindType) else None


def _bounds(limits: Limits) -> tuple[Limits, list[Compared], Kind | None]:
    """The limits as far as they only compare with literals, these, and the kind of value that they let through."""
    found: list[Compared] = []
    kind = kind_of_type(limits.type)
    for cells in limits.allowed.cells if limits.allowed is not None else ():
        own = compared(cells.tests, kind)
        if own is None:
            limits = replace(limits, allowed=None)
            break
        found.append(own)
    declared = limits.type
    while isinstance(declared, ConstrainedType):
        own = compared(declared.tests, kind)
        if own is None:
            limits = replace(limits, type=declared.base)
        else:
            found.append(own)
        declared = declared.base
    return limits, found, kind

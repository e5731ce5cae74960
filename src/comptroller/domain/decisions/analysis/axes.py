"""What an input column can meet, cut into pieces that no cell of it tells apart.

A cell that only compares with literals can change its answer at these alone. So the values of a column fall into
finitely many pieces: each point that a cell names, what lies between two points, each text that is named and all the
others, true and false, null, and (of a column without a type) whatever is of another kind. A cell is the set of pieces
that it accepts, a whole number with one bit for each piece; the cell itself is asked which these are, so that an
analysis cannot mean anything but the engine does. A cell that looks at anything else is opaque: it may accept any
piece, and nobody says which; only where all such cells of a column compare with one and the same name, it is cut in
three.

The usual pieces are those that a table is expected to speak of: null is one only where a cell names it, and a value of
another kind never is. No gap is told of the others; but a rule that they alone reach does decide something.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from comptroller.domain.decisions.columns import Tests
from comptroller.domain.decisions.item_types import ConstrainedType, UnknownType
from comptroller.domain.decisions.tables import Input, Limits, Table
from comptroller.domain.feel import Evaluation, Type, UnaryTests, Value
from comptroller.domain.feel.text import literal_text
from comptroller.domain.feel.types import KindType
from comptroller.domain.feel.values import Kind, kind_of
from comptroller.domain.kernel.money import CONTEXT


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
        """Whether these are the texts that nobody names."""
        return not self.is_point and isinstance(self.witness, str)


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """What a rule asks of a column: the pieces that it accepts, as bits and as runs (first, last) of neighbours.

    An opaque cell may accept any of its pieces; `text` tells it from others.
    """

    pieces: int
    runs: tuple[tuple[int, int], ...]
    text: str
    is_opaque: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """A column: its pieces, and the cell of each rule.

    `is_ordered` says that the pieces follow one another; `everything` are all of them as bits, `usual` those that the
    table is expected to speak of.
    """

    label: str
    pieces: tuple[Piece, ...]
    cells: tuple[Cell, ...]
    usual: int
    is_ordered: bool

    @property
    def everything(self) -> int:
        """All pieces."""
        return (1 << len(self.pieces)) - 1

    def words(self, chosen: int) -> str:
        """Some pieces as the cell that accepts just these; `-` for all that are usual."""
        if chosen | self.usual in {chosen, self.everything} and not self.usual & ~chosen:
            return "-"
        named = [self.pieces[place] for place in bits(chosen) if not self.pieces[place].is_foreign]
        if not named:
            return self._of_another_kind()
        if any(piece.is_others for piece in named):
            return self._but_for(chosen, named)
        return ", ".join(_intervals(named))

    def _of_another_kind(self) -> str:
        kinds = dict.fromkeys(
            kind_of(piece.witness) for piece in self.pieces if not (piece.is_foreign or piece.is_null or piece.symbol)
        )
        return " and ".join(["? != null", *(f"not(? instance of {kind})" for kind in kinds)])

    def _but_for(self, chosen: int, named: Sequence[Piece]) -> str:
        """All texts but some. Null is none of them and passes, unless it is named too."""
        absent = [piece for place, piece in enumerate(self.pieces) if not chosen >> place & 1]
        left_out = [literal_text(piece.witness) for piece in absent if isinstance(piece.witness, str)]
        nulls = sum(1 << place for place, piece in enumerate(self.pieces) if piece.is_null)
        if nulls & self.usual & ~chosen or not left_out:
            left_out.append("null")
        rest = [piece for piece in named if not (piece.is_null or isinstance(piece.witness, str))]
        return ", ".join([f"not({', '.join(left_out)})", *_intervals(rest)])


def bits(chosen: int) -> Iterator[int]:
    """The places of the bits that are set, the lowest first."""
    while chosen:
        low = chosen & -chosen
        yield low.bit_length() - 1
        chosen ^= low


def axes_of(table: Table, known: "Known") -> tuple[Axis, ...]:
    """The columns of a table, with what is known of the variables that they look at."""
    return tuple(
        axis_of(column, [row[place] for row in table.cells], known) for place, column in enumerate(table.inputs)
    )


class Known(NamedTuple):
    """What is known of a variable: its declared type, and the values that the decision it stands for can give."""

    type_of: Callable[[str], Type | None]
    values_of: Callable[[str], tuple[Value, ...] | None]


NOTHING_KNOWN: Final = Known(lambda _: None, lambda _: None)


def axis_of(column: Input, tests: Sequence[Tests | None], known: Known) -> Axis:
    """A column with the cells of all rules that ask it; None for a cell that accepts everything."""
    distinct = {id(each): each for each in tests if each is not None}
    plain = {key: _literals(each) for key, each in distinct.items()}
    symbols = {key: _comparison(each) for key, each in distinct.items() if plain[key] is None}
    limits = column.limits or Limits(known.type_of(column.variable) if column.variable else None, None)
    if isinstance(limits.type, UnknownType):  # the model's own fault: told when it is loaded
        limits = Limits(None, limits.allowed)
    values = known.values_of(column.variable) if column.variable else None
    pieces = pieces_of(
        [literal for of in plain.values() for literal in of or ()], limits, values, _common(symbols, plain)
    )
    everything = (1 << len(pieces)) - 1
    usual = sum(1 << at for at, piece in enumerate(pieces) if not piece.is_foreign)
    if not any(None in (of or ()) for of in plain.values()):
        usual &= ~sum(1 << at for at, piece in enumerate(pieces) if piece.is_null)
    reader = _Reader(pieces, one_by_one=values is not None)
    free = Cell(everything, ((0, len(pieces) - 1),), "-")
    cells = {}
    for key, each in distinct.items():
        text, literals = " ".join(getattr(each, "text", "").split()), plain[key]
        if literals is not None:
            cells[key] = reader.cell(each, literals, text)
        elif any(piece.symbol for piece in pieces):
            operator = symbols[key][0]
            cells[key] = reader.symbolic(operator, text)
        else:
            cells[key] = Cell(everything, free.runs, text, is_opaque=True)
    kinds = {piece.witness.__class__ for piece in pieces if not (piece.is_foreign or piece.witness is None)}
    is_ordered = values is None and len(kinds) == 1 and kinds <= {Decimal, date}
    return Axis(
        column.label, pieces, tuple(free if each is None else cells[id(each)] for each in tests), usual, is_ordered
    )


_CUT: Final = frozenset({Decimal, date, str, bool, type(None)})
_COMPARED: Final = re.compile(r"(<=|>=|<|>|=)?\s*([^\W\d][\w.' ]*)\Z")


def _literals(tests: Tests) -> tuple[Value, ...] | None:
    """What a cell compares with; None where it looks at anything that is not cut into pieces here."""
    found = tests.literals if isinstance(tests, UnaryTests) else None
    return found if found is not None and all(each.__class__ in _CUT for each in found) else None


def _comparison(tests: Tests) -> tuple[str, str]:
    """The operator and the name that a cell compares with; empty where it does something else."""
    match = _COMPARED.match(" ".join(getattr(tests, "text", "").split()))
    return (match[1] or "=", match[2]) if match and isinstance(tests, UnaryTests) and tests.looked_up else ("", "")


def _common(symbols: Mapping[int, tuple[str, str]], plain: Mapping[int, tuple[Value, ...] | None]) -> str:
    """The one name that all cells of a column compare with, null aside; empty where there is none."""
    names = {name for _, name in symbols.values()}
    only_null = all(literal is None for of in plain.values() for literal in of or ())
    ordered = any(operator != "=" for operator, _ in symbols.values())
    return names.pop() if len(names) == 1 and only_null and ordered else ""


def _bounds(limits: Limits) -> tuple[tuple[Value, ...], Kind | None]:
    """The literals that the allowed values name, and the kind of value that the type lets through, where it is one."""
    found: list[Value] = []
    for cells in limits.allowed.cells if limits.allowed is not None else ():
        found += cells.literals
    declared = limits.type
    while isinstance(declared, ConstrainedType):
        found += _literals(declared.tests) or ()
        declared = declared.base
    return tuple(found), declared.kind if isinstance(declared, KindType) else None


# ---- pieces ----------------------------------------------------------------------------------------------------------


_DAY: Final = timedelta(days=1)
_NULL: Final = Piece(None)
_REST: Final = Piece({}, is_point=False)
"""What is neither null nor cut by any cell."""

_FOREIGN: Final = Piece({}, is_point=False, is_foreign=True)


def pieces_of(
    literals: Sequence[Value], limits: Limits, values: tuple[Value, ...] | None = None, symbol: str = ""
) -> tuple[Piece, ...]:
    """Cut what a column can meet at every literal; what its type or allowed values turn away is left out."""
    bounds, kind = _bounds(limits)
    named = [literal for literal in (*literals, *bounds) if literal is not None]
    if symbol:
        made = [Piece({}, is_point=False, symbol=f"{operator} {symbol}") for operator in ("<", "=", ">")]
        return (*made, _NULL, _FOREIGN)  # where the name is null, nothing compares with it
    if values is not None:
        made = [Piece(value, value, value) for value in values if value is not None]
        return (*made, _NULL)
    made = [piece for piece in _cut_at(named, kind) if not limits.misfit(piece.witness, Evaluation())[0]]
    if not named and kind is not Kind.BOOLEAN:
        return (_REST, _NULL)
    return (*made, _NULL) if kind is not None else (*made, _NULL, _FOREIGN)


def _cut_at(named: Sequence[Value], kind: Kind | None) -> Iterator[Piece]:
    classes = {literal.__class__ for literal in named}
    if Decimal in classes:
        yield from _line({each for each in named if isinstance(each, Decimal)})
    if date in classes:
        yield from _days({each for each in named if isinstance(each, date)})
    if str in classes:
        texts = sorted({each for each in named if isinstance(each, str)})
        yield from map(Piece, texts)
        yield Piece("x" * (max(map(len, texts)) + 1), is_point=False)
    if bool in classes or kind is Kind.BOOLEAN:
        yield from map(Piece, (False, True))


def _line(points: Iterable[Decimal]) -> Iterator[Piece]:
    ordered = sorted(points)
    yield Piece(CONTEXT.next_minus(ordered[0]), None, ordered[0], is_point=False)
    for place, point in enumerate(ordered):
        yield Piece(point, point, point)
        following = ordered[place + 1] if place + 1 < len(ordered) else None
        yield Piece(CONTEXT.next_plus(point), point, following, is_point=False)


def _days(points: Iterable[date]) -> Iterator[Piece]:
    """As a line, but nothing lies between a day and the next."""
    ordered = sorted(points)
    if ordered[0] > date.min:
        yield Piece(ordered[0] - _DAY, None, ordered[0], is_point=False)
    for place, day in enumerate(ordered):
        yield Piece(day, day, day)
        following = ordered[place + 1] if place + 1 < len(ordered) else None
        if day < date.max and day + _DAY != following:
            yield Piece(day + _DAY, day, following, is_point=False)


_SIDES: Final = {"<": (0,), "<=": (0, 1), "=": (1,), ">=": (1, 2), ">": (2,)}
"""Which of less, equal and greater an operator accepts."""


class _Reader:
    """Asks cells which pieces they accept: at their own literals, and once between any two of these."""

    def __init__(self, pieces: Sequence[Piece], *, one_by_one: bool) -> None:
        self._pieces = pieces
        self._blocks: list[tuple[type, int, int]] = []  # neighbours of one class: class, first, last
        for place, piece in enumerate(pieces):
            found = piece.witness.__class__
            if self._blocks and self._blocks[-1][0] is found and not one_by_one:
                self._blocks[-1] = (found, self._blocks[-1][1], place)
            else:
                self._blocks.append((found, place, place))
        self._points = {
            (piece.witness.__class__, piece.witness): place for place, piece in enumerate(pieces) if piece.is_point
        }

    def cell(self, tests: Tests, literals: tuple[Value, ...], text: str) -> Cell:
        """The pieces that a cell accepts."""
        accepted: list[tuple[int, int]] = []
        for found, first, last in self._blocks:
            places = {self._points.get((found, each)) for each in literals if each.__class__ is found}
            own = sorted(place for place in places if place is not None and first <= place <= last)
            for start, end in _stretches(first, last, own):
                if tests.matches(self._pieces[start].witness, {}, Evaluation()) is True:
                    accepted.append((start, end))
        return _cell(accepted, text)

    def symbolic(self, operator: str, text: str) -> Cell:
        """The pieces that a comparison with the name accepts that has cut the column."""
        return _cell([(side, side) for side in _SIDES[operator]], text)


def _cell(accepted: Sequence[tuple[int, int]], text: str) -> Cell:
    runs: list[tuple[int, int]] = []
    pieces = 0
    for start, end in accepted:
        pieces |= (1 << end + 1) - (1 << start)
        if runs and runs[-1][1] == start - 1:
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return Cell(pieces, tuple(runs), text)


def _stretches(first: int, last: int, own: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The stretches over which a cell's answer cannot change: its own points, and what lies between them."""
    place = first
    for point in own:
        if place < point:
            yield place, point - 1
        yield point, point
        place = point + 1
    if place <= last:
        yield place, last


# ---- words -----------------------------------------------------------------------------------------------------------


def _intervals(pieces: Sequence[Piece]) -> list[str]:
    """Pieces that touch one another as one interval each."""
    told: list[str] = []
    start: Piece | None = None
    for place, piece in enumerate(pieces):
        if start is None:
            start = piece
        following = pieces[place + 1] if place + 1 < len(pieces) else None
        if following is None or not _touch(piece, following):
            told.append(_interval(start, piece))
            start = None
    return told


def _touch(one: Piece, other: Piece) -> bool:
    if one.witness.__class__ is not other.witness.__class__ or not isinstance(one.witness, Decimal | date):
        return False
    if one.is_point and other.is_point:  # a day and the next
        return isinstance(one.high, date) and isinstance(other.low, date) and one.high + _DAY == other.low
    return one.high is not None and one.high == other.low and one.is_point != other.is_point


def _interval(first: Piece, last: Piece) -> str:
    if first.symbol:
        return first.symbol
    if first.witness == {}:
        return "not(null)"
    low: Any = first.low
    high: Any = last.high
    if first is last and first.is_point:
        return literal_text(first.witness)
    if low is None and high is None:
        return "not(null)"
    if low is None:
        return f"{'<=' if last.is_point else '<'} {literal_text(high)}"
    if high is None:
        return f"{'>=' if first.is_point else '>'} {literal_text(low)}"
    opening, closing = "[" if first.is_point else "(", "]" if last.is_point else ")"
    return f"{opening}{literal_text(low)}..{literal_text(high)}{closing}"

"""What an input column can meet, cut into pieces that no cell of it tells apart.

A cell that only compares with literals can change its answer at these alone. So the values of a column fall into
finitely many pieces: each point that a cell names, what lies between two points, each text that is named and all the
others (where only their equality counts), true and false, null, and (of a column without a type) whatever is of another
kind; of times, those that differ in whether they have an offset are of another kind. A cell is the set of pieces
that it accepts, a whole number with one bit for each piece; the cell itself is asked which these are, so that an
analysis cannot mean anything but the engine does. A cell that looks at anything else is opaque: it may accept any
piece, and nobody says which; only where all such cells of a column compare with one and the same name, it is cut in
three.

The usual pieces are those that a table is expected to speak of: null is one only where a cell names it, and a value of
another kind never is. No gap is told of the others; but a rule that they alone reach does decide something.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from comptroller.domain.decisions.analysis import lines
from comptroller.domain.decisions.analysis.pieces import Piece, compared, follow_one_another, kind_of_type, pieces_of
from comptroller.domain.decisions.columns import Cells, Column, Tests
from comptroller.domain.decisions.definitions import DecisionTable
from comptroller.domain.decisions.item_types import ConstrainedType, UnknownType, form_of
from comptroller.domain.decisions.tables import Input, Limits, Table
from comptroller.domain.feel import Evaluation, Kind, Type, UnaryTests, Value, compile_unary_tests, kind_of
from comptroller.domain.feel.compared import Compared
from comptroller.domain.feel.text import literal_text
from comptroller.domain.feel.types import ContextType, KindType


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

    def place_of_text(self, text: str) -> int:
        """The piece that a text lies in; the one behind all where the column has none for it."""
        best, length = len(self.pieces), -1
        for place, piece in enumerate(self.pieces):
            if piece.is_point and isinstance(piece.witness, str) and piece.witness == text:
                return place
            if not piece.is_point and isinstance(piece.witness, str) and length < len(piece.prefix):
                is_above = not isinstance(piece.low, str) or piece.low < text
                is_below = not isinstance(piece.high, str) or text < piece.high
                if text.startswith(piece.prefix) and is_above and is_below:
                    best, length = place, len(piece.prefix)
        return best

    def words(self, chosen: int) -> str:
        """Some pieces as the cell that accepts just these; `-` for all that are usual."""
        return "-" if not self.usual & ~chosen else self.exact_words(chosen)

    def exact_words(self, chosen: int) -> str:
        """Some pieces as the cell that accepts just these, null and values of other kinds among what it does not."""
        if chosen == self.everything:
            return "-"
        named = [self.pieces[place] for place in bits(chosen) if not self.pieces[place].is_foreign]
        if not named:
            return ", ".join(self._of_another_kind(self.pieces[place]) for place in bits(chosen))
        if any(piece.is_others for piece in named):
            return self._but_for(chosen, named)
        if any(piece.prefix for piece in self.pieces):
            absent = [piece for place, piece in enumerate(self.pieces) if not chosen >> place & 1]
            rest = [piece for piece in named if not isinstance(piece.witness, str)]
            return ", ".join([*_begun(named, absent), *_intervals(rest, is_whole=False)])
        left_out = self.everything & ~chosen if not self.usual & ~chosen else self.usual & ~chosen
        is_whole = all(self.pieces[place].is_null for place in bits(left_out))
        return ", ".join(_intervals(named, is_whole=is_whole))

    def _of_another_kind(self, foreign: Piece) -> str:
        if foreign.witness != {}:
            return f"? != null and ?.time offset {'!=' if lines.line_of(foreign.witness)[1] else '='} null"
        kinds = dict.fromkeys(
            kind_of(piece.witness) for piece in self.pieces if not (piece.is_foreign or piece.is_null or piece.symbol)
        )
        return " and ".join(["? != null", *(f"not(? instance of {kind})" for kind in kinds)])

    def _but_for(self, chosen: int, named: Sequence[Piece]) -> str:
        """All texts but some. Null is none of them and passes, unless it is named too."""
        absent = [piece for place, piece in enumerate(self.pieces) if not chosen >> place & 1]
        left_out = _begun([piece for piece in absent if isinstance(piece.witness, str)], named)
        if any(piece.is_null for piece in named):  # of null no beginning is true, nor its negation
            left_out = [f"? != null and {each}" if each.startswith(_BEGINS) else each for each in left_out]
        nulls = sum(1 << place for place, piece in enumerate(self.pieces) if piece.is_null)
        rest = _intervals(
            [piece for piece in named if not (piece.is_null or isinstance(piece.witness, str))], is_whole=False
        )
        if not left_out and nulls & chosen:  # whatever is a text, and null
            return ", ".join(["null", "? instance of string", *rest])
        if nulls & self.usual & ~chosen or not left_out:
            left_out.append("null")
        return ", ".join([f"not({', '.join(left_out)})", *rest])


def bits(chosen: int) -> Iterator[int]:
    """The places of the bits that are set, the lowest first."""
    while chosen:
        low = chosen & -chosen
        yield low.bit_length() - 1
        chosen ^= low


def axes_of(table: Table, known: "Known") -> tuple[Axis, ...]:
    """The columns of a table, with what is known of what they look at; those that look at the same are cut alike."""
    columns = [[row[place] for row in table.cells] for place in range(len(table.inputs))]
    return tuple(
        axis_of(
            _counted(column, table.source.inputs[place].expression.text),
            columns[place],
            known,
            [tests for at in same for tests in columns[at]],
        )
        for place, column in enumerate(table.inputs)
        for same in [looking_alike(table.source, place)]
    )


def _counted(column: Input, text: str) -> Input:
    """A column of what is counted, which is never below zero."""
    if not _COUNTED.fullmatch(text.strip()) or (column.limits is not None and column.limits.allowed is not None):
        return column
    return replace(column, limits=Limits(KindType(Kind.NUMBER), _NOT_NEGATIVE, ">= 0"))


def looking_alike(source: DecisionTable, place: int) -> tuple[int, ...]:
    """The columns that look at what a column does, itself among them."""
    texts = [" ".join(clause.expression.text.split()) for clause in source.inputs]
    return tuple(at for at, text in enumerate(texts) if text == texts[place])


class Known(NamedTuple):
    """What is known of a variable: its declared type, and all that the decision it stands for can say."""

    type_of: Callable[[str], Type | None]
    outcomes_of: Callable[[str], tuple[Value, ...] | None]

    def type_at(self, path: Sequence[str]) -> Type | None:
        """The declared type of a variable, or of an entry under one; None where nobody says."""
        wanted = self.type_of(path[0]) if path else None
        for name in path[1:]:
            while isinstance(wanted, ConstrainedType):
                wanted = wanted.base
            wanted = dict(wanted.entries).get(name) if isinstance(wanted, ContextType) else None
        return wanted

    def values_of(self, path: Sequence[str]) -> tuple[Value, ...] | None:
        """What a variable, or an entry under one, can be beside null; None where that is not known."""
        outcomes = self.outcomes_of(path[0]) if path else None
        if outcomes is None:
            return None
        found = [entry_at(outcome, path[1:]) for outcome in outcomes]
        return tuple(dict.fromkeys(found)) if all(kind_of(value) in _TOLD_APART for value in found) else None


_TOLD_APART: Final = lines.ORDERED | {Kind.BOOLEAN, Kind.NULL}


def entry_at(value: Value, path: Sequence[str]) -> Value:
    """The entry of a context that a path leads to."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


NOTHING_KNOWN: Final = Known(lambda _: None, lambda _: None)


def axis_of(column: Input, tests: Sequence[Tests | None], known: Known, beside: Sequence[Tests | None] = ()) -> Axis:
    """A column with the cells of all rules that ask it; None for a cell that accepts everything.

    `beside` are cells of other columns that look at the same: it is cut at what they name as well.
    """
    distinct = {id(each): each for each in tests if each is not None}
    limits = column.limits or Limits(None, None)
    narrower = known.type_at(column.path)
    if limits.type is None or (
        isinstance(narrower, ConstrainedType) and form_of(narrower.base) == form_of(limits.type)
    ):
        limits = replace(limits, type=narrower)
    if isinstance(limits.type, UnknownType):  # the model's own fault: told when it is loaded
        limits = Limits(None, limits.allowed)
    plain = {key: compared(each, kind_of_type(limits.type)) for key, each in distinct.items()}
    symbols = {key: _comparison(each) for key, each in distinct.items() if plain[key] is None}
    values = known.values_of(column.path)
    asked = [of for of in plain.values() if of is not None]
    others = {id(each): compared(each, kind_of_type(limits.type)) for each in beside if each is not None}
    asked += [of for key, of in others.items() if of is not None and key not in distinct]
    literals = [literal for of in asked for literal in of.literals]
    pieces = pieces_of(asked, limits, values, _common(symbols, literals))
    if all(piece.is_point for piece in pieces):  # few values: whatever looks at nothing else is asked at each
        each_value = Compared(tuple(piece.witness for piece in pieces))
        plain |= {key: each_value for key, each in distinct.items() if plain[key] is None and _is_closed(each)}
    everything = (1 << len(pieces)) - 1
    usual = sum(1 << at for at, piece in enumerate(pieces) if not piece.is_foreign)
    if None not in literals:
        usual &= ~sum(1 << at for at, piece in enumerate(pieces) if piece.is_null)
    reader = _Reader(pieces, one_by_one=values is not None)
    free = Cell(everything, ((0, len(pieces) - 1),), "-")
    cells = {}
    for key, each in distinct.items():
        text, own = " ".join(getattr(each, "text", "").split()), plain[key]
        if own is not None:
            cells[key] = reader.cell(each, own, text)
        elif any(piece.symbol for piece in pieces):
            operator = symbols[key][0]
            cells[key] = reader.symbolic(operator, text)
        else:
            cells[key] = Cell(everything, free.runs, text, is_opaque=True)
    return Axis(
        column.label,
        pieces,
        tuple(free if each is None else cells[id(each)] for each in tests),
        usual,
        is_ordered=values is None and follow_one_another(pieces),
    )


_COMPARED: Final = re.compile(r"(?:(?:\?\s*(?=[<>=]))?(<=|>=|<|>|=))?\s*([^\W\d][\w.' ]*)\Z")
_COUNTED: Final = re.compile(r"(?:count|string length|abs)\([^()]*\)")
_TESTS: Final = compile_unary_tests(">= 0")
_NOT_NEGATIVE: Final = Column({}, {}, (Cells(1, _TESTS, _TESTS.literals or ()),), 0)
_CLOCKS: Final = re.compile(r"\b(?:now|today)\b")


def _is_closed(tests: Tests) -> bool:
    """Whether a cell looks at its value and at nothing else, the clock included."""
    return isinstance(tests, UnaryTests) and not tests.looked_up and not tests.faults and not _CLOCKS.search(tests.text)


def _comparison(tests: Tests) -> tuple[str, str]:
    """The operator and the name that a cell compares with; empty where it does something else."""
    match = _COMPARED.match(" ".join(getattr(tests, "text", "").split()))
    return (match[1] or "=", match[2]) if match and isinstance(tests, UnaryTests) and tests.looked_up else ("", "")


def _common(symbols: Mapping[int, tuple[str, str]], literals: Collection[Value]) -> str:
    """The one name that all cells of a column compare with, null aside; empty where there is none."""
    names = {name for _, name in symbols.values()}
    only_null = all(literal is None for literal in literals)
    ordered = any(operator != "=" for operator, _ in symbols.values())
    return names.pop() if len(names) == 1 and only_null and ordered else ""


_SIDES: Final = {"<": (0,), "<=": (0, 1), "=": (1,), ">=": (1, 2), ">": (2,)}
"""Which of less, equal and greater an operator accepts."""


class _Reader:
    """Asks cells which pieces they accept: at their own literals, and once between any two of these."""

    def __init__(self, pieces: Sequence[Piece], *, one_by_one: bool) -> None:
        self._pieces = pieces
        self._blocks: list[tuple[lines.Line, int, int]] = []  # neighbours of one line: that, first, last
        for place, piece in enumerate(pieces):
            found = lines.line_of(piece.witness)
            if self._blocks and self._blocks[-1][0] == found and not one_by_one:
                self._blocks[-1] = (found, self._blocks[-1][1], place)
            else:
                self._blocks.append((found, place, place))
        self._points = {_placed(piece.witness): place for place, piece in enumerate(pieces) if piece.is_point}

    def cell(self, tests: Tests, asks: Compared, text: str) -> Cell:
        """The pieces that a cell accepts."""
        accepted: list[tuple[int, int]] = []
        places = {self._points.get(_placed(each)) for each in asks.literals}
        own = sorted(place for place in places if place is not None)
        if asks.prefixes:  # texts that begin alike are told apart wherever they stand
            own = list(range(len(self._pieces)))
        for _, first, last in self._blocks:
            for start, end in _stretches(first, last, [place for place in own if first <= place <= last]):
                if tests.matches(self._pieces[start].witness, {}, Evaluation()) is True:
                    accepted.append((start, end))
        return _cell(accepted, text)

    def symbolic(self, operator: str, text: str) -> Cell:
        """The pieces that a comparison with the name accepts that has cut the column."""
        return _cell([(side, side) for side in _SIDES[operator]], text)


def _placed(value: Value) -> tuple[lines.Line, object]:
    return lines.line_of(value), lines.place_of(value)


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


def _intervals(pieces: Sequence[Piece], *, is_whole: bool) -> list[str]:
    """Pieces that touch one another as one interval each; `is_whole` says that nothing but null is left out."""
    runs: list[tuple[Piece, Piece]] = []
    for piece in pieces:
        if runs and _touch(runs[-1][1], piece):
            runs[-1] = runs[-1][0], piece
        else:
            runs.append((piece, piece))
    return [_interval(first, last, is_whole=is_whole and len(runs) == 1) for first, last in runs]


_BEGINS: Final = "starts with("


def _begun(pieces: Sequence[Piece], others: Sequence[Piece]) -> list[str]:
    """The texts among pieces as tests, those that begin alike as one, the texts among `others` left out of it."""
    told = []
    for piece in pieces:
        text = _start(piece)
        if text is None or any(each is not piece and each.prefix and text.startswith(each.prefix) for each in pieces):
            continue  # it begins as others do that are told
        if not piece.prefix:
            told.append(literal_text(text))
            continue
        within = [each for each in others if (_start(each) or "").startswith(piece.prefix)]
        left_out = _begun(within, pieces)
        but = [f"not({each})" if each.startswith(_BEGINS) else f"? != {each}" for each in left_out]
        told.append(" and ".join([f"starts with(?, {literal_text(piece.prefix)})", *but]))
    return told


def _start(piece: Piece) -> str | None:
    """A named text, or what a piece's texts begin with."""
    return piece.prefix or (piece.witness if piece.is_point and isinstance(piece.witness, str) else None)


def _touch(one: Piece, other: Piece) -> bool:
    if one.high is not None and one.high is other.low:  # as a line is cut
        return one.is_point != other.is_point
    if one.high is None or other.low is None or lines.line_of(one.high) != lines.line_of(other.low):
        return False
    if one.is_point and other.is_point:  # a day and the next
        following = lines.after(one.high) if kind_of(one.high) in lines.ORDERED else None
        return following is not None and lines.place_of(following) == lines.place_of(other.low)
    return one.is_point != other.is_point and lines.place_of(one.high) == lines.place_of(other.low)


def _interval(first: Piece, last: Piece, *, is_whole: bool) -> str:
    if first.symbol:
        return first.symbol
    if first.witness == {}:
        return "not(null)"
    low, high = first.low, last.high
    if first is last and first.is_point:
        return literal_text(first.witness)
    if low is None and high is None:  # a whole line; among other tests `not` would be the function
        return "not(null)" if is_whole else f"<= {literal_text(last.low)}, > {literal_text(last.low)}"
    if low is None:
        return f"{'<=' if last.is_point else '<'} {literal_text(high)}"
    if high is None:
        return f"{'>=' if first.is_point else '>'} {literal_text(low)}"
    opening, closing = "[" if first.is_point else "(", "]" if last.is_point else ")"
    return f"{opening}{literal_text(low)}..{literal_text(high)}{closing}"

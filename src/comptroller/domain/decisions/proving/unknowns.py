"""What nobody knows when a decision is made for all inputs at once, and what is known of it on a way.

An unknown is an input, an entry somewhere under one, or what an expression makes of unknowns that is not looked into.
Its possible values are cut into pieces that no question tells apart, as a table's columns are (`analysis.axes`); a
question asked on a way leaves the pieces that gave its answer.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from comptroller.domain.decisions.analysis.axes import Axis, bits
from comptroller.domain.decisions.analysis.lines import place_of
from comptroller.domain.decisions.analysis.pieces import Piece, follow_one_another, kind_of_type, pieces_of
from comptroller.domain.decisions.item_types import UnknownType
from comptroller.domain.decisions.proving.linear import Inequality, Linear, with_sign
from comptroller.domain.decisions.tables import Limits
from comptroller.domain.feel import Kind, Type, Value, kind_of
from comptroller.domain.feel.compared import Compared

QUESTIONS_MAX: Final = 400_000
"""Questions that a proof may ask on all its ways together."""


class Unknown:
    """A value that nobody knows: `key` is the path of an input, or says what was made of which others.

    Two with one key are the same; `text` tells what is made, and is empty for what is given.
    """

    __slots__ = ("_hash", "key", "text", "wanted")

    def __init__(self, key: tuple[Hashable, ...], wanted: Type | None = None, text: str = "") -> None:
        self.key = key
        self.wanted = wanted
        self.text = text
        self._hash = hash(key)  # keys are deep, and looked up all the time

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Unknown) and self._hash == other._hash and self.key == other.key)

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"Unknown({self.key!r})"

    @property
    def is_given(self) -> bool:
        """Whether this is an input or an entry of one."""
        return not self.text

    @property
    def label(self) -> str:
        """What people call it."""
        return self.text or ".".join(map(str, self.key))

    @property
    def kind(self) -> Kind | None:
        """The kind of value that it is, unless it is null; None where nobody says."""
        return kind_of_type(self.wanted)


Question = Callable[[Value], Any]
"""Asks a possible value; the answers are compared by how they are written."""


NOTHING: Final = Compared(())
"""What a question compares with that only tells kinds apart."""


class Exhausted(Exception):
    """The questions of a proof were not enough, or its time is over."""


IsOver = Callable[[], bool]
"""Says whether the time of a proof is over."""

LOOKS_AT_CLOCK: Final = 256
"""Questions between two looks at the clock."""


class Cut:
    """The pieces of one unknown, cut at every literal that was named so far."""

    def __init__(self, unknown: Unknown) -> None:
        self._kind = unknown.kind
        self._limits = Limits(None if isinstance(unknown.wanted, UnknownType) else unknown.wanted, None)
        self._literals: dict[Any, None] = {}
        self._orders_texts = False
        self._prefixes: dict[str, None] = {}
        self._answers: dict[Hashable, dict[str, int]] = {}
        self.version = 0
        self.pieces = pieces_of([NOTHING], self._limits)

    def grow(self, compared: Compared) -> None:
        """Cut at what a question compares with; literals of another kind than the unknown's cut nothing."""
        fresh = [
            each
            for each in compared.literals
            if (each.__class__, each) not in self._literals and self._kind in {None, kind_of(each)}
        ]
        asks_more = compared.orders_texts > self._orders_texts or not self._prefixes.keys() >= set(compared.prefixes)
        if fresh or asks_more:
            self._orders_texts |= compared.orders_texts
            self._prefixes.update(dict.fromkeys(compared.prefixes))
            self._literals.update(dict.fromkeys((each.__class__, each) for each in fresh))
            self.pieces = pieces_of([self.compared], self._limits)
            self._answers.clear()
            self.version += 1

    @property
    def compared(self) -> Compared:
        """All that it is cut at."""
        return Compared(tuple(each for _, each in self._literals), self._orders_texts, tuple(self._prefixes))

    def answers(self, key: Hashable, question: Question) -> dict[str, int]:
        """The pieces that give each answer, as bits."""
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = {}
            for place, piece in enumerate(self.pieces):
                answer = repr(question(piece.witness))
                found[answer] = found.get(answer, 0) | 1 << place
        return found


class Exploration:
    """What all ways of one proof share: the cuts, how much may still be asked, and until when."""

    def __init__(self, questions: int = QUESTIONS_MAX, is_over: IsOver = lambda: False) -> None:
        self.cuts: dict[Unknown, Cut] = {}
        self.left = questions
        self._is_over = is_over

    def pay(self) -> None:
        """Pay for a question; raises `Exhausted`."""
        self.left -= 1
        if self.left < 0 or (not self.left % LOOKS_AT_CLOCK and self._is_over()):
            raise Exhausted

    def ways(self, walk: "Callable[[Way], Any]") -> "Iterator[tuple[Way, Any]]":
        """Go every way of something that asks: each with what came of it. Raises `Exhausted`."""
        pending: list[tuple[str, ...]] = [()]
        while pending:
            way = Way(self, pending.pop())
            came = walk(way)
            pending += way.others
            yield way, came


class Way:
    """One way: the answers taken so far, and what they leave of each unknown."""

    def __init__(self, exploration: Exploration, taken: tuple[str, ...]) -> None:
        self._shared = exploration
        self._before = taken
        self._taken: list[str] = []
        self.others: list[tuple[str, ...]] = []
        self._asked: dict[Unknown, dict[Hashable, tuple[Question, str]]] = {}
        self._parts: dict[Unknown, tuple[int, int, int]] = {}
        self.signs: dict[Linear, int] = {}
        self.picks: dict[tuple[tuple[str, str], Hashable], str] = {}
        self._order: tuple[Unknown, Unknown] | None = None

    def ask(self, unknown: Unknown, key: Hashable, question: Question, compared: Compared = NOTHING) -> str:
        """Ask a question of an unknown: one of the answers that are still possible, as it is written."""
        possible = self.peek(unknown, key, question, compared)
        if len(possible) == 1:
            return possible[0]
        answer = self._choose(possible)
        self._asked.setdefault(unknown, {})[key] = question, answer
        return answer

    def peek(self, unknown: Unknown, key: Hashable, question: Question, compared: Compared = NOTHING) -> list[str]:
        """The answers that are still possible."""
        self._shared.pay()
        cut = self._cut(unknown)
        cut.grow(compared)
        part = self._part(unknown, cut)
        if self._order is not None and unknown in self._order:
            part &= self._in_order(unknown, cut)
        return [answer for answer, pieces in cut.answers(key, question).items() if pieces & part]

    def asked_of(self, unknown: Unknown) -> Mapping[Hashable, tuple[Question, str]]:
        """The questions that were asked of an unknown, with its answers."""
        return self._asked.get(unknown, {})

    def follow(self, other: "Way", unknowns: Iterable[Unknown], signs: Iterable[Linear]) -> None:
        """Take for granted what another way of the same exploration has answered of some unknowns and sums."""
        for unknown in unknowns:
            self._asked.setdefault(unknown, {}).update(other.asked_of(unknown))
        self.signs.update((linear, other.signs[linear]) for linear in signs)

    def answers_as(self, other: "Way", unknown: Unknown, value: Value | Unknown) -> bool:
        """Whether a value answers as another way's unknown does; one that is unknown itself is asked."""
        compared = self._cut(unknown).compared
        return all(
            (self.ask(value, key, question, compared) if isinstance(value, Unknown) else repr(question(value)))
            == answer
            for key, (question, answer) in other.asked_of(unknown).items()
        )

    def assume(self, unknown: Unknown, key: Hashable, question: Question, answer: str) -> None:
        """Take an answer for granted that is known from elsewhere."""
        self._cut(unknown)
        self._asked.setdefault(unknown, {}).setdefault(key, (question, answer))

    def sign(self, linear: Linear) -> int:
        """Whether a sum of several unknowns is below, at or above zero: any of these, unless it was asked before."""
        self._shared.pay()
        if linear not in self.signs:
            self.signs[linear] = int(self._choose(["-1", "0", "1"]))
        return self.signs[linear]

    def rises(self, low: Unknown, high: Unknown) -> None:
        """Take for granted that one number is below another one."""
        self.signs[Linear.unknown(low).plus(Linear.unknown(high), Fraction(-1))] = -1
        self._order = low, high

    def pick(self, key: tuple[tuple[str, str], Hashable], options: Iterable[str]) -> str:
        """Guess one of some options, the same one for the same key."""
        self._shared.pay()
        if key not in self.picks:
            self.picks[key] = self._choose(list(options))
        return self.picks[key]

    def _choose(self, possible: list[str]) -> str:
        at = len(self._taken)
        if at < len(self._before):
            answer = self._before[at]
        else:
            answer = possible[0]
            self.others += [(*self._taken, other) for other in possible[1:]]
        self._taken.append(answer)
        return answer

    # ---- what is left --------------------------------------------------------------------------------------------

    @property
    def restricted(self) -> tuple[Unknown, ...]:
        """The unknowns that an answer has restricted."""
        return tuple(self._asked)

    @property
    def is_certain(self) -> bool:
        """Whether the way rests on inputs alone, and on nothing that was not looked into."""
        return all(unknown.is_given for unknown in self._asked) and all(
            isinstance(key, Unknown) and key.is_given for linear in self.signs for key, _ in linear.terms
        )

    def axis(self, unknown: Unknown) -> tuple[Axis, int]:
        """The pieces of an unknown as a column, and those that are left."""
        cut = self._cut(unknown)
        usual = sum(1 << at for at, piece in enumerate(cut.pieces) if not piece.is_foreign)
        return Axis(unknown.label, cut.pieces, (), usual, follow_one_another(cut.pieces)), self._part(unknown, cut)

    def inequalities(self) -> list[Inequality]:
        """What the signs of sums say."""
        return [each for linear, sign in self.signs.items() for each in with_sign(linear, sign)]

    def _cut(self, unknown: Unknown) -> Cut:
        cut = self._shared.cuts.get(unknown)
        if cut is None:
            cut = self._shared.cuts[unknown] = Cut(unknown)
        return cut

    def _in_order(self, unknown: Unknown, cut: Cut) -> int:
        """The pieces of a number that leave room for the one that is below or above it."""
        assert self._order is not None
        is_low = unknown == self._order[0]
        other = self._order[1] if is_low else self._order[0]
        pieces = self._cut(other).pieces
        left = [pieces[place] for place in bits(self._part(other, self._cut(other)))]
        if not left or any(not isinstance(piece.witness, Decimal) for piece in left):
            return -1
        ends = [_ends(piece) for piece in left]
        low, high = min(end[0] for end in ends), max(end[1] for end in ends)
        found = 0
        for at, piece in enumerate(cut.pieces):
            own_low, own_high = _ends(piece) if isinstance(piece.witness, Decimal) else (-_FAR, _FAR)
            if own_low < high if is_low else own_high > low:
                found |= 1 << at
        return found

    def _part(self, unknown: Unknown, cut: Cut) -> int:
        asked = self._asked.get(unknown, {})
        version, count, part = self._parts.get(unknown, (-1, -1, 0))
        if version != cut.version or count != len(asked):
            part = (1 << len(cut.pieces)) - 1
            for key, (question, answer) in asked.items():
                part &= cut.answers(key, question).get(answer, 0)
            self._parts[unknown] = cut.version, len(asked), part
        return part


_FAR: Final = Decimal("Infinity")


def _ends(piece: Piece) -> tuple[Decimal, Decimal]:
    """The ends of a piece of the line of numbers."""
    return (
        piece.low if isinstance(piece.low, Decimal) else -_FAR,
        piece.high if isinstance(piece.high, Decimal) else _FAR,
    )


def bounds(unknown: Unknown, piece: Piece) -> list[Inequality]:
    """The ends of a piece of a line, as inequalities."""
    this = Linear.unknown(unknown)
    if piece.is_point:
        return list(with_sign(this.plus(Linear.of(number_of(piece.witness)), Fraction(-1)), 0))
    found: list[Inequality] = []
    if piece.low is not None:
        found += with_sign(this.plus(Linear.of(number_of(piece.low)), Fraction(-1)), 1)
    if piece.high is not None:
        found += with_sign(this.plus(Linear.of(number_of(piece.high)), Fraction(-1)), -1)
    return found


def number_of(value: Value) -> Fraction:
    """A number or a day on the line of numbers."""
    return Fraction(place_of(value))

"""An input column of a decision table as an index: from a value straight to the set of rules whose cell accepts it.

A set of rules is a whole number with one bit for each rule, so that the columns of a table meet by `&`. Most cells only
compare with literals. Such a cell's answer can change only at its own literals, so it is asked once at each of them and
once between any two, when the model is compiled; deciding is then one look-up (texts) or one bisection (numbers, days)
however many rules there are. The cell itself gives these answers, so an index cannot mean anything but the cells do.
Cells that look at anything else, and values of other kinds, are asked when deciding.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from comptroller.domain.feel import Evaluation, Value
from comptroller.domain.kernel.money import CONTEXT


class Tests(Protocol):
    """The compiled unary tests of a cell."""

    def matches(self, value: Value, scope: Mapping[str, Value], evaluation: Evaluation) -> bool | None:
        """Say whether the value passes; None when that cannot be told."""
        ...


_Finder: TypeAlias = Callable[[Any], int]
_NO_SCOPE: Final[Mapping[str, Value]] = {}


@dataclass(frozen=True, slots=True)
class Cells:
    """The rules (as bits) that share one and the same cell, how it answers, and the literals it compares with."""

    rules: int
    tests: Tests
    literals: tuple[Value, ...]

    def accept(self, value: Value, evaluation: Evaluation) -> bool:
        """Ask the cell; what cannot be told is noted in the evaluation and does not accept."""
        return self.tests.matches(value, _NO_SCOPE, evaluation) is True


class _Named(dict[Value, int]):
    """The rules for each value, with those for any other."""

    def __init__(self, named: Mapping[Value, int], otherwise: int) -> None:
        super().__init__(named)
        self._otherwise = otherwise

    def __missing__(self, value: Value) -> int:
        return self._otherwise


@dataclass(frozen=True, slots=True)
class Equality:
    """The rules for each value that a cell names, and for all others."""

    named: Mapping[Value, int]
    otherwise: int

    def finder(self) -> _Finder:
        """The look-up as a function."""
        return _Named(self.named, self.otherwise).__getitem__


@dataclass(frozen=True, slots=True)
class Order:
    """The rules for each point that a cell names, at `2 * i + 1`, and for what lies just before it, at `2 * i`."""

    points: Sequence[Any]
    accepting: Sequence[int]

    def finder(self) -> _Finder:
        """The look-up as a function."""
        points, accepting, count = self.points, self.accepting, len(self.points)

        def find(value: Any) -> int:
            position = bisect_left(points, value)
            return accepting[2 * position + (position < count and points[position] == value)]

        return find


@dataclass(frozen=True, slots=True)
class Column:
    """The index of a column: how each kind of value is looked up, and the cells for all the others.

    What an index answers holds the open rules. Of a value whose kind is `certain` every cell can say yes or no; of
    others a cell may be unable to tell.
    """

    indexes: Mapping[type, Equality | Order]
    finders: Mapping[type, _Finder]
    cells: tuple[Cells, ...]
    open_rules: int
    certain: frozenset[type] = field(default=frozenset())

    def rules_for(self, value: Value, evaluation: Evaluation) -> int:
        """The rules whose cell accepts the value, with those of which that is not known before they are asked."""
        find = self.finders.get(value.__class__)
        if find is not None:
            return find(value)
        found = self.open_rules
        for cells in self.cells:
            if cells.accept(value, evaluation):
                found |= cells.rules
        return found

    def judge(self, value: Value) -> tuple[int, int]:
        """The rules whose cell accepts the value (open ones among them), and those whose cell cannot tell."""
        if value.__class__ in self.certain:
            return self.finders[value.__class__](value), 0
        accepting, unable = self.open_rules, 0
        for cells in self.cells:
            answer = cells.tests.matches(value, _NO_SCOPE, Evaluation())
            if answer is True:
                accepting |= cells.rules
            elif answer is None:
                unable |= cells.rules
        return accepting, unable


def index(cells: Sequence[Cells], open_rules: int) -> Column:
    """Build the index of a column; `open_rules` are the rules whose cells compare with more than literals.

    No two groups of cells share a rule.
    """
    indexes: dict[type, Equality | Order] = {}
    kinds = {literal.__class__ for group in cells for literal in group.literals}
    if str in kinds:
        indexes[str] = _by_equality(cells, open_rules)
    if bool in kinds:
        truths: dict[Value, int] = {truth: _accepting(cells, truth, open_rules) for truth in (False, True)}
        indexes[bool] = Equality(truths, open_rules)
    if Decimal in kinds:
        indexes[Decimal] = _by_order(cells, open_rules, Decimal, CONTEXT.next_minus, CONTEXT.next_plus)
    if date in kinds:
        indexes[date] = _by_order(cells, open_rules, date, _day_before, _day_after)
    indexes[NoneType] = Equality({}, _accepting(cells, None, open_rules))
    finders = {kind: found.finder() for kind, found in indexes.items()}
    compared = kinds - {NoneType}
    certain = frozenset(compared & indexes.keys()) if len(compared) == 1 else frozenset()
    return Column(indexes, finders, tuple(cells), open_rules, certain)


def _literals(cells: Iterable[Cells], kind: type) -> set[Any]:
    return {literal for group in cells for literal in group.literals if literal.__class__ is kind}


def _accepting(cells: Iterable[Cells], value: Value, open_rules: int) -> int:
    rules = open_rules
    for group in cells:
        if group.accept(value, Evaluation()):
            rules |= group.rules
    return rules


def _by_equality(cells: Iterable[Cells], open_rules: int) -> Equality:
    """Look a text up: every text that no cell names has one and the same answer."""
    texts = _literals(cells, str)
    unnamed = "x" * (max(map(len, texts)) + 1)
    evaluation = Evaluation()
    otherwise = open_rules
    exceptions = dict.fromkeys(texts, 0)
    for group in cells:
        accepts_unnamed = group.accept(unnamed, evaluation)
        if accepts_unnamed:
            otherwise |= group.rules
        for text in {literal for literal in group.literals if literal.__class__ is str}:
            if group.accept(text, evaluation) != accepts_unnamed:
                exceptions[text] |= group.rules
    return Equality({text: otherwise ^ flipped for text, flipped in exceptions.items()}, otherwise)


_Ordered = TypeVar("_Ordered", Decimal, date)


def _by_order(
    cells: Iterable[Cells],
    open_rules: int,
    kind: type[_Ordered],
    before: Callable[[_Ordered], _Ordered],
    after: Callable[[_Ordered], _Ordered],
) -> Order:
    """Cut the line at every literal; segment `2 * i + 1` is the literal `i`, `2 * i` what lies just before it."""
    points: list[_Ordered] = sorted(_literals(cells, kind))
    place = {point: position for position, point in enumerate(points)}
    flips: dict[int, int] = {}  # at a segment, the rules whose answer changes there
    evaluation = Evaluation()
    for group in cells:
        own = sorted({place[literal] for literal in group.literals if isinstance(literal, kind) and literal in place})
        accepted = False
        answers = [(0, before(points[own[0] if own else 0]))]
        for position in own:
            answers += [(2 * position + 1, points[position]), (2 * position + 2, after(points[position]))]
        for segment, witness in answers:
            if group.accept(witness, evaluation) != accepted:
                accepted = not accepted
                flips[segment] = flips.get(segment, 0) ^ group.rules
    accepting: list[int] = []
    rules = open_rules
    for segment in range(2 * len(points) + 1):
        if segment in flips:  # else the same object: of a long table each set takes a kilobyte and more
            rules ^= flips[segment]
        accepting.append(rules)
    return Order(points, tuple(accepting))


def _day_before(day: date) -> date:
    return day - timedelta(days=1) if day > date.min else day


def _day_after(day: date) -> date:
    return day + timedelta(days=1) if day < date.max else day

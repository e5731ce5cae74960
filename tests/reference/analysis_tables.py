"""Random decision tables over few values, and what is wrong with them, found by trying every combination of values.

Every cell is made twice: as a FEEL text and as a Python predicate, so that nothing here asks the engine. The values
that are tried stand for all: each number (time, duration, text) that a cell names and one between any two, texts that
nobody names, null, times with an offset from UTC and without one, and for a column without a type a value of another
kind. All combinations are one array of truths: it has a
dimension for each column, along which lie that column's values.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import cached_property, lru_cache, reduce
from itertools import combinations
from random import Random
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from comptroller.domain.decisions.compiler import compile_model
from comptroller.domain.decisions.definitions import (
    Decision,
    DecisionTable,
    Definitions,
    HitPolicy,
    InformationItem,
    InputClause,
    InputData,
    LiteralExpression,
    OutputClause,
    Reference,
    Rule,
    UnaryTests,
)
from comptroller.domain.decisions.model import Model
from comptroller.domain.feel import DaysDuration, MonthsDuration, Value

NUMBERS_MAX: Final = 4
TEXTS: Final = ("a", "b", "c")
FIRST_DAY: Final = date(2026, 1, 1)
FIRST_HOUR: Final = datetime(2026, 1, 1, 8)  # noqa: DTZ001 - of the times that have no offset
OFFSETS: Final = (None, UTC, timezone(timedelta(hours=2)))
KINDS: Final = (
    *("number", "number", "number", "string", "string", "boolean", "date", "date"),
    *("time", "date and time", "days and time duration", "years and months duration"),
)
NAMESPACE: Final = "urn:tried"
POLICIES: Final = (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST)

Points: TypeAlias = npt.NDArray[np.bool_]
"""Which combinations of values are meant: a dimension for each column."""

Said: TypeAlias = npt.NDArray[np.int_]
"""What a table says of every combination: a conclusion, or one of these two."""

NOTHING: Final = 0
NO_ANSWER: Final = -1


class TriedCell(NamedTuple):
    """A cell: its text, what it accepts, and what it speaks of."""

    text: str
    accepts: Callable[[Value], bool]
    named: tuple[Value, ...] = ()


ANYTHING: Final = TriedCell("-", lambda _: True)
NOT_NULL: Final = TriedCell("not(null)", lambda value: value is not None, (None,))
NULL: Final = TriedCell("null", lambda value: value is None, (None,))


@dataclass(frozen=True)
class TriedTable:
    """A table of the columns `c0`, `c1` and so on; the conclusions are numbers."""

    policy: HitPolicy
    kinds: tuple[str, ...]  # of each column, as FEEL names them
    typed: bool
    rules: tuple[tuple[tuple[TriedCell, ...], int], ...]

    @cached_property
    def model(self) -> Model:
        """The table compiled as the decision `tried`."""
        names = [f"c{place}" for place in range(len(self.kinds))]
        types = self.kinds if self.typed else ("",) * len(self.kinds)
        data = [InputData(name, name, InformationItem(name, kind)) for name, kind in zip(names, types, strict=True)]
        table = DecisionTable(
            tuple(InputClause(LiteralExpression(name)) for name in names),
            (OutputClause(),),
            tuple(
                Rule(tuple(UnaryTests(cell.text) for cell in cells), (LiteralExpression(str(conclusion)),))
                for cells, conclusion in self.rules
            ),
            self.policy,
        )
        needs = tuple(Reference(NAMESPACE, name) for name in names)
        decided = Decision("tried", "tried", InformationItem("tried"), table, needs)
        return compile_model(Definitions("tried", NAMESPACE, elements=(*data, decided)))

    @cached_property
    def values(self) -> tuple[list[Value], ...]:
        """The values of each column that stand for all."""
        return tuple(_values(kind, typed=self.typed) for kind in self.kinds)

    def where(self, chosen: Sequence[Callable[[Value], object]]) -> Points:
        """The combinations of which each column's value is chosen."""
        count = len(self.kinds)
        sides = [
            _side(choose, kind, typed=self.typed).reshape([-1 if at == place else 1 for at in range(count)])
            for place, (choose, kind) in enumerate(zip(chosen, self.kinds, strict=True))
        ]
        return reduce(np.logical_and, sides)

    def shown(self, points: Points) -> str:
        """A few combinations of values."""
        found = [
            tuple(values[at] for values, at in zip(self.values, point, strict=True)) for point in np.argwhere(points)
        ]
        return str(sorted(map(str, found))[:3])

    @cached_property
    def usual(self) -> Points:
        """The combinations that the table is expected to speak of."""
        named = [[value for cells, _ in self.rules for value in cells[place].named] for place in range(len(self.kinds))]
        return self.where(list(map(_usual, named)))

    @cached_property
    def hits(self) -> Points:
        """For each rule, the combinations that it accepts."""
        return np.stack([self.where([cell.accepts for cell in cells]) for cells, _ in self.rules])

    @property
    def first(self) -> Points:
        """For each rule, the combinations that it accepts and no earlier one does."""
        earlier = np.zeros_like(self.hits)
        np.logical_or.accumulate(self.hits[:-1], axis=0, out=earlier[1:])
        return self.hits & ~earlier

    @cached_property
    def said(self) -> Said:
        """What the table says of every combination."""
        return self.said_by(self.hits)

    def said_by(self, hits: Points) -> Said:
        """What the table would say if just these were the combinations that its rules accept."""
        conclusions = np.array([conclusion for _, conclusion in self.rules]).reshape(-1, *[1] * len(self.kinds))
        count = hits.sum(axis=0)
        first = np.take_along_axis(np.broadcast_to(conclusions, hits.shape), hits.argmax(axis=0)[None], axis=0)[0]
        alike = ~(hits & (conclusions != first)).any(axis=0)
        answers = {HitPolicy.FIRST: count > 0, HitPolicy.ANY: (count > 0) & alike}.get(self.policy, count == 1)
        return np.where(answers, first, np.where(count > 0, NO_ANSWER, NOTHING))


def _values(kind: str, *, typed: bool) -> list[Value]:
    return [None, *_VALUES[kind]] if typed else [None, *_VALUES[kind], {"another": "kind"}]


@lru_cache(1024)
def _side(choose: Callable[[Value], object], kind: str, *, typed: bool) -> Points:
    """Which values of a column are chosen."""
    return np.array([bool(choose(value)) for value in _values(kind, typed=typed)])


def _usual(named: Sequence[Value]) -> Callable[[Value], bool]:
    """Null where a cell names it; of times those with an offset, or without, where a cell names such."""
    others = {_has_offset(value) for value in named if value is not None}
    return lambda value: (
        None in named if value is None else not isinstance(value, dict) and (not others or _has_offset(value) in others)
    )


class Tried(NamedTuple):
    """What trying everything has found."""

    gaps: Points  # without a rule, where the table is expected to speak of them
    overlaps: frozenset[tuple[int, int]]
    contradictions: frozenset[tuple[int, int]]
    unreachable: frozenset[int]
    never_first: frozenset[int]  # rules that hit somewhere, and nowhere first


def try_all(table: TriedTable) -> Tried:
    """Try every combination; rules are counted from 1. That rules meet is told where the table is expected to speak."""
    hits = table.hits
    places = tuple(range(1, hits.ndim))
    said = [conclusion for _, conclusion in table.rules]
    usual = hits & table.usual
    overlaps = {
        (one + 1, other + 1) for one, other in combinations(range(len(said)), 2) if (usual[one] & hits[other]).any()
    }
    somewhere, first = hits.any(axis=places), table.first.any(axis=places)
    return Tried(
        table.usual & ~hits.any(axis=0),
        frozenset(overlaps),
        frozenset(pair for pair in overlaps if said[pair[0] - 1] != said[pair[1] - 1]),
        frozenset(int(rule) + 1 for rule in np.flatnonzero(~somewhere)),
        frozenset(int(rule) + 1 for rule in np.flatnonzero(somewhere & ~first)),
    )


def changed(table: TriedTable, chance: Random) -> TriedTable:
    """A new version: a cell, a conclusion, a rule more or less, two rules in another order, another policy."""
    rules = list(table.rules)
    for _ in range(chance.randint(0, 2)):
        number, place = chance.randrange(len(rules)), chance.randrange(len(table.kinds))
        cells, conclusion = rules[number]
        turn = chance.randrange(6)
        if turn == 0:
            rules[number] = cells, chance.randint(1, 3)
        elif turn == 1:
            rules[number] = (*cells[:place], _cell(table.kinds[place], chance), *cells[place + 1 :]), conclusion
        elif turn == 2 and len(rules) > 1:
            del rules[number]
        elif turn == 3:
            rules.insert(number, (tuple(_cell(kind, chance) for kind in table.kinds), chance.randint(1, 3)))
        elif turn == 4:
            other = chance.randrange(len(rules))
            rules[number], rules[other] = rules[other], rules[number]
        else:
            return TriedTable(chance.choice(POLICIES), table.kinds, table.typed, tuple(rules))
    return TriedTable(table.policy, table.kinds, table.typed, tuple(rules))


# ---- generating ------------------------------------------------------------------------------------------------------


def generate(chance: Random) -> TriedTable:
    """A table of up to three columns and eight rules."""
    kinds = tuple(chance.choice(KINDS) for _ in range(chance.randint(1, 3)))
    if chance.random() < 0.5:
        cells = [tuple(map(_cell, kinds, [chance] * len(kinds))) for _ in range(chance.randint(1, 8))]
    else:
        cells = _divided(kinds, chance)
    rules = tuple((row, chance.randint(1, 3)) for row in cells)
    return TriedTable(chance.choice(POLICIES), kinds, chance.random() < 0.5, rules)


def _divided(kinds: Sequence[str], chance: Random) -> list[tuple[TriedCell, ...]]:
    """Rows that divide all cases, as people write them, and then perhaps one of them is lost or changed."""
    rows: list[tuple[TriedCell, ...]] = [(ANYTHING,) * len(kinds)]
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(kinds))
        at = next((number for number, row in enumerate(rows) if row[place] is ANYTHING), None)
        if at is not None:
            row = rows.pop(at)
            rows += [(*row[:place], half, *row[place + 1 :]) for half in _halves(kinds[place], chance)]
    if chance.random() < 0.4 and len(rows) > 1:
        rows.pop(chance.randrange(len(rows)))
    if chance.random() < 0.3:
        place = chance.randrange(len(kinds))
        number = chance.randrange(len(rows))
        rows[number] = (*rows[number][:place], _cell(kinds[place], chance), *rows[number][place + 1 :])
    if chance.random() < 0.3:
        rows.append((ANYTHING,) * len(kinds))
    return rows


def _halves(kind: str, chance: Random) -> tuple[TriedCell, TriedCell]:
    if kind == "boolean":
        return _same(True), _same(False)
    if kind == "string" and chance.random() < 0.7:
        text = chance.choice(TEXTS)
        return _same(text), _but((text,))
    point = _point(kind, chance)
    return chance.choice(((_against("<", point), _against(">=", point)), (_against("<=", point), _against(">", point))))


def _cell(kind: str, chance: Random) -> TriedCell:
    form = chance.random()
    if form < 0.2:
        return ANYTHING
    if form < 0.25:
        return chance.choice((NULL, NOT_NULL))
    if kind == "boolean":
        return chance.choice((_same(True), _same(False), _but((True,))))
    if kind == "string" and chance.random() < 0.7:
        texts = tuple(chance.sample(TEXTS, chance.randint(1, 2)))
        if chance.random() < 0.2:
            return chance.choice((_begins(texts[0]), _begins_not(texts[0])))
        return chance.choice((_one_of(texts), _but(texts)))
    offset = chance.choice(OFFSETS)
    points: list[Any] = sorted((_point(kind, chance, offset) for _ in range(2)), key=str)
    operator = chance.choice(("<", "<=", ">", ">="))
    if chance.random() < 0.15:
        return chance.choice((_asked(operator, points[0]), _between(points[0], points[1]), _listed(tuple(points))))
    return chance.choice(
        (
            _against(operator, points[0]),
            _within(points[0], points[1], from_low=chance.random() < 0.5, to_high=chance.random() < 0.5),
            _one_of(tuple(points)),
            _but((points[0],)),
        )
    )


def _point(kind: str, chance: Random, offset: tzinfo | None = None) -> Value:
    number = chance.randint(0, NUMBERS_MAX)
    match kind:
        case "string":
            return chance.choice(TEXTS)
        case "number":
            return Decimal(number)
        case "date":
            return FIRST_DAY + timedelta(days=2 * number + chance.randint(0, 1))
        case "days and time duration":
            return DaysDuration(Decimal(3600 * (number - 1)))
        case "years and months duration":
            return MonthsDuration(number - 1)
    return _clock(kind, number // 2, offset)


def _clock(kind: str, hours: float, offset: tzinfo | None) -> Value:
    """A time of day or a date with one, so many hours after the first: the same moment, whatever the offset."""
    found = FIRST_HOUR + timedelta(hours=hours)
    if offset is not None:
        found = found.replace(tzinfo=UTC).astimezone(offset)
    return found.timetz() if kind == "time" else found


def _literal(value: Value) -> str:
    """A value as authors write it, in one of the two ways that there are."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"'
        case time():
            return f'@"{value.isoformat()}"' if value.hour % 2 else f'time("{value.isoformat()}")'
        case datetime():
            return f'@"{value.isoformat()}"' if value.hour % 2 else f'date and time("{value.isoformat()}")'
        case date():
            return f'@"{value.isoformat()}"' if value.day % 2 else f'date("{value.isoformat()}")'
        case DaysDuration(seconds=seconds):
            return f'duration("{"-" if seconds < 0 else ""}PT{abs(seconds) // 3600}H")'
        case MonthsDuration(months=months):
            return f'duration("{"-" if months < 0 else ""}P{abs(months)}M")'
    return str(value)


def _has_offset(value: Value) -> bool:
    return isinstance(value, time | datetime) and value.tzinfo is not None


def _is_alike(value: Value, other: Value) -> bool:
    return value.__class__ is other.__class__ and _has_offset(value) is _has_offset(other)


def _same(wanted: Value) -> TriedCell:
    return TriedCell(_literal(wanted), lambda value: _is_alike(value, wanted) and value == wanted, (wanted,))


def _one_of(wanted: Sequence[Value]) -> TriedCell:
    text = ", ".join(map(_literal, wanted))
    return TriedCell(
        text, lambda value: any(_is_alike(value, each) and value == each for each in wanted), tuple(wanted)
    )


def _but(unwanted: Sequence[Value]) -> TriedCell:
    """Null is none of them and passes, as does a time with an offset of those without; another kind does not."""
    text = f"not({', '.join(map(_literal, unwanted))})"
    return TriedCell(
        text,
        lambda value: value is None or (value.__class__ is unwanted[0].__class__ and value not in tuple(unwanted)),
        tuple(unwanted),
    )


def _against(operator: str, point: Value) -> TriedCell:
    tests: dict[str, Callable[[Any, Any], bool]] = {
        "<": lambda value, end: value < end,
        "<=": lambda value, end: value <= end,
        ">": lambda value, end: value > end,
        ">=": lambda value, end: value >= end,
    }
    test = tests[operator]
    return TriedCell(
        f"{operator} {_literal(point)}", lambda value: _is_alike(value, point) and test(value, point), (point,)
    )


def _asked(operator: str, point: Any) -> TriedCell:
    """The same as a condition."""
    return _against(operator, point)._replace(text=f"? {operator} {_literal(point)}")


def _between(low: Any, high: Any) -> TriedCell:
    """An interval as a condition."""
    within = _within(low, high, from_low=True, to_high=False)
    return within._replace(text=f"? >= {_literal(low)} and ? < {_literal(high)}")


def _listed(wanted: Sequence[Value]) -> TriedCell:
    """One of some as a condition, which a value of another kind does not fulfil either."""
    return _one_of(wanted)._replace(text=f"list contains([{', '.join(map(_literal, wanted))}], ?)")


def _begins(start: str) -> TriedCell:
    return TriedCell(
        f'starts with(?, "{start}")', lambda value: isinstance(value, str) and value.startswith(start), (start,)
    )


def _begins_not(start: str) -> TriedCell:
    """Of what is no text nothing is true, its negation neither."""
    return TriedCell(
        f'not(starts with(?, "{start}")) and ? != null',
        lambda value: isinstance(value, str) and not value.startswith(start),
        (start, None),
    )


def _within(low: Any, high: Any, *, from_low: bool, to_high: bool) -> TriedCell:
    text = f"{'[' if from_low else '('}{_literal(low)}..{_literal(high)}{']' if to_high else ')'}"

    def accepts(value: Any) -> bool:
        if not _is_alike(value, low):
            return False
        above = value >= low if from_low else value > low
        below = value <= high if to_high else value < high
        return bool(above and below)

    return TriedCell(text, accepts, (low, high))


_HALVES: Final = tuple(half / 2 for half in range(-1, NUMBERS_MAX + 2))
_VALUES: Final[dict[str, tuple[Value, ...]]] = {
    "number": tuple(Decimal(half) / 2 for half in range(-1, 2 * NUMBERS_MAX + 2)),
    "string": ("", "a", "ab", "b", "bc", "c", "cd", "somebody else"),
    "boolean": (True, False),
    "date": tuple(FIRST_DAY + timedelta(days=day) for day in range(-1, 2 * NUMBERS_MAX + 3)),
    "days and time duration": tuple(DaysDuration(Decimal(1800 * half)) for half in range(-3, 2 * NUMBERS_MAX)),
    "years and months duration": tuple(map(MonthsDuration, range(-2, NUMBERS_MAX + 1))),
    **{
        kind: tuple(_clock(kind, half, offset) for offset in OFFSETS for half in _HALVES)
        for kind in ("time", "date and time")
    },
}

"""Numbers and days that watch what they are compared with: for whom else would a decision have gone the same way?

    watch = Watch("amount")
    outcome = model.decide_watched("routing", {"amount": WatchedNumber(Decimal(740), watch)})
    watch.cuts, watch.is_exact

A watched value is one like any other to the rules. It notes each value that it was compared with. Moved by a constant
(a number: multiplied by one, too) it goes on watching, and notes what its own value would have been compared with; a
text in which it is written watches for it. Where anything else is made of it, it gives itself away as a plain value and
notes that exactly this value counted. So a decision comes out the same for every value on the same side of all that was
noted; where the outcome holds the watched value, it holds theirs. This is what lets millions of rows share a few
thousand decisions.

# INVARIANT: whoever computes with numbers or days by more than Python's own comparisons asks `values.exactly` before:
# operators (`arithmetic._operate`), functions (`invocation._run_builtin`, but for `TRANSPARENT`), `types.coerce`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, Self

TRANSPARENT: Final = frozenset(
    {
        *("all", "any", "append", "concatenate", "context merge", "context put", "count", "flatten", "get value"),
        *("insert before", "list contains", "max", "min", "not", "remove", "reverse", "sublist"),
    }
)
"""Functions that do no more with numbers and days than compare them by Python's own operators, and hand them on."""

_DIGITS_MAX: Final = 12
"""Digits before and behind the point of numbers that are still watched when moved: sums of them are never rounded."""

_FACTOR_DIGITS: Final = 5
"""The same of what they are multiplied by: products of both have less than the 34 digits of the language."""


@dataclass(slots=True, eq=False)
class Watch:
    """What is noted of one value: the values it was compared with, and whether exactly it counted."""

    name: str
    cuts: set[Any] = field(default_factory=set)
    is_exact: bool = False


class WatchedNumber(Decimal):
    """A number that is watched: the watched value itself, times `factor`, moved by `offset`."""

    __slots__ = ("factor", "offset", "watch")
    watch: Watch
    factor: Decimal
    offset: Decimal

    def __new__(cls, value: Decimal, watch: Watch, factor: Decimal = Decimal(1), offset: Decimal = Decimal(0)) -> Self:
        """Watch a number; `value` is as it is when multiplied and moved."""
        made = super().__new__(cls, value)
        made.watch, made.factor, made.offset = watch, factor, offset
        return made

    @property
    def plain(self) -> Decimal:
        """The number by itself."""
        return Decimal(self)

    def moved(self, factor: Decimal, offset: Decimal) -> "WatchedNumber | None":
        """The number times a constant, moved by another; None where it cannot be watched any further."""
        whole = self.factor * factor, self.offset * factor + offset
        if not factor or not _is_short(whole[0], _FACTOR_DIGITS) or not (_is_short(whole[1]) and _is_short(self.plain)):
            return None
        return WatchedNumber(self.plain * factor + offset, self.watch, *whole)

    def note(self, other: object) -> None:
        """Note what it is compared with."""
        if isinstance(other, WatchedNumber):
            if other.watch is not self.watch or other.factor != self.factor:
                self.watch.is_exact = other.watch.is_exact = True
            return
        if isinstance(other, Decimal) and _is_short(other):
            cut = (other - self.offset) / self.factor
            if cut * self.factor + self.offset == other:
                self.watch.cuts.add(cut)
                return
        self.watch.is_exact = True


class WatchedDay(date):
    """A day that is watched: the watched day itself, moved by `offset`."""

    __slots__ = ("offset", "watch")
    watch: Watch
    offset: timedelta

    def __new__(cls, value: date, watch: Watch, offset: timedelta = timedelta(0)) -> Self:
        """Watch a day; `value` is as it is when moved."""
        made = super().__new__(cls, value.year, value.month, value.day)
        made.watch, made.offset = watch, offset
        return made

    @property
    def plain(self) -> date:
        """The day by itself."""
        return date.fromordinal(date.toordinal(self))

    def moved(self, by: timedelta) -> "WatchedDay | None":
        """The day moved by so many; None where that leaves the years in which every such day can be moved."""
        day = self.plain
        if not _YEARS[0] < day.year < _YEARS[1] or abs(by + self.offset) > _FAR:
            return None
        return WatchedDay(day + by, self.watch, self.offset + by)

    def note(self, other: object) -> None:
        """Note what it is compared with."""
        if isinstance(other, WatchedDay):
            if other.watch is not self.watch:
                self.watch.is_exact = other.watch.is_exact = True
        elif isinstance(other, date) and _YEARS[0] < other.year < _YEARS[1]:
            self.watch.cuts.add(other - self.offset)
        else:
            self.watch.is_exact = True


_YEARS: Final = (1000, 9000)
_FAR: Final = timedelta(days=200_000)
"""Days of these years, moved no further than that, stay days."""


class WatchedText(str):
    """A text in which watched values are written: `parts` are texts and the values between them."""

    __slots__ = ("parts",)
    parts: "tuple[str | WatchedNumber | WatchedDay, ...]"

    def __new__(cls, value: str, parts: "tuple[str | WatchedNumber | WatchedDay, ...]") -> Self:
        """Watch a text for what is written in it."""
        made = super().__new__(cls, value)
        made.parts = parts
        return made

    @property
    def plain(self) -> str:
        """The text by itself."""
        return str.__str__(self)

    def give_away(self) -> None:
        """Note of everything in it that exactly it counted."""
        for part in self.parts:
            if isinstance(part, WatchedNumber | WatchedDay):
                part.watch.is_exact = True

    def note(self, other: object) -> None:
        """Note that it was compared."""
        self.give_away()
        if isinstance(other, WatchedText):
            other.give_away()


def joined(left: str, right: str) -> str:
    """Two texts as one, which watches for what is written in them."""
    if left.__class__ is not WatchedText and right.__class__ is not WatchedText:
        return left + right
    one, other = (text.parts if isinstance(text, WatchedText) else (text,) for text in (left, right))
    return WatchedText(str.__add__(left, right), (*one, *other))


WATCHED: Final = frozenset({WatchedNumber, WatchedDay, WatchedText})
"""Their classes: most values are told apart from them by one look."""


def _is_short(number: Decimal, digits: int = _DIGITS_MAX) -> bool:
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -digits and number.adjusted() < digits


def _give_away(watched: Any) -> None:
    if isinstance(watched, WatchedText):
        watched.give_away()
    else:
        watched.watch.is_exact = True


def _comparing(base: type, name: str) -> Callable[[Any, Any], Any]:
    own = getattr(base, name)

    def compare(self: Any, other: Any) -> Any:
        self.note(other)
        return own(self, other)

    return compare


def _giving_away(base: type, name: str) -> Callable[..., Any]:
    own = getattr(base, name)

    def give(self: Any, *arguments: Any, **named: Any) -> Any:
        _give_away(self)
        return own(self, *arguments, **named)

    return give


_COMPARISONS: Final = frozenset({"__lt__", "__le__", "__gt__", "__ge__", "__eq__", "__ne__"})
_TEXTS: Final = frozenset({"__hash__", "__str__", "__repr__", "__format__"})
_KEPT: Final = frozenset({"__new__"})


def _watch_all(base: type, watched: type) -> None:
    """Let every way of looking at a value note it: comparisons what they compare with, all others that it counts."""
    for name in dir(base):
        own = getattr(base, name)
        if name in _COMPARISONS:
            setattr(watched, name, _comparing(base, name))
        elif name in _TEXTS or (name not in vars(object) and name not in _KEPT and callable(own)):
            if not isinstance(vars(base).get(name), classmethod | staticmethod):
                setattr(watched, name, _giving_away(base, name))
        elif type(own).__name__ == "getset_descriptor":
            setattr(watched, name, property(_giving_away_part(own)))


def _giving_away_part(own: Any) -> Callable[[Any], Any]:
    def give(self: Any) -> Any:
        _give_away(self)
        return own.__get__(self)

    return give


_watch_all(Decimal, WatchedNumber)
_watch_all(date, WatchedDay)
_watch_all(str, WatchedText)

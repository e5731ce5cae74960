"""What may be handed in: plain Python becomes values of FEEL, deeply; what has no place in the language is refused.

A binary fraction is never an exact amount, so a `float` is refused rather than guessed at, wherever it stands. What is
a value already stays the same object, so that admitting it costs a look and no copy.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import compress, repeat
from types import NoneType
from typing import Any, Final, cast

from comptroller.domain.feel import (
    DaysDuration,
    FarDate,
    FarDateAndTime,
    FineTime,
    Kind,
    MonthsDuration,
    Value,
    kind_of,
)

_SCALARS: Final = frozenset(
    {
        str,
        Decimal,
        bool,
        NoneType,
        date,
        time,
        datetime,
        FarDate,
        FarDateAndTime,
        FineTime,
        DaysDuration,
        MonthsDuration,
    }
)
_HOLDS_MORE: Final = dict.fromkeys(_SCALARS, False)
_TEXT: Final = frozenset({str})
_MICROSECOND: Final = timedelta(microseconds=1)


NAN: Final = "a value holds a NaN, which is no number of FEEL"
NUMBER_OR_NONE: Final = "give a number, or None where there is none"
"""What is said where a NaN was met: it is found by the first comparison, not by a walk through every value."""


class Inadmissible(Exception):
    """Leaves the reading of inputs at what is no value; `place` says where it stands, `help` what to give instead."""

    def __init__(self, place: str, message: str, help: str) -> None:  # noqa: A002 - as in a fault
        super().__init__(message)
        self.place = place
        self.message = message
        self.help = help


def admitted(value: object, place: str) -> Value:
    """Take a Python value for one of FEEL; `place` is its name in a message.

    >>> admitted({"lines": (1, 2), "term": timedelta(days=30)}, "invoice")
    {'lines': [Decimal('1'), Decimal('2')], 'term': DaysDuration(seconds=Decimal('2592000'))}
    """
    try:
        if _is_value(value):
            return cast("Value", value)
        try:
            return _taken(value, None)
        except Inadmissible:
            return _taken(value, place)  # once more, and now for where it stands
    except RecursionError:
        raise Inadmissible(place, f"`{place}` nests too deeply, or holds itself", "give it in fewer levels") from None


def _is_value(value: Any) -> bool:
    """Whether nothing has to be converted: most inputs are of what the language holds, and some are large."""
    if value.__class__ is dict:
        if not _TEXT.issuperset(map(type, value)):
            return False
        items: Iterable[object] = value.values()
    elif value.__class__ is list:
        items = value
    else:
        return value.__class__ in _SCALARS
    return all(map(_is_value, compress(items, map(_HOLDS_MORE.get, map(type, items), repeat(object=True)))))


def _taken(value: object, place: str | None) -> Value:
    """Convert a value deeply; without a place nothing is spent on saying where it stands."""
    if isinstance(value, Mapping):
        return {str(name): _taken(entry, None if place is None else f"{place}.{name}") for name, entry in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        return [_taken(item, None if place is None else f"{place}[{number}]") for number, item in enumerate(value, 1)]
    if value.__class__ is not int and kind_of(value) is not Kind.OTHER:
        return value  # type: ignore[return-value]  # the kind says that it is one
    return _scalar(value, place or "")


def _scalar(value: object, place: str) -> Value:
    match value:
        case float():
            message = f"`{place}` is a float, which is no exact number"
            raise Inadmissible(place, message, "give a Decimal, made from a text, or the whole number as an int")
        case int():
            return Decimal(int(value))
        case str():
            return str.__str__(value)
        case Decimal():
            return Decimal(value)
        case timedelta():
            return DaysDuration(Decimal(value // _MICROSECOND).scaleb(-6).normalize() + 0)
        case datetime():
            return datetime.combine(value.date(), value.timetz())
        case date():
            return date(value.year, value.month, value.day)
        case time():
            return time(value.hour, value.minute, value.second, value.microsecond, value.tzinfo, fold=value.fold)
    message = f"`{place}` is of the class `{type(value).__name__}`, which is no value of FEEL"
    remedy = "give a Decimal, int, str, bool, None, list, dict, date, time, datetime, timedelta or a type of `dmn`"
    raise Inadmissible(place, message, remedy)

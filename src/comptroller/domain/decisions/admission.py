"""What may be handed in: plain Python becomes values of FEEL, deeply; what has no place in the language is refused.

A binary fraction is never an exact amount, so a `float` is refused rather than guessed at, wherever it stands. What is
a value already stays the same object, so that admitting it costs a look and no copy.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from comptroller.domain.feel import DaysDuration, Kind, Value, kind_of

_CONTAINERS: Final = frozenset({Kind.LIST, Kind.CONTEXT})
_MICROSECOND: Final = timedelta(microseconds=1)


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
        try:
            return _admitted(value, None)
        except Inadmissible:
            return _admitted(value, place)  # once more, and now for where it stands
    except RecursionError:
        raise Inadmissible(place, f"`{place}` nests too deeply, or holds itself", "give it in fewer levels") from None


def _admitted(value: object, place: str | None) -> Value:
    """Without a place nothing is spent on saying where a value stands."""
    kind = kind_of(value)
    if kind not in _CONTAINERS and kind is not Kind.OTHER and value.__class__ is not int:
        return value  # type: ignore[return-value]  # the kind says that it is one
    if isinstance(value, Mapping):
        entries = {
            str(name): _admitted(entry, None if place is None else f"{place}.{name}") for name, entry in value.items()
        }
        return value if value.__class__ is dict and _same(value, entries) else entries
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        items = [
            _admitted(item, None if place is None else f"{place}[{number}]") for number, item in enumerate(value, 1)
        ]
        same = value.__class__ is list and all(new is old for new, old in zip(items, value, strict=True))
        return value if same else items  # type: ignore[return-value]  # a list of what are values already
    return _scalar(value, place or "")


def _same(old: Mapping[object, object], new: Mapping[str, Value]) -> bool:
    """Whether every entry is the object it was, under a name that is a text."""
    return len(old) == len(new) and all(
        name.__class__ is str and value is entry for (name, entry), value in zip(old.items(), new.values(), strict=True)
    )


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

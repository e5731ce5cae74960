"""FEEL values in the JSON of states and records, and back to the same values.

Texts, truth values, null, lists and contexts are themselves, whole numbers are JSON integers; everything else is an
object with one key that begins with `@` and names the type. A context that would read like such an object is wrapped in
`@context`. Ranges and functions have no data form: they are values within a decision, never of a case.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from comptroller.domain.feel.temporal import parse, text_of
from comptroller.domain.feel.values import (
    DaysDuration,
    FarDate,
    FarDateAndTime,
    FineTime,
    MonthsDuration,
    Value,
)
from comptroller.domain.kernel.canonical_json import INTEGER_MAX, Plain
from comptroller.domain.kernel.money import decimal_text

_DIGITS_ALWAYS: Final = len(str(INTEGER_MAX))
"""So many digits, less one, every integer of JSON may have."""


def value_to_json(value: Value) -> Plain:
    """The JSON form of a value; a range or a function raises `TypeError`.

    >>> value_to_json([Decimal("7"), Decimal("7.50"), date(2026, 3, 27), "7"])
    [7, {'@number': '7.50'}, {'@date': '2026-03-27'}, '7']
    """
    match value:
        case str() | None:
            return value
        case Decimal():
            return _number(value)
        case bool():
            return value
        case int():
            return _number(Decimal(value))
        case list():
            return [value_to_json(entry) for entry in value]
        case dict():
            context = {name: value_to_json(entry) for name, entry in value.items()}
            return {"@context": context} if len(context) == 1 and next(iter(context)).startswith("@") else context
        case datetime():
            return {"@date-time": _zoned(value)}
        case date():
            return {"@date": value.isoformat()}
        case time():
            return {"@time": _zoned(value)}
        case FarDate() | FarDateAndTime() | FineTime():
            return {"@far": text_of(value)}
        case DaysDuration():
            return {"@days": decimal_text(value.seconds)}
        case MonthsDuration():
            return {"@months": value.months}
    raise TypeError(f"`{type(value).__name__}` cannot be kept as a variable of a case")


def value_from_json(json: object) -> Value:
    """Read what `value_to_json` gave."""
    if json.__class__ is str:
        return json
    if json.__class__ is int:
        return Decimal(json)
    if isinstance(json, dict):
        if len(json) == 1:
            (tag, content), *_ = json.items()
            read = _READERS.get(tag)
            if read is not None:
                return read(content)
        return {name: value_from_json(entry) for name, entry in json.items()}
    if isinstance(json, list):
        return [value_from_json(entry) for entry in json]
    if json is None or isinstance(json, bool | str):
        return json
    raise TypeError(f"`{type(json).__name__}` is no JSON of a value")


def _number(value: Decimal) -> Plain:
    """Whole numbers go plain; trailing zeros and exponents, which FEEL shows again, are kept."""
    text = str(value)
    if text.isdigit() and len(text) < _DIGITS_ALWAYS:
        return int(text)  # nearly all
    if value.as_tuple().exponent == 0 and abs(value) <= INTEGER_MAX and not (value.is_zero() and value.is_signed()):
        return int(value)
    return {"@number": str(value)}


def _zoned(value: datetime | time) -> str:
    """ISO 8601, with the name of the zone where it is one with a name: its offset alone would not outlive a season."""
    zone = value.tzinfo
    return f"{value.replace(tzinfo=None).isoformat()}@{zone.key}" if isinstance(zone, ZoneInfo) else value.isoformat()


def _read_date_time(text: str) -> datetime:
    local, _, zone = text.partition("@")
    value = datetime.fromisoformat(local)
    return value.replace(tzinfo=ZoneInfo(zone)) if zone else value


def _read_time(text: str) -> time:
    local, _, zone = text.partition("@")
    value = time.fromisoformat(local)
    return value.replace(tzinfo=ZoneInfo(zone)) if zone else value


def _read_context(json: Mapping[str, object]) -> Value:
    return {name: value_from_json(entry) for name, entry in json.items()}


_READERS: Final[dict[str, Callable[[Any], Value]]] = {
    "@number": Decimal,
    "@date": date.fromisoformat,
    "@date-time": _read_date_time,
    "@time": _read_time,
    "@far": parse,
    "@days": lambda text: DaysDuration(Decimal(text)),
    "@months": MonthsDuration,
    "@context": _read_context,
}

"""What a path asks of a value: the entries of contexts, and the properties of days, times, durations and ranges.

SOURCE: DMN 1.5, clause 10.3.2.5, table 65.
"""

from fractions import Fraction

from tests.reference import feel_calendar as calendar
from tests.reference.feel_values import Clock, Day, Interval, Moment, Months, Seconds, Value


def member(base: Value, name: str) -> Value:
    """An entry of a context, of each item of a list, or a property of a value (table 65); null for anything else."""
    if isinstance(base, dict):
        return base.get(name)
    if isinstance(base, list):
        return [member(item, name) for item in base]
    return _property(base, name)


def _property(base: Value, name: str) -> Value:
    match base:
        case Day():
            return {
                "year": Fraction(base.year),
                "month": Fraction(base.month),
                "day": Fraction(base.number),
                "weekday": Fraction(calendar.weekday(base)),
            }.get(name)
        case Moment():
            if name == "time offset":
                return _offset(calendar.offset_of(base))
            return _property(base.clock if name in CLOCK else base.day, name)
        case Clock():
            return _clock_property(base, name) if name in CLOCK else None
        case Seconds():
            days, hours, minutes, seconds = (part * (-1 if base.count < 0 else 1) for part in calendar.parts_of(base))
            return {
                "days": Fraction(days),
                "hours": Fraction(hours),
                "minutes": Fraction(minutes),
                "seconds": Fraction(seconds),
            }.get(name)
        case Months():
            sign, size = (-1 if base.count < 0 else 1), abs(base.count)
            return {"years": Fraction(sign * (size // 12)), "months": Fraction(sign * (size % 12))}.get(name)
        case Interval():
            return {
                "start": base.start,
                "end": base.end,
                "start included": base.start_included,
                "end included": base.end_included,
            }.get(name)
    return None


CLOCK = ("hour", "minute", "second", "time offset", "timezone")


def _clock_property(clock: Clock, name: str) -> Value:
    seconds = Fraction(clock.nanoseconds, calendar.SECOND)
    match name:
        case "hour":
            return Fraction(seconds // 3_600)
        case "minute":
            return Fraction(seconds // 60 % 60)
        case "second":
            return seconds % 60
        case "timezone":
            return clock.zone if isinstance(clock.zone, str) else None
    return _offset(calendar.clock_offset(clock))


def _offset(offset: int | None) -> Value:
    return None if offset is None else Seconds(Fraction(offset))

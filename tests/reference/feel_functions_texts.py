"""Functions of strings, conversions, and functions of dates.

SOURCE: DMN 1.5, clauses 10.3.4.1 (conversion), 10.3.4.3 (string), 10.3.4.8 (dates). Patterns are stated for those that
mean themselves, conversions for the texts that clause 10.3.2.3 names.
"""

from fractions import Fraction

from tests.reference import feel_calendar as calendar
from tests.reference import feel_numbers as numbers
from tests.reference.feel_functions import native
from tests.reference.feel_operators import midnight, order
from tests.reference.feel_values import Clock, Closure, Day, Interval, Moment, Months, Native, Seconds, Unstated, Value


@native("substring", "string: string", "start position: number", "length?: number")
def substring(text: str, start: Fraction, length: Fraction | None = None) -> Value:
    """From a position within the string; of an empty string the first position is the empty string."""
    place = numbers.truncated(start)
    if not 1 <= abs(place) <= max(len(text), 1):
        return None
    first = place - 1 if place > 0 else max(len(text) + place, 0)
    if length is None:
        return text[first:]
    size = numbers.truncated(length)
    return text[first : first + size] if size >= 1 else None


@native("string length", "string: string")
def string_length(text: str) -> Value:
    return Fraction(len(text))


@native("upper case", "string: string")
def upper_case(text: str) -> Value:
    return text.upper()


@native("lower case", "string: string")
def lower_case(text: str) -> Value:
    return text.lower()


@native("substring before", "string: string", "match: string")
def substring_before(text: str, match: str) -> Value:
    place = text.find(match)
    return text[:place] if place > 0 else ""


@native("substring after", "string: string", "match: string")
def substring_after(text: str, match: str) -> Value:
    place = text.find(match)
    return text[place + len(match) :] if place >= 0 else ""


@native("contains", "string: string", "match: string")
def contains(text: str, match: str) -> Value:
    return any(text[place : place + len(match)] == match for place in range(len(text) + 1))


@native("starts with", "string: string", "match: string")
def starts_with(text: str, match: str) -> Value:
    return text[: len(match)] == match


@native("ends with", "string: string", "match: string")
def ends_with(text: str, match: str) -> Value:
    return text[max(len(text) - len(match), 0) :] == match


@native("string join", "list: list", "delimiter?: string")
def string_join(items: list[Value], delimiter: str | None = None) -> Value:
    """Of strings, nulls left out; null when there is anything else."""
    if not all(item is None or isinstance(item, str) for item in items):
        return None
    return (delimiter or "").join(item for item in items if isinstance(item, str))


def _literal(pattern: str) -> str:
    if not pattern or not all(letter.isalnum() or letter in " ;,_-" for letter in pattern):
        raise Unstated("the reference knows patterns that mean themselves")
    return pattern


@native("matches", "input: string", "pattern: string", "flags?: string")
def matches(text: str, pattern: str, flags: str | None = None) -> Value:
    if flags is not None:
        raise Unstated("flags are not stated here")
    return contains(text, _literal(pattern))


@native("replace", "input: string", "pattern: string", "replacement: string", "flags?: string")
def replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    if flags is not None:
        raise Unstated("flags are not stated here")
    return text.replace(_literal(pattern), _literal(replacement))


@native("now")
@native("today")
def unstated(*_arguments: Value) -> Value:
    raise Unstated("the clock is not stated here")


@native("split", "string: string", "delimiter: string")
def split(text: str, delimiter: str) -> Value:
    return list[Value](text.split(_literal(delimiter)))


# Conversions


@native("number", "from: string")
@native("number", "from: string", "grouping separator?: string", "decimal separator?: string")
def number(text: str, grouping: str | None = None, point: str | None = None) -> Value:
    """A number with the given separators."""
    if grouping not in {None, " ", ",", "."} or point not in {None, ",", "."}:
        return None
    if grouping is not None and grouping == point:
        return None
    plain = text.replace(grouping, "") if grouping else text
    return numbers.number_from_text(plain.replace(point, ".") if point else plain)


@native("string", "from")
def string(value: Value) -> Value:
    """Null stays null, a string is itself, everything else as it is written in the language."""
    return value if value is None or isinstance(value, str) else _written(value)


def _written(value: Value) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        case Fraction():
            return numbers.number_text(value)
        case list():
            return f"[{', '.join(map(_written, value))}]"
        case dict():
            return f"{{{', '.join(f'{_key(key)}: {_written(entry)}' for key, entry in value.items())}}}"
        case Interval():
            opening, closing = "[" if value.start_included else "(", "]" if value.end_included else ")"
            ends = ["" if end is None else _written(end) for end in (value.start, value.end)]
            return f"{opening}{ends[0]}..{ends[1]}{closing}"
        case Closure() | Native():
            raise Unstated("the standard does not say how a function is written")
        case _:
            return calendar.text_of(value)


def _key(key: str) -> str:
    words = key.split(" ")
    if all(word.isalnum() and not word[0].isdecimal() for word in words if word) and "" not in words:
        return key
    raise Unstated("the standard does not say how other names of entries are written")


@native("date", "from: string")
def date_from_text(text: str) -> Value:
    return calendar.read_day(text)


@native("date", "from: date|date and time")
def date_of(value: Day | Moment) -> Value:
    return value.day if isinstance(value, Moment) else value


@native("date", "year: number", "month: number", "day: number")
def date_of_parts(year: Fraction, month: Fraction, number: Fraction) -> Value:
    parts = [numbers.whole(part) for part in (year, month, number)]
    if parts[0] is None or parts[1] is None or parts[2] is None:
        return None
    day = Day(parts[0], parts[1], parts[2])
    return day if calendar.exists(day) else None


@native("time", "from: string")
def time_from_text(text: str) -> Value:
    return calendar.read_clock(text)


@native("time", "from: time|date|date and time")
def time_of(value: Clock | Day | Moment) -> Value:
    """A day begins at midnight in UTC."""
    return value if isinstance(value, Clock) else midnight(value).clock


@native("time", "hour: number", "minute: number", "second: number", "offset?: days and time duration")
def time_of_parts(hour: Fraction, minute: Fraction, second: Fraction, offset: Seconds | None = None) -> Value:
    """Hour and minute are whole; an offset is at most 14 hours; what is finer than a nanosecond does not count."""
    if hour.denominator != 1 or minute.denominator != 1 or not (0 <= hour < 24 and 0 <= minute < 60):
        return None
    if not 0 <= second < 60 or (offset is not None and (offset.count.denominator != 1 or abs(offset.count) > 50_400)):
        return None
    nanoseconds = int((hour * 60 + minute) * 60 + int(second)) * calendar.SECOND + int(second % 1 * calendar.SECOND)
    return Clock(nanoseconds, None if offset is None else int(offset.count))


@native("date and time", "from: string")
def moment_from_text(text: str) -> Value:
    """A day alone means its midnight, without a zone."""
    day = calendar.read_day(text)
    return calendar.read_moment(text) if day is None else Moment(day, Clock(0))


@native("date and time", "from: date|date and time")
def moment_of(value: Day | Moment) -> Value:
    return midnight(value)


@native("date and time", "date: date|date and time", "time: time")
def moment_of_day_and_time(day: Day | Moment, clock: Clock) -> Value:
    return Moment(day.day if isinstance(day, Moment) else day, clock)


@native("date and time", "date and time: date and time", "timezone: string")
def moment_in_zone(value: Moment, zone: str) -> Value:
    """The same instant as the zone's clocks show it; without a zone it counts as one of UTC (the product's choice)."""
    return calendar.moment_at(calendar.instant_of(value)[0], zone) if calendar.zone_exists(zone) else None


PARTS = ("year: number", "month: number", "day: number", "hour: number", "minute: number", "second: number")


@native("date and time", *PARTS, "offset?: days and time duration")
@native("date and time", *PARTS, "timezone: string")
def moment_of_parts(*parts: Value) -> Value:
    """A day and a time of day by their numbers, with an offset or the name of a zone."""
    zone = parts[6] if len(parts) > 6 else None
    day = date_of_parts(*parts[:3])
    clock = time_of_parts(*parts[3:6], zone if isinstance(zone, Seconds) else None)
    if not isinstance(day, Day) or not isinstance(clock, Clock) or (isinstance(zone, str) and not zone):
        return None
    if isinstance(zone, str):
        return Moment(day, Clock(clock.nanoseconds, zone)) if calendar.zone_exists(zone) else None
    return Moment(day, clock)


@native("duration", "from: string")
def duration(text: str) -> Value:
    return calendar.read_duration(text)


@native("duration", "from: days and time duration|years and months duration")
def duration_of(value: Seconds | Months) -> Value:
    return value


@native("years and months duration", "from: date|date and time", "to: date|date and time")
def months_between(start: Day | Moment, end: Day | Moment) -> Value:
    """The whole months that fit between two days, with the sign of the way from one to the other."""
    first, last = _local(start), _local(end)
    if first > last:
        found = months_between(end, start)
        assert isinstance(found, Months)
        return Months(-found.count)
    months = (last[0] - first[0]) * 12 + last[1] - first[1]
    return Months(months - 1 if first[2:] > last[2:] else months)


def _local(value: Day | Moment) -> tuple[int, int, int, int]:
    day, clock = (value.day, value.clock.nanoseconds) if isinstance(value, Moment) else (value, 0)
    return day.year, day.month, day.number, clock


@native("range", "from: string")
def range_from_text(text: str) -> Value:
    """Brackets around two ends of one kind, in order (table 74); ends that are calls or strings are not stated."""
    opening, inner, closing = text[:1], text[1:-1].split(".."), text[-1:]
    if len(text) < 2 or opening not in "[(]" or closing not in "])[" or len(inner) != 2:
        return None
    if not inner[0].strip() or not inner[1].strip():
        raise Unstated("ranges of one end are not stated as texts")
    ends = [_end(end.strip()) for end in inner]
    if any(end is None for end in ends) or order("<=", ends[0], ends[1]) is not True:
        return None
    return Interval(ends[0], ends[1], opening == "[", closing == "]")


def _end(text: str) -> Value:
    if text.startswith('@"') and text.endswith('"'):
        return calendar.read_any(text[2:-1])
    if any(letter in text for letter in '"(@ '):
        raise Unstated("ends that are calls or strings are not stated")
    return numbers.number_from_text(text)


# Days

WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()


def _day(value: Day | Moment) -> Day:
    return value.day if isinstance(value, Moment) else value


@native("day of year", "date: date|date and time")
def day_of_year(value: Day | Moment) -> Value:
    return Fraction(calendar.day_in_year(_day(value)))


@native("day of week", "date: date|date and time")
def day_of_week(value: Day | Moment) -> Value:
    return WEEKDAYS[calendar.weekday(_day(value)) - 1]


@native("month of year", "date: date|date and time")
def month_of_year(value: Day | Moment) -> Value:
    return MONTHS[_day(value).month - 1]


@native("week of year", "date: date|date and time")
def week_of_year(value: Day | Moment) -> Value:
    return Fraction(calendar.week_in_year(_day(value)))

"""How values are written on a page: the only place that knows separators, months and the reader's time zone.

Numbers keep the digits they were recorded with. Between a currency and its amount stands a no-break space, so that no
line ends between them.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from comptroller.application.presenting.codes import DOCUMENT_TYPES, ONE_UNIT, TAX_CATEGORIES, UNITS
from comptroller.application.views import Percent
from comptroller.domain.feel import (
    DaysDuration,
    FarDate,
    FarDateAndTime,
    FineTime,
    MonthsDuration,
    text_of_temporal,
)
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import Money, in_its_digits, round_to

NO_BREAK_SPACE: Final = "\u00a0"
MINUS: Final = "\u2212"
DASH: Final = "\u2013"

FRACTION_DIGITS_SHOWN: Final = 4

_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def number(value: Decimal | int | None, *, signed: bool = False) -> str:
    """Write a number with thousands separators and the digits it has.

    >>> number(Decimal("12000")), number(Decimal("3"), signed=True), number(Decimal("-0.50")).replace(MINUS, "-")
    ('12,000', '+3', '-0.50')
    """
    if value is None:
        return DASH
    text = f"{abs(Decimal(value)):,f}"
    if value < 0:
        return MINUS + text
    return f"+{text}" if signed and value > 0 else text


def amount(value: Decimal | None, currency: str = "", *, signed: bool = False) -> str:
    """Write an amount with its currency's minor unit and what is finer, the currency in front when given.

    >>> amount(Decimal("9400"), "EUR").replace(NO_BREAK_SPACE, " "), amount(Decimal("376.0000"), "EUR")[-6:]
    ('EUR 9,400.00', '376.00')
    """
    if value is None:
        return DASH
    text = number(in_its_digits(value, currency), signed=signed)
    return f"{currency}{NO_BREAK_SPACE}{text}" if currency else text


def money(value: Money | None, *, signed: bool = False) -> str:
    """Write an amount with its currency."""
    return DASH if value is None else amount(value.amount, value.currency, signed=signed)


def percent(value: Decimal | None, *, signed: bool = False) -> str:
    """Write a percentage to two decimals at most.

    >>> percent(Decimal("6.2092"), signed=True).replace(NO_BREAK_SPACE, " ")
    '+6.21 %'
    """
    if value is None:
        return DASH
    rounded = round_to(value, 2)
    text = number(rounded, signed=signed)
    return f"{text.rstrip('0').rstrip('.')}{NO_BREAK_SPACE}%"


def day(value: date | None) -> str:
    """Write a calendar day that cannot be misread, `23 Nov 2026`."""
    return (
        DASH if value is None else f"{value.day}{NO_BREAK_SPACE}{_MONTHS[value.month - 1]}{NO_BREAK_SPACE}{value.year}"
    )


def month(value: str) -> str:
    """Write a month that is kept as a text, `2026-11`.

    >>> month("2026-11").replace(NO_BREAK_SPACE, " ")
    'Nov 2026'
    """
    year, _, number_in_year = value.partition("-")
    return f"{_MONTHS[int(number_in_year) - 1]}{NO_BREAK_SPACE}{year}"


def iso_day(value: str) -> str:
    """Write a day that is kept as a text, `2026-11-23`.

    >>> iso_day("2026-11-23").replace(NO_BREAK_SPACE, " "), iso_day("") == DASH
    ('23 Nov 2026', True)
    """
    return day(parse_day(value))


def instant(value: datetime | None, zone: str = "UTC") -> str:
    """Write an instant to the minute in the reader's zone, with the zone's short name.

    >>> instant(datetime.fromisoformat("2026-07-01T08:00Z"), "Europe/Berlin").replace(NO_BREAK_SPACE, " ")
    '1 Jul 2026, 10:00 CEST'
    """
    if value is None:
        return DASH
    local = value.astimezone(ZoneInfo(zone))
    return f"{day(local)}, {local:%H:%M}{NO_BREAK_SPACE}{_zone_name(local)}"


def _zone_name(local: datetime) -> str:
    """A zone without a short name of its own, such as `-03`, by its distance from UTC."""
    name = local.tzname() or ""
    return f"UTC{name.replace('-', MINUS)}" if name.startswith(("+", "-")) else name


def clock(value: datetime, zone: str = "UTC") -> str:
    """Write an instant's time of day to the second in the reader's zone."""
    return f"{value.astimezone(ZoneInfo(zone)):%H:%M:%S}"


def span(value: timedelta) -> str:
    """Write a duration in its two largest units, `3 d 4 h`.

    >>> span(timedelta(hours=76)).replace(NO_BREAK_SPACE, " "), span(timedelta(seconds=20))
    ('3 d 4 h', 'now')
    """
    minutes = abs(value) // timedelta(minutes=1)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (rest, "min")) if count]
    return " ".join(parts[:2]).replace(" ", NO_BREAK_SPACE) or "now"


def brief_span(value: timedelta) -> str:
    """Write a duration as short as it goes on a drawing, in its largest unit.

    >>> brief_span(timedelta(hours=76)).replace(NO_BREAK_SPACE, " "), brief_span(timedelta(seconds=20))
    ('3 d', 'now')
    """
    return NO_BREAK_SPACE.join(span(value).split(NO_BREAK_SPACE)[:2])


def age(value: datetime, now: datetime) -> str:
    """Write how long ago an instant was."""
    text = span(now - value)
    return "just now" if text == "now" else f"{text}{NO_BREAK_SPACE}ago"


def until(value: datetime, now: datetime) -> str:
    """Write how far off a due time is, or by how much it has passed."""
    left = span(value - now)
    if left == "now":
        return "due now"
    return f"in{NO_BREAK_SPACE}{left}" if value > now else f"overdue{NO_BREAK_SPACE}{left}"


def unit(code: str, count: Decimal | int | None = None) -> str:
    """Name a unit of measure, of one where there is one of it.

    >>> unit("XBX"), unit("XBX", 1), unit("KGM", 1)
    ('boxes', 'box', 'kg')
    """
    return (ONE_UNIT.get(code) if count == 1 else None) or UNITS.get(code, code)


def document_type(code: str) -> str:
    """Name a document type."""
    return DOCUMENT_TYPES.get(code, f"Document of type {code}" if code else "Document")


def tax_category(code: str) -> str:
    """Name a VAT category; an unknown code is shown as it was sent."""
    return TAX_CATEGORIES.get(code, code)


def account(value: str) -> str:
    """Mask an account to its first four and last four characters.

    >>> account("DE32200990010004401001").replace(NO_BREAK_SPACE, " ")
    'DE32 … 1001'
    """
    if len(value) <= 8:
        return f"…{NO_BREAK_SPACE}{value[-4:]}" if len(value) > 4 else value
    return f"{value[:4]}{NO_BREAK_SPACE}…{NO_BREAK_SPACE}{value[-4:]}"


def digest(value: str) -> str:
    """Shorten a hash to what is compared by eye; the whole of it stands in the title.

    >>> digest("9f86d081884c7d659a2feaa0c55ad015")
    '9f86d081…c55ad015'
    """
    return value if len(value) <= 18 else f"{value[:8]}…{value[-8:]}"


def initials(name: str) -> str:
    """Give at most two initials of a name.

    >>> initials("Mei Lin Chow"), initials("Brennhof Group SE")
    ('MC', 'BS')
    """
    words = [word for word in name.split() if word[0].isalnum()]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"


def size(count: int) -> str:
    """Write a number of bytes."""
    if count < 1024:
        return f"{count}{NO_BREAK_SPACE}B"
    kibibytes = round_to(Decimal(count) / 1024, 1)
    return f"{number(kibibytes)}{NO_BREAK_SPACE}KiB"


def media(media_type: str) -> str:
    """Name a media type.

    >>> media("application/xml"), media("application/x-new")
    ('XML', 'X-NEW')
    """
    return media_type.rpartition("/")[2].rpartition("+")[2].upper()


def value(given: Any, zone: str = "UTC") -> str:
    """Write a value that a decision was given, or one that a rule asks for.

    >>> value(True), value(None), str(value(("a", "b"))), value(())
    ('yes', 'not known', 'a, b', 'none')
    """
    match given:
        case None:
            return "not known"
        case bool():
            return "yes" if given else "no"
        case Percent():
            return _shortened(given.value, f"{NO_BREAK_SPACE}%")
        case Money():
            return money(given)
        case Decimal() | int():
            return _shortened(Decimal(given))
        case datetime():
            return instant(given, zone)
        case date():
            return day(given)
        case list() | tuple():
            return Markup(", ").join(value(item, zone) for item in given) or "none"
        case FarDate() | FarDateAndTime() | FineTime() | DaysDuration() | MonthsDuration():
            return text_of_temporal(given)
        case _:
            return dated(str(given)) or "none"


def _shortened(given: Decimal, unit_after: str = "") -> str:
    """A computed number without the digits that nobody reads; the whole of it shows when one points at it."""
    rounded = round_to(given, FRACTION_DIGITS_SHOWN)
    text = f"{rounded:,f}"
    text = (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", MINUS) + unit_after
    return text if rounded == given else Markup('<span title="{}">{}</span>').format(f"{given:f}", text)


_BACKTICKED: Final = re.compile(r"`([^`]*)`")
_CURRENCY: Final = re.compile(r"(?<=\b[A-Z]{3}) (?=-?\d)")
_DAY: Final = re.compile(r"(?<![-\w])\d{4}-\d\d-\d\d(?![-\w])")


def dated(text: str) -> str:
    """A text with its days as people write them.

    >>> dated("due on 2026-04-03, not GR-2026-04-03").replace(NO_BREAK_SPACE, " ")
    'due on 3 Apr 2026, not GR-2026-04-03'

    What stands in backticks is left as it is:

    >>> dated('write `date("2026-04-03")`')
    'write `date("2026-04-03")`'
    """
    parts = text.split("`")
    parts[::2] = [
        _DAY.sub(lambda found: iso_day(found[0]) if parse_day(found[0]) else found[0], part) for part in parts[::2]
    ]
    return "`".join(parts)


def prose(text: str) -> Markup:
    """A message as a sentence: what stands in backticks is quoted from somebody's input.

    >>> str(prose("there is no case `<x>`"))
    'There is no case <q>&lt;x&gt;</q>'
    >>> "EUR\u00a01,800.00 over" in prose("EUR 1,800.00 over the ceiling")
    True
    >>> str(prose("due on 2026-04-03")).replace(NO_BREAK_SPACE, " ")
    'Due on 3 Apr 2026'
    """
    kept_together = _CURRENCY.sub(NO_BREAK_SPACE, sentence(dated(text)).replace(" %", f"{NO_BREAK_SPACE}%"))
    return Markup(_BACKTICKED.sub(r"<q>\1</q>", str(escape(kept_together))))  # noqa: S704 - escaped just before


def quoted(text: str) -> Markup:
    """A message about FEEL as a sentence: what stands in backticks is quoted as it is written, days too.

    >>> str(quoted("no rule accepts `day` < date(\\"2026-01-01\\")"))
    'No rule accepts <q>day</q> &lt; date(&#34;2026-01-01&#34;)'
    """
    return Markup(_BACKTICKED.sub(r"<q>\1</q>", str(escape(sentence(text)))))  # noqa: S704 - escaped just before


def lower_first(text: str) -> str:
    """Begin with a small letter, as a part of a longer line."""
    return text[:1].lower() + text[1:]


def stopped(text: str) -> str:
    """End with a full stop, unless the text brings one.

    >>> stopped("Net 14 days"), stopped("Gartenbau Ohm e.K.")
    ('Net 14 days.', 'Gartenbau Ohm e.K.')
    """
    return text if text.endswith((".", "!", "?")) else f"{text}."


def sentence(text: str) -> str:
    """Begin with a capital, leaving the rest as it is."""
    return text[:1].upper() + text[1:]

"""What one cell holds: a text exactly as it is, or a value that a person typed, as the FEEL literal of it.

Texts are written as texts, so that a spreadsheet never makes a date of `1/2`, 10 of `0010`, or a formula of `= x`.
Characters that the file format cannot hold travel in its own escape, `_x000D_`; a text that looks like one is escaped.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final

from comptroller.adapters.spreadsheet.limits import CELL_CHARACTERS_MAX
from comptroller.domain.feel.text import number_text

KEPT: Final = "(too long for a cell: stays as it is in the model)"
"""What stands in the place of a text that no cell can hold."""

_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_AHEAD: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_EPOCH_1900: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a date in a cell has no time zone
_EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001 - as above
_LEAP_DAY_1900: Final = 60
"""The serial number of 29 February 1900, a day that Excel knows and the calendar does not."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell as it was read: as FEEL, as plain text, and what is wrong with it (empty when nothing is)."""

    feel: str = ""
    plain: str = ""
    wrong: str = ""
    is_text: bool = field(default=False, compare=False)  # as the file says it; a number or a day has a type of its own

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in the cell."""
        return not (self.feel or self.wrong)


EMPTY: Final = Entry()


def escaped(text: str) -> str:
    """Escape a text for a cell.

    >>> escaped("a_x0041_"), escaped("one\\rtwo"), escaped("= 1")
    ('a_x005F_x0041_', 'one_x000D_two', '= 1')
    """
    plain = _ESCAPE_AHEAD.sub("_x005F_", text)
    return _UNWRITABLE.sub(lambda found: f"_x{ord(found.group()):04X}_", plain)


def unescaped(text: str) -> str:
    """Read a cell's text back; the inverse of `escaped`.

    >>> unescaped("a_x005F_x0041_")
    'a_x0041_'
    """
    return _ESCAPE.sub(lambda found: chr(int(found.group(1), 16)), text)


def shown(text: str) -> str:
    """What stands in a cell for a text: itself, or a remark when it is too long."""
    return text if len(escaped(text)) <= CELL_CHARACTERS_MAX else KEPT


def says_the_same(old: str, cell: str) -> bool:
    """Whether a cell still holds what was written; programs do not agree about the end of a line."""
    return cell == (written := shown(old)) or _lines(cell) == _lines(written)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def of_text(text: str) -> Entry:
    """Read a text cell."""
    plain = unescaped(text)
    return Entry(plain, plain, is_text=True)


def of_boolean(text: str) -> Entry:
    """Read a cell that holds a truth value.

    >>> of_boolean("1").feel
    'true'
    """
    word = "true" if text.strip() in {"1", "true"} else "false"
    return Entry(word, word)


def of_number(text: str, number_format: str, *, since_1904: bool) -> Entry:
    """Read a number, or the date, time or duration that its format makes of it.

    >>> of_number("45000.25", "yyyy-mm-dd hh:mm", since_1904=False).feel
    'date and time("2023-03-15T06:00:00")'
    >>> of_number("0.1", "General", since_1904=False).feel
    '0.1'
    """
    try:
        number = Decimal(repr(float(text)))  # the shortest number that is the stored one: 1.1, not 1.1000000000000001
        if not number.is_finite():
            return Entry(wrong=f"`{text}` is no number")
        kind = _kind_of_format(number_format)
        if not kind:
            plain = number_text(number)
            return Entry(plain, plain)
        function, plain = _temporal(number, kind, since_1904=since_1904)
    except (ValueError, OverflowError, ArithmeticError):
        return Entry(wrong=f"`{text}` is no number or date")
    return Entry(f'{function}("{plain}")', plain)


def _kind_of_format(number_format: str) -> str:
    """What a number's format shows: empty for a number, else which parts (`d` day, `t` time, `e` elapsed time)."""
    first = re.sub(r'"[^"]*"|\\.|_.|\*.', "", number_format.partition(";")[0])
    if re.search(r"\[(h+|m+|s+)\]", first, re.IGNORECASE):
        return "e"
    letters = re.sub(r"\[[^\]]*\]|general|am/pm|a/p", "", first, flags=re.IGNORECASE).casefold()
    day = any(letter in letters for letter in "dy") or ("m" in letters and not set("hs") & set(letters))
    hour = any(letter in letters for letter in "hs")
    return ("d" if day else "") + ("t" if hour else "")


def _temporal(number: Decimal, kind: str, *, since_1904: bool) -> tuple[str, str]:
    """A serial number as the FEEL function that makes its value, and that function's argument."""
    span = timedelta(milliseconds=round(number * 86_400_000))
    if kind == "e":
        return "duration", _duration(span)
    if not since_1904 and number < _LEAP_DAY_1900 and "d" in kind:
        span += timedelta(days=1)
    moment = (_EPOCH_1904 if since_1904 else _EPOCH_1900) + span
    if kind == "t" and 0 <= number < 1:
        return "time", _clock(moment.time())
    if kind == "d" and moment.time() == time():
        return "date", moment.date().isoformat()
    return "date and time", f"{moment.date().isoformat()}T{_clock(moment.time())}"


def _clock(value: time) -> str:
    return value.isoformat(timespec="milliseconds").removesuffix(".000")


def _duration(span: timedelta) -> str:
    sign, span = ("-", -span) if span < timedelta() else ("", span)
    seconds = Decimal(span.seconds) + Decimal(span.microseconds) / 1_000_000
    return f"{sign}P{span.days}DT{number_text(seconds)}S"

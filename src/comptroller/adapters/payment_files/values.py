"""What a cell says: dates in the forms of the mapping, amounts with the signs and groups that people write."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from comptroller.domain.kernel import limits

_CURRENCY: Final = re.compile(r"[£$€¥]|\b(?:GBP|EUR|USD|CHF|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK)\b")
SERIAL_START: Final = date(1899, 12, 30)
_SERIAL: Final = re.compile(r"[2-6]\d{4}(?:\.\d+)?")
"""Days as spreadsheets count them, from 1954 to 2091: five digits are no date in any other form."""

_GROUPED: Final = {
    ".": re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?"),
    ",": re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d*)?"),
}
"""Marks of groups part three digits each, else the other mark may be meant as the decimal one."""

_AMOUNT: Final = re.compile(r"\d*(?:\.\d*)?(?:[eE][+-]?\d{1,2})?")


class Dates:
    """Reads dates; a text that was read before is known."""

    def __init__(self, forms: Sequence[str]) -> None:
        self._forms = forms
        self._known: dict[str, date | None] = {}

    def read(self, text: str) -> date | None:
        """Read a date: in the mapping's forms, the year first, or a spreadsheet's day; None for what is none."""
        found = self._known.get(text)
        if found is None and text not in self._known:
            if len(self._known) > 100_000:
                self._known.clear()
            found = self._known[text] = self._read(text)
        return found

    def _read(self, text: str) -> date | None:
        for form in self._forms:
            for part in (text, text.partition(" ")[0], text.partition("T")[0]):
                try:
                    return datetime.strptime(part, form).date()  # noqa: DTZ007 - a day has no zone
                except ValueError:
                    continue
        if _SERIAL.fullmatch(text):
            return SERIAL_START + timedelta(days=int(text[:5]))
        try:
            return date.fromisoformat(text[:10].replace("/", "-"))
        except ValueError:
            return None


def amount(text: str, decimal: str) -> Decimal | None:
    """Read an amount; None for what is none.

    >>> [str(amount(text, ".")) for text in ("£1,234.50", "(1,234.50)", "12.00-", "-£5", "USD 7", "12.50 CR")]
    ['1234.50', '-1234.50', '-12.00', '-5', '7', '-12.50']
    >>> str(amount("1.234,50", ",")), amount("n/a", "."), amount("", ".")
    ('1234.50', None, None)
    >>> amount("-1234.50", ","), amount("1,5", ".")
    (None, None)
    """
    kept = text.strip()
    if kept.replace(".", "", 1).isdigit() and decimal == "." and kept.isascii():  # the usual case
        return Decimal(kept) if len(kept) <= limits.DECIMAL_DIGITS_MAX else None
    kept = _CURRENCY.sub("", kept.upper()).replace("\u2212", "-").replace("\u2013", "-")
    kept = "".join(kept.split()).replace("'", "").replace("\u2019", "")
    is_negative = False
    if kept.startswith("(") and kept.endswith(")"):
        is_negative, kept = True, kept[1:-1]
    if kept.endswith("CR"):
        is_negative, kept = not is_negative, kept[:-2]
    kept = kept.removesuffix("DR")
    if kept.startswith("-") or kept.endswith("-"):
        is_negative, kept = not is_negative, kept.strip("-")
    kept = kept.removeprefix("+")
    group = "," if decimal == "." else "."
    if group in kept:
        if _GROUPED[decimal].fullmatch(kept) is None:
            return None
        kept = kept.replace(group, "")
    kept = kept.replace(decimal, ".")
    if not kept or len(kept) > limits.DECIMAL_DIGITS_MAX or _AMOUNT.fullmatch(kept) is None:
        return None
    try:
        value = Decimal(kept)
    except InvalidOperation:
        return None
    return -value if is_negative else value

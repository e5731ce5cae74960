"""Amounts, instants and spans of time as a notice writes them, in the words of its language."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from comptroller.domain.kernel.money import Money

_MONTHS: Final = "January February March April May June July August September October November December".split()
_SPANS: Final = {
    "en": (("day", "days"), ("hour", "hours"), "less than an hour"),
    "de": (("Tag", "Tagen"), ("Stunde", "Stunden"), "weniger als einer Stunde"),
}


def amount_text(amount: Money, language: str) -> str:
    """An amount with its currency.

    >>> from decimal import Decimal
    >>> amount_text(Money(Decimal("1234.50"), "EUR"), "en"), amount_text(Money(Decimal("1234.50"), "EUR"), "de")
    ('EUR 1,234.50', '1.234,50 EUR')
    """
    if language != "de":
        return str(amount)
    currency, written = str(amount).split(" ")
    return f"{written.translate(str.maketrans(',.', '.,'))} {currency}"


def totals_text(sums: Mapping[str, Decimal], language: str) -> str:
    """A sum in each currency."""
    return "; ".join(amount_text(Money(sums[currency], currency), language) for currency in sorted(sums))


def instant_text(at: datetime, zone: ZoneInfo, language: str) -> str:
    """An instant on the tenant's clock, to the minute."""
    local = at.astimezone(zone)
    if language == "de":
        return f"{local:%d.%m.%Y, %H:%M}"
    return f"{local.day} {_MONTHS[local.month - 1]} {local:%Y, %H:%M}"


def span_text(span: timedelta, language: str) -> str:
    """How long something has waited, in its largest unit."""
    days, hours, less = _SPANS.get(language, _SPANS["en"])
    for seconds, (one, many) in ((86_400, days), (3_600, hours)):
        count = int(span.total_seconds() // seconds)
        if count:
            return f"{count} {one if count == 1 else many}"
    return less

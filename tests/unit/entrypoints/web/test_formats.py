"""How values are written on a page."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from comptroller.application.views import Percent
from comptroller.domain.feel import DaysDuration, FarDate
from comptroller.domain.kernel.money import Money
from comptroller.entrypoints.web import formats

NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)


def plain(text: str) -> str:
    return text.replace(formats.NO_BREAK_SPACE, " ").replace(formats.MINUS, "-")


@pytest.mark.parametrize(
    ("write", "value", "expected"),
    [
        pytest.param(formats.number, 1280, "1,280", id="a count"),
        pytest.param(formats.number, Decimal("0.2600"), "0.2600", id="a price keeps its digits"),
        pytest.param(formats.number, Decimal("1E+3"), "1,000", id="no exponent"),
        pytest.param(formats.number, None, formats.DASH, id="a number that is not there"),
        pytest.param(formats.money, Money(Decimal(9400), "EUR"), "EUR 9,400.00", id="the minor unit is filled"),
        pytest.param(formats.money, Money(Decimal(9400), "JPY"), "JPY 9,400", id="a currency without minor unit"),
        pytest.param(formats.money, Money(Decimal("1.005"), "EUR"), "EUR 1.005", id="finer digits stay"),
        pytest.param(formats.money, Money(Decimal("-3.5"), "GBP"), "GBP -3.50", id="a credit"),
        pytest.param(formats.percent, Decimal(19), "19 %", id="a whole rate"),
        pytest.param(formats.percent, Decimal(100), "100 %", id="zeros before the point stay"),
        pytest.param(formats.percent, Decimal("1.3072"), "1.31 %", id="a rounded rate"),
        pytest.param(formats.day, date(2026, 11, 23), "23 Nov 2026", id="a day"),
        pytest.param(formats.stopped, "Net 14 days", "Net 14 days.", id="a sentence ends"),
        pytest.param(formats.stopped, "Gartenbau Ohm e.K.", "Gartenbau Ohm e.K.", id="and ends once"),
        pytest.param(formats.unit, "KGM", "kg", id="a known unit"),
        pytest.param(formats.unit, "XPK", "XPK", id="an unknown unit as sent"),
        pytest.param(formats.account, "DE32200990010004401001", "DE32 … 1001", id="a masked account"),
        pytest.param(formats.account, "00441001", "… 1001", id="a short account"),
        pytest.param(formats.size, 4812, "4.7 KiB", id="a size"),
        pytest.param(formats.initials, "Chloé Martin", "CM", id="initials"),
        pytest.param(formats.initials, "", "?", id="no name"),
        pytest.param(formats.sentence, "gross is wrong", "Gross is wrong", id="a sentence"),
    ],
)
def test_values_are_written_in_words_of_finance(write: Callable[[object], str], value: object, expected: str) -> None:
    assert plain(write(value)) == expected


@pytest.mark.parametrize(
    ("away", "since", "ahead"),
    [
        pytest.param(timedelta(0), "just now", "due now", id="this minute"),
        pytest.param(timedelta(minutes=59), "59 min ago", "in 59 min", id="minutes"),
        pytest.param(timedelta(hours=15, minutes=20), "15 h 20 min ago", "in 15 h 20 min", id="hours"),
        pytest.param(timedelta(days=3, hours=4, minutes=5), "3 d 4 h ago", "in 3 d 4 h", id="days"),
    ],
)
def test_ages_and_dues_take_their_two_largest_units(away: timedelta, since: str, ahead: str) -> None:
    assert plain(formats.age(NOW - away, NOW)) == since
    assert plain(formats.until(NOW + away, NOW)) == ahead


def test_a_passed_due_time_says_so() -> None:
    assert plain(formats.until(NOW - timedelta(hours=2), NOW)) == "overdue 2 h"


@pytest.mark.parametrize(
    ("given", "written", "title"),
    [
        pytest.param(Percent(Decimal("6.2091503")), "6.2092 %", "6.2091503", id="a percentage"),
        pytest.param(Decimal("0.33333"), "0.3333", "0.33333", id="a quotient"),
        pytest.param(Percent(Decimal("19.00")), "19 %", "", id="a whole rate"),
        pytest.param(Decimal("1000.000000"), "1,000", "", id="a quantity"),
        pytest.param(Money(Decimal(12400), "EUR"), "EUR 12,400.00", "", id="an amount"),
        pytest.param(date(2026, 3, 27), "27 Mar 2026", "", id="a day"),
        pytest.param(NOW, "27 Mar 2026, 09:00 CET", "", id="an instant"),
        pytest.param(False, "no", "", id="no"),
        pytest.param(None, "not known", "", id="nothing"),
        pytest.param(("a", Decimal(2)), "a, 2", "", id="a list"),
        pytest.param((), "none", "", id="an empty list"),
        pytest.param(DaysDuration(Decimal(129_600)), "P1DT12H", "", id="a duration"),
        pytest.param(FarDate(12026, 3, 27), "12026-03-27", "", id="a day far ahead"),
    ],
)
def test_value_that_was_given_is_written_by_its_kind(given: object, written: str, title: str) -> None:
    text = formats.value(given, "Europe/Berlin")
    assert plain(re.sub("<[^>]*>", "", text)) == written
    assert re.findall('title="([^"]*)"', text) == ([title] if title else [])


@pytest.mark.parametrize(
    ("zone", "written"),
    [("America/Sao_Paulo", "27 Mar 2026, 05:00 UTC-03"), ("UTC", "27 Mar 2026, 08:00 UTC")],
)
def test_zone_without_a_short_name_is_told_by_its_distance(zone: str, written: str) -> None:
    assert plain(formats.instant(NOW, zone)) == written


def test_an_instant_is_written_in_the_readers_zone() -> None:
    assert plain(formats.instant(NOW, "Europe/Berlin")) == "27 Mar 2026, 09:00 CET"

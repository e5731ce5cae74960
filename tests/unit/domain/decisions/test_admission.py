"""Python data becomes values of FEEL, or is refused with its place."""

from collections import OrderedDict, UserDict, deque
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

import pytest

from comptroller.domain.decisions.admission import Inadmissible, admitted
from comptroller.domain.feel import DaysDuration, FarDate, MonthsDuration, Value


class Colour(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


class Moment(datetime):
    """As libraries for data have it: a `datetime` with more to it."""


class Day(date):
    """The same for days."""


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        pytest.param(7, Decimal(7), id="a whole number"),
        pytest.param(True, True, id="a truth is no number"),
        pytest.param(Colour.RED, "red", id="a member of an enumeration of texts"),
        pytest.param(Level.HIGH, Decimal(3), id="a member of one of numbers"),
        pytest.param((1, "a"), [Decimal(1), "a"], id="a tuple"),
        pytest.param(range(2), [Decimal(0), Decimal(1)], id="a range of Python"),
        pytest.param({"a": (1,)}, {"a": [Decimal(1)]}, id="a tuple in a context"),
        pytest.param(MappingProxyType({"a": 1}), {"a": Decimal(1)}, id="a mapping"),
        pytest.param(OrderedDict(a="b"), {"a": "b"}, id="a dictionary of another class"),
        pytest.param({1: "a"}, {"1": "a"}, id="a name that is no text"),
        pytest.param(timedelta(days=1, microseconds=1), DaysDuration(Decimal("86400.000001")), id="a timedelta"),
        pytest.param(timedelta(days=-100_000_000), DaysDuration(Decimal(-8_640_000_000_000)), id="a large one"),
        pytest.param(Moment(2026, 3, 27, 8, tzinfo=UTC), datetime(2026, 3, 27, 8, tzinfo=UTC), id="a moment"),
        pytest.param(Day(2026, 3, 27), date(2026, 3, 27), id="a day"),
    ],
)
def test_plain_python_is_taken(given: object, taken: Value) -> None:
    found = admitted(given, "x")
    assert (found, found.__class__) == (taken, taken.__class__)


@pytest.mark.parametrize(
    "value",
    [
        *(None, False, "a", Decimal("1.50"), date(2026, 3, 27), time(8), datetime(2026, 3, 27, tzinfo=UTC)),
        *(FarDate(12026, 1, 1), MonthsDuration(1), DaysDuration(Decimal(1))),
        *([], {}, [Decimal(1), {"a": ["b", None]}], {"a": [Decimal(1)], "b": {"c": "d"}}),
    ],
    ids=repr,
)
def test_value_stays_the_same_object(value: Value) -> None:
    assert admitted(value, "x") is value


@pytest.mark.parametrize(
    ("given", "place", "kind"),
    [
        pytest.param(1.5, "x", "float", id="a float"),
        pytest.param({"lines": [{"net": 1}, {"net": 1.5}]}, "x.lines[2].net", "float", id="a float deep inside"),
        pytest.param({"a": {1, 2}}, "x.a", "`set`", id="a set"),
        pytest.param(b"a", "x", "`bytes`", id="bytes"),
        pytest.param([1, object()], "x[2]", "`object`", id="any object"),
    ],
)
def test_what_is_no_value_is_refused_with_its_place(given: object, place: str, kind: str) -> None:
    with pytest.raises(Inadmissible) as refused:
        admitted(given, "x")
    assert refused.value.place == place
    assert kind in refused.value.message
    assert refused.value.help


def test_what_holds_itself_is_refused() -> None:
    inside: list[Any] = []
    inside.append(inside)
    with pytest.raises(Inadmissible, match="nests too deeply, or holds itself"):
        admitted({"a": inside}, "x")


def test_other_sequences_and_mappings_are_taken_too() -> None:
    assert admitted(deque([1]), "x") == [Decimal(1)]
    assert admitted(UserDict(a=1), "x") == {"a": Decimal(1)}

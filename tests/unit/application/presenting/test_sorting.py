"""Lists in the order of their address: `comptroller.application.presenting.sorting`."""

from decimal import Decimal

import pytest

from comptroller.application.presenting.sorting import Keys, by_money, ordered
from comptroller.domain.kernel.money import Money

SMALL, LARGE = Money(Decimal("9.00"), "EUR"), Money(Decimal("10.00"), "EUR")
ABROAD = Money(Decimal("1.00"), "GBP")
CREDIT = Money(Decimal("-4.00"), "EUR")
AS_THEY_CAME = (("a", None), ("b", ABROAD), ("c", LARGE), ("d", CREDIT), ("e", None), ("f", SMALL))
KEYS: Keys[tuple[str, Money | None]] = {"gross": lambda item: by_money(item[1])}


@pytest.mark.parametrize(
    ("sort", "order"),
    [("gross", "dfcbae"), ("-gross", "bcfdae"), ("", "abcdef"), ("colour", "abcdef"), ("-colour", "abcdef")],
    ids=["by size in its currency", "the other way round", "as they came", "no such column", "nor the other way round"],
)
def test_what_has_no_amount_comes_last(sort: str, order: str) -> None:
    assert "".join(name for name, _ in ordered(AS_THEY_CAME, KEYS, sort)) == order


def test_equals_stay_as_they_came() -> None:
    items = (("x", SMALL), ("y", SMALL))
    assert ordered(items, KEYS, "gross") == items

"""A strip along a column: pieces between its limits, marked where a region of a change lies in them."""

from decimal import Decimal

import pytest
from tests.unit.domain.packs.one_table import pack_of
from tests.unit.domain.packs.test_moved_limits import table_in

from comptroller.application.presenting.policies.strips import strips
from comptroller.application.views.policies import RegionView, Strip

BEFORE = table_in(pack_of({"low": "<= 100", "high": "> 100"}))
AFTER = table_in(pack_of({"low": "<= 80", "high": "> 80"}))


def region(*cells: str) -> RegionView:
    return RegionView("d", (("amount", cells),) if cells else (), "a becomes b")


@pytest.mark.parametrize(
    ("regions", "marked"),
    [
        pytest.param([region("(80..100]")], (False, True, False), id="between the old limit and the new"),
        pytest.param([region("(80..100]"), region("> 100")], (False, True, True), id="two regions"),
        pytest.param([region("<= 80", "> 100")], (True, False, True), id="a region of two parts"),
    ],
)
def test_pieces_are_marked(regions: list[RegionView], marked: tuple[bool, ...]) -> None:
    assert list(strips(BEFORE, AFTER, regions)) == [Strip("amount", (Decimal(80), Decimal(100)), marked)]


def test_a_column_that_is_answered_otherwise_all_along_has_no_strip() -> None:
    assert list(strips(BEFORE, AFTER, [region()])) == []

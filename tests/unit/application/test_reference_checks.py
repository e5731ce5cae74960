"""What a record's fields may hold."""

from decimal import Decimal
from typing import Any

import pytest

from comptroller.application.reference_kinds.checks import whole_between


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        pytest.param(7, True, id="as a program has it"),
        pytest.param(Decimal(7), True, id="as the interface reads it"),
        pytest.param("7", True, id="as a text"),
        pytest.param(1, True, id="the least"),
        pytest.param(8, False, id="more than the most"),
        pytest.param(0, False, id="less than the least"),
        pytest.param(Decimal("1.5"), False, id="a part"),
        pytest.param(True, False, id="a truth"),
        pytest.param("many", False, id="a word"),
        pytest.param(None, False, id="nothing"),
    ],
)
def test_whole_number_within_bounds(value: Any, fits: bool) -> None:
    assert whole_between(1, 7)(value) is fits

"""What the answers to a step make of it, and what policy may say of how many sign."""

from decimal import Decimal
from typing import Any

import pytest

from comptroller.domain.controls.quorum import Carried, Quorum

ONE, TWO, OUTVOTED = Quorum(), Quorum(2), Quorum(2, one_no_ends_it=False)


@pytest.mark.parametrize(
    ("quorum", "signed", "against", "left", "carried"),
    [
        pytest.param(ONE, 1, 0, 0, Carried.YES, id="one of one"),
        pytest.param(ONE, 0, 1, 0, Carried.NO, id="a no of one"),
        pytest.param(TWO, 0, 0, 3, Carried.OPEN, id="nobody yet"),
        pytest.param(TWO, 1, 0, 2, Carried.OPEN, id="one of two"),
        pytest.param(TWO, 2, 0, 1, Carried.YES, id="two of three"),
        pytest.param(TWO, 1, 1, 1, Carried.NO, id="a no ends it"),
        pytest.param(TWO, 1, 0, 0, Carried.NO, id="nobody is left who could sign"),
        pytest.param(OUTVOTED, 0, 1, 2, Carried.OPEN, id="two are left to outvote it"),
        pytest.param(OUTVOTED, 1, 1, 1, Carried.OPEN, id="one and one, one is left"),
        pytest.param(OUTVOTED, 2, 1, 0, Carried.YES, id="outvoted"),
        pytest.param(OUTVOTED, 0, 2, 1, Carried.NO, id="one is left, two are needed"),
    ],
)
def test_answers_carry_a_step_or_end_it(quorum: Quorum, signed: int, against: int, left: int, carried: Carried) -> None:
    assert quorum.carried(signed=signed, against=against, left=left) is carried


@pytest.mark.parametrize(
    ("step", "quorum"),
    [
        pytest.param({}, ONE, id="nothing said"),
        pytest.param({"signatures": Decimal(2), "one no ends it": True}, TWO, id="of a decision"),
        pytest.param({"signatures": "2", "one no ends it": False}, OUTVOTED, id="of a task"),
        pytest.param({"signatures": Decimal(0)}, ONE, id="none: one signs"),
        pytest.param({"signatures": Decimal(-3)}, ONE, id="less than none: one signs"),
        pytest.param({"signatures": Decimal("1.2")}, TWO, id="a part of a person is one"),
        pytest.param({"signatures": "many", "one no ends it": None}, ONE, id="no number"),
    ],
)
def test_what_policy_says_is_never_less_than_one_person(step: dict[str, Any], quorum: Quorum) -> None:
    assert Quorum.of(step) == quorum

"""What of each lane one round of a worker takes."""

import pytest

from comptroller.application.lanes import CASES, JOBS, PEOPLE, delivery_lane, wanted_lanes


@pytest.mark.parametrize(
    ("systems", "batch", "of_each"),
    [
        pytest.param(1, 20, 20, id="one system takes the round"),
        pytest.param(2, 20, 10, id="two share it"),
        pytest.param(9, 20, 6, id="of many each still has some"),
        pytest.param(9, 1, 1, id="a round of one row"),
    ],
)
def test_deliveries_fill_a_round_where_few_systems_take_them(systems: int, batch: int, of_each: int) -> None:
    names = [f"system-{number}" for number in range(systems)]
    wanted = {each.lane: each.most for each in wanted_lanes(names, {}, batch=batch)}
    assert {wanted[delivery_lane(name)] for name in names} == {of_each}


def test_who_signed_comes_first_and_what_may_wait_comes_last() -> None:
    lanes = [each.lane for each in wanted_lanes(["ledger"], {}, batch=20)]
    assert lanes[:3] == [PEOPLE, CASES, delivery_lane("ledger")]
    assert lanes.index(JOBS) > 2

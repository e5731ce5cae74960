"""Inequalities between sums: values with which all hold, or a proof that there are none."""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.decisions.proving.linear import Inequality, Linear, solve, with_sign

NAMES = ("x", "y", "z")
FACTORS = st.integers(-3, 3).map(Fraction)


def total(constant: int, **factors: int) -> Linear:
    found = Linear.of(constant)
    for name, factor in factors.items():
        found = found.plus(Linear.unknown(name), Fraction(factor))
    return found


def holds(each: Inequality, values: Mapping[Hashable, Fraction]) -> bool:
    value = each.sum.at({**dict.fromkeys(NAMES, Fraction(0)), **values})
    return value < 0 or (value == 0 and not each.is_strict)


@pytest.mark.parametrize(
    ("inequalities", "can_hold"),
    [
        pytest.param(
            [Inequality(total(0, x=1, y=-1)), Inequality(total(0, x=-1, y=1))], True, id="equal to each other"
        ),
        pytest.param(
            [Inequality(total(0, x=1, y=-1), is_strict=True), Inequality(total(0, x=-1, y=1))],
            False,
            id="less, and not less",
        ),
        pytest.param(
            [*with_sign(total(-10, x=1), 1), *with_sign(total(-11, x=1), -1)], True, id="between two whole numbers"
        ),
        pytest.param(
            [*with_sign(total(0, x=1, y=1), 0), *with_sign(total(1, x=1, y=1), 0)], False, id="two sums at once"
        ),
        pytest.param(
            [
                *with_sign(total(0, x=1, y=-1), -1),
                *with_sign(total(0, y=1, z=-1), -1),
                *with_sign(total(0, z=1, x=-1), -1),
            ],
            False,
            id="a circle of less",
        ),
    ],
)
def test_inequalities_hold_together_or_not(inequalities: list[Inequality], *, can_hold: bool) -> None:
    assert (solve(inequalities) is not None) is can_hold


SUMS = st.builds(
    lambda constant, factors: total(
        int(constant), **{name: int(each) for name, each in zip(NAMES, factors, strict=True)}
    ),
    st.integers(-4, 4),
    st.tuples(FACTORS, FACTORS, FACTORS),
)


@given(st.lists(st.builds(Inequality, SUMS, st.booleans()), min_size=1, max_size=6))
def test_values_are_found_just_where_there_are_some(inequalities: list[Inequality]) -> None:
    found = solve(inequalities)
    if found is not None:
        values = dict(found)
        assert all(holds(each, values) for each in inequalities)
        return
    grid = [Fraction(each, 2) for each in range(-8, 9)]
    for point in product(grid, repeat=3):
        assert not all(holds(each, dict(zip(NAMES, point, strict=True))) for each in inequalities)

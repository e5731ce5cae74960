"""Numbers on a cut line: the part found is the one that counting the cuts finds, at every scale and size."""

from bisect import bisect_left
from decimal import Decimal
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.adapters.columnar.numbers import LEAST, MOST, Finder, line_of


def part_of(cuts: list[Decimal], number: Decimal) -> int:
    """By the definition: part `2 * i + 1` is cut `i`, part `2 * i` what lies just before it."""
    place = bisect_left(cuts, number)
    return 2 * place + (place < len(cuts) and cuts[place] == number)


def assert_found(cuts: list[Decimal], scale: int, numbers: list[int]) -> None:
    finder = Finder(line_of(cuts, range(2 * len(cuts) + 1), scale))
    for width in (np.int8, np.int32, np.int64):
        fitting = [number for number in numbers if np.iinfo(width).min <= number <= np.iinfo(width).max]
        found = finder.find(np.array(fitting, width)).tolist()
        assert found == [part_of(cuts, Decimal(number).scaleb(-scale)) for number in fitting]


CUTS = st.lists(st.decimals(min_value=-(10**6), max_value=10**6, places=4), unique=True, max_size=40).map(sorted)


@given(CUTS, st.integers(0, 6), st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=20))
def test_any_number_is_placed_exactly(cuts: list[Decimal], scale: int, numbers: list[int]) -> None:
    near = [int(cut.scaleb(scale)) + step for cut in cuts for step in (-1, 0, 1)]
    assert_found(cuts, scale, numbers + near)


@given(
    st.lists(st.integers(-60, 60).map(Decimal), unique=True, max_size=12).map(sorted),
    st.sampled_from([0, 2**31 - 30, -(2**31) + 30, 10**15, LEAST + 100, MOST - 100]),
)
def test_cuts_that_lie_close_together(cuts: list[Decimal], away: int) -> None:
    numbers = [away + near for near in range(-70, 71)] + [LEAST, MOST, -(2**31), 2**31 - 1, 0]
    assert_found([cut + away for cut in cuts], 0, numbers)


@pytest.mark.parametrize(
    "cuts",
    [
        pytest.param([], id="none"),
        pytest.param([Decimal(MOST)], id="the greatest number"),
        pytest.param([Decimal(LEAST), Decimal(MOST)], id="both ends"),
        pytest.param([Decimal(LEAST) + 1, Decimal(MOST) - 1], id="almost both ends"),
        pytest.param([Decimal(10) ** power for power in range(19)], id="all orders of magnitude"),
        pytest.param([Decimal(number) for number in range(-3000, 3000)], id="every number, negative ones, too"),
        pytest.param([Decimal(10**15 + number * number) for number in range(2000)], id="crowded far from zero"),
        pytest.param([Decimal(number) for number in (*range(500), 10**18)], id="crowded, and one far away"),
    ],
)
def test_lines_with_ends_and_crowds(cuts: list[Decimal]) -> None:
    numbers = {max(LEAST, min(MOST, int(cut) + step)) for cut in cuts for step in (-2, -1, 0, 1, 2)}
    numbers |= {LEAST, MOST, 0} | {(int(low) + int(high)) // 2 for low, high in pairwise(cuts)}
    assert_found(cuts, 0, sorted(numbers))


@pytest.mark.parametrize(
    ("cut", "below", "above"),
    [
        pytest.param("0", True, True, id="within 64 bits"),
        pytest.param("92233720368547758.06", True, True, id="the last but one of 64 bits at scale 2"),
        pytest.param("92233720368547758.07", True, False, id="the last, beyond which another part begins"),
        pytest.param("92233720368547758.08", True, False, id="the first beyond them"),
        pytest.param("-92233720368547758.08", False, True, id="the least number of 64 bits"),
        pytest.param("-1E30", False, True, id="far below"),
    ],
)
def test_what_lies_beyond_64_bits_is_known_unless_a_cut_lies_there(cut: str, *, below: bool, above: bool) -> None:
    line = line_of([Decimal(cut)], [0, 1, 2], 2)
    assert (line.below, line.above) == (below, above)


def test_parts_between_which_nothing_changes_are_one() -> None:
    line = line_of([Decimal(1), Decimal(2), Decimal("2.5"), Decimal(3)], [0, 0, 0, 7, 7, 8, 7, 7, 0], 0)
    assert (line.cuts.tolist(), line.codes.tolist()) == ([2, 4], [0, 7, 0])

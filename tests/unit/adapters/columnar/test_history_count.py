"""Counts of the parts of a history come together to the count of the whole, however it is parted."""

from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from comptroller.adapters.columnar.history_count import SHOWN_EACH, Count, Counted
from comptroller.domain.packs.backtest import Course, Pair

POST, HOLD = Course("post"), Course("hold", ("owner",), 1, Decimal(16))
PAIRS = [Pair(POST, POST, differs=False), Pair(POST, HOLD, differs=True), Pair(HOLD, POST, differs=True)]
CASE = st.tuples(st.sampled_from(PAIRS), st.sampled_from(["Works", "Head office", ""]), st.integers(-(2**59), 2**59))
PARTS = st.lists(st.lists(CASE, min_size=1, max_size=5), min_size=1, max_size=6)

Cases = list[tuple[Pair, str, int]]


def counted(cases: Cases, first: int) -> Count:
    """The count of one part, which numbers pairs and units as it meets them; its cases are called by their place."""
    pairs, units = list(dict.fromkeys(case[0] for case in cases)), list(dict.fromkeys(case[1] for case in cases))
    pair = np.array([pairs.index(case[0]) for case in cases], np.int32)
    unit = np.array([units.index(case[1]) for case in cases], np.int32)
    amounts = np.array([case[2] for case in cases], np.int64)
    by = {"unit": Counted.of(units, unit, len(pairs), pair, amounts)}
    shown = {
        each: [str(first + place) for place, case in enumerate(cases) if case[0] == each][:SHOWN_EACH]
        for each in pairs
        if each.differs
    }
    return Count(len(cases), 2, 1, pairs, by, shown)


def merged(counts: list[Count]) -> Count:
    total = Count()
    for count in counts:
        total.merge(count)
    return total


def parts_of(parts: list[Cases]) -> list[Count]:
    firsts = [sum(map(len, parts[:place])) for place in range(len(parts))]
    return [counted(part, first) for part, first in zip(parts, firsts, strict=True)]


def sums(count: Count) -> dict[str, Any]:
    return {unit: {pair: (cases, amount) for pair, cases, amount in of} for unit, of in count.counted("unit").items()}


def by_hand(cases: Cases) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for pair, unit, amount in cases:
        number, before = found.setdefault(unit, {}).get(pair, (0, 0))
        found[unit][pair] = number + 1, before + amount
    return found


@given(parts=PARTS, random=st.randoms())
def test_parts_in_any_order_sum_up_as_case_by_case(parts: list[Cases], random: Any) -> None:
    counts = parts_of(parts)
    random.shuffle(counts)
    total = merged(counts)
    cases = [case for part in parts for case in part]
    assert (total.rows, total.scale, total.runs) == (len(cases), 2, len(parts))
    assert sums(total) == by_hand(cases)
    for pair, shown in total.shown.items():
        alike = {str(place) for place, case in enumerate(cases) if case[0] == pair}
        assert set(shown) <= alike
        assert len(shown) == min(SHOWN_EACH, len(alike))


@given(parts=PARTS, place=st.integers(0, 6))
def test_parts_may_be_merged_in_groups_and_show_the_first_cases(parts: list[Cases], place: int) -> None:
    whole = counted([case for part in parts for case in part], 0)
    left, right = merged(parts_of(parts)[:place]), merged(parts_of(parts)[place:])
    left.merge(right)
    assert sums(left) == sums(whole)
    assert left.shown == whole.shown


def test_what_nobody_counted_is_nothing() -> None:
    assert Count().counted("unit") == {}

"""A tally of cases: laid down and gone on with at any place, it sums up as if every case were counted by itself."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.packs.backtest import Course, Pair, sums_of
from comptroller.domain.packs.tally import GROUPS, Tally

COURSES = st.sampled_from(
    [
        Course("post"),
        Course("hold", breach="order-less where forbidden"),
        Course("approve", ("owner",), 1, Decimal(16)),
        Course("approve", ("owner", "cfo"), 2, Decimal("24.5")),
    ]
)
PAIRS = st.builds(lambda before, after: Pair(before, after, before != after), COURSES, COURSES)
NAMES = st.fixed_dictionaries({group: st.sampled_from("ab") for group in GROUPS})
CASES = st.lists(st.tuples(PAIRS, NAMES, st.integers(-(10**9), 10**12)), max_size=12)


@given(cases=CASES, place=st.integers(0, 12), minutes=st.integers(0, 60))
def test_tally_laid_down_anywhere_sums_up_as_case_by_case(
    cases: list[tuple[Pair, dict[str, str], int]], place: int, minutes: int
) -> None:
    tally = Tally()
    for number, (pair, names, amount) in enumerate(cases):
        if number == place:
            kept = decode(encode(tally.facts()))
            assert isinstance(kept, dict)
            tally = Tally.read(kept)
        tally.add(pair, names, amount)
    assert sum(count for _, count, _ in tally.moves()) == sum(pair.differs for pair, _, _ in cases)
    assert tally.whole(minutes) == sums_of([(pair, 1, amount) for pair, _, amount in cases], minutes)
    for group in GROUPS:
        by_hand = {
            name: sums_of([(pair, 1, amount) for pair, names, amount in cases if names[group] == name], minutes)
            for name in sorted({names[group] for _, names, _ in cases})
        }
        assert dict(tally.sums(group, minutes)) == by_hand


@given(cases=CASES, again=CASES)
def test_case_that_is_taken_out_was_never_counted(
    cases: list[tuple[Pair, dict[str, str], int]], again: list[tuple[Pair, dict[str, str], int]]
) -> None:
    once, both = Tally(), Tally()
    for pair, names, amount in cases:
        once.add(pair, names, amount)
        both.add(pair, names, amount)
    for pair, names, amount in again:
        both.add(pair, names, amount)
    for pair, names, amount in again:
        both.take_out(pair, names, amount)
    for group in ("", *GROUPS):
        assert dict(both.sums(group)) == dict(once.sums(group))


def test_what_was_not_counted_so_is_not_taken_out() -> None:
    counted, other = Pair(Course("post"), Course("post"), differs=False), Pair(Course("post"), Course(""), differs=True)
    tally = Tally()
    tally.add(counted, {"unit": "DE"}, 100)
    tally.take_out(other, {"unit": "DE"}, 100)
    assert (tally.whole().cases, tally.whole().amount, tally.whole().changed) == (1, 100, 0)

"""Figures that are added up of pieces are those of the whole."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from comptroller.application.figures.adding import Sum
from comptroller.application.figures.model import By, Definition, Kind, Sample, result_of
from comptroller.application.figures.show import rounded

DAY = datetime(2026, 3, 27, 12, tzinfo=UTC)
ADDED = st.sampled_from([kind for kind in Kind if kind is not Kind.SHARE])
NUMBERS = st.decimals(0, 500, places=6)


@given(ADDED, st.lists(st.tuples(NUMBERS, NUMBERS, st.integers(0, 2)), max_size=30))
def test_pieces_come_to_what_the_whole_comes_to(kind: Kind, told: list[tuple[Decimal, Decimal, int]]) -> None:
    """Held against the computation in one; each piece is kept as text and read again."""
    samples = [Sample("c", DAY, numerator, denominator, amount=numerator) for numerator, denominator, _ in told]
    added = Sum()
    for piece in range(3):
        own = [sample for sample, (_, _, number) in zip(samples, told, strict=True) if number == piece]
        added.add(Sum.read(Sum.of(kind, own).facts))
    whole = result_of(Definition("f", "F", kind, "n", "d", "none", lambda _: ()), samples, By.NONE).total
    found = added.told(kind)
    assert (found["samples"], found["value"]) == (whole.samples, rounded(whole.value))
    if "ninetieth_percentile" in found:
        assert found["ninetieth_percentile"] == rounded(whole.ninetieth)

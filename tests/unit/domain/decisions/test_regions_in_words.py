"""Cells of a region in words: each form that an analysis writes, and what stays as it is written."""

import pytest

from comptroller.domain.decisions.regions_in_words import cell_in_words, region_in_words


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("[1000..1000.01)", "from 1000, below 1000.01"),
        ("(-5..-1]", "above -5, up to -1"),
        ('[date("2026-01-01")..date("2026-02-01"))', "from 2026-01-01, before 2026-02-01"),
        ('<= date and time("2026-01-01T00:00:00Z")', "until 2026-01-01T00:00:00Z"),
        ('> duration("P1D")', 'above duration("P1D")'),
        ("<= 3, > 5", "up to 3 or above 5"),
        ('"a", "b, c", null', '"a" or "b, c" or not known'),
        (r'not("a\"b")', r'not "a\"b"'),
        ('not("a", "b")', 'neither "a" nor "b"'),
        ('not("a", null)', 'known, and not "a"'),
        ("not(null)", "known"),
        ("not(null) and < split.amount", "below split.amount"),
        ("[1..2] and = 2 * limit", "from 1, up to 2 and 2 * limit"),
    ],
)
def test_a_cell_that_compares_is_told_in_words(cell: str, words: str) -> None:
    assert cell_in_words(cell) == words
    assert region_in_words({"amount": cell}) == f"`amount` is {words}"


@pytest.mark.parametrize("cell", ["not (< limit * 2)", 'starts with(?, "A")', "? != null", '"a", limit', "1,"])
def test_what_does_more_stays_as_it_is_written(cell: str) -> None:
    assert region_in_words({"amount": cell, "kind": "-5"}) == f"`amount` {cell} and `kind` is -5"

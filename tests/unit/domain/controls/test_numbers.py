"""Invoice numbers: what counts as the same number, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.controls.numbers import normalised, relation, stem

NUMBERS = st.text(alphabet="ABab019-_/ .äß", max_size=12)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("NK-2026-0311", "NK-2026-0311", "equal", id="the same text"),
        pytest.param("NK-2026-0311", "NK 2026 0311", "normalised", id="other separators"),
        pytest.param("NK-2026-0311", "nk20260311", "normalised", id="lower case, no separators"),
        pytest.param("RE-00123", "RE-123", "normalised", id="zeros before the first figure"),
        pytest.param("000123", "123", "normalised", id="leading zeros"),
        pytest.param("NK-2026-0311", "NK-2026-311", "one edit", id="zeros inside mean something"),
        pytest.param("NK-2026-0311", "NK-2026-0311A", "suffix", id="a letter behind"),
        pytest.param("NK-2026-0311b", "NK-2026-0311A", "suffix", id="another letter behind"),
        pytest.param("NK-2026-0311", "NK-2026-0311ABC", "prefix", id="a word behind"),
        pytest.param("KE-774411", "KE-774412", "successive", id="the next number"),
        pytest.param("KE-774411", "KE-774421", "one edit", id="a figure mistyped"),
        pytest.param("KE-774411", "KE-77411", "one edit", id="a figure lost"),
        pytest.param("KE-774411", "KE-7744411", "one edit", id="a figure added"),
        pytest.param("KE-774512", "KE-775412", "transposed", id="two figures swapped"),
        pytest.param("KE-774511", "KE-744711", "different", id="two figures that are no neighbours"),
        pytest.param("774411", "KE-774411", "prefix", id="a part left out"),
        pytest.param("11", "KE-774411", "different", id="too short a part"),
        pytest.param("\uff2e\uff2b-\uff11", "NK-1", "normalised", id="full-width characters"),
        pytest.param("", "NK-1", None, id="no number"),
        pytest.param("---", "NK-1", None, id="nothing but separators"),
    ],
)
def test_relation(one: str, other: str, expected: str | None) -> None:
    assert relation(one, other) == expected
    assert relation(other, one) == expected


def test_a_number_of_zeros_keeps_one() -> None:
    assert normalised("0000") == "0"


@given(NUMBERS)
def test_normalising_twice_changes_nothing(number: str) -> None:
    assert normalised(normalised(number)) == normalised(number)


@given(NUMBERS, NUMBERS)
def test_every_relation_but_different_is_found_by_one_look_up(one: str, other: str) -> None:
    if relation(one, other) in {"equal", "normalised", "suffix"}:
        assert stem(one) == stem(other)

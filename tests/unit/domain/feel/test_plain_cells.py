"""Plain cells are read at once, into the very tree that the parser gives."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.feel import BUILTINS, tree
from comptroller.domain.feel.names import layer
from comptroller.domain.feel.parser import Vocabulary, read
from comptroller.domain.feel.plain_cells import read_plain

NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4).map(str),
    st.sampled_from(["0", "-0", "007", "1.10", "9" * 40, "0." + "3" * 40]),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6).map(lambda text: f'"{text}"')
SPACES = st.sampled_from(["", " ", "  "])
COMPARISONS = st.tuples(st.sampled_from(["<", "<=", ">", ">=", "=", "!=", ""]), SPACES, NUMBERS | TEXTS).map("".join)
INTERVALS = st.tuples(
    st.sampled_from("[(]"), SPACES, NUMBERS, SPACES, st.just(".."), SPACES, NUMBERS, SPACES, st.sampled_from("])[")
).map("".join)
TESTS = st.tuples(SPACES, COMPARISONS | INTERVALS, SPACES).map("".join)
CELLS = st.lists(TESTS, min_size=1, max_size=4).map(",".join)
OTHERS = st.text('<>=![](),.-"\\ 0123456789eE/*not', max_size=12)


def parsed(text: str) -> tree.Node | None:
    return read(text, Vocabulary(), layer(BUILTINS), unary=True)[0]


@given(CELLS | OTHERS)
def test_what_is_read_at_once_is_what_the_parser_reads(text: str) -> None:
    plain = read_plain(text)
    assert plain is None or plain == parsed(text)


@pytest.mark.parametrize("text", ["< 100", "-5", '"DE","FR"', "[0..10)", ">= -1.50", '= "x"', "1, 2, (3..4]"])
def test_the_commonest_cells_are_plain(text: str) -> None:
    assert read_plain(text) is not None


@pytest.mark.parametrize(
    "text", ["", "-", "1e3", '"a\\nb"', "[1..x]", "1 2", "< 1 and > 0", "not(1)", "1,", "1 // one", "[1...2]"]
)
def test_everything_else_is_left_to_the_parser(text: str) -> None:
    assert read_plain(text) is None


def test_a_number_keeps_its_digits() -> None:
    assert read_plain("1.10") == tree.Tests(0, (tree.Literal(0, Decimal("1.10")),))

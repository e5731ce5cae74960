"""The last column in pieces: the outcome of each group and class is that of asking every rule."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.adapters.columnar.bounds import Bounds
from comptroller.adapters.columnar.pieces import RULES_AT_FIRST, Pieces
from comptroller.adapters.columnar.rule_sets import Codes

NONE, CROWDED = -1, -2
DENSE, BISECTED = Bounds(), Bounds(dense_places=0)


class Judge:
    """Gives the first rule of each piece, or the sum of a piece's rules."""

    none = NONE

    def __init__(self, *, first_only: bool) -> None:
        self.first_only = first_only

    def outcomes(self, piece: Codes, rule: Codes, pieces: int) -> Codes:
        found = np.full(pieces, NONE)
        for place in range(pieces):
            rules = rule[piece == place].tolist()
            assert rules == sorted(rules)
            if rules:
                found[place] = rules[0] if self.first_only else sum(1 << number for number in rules)
        return found

    def crowded(self) -> int:
        return CROWDED


def by_asking(column: Sequence[int], groups: Sequence[int], *, first_only: bool) -> list[list[int]]:
    def outcome(rules: int) -> int:
        if not rules:
            return NONE
        return (rules & -rules).bit_length() - 1 if first_only else rules

    return [[outcome(group & accepting) for accepting in column] for group in groups]


def found(
    column: Sequence[int], groups: Sequence[int], rules: int, bounds: Bounds, *, first_only: bool
) -> list[list[int]]:
    """What the pieces say; the groups come in two parts, as they do when rows bring them."""
    pieces = Pieces(column, rules, len(groups), Judge(first_only=first_only), bounds)
    told: list[list[int]] = []
    for known in (groups[: len(groups) // 2], groups):
        wanted = np.repeat(np.arange(len(known)), len(column)), np.tile(np.arange(len(column)), len(known))
        if known:
            told = pieces.find(*wanted, known).reshape(-1, len(column)).tolist()
    return told


@pytest.mark.parametrize("bounds", [DENSE, BISECTED], ids=["in a table", "by bisection"])
@pytest.mark.parametrize("first_only", [True, False], ids=["the first rule", "all rules"])
@given(st.data())
def test_pieces_say_what_asking_every_rule_says(bounds: Bounds, first_only: bool, data: st.DataObject) -> None:
    rules = data.draw(st.integers(1, 30))
    sets = st.integers(0, (1 << rules) - 1)
    column = data.draw(st.lists(sets, min_size=1, max_size=12))
    groups = data.draw(st.lists(sets, min_size=1, max_size=8))
    assert found(column, groups, rules, bounds, first_only=first_only) == by_asking(
        column, groups, first_only=first_only
    )


def test_the_first_rule_is_found_behind_many_that_leave_a_gap() -> None:
    count = 5 * RULES_AT_FIRST
    column = [(1 << count) - 1 ^ 1 << count - 1, 1 << count - 1, 0]  # only the last rule accepts the second class
    groups = [(1 << count) - 1, (1 << count - 1) - 1]
    assert found(column, groups, count, BISECTED, first_only=True) == by_asking(column, groups, first_only=True)


def test_groups_of_many_pieces_stand_beside_short_ones() -> None:
    column = [1 << number for number in range(60)]
    groups = [1, (1 << 60) - 1, 0, 1 << 59 | 1]
    assert found(column, groups, 60, BISECTED, first_only=True) == by_asking(column, groups, first_only=True)


def test_a_group_in_which_too_many_rules_meet_has_no_answer() -> None:
    column = [(1 << 60) - 1, (1 << 59) - 1]
    crowded = Bounds(covers=4)
    assert found(column, [(1 << 60) - 1, 1], 60, crowded, first_only=False) == [[CROWDED, CROWDED], [1, 1]]

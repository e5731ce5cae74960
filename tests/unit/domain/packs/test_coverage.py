"""Coverage: which rules a pack's situations show both ways, and what is told of the others."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.domain.packs.one_table import pack_of

from comptroller.domain.decisions import compile_model
from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.packs.coverage import Coverage, cover
from comptroller.domain.packs.examples import Situation

NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)


def covered(rules: dict[str, str], *given: Any, policy: HitPolicy = HitPolicy.UNIQUE, decision: str = "d") -> Coverage:
    """Run situations that give `amount` over a table of rules, id -> test."""
    model = pack_of(rules, policy)
    situations = [Situation(str(amount), decision, {"amount": Decimal(amount)}, {}) for amount in given]
    return cover(situations, {"d": compile_model(model)}, {"level.dmn": model}, NOW)


@pytest.mark.parametrize(
    ("rules", "given", "gaps"),
    [
        pytest.param({"low": "<= 10", "high": "> 10"}, (10, 11), [], id="each rule fires once and misses once"),
        pytest.param({"low": "<= 10", "high": "> 10"}, (10,), ["low", "high"], id="one never misses, one never fires"),
        pytest.param({"low": "<= 10", "other-otherwise": "> 10"}, (10, -1, 11), [], id="a last resort may fire"),
        pytest.param({"low": "<= 10", "o-otherwise": "> 10"}, (10,), ["low"], id="a last resort need not fire"),
        pytest.param({"always": "-"}, (10,), [], id="a rule that asks nothing cannot miss"),
    ],
)
def test_a_rule_is_shown_both_ways_or_told(rules: dict[str, str], given: tuple[int, ...], gaps: list[str]) -> None:
    assert [rule.rule for rule in covered(rules, *given).gaps] == gaps


def test_a_rule_behind_others_can_be_kept_from_firing() -> None:
    both = covered({"low": "<= 10", "rest": "-"}, 11, policy=HitPolicy.FIRST)
    assert [(rule.rule, rule.fires, rule.misses) for rule in both.gaps] == [("low", 0, 1), ("rest", 1, 0)]


def test_a_situation_that_nothing_decides_is_wrong() -> None:
    told = covered({"low": "<= 10"}, 10, decision="another").wrong
    assert [wrong.told for wrong in told] == [("the pack has no such decision",)]


def test_a_cell_is_shown_where_it_alone_keeps_its_rule_from_firing() -> None:
    cells = {cell.rule: cell for cell in covered({"low": "<= 10", "rest": "-"}, 10, 11).cells}
    assert (cells["low"].column, cells["low"].text, cells["low"].shown) == ("amount", "<= 10", True)
    assert [cell.rule for cell in covered({"low": "<= 10", "rest": "-"}, 10).unshown_cells] == ["low"]
    assert "rest" not in cells, "a cell that asks nothing has nothing to show"

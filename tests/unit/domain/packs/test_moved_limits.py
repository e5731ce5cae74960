"""A limit that is moved: the three tables without it say of every value what the table with it says, wherever it is."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.unit.domain.packs.one_table import pack_of

from comptroller.domain.decisions import compile_model
from comptroller.domain.decisions.definitions import Decision, DecisionTable, Definitions, HitPolicy
from comptroller.domain.packs.moved_limits import Side, bounds, places, seen_from

TABLES = {
    "one comparison": ({"low": "-", "high": "> 100"}, HitPolicy.RULE_ORDER),
    "rows that meet at it": ({"low": "< 100", "middle": "[100..500)", "high": ">= 500"}, HitPolicy.UNIQUE),
    "an interval that ends at it": ({"low": "[0..100]", "high": "> 100"}, HitPolicy.UNIQUE),
    "the first row": ({"low": "<= 100", "high": "-"}, HitPolicy.FIRST),
}


def table_in(model: Definitions) -> DecisionTable:
    found = next(each.expression for each in model.elements if isinstance(each, Decision))
    assert isinstance(found, DecisionTable)
    return found


def saying(table: DecisionTable, value: Decimal) -> object:
    model = pack_of({})
    elements = tuple(replace(each, expression=table) if isinstance(each, Decision) else each for each in model.elements)
    return compile_model(replace(model, elements=elements)).decide("d", {"amount": value}).value


@pytest.mark.parametrize(("rules", "policy"), TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("limit", ["70", "100", "130"])
def test_every_value_is_answered_as_by_the_table_with_the_limit(
    rules: dict[str, str], policy: HitPolicy, limit: str
) -> None:
    table = table_in(pack_of(rules, policy))
    rule = next(at for at, each in enumerate(table.rules) if "100" in each.inputs[0].text)
    number = next(at for at, each in enumerate(bounds(table.rules[rule].inputs[0].text)) if each.value == 100)
    moved = list(places(table, rule, 0, number))
    assert len(moved) == sum("100" in cell for cell in rules.values())
    there = table_in(pack_of({name: cell.replace("100", limit) for name, cell in rules.items()}, policy))
    for value in map(Decimal, ("20", "70", "85", "100", "120", "130", "700")):
        side = Side.BELOW if value < Decimal(limit) else Side.ON if value == Decimal(limit) else Side.ABOVE
        assert saying(seen_from(table, moved, side), value) == saying(there, value), (value, side)


@pytest.mark.parametrize(
    "cell", ["-", "null", '"100"', "100", "< limit", "< 5, > 10", "not(< 5)", '< date("2026-01-01")']
)
def test_what_is_no_comparison_with_a_number_has_no_limit(cell: str) -> None:
    assert bounds(cell) == ()

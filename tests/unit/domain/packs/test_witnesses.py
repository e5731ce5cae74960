"""Which examples fire which rules."""

from datetime import UTC, datetime
from decimal import Decimal

from tests.unit.application.studio.fares import FARES

from comptroller.adapters.dmn_xml import read
from comptroller.domain.decisions import compile_model
from comptroller.domain.packs.examples import Situation
from comptroller.domain.packs.witnesses import witnesses

NOW = datetime(2026, 3, 27, tzinfo=UTC)


def test_each_example_tells_the_rules_that_fired_those_asked_and_what_came_out_otherwise() -> None:
    definitions, _ = read(FARES)
    assert definitions is not None
    situations = [
        Situation("a child", "fare", {"age": Decimal(9)}, {"": Decimal(5)}),
        Situation("a wrong hope", "fare", {"age": Decimal(40)}, {"": Decimal(5)}),
        Situation("of another model", "toll", {}, {"": None}),
    ]
    child, hope = witnesses(situations, compile_model(definitions), NOW)
    assert (child.fired, child.asked) == (frozenset({"child"}), frozenset({"child", "adult"}))
    assert (hope.fired, hope.asked) == (frozenset({"adult"}), child.asked)
    assert (child.wrong, list(hope.wrong)) == ((), ["the outcome is 10, expected 5"])

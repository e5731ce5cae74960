"""Rules that did not hit as the page tells them: in words, with amounts and codes as a controller writes them."""

from decimal import Decimal
from typing import Any

import pytest
from tests.unit.domain.decisions.models import decision, input_data, sound_model, table

from comptroller.application.presenting.given import Amounts
from comptroller.application.presenting.near import erring_rules, near_rules
from comptroller.domain.decisions import Outcome
from comptroller.domain.kernel.money import Money

AMOUNTS = Amounts("EUR", "EUR")


def asked(net: object, state: str) -> Outcome:
    rules = [["<= 100", '"open"', '"pass"'], ["> 1000", '"open", "held"', '"stop"']]
    model = sound_model(
        input_data("net"),
        input_data("state"),
        decision("d", table(["net", "state"], ["o"], rules), inputs=["net", "state"]),
    )
    given: Any = {"net": net, "state": state}
    return model.decide("d", given)


def test_rule_that_nearly_hit_says_what_it_asked_for_and_met() -> None:
    first, second = near_rules(asked(Decimal(500), "open"), AMOUNTS)
    assert (first.table, first.number, first.rule_id) == ("d", 1, "r1")
    assert (first.cells[0].condition, first.cells[0].value) == (
        ("at most", Money(Decimal(100), "EUR")),
        Money(Decimal(500), "EUR"),
    )
    assert second.cells[0].condition == ("more than", Money(Decimal(1000), "EUR"))


@pytest.mark.parametrize("net", [None, "much"], ids=["nothing", "a text for a number"])
def test_rule_that_could_not_be_judged_is_not_near(net: object) -> None:
    outcome = asked(net, "held")
    assert near_rules(outcome, AMOUNTS) == ()
    (rule,) = erring_rules(outcome.explanation, AMOUNTS)
    assert (rule.number, rule.cells[0].input, rule.cells[0].value) == (2, "net", net)
    assert rule.cells[0].condition == ("more than", Money(Decimal(1000), "EUR"))


def test_rule_that_was_judged_is_not_erring() -> None:
    assert erring_rules(asked(Decimal(500), "open").explanation, AMOUNTS) == ()

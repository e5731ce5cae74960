"""Which rules made an answer, which could not be judged, and every cell that kept a rule from hitting."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.unit.domain.decisions.models import decision, input_data, sound_model, table

from comptroller.domain.decisions.definitions import Aggregation, HitPolicy, OutputClause, UnaryTests
from comptroller.domain.decisions.outcome import Outcome
from comptroller.domain.feel import Value


def outcome(
    rules: Sequence[Sequence[str]],
    inputs: dict[str, Value],
    policy: HitPolicy,
    aggregation: Aggregation = Aggregation.LIST,
) -> Outcome:
    source = table(["amount", "kind"], [OutputClause("", "", UnaryTests("3, 2, 1"))], rules, policy)
    model = sound_model(
        input_data("amount"),
        input_data("kind"),
        decision("answer", replace(source, aggregation=aggregation), inputs=["amount", "kind"]),
    )
    return model.decide("answer", inputs)


RULES = [["< 10", "-", "1"], ["< 20", "-", "3"], ["-", '"A"', "1"], ["> 50", "-", "2"]]
DETERMINING = {
    "unique, contradicted": (HitPolicy.UNIQUE, Aggregation.LIST, []),
    "any, contradicted": (HitPolicy.ANY, Aggregation.LIST, []),
    "first": (HitPolicy.FIRST, Aggregation.LIST, ["r1"]),
    "priority": (HitPolicy.PRIORITY, Aggregation.LIST, ["r2"]),
    "rule order": (HitPolicy.RULE_ORDER, Aggregation.LIST, ["r1", "r2", "r3"]),
    "output order": (HitPolicy.OUTPUT_ORDER, Aggregation.LIST, ["r1", "r2", "r3"]),
    "collected": (HitPolicy.COLLECT, Aggregation.LIST, ["r1", "r2", "r3"]),
    "the sum": (HitPolicy.COLLECT, Aggregation.SUM, ["r1", "r2", "r3"]),
    "the number": (HitPolicy.COLLECT, Aggregation.COUNT, ["r1", "r2", "r3"]),
    "the least": (HitPolicy.COLLECT, Aggregation.MIN, ["r1", "r3"]),
    "the greatest": (HitPolicy.COLLECT, Aggregation.MAX, ["r2"]),
}


@pytest.mark.parametrize(("policy", "aggregation", "determining"), DETERMINING.values(), ids=DETERMINING)
def test_determining_rules(policy: HitPolicy, aggregation: Aggregation, determining: list[str]) -> None:
    (step,) = outcome(RULES, {"amount": Decimal(5), "kind": "A"}, policy, aggregation).explanation
    assert [hit.rule_id for hit in step.determining] == determining
    assert [hit.rule_id for hit in step.hits] == (["r1"] if policy is HitPolicy.FIRST else ["r1", "r2", "r3"])


ERRING = {
    "a value that is missing": ({"amount": None, "kind": "A"}, [("r1", "amount"), ("r2", "amount"), ("r4", "amount")]),
    "a value of another kind": ({"amount": "5", "kind": "A"}, [("r1", "amount"), ("r2", "amount"), ("r4", "amount")]),
    "all can be judged": ({"amount": Decimal(5), "kind": "B"}, []),
    "a text where a number stands": ({"amount": Decimal(5), "kind": Decimal(1)}, [("r3", "kind")]),
}


@pytest.mark.parametrize(("inputs", "erring"), ERRING.values(), ids=ERRING)
def test_erring_rules(inputs: dict[str, Value], erring: list[tuple[str, str]]) -> None:
    (step,) = outcome(RULES, inputs, HitPolicy.COLLECT).explanation
    assert [(cell.rule_id, cell.column) for cell in step.erring] == erring
    assert not any(cell.judged for cell in step.erring)


def test_a_rule_that_another_cell_excludes_does_not_err() -> None:
    rules = [["< 10", '"B"', "1"], ["< 10", '"A"', "1"]]
    (step,) = outcome(rules, {"amount": None, "kind": "A"}, HitPolicy.COLLECT).explanation
    assert [cell.rule_id for cell in step.erring] == ["r2"]


def test_behind_the_first_hit_nobody_errs() -> None:
    rules = [["< 10", '"A"', "1"], ["-", "-", "2"], ["> 10", "-", "3"]]
    (step,) = outcome(rules, {"amount": None, "kind": "A"}, HitPolicy.FIRST).explanation
    assert [cell.rule_id for cell in step.erring] == ["r1"]


def test_every_cell_that_kept_a_rule_from_hitting_is_told() -> None:
    rules = [["< 10", '"A"', "1"], ["-", "-", "2"]]
    asked = outcome(rules, {"amount": Decimal(20), "kind": Decimal(1)}, HitPolicy.COLLECT)
    cells = asked.failing_cells("answer", "r1")
    assert [(cell.column, cell.text, cell.value, cell.judged) for cell in cells] == [
        ("amount", "< 10", Decimal(20), True),
        ("kind", '"A"', Decimal(1), False),
    ]
    assert asked.why_not("answer", "r1") == cells[0]
    assert asked.failing_cells("answer", "r2") == ()

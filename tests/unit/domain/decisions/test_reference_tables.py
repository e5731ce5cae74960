"""Generated models against the reference: tables of every hit policy, boxed expressions, requirement graphs."""

from collections import Counter
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference import agreement, decision_agreement, decision_generator
from tests.reference.choosing import Drawn, Seeded
from tests.reference.decision_model import ReferenceModel
from tests.reference.feel_forms import FORMS
from tests.reference.feel_generator import Generator
from tests.reference.feel_values import Value, from_product
from tests.unit.domain.decisions.models import decision, definitions, input_data, knowledge_model, table

from comptroller.adapters import dmn_xml
from comptroller.domain.decisions.definitions import (
    Aggregation,
    Definitions,
    HitPolicy,
    LiteralExpression,
    OutputClause,
    UnaryTests,
)

GIVEN = [agreement.given(Generator(Seeded(f"unit/{number}"), FORMS)) for number in range(4)]


@st.composite
def models(draw: st.DrawFn) -> Definitions:
    return decision_generator.definitions(Drawn(draw))


@given(models(), st.sampled_from(GIVEN))
@settings(max_examples=60, deadline=None)
def test_a_model_decides_as_it_does_by_the_letter(made: Definitions, scope: agreement.Given) -> None:
    with suppress(agreement.Skipped):
        assert decision_agreement.deciding(made, scope).wrong == ""


def test_both_ways_of_a_share_of_the_soak() -> None:
    counts: Counter[str] = Counter()
    for number in range(150):
        with suppress(agreement.Skipped):
            verdict = decision_agreement.deciding(decision_generator.definitions(Seeded(number)), GIVEN[number % 4])
            assert verdict.wrong == ""
            counts["models"] += 1
            counts["lanes"] += verdict.lanes
    assert counts["models"] > 120
    assert counts["lanes"] > 5


@pytest.mark.parametrize(
    "policy", decision_generator.POLICIES, ids=lambda policy: " ".join(filter(None, policy)).lower()
)
def test_a_hit_policy_answers_as_it_does_by_the_letter(policy: tuple[HitPolicy, Aggregation]) -> None:
    compared = 0
    for number in range(40):
        made = decision_generator.one_table(Seeded(f"{policy}/{number}"), *policy)
        with suppress(agreement.Skipped):
            assert decision_agreement.deciding(made, GIVEN[number % 4]).wrong == ""
            compared += 1
    assert compared > 20


@pytest.mark.parametrize("number", range(12))
def test_a_generated_model_comes_back_from_its_file(number: int) -> None:
    made = decision_generator.definitions(Seeded(f"file/{number}"))
    again, faults = dmn_xml.read(dmn_xml.write(made))
    assert again is not None, faults
    for scope in GIVEN:
        with suppress(agreement.Skipped):
            assert decision_agreement.deciding(again, scope).wrong == ""


ROLES = OutputClause("", allowed=UnaryTests('"chief", "clerk"'))
OVERLAPPING = [["< 100", '"clerk"'], ["> 10", '"chief"'], ["> 10", '"chief"']]


@pytest.mark.parametrize(
    ("policy", "value"),
    [
        pytest.param(HitPolicy.UNIQUE, None, id="several rules of a unique table"),
        pytest.param(HitPolicy.ANY, None, id="rules that contradict"),
        pytest.param(HitPolicy.FIRST, "clerk", id="the first rule"),
        pytest.param(HitPolicy.PRIORITY, "chief", id="the first of the allowed values"),
        pytest.param(HitPolicy.RULE_ORDER, ["clerk", "chief", "chief"], id="in the rules' order"),
        pytest.param(HitPolicy.OUTPUT_ORDER, ["chief", "chief", "clerk"], id="in the values' order"),
        pytest.param(HitPolicy.COLLECT, ["clerk", "chief", "chief"], id="collected"),
    ],
)
def test_the_reference_itself_on_hit_policies(policy: HitPolicy, value: Value) -> None:
    source = table(["amount"], [ROLES], OVERLAPPING, policy)
    reference = ReferenceModel(definitions(input_data("amount"), decision("answer", source, inputs=["amount"])))
    assert reference.decide("answer", {"amount": from_product(Decimal(50))}) == value


def test_the_reference_itself_on_a_graph() -> None:
    rates = table(["x"], [""], [["< 100", "0.1"], [">= 100", "0.2"]], HitPolicy.COLLECT, aggregation=Aggregation.SUM)
    reference = ReferenceModel(
        definitions(
            input_data("amount", "number"),
            knowledge_model("rate", ["x: number"], rates),
            decision("tax", "amount * rate(amount)", inputs=["amount"], knowledge=["rate"], type_ref="number"),
            decision("answer", LiteralExpression("tax + amount"), inputs=["amount"], decisions=["tax"]),
        )
    )
    assert reference.decide("answer", {"amount": from_product(Decimal(200))}) == 240
    assert reference.decide("answer", {"amount": "200"}) is None

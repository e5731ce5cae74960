"""Decision services and business knowledge models called from outside, and what never reaches either."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.domain.decisions.models import decision, here, input_data, knowledge_model, model, sound_model, table

from comptroller.domain.decisions.definitions import DecisionService, InformationItem
from comptroller.domain.feel import NAMED, Value

TAX = table(["rate"], ["value"], [["> 0.1", '"high"'], ["<= 0.1", '"low"']])
MODEL = sound_model(
    input_data("net", "number"),
    decision("rate", "0.19", type_ref="number"),
    decision("gross", "net * (1 + rate)", inputs=["net"], decisions=["rate"]),
    DecisionService(
        "s",
        "billing",
        InformationItem("billing"),
        (here("gross"),),
        input_decisions=(here("rate"),),
        input_data=(here("net"),),
    ),
    DecisionService("b", "both", InformationItem("both"), (here("gross"), here("rate")), input_data=(here("net"),)),
    knowledge_model("band", ["rate: number"], TAX, type_ref="string"),
    knowledge_model("double", ["n"], "2 * n", type_ref="number"),
    knowledge_model("banded", ["rate"], 'band(rate) + "!"', knowledge=["band"]),
    knowledge_model("endless", ["n"], "endless(n + 1)"),
)


def test_a_model_names_what_it_offers() -> None:
    assert MODEL.service_names == ("billing", "both")
    assert MODEL.knowledge_names == ("band", "double", "banded", "endless")
    assert MODEL.output_names("both") == ("gross", "rate")
    assert MODEL.output_names("band") == ()
    assert MODEL.parameter_types("band") == {"rate": NAMED["number"]}
    assert MODEL.parameter_types("double") == {"n": None}
    assert set(MODEL.parameter_types("billing")) == {"net", "rate"}


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        pytest.param("billing", {"net": 100, "rate": Decimal("0.07")}, Decimal(107), id="a service"),
        pytest.param("both", {"net": 100}, {"gross": Decimal(119), "rate": Decimal("0.19")}, id="several outputs"),
        pytest.param("band", {"rate": Decimal("0.2")}, "high", id="a table in a function"),
        pytest.param("band", {"rate": [Decimal("0.2")]}, "high", id="a list of one for its item"),
        pytest.param("double", {"n": 21}, Decimal(42), id="an int for a number"),
        pytest.param("banded", {"rate": 0}, "low!", id="a function that calls another"),
        pytest.param("double", {"n": None}, None, id="null for a number"),
    ],
)
def test_what_is_called_answers(name: str, arguments: Mapping[str, Value], value: Value) -> None:
    outcome = MODEL.invoke(name, arguments)
    assert outcome.value == value
    assert [fault for fault in outcome.faults if fault.severity == "error"] == []


@pytest.mark.parametrize(
    ("name", "arguments", "faults"),
    [
        pytest.param("band", {}, {("DMN-ARGUMENT-01", "businessKnowledgeModel[band]/parameter[rate]")}, id="missing"),
        pytest.param("band", {"rate": 1, "x": 1}, {("DMN-ARGUMENT-02", "businessKnowledgeModel[band]")}, id="unknown"),
        pytest.param(
            "band",
            {"rate": "x"},
            {("DMN-ARGUMENT-03", "businessKnowledgeModel[band]/parameter[rate]")},
            id="of no number",
        ),
        pytest.param("band", {"rate": 0.2}, {("DMN-INPUT-03", "input[rate]")}, id="a float"),
        pytest.param("double", {"n": {"a": [1, 0.5]}}, {("DMN-INPUT-03", "input[n.a[2]]")}, id="a float deep inside"),
        pytest.param("billing", {"net": 0.2, "rate": 1}, {("DMN-INPUT-03", "input[net]")}, id="a float for a service"),
        pytest.param(
            "billing", {"net": "x", "rate": 1}, {("DMN-TYPE-04", "inputData[net]")}, id="a service's, of no number"
        ),
        pytest.param("gross", {"net": 1}, {("DMN-DECISION-01", "invocable[gross]")}, id="a decision is not called"),
        pytest.param(
            "endless",
            {"n": 1},
            {("FEEL-LIMIT-04", "businessKnowledgeModel[endless], offset 7")},
            id="a function that never ends",
        ),
    ],
)
def test_what_cannot_be_called_says_why(name: str, arguments: Any, faults: set[tuple[str, str]]) -> None:
    outcome = MODEL.invoke(name, arguments)
    assert outcome.value is None
    assert {(fault.code, fault.path) for fault in outcome.faults if fault.severity == "error"} == faults


@pytest.mark.parametrize(
    ("arguments", "warnings"),
    [
        pytest.param({"net": 100}, ["DMN-INPUT-01"], id="an input decision is missing"),
        pytest.param({"net": 100, "rate": 0, "rat": 0}, ["DMN-ARGUMENT-02"], id="a slip of the pen"),
    ],
)
def test_a_service_is_forgiving_as_the_model_is(arguments: Mapping[str, Value], warnings: list[str]) -> None:
    outcome = MODEL.invoke("billing", arguments)
    assert [fault.code for fault in outcome.faults if fault.code.startswith("DMN")] == warnings
    assert outcome.value == (None if "rate" not in arguments else Decimal(100))


def test_a_function_is_explained_like_a_decision() -> None:
    outcome = MODEL.invoke("banded", {"rate": 1})
    (step,) = outcome.explanation
    assert (step.name, step.value, step.inputs) == ("banded", "high!", {"rate": Decimal(1)})
    assert [(hit.table, hit.rule_id) for hit in step.hits] == [("businessKnowledgeModel[band]/decisionTable", "r1")]


def test_a_broken_service_answers_nothing() -> None:
    broken = model(DecisionService("s", "s", InformationItem("s"), (here("gone"),)))
    outcome = broken.invoke("s", {})
    assert (outcome.value, [fault.code for fault in outcome.faults]) == (None, ["DMN-REQUIREMENT-01"])


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param(0.5, "DMN-INPUT-03", id="a float"),
        pytest.param({"net": 1}, "DMN-TYPE-04", id="a context for a number"),
    ],
)
def test_decisions_refuse_what_functions_refuse(given: Any, code: str) -> None:
    outcome = MODEL.decide("gross", {"net": given})
    assert (outcome.value, outcome.faults[0].code) == (None, code)


def test_nothing_is_decided_with_a_float_even_where_it_would_not_matter() -> None:
    careless = sound_model(input_data("n"), decision("d", 'if n = null then "none" else "some"', inputs=["n"]))
    given: Any = [1, 2.5]
    outcome = careless.decide("d", {"n": given})
    assert (outcome.value, [fault.path for fault in outcome.faults]) == (None, ["input[n[2]]"])

"""Types made of item definitions: what conforms, what is converted, and definitions that are wrong."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from tests.unit.domain.decisions.models import decision, input_data, model, sound_model

from comptroller.domain.decisions.definitions import FunctionItem, InformationItem, ItemDefinition, UnaryTests
from comptroller.domain.feel import Value

TYPES = (
    ItemDefinition("tCategory", "string", allowed=UnaryTests('"goods", "service"')),
    ItemDefinition("tCategories", "tCategory", is_collection=True),
    ItemDefinition("tNames", "string", allowed=UnaryTests("string length(?) > 1"), is_collection=True),
    ItemDefinition("tPair", "number", is_collection=True, constraint=UnaryTests("count(?) = 2")),
    ItemDefinition(
        "tLine",
        components=(ItemDefinition("net amount", "number"), ItemDefinition("category", "tCategory")),
    ),
    ItemDefinition("tLines", "tLine", is_collection=True),
    ItemDefinition(
        "tOrder",
        components=(ItemDefinition("lines", components=(ItemDefinition("n", "number"),), is_collection=True),),
    ),
    ItemDefinition("tCheck", function=FunctionItem((InformationItem("n", "number"),), "boolean")),
)


@pytest.mark.parametrize(
    ("type_ref", "given", "taken"),
    [
        pytest.param("number", Decimal("1.0"), Decimal("1.0"), id="a number"),
        pytest.param("number", True, None, id="a truth is no number"),
        pytest.param("string", "a", "a", id="a text"),
        pytest.param("date", date(2026, 3, 27), date(2026, 3, 27), id="a day"),
        pytest.param("Any", [None], [None], id="anything"),
        pytest.param("list", ["a", Decimal(1)], ["a", Decimal(1)], id="a list of anything"),
        pytest.param("context", {"a": None}, {"a": None}, id="a context of anything"),
        pytest.param("tCategory", "goods", "goods", id="an allowed value"),
        pytest.param("tCategory", "bribe", None, id="a value that is not allowed"),
        pytest.param("tCategory", None, None, id="null passes"),
        pytest.param("tCategories", ["goods", "service"], ["goods", "service"], id="a list of allowed values"),
        pytest.param("tCategories", ["goods", "bribe"], None, id="a list with a value that is not allowed"),
        pytest.param("tCategories", "goods", ["goods"], id="an element as a list of one"),
        pytest.param("tCategory", ["goods"], "goods", id="a list of one as its element"),
        pytest.param("tNames", ["ab", "cd"], ["ab", "cd"], id="allowed values hold each element"),
        pytest.param("tNames", ["ab", "c"], None, id="allowed values refuse an element"),
        pytest.param("tPair", [Decimal(1), Decimal(2)], [Decimal(1), Decimal(2)], id="a constraint holds the list"),
        pytest.param("tPair", [Decimal(1)] * 3, None, id="a constraint refuses the list"),
        pytest.param(
            "tLine",
            {"net amount": Decimal(1), "category": "goods", "more": True},
            {"net amount": Decimal(1), "category": "goods", "more": True},
            id="a structure may have more entries",
        ),
        pytest.param("tLine", {"net amount": Decimal(1)}, None, id="a structure without one of its entries"),
        pytest.param(
            "tLine",
            {"net amount": None, "category": None},
            {"net amount": None, "category": None},
            id="a structure with empty entries",
        ),
        pytest.param("tLines", [{"net amount": "1", "category": "goods"}], None, id="a wrong entry deep inside"),
        pytest.param(
            "tOrder",
            {"lines": [{"n": Decimal(1)}]},
            {"lines": [{"n": Decimal(1)}]},
            id="components that are collections",
        ),
        pytest.param(
            "tOrder", {"lines": [{"m": Decimal(1)}]}, None, id="components that are collections of something else"
        ),
        pytest.param("tCheck", "goods", None, id="a text is no function"),
    ],
)
def test_an_input_is_held_to_its_type(type_ref: str, given: Value, taken: Value) -> None:
    compiled = sound_model(input_data("a", type_ref), decision("answer", "a", inputs=["a"]), types=TYPES)
    outcome = compiled.decide("answer", {"a": given})
    assert outcome.value == taken
    assert (outcome.faults == ()) is (taken is not None or given is None)


def test_a_conforming_value_is_not_copied() -> None:
    lines: Value = [{"net amount": Decimal(1), "category": "goods"}]
    compiled = sound_model(input_data("a", "tLines"), decision("answer", "a", inputs=["a"]), types=TYPES)
    assert compiled.decide("answer", {"a": lines}).value is lines


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param("function(n) n > 1", True, id="one parameter"),
        pytest.param("function(n, m) n > m", None, id="one parameter too many"),
    ],
)
def test_functions_are_held_to_their_number_of_parameters(expression: str, value: Value) -> None:
    compiled = sound_model(
        decision("check", expression, type_ref="tCheck"),
        decision("answer", "check(2)", decisions=["check"]),
        types=TYPES,
    )
    assert compiled.decide("answer", {}).value is value


@pytest.mark.parametrize(
    ("types", "faults"),
    [
        pytest.param([ItemDefinition("t", "gone")], [("DMN-TYPE-01", "itemDefinition[t]")], id="an unknown type"),
        pytest.param(
            [ItemDefinition("t", "u"), ItemDefinition("u", "t", is_collection=True)],
            [("DMN-TYPE-02", "itemDefinition[t]")],
            id="a type that contains itself",
        ),
        pytest.param(
            [ItemDefinition("t", "string"), ItemDefinition("t", "number")],
            [("DMN-TYPE-03", "itemDefinition[t]")],
            id="a type defined twice",
        ),
        pytest.param(
            [ItemDefinition("t", "string", allowed=UnaryTests('"a" "b"'))],
            [("FEEL-SYNTAX-01", "itemDefinition[t]/allowedValues, offset 4")],
            id="allowed values that are no FEEL",
        ),
    ],
)
def test_faults_of_definitions(types: Sequence[ItemDefinition], faults: list[tuple[str, str]]) -> None:
    compiled = model(types=types)
    assert [(fault.code, fault.path) for fault in compiled.faults] == faults


def test_nothing_conforms_to_a_type_that_is_unknown() -> None:
    compiled = model(input_data("a", "gone"), decision("answer", "a", inputs=["a"]))
    assert [fault.code for fault in compiled.faults] == ["DMN-TYPE-01"]
    assert compiled.decide("answer", {"a": "anything"}).value is None

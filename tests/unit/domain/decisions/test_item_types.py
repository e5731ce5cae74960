"""Types made of item definitions: what conforms, what is converted, and definitions that are wrong."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.unit.domain.decisions.models import decision, input_data, knowledge_model, model, sound_model, table

from comptroller.domain.decisions.definitions import (
    BoxedExpression,
    Context,
    ContextEntry,
    FunctionDefinition,
    FunctionItem,
    HitPolicy,
    InformationItem,
    ItemDefinition,
    LiteralExpression,
    OutputClause,
    UnaryTests,
)
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

RANKED = (
    ItemDefinition("tRisk", "string", allowed=UnaryTests('"high", "low"')),
    ItemDefinition("tAlias", "tRisk"),
    ItemDefinition("tUnlisted", "string"),
    ItemDefinition("tRating", components=(ItemDefinition("risk", "tAlias"), ItemDefinition("rate", "number"))),
    ItemDefinition("tRatings", "tRating", is_collection=True),
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


UNIT = ItemDefinition(
    "tUnit",
    components=(
        ItemDefinition("name", "string"),
        ItemDefinition("units", "tUnit", is_collection=True),
        ItemDefinition("head", "tHead"),
    ),
)
HEAD = ItemDefinition("tHead", components=(ItemDefinition("of", "tUnit"),))


def unit(name: Value, *units: Value, head: Value = None) -> Value:
    return {"name": name, "units": list(units), "head": head}


@pytest.mark.parametrize(
    ("given", "conforms"),
    [
        pytest.param(unit("a"), True, id="one"),
        pytest.param(unit("a", unit("b", unit("c")), unit("d")), True, id="several levels of itself"),
        pytest.param(unit("a", unit("b", unit(3))), False, id="a wrong entry levels below"),
        pytest.param(unit("a", head={"of": unit("b")}), True, id="itself by way of another type"),
        pytest.param(unit("a", head={"of": unit(3)}), False, id="a wrong entry by way of another type"),
    ],
)
@pytest.mark.parametrize("types", [(UNIT, HEAD), (HEAD, UNIT)], ids=["as written", "the other way round"])
def test_a_structure_may_hold_others_of_its_kind(
    types: Sequence[ItemDefinition], given: Value, *, conforms: bool
) -> None:
    compiled = sound_model(input_data("a", "tUnit"), decision("answer", "a", inputs=["a"]), types=types)
    assert compiled.decide("answer", {"a": given}).value == (given if conforms else None)


@pytest.mark.parametrize(
    ("entry", "type_ref", "value", "codes"),
    [
        pytest.param('"7"', "number", None, ["DMN-TYPE-04"], id="a constant of another type"),
        pytest.param("[7]", "number", Decimal(7), [], id="a constant that is converted"),
        pytest.param("7", "number", Decimal(7), [], id="a constant of the type"),
        pytest.param("a", "number", Decimal(1), [], id="a value of the type"),
        pytest.param("a", "string", None, [], id="a value of another type"),
        pytest.param("a", "gone", None, ["DMN-TYPE-01"], id="an unknown type"),
    ],
)
def test_an_output_entry_is_held_to_the_type_that_it_declares(
    entry: str, type_ref: str, value: Value, codes: list[str]
) -> None:
    rules = table(["a"], [""], [["-", entry]])
    typed = replace(rules.rules[0], outputs=(LiteralExpression(entry, type_ref),))
    compiled = model(input_data("a"), decision("answer", replace(rules, rules=(typed,)), inputs=["a"]))
    assert [fault.code for fault in compiled.faults] == codes
    assert compiled.decide("answer", {"a": 1}).value == value


@pytest.mark.parametrize(
    ("types", "faults"),
    [
        pytest.param([ItemDefinition("t", "gone")], [("DMN-TYPE-01", "itemDefinition[t]")], id="an unknown type"),
        pytest.param(
            [ItemDefinition("t", "u"), ItemDefinition("u", "t", is_collection=True)],
            [("DMN-TYPE-02", "itemDefinition[t]")],
            id="a type that is a list of itself",
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
        pytest.param(
            [ItemDefinition("t", "string", allowed=UnaryTests("x", language="urn:groovy"))],
            [("DMN-LANGUAGE-01", "itemDefinition[t]/allowedValues")],
            id="allowed values in another language",
        ),
    ],
)
def test_faults_of_definitions(types: Sequence[ItemDefinition], faults: list[tuple[str, str]]) -> None:
    compiled = model(types=types)
    assert [(fault.code, fault.path) for fault in compiled.faults] == faults


@pytest.mark.parametrize("type_ref", ["tDouble", "number"], ids=["the type of the function", "the type of its result"])
def test_a_functions_type_may_be_that_of_the_function_or_of_its_result(type_ref: str) -> None:
    types = (ItemDefinition("tDouble", function=FunctionItem((InformationItem("n", "number"),), "number")),)
    definition = FunctionDefinition(
        (InformationItem("n", "number"),), LiteralExpression("if n > 9 then null else n * 2"), type_ref=type_ref
    )
    shared = replace(knowledge_model("double", ["n: number"], "0", type_ref=type_ref), logic=definition)
    boxed = Context(
        (
            ContextEntry(InformationItem("own", "tDouble"), definition),
            ContextEntry(None, LiteralExpression("[own(2), double(3), double(10)]")),
        )
    )
    compiled = sound_model(shared, decision("answer", boxed, knowledge=["double"]), types=types)
    assert compiled.decide("answer", {}).value == [Decimal(4), Decimal(6), None]


@pytest.mark.parametrize(
    ("type_ref", "result"),
    [
        pytest.param("tRisk", "high", id="the type's values"),
        pytest.param("tAlias", "high", id="those of the type that it is by another name"),
        pytest.param("tUnlisted", None, id="none"),
    ],
)
def test_priorities_are_the_allowed_values_of_an_outputs_type(type_ref: str, result: Value) -> None:
    rules = table(["a"], [OutputClause("", type_ref)], [["-", '"low"'], ["-", '"high"']], HitPolicy.PRIORITY)
    compiled = model(input_data("a"), decision("answer", rules, inputs=["a"]), types=RANKED)
    assert compiled.decide("answer", {"a": 1}).value == result
    assert [fault.code for fault in compiled.faults] == ([] if result else ["DMN-HIT-03"])


@pytest.mark.parametrize(
    ("values", "less", "more"),
    [
        pytest.param('"high", "low"', '"low"', '"high"', id="texts"),
        pytest.param("1, 0, -1", "-1", "0", id="numbers"),
        pytest.param("true, 1, false", "1", "true", id="values of several kinds"),
        pytest.param('duration("P2D"), duration("P1D")', 'duration("P1D")', 'duration("P2D")', id="durations"),
        pytest.param('time("10:00:00"), time("09:00:00")', 'time("09:00:00")', 'time("10:00:00")', id="times"),
        pytest.param("[10..20], [0..10)", "3", "12", id="ranges"),
    ],
)
def test_priorities_of(values: str, less: str, more: str) -> None:
    rules = table(["a"], [OutputClause("", allowed=UnaryTests(values))], [["-", less], ["-", more]], HitPolicy.PRIORITY)
    compiled = sound_model(input_data("a"), decision("answer", rules, inputs=["a"]), decision("more", more))
    assert compiled.decide("answer", {"a": 1}).value == compiled.decide("more", {}).value


@pytest.mark.parametrize(
    ("where", "type_ref"),
    [
        pytest.param("decision", "tRating", id="of the decision, a structure"),
        pytest.param("decision", "tRatings", id="of the decision, a collection of structures"),
        pytest.param("table", "tRatings", id="of the table"),
        pytest.param("entry", "tRatings", id="of a context's entry"),
        pytest.param("result", "tRatings", id="of the decision, the table being a context's result"),
    ],
)
def test_priorities_are_the_allowed_values_in_the_type_of_the_whole(where: str, type_ref: str) -> None:
    rules = table(["a"], ["risk", "rate"], [["-", '"low"', "1"], ["-", '"high"', "2"]], HitPolicy.OUTPUT_ORDER)
    logic: BoxedExpression = replace(rules, type_ref=type_ref) if where == "table" else rules
    if where == "entry":
        named = ContextEntry(InformationItem("rated", type_ref), rules)
        logic = Context((named, ContextEntry(None, LiteralExpression("rated"))))
    if where == "result":
        logic = Context((ContextEntry(None, rules),))
    compiled = sound_model(
        input_data("a"),
        decision("answer", logic, inputs=["a"], type_ref=type_ref if where in {"decision", "result"} else ""),
        types=RANKED,
    )
    value = compiled.decide("answer", {"a": 1}).value
    ordered = [{"risk": "high", "rate": Decimal(2)}, {"risk": "low", "rate": Decimal(1)}]
    assert value == (ordered if type_ref == "tRatings" else None)  # a list of two is no single structure


@pytest.mark.parametrize(
    ("type_ref", "code"),
    [
        pytest.param("gone", "DMN-TYPE-01", id="unknown"),
        pytest.param("tForeign", "DMN-LANGUAGE-01", id="with values that cannot be read"),
    ],
)
def test_nothing_conforms_to_a_type_that_is(type_ref: str, code: str) -> None:
    types = (ItemDefinition("tForeign", "string", allowed=UnaryTests("x", language="urn:groovy")),)
    compiled = model(
        input_data("a", type_ref),
        decision("answer", "a", inputs=["a"]),
        types=types if type_ref == "tForeign" else (),
    )
    assert [fault.code for fault in compiled.faults] == [code]
    assert compiled.decide("answer", {"a": "anything"}).value is None

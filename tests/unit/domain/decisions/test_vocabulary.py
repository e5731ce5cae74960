"""What an expression is compiled in: the names and types it sees, what is told of others, and where faults stand."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.unit.domain.decisions.models import decision, input_data, knowledge_model, model, sound_model, table

from comptroller.domain.decisions.definitions import (
    BoxedExpression,
    Context,
    ContextEntry,
    Filter,
    FunctionDefinition,
    InformationItem,
    ItemDefinition,
    LiteralExpression,
    OutputClause,
    UnaryTests,
)
from comptroller.domain.feel import Value
from comptroller.domain.kernel.fault import Severity

TYPES = (
    ItemDefinition("tRisk", "string", allowed=UnaryTests('"low", "high"')),
    ItemDefinition("t risk and rate", components=(ItemDefinition("risk", "tRisk"), ItemDefinition("rate", "number"))),
)


def text(feel: str) -> LiteralExpression:
    return LiteralExpression(feel)


def entry(name: str | None, value: BoxedExpression) -> ContextEntry:
    return ContextEntry(None if name is None else InformationItem(name), value)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param('"low" instance of tRisk', True, id="a value of the type"),
        pytest.param('"none" instance of tRisk', False, id="a value that the type does not allow"),
        pytest.param('{risk: "low", rate: 1} instance of t risk and rate', True, id="a type with keywords in its name"),
        pytest.param('(["low"]) instance of list<tRisk>', True, id="inside another type"),
        pytest.param('(function(risk: tRisk) risk)("high")', "high", id="a parameter of the type"),
        pytest.param('(function(risk: tRisk) risk)("none")', None, id="a parameter of the type, given another value"),
    ],
)
def test_expressions_name_the_types_of_the_model(expression: str, value: Value) -> None:
    compiled = sound_model(decision("answer", expression), types=TYPES)
    assert compiled.decide("answer", {}).value == value


def test_cells_name_the_types_of_the_model() -> None:
    rules = table(["amount"], [""], [["? instance of tRisk", '"risk"'], ["not(? instance of tRisk)", '"other"']])
    compiled = sound_model(input_data("amount"), decision("answer", rules, inputs=["amount"]), types=TYPES)
    assert compiled.decide("answer", {"amount": "low"}).value == "risk"
    assert compiled.decide("answer", {"amount": "none"}).value == "other"


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        pytest.param(text("amount + hidden"), [("DMN-REQUIREMENT-04", "decision[answer]")], id="an input not required"),
        pytest.param(text("amount + hiden"), [("DMN-NAME-05", "decision[answer]")], id="a name misspelt"),
        pytest.param(text("rond(amount)"), [("DMN-NAME-05", "decision[answer]")], id="a function that is none"),
        pytest.param(text("check(amount)"), [("DMN-REQUIREMENT-04", "decision[answer]")], id="a function not required"),
        pytest.param(
            table(["amount", "hidden"], [""], [["-", "other", "hidden"]]),
            [
                ("DMN-NAME-05", "decision[answer]/decisionTable/rule[1]/input[2]"),
                ("DMN-REQUIREMENT-04", "decision[answer]/decisionTable/input[2]"),
                ("DMN-REQUIREMENT-04", "decision[answer]/decisionTable/rule[1]/output[1]"),
            ],
            id="in a table's cells",
        ),
        pytest.param(text("count(amount[hidden > 1])"), [], id="in a filter, what may be an entry of the item"),
        pytest.param(Filter(text("amount"), text("hidden > 1")), [], id="in a boxed filter, the same"),
        pytest.param(text("for hidden in amount return hidden"), [], id="a variable of the expression's own"),
        pytest.param(text("{hidden: amount, more: hidden}"), [], id="an entry above"),
        pytest.param(
            Context((entry("again", FunctionDefinition((), text("again()"))), entry(None, text("amount")))),
            [],
            id="a boxed function that calls itself",
        ),
        pytest.param(
            Context((entry("again", text("function() again()")), entry(None, text("amount")))),
            [],
            id="a function that calls itself",
        ),
        pytest.param(text("1"), [("DMN-REQUIREMENT-05", "decision[answer]")], id="a requirement not used"),
    ],
)
def test_names_that_are_not_in_scope_are_told_and_the_rest_decides(
    expression: BoxedExpression, told: Sequence[tuple[str, str]]
) -> None:
    compiled = model(
        input_data("amount"),
        input_data("hidden"),
        knowledge_model("check", ["n"], "n"),
        decision("answer", expression, inputs=["amount"]),
        decision("beside", "amount", inputs=["amount"]),
    )
    assert sorted((fault.code, fault.path) for fault in compiled.faults) == sorted(told)
    assert all(fault.severity is not Severity.ERROR and fault.help for fault in compiled.faults)
    assert compiled.decide("beside", {"amount": 1}).value == 1


def test_a_warning_does_not_keep_a_decision_from_deciding() -> None:
    compiled = model(input_data("a"), decision("answer", "if a > 1 then a else typo", inputs=["a"]))
    assert [fault.code for fault in compiled.faults] == ["DMN-NAME-05"]
    assert compiled.decide("answer", {"a": 2}).value == 2


@pytest.mark.parametrize(
    ("expression", "path"),
    [
        pytest.param(text('1 + "a"'), "decision[answer], offset 2", id="a literal expression"),
        pytest.param(
            Context((entry("net", text("1")), entry(None, text('net - "a"')))),
            "decision[answer]/context/contextEntry[2], offset 4",
            id="an entry of a context",
        ),
        pytest.param(
            table(["amount"], [""], [["-", '  1 + "a"']]),
            "decision[answer]/decisionTable/rule[1]/output[1], offset 4",
            id="an output entry",
        ),
        pytest.param(
            table(["amount"], [""], [["? < amount + null", "1"]]),
            "decision[answer]/decisionTable/rule[1]/input[1], offset 11",
            id="an input entry",
        ),
        pytest.param(
            table(['amount + "a"'], [""], [["-", "1"]]),
            "decision[answer]/decisionTable/input[1], offset 7",
            id="an input expression",
        ),
        pytest.param(
            table(["amount"], [OutputClause("", "string")], [["0", "null"], ["-", "amount + 1"]]),
            "decision[answer]/decisionTable/rule[2]/output[1]",
            id="an output entry that gives what its column does not allow",
        ),
        pytest.param(
            text("check(amount)"), "businessKnowledgeModel[check], offset 2", id="the body of a function that is called"
        ),
        pytest.param(
            Filter(text("amount"), text('"x"')), "decision[answer]/filter/match, offset 0", id="a boxed filter"
        ),
    ],
)
def test_what_goes_wrong_while_deciding_is_told_with_its_place(expression: BoxedExpression, path: str) -> None:
    compiled = sound_model(
        input_data("amount"),
        knowledge_model("check", ["n"], 'n + "a"'),
        decision("answer", expression, inputs=["amount"], knowledge=["check"]),
    )
    paths = {fault.path for fault in compiled.decide("answer", {"amount": 1}).faults}
    assert path in paths


def test_the_same_mistake_in_two_places_is_told_of_both() -> None:
    compiled = sound_model(decision("first", "1 + null"), decision("answer", "1 + null", decisions=["first"]))
    faults = compiled.decide("answer", {}).faults
    assert [fault.path for fault in faults] == ["decision[first], offset 2", "decision[answer], offset 2"]


@pytest.mark.parametrize("place", ["cell", "allowed values", "values of a type"])
def test_tests_of_another_language_are_faults(place: str) -> None:
    foreign = UnaryTests("x", language="urn:groovy")
    rules = table(["amount"], [""], [["x", "1"], ["x", "2"]])
    types: tuple[ItemDefinition, ...] = ()
    if place == "cell":
        rules = replace(rules, rules=(rules.rules[0], replace(rules.rules[1], inputs=(foreign,))))
    elif place == "allowed values":
        rules = replace(rules, inputs=(replace(rules.inputs[0], allowed=foreign),))
    else:
        types = (ItemDefinition("t", "string", allowed=foreign),)
    compiled = model(
        input_data("amount"), input_data("x"), decision("answer", rules, inputs=["amount", "x"]), types=types
    )
    assert [fault.code for fault in compiled.faults] == ["DMN-LANGUAGE-01"]


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        pytest.param([{"item": Decimal(2)}], [{"item": Decimal(2)}], id="an entry of that name hides the item"),
        pytest.param([Decimal(2), Decimal(3)], [Decimal(2)], id="the item itself"),
    ],
)
def test_item_in_a_boxed_filter(values: Value, answer: Value) -> None:
    compiled = sound_model(
        input_data("values"), decision("answer", Filter(text("values"), text("item = 2")), inputs=["values"])
    )
    assert compiled.decide("answer", {"values": values}).value == answer

"""Decision services and business knowledge models as functions (clause 10.4): arguments, scopes and answers."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from tests.unit.domain.decisions.models import decision, here, input_data, knowledge_model, model, sound_model, table

from comptroller.domain.decisions.definitions import (
    Binding,
    BoxedExpression,
    DecisionService,
    Element,
    InformationItem,
    Invocation,
    ItemDefinition,
    LiteralExpression,
)
from comptroller.domain.feel import Value

TYPES = (
    ItemDefinition("tBoth", components=(ItemDefinition("tax", "number"), ItemDefinition("gross", "number"))),
    ItemDefinition("tNames", components=(ItemDefinition("tax", "string"), ItemDefinition("gross", "string"))),
)


def service(
    name: str, outputs: Sequence[str], inside: Sequence[str] = (), *, type_ref: str = "", rate_given: bool = False
) -> DecisionService:
    """A service over the amount, and over the rate where that is given to it."""
    return DecisionService(
        name,
        name,
        InformationItem(name, type_ref),
        tuple(map(here, outputs)),
        tuple(map(here, inside)),
        (here("rate"),) if rate_given else (),
        (here("amount"),),
    )


def taxation() -> list[Element]:
    rates = table(["amount"], [""], [["< 100", "0.5"], [">= 100", "2"]])
    return [
        input_data("amount", "number"),
        decision("rate", rates, inputs=["amount"], type_ref="number"),
        decision("tax", "amount * rate", inputs=["amount"], decisions=["rate"]),
        decision("gross", "amount + tax", inputs=["amount"], decisions=["tax"]),
        service("whole", ["gross"], ["tax", "rate"]),
        service("rated", ["gross"], ["tax"], rate_given=True),
        service("both", ["tax", "gross"], ["rate"]),
        service("both typed", ["tax", "gross"], ["rate"], type_ref="tBoth"),
        service("both mistyped", ["tax", "gross"], ["rate"], type_ref="tNames"),
        service("number", ["gross"], ["tax", "rate"], type_ref="number"),
        service("text", ["gross"], ["tax", "rate"], type_ref="string"),
        knowledge_model("twice", ["n"], "whole(whole(n))", knowledge=["whole"]),
        knowledge_model("applied", ["f", "n"], "f(n)"),
    ]


ALL = ["whole", "rated", "both", "both typed", "both mistyped", "number", "text", "twice", "applied"]


def invocation(called: str, **arguments: str) -> Invocation:
    return Invocation(
        LiteralExpression(called),
        tuple(Binding(InformationItem(name), LiteralExpression(feel)) for name, feel in arguments.items()),
    )


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param("whole(10)", Decimal(15), id="by position"),
        pytest.param("whole(amount: 10)", Decimal(15), id="by name"),
        pytest.param(invocation("whole", amount="10"), Decimal(15), id="by a boxed invocation"),
        pytest.param("rated(10, 3)", Decimal(40), id="an input decision after the inputs, not decided"),
        pytest.param("rated(rate: 3, amount: 10)", Decimal(40), id="an input decision by its name"),
        pytest.param("both(10)", {"tax": Decimal(5), "gross": Decimal(15)}, id="several outputs make a context"),
        pytest.param("both(10).tax", Decimal(5), id="of which one is asked for"),
        pytest.param("both typed(10).gross", Decimal(15), id="several outputs of a declared structure"),
        pytest.param("both mistyped(10)", None, id="several outputs of another structure"),
        pytest.param("number(10)", Decimal(15), id="an answer of the declared type"),
        pytest.param("text(10)", None, id="an answer of another type"),
        pytest.param("whole([10])", Decimal(15), id="a list of one as an argument"),
        pytest.param('whole("10")', None, id="an argument of another type"),
        pytest.param("whole()", None, id="an argument missing"),
        pytest.param("whole(10, 20)", None, id="an argument too many"),
        pytest.param("whole(rate: 10)", None, id="an argument that is none"),
        pytest.param(invocation("whole", rate="10"), None, id="a binding that is none"),
        pytest.param("for n in [10, 100] return whole(n)", [Decimal(15), Decimal(300)], id="once for each item"),
        pytest.param("twice(10)", Decimal("22.5"), id="from a business knowledge model"),
        pytest.param("applied(whole, 10)", Decimal(15), id="as an argument itself"),
        pytest.param("whole instance of function<number> -> Any", True, id="as a function"),
    ],
)
def test_a_service_is_a_function(expression: BoxedExpression | str, value: Value) -> None:
    compiled = sound_model(*taxation(), decision("answer", expression, knowledge=ALL), types=TYPES)
    assert compiled.decide("answer", {"amount": 1000}).value == value


def test_a_decision_outside_is_not_touched_by_what_a_service_decides() -> None:
    asked = decision("answer", "[gross, whole(10), gross]", decisions=["gross"], knowledge=["whole"])
    compiled = sound_model(*taxation(), asked, types=TYPES)
    assert compiled.decide("answer", {"amount": 100}).value == [Decimal(300), Decimal(15), Decimal(300)]


def test_what_a_service_decides_inside_is_not_in_scope_outside() -> None:
    asked = decision("answer", "if whole(10) = 15 then {tax: tax, amount: amount} else 0", knowledge=["whole"])
    compiled = model(*taxation(), asked, types=TYPES)
    assert [fault.code for fault in compiled.faults] == ["DMN-REQUIREMENT-04"] * 2
    assert compiled.decide("answer", {"amount": 1}).value == {"tax": None, "amount": None}

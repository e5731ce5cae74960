"""Wherever a type is declared a value is held to it: it conforms, is converted as the standard says, or is null.

The conversions (10.3.2.9.4): a list of one becomes its element, an element a list of one, a day its midnight in UTC.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.unit.domain.decisions.models import decision, here, input_data, knowledge_model, sound_model, table

from comptroller.domain.decisions.definitions import (
    Binding,
    BoxedExpression,
    BoxedList,
    Conditional,
    Context,
    ContextEntry,
    DecisionService,
    Element,
    Filter,
    FunctionDefinition,
    InformationItem,
    Invocation,
    ItemDefinition,
    Iterator,
    IteratorKind,
    LiteralExpression,
    OutputClause,
    Relation,
)
from comptroller.domain.feel import Value

TYPES = (
    ItemDefinition("tNumbers", "number", is_collection=True),
    ItemDefinition("tPerson", components=(ItemDefinition("age", "number"),)),
)
AS_IT_IS = LiteralExpression("given")


def answering(expression: BoxedExpression | str, *others: Element, type_ref: str = "") -> list[Element]:
    """A model whose decision `answer` sees the input `given`, and functions beside."""
    names = [element.name for element in others]
    return [
        input_data("given"),
        *others,
        decision("answer", expression, inputs=["given"], knowledge=names, type_ref=type_ref),
    ]


def held_as_input(wanted: str) -> list[Element]:
    return [input_data("given", wanted), decision("answer", "given", inputs=["given"])]


def held_as_answer_of_people(wanted: str) -> list[Element]:
    return [decision("given", None, type_ref=wanted), decision("answer", "given", decisions=["given"])]


def held_in_a_context(wanted: str) -> list[Element]:
    entry = ContextEntry(InformationItem("held", wanted), AS_IT_IS)
    return answering(Context((entry, ContextEntry(None, LiteralExpression("held")))))


def held_by_a_binding(wanted: str) -> list[Element]:
    bound = Binding(InformationItem("n", wanted), AS_IT_IS)
    return answering(Invocation(LiteralExpression("same"), (bound,)), knowledge_model("same", ["n"], "n"))


def held_in_a_relation(wanted: str) -> list[Element]:
    rows = Relation((InformationItem("held", wanted),), ((AS_IT_IS,),))
    return answering(
        Context((ContextEntry(InformationItem("rows"), rows), ContextEntry(None, LiteralExpression("rows[1].held"))))
    )


def held_in_a_loop(wanted: str) -> list[Element]:
    body = LiteralExpression("held", wanted)
    loop = Iterator(IteratorKind.FOR, "held", LiteralExpression("[given]"), body)
    return answering(Filter(loop, LiteralExpression("1")))


def held_by_a_service(wanted: str) -> list[Element]:
    service = DecisionService(
        "service", "service", InformationItem("service", wanted), (here("inside"),), input_data=(here("given"),)
    )
    inside = decision("inside", "given", inputs=["given"])
    return [
        input_data("given"),
        inside,
        service,
        decision("answer", "service(given)", inputs=["given"], knowledge=["service"]),
    ]


def held_by_a_services_parameter(wanted: str) -> list[Element]:
    service = DecisionService(
        "service", "service", InformationItem("service"), (here("inside"),), input_data=(here("typed"),)
    )
    inside = decision("inside", "typed", inputs=["typed"])
    asked = decision("answer", "service(given)", inputs=["given"], knowledge=["service"])
    return [input_data("given"), input_data("typed", wanted), inside, service, asked]


def boxed_function(wanted: str) -> BoxedExpression:
    function = FunctionDefinition((InformationItem("n", wanted),), LiteralExpression("n"))
    return Context(
        (ContextEntry(InformationItem("same"), function), ContextEntry(None, LiteralExpression("same(given)")))
    )


def functions_result(wanted: str) -> BoxedExpression:
    function = FunctionDefinition((InformationItem("n"),), LiteralExpression("n"), type_ref=wanted)
    return Context(
        (ContextEntry(InformationItem("same"), function), ContextEntry(None, LiteralExpression("same(given)")))
    )


def entry_of_a_table(wanted: str) -> BoxedExpression:
    rules = table(["given"], [""], [["-", "given"]])
    return replace(rules, rules=(replace(rules.rules[0], outputs=(LiteralExpression("given", wanted),)),))


PLACES: dict[str, Callable[[str], list[Element]]] = {
    "an input": held_as_input,
    "a decision": lambda wanted: answering("given", type_ref=wanted),
    "a decision that people answer": held_as_answer_of_people,
    "a literal expression": lambda wanted: answering(LiteralExpression("given", wanted)),
    "a context": lambda wanted: answering(Context((ContextEntry(None, AS_IT_IS),), wanted)),
    "an entry of a context": held_in_a_context,
    "a conditional": lambda wanted: answering(
        Conditional(LiteralExpression("true"), AS_IT_IS, LiteralExpression("null"), wanted)
    ),
    "an element of a list": lambda wanted: answering(
        Filter(BoxedList((LiteralExpression("given", wanted),)), LiteralExpression("1"))
    ),
    "a column of a relation": held_in_a_relation,
    "the body of a loop": held_in_a_loop,
    "a filter": lambda wanted: answering(Filter(LiteralExpression("[given]"), LiteralExpression("1"), wanted)),
    "a binding": held_by_a_binding,
    "an invocation": lambda wanted: answering(
        Invocation(LiteralExpression("same"), (Binding(InformationItem("n"), AS_IT_IS),), wanted),
        knowledge_model("same", ["n"], "n"),
    ),
    "a parameter": lambda wanted: answering("same(given)", knowledge_model("same", [f"n: {wanted}"], "n")),
    "a function's result": lambda wanted: answering(
        "same(given)", knowledge_model("same", ["n"], "n", type_ref=wanted)
    ),
    "a parameter of a boxed function": lambda wanted: answering(boxed_function(wanted)),
    "the result of a boxed function": lambda wanted: answering(functions_result(wanted)),
    "a decision service": held_by_a_service,
    "a parameter of a decision service": held_by_a_services_parameter,
    "a decision table": lambda wanted: answering(replace(table(["given"], [""], [["-", "given"]]), type_ref=wanted)),
    "an output of a decision table": lambda wanted: answering(
        table(["given"], [OutputClause("", wanted)], [["-", "given"]])
    ),
    "an output entry": lambda wanted: answering(entry_of_a_table(wanted)),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("wanted", "given", "value"),
    [
        pytest.param("number", Decimal(7), Decimal(7), id="what conforms stays"),
        pytest.param("number", [Decimal(7)], Decimal(7), id="a list of one"),
        pytest.param("number", [Decimal(7), Decimal(8)], None, id="a list of two"),
        pytest.param("number", "7", None, id="another type"),
        pytest.param("number", None, None, id="null"),
        pytest.param("tNumbers", Decimal(7), [Decimal(7)], id="an element"),
        pytest.param("tNumbers", [Decimal(7), "8"], None, id="a wrong element"),
        pytest.param("tPerson", [{"age": Decimal(7)}], {"age": Decimal(7)}, id="a list of one structure"),
        pytest.param("tPerson", {"age": "7"}, None, id="a wrong entry"),
        pytest.param("date and time", date(2026, 3, 27), datetime(2026, 3, 27, tzinfo=UTC), id="a day"),
        pytest.param("date", datetime(2026, 3, 27, tzinfo=UTC), None, id="a time is no day"),
    ],
)
def test_a_value_is_held_to_the_declared_type(place: str, wanted: str, given: Value, value: Value) -> None:
    compiled = sound_model(*PLACES[place](wanted), types=TYPES)
    outcome = compiled.decide("answer", {"given": given})
    assert (outcome.value, outcome.value.__class__) == (value, value.__class__)
    assert bool(outcome.faults) is (value is None and given is not None)

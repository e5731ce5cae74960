"""Names of entries with blanks, operators and keywords: known wherever the model writes them down."""

from datetime import date
from decimal import Decimal

import pytest
from tests.unit.domain.decisions.models import decision, definitions, input_data, knowledge_model, sound_model, table

from comptroller.domain.decisions.definitions import (
    Binding,
    BoxedExpression,
    BoxedList,
    Conditional,
    Context,
    ContextEntry,
    Filter,
    FunctionDefinition,
    InformationItem,
    Invocation,
    ItemDefinition,
    Iterator,
    IteratorKind,
    LiteralExpression,
    Relation,
)
from comptroller.domain.decisions.entry_names import entry_names
from comptroller.domain.feel import Value


def text(feel: str) -> LiteralExpression:
    return LiteralExpression(feel)


def named(name: str, value: BoxedExpression) -> Context:
    return Context((ContextEntry(InformationItem(name), value),))


NULL = text("null")
STOCK = ItemDefinition(
    "tStock",
    components=(ItemDefinition("unit-price", "number"), ItemDefinition("in stock", "boolean")),
    is_collection=True,
)
ROWS: Value = [{"unit-price": Decimal(3), "in stock": True}, {"unit-price": Decimal(1), "in stock": False}]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param(text("rows[1].unit-price"), Decimal(3), id="after a dot"),
        pytest.param(text("rows.unit-price"), [Decimal(3), Decimal(1)], id="after a dot, of every item"),
        pytest.param(text("rows[in stock].unit-price"), [Decimal(3)], id="in a filter"),
        pytest.param(text("rows[unit-price < 2].in stock"), [False], id="in a filter, with an operator"),
        pytest.param(text("rows[item.unit-price < 2].in stock"), [False], id="in a filter, of the item"),
        pytest.param(text("for row in rows return row.unit-price"), [Decimal(3), Decimal(1)], id="in a loop"),
        pytest.param(text("some row in rows satisfies row.in stock"), True, id="in a quantified expression"),
        pytest.param(
            Filter(text("rows"), text("in stock")), [{"unit-price": Decimal(3), "in stock": True}], id="boxed"
        ),
        pytest.param(
            Filter(text("rows"), text("unit-price < 2")),
            [{"unit-price": Decimal(1), "in stock": False}],
            id="boxed, with an operator",
        ),
        pytest.param(
            table(["rows[1].unit-price"], [""], [["> rows[2].unit-price", '"less"']]), "less", id="in a decision table"
        ),
    ],
)
def test_entries_of_a_type(expression: BoxedExpression, value: Value) -> None:
    compiled = sound_model(input_data("rows", "tStock"), decision("answer", expression, inputs=["rows"]), types=[STOCK])
    assert compiled.decide("answer", {"rows": ROWS}).value == value


@pytest.mark.parametrize(
    ("match", "dates"),
    [
        pytest.param('date > @"2026-01-15"', ["2026-02-01"], id="the entry"),
        pytest.param(
            'date and time(date, time("00:00:00")) > date and time("2026-01-15T00:00:00")',
            ["2026-02-01"],
            id="of a longer name",
        ),
        pytest.param("count(names) > 1", ["2026-01-01"], id="another function"),
    ],
)
def test_an_entry_may_have_the_name_of_a_function(match: str, dates: list[str]) -> None:
    rows: list[Value] = [
        {"date": date(2026, 1, 1), "names": ["a", "b"]},
        {"date": date(2026, 2, 1), "names": ["a"]},
    ]
    compiled = sound_model(input_data("rows"), decision("answer", Filter(text("rows"), text(match)), inputs=["rows"]))
    found = compiled.decide("answer", {"rows": rows}).value
    assert found == [row for row in rows if isinstance(row, dict) and str(row["date"]) in dates]


@pytest.mark.parametrize(
    ("logic", "expression", "value"),
    [
        pytest.param(named("profit-and-loss", text("1")), "given.profit-and-loss", Decimal(1), id="a context"),
        pytest.param(
            Relation((InformationItem("in stock"),), ((text("1"),),)),
            "given[in stock = 1].in stock",
            [Decimal(1)],
            id="a relation",
        ),
        pytest.param(table([], ["a/b", "c"], [["1", "2"]]), "given.a/b", Decimal(1), id="a decision table's outputs"),
    ],
)
def test_entries_that_another_decision_gives(logic: BoxedExpression, expression: str, value: Value) -> None:
    compiled = sound_model(decision("given", logic), decision("answer", expression, decisions=["given"]))
    assert compiled.decide("answer", {}).value == value


@pytest.mark.parametrize(
    "logic",
    [
        pytest.param(named("outer", named("a-b", NULL)), id="of a context"),
        pytest.param(BoxedList((NULL, named("a-b", NULL))), id="of a list"),
        pytest.param(Relation((InformationItem("c"),), ((named("a-b", NULL),),)), id="of a relation"),
        pytest.param(Invocation(named("a-b", NULL), ()), id="of an invocation"),
        pytest.param(Invocation(NULL, (Binding(InformationItem("c"), named("a-b", NULL)),)), id="of a binding"),
        pytest.param(FunctionDefinition((), named("a-b", NULL)), id="of a function"),
        pytest.param(Conditional(NULL, NULL, named("a-b", NULL)), id="of a conditional"),
        pytest.param(Filter(NULL, named("a-b", NULL)), id="of a filter"),
        pytest.param(Iterator(IteratorKind.FOR, "i", NULL, named("a-b", NULL)), id="of a loop"),
    ],
)
def test_names_are_found_inside(logic: BoxedExpression) -> None:
    assert entry_names([definitions(decision("d", logic))]) == {"a-b"}
    assert entry_names([definitions(knowledge_model("f", [], logic))]) == {"a-b"}

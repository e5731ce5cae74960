"""Boxed expressions: what each kind evaluates to, what it lets its parts see, and what is wrong with a faulty one."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from tests.unit.domain.decisions.models import decision, input_data, knowledge_model, model, sound_model

from comptroller.domain.decisions.definitions import (
    Binding,
    BoxedExpression,
    BoxedList,
    Conditional,
    Context,
    ContextEntry,
    Filter,
    FunctionDefinition,
    FunctionKind,
    InformationItem,
    Invocation,
    Iterator,
    IteratorKind,
    LiteralExpression,
    Relation,
)
from comptroller.domain.feel import Value

AMOUNTS: list[Value] = [Decimal(1), Decimal(5), Decimal(9)]


def text(feel: str, type_ref: str = "") -> LiteralExpression:
    return LiteralExpression(feel, type_ref)


def entry(name: str | None, value: BoxedExpression, type_ref: str = "") -> ContextEntry:
    return ContextEntry(None if name is None else InformationItem(name, type_ref), value)


def iterator(kind: IteratorKind, source: str, body: str, variable: str = "amount") -> Iterator:
    return Iterator(kind, variable, text(source), text(body))


def relation(*rows: Sequence[str]) -> Relation:
    columns = (InformationItem("kind"), InformationItem("limit", "number"))
    return Relation(columns, tuple(tuple(text(cell) for cell in row) for row in rows))


def invocation(called: str, **arguments: str) -> Invocation:
    return Invocation(
        text(called), tuple(Binding(InformationItem(name), text(feel)) for name, feel in arguments.items())
    )


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param(text("sum(amounts)"), Decimal(15), id="literal"),
        pytest.param(text("  "), None, id="literal without text"),
        pytest.param(text("amounts", "list"), AMOUNTS, id="literal that is a variable"),
        pytest.param(text("[3]", "number"), Decimal(3), id="literal, a list of one to its element"),
        pytest.param(
            Context((entry("net", text("10")), entry("gross", text("net * 2")))),
            {"net": Decimal(10), "gross": Decimal(20)},
            id="context whose entries see those above",
        ),
        pytest.param(
            Context((entry("net", text("10")), entry(None, text("net + 1")))), Decimal(11), id="context with a result"
        ),
        pytest.param(
            Context((entry("unit price", text("2")), entry(None, text("unit price * 3")))),
            Decimal(6),
            id="blank in a name",
        ),
        pytest.param(BoxedList((text("1"), text('"a"'))), [Decimal(1), "a"], id="list"),
        pytest.param(
            relation(['"service"', "100"], ['"goods"', "50 * 2"]),
            [{"kind": "service", "limit": Decimal(100)}, {"kind": "goods", "limit": Decimal(100)}],
            id="relation",
        ),
        pytest.param(invocation("surcharge", amount="100", percent="5"), Decimal(105), id="invocation by names"),
        pytest.param(invocation("sum", list="amounts"), Decimal(15), id="invocation of a built-in function"),
        pytest.param(
            Context(
                (
                    entry("double", FunctionDefinition((InformationItem("n", "number"),), text("n * 2"))),
                    entry(None, text("double(4) + count(amounts)")),
                )
            ),
            Decimal(11),
            id="function definition",
        ),
        pytest.param(
            Context(
                (
                    entry("total", FunctionDefinition((InformationItem("unit-price"),), text("unit-price * 3"))),
                    entry(None, text("total(2)")),
                )
            ),
            Decimal(6),
            id="function definition with an operator in a parameter's name",
        ),
        pytest.param(
            Conditional(text("count(amounts) > 2"), text('"many"'), text('"few"')), "many", id="conditional, true"
        ),
        pytest.param(
            Conditional(text("null"), text('"many"'), text('"few"')), "few", id="conditional, null is not true"
        ),
        pytest.param(Filter(text("amounts"), text("item > 3")), [Decimal(5), Decimal(9)], id="filter by item"),
        pytest.param(
            Filter(relation(['"a"', "1"], ['"b"', "2"]), text("limit > 1")),
            [{"kind": "b", "limit": Decimal(2)}],
            id="filter by an entry of the item",
        ),
        pytest.param(
            iterator(IteratorKind.FOR, "amounts", "amount + 1"), [Decimal(2), Decimal(6), Decimal(10)], id="for"
        ),
        pytest.param(
            iterator(IteratorKind.FOR, "[1..3]", "amount"), [Decimal(1), Decimal(2), Decimal(3)], id="for over a range"
        ),
        pytest.param(
            iterator(IteratorKind.FOR, "amounts", "count(partial)"),
            [Decimal(0), Decimal(1), Decimal(2)],
            id="for, results so far",
        ),
        pytest.param(iterator(IteratorKind.SOME, "amounts", "amount > 8"), True, id="some"),
        pytest.param(iterator(IteratorKind.SOME, "[]", "true"), False, id="some of nothing"),
        pytest.param(iterator(IteratorKind.EVERY, "amounts", "amount > 8"), False, id="every"),
        pytest.param(iterator(IteratorKind.EVERY, "amounts", "amount > 0"), True, id="every, all"),
        pytest.param(iterator(IteratorKind.EVERY, "[1, null]", "amount > 0"), None, id="every, one cannot be told"),
    ],
)
def test_value(expression: BoxedExpression, value: Value) -> None:
    surcharge = knowledge_model("surcharge", ["amount: number", "percent: number"], "amount * (100 + percent) / 100")
    compiled = sound_model(
        input_data("amounts"),
        surcharge,
        decision("answer", expression, inputs=["amounts"], knowledge=["surcharge"]),
    )
    assert compiled.decide("answer", {"amounts": AMOUNTS}).value == value


@pytest.mark.parametrize(
    ("function", "value"),
    [
        pytest.param(FunctionDefinition((), text("amounts")), AMOUNTS, id="a boxed function"),
        pytest.param(text("function() amounts"), AMOUNTS, id="a function in FEEL"),
        pytest.param(text("(for i in 1..1 return function() amounts)[1]"), AMOUNTS, id="a function made inside"),
        pytest.param(
            FunctionDefinition((InformationItem("n", "number"),), text("if n > 2 then n else made(n + 1)")),
            Decimal(3),
            id="a boxed function that calls itself",
        ),
        pytest.param(
            text("function(n) if n > 2 then n else made(n + 1)"), Decimal(3), id="a function that calls itself"
        ),
    ],
)
def test_a_function_sees_the_entries_above_it_and_none_below(function: BoxedExpression, value: Value) -> None:
    call = "made(1)" if value == 3 else "made()"
    boxed = Context((entry("made", function), entry("amounts", text("0")), entry(None, text(call))))
    compiled = sound_model(input_data("amounts"), decision("answer", boxed, inputs=["amounts"]))
    assert compiled.decide("answer", {"amounts": AMOUNTS}).value == value


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        pytest.param(text('"a"', "number"), "DMN-TYPE-04", id="a text declared as number"),
        pytest.param(
            Context((entry("a", text('"a"'), "number"), entry(None, text("a")))),
            "DMN-TYPE-04",
            id="a typed context entry",
        ),
        pytest.param(invocation("surcharge", amount="1"), "FEEL-CALL-02", id="a parameter not bound"),
        pytest.param(invocation("surcharge", amount="1", rate="5"), "FEEL-CALL-02", id="a parameter that is none"),
        pytest.param(
            invocation("surcharge", amount='"1"', percent="5"), "FEEL-CALL-03", id="an argument of another type"
        ),
        pytest.param(invocation("amounts", amount="1"), "FEEL-CALL-01", id="an invocation of what is no function"),
        pytest.param(text("hidden"), "FEEL-NAME-01", id="a variable that is not required"),
    ],
)
def test_what_goes_wrong_while_deciding_is_null_with_its_reason(expression: BoxedExpression, code: str) -> None:
    surcharge = knowledge_model("surcharge", ["amount: number", "percent: number"], "amount * (100 + percent) / 100")
    compiled = model(
        input_data("amounts"),
        input_data("hidden"),
        surcharge,
        decision("answer", expression, inputs=["amounts"], knowledge=["surcharge"]),
    )
    outcome = compiled.decide("answer", {"amounts": AMOUNTS, "hidden": "secret"})
    assert outcome.value is None
    assert code in [fault.code for fault in outcome.faults]


@pytest.mark.parametrize(
    ("expression", "faults"),
    [
        pytest.param(text("1 +"), [("FEEL-SYNTAX-01", "decision[answer], offset 3")], id="no FEEL"),
        pytest.param(
            LiteralExpression("1", language="urn:java"),
            [("DMN-LANGUAGE-01", "decision[answer]")],
            id="another language",
        ),
        pytest.param(
            FunctionDefinition((), text("1"), FunctionKind.JAVA),
            [("DMN-LANGUAGE-02", "decision[answer]/functionDefinition")],
            id="a function outside the model",
        ),
        pytest.param(
            FunctionDefinition((InformationItem("a"), InformationItem("a")), text("a")),
            [("DMN-FUNCTION-02", "decision[answer]/functionDefinition")],
            id="two parameters of one name",
        ),
        pytest.param(
            Invocation(text("abs"), (Binding(InformationItem("a"), None), Binding(InformationItem("a"), None))),
            [("DMN-FUNCTION-01", "decision[answer]/invocation")],
            id="a parameter bound twice",
        ),
        pytest.param(
            Context((entry("a", text("1")), entry("a", text("2")))),
            [("DMN-CONTEXT-01", "decision[answer]/context/contextEntry[a]")],
            id="two entries of one name",
        ),
        pytest.param(
            relation(["1"]), [("DMN-RELATION-01", "decision[answer]/relation/row[1]")], id="a row with cells too few"
        ),
        pytest.param(
            iterator(IteratorKind.FOR, "[1]", "1", variable=""),
            [("DMN-ITERATOR-01", "decision[answer]/for")],
            id="an iteration without variable",
        ),
        pytest.param(text("1", "tMissing"), [("DMN-TYPE-01", "decision[answer]")], id="an unknown type"),
        pytest.param(
            BoxedList((text("1 +"), Conditional(text("< <"), text("1"), text("2", "tMissing")))),
            [
                ("FEEL-SYNTAX-01", "decision[answer]/list[1], offset 3"),
                ("FEEL-SYNTAX-01", "decision[answer]/list[2]/conditional/if, offset 0"),
                ("DMN-TYPE-01", "decision[answer]/list[2]/conditional/else"),
            ],
            id="every fault in one pass",
        ),
    ],
)
def test_faults_of_the_model_name_their_place_and_the_decision_is_null(
    expression: BoxedExpression, faults: list[tuple[str, str]]
) -> None:
    compiled = model(decision("answer", expression))
    assert sorted((fault.code, fault.path) for fault in compiled.faults) == sorted(faults)
    assert compiled.decide("answer", {}).value is None

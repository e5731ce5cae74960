"""Models that import others: under which names their elements and types are seen, and what is wrong with an import."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.unit.domain.decisions.models import NAMESPACE, decision, input_data, knowledge_model

from comptroller.domain.decisions import compile_model
from comptroller.domain.decisions.definitions import (
    Binding,
    Decision,
    DecisionService,
    Definitions,
    Element,
    Import,
    InformationItem,
    Invocation,
    ItemDefinition,
    LiteralExpression,
    Reference,
    UnaryTests,
)
from comptroller.domain.feel import Value
from comptroller.domain.kernel.fault import Severity

BASE = "urn:base"
MIDDLE = "urn:middle"
LINE = ItemDefinition("tLine", components=(ItemDefinition("net amount", "number"),))


def at(namespace: str, *names: str) -> tuple[Reference, ...]:
    return tuple(Reference(namespace, name) for name in names)


def base() -> Definitions:
    """A model with one element of each kind, and two types."""
    doubled = replace(decision("doubled", "line.net amount * 2"), required_inputs=at(BASE, "line"))
    service = DecisionService("doubling", "doubling", InformationItem("doubling"), at(BASE, "doubled"))
    return Definitions(
        "base",
        BASE,
        item_definitions=(LINE, ItemDefinition("tSign", "string", allowed=UnaryTests('"+", "-"'))),
        elements=(
            input_data("line", "tLine"),
            doubled,
            knowledge_model("half", ["n: number"], "n / 2"),
            replace(service, input_data=at(BASE, "line")),
        ),
    )


def main(
    logic: Decision, *imports: Import, elements: Sequence[Element] = (), namespace: str = NAMESPACE
) -> Definitions:
    return Definitions("main", namespace, imports=imports, elements=(*elements, logic))


def asking(expression: str, namespace: str = BASE) -> Decision:
    """A decision that requires all that a model has."""
    return replace(
        decision("answer", expression),
        required_inputs=at(namespace, "line"),
        required_decisions=at(namespace, "doubled"),
        required_knowledge=at(namespace, "half", "doubling"),
    )


GIVEN: dict[str, Value] = {"line": {"net amount": Decimal(8)}}


@pytest.mark.parametrize("name", ["base", "base model", "in-and out", ""], ids=["a word", "words", "keywords", "none"])
@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param("{}line.net amount", Decimal(8), id="an input"),
        pytest.param("{}doubled", Decimal(16), id="a decision"),
        pytest.param("{}half(5)", Decimal("2.5"), id="a business knowledge model"),
        pytest.param("{}doubling({{net amount: 3}})", Decimal(6), id="a decision service"),
        pytest.param("{}doubling(line: {{net amount: 3}})", Decimal(6), id="a decision service, by its inputs' names"),
        pytest.param('"+" instance of {}tSign', True, id="a type"),
        pytest.param("{}line instance of {}tLine", True, id="a structure"),
    ],
)
def test_what_is_imported_is_seen_under_the_imports_name(name: str, expression: str, value: Value) -> None:
    prefix = f"{name}." if name else ""
    source = main(asking(expression.replace("{}", prefix).replace("{{", "{").replace("}}", "}")), Import(name, BASE))
    compiled = compile_model(source, [base()])
    assert [fault for fault in compiled.faults if fault.severity is not Severity.INFORMATION] == []
    assert compiled.decide("answer", GIVEN).value == value


@pytest.mark.parametrize("name", ["base model", ""], ids=["under a name", "without a name"])
def test_an_imported_function_is_invoked_and_an_imported_type_is_held(name: str) -> None:
    prefix = f"{name}." if name else ""
    called = LiteralExpression(f"{prefix}half")
    logic = Invocation(called, (Binding(InformationItem("n"), LiteralExpression("own.net amount")),))
    answer = replace(decision("answer", logic, inputs=["own"]), required_knowledge=at(BASE, "half"))
    source = main(answer, Import(name, BASE), elements=[input_data("own", f"{prefix}tLine")])
    compiled = compile_model(source, [base()])
    assert compiled.faults == ()
    assert compiled.decide("answer", {"own": {"net amount": 5}}).value == Decimal("2.5")
    assert next(fault.code for fault in compiled.decide("answer", {"own": {"net": 5}}).faults) == "DMN-TYPE-04"


def test_what_is_imported_without_a_name_is_asked_for_as_ones_own() -> None:
    middle = main(decision("in between", "1"), Import("", BASE), namespace=MIDDLE)
    compiled = compile_model(main(decision("in between", "2"), Import("", MIDDLE)), [middle, base()])
    assert compiled.decision_names == ("in between", "doubled")
    assert compiled.service_names == ("doubling",)
    assert compiled.decide("doubled", GIVEN).value == 16
    assert compiled.decide("in between", {}).value == 2  # the model's own comes first
    named = compile_model(main(decision("answer", "1"), Import("base", BASE)), [base()])
    assert named.decision_names == ("answer",)


def test_a_model_under_two_names_is_seen_under_both() -> None:
    compiled = compile_model(
        main(asking("one.doubled + two.doubled"), Import("one", BASE), Import("two", BASE)), [base()]
    )
    assert compiled.decide("answer", GIVEN).value == 32


def test_two_models_that_import_a_third_look_at_the_same_input() -> None:
    def between(name: str, factor: int) -> Definitions:
        logic = replace(decision(name, f"base.doubled * {factor}"), required_decisions=at(BASE, "doubled"))
        return main(logic, Import("base", BASE), namespace=f"urn:{name}")

    answer = replace(
        decision("answer", "p.third + q.fifth"),
        required_decisions=(*at("urn:third", "third"), *at("urn:fifth", "fifth")),
    )
    source = main(answer, Import("p", "urn:third"), Import("q", "urn:fifth"))
    compiled = compile_model(source, [between("third", 3), between("fifth", 5), base()])
    assert compiled.faults == ()
    assert compiled.decide("answer", GIVEN).value == 16 * 8


def test_what_an_import_imports_is_not_seen_under_its_own_name() -> None:
    middle = main(
        replace(decision("own", "1"), variable=InformationItem("own")), Import("base", BASE), namespace=MIDDLE
    )
    compiled = compile_model(main(decision("answer", "base.doubled"), Import("middle", MIDDLE)), [middle, base()])
    assert [fault.code for fault in compiled.faults] == ["DMN-NAME-05"]
    assert compiled.decide("answer", GIVEN).value is None


def test_models_may_import_each_other() -> None:
    there = main(
        replace(decision("there", "here.start + 1"), required_decisions=at(NAMESPACE, "start")),
        Import("here", NAMESPACE),
        namespace=MIDDLE,
    )
    answer = replace(decision("answer", "there.there + 1"), required_decisions=at(MIDDLE, "there"))
    compiled = compile_model(main(answer, Import("there", MIDDLE), elements=[decision("start", "1")]), [there])
    assert compiled.faults == ()
    assert compiled.decide("answer", {}).value == 3


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Definitions("aside", "urn:aside", elements=(decision("d", "1 +"),)), id="that nobody imports"),
        pytest.param(
            Definitions("double", NAMESPACE, elements=(decision("d", "1 +"),)), id="of the model's own namespace"
        ),
        pytest.param(
            Definitions("double", BASE, elements=(decision("d", "1 +"),)), id="of an imported model's namespace"
        ),
    ],
)
def test_another_model_has_no_say(other: Definitions) -> None:
    source = main(asking("base.doubled"), Import("base", BASE))
    alone, beside = compile_model(source, [base()]), compile_model(source, [base(), other])
    assert beside.faults == alone.faults
    assert beside.hash == alone.hash
    assert beside.decide("answer", GIVEN).value == 16


@pytest.mark.parametrize(
    ("imports", "faults"),
    [
        pytest.param(
            [Import("base", "urn:gone")], [("DMN-IMPORT-01", "import[base]")], id="of a model that is not given"
        ),
        pytest.param(
            [Import("own", BASE)],
            [("DMN-IMPORT-02", "import[own]")],
            id="under the name of one of the model's elements",
        ),
        pytest.param(
            [Import("base", BASE), Import("base", MIDDLE)],
            [("DMN-IMPORT-02", "import[base]")],
            id="under the name of another import",
        ),
        pytest.param([Import("", BASE), Import("", MIDDLE)], [], id="of two models without names"),
    ],
)
def test_faults_of_imports(imports: Sequence[Import], faults: list[tuple[str, str]]) -> None:
    middle = Definitions("middle", MIDDLE)
    compiled = compile_model(main(decision("answer", "1"), *imports, elements=[decision("own", "2")]), [base(), middle])
    assert [(fault.code, fault.path) for fault in compiled.faults] == faults
    assert compiled.decide("answer", {}).value == 1


def test_what_is_required_of_a_model_that_is_not_imported_is_told_and_seen_as_ones_own() -> None:
    answer = replace(decision("answer", "doubled"), required_decisions=at(BASE, "doubled"))
    compiled = compile_model(main(answer), [base()])
    assert [(fault.code, fault.severity) for fault in compiled.faults] == [("DMN-IMPORT-03", Severity.WARNING)]
    assert compiled.decide("answer", GIVEN).value == 16

"""The requirement graph: every fault of a model is told, each with its place, and only what it touches is broken."""

from dataclasses import replace

import pytest
from tests.unit.domain.decisions.models import decision, definitions, here, input_data, knowledge_model, model

from comptroller.domain.decisions.definitions import DecisionService, Definitions, Element, InformationItem
from comptroller.domain.decisions.requirements import requirement_graph
from comptroller.domain.kernel.fault import Fault


def service(
    *outputs: str, inside: tuple[str, ...] = (), inputs: tuple[str, ...] = (), data: tuple[str, ...] = ()
) -> DecisionService:
    references = (tuple(map(here, names)) for names in (outputs, inside, inputs, data))
    return DecisionService("s", "s", InformationItem("s"), *references)


@pytest.mark.parametrize(
    ("elements", "faults"),
    [
        pytest.param([input_data("a"), decision("d", "a", inputs=["a"])], [], id="nothing wrong"),
        pytest.param(
            [decision("d", "a", inputs=["a"], decisions=["b"], knowledge=["c"])],
            [("DMN-REQUIREMENT-01", "decision[d]")] * 3,
            id="everything required is missing",
        ),
        pytest.param(
            [input_data("a"), decision("d", "a", decisions=["a"])],
            [("DMN-REQUIREMENT-02", "decision[d]")],
            id="an input required as a decision",
        ),
        pytest.param(
            [decision("d", "e", decisions=["e"]), decision("e", "d", decisions=["d"])],
            [("DMN-REQUIREMENT-03", "decision[d]")],
            id="two decisions require each other",
        ),
        pytest.param(
            [decision("d", "d", decisions=["d"])],
            [("DMN-REQUIREMENT-03", "decision[d]")],
            id="a decision requires itself",
        ),
        pytest.param(
            [decision("d", "s()", knowledge=["s"]), service("d")],
            [("DMN-REQUIREMENT-03", "decision[d]")],
            id="a decision calls a service that answers with it",
        ),
        pytest.param(
            [knowledge_model("f", [], "g()", knowledge=["g"]), knowledge_model("g", [], "f()", knowledge=["f"])],
            [("DMN-REQUIREMENT-03", "businessKnowledgeModel[f]")],
            id="two functions require each other",
        ),
        pytest.param(
            [decision("d", "1"), service("d", inputs=("gone",))],
            [("DMN-REQUIREMENT-01", "decisionService[s]")],
            id="a service without its input decision",
        ),
        pytest.param(
            [input_data("a"), decision("a", "1")],
            [("DMN-NAME-01", "decision[a]"), ("DMN-NAME-02", "decision[a]")],
            id="one id and name for two",
        ),
        pytest.param(
            [input_data('say "a"')], [("DMN-NAME-04", 'inputData[say "a"]')], id="a name that cannot be written"
        ),
        pytest.param([input_data("50% off")], [("DMN-NAME-04", "inputData[50% off]")], id="a name with a digit first"),
        pytest.param([input_data("_50 off")], [], id="a name with a digit later"),
        pytest.param([input_data("null")], [("DMN-NAME-04", "inputData[null]")], id="a name that is a word of FEEL"),
        pytest.param(
            [replace(input_data("a"), variable=InformationItem("b"))],
            [("DMN-NAME-03", "inputData[a]")],
            id="a variable of another name",
        ),
    ],
)
def test_faults(elements: list[Element], faults: list[tuple[str, str]]) -> None:
    graph = requirement_graph([definitions(*elements)])
    assert [(fault.code, fault.path) for fault in graph.faults] == faults


@pytest.mark.parametrize(
    ("element", "faults"),
    [
        pytest.param(service("out", inside=("mid",), data=("a",)), [], id="a service that holds and is given all"),
        pytest.param(service("out", inputs=("mid",)), [], id="a service that is given the decision in between"),
        pytest.param(
            service("out", data=("a",)),
            [("DMN-SERVICE-02", "decision[mid]", "information")],
            id="a service without the decision in between",
        ),
        pytest.param(
            service("out", inside=("mid",)),
            [("DMN-SERVICE-02", "inputData[a]", "warning")],
            id="a service without the input",
        ),
        pytest.param(
            service(), [("DMN-SERVICE-01", "no output decision", "error")], id="a service that answers nothing"
        ),
        pytest.param(
            replace(knowledge_model("f", [], "1"), logic=None),
            [("DMN-LOGIC-01", "no logic", "warning")],
            id="a business knowledge model without logic",
        ),
        pytest.param(
            decision("open", None), [("DMN-LOGIC-02", "no logic", "information")], id="a decision without logic"
        ),
    ],
)
def test_elements_that_are_not_complete(element: Element, faults: list[tuple[str, str, str]]) -> None:
    graph = requirement_graph(
        [
            definitions(
                input_data("a"),
                decision("mid", "a", inputs=["a"]),
                decision("out", "mid", decisions=["mid"]),
                element,
            )
        ]
    )
    assert [(fault.code, fault.severity) for fault in graph.faults] == [(code, weight) for code, _, weight in faults]
    assert all(words in fault.message for fault, (_, words, _) in zip(graph.faults, faults, strict=True))


def test_only_what_a_fault_touches_is_broken() -> None:
    graph = requirement_graph(
        [
            definitions(
                decision("d", "e", decisions=["e"]),
                decision("e", "d", decisions=["d"]),
                decision("above", "d", decisions=["d"]),
                decision("aside", "1"),
                decision("lonely", "gone", inputs=["gone"]),
            )
        ]
    )
    assert {reference.id: [fault.code for fault in faults] for reference, faults in graph.broken.items()} == {
        "d": ["DMN-REQUIREMENT-03"],
        "e": ["DMN-REQUIREMENT-03"],
        "lonely": ["DMN-REQUIREMENT-01"],
    }


def test_what_reading_found_breaks_the_element_where_it_stands() -> None:
    unread = Fault("DMN-HIT-01", "decision[d]/decisionTable", "the hit policy is unknown")
    elsewhere = Fault("DMN-READ-06", "decision[d2]", "an expression is missing")
    source = replace(
        definitions(decision("d", "1"), decision("d2", "1"), decision("e", "1")), faults=(unread, elsewhere)
    )
    graph = requirement_graph([source])
    assert graph.faults == (unread, elsewhere)
    assert {reference.id: faults for reference, faults in graph.broken.items()} == {"d": (unread,), "d2": (elsewhere,)}


def test_elements_of_several_models_are_told_apart_by_namespace() -> None:
    other = Definitions("other", "urn:other", elements=(decision("d", "2"),))
    graph = requirement_graph([definitions(decision("d", "1")), other])
    assert graph.faults == ()
    assert len(graph.elements) == 2


def test_a_decision_that_requires_an_input_for_a_function_is_null_with_the_fault() -> None:
    compiled = model(input_data("rate"), decision("answer", "1", knowledge=["rate"]))
    outcome = compiled.decide("answer", {})
    assert (outcome.value, [fault.code for fault in outcome.faults]) == (None, ["DMN-REQUIREMENT-02"])

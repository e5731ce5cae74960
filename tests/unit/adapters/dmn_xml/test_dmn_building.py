"""A model that a program has made, not a file: it is written whole, and so that other modellers read it."""

import pytest
from lxml import etree
from tests.unit.adapters.dmn_xml.test_dmn_writing import KIT, model, needs_kit

from comptroller.adapters.dmn_xml import write
from comptroller.domain.decisions.definitions import (
    Binding,
    BoxedExpression,
    BoxedList,
    BusinessKnowledgeModel,
    Conditional,
    Context,
    ContextEntry,
    Decision,
    DecisionPolicy,
    DecisionService,
    DecisionTable,
    Definitions,
    Filter,
    FunctionDefinition,
    FunctionItem,
    FunctionKind,
    HitPolicy,
    Import,
    InformationItem,
    InputClause,
    InputData,
    Invocation,
    ItemDefinition,
    Iterator,
    IteratorKind,
    LiteralExpression,
    OutputClause,
    Reference,
    Relation,
    Rule,
    UnaryTests,
)


def everything() -> Definitions:
    """A model made in a program, with everything that a model may hold."""
    texts = tuple(LiteralExpression(text) for text in ("1", "2", "3"))
    one, two, three = texts
    boxed: dict[str, BoxedExpression] = {
        "literal": LiteralExpression("1", "number", id="l"),
        "context": Context((ContextEntry(InformationItem("a", "number"), one), ContextEntry(None, two)), "Any", "c"),
        "list": BoxedList(texts, "list", "li"),
        "relation": Relation((InformationItem("a", "number"), InformationItem("b")), ((one, two), (two, three))),
        "invocation": Invocation(
            LiteralExpression("rate of it"),
            (Binding(InformationItem("a", "number"), one), Binding(InformationItem("b"), None)),
        ),
        "function": FunctionDefinition((InformationItem("a"),), one, FunctionKind.JAVA, "tCheck", "f"),
        "conditional": Conditional(one, two, three, "number"),
        "filter": Filter(one, two),
        "for": Iterator(IteratorKind.FOR, "a", one, two, "list"),
        "some": Iterator(IteratorKind.SOME, "a", one, two),
        "every": Iterator(IteratorKind.EVERY, "a", one, two),
        "table": DecisionTable(
            inputs=(InputClause(one, UnaryTests("1, 2"), "first", "i"), InputClause(two)),
            outputs=(OutputClause("a", "number", UnaryTests("1"), three, "o"), OutputClause("b")),
            rules=(
                Rule((UnaryTests("-"), UnaryTests("< 3")), (one, two), ("why", ""), "r"),
                Rule((UnaryTests(""), UnaryTests("")), (one, two), ("", "because"), "2"),
            ),
            hit_policy=HitPolicy.RULE_ORDER,
            annotations=("reason", "source"),
            type_ref="list",
            id="t",
        ),
    }
    own, other = "urn:own", "urn:other"
    return Definitions(
        "everything",
        own,
        imports=(Import("other", other), Import("", "urn:nameless")),
        item_definitions=(
            ItemDefinition("tRisk", "string", allowed=UnaryTests('"low"', "v"), constraint=UnaryTests("? != null")),
            ItemDefinition("tLines", components=(ItemDefinition("a b", "number"),), is_collection=True, id="td"),
            ItemDefinition("tCheck", function=FunctionItem((InformationItem("a", "number"),), "boolean")),
        ),
        elements=(
            InputData("the amount", "the amount", InformationItem("the amount", "number")),
            InputData("_the_amount", "another amount", InformationItem("another amount")),
            *(
                Decision(
                    name,
                    name,
                    InformationItem(name),
                    expression,
                    required_inputs=(Reference(own, "the amount"), Reference(other, "far away")),
                    required_decisions=() if name == "literal" else (Reference(own, "literal"),),
                    required_knowledge=(Reference(own, "rate of it"),),
                    question="why?",
                    allowed_answers="this, that",
                    description="told",
                    policy=DecisionPolicy("7", "match", recheck=True, binding="date", owner="clerk"),
                )
                for name, expression in boxed.items()
            ),
            BusinessKnowledgeModel(
                "rate of it",
                "rate of it",
                InformationItem("rate of it", "tCheck"),
                FunctionDefinition((InformationItem("a", "number"),), one),
                (Reference(own, "serving"),),
            ),
            DecisionService(
                "serving",
                "serving",
                InformationItem("serving"),
                (Reference(own, "literal"),),
                (Reference(own, "context"),),
                (Reference(own, "list"),),
                (Reference(own, "the amount"),),
            ),
        ),
    )


def test_a_model_made_in_a_program_is_written_whole_and_what_is_pointed_at_has_an_id() -> None:
    source = everything()
    written = write(source)
    made = {"the amount": "_the_amount_2", "rate of it": "_rate_of_it"}
    again = write(model(written))
    assert again == written
    ids = {element.name: element.id for element in model(written).elements}
    assert ids == {element.name: made.get(element.id, element.id) for element in source.elements}
    for identifier in made.values():
        assert f'href="#{identifier}"'.encode() in written
    assert [element.name for element in model(written).elements] == [element.name for element in source.elements]
    assert model(written).item_definitions == source.item_definitions


@needs_kit
@pytest.mark.conformance
def test_a_model_made_in_a_program_is_valid_by_the_published_schema() -> None:
    schema = etree.XMLSchema(etree.parse(KIT / "DMN15.xsd"))
    schema.assertValid(etree.fromstring(write(everything())))

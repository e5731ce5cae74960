"""DMN files: every kind of element is read, in every version, and what cannot be read is told with its place."""

from hashlib import sha256

import pytest

from comptroller.adapters.dmn_xml import read, write
from comptroller.adapters.dmn_xml.elements import MODEL_NAMESPACES
from comptroller.domain.decisions.definitions import (
    Aggregation,
    Binding,
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

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def file(content: str, *, attributes: str = "", namespace: str = DMN) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{namespace}" name="loans" namespace="urn:loans" {attributes}>{content}</definitions>""".encode()


def definitions(content: str, *, attributes: str = "", namespace: str = DMN) -> Definitions:
    found, faults = read(file(content, attributes=attributes, namespace=namespace))
    assert found is not None
    assert faults == ()
    return found


def logic(content: str) -> object:
    """The expression of the one decision of a file."""
    (decision,) = definitions(f'<decision id="d" name="d">{content}</decision>').elements
    assert isinstance(decision, Decision)
    return decision.expression


def text(feel: str) -> LiteralExpression:
    return LiteralExpression(feel)


LITERAL = "<literalExpression><text>{}</text></literalExpression>"


def literal(feel: str) -> str:
    return LITERAL.format(feel)


@pytest.mark.parametrize("namespace", MODEL_NAMESPACES)
def test_every_version_is_read(namespace: str) -> None:
    found = definitions('<inputData id="i" name="age"/>', namespace=namespace)
    assert found.elements == (InputData("i", "age", InformationItem("age")),)


def test_the_file_itself() -> None:
    data = file(
        f'<import name="rates" namespace="urn:rates" importType="{DMN}"/>'
        '<extensionElements><x:any xmlns:x="urn:x"/></extensionElements>'
    )
    found, _ = read(data)
    assert found == Definitions("loans", "urn:loans", (Import("rates", "urn:rates"),))
    assert found.source_hash == sha256(data).hexdigest()


def test_a_decision_with_all_that_it_may_have() -> None:
    (decision,) = definitions(
        """<decision id="d" name="loan  approval" xmlns:c="urn:comptroller:dmn">
             <description>whether to lend</description>
             <extensionElements>
               <c:policy number="10" dateBasis="match" recheck="true" binding="date" owner="controller"/>
             </extensionElements>
             <question>Lend?</question><allowedAnswers>yes, no</allowedAnswers>
             <variable name="loan approval" typeRef="string"/>
             <informationRequirement><requiredInput href="#i"/></informationRequirement>
             <informationRequirement><requiredDecision href="urn:rates#r"/></informationRequirement>
             <knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>
             <authorityRequirement><requiredAuthority href="#a"/></authorityRequirement>
           </decision>"""
    ).elements
    assert decision == Decision(
        id="d",
        name="loan approval",
        variable=InformationItem("loan approval", "string"),
        required_inputs=(Reference("urn:loans", "i"),),
        required_decisions=(Reference("urn:rates", "r"),),
        required_knowledge=(Reference("urn:loans", "k"),),
        question="Lend?",
        allowed_answers="yes, no",
        description="whether to lend",
        policy=DecisionPolicy("10", "match", recheck=True, binding="date", owner="controller"),
    )


@pytest.mark.parametrize(
    ("attribute", "name"),
    [
        pytest.param("name='rates  book'", "rates book", id="its name"),
        pytest.param("name=''", "", id="an empty name"),
        pytest.param("", "", id="no name"),
        pytest.param("xmlns:v='urn:vendor' v:name='rates'", "rates", id="a vendor's, before there were names"),
    ],
)
def test_names_of_imports(attribute: str, name: str) -> None:
    data = file(f'<import namespace="urn:rates" importType="{DMN}" {attribute}/>')
    found, _ = read(data)
    assert found is not None
    assert found.imports == (Import(name, "urn:rates"),)


def test_a_vendors_name_of_an_import_becomes_its_name() -> None:
    old = "http://www.omg.org/spec/DMN/20151101/dmn.xsd"
    data = file(
        f"""<import namespace="urn:rates" importType="{old}" v:name="rates" xmlns:v="urn:vendor"/>
            <inputData id="i" name="i"><variable name="i" typeRef="r:tRate" xmlns:r="urn:rates"/></inputData>""",
        namespace=old,
    )
    found, _ = read(data)
    assert found is not None
    written = write(found, data)
    assert read(written)[0] == found
    assert [element.variable.type_ref for element in found.elements] == ["rates.tRate"]


@pytest.mark.parametrize(
    ("href", "reference"),
    [
        pytest.param("#r", Reference("urn:loans", "r"), id="here"),
        pytest.param("urn:loans#r", Reference("urn:loans", "r"), id="here, by the namespace"),
        pytest.param("r", Reference("urn:loans", "r"), id="here, without the hash sign"),
        pytest.param("urn:rates#r", Reference("urn:rates", "r"), id="elsewhere, by the namespace"),
        pytest.param("rate book#r", Reference("urn:rates", "r"), id="elsewhere, by the import's name"),
        pytest.param("rates.dmn#r", Reference("urn:rates", "r"), id="elsewhere, by the import's file"),
        pytest.param("urn:other#r", Reference("urn:other", "r"), id="in a model that is not imported"),
    ],
)
def test_references(href: str, reference: Reference) -> None:
    (decision,) = definitions(
        f"""<import name="rate book" namespace="urn:rates" locationURI="rates.dmn" importType="{DMN}"/>
            <decision id="d" name="d"><informationRequirement><requiredDecision href="{href}"/></informationRequirement>
            </decision>"""
    ).elements
    assert isinstance(decision, Decision)
    assert decision.required_decisions == (reference,)


def test_functions_and_services() -> None:
    elements = definitions(
        f"""<businessKnowledgeModel id="k" name="rate"><variable name="rate"/>
              <encapsulatedLogic><formalParameter name="age" typeRef="number"/>{literal("age * 2")}</encapsulatedLogic>
              <knowledgeRequirement><requiredKnowledge href="#s"/></knowledgeRequirement>
            </businessKnowledgeModel>
            <decisionService id="s" name="lending"><outputDecision href="#o"/><encapsulatedDecision href="#e"/>
              <inputDecision href="#n"/><inputData href="#i"/></decisionService>"""
    ).elements
    assert elements == (
        BusinessKnowledgeModel(
            "k",
            "rate",
            InformationItem("rate"),
            FunctionDefinition((InformationItem("age", "number"),), text("age * 2")),
            (Reference("urn:loans", "s"),),
        ),
        DecisionService(
            "s",
            "lending",
            InformationItem("lending"),
            (Reference("urn:loans", "o"),),
            (Reference("urn:loans", "e"),),
            (Reference("urn:loans", "n"),),
            (Reference("urn:loans", "i"),),
        ),
    )


def test_types() -> None:
    found = definitions(
        """<itemDefinition name="tRisk">
             <typeRef>string</typeRef><allowedValues><text>"low","high"</text></allowedValues>
           </itemDefinition>
           <itemDefinition name="tRisks" isCollection="true">
             <typeRef>tRisk</typeRef><typeConstraint><text>count(?) &lt; 3</text></typeConstraint>
           </itemDefinition>
           <itemDefinition name="tPerson">
             <itemComponent name="first name"><typeRef>string</typeRef></itemComponent>
           </itemDefinition>
           <itemDefinition name="tCheck">
             <functionItem outputTypeRef="boolean"><parameters name="n" typeRef="number"/></functionItem>
           </itemDefinition>"""
    )
    assert found.item_definitions == (
        ItemDefinition("tRisk", "string", allowed=UnaryTests('"low","high"')),
        ItemDefinition("tRisks", "tRisk", constraint=UnaryTests("count(?) < 3"), is_collection=True),
        ItemDefinition("tPerson", components=(ItemDefinition("first name", "string"),)),
        ItemDefinition("tCheck", function=FunctionItem((InformationItem("n", "number"),), "boolean")),
    )


def test_types_of_version_1_1_lose_their_prefixes() -> None:
    found = definitions(
        f"""<import name="rates" namespace="urn:rates" importType="{DMN}"/>
            <itemDefinition name="tAge"><typeRef>feel:number</typeRef></itemDefinition>
            <inputData id="i" name="age"><variable name="age" typeRef="own:tAge"/></inputData>
            <inputData id="j" name="rate"><variable name="rate" typeRef="r:tRate"/></inputData>""",
        attributes='xmlns:feel="http://www.omg.org/spec/FEEL/20140401" xmlns:own="urn:loans" xmlns:r="urn:rates"',
    )
    assert found.item_definitions == (ItemDefinition("tAge", "number"),)
    assert [element.variable.type_ref for element in found.elements] == ["tAge", "rates.tRate"]


def test_a_decision_table() -> None:
    table = logic(
        """<decisionTable id="t" hitPolicy="COLLECT" aggregation="SUM" typeRef="number" outputLabel="points">
             <input id="in" label="the age"><inputExpression typeRef="number"><text>age</text></inputExpression>
               <inputValues><text>[0..150]</text></inputValues></input>
             <output id="out" name="points" typeRef="number"><outputValues><text>1,2</text></outputValues>
               <defaultOutputEntry><text>0</text></defaultOutputEntry></output>
             <annotation name="why"/>
             <rule id="first">
               <inputEntry id="c"><text>&lt; 18</text></inputEntry><outputEntry><text>1</text></outputEntry>
               <annotationEntry><text>a minor</text></annotationEntry></rule>
             <rule><inputEntry><text/></inputEntry><outputEntry><text>2</text></outputEntry></rule>
           </decisionTable>"""
    )
    assert table == DecisionTable(
        inputs=(InputClause(LiteralExpression("age", "number"), UnaryTests("[0..150]"), "the age", "in"),),
        outputs=(OutputClause("points", "number", UnaryTests("1,2"), text("0"), "out"),),
        rules=(
            Rule((UnaryTests("< 18", "c"),), (text("1"),), ("a minor",), "first"),
            Rule((UnaryTests(""),), (text("2"),), (), "2"),
        ),
        hit_policy=HitPolicy.COLLECT,
        aggregation=Aggregation.SUM,
        annotations=("why",),
        type_ref="number",
        id="t",
    )


@pytest.mark.parametrize(
    ("content", "expression"),
    [
        pytest.param(
            '<literalExpression typeRef="number" id="l"><text>1 &lt; 2</text></literalExpression>',
            LiteralExpression("1 < 2", "number", id="l"),
            id="literal",
        ),
        pytest.param(
            f"<context><contextEntry><variable name='a'/>{literal('1')}</contextEntry>"
            f"<contextEntry>{literal('a')}</contextEntry></context>",
            Context((ContextEntry(InformationItem("a"), text("1")), ContextEntry(None, text("a")))),
            id="context",
        ),
        pytest.param(f"<list>{literal('1')}{literal('2')}</list>", BoxedList((text("1"), text("2"))), id="list"),
        pytest.param(
            "<relation><column name='a' typeRef='number'/>"
            f"<row>{literal('1')}</row><row>{literal('2')}</row></relation>",
            Relation((InformationItem("a", "number"),), ((text("1"),), (text("2"),))),
            id="relation",
        ),
        pytest.param(
            f"<invocation>{literal('f')}<binding><parameter name='a'/>{literal('1')}</binding>"
            "<binding><parameter name='b'/></binding></invocation>",
            Invocation(text("f"), (Binding(InformationItem("a"), text("1")), Binding(InformationItem("b"), None))),
            id="invocation",
        ),
        pytest.param(
            f"<functionDefinition kind='PMML'><formalParameter name='a'/>{literal('a')}</functionDefinition>",
            FunctionDefinition((InformationItem("a"),), text("a"), FunctionKind.PMML),
            id="function definition",
        ),
        pytest.param(
            f"<conditional><if>{literal('a')}</if><then>{literal('b')}</then><else>{literal('c')}</else></conditional>",
            Conditional(text("a"), text("b"), text("c")),
            id="conditional",
        ),
        pytest.param(
            f"<filter><in>{literal('a')}</in><match>{literal('b')}</match></filter>",
            Filter(text("a"), text("b")),
            id="filter",
        ),
        pytest.param(
            f"<for iteratorVariable='x'><in typeRef='list'>{literal('a')}</in><return>{literal('b')}</return></for>",
            Iterator(IteratorKind.FOR, "x", text("a"), text("b"), "list"),
            id="for",
        ),
        pytest.param(
            f"<some iteratorVariable='x'><in>{literal('a')}</in><satisfies>{literal('b')}</satisfies></some>",
            Iterator(IteratorKind.SOME, "x", text("a"), text("b")),
            id="some",
        ),
        pytest.param(
            f"<every iteratorVariable='x'><in>{literal('a')}</in><satisfies>{literal('b')}</satisfies></every>",
            Iterator(IteratorKind.EVERY, "x", text("a"), text("b")),
            id="every",
        ),
    ],
)
def test_boxed_expressions(content: str, expression: object) -> None:
    assert logic(content) == expression


@pytest.mark.parametrize(
    ("attribute", "kind"),
    [
        pytest.param("", FunctionKind.FEEL, id="unstated"),
        pytest.param("kind='FEEL'", FunctionKind.FEEL, id="FEEL"),
        pytest.param("kind='Java'", FunctionKind.JAVA, id="Java"),
        pytest.param("kind='PMML'", FunctionKind.PMML, id="PMML"),
        pytest.param("xmlns:v='urn:vendor' v:kind='J'", FunctionKind.JAVA, id="Java, by a vendor's letter"),
        pytest.param("xmlns:v='urn:vendor' v:kind='Java'", FunctionKind.JAVA, id="Java, by a vendor's word"),
        pytest.param("xmlns:v='urn:vendor' v:kind='F'", FunctionKind.FEEL, id="FEEL, by a vendor's letter"),
        pytest.param("xmlns:v='urn:vendor' v:kind='shiny'", FunctionKind.FEEL, id="a vendor's own word"),
    ],
)
def test_kinds_of_functions(attribute: str, kind: FunctionKind) -> None:
    assert logic(f"<functionDefinition {attribute}>{literal('1')}</functionDefinition>") == FunctionDefinition(
        (), text("1"), kind
    )


@pytest.mark.parametrize(
    ("attributes", "language"),
    [
        pytest.param("", "feel", id="unstated"),
        pytest.param(
            'expressionLanguage="https://www.omg.org/spec/DMN/20230324/FEEL/"', "feel", id="FEEL by its namespace"
        ),
        pytest.param('expressionLanguage="http://www.omg.org/spec/FEEL/20140401"', "feel", id="FEEL of version 1.1"),
        pytest.param(
            'expressionLanguage="http://www.omg.org/spec/FEEL/20140401/"', "feel", id="FEEL with a last slash"
        ),
        pytest.param('expressionLanguage="feel"', "feel", id="FEEL by name"),
        pytest.param('expressionLanguage="urn:groovy"', "urn:groovy", id="another language"),
    ],
)
def test_expression_languages(attributes: str, language: str) -> None:
    for on_file, on_expression in ((attributes, ""), ("", attributes)):
        found = definitions(
            f"<decision name='d'><literalExpression {on_expression}><text>1</text></literalExpression></decision>",
            attributes=on_file,
        )
        (decision,) = found.elements
        assert isinstance(decision, Decision)
        assert decision.expression == LiteralExpression("1", language=language)


@pytest.mark.parametrize(
    ("on_file", "on_cell", "language"),
    [
        pytest.param("", "", "feel", id="unstated"),
        pytest.param('expressionLanguage="urn:groovy"', "", "urn:groovy", id="the file's"),
        pytest.param("", 'expressionLanguage="urn:groovy"', "urn:groovy", id="its own"),
        pytest.param(
            'expressionLanguage="urn:groovy"', 'expressionLanguage="feel"', "feel", id="its own before the file's"
        ),
    ],
)
def test_languages_of_unary_tests(on_file: str, on_cell: str, language: str) -> None:
    found = definitions(
        f"""<itemDefinition name="t"><typeRef>string</typeRef><allowedValues {on_cell}><text>a</text></allowedValues>
            </itemDefinition><decision name="d"><decisionTable>
            <input><inputExpression><text>a</text></inputExpression><inputValues {on_cell}><text>a</text></inputValues>
            </input><output/>
            <rule><inputEntry {on_cell}><text>a</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>
            </decisionTable></decision>""",
        attributes=on_file,
    )
    (decision,) = found.elements
    assert isinstance(decision, Decision)
    assert isinstance(decision.expression, DecisionTable)
    read_tests = UnaryTests("a", language=language)
    assert decision.expression.rules[0].inputs == (read_tests,)
    assert decision.expression.inputs[0].allowed == read_tests
    assert found.item_definitions[0].allowed == read_tests

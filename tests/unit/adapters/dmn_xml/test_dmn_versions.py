"""Files of DMN 1.1 to 1.4: each says the same as its twin of DMN 1.5, and becomes one that the schema accepts."""

import pytest
from lxml import etree
from tests.unit.adapters.dmn_xml.test_dmn_reading import DMN
from tests.unit.adapters.dmn_xml.test_dmn_writing import KIT, model, needs_kit

from comptroller.adapters.dmn_xml import read, write
from comptroller.domain.decisions import Definitions, compile_model
from comptroller.domain.decisions.definitions import BusinessKnowledgeModel, Import, InformationItem, ItemDefinition

V1_1 = "http://www.omg.org/spec/DMN/20151101/dmn.xsd"
VERSIONS = [
    pytest.param(V1_1, id="1.1"),
    pytest.param("http://www.omg.org/spec/DMN/20151101/dmn11.xsd", id="1.1 by its file's name"),
    pytest.param("http://www.omg.org/spec/DMN/20180521/MODEL/", id="1.2"),
    pytest.param("https://www.omg.org/spec/DMN/20191111/MODEL/", id="1.3"),
    pytest.param("https://www.omg.org/spec/DMN/20211108/MODEL/", id="1.4"),
    pytest.param(DMN, id="1.5"),
]
LOGIC = """<encapsulatedLogic id="el"><formalParameter id="fp" name="x" typeRef="{feel}number"/>
      <literalExpression id="le"><text>x + 1</text></literalExpression></encapsulatedLogic>"""
VARIABLE = '<variable id="bv" name="next"/>'
MODEL = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{namespace}" xmlns:m="urn:m" xmlns:feel="http://www.omg.org/spec/FEEL/20140401" id="x" name="m"
  namespace="urn:m">
  <import namespace="urn:lib" importType="{namespace}" locationURI="lib.dmn"{name}/>
  <itemDefinition id="t1" name="tAge">
    <typeRef>{feel}number</typeRef><allowedValues><text>[0..150]</text></allowedValues>
  </itemDefinition>
  <itemDefinition id="t2" name="tPerson">
    <itemComponent id="t3" name="age"><typeRef>{own}tAge</typeRef></itemComponent>
  </itemDefinition>
  <inputData id="i" name="person"><variable id="iv" name="person" typeRef="{own}tPerson"/></inputData>
  <businessKnowledgeModel id="b" name="next">
    {first}
    {second}
    <knowledgeRequirement><requiredKnowledge href="#b2"/></knowledgeRequirement>
    <authorityRequirement><requiredAuthority href="#ks"/></authorityRequirement>
  </businessKnowledgeModel>
  <businessKnowledgeModel id="b2" name="other">{second_variable}</businessKnowledgeModel>
  <decision id="d" name="d">
    <description>what it is for</description><question>how old?</question><allowedAnswers>an age</allowedAnswers>
    <variable id="dv" name="d" typeRef="{feel}number"/>
    <informationRequirement><requiredInput href="#i"/></informationRequirement>
    <knowledgeRequirement><requiredKnowledge href="#b"/></knowledgeRequirement>
    <authorityRequirement><requiredAuthority href="#ks"/></authorityRequirement>
    <supportedObjective href="#pi"/><impactedPerformanceIndicator href="#pi"/>
    <decisionMaker href="#ou"/><decisionOwner href="#ou"/><usingProcess href="#p"/><usingTask href="#t"/>
    <invocation id="inv">
      <literalExpression><text>next</text></literalExpression>
      <binding><parameter name="x"/><literalExpression><text>person.age</text></literalExpression></binding>
    </invocation>
  </decision>
  <decision id="d2" name="d2">
    <literalExpression><importedValues namespace="urn:x" importType="urn:y"{name}>
      <importedElement>e</importedElement></importedValues></literalExpression>
  </decision>
  <decisionService id="ds" name="ds"><outputDecision href="#d"/><inputData href="#i"/></decisionService>
  <knowledgeSource id="ks" name="ks">
    <authorityRequirement><requiredDecision href="#d"/></authorityRequirement><type>law</type><owner href="#ou"/>
  </knowledgeSource>
  <textAnnotation id="ta" textFormat="text/plain"><text>a note</text></textAnnotation>
  <association id="as" associationDirection="None"><sourceRef href="#d"/><targetRef href="#ta"/></association>
  <elementCollection id="ec" name="ec"><drgElement href="#d"/></elementCollection>
  <performanceIndicator id="pi" name="pi"><impactingDecision href="#d"/></performanceIndicator>
  <organizationUnit id="ou" name="ou"><decisionMade href="#d"/><decisionOwned href="#d"/></organizationUnit>
</definitions>
"""


def written_in(namespace: str) -> bytes:
    """The model as a version writes it."""
    first = "dmn1" in namespace or namespace == V1_1
    logic = LOGIC.format(feel="feel:" if first else "")
    return MODEL.format(
        namespace=namespace,
        name="" if first else ' name=""',
        feel="feel:" if first else "",
        own="m:" if first else "",
        first=logic if first else VARIABLE,
        second=VARIABLE if first else logic,
        second_variable="" if first else '<variable name="other"/>',
    ).encode()


@pytest.mark.parametrize("namespace", VERSIONS)
def test_every_version_says_the_same(namespace: str) -> None:
    found, faults = read(written_in(namespace))
    assert found == model(written_in(DMN))
    assert [(fault.code, fault.path) for fault in faults] == [("DMN-READ-05", "decision[d2]/literalExpression")]
    assert found is not None
    assert found.imports == (Import("", "urn:lib"),)
    assert found.item_definitions[1].components == (ItemDefinition("age", "tAge", id="t3"),)
    (knowledge,) = (element for element in found.elements if element.id == "b")
    assert isinstance(knowledge, BusinessKnowledgeModel)
    assert knowledge.logic is not None
    assert knowledge.logic.parameters == (InformationItem("x", "number"),)


@pytest.mark.parametrize("namespace", VERSIONS)
def test_every_version_decides_the_same(namespace: str) -> None:
    library = Definitions("library", "urn:lib")
    compiled = compile_model(model(written_in(namespace)), [library])
    assert compiled.decide("d", {"person": {"age": 41}}).value == 42
    assert compiled.decide("d", {"person": {"age": 410}}).value is None


@needs_kit
@pytest.mark.conformance
@pytest.mark.parametrize("namespace", VERSIONS)
def test_every_version_becomes_valid_dmn_1_5_and_keeps_what_is_not_read(namespace: str) -> None:
    schema = etree.XMLSchema(etree.parse(KIT / "DMN15.xsd"))
    data = written_in(namespace)
    root = etree.fromstring(write(model(data), data))
    schema.assertValid(root)
    kept = {etree.QName(element).localname for element in etree.fromstring(data).iter(etree.Element)}
    assert kept == {etree.QName(element).localname for element in root.iter(etree.Element)}
    assert model(etree.tostring(root)) == model(data)


def test_a_variable_that_moves_leaves_the_indentation_as_it_was() -> None:
    old, new = written_in(V1_1), written_in(DMN)
    start, end = '<businessKnowledgeModel id="b"', "</businessKnowledgeModel>"
    became, wanted = (
        text.decode().partition(start)[2].partition(end)[0].replace("feel:", "")
        for text in (write(model(old), old), new)
    )
    assert became == wanted

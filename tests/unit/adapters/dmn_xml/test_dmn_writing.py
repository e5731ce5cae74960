"""DMN files are written so that nothing is lost: what changed in meaning changes in the file, the rest stays."""

import os
from collections.abc import Iterator
from dataclasses import replace
from difflib import unified_diff
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.unit.adapters.dmn_xml.test_dmn_reading import DMN, file

from comptroller.adapters.dmn_xml import read, write
from comptroller.domain.decisions.definitions import (
    Aggregation,
    Decision,
    DecisionPolicy,
    DecisionTable,
    Definitions,
    Element,
    HitPolicy,
    InformationItem,
    InputData,
    LiteralExpression,
    Reference,
    Rule,
    UnaryTests,
)

ROOT = Path(__file__).parents[4]
PACK = sorted((ROOT / "packs" / "accounts-payable" / "decisions").glob("*.dmn"))
KIT = Path(os.environ.get("CONFORMANCE_DATA", "")) / "dmn-tck"
KIT_FILES = sorted(KIT.glob("compliance-level-*/*/*.dmn")) if "CONFORMANCE_DATA" in os.environ else []
needs_kit = pytest.mark.skipif(not KIT_FILES, reason="set CONFORMANCE_DATA to the directory that holds dmn-tck")

FILES = [
    *(pytest.param(path, id=path.stem) for path in PACK),
    *(pytest.param(path, id=path.stem, marks=pytest.mark.conformance) for path in KIT_FILES),
]
ATTRIBUTES = 'id="model" name="loans" namespace="urn:loans" exporter="Vendor" v:theme="dark"'
DRAWING = "https://www.omg.org/spec/DMN/20230324/DMNDI/"
DEFAULTS = {"hitPolicy": "UNIQUE", "isCollection": "false", "kind": "FEEL", "recheck": "false"}
VENDOR = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- drawn by hand -->
<d:definitions xmlns:d="{DMN}" xmlns:v="urn:vendor" xmlns:di="{DRAWING}" {ATTRIBUTES}>
  <d:description>what banks do</d:description>
  <d:extensionElements><v:author>Ada</v:author></d:extensionElements>
  <d:inputData id="age" name="age"><d:description>in years</d:description>
    <d:variable id="age-v" name="age"/></d:inputData>
  <d:decision id="risk" name="risk" v:colour="red">
    <d:variable id="risk-v" name="risk" typeRef="string"/>
    <d:informationRequirement id="risk-needs-age"><d:requiredInput href="#age"/></d:informationRequirement>
    <d:authorityRequirement id="risk-by-law"><d:requiredAuthority href="#law"/></d:authorityRequirement>
    <d:decisionTable id="t" hitPolicy="UNIQUE" preferredOrientation="Rule-as-Row" outputLabel="the risk">
      <!-- the ages -->
      <d:input id="i" label="age">
        <d:inputExpression id="ie" typeRef="number"><d:text>age</d:text></d:inputExpression></d:input>
      <d:output id="o" name="risk" label="shown"/>
      <d:rule id="young"><d:description>under age</d:description>
        <d:inputEntry id="y1"><d:text><![CDATA[< 18]]></d:text></d:inputEntry>
        <d:outputEntry id="y2"><d:text>"high"</d:text></d:outputEntry>
      </d:rule>
      <d:rule id="old">
        <d:inputEntry id="o1"><d:text>&gt;= 18</d:text></d:inputEntry>
        <d:outputEntry id="o2"><d:text>"low"</d:text></d:outputEntry>
      </d:rule>
    </d:decisionTable>
  </d:decision>
  <d:knowledgeSource id="law" name="law"/>
  <d:textAnnotation id="note"><d:text>see the law</d:text></d:textAnnotation>
  <d:association id="note-at-age"><d:sourceRef href="#age"/><d:targetRef href="#note"/></d:association>
  <di:DMNDI><di:DMNDiagram>
    <di:DMNShape id="s1" dmnElementRef="age"/>
    <di:DMNShape id="s2" dmnElementRef="risk"/>
    <di:DMNEdge id="e1" dmnElementRef="risk-needs-age"/>
    <di:DMNEdge id="e2" dmnElementRef="note-at-age"/>
    <di:DMNShape id="s3" dmnElementRef="other:thing"/>
  </di:DMNDiagram></di:DMNDI>
</d:definitions>
""".encode()


def model(data: bytes) -> Definitions:
    found, _ = read(data)
    assert found is not None
    return found


def canonical(data: bytes) -> bytes:
    """The canonical form without attributes that say the standard's default: whether it is written out says nothing."""
    root = etree.fromstring(data)
    for element in root.iter(etree.Element):
        for name, default in DEFAULTS.items():
            if element.get(name) == default:
                del element.attrib[name]
    return etree.tostring(root, method="c14n")


def drawing(data: bytes) -> list[bytes]:
    """The diagrams of a file, each in canonical form."""
    found = etree.fromstring(data).iter(f"{{{DRAWING}}}DMNDI")
    return [etree.tostring(element, method="c14n", exclusive=True, with_tail=False) for element in found]


def changed_lines(before: bytes, after: bytes) -> list[str]:
    """The lines that went and came, without white space around them."""
    lines = unified_diff(before.decode().splitlines(), after.decode().splitlines(), n=0, lineterm="")
    return [line[0] + line[1:].strip() for line in lines if not line.startswith(("---", "+++", "@@"))]


def with_decision(definitions: Definitions, decision: Decision) -> Definitions:
    elements = tuple(decision if element.id == decision.id else element for element in definitions.elements)
    return replace(definitions, elements=elements)


def table_of(definitions: Definitions, identifier: str = "risk") -> tuple[Decision, DecisionTable]:
    (decision,) = (element for element in definitions.elements if element.id == identifier)
    assert isinstance(decision, Decision)
    assert isinstance(decision.expression, DecisionTable)
    return decision, decision.expression


def with_table(definitions: Definitions, table: DecisionTable) -> Definitions:
    return with_decision(definitions, replace(table_of(definitions)[0], expression=table))


@pytest.mark.parametrize("path", FILES)
def test_a_file_built_from_nothing_says_the_same(path: Path) -> None:
    definitions = model(path.read_bytes())
    assert model(write(definitions, None)) == definitions


@pytest.mark.parametrize("path", FILES)
def test_a_file_without_a_change_comes_back_to_the_byte(path: Path) -> None:
    data = path.read_bytes()
    assert write(model(data), data) == data


@pytest.mark.parametrize("path", FILES)
def test_a_change_and_its_undoing_leave_the_file_as_it_was(path: Path) -> None:
    data = path.read_bytes()
    definitions = model(data)
    changed = _marked(definitions)
    written = write(changed, data)
    assert model(written) == changed
    assert written != data
    assert drawing(written) == drawing(data)
    assert canonical(write(definitions, written)) == canonical(data)


def _marked(definitions: Definitions) -> Definitions:
    """The model with every element renamed, every type changed and every table under another policy."""

    def marked(element: Element) -> Element:
        variable = replace(element.variable, type_ref=element.variable.type_ref + "x")
        match element:
            case Decision(expression=DecisionTable() as table):
                rules = tuple(
                    replace(rule, outputs=tuple(replace(entry, text=entry.text + " ") for entry in rule.outputs))
                    for rule in table.rules
                )
                policy = HitPolicy.ANY if table.hit_policy is not HitPolicy.ANY else HitPolicy.FIRST
                table = replace(table, hit_policy=policy, aggregation=Aggregation.LIST, rules=rules)
                return replace(element, variable=variable, name=element.name + " x", expression=table)
            case _:
                return replace(element, variable=variable, name=element.name + " x")

    items = tuple(replace(item, is_collection=not item.is_collection) for item in definitions.item_definitions)
    elements = tuple(marked(element) for element in definitions.elements)
    return replace(definitions, name=definitions.name + " x", item_definitions=items, elements=elements)


@needs_kit
@pytest.mark.conformance
@pytest.mark.parametrize("path", FILES)
def test_what_is_built_is_valid_by_the_published_schema(path: Path) -> None:
    schema = etree.XMLSchema(etree.parse(KIT / "DMN15.xsd"))
    root = etree.fromstring(write(model(path.read_bytes()), None))
    schema.assertValid(root)


@needs_kit
@pytest.mark.conformance
@pytest.mark.parametrize("path", FILES)
def test_what_is_merged_is_valid_by_the_published_schema(path: Path) -> None:
    schema = etree.XMLSchema(etree.parse(KIT / "DMN15.xsd"))
    data = path.read_bytes()
    added = InputData("added-here", "added here", InformationItem("added here", "string"))
    definitions = model(data)
    root = etree.fromstring(write(replace(definitions, elements=(*definitions.elements, added)), data))
    schema.assertValid(root)


def test_a_changed_cell_changes_one_line() -> None:
    definitions = model(VENDOR)
    table = table_of(definitions)[1]
    first = replace(table.rules[0], inputs=(replace(table.rules[0].inputs[0], text="< 21"),))
    written = write(with_table(definitions, replace(table, rules=(first, *table.rules[1:]))), VENDOR)
    assert changed_lines(VENDOR, written) == [
        '-<d:inputEntry id="y1"><d:text><![CDATA[< 18]]></d:text></d:inputEntry>',
        '+<d:inputEntry id="y1"><d:text>&lt; 21</d:text></d:inputEntry>',
    ]


def test_a_new_rule_stands_where_it_belongs_and_nothing_else_changes() -> None:
    definitions = model(VENDOR)
    table = table_of(definitions)[1]
    new = Rule((UnaryTests("= 18"),), (LiteralExpression('"even"'),), id="exact")
    written = write(with_table(definitions, replace(table, rules=(table.rules[0], new, table.rules[1]))), VENDOR)
    assert changed_lines(VENDOR, written) == [
        '+<d:rule id="exact">',
        "+<d:inputEntry>",
        "+<d:text>= 18</d:text>",
        "+</d:inputEntry>",
        "+<d:outputEntry>",
        '+<d:text>"even"</d:text>',
        "+</d:outputEntry>",
        "+</d:rule>",
    ]
    assert [rule.id for rule in table_of(model(written))[1].rules] == ["young", "exact", "old"]


def test_moved_rules_take_their_descriptions_along_and_comments_stay() -> None:
    definitions = model(VENDOR)
    table = table_of(definitions)[1]
    written = write(with_table(definitions, replace(table, rules=table.rules[::-1])), VENDOR)
    rules = etree.fromstring(written).iter(f"{{{DMN}}}rule")
    assert [(rule.get("id"), rule.findtext(f"{{{DMN}}}description")) for rule in rules] == [
        ("old", None),
        ("young", "under age"),
    ]
    assert b"<!-- the ages -->" in written
    assert canonical(write(definitions, written)) == canonical(VENDOR)


def test_what_goes_takes_its_drawing_and_its_associations_along() -> None:
    definitions = model(VENDOR)
    decision = replace(table_of(definitions)[0], required_inputs=())
    written = write(replace(definitions, elements=(decision,)), VENDOR)
    root = etree.fromstring(written)
    drawn = [element.get("dmnElementRef") for element in root.iter("{*}DMNShape", "{*}DMNEdge")]
    assert drawn == ["risk", "other:thing"]
    assert not list(root.iter(f"{{{DMN}}}association"))
    assert list(root.iter(f"{{{DMN}}}knowledgeSource", f"{{{DMN}}}textAnnotation", f"{{{DMN}}}authorityRequirement"))


def test_an_element_with_another_id_does_not_inherit_what_belonged_to_the_old_one() -> None:
    definitions = model(VENDOR)
    risk = replace(table_of(definitions)[0], id="peril")
    written = write(replace(definitions, elements=(definitions.elements[0], risk)), VENDOR)
    (decision,) = etree.fromstring(written).iter(f"{{{DMN}}}decision")
    assert (decision.get("id"), decision.get("{urn:vendor}colour")) == ("peril", None)


def test_the_platforms_policy_comes_and_goes_beside_a_vendors_extensions() -> None:
    content = '<decision id="d" name="d"><extensionElements><v xmlns="urn:v">1</v></extensionElements></decision>'
    data = file(content)
    definitions = model(data)
    (decision,) = definitions.elements
    assert isinstance(decision, Decision)
    governed = with_decision(
        definitions, replace(decision, policy=DecisionPolicy("7", "tax", recheck=True, owner="cfo"))
    )
    written = write(governed, data)
    assert model(written) == governed
    assert b'<v xmlns="urn:v">1</v>' in written
    assert canonical(write(definitions, written)) == canonical(data)


def test_an_empty_list_of_allowed_values_is_filled_rather_than_doubled() -> None:
    data = file(
        '<itemDefinition name="t"><typeRef>string</typeRef><allowedValues><text/></allowedValues></itemDefinition>'
    )
    definitions = model(data)
    item = replace(definitions.item_definitions[0], allowed=UnaryTests('"a"'))
    written = write(replace(definitions, item_definitions=(item,)), data)
    assert written.count(b"<allowedValues>") == 1
    assert model(written).item_definitions == (item,)


@pytest.mark.parametrize(
    ("namespace", "type_ref"),
    [
        pytest.param("http://www.omg.org/spec/DMN/20151101/dmn.xsd", "feel:string", id="1.1"),
        pytest.param("http://www.omg.org/spec/DMN/20180521/MODEL/", "string", id="1.2"),
        pytest.param("https://www.omg.org/spec/DMN/20191111/MODEL/", "string", id="1.3"),
        pytest.param("https://www.omg.org/spec/DMN/20211108/MODEL/", "string", id="1.4"),
    ],
)
def test_an_earlier_version_becomes_the_present_one(namespace: str, type_ref: str) -> None:
    data = file(
        f"""<import namespace="urn:other" importType="{namespace}"/>
        <itemDefinition name="t"><typeRef>{type_ref}</typeRef></itemDefinition>
        <decision id="d" name="d"><variable name="d" typeRef="{type_ref}"/>
        <literalExpression expressionLanguage="http://www.omg.org/spec/FEEL/20140401"><text>1</text></literalExpression>
        </decision><di:DMNDI><di:DMNDiagram><di:DMNShape dmnElementRef="d"/></di:DMNDiagram></di:DMNDI>""",
        attributes='xmlns:feel="http://www.omg.org/spec/FEEL/20140401" '
        'xmlns:di="http://www.omg.org/spec/DMN/20180521/DMNDI/"',
        namespace=namespace,
    )
    written = write(model(data), data)
    assert model(written) == model(data)
    root = etree.fromstring(written)
    assert root.tag == f"{{{DMN}}}definitions"
    assert [element.text for element in root.iter(f"{{{DMN}}}typeRef")] == ["string"]
    assert root.xpath("//@typeRef") == ["string"]
    assert root.xpath("//@expressionLanguage") == ["https://www.omg.org/spec/DMN/20230324/FEEL/"]
    assert root.xpath("//@importType") == [DMN]
    assert root.xpath("//@dmnElementRef") == ["d"]
    assert not [old for old in (b"20140401", b"20151101", b"20180521", b"20191111", b"20211108") if old in written]


def test_names_that_stand_for_missing_ids_are_not_written_as_ids() -> None:
    data = file(
        '<decision name="a b"><decisionTable><output/><rule><outputEntry><text>1</text></outputEntry></rule>'
        "</decisionTable></decision>"
    )
    definitions = model(data)
    written = write(definitions, None)
    assert model(written) == definitions
    assert b" id=" not in written


def test_another_language_than_feel_stays() -> None:
    data = file(
        """<decision id="d" name="d"><literalExpression><text>x</text></literalExpression></decision>
           <decision id="t" name="t"><decisionTable>
           <input><inputExpression><text>a</text></inputExpression></input><output/>
           <rule><inputEntry expressionLanguage="urn:ruby"><text>a</text></inputEntry>
           <outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>""",
        attributes='expressionLanguage="urn:python"',
    )
    definitions = model(data)
    added = Decision("e", "e", InformationItem("e"), LiteralExpression("1"))
    changed = replace(definitions, elements=(*definitions.elements, added))
    assert model(write(definitions, None)) == definitions
    assert model(write(changed, data)) == changed


def test_no_original_that_is_no_model_is_written_over() -> None:
    with pytest.raises(ValueError, match="no DMN file"):
        write(Definitions("n", "urn:n"), b"<!DOCTYPE a><a/>")


RULES = st.lists(st.sampled_from(["young", "old", "new", "newer", ""]), unique_by=lambda name: name or object())
CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="￾￿"), max_size=5)


@given(RULES, st.data())
def test_any_edit_of_a_table_is_written_as_it_is(names: list[str], data: st.DataObject) -> None:
    definitions = model(VENDOR)
    table = table_of(definitions)[1]
    known = {rule.id: rule for rule in table.rules}
    blank = Rule((UnaryTests(""),), (LiteralExpression(""),))
    rules = tuple(
        replace(
            known.get(name, blank),
            id=name or str(number),
            inputs=(replace(known.get(name, blank).inputs[0], text=data.draw(CELLS)),),
        )
        for number, name in enumerate(names, 1)
    )
    changed = with_table(definitions, replace(table, rules=rules))
    written = write(changed, VENDOR)
    assert model(written) == changed
    assert drawing(written) == drawing(VENDOR)
    assert list(_kept(written)) == list(_kept(VENDOR))


def _kept(data: bytes) -> Iterator[tuple[str, str | None]]:
    """What the definitions know nothing of and no edit of a table's rules may touch."""
    root = etree.fromstring(data)
    yield from ((str(name), str(value)) for name, value in root.attrib.items())
    for name in ("knowledgeSource", "textAnnotation", "association", "authorityRequirement"):
        yield from ((name, element.get("id")) for element in root.iter(f"{{{DMN}}}{name}"))
    yield from (("comment", comment.text) for comment in root.iter(etree.Comment))
    yield from (("author", author.text) for author in root.iter("{urn:vendor}author"))


def test_a_requirement_added_between_others_keeps_their_ids() -> None:
    definitions = model(VENDOR)
    decision = table_of(definitions)[0]
    more = InputData("income", "income", InformationItem("income"))
    needs = (Reference("urn:loans", "income"), *decision.required_inputs)
    changed = with_decision(definitions, replace(decision, required_inputs=needs))
    changed = replace(changed, elements=(more, *changed.elements))
    written = write(changed, VENDOR)
    assert model(written) == changed
    needed = [
        (element.get("id"), element[0].get("href"))
        for element in etree.fromstring(written).iter(f"{{{DMN}}}informationRequirement")
    ]
    assert needed == [(None, "#income"), ("risk-needs-age", "#age")]


def test_start_tags_over_several_lines_and_empty_elements_stay_as_they_are_written() -> None:
    content = (
        b"<?xml version='1.0' encoding='UTF-8'?>\n<!-- <not the root> -->\n"
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"\n    id="a" name="A"\n'
        b'    namespace="urn:a">\n'
        b'  <inputData id="b" name="b"><description></description><variable id="c" name="b"/></inputData>\n'
        b'  <decision id="d" name="d">\n    <variable id="e" name="d"/>\n'
        b'    <literalExpression id="f"><text>1</text></literalExpression>\n  </decision>\n</definitions>\n'
    )
    definitions, _ = read(content)
    assert definitions is not None
    decision = definitions.elements[1]
    assert isinstance(decision, Decision)
    changed = replace(decision, expression=LiteralExpression("2", id="f"))
    written = write(replace(definitions, elements=(definitions.elements[0], changed)), content)
    assert written == content.replace(b"<text>1</text>", b"<text>2</text>")

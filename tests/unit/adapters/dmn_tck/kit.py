"""A small kit of our own, with everything that the format allows and some of what it does not."""

from pathlib import Path
from typing import Final

DMN: Final = "https://www.omg.org/spec/DMN/20230324/MODEL/"
CASES: Final = (
    'xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
)

LIBRARY: Final = f"""<definitions xmlns="{DMN}" name="library" namespace="urn:library">
  <decision id="d" name="limit"><literalExpression><text>500</text></literalExpression></decision>
</definitions>"""

SAME_NAMESPACE: Final = f"""<definitions xmlns="{DMN}" name="another" namespace="urn:spend">
  <decision id="x" name="echo"><literalExpression><text>"the wrong model"</text></literalExpression></decision>
</definitions>"""

MODEL: Final = f"""<definitions xmlns="{DMN}" name="spend" namespace="urn:spend">
  <import name="library" namespace="urn:library" importType="{DMN}"/>
  <inputData id="v" name="value"><variable name="value"/></inputData>
  <decision id="e" name="echo">
    <informationRequirement><requiredInput href="#v"/></informationRequirement>
    <literalExpression><text>value</text></literalExpression>
  </decision>
  <decision id="t" name="third"><literalExpression><text>1 / 3</text></literalExpression></decision>
  <decision id="w" name="within">
    <informationRequirement><requiredDecision href="urn:library#d"/></informationRequirement>
    <literalExpression><text>library.limit = 500</text></literalExpression>
  </decision>
  <decisionService id="s" name="both">
    <outputDecision href="#e"/><outputDecision href="#t"/><inputData href="#v"/>
  </decisionService>
  <decisionService id="o" name="one"><outputDecision href="#e"/><inputData href="#v"/></decisionService>
  <businessKnowledgeModel id="b" name="double"><variable name="double"/><encapsulatedLogic>
    <formalParameter name="n" typeRef="number"/><literalExpression><text>2 * n</text></literalExpression>
  </encapsulatedLogic></businessKnowledgeModel>
</definitions>"""

VALUES: Final = {
    "a text": '<value xsi:type="xsd:string"> a &amp; b </value>',
    "a text of no type": "<value>12</value>",
    "a text with a comment": "<value>ab<!-- c -->cd</value>",
    "no characters": '<value xsi:type="xsd:string"/>',
    "a decimal": '<value xsi:type="xsd:decimal"> 1.50 </value>',
    "a double": '<value xsi:type="xsd:double">1.5E3</value>',
    "an integer": '<value xsi:type="xsd:integer">-7</value>',
    "a long": '<value xsi:type="xsd:long">7</value>',
    "a truth": '<value xsi:type="xsd:boolean">true</value>',
    "a truth as a digit": '<value xsi:type="xsd:boolean">0</value>',
    "a day": '<value xsi:type="xsd:date">2026-03-27</value>',
    "a time": '<value xsi:type="xsd:time">08:00:00Z</value>',
    "a moment": '<value xsi:type="xsd:dateTime">2026-03-27T08:00:00+01:00</value>',
    "days": '<value xsi:type="xsd:duration">P1DT2H</value>',
    "months": '<value xsi:type="xsd:yearMonthDuration">P1Y2M</value>',
    "null": '<value xsi:nil="true"/>',
    "null as a list": '<list xsi:nil="true"/>',
    "nothing": "",
    "a list": "<list><item><value>a</value></item><item><list/></item><item><value xsi:nil='1'/></item></list>",
    "an empty list": "<list/>",
    "a context": '<component name="a"><value>x</value></component><component name="b" xsi:nil="true"/>',
    "a nested one": '<component name="a"><list><item><component name="c"><value>x</value></component></item></list>'
    "</component>",
}
"""What a test can give, by what it is."""


def case(name: str, inputs: str, results: str, more: str = "") -> str:
    """A test case as a file has it."""
    return f'<testCase id="{name}" {more}>{inputs}{results}</testCase>'


def given(name: str, content: str) -> str:
    return f'<inputNode name="{name}">{content}</inputNode>'


def expected(name: str, content: str, more: str = "") -> str:
    return f'<resultNode name="{name}" {more}><expected>{content}</expected></resultNode>'


def number(text: str) -> str:
    return f'<value xsi:type="xsd:decimal">{text}</value>'


def calling(kind: str, name: str) -> str:
    """The attributes of a case that calls something."""
    return f'type="{kind}" invocableName="{name}"'


def entry(name: str) -> str:
    return f'<component name="{name}"><value>x</value></component>'


def test_cases(model: str, *cases: str) -> str:
    return f"<testCases {CASES}><modelName>{model}</modelName>{''.join(cases)}</testCases>"


ECHOES: Final = [case(name, given("value", text), expected("echo", text)) for name, text in VALUES.items()]

THIRD: Final = number("0." + "3" * 34)

PASSING: Final = [
    case("import", "", expected("within", '<value xsi:type="xsd:boolean">true</value>')),
    case("tolerance", "", expected("third", number("0.333333333"))),
    case(
        "decision service",
        given("value", number("4")),
        expected("echo", number("4")) + expected("third", THIRD),
        calling("decisionService", "both"),
    ),
    case(
        "service of one output",
        given("value", number("4")),
        expected("one", number("4")),
        calling("decisionService", "one"),
    ),
    case("knowledge", given("n", number("4")), expected("double", number("8")), calling("bkm", "double")),
    case("knowledge not so called", given("n", number("4")), expected("double", number("8"))),
    case(
        "error",
        given("n", "<value>x</value>"),
        expected("double", number("8"), 'errorResult="true"'),
        calling("bkm", "double"),
    ),
    case("no expectation", "", '<resultNode name="nobody"/>'),
    case("no result node", "", ""),
]

FAILING: Final = [
    case("unequal", given("value", number("4")), expected("echo", number("5"))),
    case("another type", given("value", "<value>4</value>"), expected("echo", number("4"))),
    case("another length", given("value", "<list/>"), expected("echo", "<list><item><value>a</value></item></list>")),
    case("another entry", given("value", entry("a")), expected("echo", entry("b"))),
    case("outside the tolerance", "", expected("third", number("0.33333331"))),
    case("unequal", given("value", number("4")), expected("echo", "")),
    case("no number", given("value", number("four")), expected("echo", number("4"))),
    case("no day", "", expected("third", '<value xsi:type="xsd:date">today</value>')),
    case("not finite", "", expected("third", '<value xsi:type="xsd:double">NaN</value>')),
]


def write_kit(root: Path) -> Path:
    """Write the kit below a directory; gives its root."""
    files = {
        "level/1-spend/spend limits.dmn": MODEL,
        "level/1-spend/library.dmn": LIBRARY,
        "level/1-spend/another.dmn": SAME_NAMESPACE,
        "level/1-spend/a.xml": test_cases("spend%20limits.dmn", *ECHOES),
        "level/1-spend/b-passing.xml": test_cases(" spend limits.dmn ", *PASSING),
        "level/1-spend/c-failing.xml": test_cases("spend limits", *FAILING),
        "level/1-spend/notes.xml": "<notes/>",
        "level/2-library/library.dmn": LIBRARY,
        "level/2-library/library-test-01.xml": test_cases("", case("1", "", expected("limit", number("500")))),
        "level/2-library/gone.xml": test_cases("gone.dmn", case("1", "", expected("limit", number("500")))),
        "level/2-library/broken.xml": "<testCases",
        "runner/settings.xml": "<!DOCTYPE settings><settings/>",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root

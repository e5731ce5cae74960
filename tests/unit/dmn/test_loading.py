"""The public face of the decision engine, from a file to an explained decision."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pytest

from comptroller import dmn
from comptroller.domain.kernel import limits

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"
LIBRARY = f"""<definitions xmlns="{DMN}" name="library" namespace="urn:library">
  <decision id="d" name="limit"><literalExpression><text>500</text></literalExpression></decision>
</definitions>""".encode()
MAIN = f"""<definitions xmlns="{DMN}" name="main" namespace="urn:main">
  <import name="library" namespace="urn:library" importType="{DMN}"/>
  <inputData id="i" name="amount"><variable name="amount" typeRef="number"/></inputData>
  <decision id="d" name="approval">
    <informationRequirement><requiredInput href="#i"/></informationRequirement>
    <informationRequirement><requiredDecision href="urn:library#d"/></informationRequirement>
    <decisionTable>
      <input><inputExpression><text>amount &lt;= library.limit</text></inputExpression></input>
      <output/>
      <rule id="within"><inputEntry><text>true</text></inputEntry><outputEntry><text>"pass"</text></outputEntry></rule>
      <rule id="over"><inputEntry><text>false</text></inputEntry><outputEntry><text>"sign"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>""".encode()


@pytest.mark.parametrize("as_path", [False, True], ids=["from bytes", "from files"])
def test_a_model_decides_and_explains(tmp_path: Path, *, as_path: bool) -> None:
    main, library = tmp_path / "main.dmn", tmp_path / "library.dmn"
    main.write_bytes(MAIN)
    library.write_bytes(LIBRARY)
    model = dmn.load(str(main), [library]) if as_path else dmn.load(MAIN, [LIBRARY])
    assert model.faults == ()
    outcome = model.decide("approval", {"amount": 700})
    assert (outcome.value, outcome.faults) == ("sign", ())
    assert [(step.name, [hit.rule_id for hit in step.hits]) for step in outcome.explanation] == [
        ("limit", []),
        ("approval", ["over"]),
    ]
    cell = outcome.why_not("approval", "within")
    assert cell is not None
    assert (cell.column, cell.text, cell.value) == ("amount <= library.limit", "true", False)


@pytest.mark.parametrize(
    ("source", "imports", "codes"),
    [
        pytest.param(b"no XML", [], ["XML-SYNTAX-01"], id="a model that is none"),
        pytest.param(LIBRARY, [b"no XML"], ["XML-SYNTAX-01"], id="an import that is none"),
        pytest.param(
            LIBRARY.replace(b"<text>", b"<importedValues/><text>"),
            [],
            ["DMN-READ-05"],
            id="a model with a part not read",
        ),
    ],
)
def test_what_cannot_be_read_is_told_once(source: bytes, imports: list[bytes], codes: list[str]) -> None:
    model = dmn.load(source, imports)
    assert [fault.code for fault in model.faults] == codes


def test_a_decision_that_was_misread_is_not_taken() -> None:
    model = dmn.load(MAIN.replace(b"<decisionTable>", b"<decisionTable hitPolicy='BEST'>"), [LIBRARY])
    outcome = model.decide("approval", {"amount": 1})
    assert outcome.value is None
    assert [fault.code for fault in outcome.faults] == ["DMN-HIT-01"]


def test_a_path_that_cannot_be_read_raises(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"gone\.dmn"):
        dmn.load(tmp_path / "gone.dmn")


@pytest.mark.parametrize("path", ["a\0b", ""], ids=["no name of a file", "the directory itself"])
def test_a_path_that_is_none_raises_as_well(path: str) -> None:
    with pytest.raises(OSError, match=r".+"):
        dmn.load(path)


def test_content_is_compiled_once_and_by_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "main.dmn"
    path.write_bytes(MAIN)
    model = dmn.load(MAIN, [LIBRARY])
    assert dmn.load(path, iter([LIBRARY])) is model
    assert dmn.load(MAIN) is not model
    path.write_bytes(MAIN.replace(b'"sign"', b'"halt"'))
    changed = dmn.load(path, [LIBRARY])
    assert (changed.decide("approval", {"amount": 700}).value, changed.hash == model.hash) == ("halt", False)


def numbered(number: int, padding: int = 0) -> bytes:
    return LIBRARY.replace(b"500", str(number).encode()) + b"\n" * padding


def test_models_not_asked_for_the_longest_are_let_go() -> None:
    kept, gone = dmn.load(numbered(-1)), dmn.load(numbered(-2))
    for number in range(limits.COMPILED_MODELS_MAX):
        assert dmn.load(numbered(-1)) is kept
        dmn.load(numbered(number))
    assert dmn.load(numbered(-1)) is kept
    assert dmn.load(numbered(-2)) is not gone


def test_large_sources_are_kept_within_their_limit() -> None:
    size = limits.DOCUMENT_BYTES_MAX - 1000
    first = dmn.load(numbered(1, size))
    assert dmn.load(numbered(1, size)) is first
    for number in range(2, 2 + limits.COMPILED_SOURCES_BYTES_MAX // size):
        dmn.load(numbered(number, size))
    assert dmn.load(numbered(1, size)) is not first


def test_threads_share_a_model() -> None:
    start = Barrier(8)

    def decide(number: int) -> tuple[int, object]:
        start.wait()
        model = dmn.load(MAIN, [LIBRARY + b"\n" * (number % 2)])
        return id(dmn.load(MAIN, [LIBRARY])), model.decide("approval", {"amount": number * 100}).value

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(decide, range(8)))
    assert len({model for model, _ in answers}) == 1
    assert [value for _, value in answers] == ["pass"] * 6 + ["sign"] * 2


def test_what_came_of_a_decision_is_the_callers_own() -> None:
    model = dmn.load(MAIN.replace(b'"sign"', b'["sign"]'), [LIBRARY])
    answer = model.decide("approval", {"amount": 700}).value
    assert isinstance(answer, list)
    answer.append("changed")
    assert model.decide("approval", {"amount": 700}).value == ["sign"]


TYPES = f"""<definitions xmlns="{DMN}" name="types" namespace="urn:types">
  <itemDefinition name="tDay"><typeRef>date</typeRef>
    <allowedValues><text>&gt; date("2026-01-01")</text></allowedValues></itemDefinition>
  <itemDefinition name="tDays" isCollection="true"><typeRef>tDay</typeRef></itemDefinition>
  <itemDefinition name="tCase">
    <itemComponent name="note"><typeRef>string</typeRef></itemComponent>
    <itemComponent name="day"><typeRef>tDay</typeRef></itemComponent>
    <itemComponent name="term"><typeRef>dayTimeDuration</typeRef></itemComponent>
  </itemDefinition>
  <inputData id="i" name="given"><variable name="given" typeRef="TYPE"/></inputData>
  <decision id="d" name="taken"><informationRequirement><requiredInput href="#i"/></informationRequirement>
    <literalExpression><text>given</text></literalExpression></decision>
</definitions>"""
DAY = date(2026, 3, 27)
TEXT = "2026-03-27"


@pytest.mark.parametrize(
    ("declared", "given", "taken"),
    [
        pytest.param("date", TEXT, DAY, id="a day"),
        pytest.param("string", TEXT, TEXT, id="a text that looks like one"),
        pytest.param("date", "soon", "soon", id="a text that is none"),
        pytest.param("dateTime", TEXT, DAY, id="a day for its midnight"),
        pytest.param("yearMonthDuration", "P1Y", dmn.MonthsDuration(12), id="a duration"),
        pytest.param("tDay", TEXT, DAY, id="of a named type"),
        pytest.param("tDays", [TEXT, None], [DAY, None], id="in a list"),
        pytest.param("tDays", TEXT, DAY, id="for a list of one"),
        pytest.param(
            "tCase",
            {"note": TEXT, "day": TEXT, "term": "P1D", "more": TEXT},
            {"note": TEXT, "day": DAY, "term": dmn.DaysDuration(Decimal(86_400)), "more": TEXT},
            id="in a context, beside texts that stay",
        ),
        pytest.param("Any", TEXT, TEXT, id="of no type"),
        pytest.param("date", 5, 5, id="a number"),
    ],
)
def test_texts_are_read_as_the_model_declares(declared: str, given: dmn.Value, taken: dmn.Value) -> None:
    model = dmn.load(TYPES.replace("TYPE", declared).encode())
    assert model.faults == ()
    assert dmn.as_declared(model, "taken", {"given": given}) == {"given": taken}


def test_two_models_of_one_namespace_do_not_replace_each_other() -> None:
    model = dmn.load(MAIN, [LIBRARY, LIBRARY, numbered(9), MAIN.replace(b"approval", b"another")])
    assert model.decision_names == ("approval",)
    assert model.decide("approval", {"amount": 400}).value == "pass"
    assert [fault.code for fault in model.faults] == ["DMN-IMPORT-04", "DMN-IMPORT-04"]

"""The public face of the decision engine, from a file to an explained decision."""

from pathlib import Path

import pytest

from comptroller import dmn

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

"""`comptroller policy`: a pack is proved by its situations, and a gap, a wrong answer or a fault is told."""

import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.unit.packs.accounts_payable import ROOT
from typer.testing import CliRunner

from comptroller.entrypoints.cli.app import app
from comptroller.entrypoints.cli.output import Exit

RUNNER = CliRunner()
EXAMPLES = Path(__file__).parents[4] / "docs" / "examples"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the accounts-payable pack that a test may spoil."""
    shutil.copytree(ROOT, tmp_path / "pack", ignore=shutil.ignore_patterns("demo"))
    return tmp_path / "pack"


def spoil(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_the_pack_is_proved() -> None:
    result = RUNNER.invoke(app, ["policy", "test", str(ROOT), "--json"])
    told = json.loads(result.stdout)
    assert result.exit_code == Exit.DONE
    assert told["rules_shown"] == told["rules_total"] > 0
    assert (told["wrong"], told["rules"], told["faults"]) == ([], [], [])


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        pytest.param(
            "examples/duplicate.yaml", "situations:", "situations:\n  - 3", "PACK-EXAMPLE-03", id="no situation"
        ),
        pytest.param("examples/duplicate.yaml", "decision: duplicate", "decision: &a d", "anchors", id="no plain YAML"),
        pytest.param(
            "examples/duplicate.yaml",
            "decision: duplicate",
            "decision: copies",
            "has no such decision",
            id="no decision",
        ),
        pytest.param("decisions/may-sign.dmn", "AP-35.1<", "<", "`clause` is empty", id="a row without its clause"),
        pytest.param("decisions/may-sign.dmn", "AP-SIGN-", "AP-SIGNED-", "came out otherwise", id="another reason"),
    ],
)
def test_what_is_wrong_is_told_and_fails(pack: Path, file: str, old: str, new: str, told: str) -> None:
    spoil(pack / file, old, new)
    result = RUNNER.invoke(app, ["policy", "test", str(pack)])
    assert result.exit_code == Exit.NO
    assert told in result.stdout


def test_a_rule_that_no_situation_fires_is_listed(pack: Path) -> None:
    (pack / "examples" / "duplicate.yaml").unlink()
    result = RUNNER.invoke(app, ["policy", "test", str(pack)])
    assert result.exit_code == Exit.NO
    assert "rules that no pair of situations shows" in result.stdout


@pytest.mark.parametrize("command", ["test", "propose"])
def test_a_decision_that_the_pack_does_not_have_is_refused(pack: Path, command: str) -> None:
    result = RUNNER.invoke(app, ["policy", command, str(pack), "--decision", "nonsense"])
    assert result.exit_code == Exit.NOT_FOUND
    assert "the pack has no decision `nonsense`" in result.stderr


def test_a_decision_without_a_table_of_its_own_takes_those_that_it_is_made_of(pack: Path) -> None:
    words = ["policy", "test", str(pack), "--rules", "--json", "--decision", "approval routing"]
    told = json.loads(RUNNER.invoke(app, words).stdout)
    assert told["rules_total"] > 0


def test_a_fault_of_a_file_is_counted_and_told_to_programs() -> None:
    result = RUNNER.invoke(app, ["policy", "check", str(ROOT / "decisions" / "may-sign.dmn"), "--json"])
    faults = [told for line in result.stdout.splitlines() if (told := json.loads(line))["kind"] == "fault"]
    assert (result.exit_code, faults[0]["severity"]) == (Exit.NO, "error")
    assert "0 errors" not in result.stderr


def test_a_folder_without_a_pack_is_no_pack(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["policy", "test", str(tmp_path)])
    assert result.exit_code == Exit.NOT_FOUND


def test_the_catalogue_cites_every_rule_of_every_table(pack: Path) -> None:
    page = RUNNER.invoke(app, ["policy", "catalogue", str(pack)]).stdout
    rules = json.loads(RUNNER.invoke(app, ["policy", "test", str(pack), "--rules", "--json"]).stdout)["rules"]
    assert [rule["rule"] for rule in rules if f"| `{rule['rule']}` |" not in page] == []


def test_tables_are_checked_one_finding_a_line() -> None:
    result = RUNNER.invoke(app, ["policy", "check", str(EXAMPLES / "routing.dmn"), "--json"])
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(found["kind"], found["rules"], found["region"]) for found in told] == [
        ("gap", [], {"amount": "< 0"}),
        ("overlap", [3, 4], {"amount": "> 10000", "category": '"travel"'}),
    ]
    assert told[0]["proposal"] == ["< 0", "-"]
    assert result.exit_code == Exit.NO


def test_gaps_of_what_nobody_expects_are_one_line_of_a_table_and_no_error() -> None:
    result = RUNNER.invoke(app, ["policy", "check", str(ROOT / "decisions" / "block-lifting.dmn")])
    (keepers,) = [line for line in result.stdout.splitlines() if "keepers of the block" in line]
    assert keepers.split(maxsplit=2)[:2] == ["information", "gap"]
    assert "`cause` null; nor `cause` not(null) and `decision date` <" in keepers
    assert (result.exit_code, "a row for it" in result.stdout) == (Exit.DONE, False)


def test_a_whole_table_is_told_to_be_in_order() -> None:
    result = RUNNER.invoke(
        app, ["policy", "check", str(EXAMPLES / "approval.dmn"), "--import", str(EXAMPLES / "limits.dmn")]
    )
    assert (result.exit_code, result.stdout) == (Exit.DONE, "")
    assert "1 tables: 0 errors" in result.stderr


def test_versions_are_compared_over_all_inputs(pack: Path) -> None:
    assert RUNNER.invoke(app, ["policy", "diff", str(ROOT), str(pack), "--json"]).exit_code == Exit.DONE
    spoil(pack / "decisions/late-payment.dmn", "</rule>", "</rule><!-- the same -->")
    assert RUNNER.invoke(app, ["policy", "diff", str(ROOT), str(pack)]).exit_code == Exit.DONE
    old, new = EXAMPLES / "routing.dmn", pack / "routing.dmn"
    shutil.copy(old, new)
    spoil(new, "[0..500)", "[0..499.99)")
    result = RUNNER.invoke(app, ["policy", "diff", str(old), str(new), "--json"])
    (told,) = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.exit_code, told["kind"]) == (Exit.NO, "changed")
    assert (told["region"], told["after"]) == ({"amount": "[499.99..500)"}, "nothing")


def test_versions_of_a_file_are_compared_with_what_it_imports(tmp_path: Path) -> None:
    old, new = EXAMPLES / "approval.dmn", tmp_path / "approval.dmn"
    shutil.copy(old, new)
    spoil(new, "limits.limit for(category)", "limits.limit for(category) + 1")
    result = RUNNER.invoke(app, ["policy", "diff", str(old), str(new), "--import", str(EXAMPLES / "limits.dmn")])
    assert result.exit_code == Exit.NO
    assert result.stdout.startswith("changed      limit: where `category`")


OF_LIMIT = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="l" name="l" namespace="urn:l">
  <inputData id="amount" name="amount"><variable name="amount" typeRef="number"/></inputData>
  <inputData id="limit" name="limit"><variable name="limit" typeRef="number"/></inputData>
  <decision id="signs" name="signs"><variable name="signs"/>
    <informationRequirement><requiredInput href="#amount"/></informationRequirement>
    <informationRequirement><requiredInput href="#limit"/></informationRequirement>
    <decisionTable hitPolicy="UNIQUE"><input><inputExpression><text>amount</text></inputExpression></input>
      <output/>
      <rule><inputEntry><text>&lt; limit * 2</text></inputEntry><outputEntry><text>1</text></outputEntry></rule>
      <rule><inputEntry><text>&gt;= limit * 2</text></inputEntry><outputEntry><text>2</text></outputEntry></rule>
    </decisionTable></decision></definitions>"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param("limit * 2", "limit + limit", "equal        signs: written otherwise, and the same", id="a sum"),
        pytest.param(
            "&gt;= limit * 2",
            "&gt; limit * 2",
            "changed      signs: where `limit` is known and `amount` is 2 * limit: 2 becomes null",
            id="one point of a line",
        ),
        pytest.param(
            "limit * 2",
            "limit * limit",
            "undecided    signs: where `amount` not (< limit * 2) and",
            id="a product, which is not looked into",
        ),
    ],
)
def test_a_table_of_sums_is_gone_through_as_expressions_are(tmp_path: Path, old: str, new: str, told: str) -> None:
    versions = [tmp_path / "old.dmn", tmp_path / "new.dmn"]
    for version, text in zip(versions, (OF_LIMIT, OF_LIMIT.replace(old, new)), strict=True):
        version.write_text(text)
    assert told in RUNNER.invoke(app, ["policy", "diff", *map(str, versions)]).stdout


SECOND = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="s" name="s" namespace="urn:s">
  <inputData id="route" name="route"><variable name="route"/></inputData>
  <decision id="look" name="second look"><variable name="second look"/>
    <informationRequirement><requiredInput href="#route"/></informationRequirement>
    <literalExpression><text>if route.signatures = 2 then "none" else "a sample"</text></literalExpression>
  </decision></definitions>"""
PROCESS = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:c="urn:comptroller:bpmn" id="d"
  targetNamespace="urn:t"><process id="p" isExecutable="true"><startEvent id="begin"/>
  <businessRuleTask id="sign" c:decision="route"/>
  <businessRuleTask id="then" c:decision="second look"/><endEvent id="end"/>
  <sequenceFlow id="f1" sourceRef="begin" targetRef="sign"/><sequenceFlow id="f2" sourceRef="sign" targetRef="then"/>
  <sequenceFlow id="f3" sourceRef="then" targetRef="end"/></process></definitions>"""


def test_a_change_is_traced_to_what_a_process_of_the_pack_hands_it_to(tmp_path: Path) -> None:
    signing = (EXAMPLES / "signing.dmn").read_text()
    folders = [tmp_path / "old", tmp_path / "new"]
    for folder, text in zip(folders, (signing, signing.replace("25000", "25000.01")), strict=True):
        written = {"pack.toml": "", "decisions/signing.dmn": text, "decisions/second.dmn": SECOND}
        for path, content in {**written, "processes/p.bpmn": PROCESS}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content)
    result = RUNNER.invoke(app, ["policy", "diff", *map(str, folders)])
    assert result.exit_code == Exit.NO
    assert (
        'changed      second look: where `amount` is above 25000, up to 25000.01: "none" becomes "a sample"\n'
        "             such as amount: 25000.01\n"
    ) in result.stdout


def test_a_candidate_is_taken_through_a_history_as_the_page_says(pack: Path) -> None:
    """The example of docs/backtest.md."""
    spoil(pack / "decisions" / "order-policy.dmn", "<text>1000.00<", "<text>500.00<")
    routing = pack / "decisions" / "approval-routing.dmn"
    routing.write_text(routing.read_text().replace("&gt; 25000.00", "&gt; 20000.00"))
    history, mapping = (str(EXAMPLES / "backtest" / name) for name in ("history.csv", "mapping.toml"))
    words = ["policy", "backtest", str(pack), "--against", str(ROOT), "--history", history, "--mapping", mapping]
    result = RUNNER.invoke(app, [*words, "--at", "2026-03-27", "--json"])
    assert result.exit_code == Exit.NO, result.output
    told = json.loads(result.stdout)
    assert (told["total"]["cases"], told["total"]["changed"], told["total"]["changed_amount"]) == (12, 5, 4_912_050)
    assert {tuple(change["shown"]) for change in told["changes"]} == {("H-08",), ("H-07",), ("H-02", "H-03", "H-04")}
    assert told["by_unit"]["Works"]["changed_amount"] == 162_050
    explained = RUNNER.invoke(app, [*words, "--at", "2026-03-27", "--case", "H-07"])
    assert explained.exit_code == Exit.NO
    assert "step-finance-legal" in explained.stdout
    assert "before" not in explained.stdout, "the old version has no rule that the new one has not"


@pytest.mark.skipif(find_spec("ray") is not None, reason="the extra `distributed` is installed")
def test_a_backtest_on_a_cluster_without_its_extra_says_what_to_install(pack: Path) -> None:
    history, mapping = (str(EXAMPLES / "backtest" / name) for name in ("history.csv", "mapping.toml"))
    words = ["--history", history, "--mapping", mapping, "--ray", "local:2"]
    result = RUNNER.invoke(app, ["policy", "backtest", str(pack), "--against", str(pack), *words])
    assert result.exit_code == Exit.USAGE
    assert "BACKTEST-EXTRA-02" in result.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(["--mapping", "nothing.toml"], "nothing.toml", id="no mapping"),
        pytest.param(["--at", "soon"], "BACKTEST-DAY-01", id="no day"),
        pytest.param(["--history", "{mapping}"], "BACKTEST-FILE-01", id="no history"),
        pytest.param(["--changes", "changes.txt"], "BACKTEST-CHANGES-02", id="no form of changes"),
        pytest.param(["--changes", "nowhere/changes.csv"], "BACKTEST-CHANGES-01", id="no place for changes"),
        pytest.param(["--mapping", "{misspelt}"], "BACKTEST-FACT-01", id="a fact that is misspelt"),
    ],
)
def test_a_backtest_that_cannot_be_made_says_why(pack: Path, words: list[str], told: str) -> None:
    mapping = str(EXAMPLES / "backtest" / "mapping.toml")
    given = {"--history": str(EXAMPLES / "backtest" / "history.csv"), "--mapping": mapping, "--at": "2026-03-27"}
    misspelt = pack / "mapping.toml"
    misspelt.write_text(Path(mapping).read_text().replace('"category" =', '"categry" ='))
    (pack / "facts.yaml").write_bytes((EXAMPLES / "backtest" / "facts.yaml").read_bytes())
    given[words[0]] = words[1].format(mapping=mapping, misspelt=misspelt)
    options = [word for option in given.items() for word in option]
    result = RUNNER.invoke(app, ["policy", "backtest", str(pack), "--against", str(pack), *options])
    assert result.exit_code not in {Exit.DONE, Exit.NO, Exit.DEFECT}
    assert told in result.output

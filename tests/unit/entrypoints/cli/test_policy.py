"""`comptroller policy`: a pack is proved by its situations, and a gap, a wrong answer or a fault is told."""

import json
import shutil
from pathlib import Path

import pytest
from tests.unit.packs.accounts_payable import ROOT
from typer.testing import CliRunner

from comptroller.entrypoints.cli.app import app
from comptroller.entrypoints.cli.output import Exit

RUNNER = CliRunner()


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


def test_a_folder_without_a_pack_is_no_pack(tmp_path: Path) -> None:
    result = RUNNER.invoke(app, ["policy", "test", str(tmp_path)])
    assert result.exit_code == Exit.NOT_FOUND


def test_the_catalogue_cites_every_rule_of_every_table(pack: Path) -> None:
    page = RUNNER.invoke(app, ["policy", "catalogue", str(pack)]).stdout
    rules = json.loads(RUNNER.invoke(app, ["policy", "test", str(pack), "--rules", "--json"]).stdout)["rules"]
    assert [rule["rule"] for rule in rules if f"| `{rule['rule']}` |" not in page] == []

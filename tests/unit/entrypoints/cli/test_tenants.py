"""A tenant founded by the command line is one that its importer can fill."""

import json
from pathlib import Path

import pytest
from tests.acceptance.company import DEMO
from tests.unit.entrypoints.cli.test_app import run

from comptroller.entrypoints.cli.app import app, main
from comptroller.entrypoints.cli.output import Exit

PACK = str(DEMO.parent)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"COMPTROLLER_HOME": str(tmp_path), "COMPTROLLER_DATABASE_URL": ""}


def test_founding_hands_over_the_importers_key_once(environment: dict[str, str], tmp_path: Path) -> None:
    made = run(environment, "tenant", "create", "blue", "--name", "Blue", "--pack", PACK, "--json")
    assert made.exit_code == Exit.DONE, made.output
    told = json.loads(made.stdout)
    assert (told["tenant"], told["principal"]) == ("blue", "importer")
    assert told["api_key"].startswith("ck_blue_")
    assert (tmp_path / "keys" / "blue.data-key").exists()
    assert json.loads(run(environment, "tenant", "list", "--json").stdout) == {"tenants": ["blue"]}
    again = run(environment, "tenant", "create", "blue", "--name", "Blue", "--pack", PACK)
    assert again.exit_code == Exit.REFUSED
    assert "TENANT-KNOWN-01" in again.output


@pytest.mark.parametrize(
    ("words", "code", "ends"),
    [
        pytest.param(["Blue Ltd", "--name", "x", "--pack", PACK], "TENANT-KEY-01", Exit.USAGE, id="a key with a space"),
        pytest.param(
            ["blue", "--name", "x", "--colour", "red", "--pack", PACK], "TENANT-COLOUR-01", Exit.USAGE, id="red"
        ),
        pytest.param(
            ["blue", "--name", "x", "--time-zone", "Mars", "--pack", PACK], "TENANT-ZONE-01", Exit.USAGE, id="Mars"
        ),
        pytest.param(["blue", "--name", "x", "--pack", "nowhere"], "PACK-OPEN-01", Exit.NOT_FOUND, id="no pack there"),
    ],
)
def test_what_cannot_be_founded_is_told(environment: dict[str, str], words: list[str], code: str, ends: Exit) -> None:
    result = run(environment, "tenant", "create", *words)
    assert result.exit_code == ends, result.output
    assert code in result.output


def test_a_lost_key_is_told(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(environment, "tenant", "create", "blue", "--name", "Blue", "--pack", PACK)
    (tmp_path / "keys" / "blue.data-key").unlink()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit) as ended:
        main(lambda: app(["case", "list", "--as", "importer"]))
    assert ended.value.code == Exit.LATER
    assert "KEY-FILE-01" in capsys.readouterr().err


def test_a_pack_with_faults_founds_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run(environment, "policy", "new", str(folder)).exit_code == Exit.DONE
    (folder / "processes" / "policy-change.bpmn").unlink()
    result = run(environment, "tenant", "create", "blue", "--name", "Blue", "--pack", str(folder))
    assert result.exit_code == Exit.NO
    assert "PACK-PROCESS-01" in result.output
    assert json.loads(run(environment, "tenant", "list", "--json").stdout) == {"tenants": []}

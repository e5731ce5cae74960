"""`comptroller policy new` writes a pack that runs, and writes over nothing."""

from pathlib import Path
from typing import Final

import pytest
from typer.testing import CliRunner, Result

from comptroller.adapters.bpmn_xml import read
from comptroller.application.policy import Policy
from comptroller.bootstrap import compile_pack, pack_files
from comptroller.domain.workflow.model import EndEvent
from comptroller.entrypoints.cli.app import app
from comptroller.entrypoints.cli.output import Exit
from comptroller.entrypoints.cli.policy_new import SKELETON

PACK: Final = Path(__file__).parents[4] / "packs" / "accounts-payable"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["policy", *words])


def test_a_new_pack_passes_its_checks_and_its_examples(tmp_path: Path) -> None:
    folder = str(tmp_path / "mine")
    for words in (("new", folder), ("check", folder), ("test", folder, "--json")):
        result = run(*words)
        assert result.exit_code == Exit.DONE, result.output
    assert isinstance(compile_pack(pack_files(tmp_path / "mine")), Policy)


def test_the_process_of_releases_is_the_same_in_both_packs() -> None:
    path = "processes/policy-change.bpmn"
    assert (SKELETON / path).read_bytes() == (PACK / path).read_bytes()


def test_every_end_of_its_processes_says_what_its_case_is() -> None:
    processes = [read(path.read_bytes())[0] for path in (SKELETON / "processes").glob("*.bpmn")]
    nodes = [place.node for process in processes if process is not None for place in process.places.values()]
    ends = [node for node in nodes if isinstance(node, EndEvent)]
    assert len(ends) == 9
    assert [end.id for end in ends if not end.status] == []


@pytest.mark.parametrize("there", ["a file", "a folder with something in it"])
def test_what_is_there_stays_as_it_is(tmp_path: Path, there: str) -> None:
    target = tmp_path / "mine"
    kept = target if there == "a file" else target / "pack.toml"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("mine")
    result = run("new", str(target))
    assert (result.exit_code, kept.read_text()) == (Exit.USAGE, "mine")
    assert "PACK-NEW-01" in result.output


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    assert run("new", str(tmp_path)).exit_code == Exit.DONE
    assert pack_files(tmp_path) == pack_files(SKELETON)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("new", str(tmp_path / "file" / "mine"))
    assert result.exit_code == Exit.NOT_FOUND
    assert "PACK-NEW-02" in result.output

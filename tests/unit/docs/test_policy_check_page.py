"""docs/policy-check.md keeps its word: what its example of two versions prints is what the command prints."""

from pathlib import Path

from tests.unit.docs.test_dmn_page import EXAMPLES
from typer.testing import CliRunner

from comptroller.entrypoints.cli.app import app

PAGE = (EXAMPLES.parent / "policy-check.md").read_text()


def test_the_difference_of_two_versions_is_printed_as_the_page_says(tmp_path: Path) -> None:
    raised = tmp_path / "raised.dmn"
    raised.write_text((EXAMPLES / "signing.dmn").read_text().replace("25000", "25000.01"))
    result = CliRunner().invoke(app, ["policy", "diff", str(EXAMPLES / "signing.dmn"), str(raised)])
    assert "equal        desk" in result.stdout
    assert "".join(f"    {line}\n" for line in result.stdout.splitlines()) in PAGE

"""docs/policy-check.md keeps its word: what its example of two versions prints is what the command prints."""

import re
from pathlib import Path

from tests.unit.docs.test_dmn_page import EXAMPLES
from typer.testing import CliRunner

import comptroller
from comptroller.entrypoints.cli.app import app

PAGE = (EXAMPLES.parent / "policy-check.md").read_text()


def test_the_difference_of_two_versions_is_printed_as_the_page_says(tmp_path: Path) -> None:
    raised = tmp_path / "raised.dmn"
    raised.write_text((EXAMPLES / "signing.dmn").read_text().replace("25000", "25000.01"))
    result = CliRunner().invoke(app, ["policy", "diff", str(EXAMPLES / "signing.dmn"), str(raised)])
    assert "equal        desk" in result.stdout
    assert "".join(f"    {line}\n" for line in result.stdout.splitlines()) in PAGE


def test_every_code_about_a_pack_is_in_the_table_of_codes() -> None:
    source = Path(comptroller.__file__).parent
    raised = set(re.findall(r"PACK-[A-Z]+-\d\d", "".join(path.read_text() for path in source.rglob("*.py"))))
    told = set[str]()
    for line in PAGE[PAGE.index("## Codes") :].splitlines():
        first = ""
        for code in re.findall(r"`(PACK-[A-Z]+-\d\d|-\d\d)`", line.split("|")[1] if "|" in line else ""):
            whole = code if code.startswith("PACK") else first[:-3] + code
            if " to " in line.split("|")[1]:
                told |= {f"{first[:-2]}{number:02}" for number in range(1, int(code[-2:]) + 1) if first}
            first = whole
            told.add(whole)
    assert raised <= told

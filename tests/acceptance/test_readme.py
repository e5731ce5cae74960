"""What the README tells a newcomer to type works, on the company that `make demo` leaves behind."""

import os
import re
import subprocess
import sys
from typing import Final

import pytest
from tests.acceptance.company import ROOT, Company

pytestmark = pytest.mark.embedded

COMMANDS: Final = re.findall(r"^ +uv run comptroller (.+)$", (ROOT / "README.md").read_text(), re.MULTILINE)
ENDS: Final = {"document check": 1}
"""How a command ends that is shown for what it finds; all others end well."""


@pytest.mark.parametrize("command", COMMANDS)
def test_command_of_the_readme_does_what_it_says(shared_company: Company, command: str) -> None:
    settings = shared_company.platform.settings
    place = {"COMPTROLLER_HOME": str(settings.home), "COMPTROLLER_DATABASE_URL": settings.database_url}
    done = subprocess.run(
        [sys.executable, "-m", "comptroller", *command.split()],
        cwd=ROOT, env={**os.environ, **place}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == ENDS.get(" ".join(command.split()[:2]), 0), done.stdout + done.stderr
    assert done.stdout.strip()


def test_readme_names_commands() -> None:
    assert len(COMMANDS) > 3

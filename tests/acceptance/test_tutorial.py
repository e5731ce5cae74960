"""The tutorial is typed as it stands: its files are written, its commands run in order, and say what it says they say.

A file is a fenced block headed by its path. In a block of console a line behind `$` is typed, and what stands below is
looked for in its answer, line by line, however it is spaced and wrapped there.
"""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shlex import split
from typing import Final

import pytest
from tests.acceptance.company import ROOT
from typer.testing import CliRunner

from comptroller.entrypoints.cli.app import app

pytestmark = pytest.mark.embedded

TUTORIAL: Final = ROOT / "docs" / "tutorial.md"

BLOCK: Final = re.compile(
    r"(?:\*\*`(?P<path>[^`]+)`\*\*(?P<more>, at its end)?\n\n)?```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL
)
EXIT: Final = re.compile(r" # exit code (\d+)$")
SEEN: Final = {
    "REQUEST": re.compile(r"^request +(\w+)$", re.MULTILINE),
    "JOB": re.compile(r"^job +(\w+)$", re.MULTILINE),
    "TASK": re.compile(r'"task_id":"([^"]+)"'),
    "HASH": re.compile(r'(?:"content_hash":"|--content-hash )(\w+)'),
}
"""What a reader puts in for a word in capitals: what was printed last."""


@dataclass(frozen=True)
class Written:
    """A file to be written, or to be written on."""

    path: str
    text: str
    more: bool


@dataclass(frozen=True)
class Typed:
    """A command, how it ends, and lines of its answer."""

    line: str
    ends: int
    says: list[str] = field(default_factory=list)


def steps() -> Iterator[Written | Typed]:
    """What the tutorial has its reader do, in its order."""
    for block in BLOCK.finditer(TUTORIAL.read_text()):
        if block["kind"] != "console":
            assert block["path"], f"a block has no path: {block['text'][:80]}"
            yield Written(block["path"], block["text"], bool(block["more"]))
            continue
        typed: Typed | None = None
        for line in block["text"].splitlines():
            if not line.startswith("$ "):
                assert typed is not None, f"no command says `{line}`"
                typed.says.append(line)
                continue
            if typed is not None:
                yield typed
            ends = EXIT.search(line)
            typed = Typed(EXIT.sub("", line.removeprefix("$ ")), int(ends[1]) if ends else 0)
        assert typed is not None
        yield typed


def words(text: str) -> str:
    """A text without what only sets it out on a screen."""
    return " ".join(text.split())


class Desk:
    """An empty folder, and what was printed there."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def write(self, file: Written) -> None:
        """Write a file as the tutorial has it."""
        path = Path(file.path)
        before = path.read_text() if file.more else ""
        path.write_text(before + file.text)

    def type(self, command: Typed) -> None:
        """Run a command as it is typed, and hold its answer against what the tutorial says."""
        line = re.sub(r"\b(REQUEST|JOB|TASK|HASH)\b", lambda word: self.seen[word[0]], command.line)
        code, answer = self._run(line)
        assert code == command.ends, f"`{line}` ends with {code}:\n{answer}"
        for said in command.says:
            assert words(said) in words(answer), f"`{line}` does not say `{said}`:\n{answer}"
        self.seen |= {word: found[-1] for word, form in SEEN.items() if (found := form.findall(answer))}

    @staticmethod
    def _run(line: str) -> tuple[int, str]:
        if line.startswith("comptroller "):
            result = CliRunner().invoke(app, split(line)[1:])
            return result.exit_code, result.output
        done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


def test_the_tutorial_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if shutil.which("sed") is None:
        pytest.skip("there is no sed here")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COMPTROLLER_DATABASE_URL", raising=False)
    monkeypatch.delenv("COMPTROLLER_HOME", raising=False)
    desk, commands = Desk(), 0
    for step in steps():
        match step:
            case Written():
                desk.write(step)
            case Typed():
                desk.type(step)
                commands += 1
    assert commands > 40

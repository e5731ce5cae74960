"""docs/dmn.md keeps its word: each of its examples gives what it says, also where nothing but lxml is installed."""

import re
import shlex
import shutil
import subprocess
import sysconfig
import venv
from contextlib import chdir
from pathlib import Path
from typing import Final

import pytest
from tests.unit.docs import examples
from typer.testing import CliRunner

from comptroller.domain.kernel import limits
from comptroller.entrypoints.cli.app import app

ROOT: Final = Path(__file__).parents[3]
PAGE: Final = ROOT / "docs" / "dmn.md"
EXAMPLES: Final = ROOT / "docs" / "examples"
COMMANDS: Final = tuple(examples.commands(PAGE.read_text(encoding="utf-8")))


def test_every_block_is_run() -> None:
    languages = {language for language, _ in examples.BLOCK.findall(PAGE.read_text(encoding="utf-8"))}
    assert languages == {"python", "console"}
    assert PAGE.read_text(encoding="utf-8").count("```") == 2 * len(examples.BLOCK.findall(PAGE.read_text()))


def test_codes_of_the_page_are_those_of_the_code() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "comptroller").rglob("*.py"))
    told = set(re.findall(r"(?:DMN|FEEL)-[A-Z]+-\d\d", PAGE.read_text(encoding="utf-8")))
    assert told
    assert {code for code in told if code not in source} == set()
    asking = [ROOT / "src" / "comptroller" / name for name in ("domain/decisions/invocables.py", "dmn/loading.py")]
    used = {code for path in asking for code in re.findall(r"DMN-[A-Z]+-\d\d", path.read_text(encoding="utf-8"))}
    listed = PAGE.read_text(encoding="utf-8").replace("`, `-", "` `DMN-ARGUMENT-")
    assert {code for code in used if code not in listed} == set()


def test_limits_of_the_page_are_those_of_the_code() -> None:
    told = " ".join(PAGE.read_text(encoding="utf-8").split())
    mebibyte = 1024 * 1024
    for words in (
        f"at most {limits.FEEL_ITERATIONS_MAX:,} iterations",
        f"at most {limits.FEEL_CHARACTERS_MAX:,} characters",
        f"nests at most {limits.FEEL_DEPTH_MAX} deep",
        f"at most {limits.DOCUMENT_BYTES_MAX // mebibyte} MiB",
        f"At most {limits.COMPILED_MODELS_MAX} models",
        f"together {limits.COMPILED_SOURCES_BYTES_MAX // mebibyte} MiB",
    ):
        assert words in told


def test_python_of_the_page_gives_what_it_says() -> None:
    with chdir(EXAMPLES):
        failed, tried = examples.check_python(PAGE)
    assert (failed, tried > 30) == (0, True)


@pytest.mark.parametrize(("command", "printed"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_command_of_the_page_prints_what_it_says(command: str, printed: str) -> None:
    with chdir(EXAMPLES):
        result = CliRunner().invoke(app, shlex.split(command)[1:])
    assert result.output.rstrip("\n") == printed


@pytest.fixture(scope="module")
def base_install(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has comptroller's package, lxml, and nothing else."""
    place = tmp_path_factory.mktemp("base")
    venv.create(place, with_pip=False, symlinks=True)
    python = place / "bin" / "python"
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True).stdout.strip())
    shutil.copytree(ROOT / "src" / "comptroller", site / "comptroller", ignore=shutil.ignore_patterns("node_modules"))
    for library in Path(sysconfig.get_path("platlib")).glob("lxml*"):
        if library.is_dir() and "stubs" not in library.name:
            shutil.copytree(library, site / library.name)
    return python


def test_base_install_runs_the_page_and_loads_nothing_of_the_platform(base_install: Path) -> None:
    checked = subprocess.run(
        [base_install, "-I", examples.__file__, PAGE], cwd=EXAMPLES, capture_output=True, text=True, check=True
    )
    told, packages = checked.stdout.splitlines()[-2:]
    assert re.match(r"0 of \d\d failed; ", told), checked.stdout
    foreign = {name for name in told.partition("; ")[2].split() if not re.match(r"_?(cython|_sysconfigdata)", name)}
    assert foreign == {"comptroller", "lxml"}
    assert packages.split() == ["adapters", "dmn", "domain"]


def test_command_line_of_the_base_install_says_in_one_line_what_it_needs(base_install: Path) -> None:
    script = "import sys; from comptroller.entrypoints.cli import main; sys.exit(main())"
    ended = subprocess.run([base_install, "-I", "-c", script], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("INSTALL-PLATFORM-01: the command line needs the whole platform")
    assert 'pip install "comptroller[platform]"' in ended.stderr

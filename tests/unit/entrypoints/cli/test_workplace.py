"""Where the command line cannot work, it says so by a code, at once, with what to do: never by a stack of our calls."""

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.acceptance.company import SERVER
from typer.testing import CliRunner

import comptroller
from comptroller.adapters.database import upgrade
from comptroller.entrypoints.cli.app import app
from comptroller.entrypoints.cli.output import Exit
from comptroller.entrypoints.loopback import HOST, listen


@pytest.fixture
def deaf_port() -> Iterator[int]:
    """A port that is taken and does not answer."""
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        yield taken.getsockname()[1]


@pytest.fixture
def busy_port() -> Iterator[int]:
    """A port that somebody serves on."""
    with listen(0) as listener:
        yield listener.getsockname()[1]


def says(home: Path, *words: str) -> tuple[int, str, str]:
    """The exit code, the code of the first line, and the line that says what to do."""
    environment = {"COMPTROLLER_HOME": str(home), "COMPTROLLER_DATABASE_URL": ""}
    result = CliRunner().invoke(app, words, env=environment)
    assert isinstance(result.exception, SystemExit), result.exception
    first, _, rest = result.stderr.partition("\n")
    return result.exit_code, first.partition(":")[0], rest.strip()


@pytest.mark.parametrize(
    "command", ["case list --as x", "worker --once", "serve --port 0", "db upgrade", "demo --once"]
)
def test_database_that_does_not_answer_is_told_by_every_command(tmp_path: Path, deaf_port: int, command: str) -> None:
    url = f"postgresql://somebody:secret@{HOST}:{deaf_port}/ledger"
    code, told, what_to_do = says(tmp_path, *command.split(), "--database-url", url)
    assert (code, told) == (Exit.LATER, "DATABASE-REACH-01")
    assert "--database-url" in what_to_do


@pytest.mark.parametrize(
    "url",
    ["mysql://somebody@localhost/ledger", "ledger", "sqlite:///", "sqlite://", "postgresql://localhost:port/ledger"],
)
def test_database_of_another_kind_is_wrong_use(tmp_path: Path, url: str) -> None:
    code, told, what_to_do = says(tmp_path, "db", "upgrade", "--database-url", url)
    assert (code, told) == (Exit.USAGE, "DATABASE-URL-01")
    assert "sqlite:///PATH" in what_to_do


def test_embedded_database_in_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'nowhere' / 'ledger.sqlite3'}"
    code, told, _ = says(tmp_path, "case", "list", "--as", "x", "--database-url", url)
    assert (code, told) == (Exit.LATER, "DATABASE-REACH-01")


def test_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Sirs, " * 100)
    code, told, _ = says(tmp_path, "case", "list", "--as", "x", "--database-url", f"sqlite:///{letter}")
    assert (code, told) == (Exit.LATER, "DATABASE-REACH-01")
    assert letter.read_text() == "Dear Sirs, " * 100


def test_password_of_the_database_is_not_printed(tmp_path: Path, deaf_port: int) -> None:
    url = f"postgresql://somebody:secret@{HOST}:{deaf_port}/ledger"
    result = CliRunner().invoke(app, ["db", "upgrade", "--database-url", url], env={"COMPTROLLER_HOME": str(tmp_path)})
    assert "somebody" in result.output
    assert "secret" not in result.output


@pytest.mark.postgresql
def test_server_database_without_the_schema_says_how_to_make_it(tmp_path: Path) -> None:
    if not SERVER:
        message = "COMPTROLLER_TEST_DATABASE_URL names no PostgreSQL server"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    code, told, what_to_do = says(tmp_path, "case", "list", "--as", "x", "--database-url", SERVER)
    assert (code, told) == (Exit.NOT_FOUND, "DATABASE-SCHEMA-01")
    assert "comptroller db upgrade" in what_to_do


def test_home_that_is_a_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "home"
    file.touch()
    code, told, what_to_do = says(file, "case", "list", "--as", "x")
    assert (code, told) == (Exit.NOT_FOUND, "HOME-OPEN-01")
    assert "COMPTROLLER_HOME" in what_to_do


def test_database_without_a_tenant_says_how_to_found_one(tmp_path: Path) -> None:
    code, told, what_to_do = says(tmp_path, "case", "list", "--as", "x")
    assert (code, told) == (Exit.NOT_FOUND, "TENANT-NONE-01")
    assert "comptroller demo" in what_to_do


def test_demonstration_away_from_its_data_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, told, _ = says(tmp_path, "demo", "--once")
    assert (code, told) == (Exit.NOT_FOUND, "DEMO-DATA-01")


@pytest.mark.parametrize("name", ["nothing.xml", "folder"])
@pytest.mark.parametrize("command", ["submit {} --as x", "document check {}"], ids=["submit", "check"])
def test_file_that_cannot_be_read_is_told(tmp_path: Path, command: str, name: str) -> None:
    (tmp_path / "folder").mkdir()
    code, told, what_to_do = says(tmp_path, *command.format(tmp_path / name).split())
    empty = name == "folder" and command.startswith("document")
    assert (code, told) == (Exit.NOT_FOUND, "CHECK-FILES-01" if empty else "FILE-READ-01")
    assert what_to_do


def test_engine_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    code, told, what_to_do = says(tmp_path, "document", "check", "x.xml", "--engine", "steam")
    assert (code, told) == (Exit.USAGE, "CHECK-ENGINE-01")
    assert "canonical" in what_to_do


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_port_in_use_is_told_before_anything_else(tmp_path: Path, busy_port: int, command: str) -> None:
    code, told, what_to_do = says(tmp_path, command, "--port", str(busy_port))
    assert (code, told) == (Exit.LATER, "SERVE-PORT-01")
    assert "--port" in what_to_do
    assert not list(tmp_path.iterdir())


def test_process_of_its_own_prints_no_trace(tmp_path: Path, deaf_port: int) -> None:
    url = f"postgresql://somebody@{HOST}:{deaf_port}/ledger"
    words = [sys.executable, "-m", "comptroller", "case", "list", "--as", "x", "--database-url", url]
    done = subprocess.run(
        words, env={"COMPTROLLER_HOME": str(tmp_path)}, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout) == (Exit.LATER, "")
    assert done.stderr.startswith("DATABASE-REACH-01: ")
    assert "Traceback" not in done.stderr


def test_a_database_of_a_later_release_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    upgrade(url)
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for words in (("tenant", "list"), ("db", "upgrade")):
        code, told, what_to_do = says(tmp_path, *words, "--database-url", url)
        assert (code, told) == (Exit.LATER, "DATABASE-SCHEMA-03")
        assert "release" in what_to_do


def test_an_argument_that_is_no_text_is_wrong_use(tmp_path: Path) -> None:
    words = [*(word.encode() for word in (sys.executable, "-m", "comptroller", "case", "show", "--as")), b"\xff", b"c1"]
    own = {"COMPTROLLER_HOME": str(tmp_path), "PYTHONPATH": str(Path(comptroller.__file__).parents[1])}
    done = subprocess.run(words, env=own, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    assert done.stderr.startswith(r"ARGUMENT-TEXT-01: `\udcff`")


def test_tenant_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    database = tmp_path / "ledger.sqlite3"
    upgrade(f"sqlite:///{database}")
    code, told, _ = says(tmp_path, "audit", "verify", "--tenant", "x", "--database-url", f"sqlite:///{database}")
    assert (code, told) == (Exit.NOT_FOUND, "TENANT-NONE-01")

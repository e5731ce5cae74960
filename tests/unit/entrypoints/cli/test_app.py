"""The command line: every command answers programs too, ends in a code that is written down, and completes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import click
import pytest
import typer
from tests.acceptance.company import DEMO, ROOT
from tests.unit.adapters.dmn_tck.kit import write_kit
from typer.testing import CliRunner, Result

from comptroller.domain.decisions.record import SEMANTICS
from comptroller.entrypoints.cli.app import app, consequences, main
from comptroller.entrypoints.cli.output import EXIT_MEANINGS, Exit

EXECUTABLE: Final = Path(sys.executable).parent / "comptroller"

LOG: Final = """\
case,activity,time,org:resource
1,Create Purchase Order,2026-03-01,a
1,Receive Goods,2026-03-02,b
"""
REGISTER: Final = """\
Supplier,Number,Date,Amount,Centre
Nordkupfer Handel GmbH,RE-4711,2026-03-01,600.00,DE-1000
NORDKUPFER HANDEL,re 4711,2026-03-03,600.00,DE-1000
"""
REGISTER_MAPPING: Final = """\
[columns]
Supplier = "supplier"
Number = "number"
Date = "date"
Amount = "gross"
Centre = "cost_centre"
"""

RECORDS: Final = '{"cost-centre": {"DE-9000": {"name": "Garage", "owner": "lena.vogt", "entity": "DE"}}}'

FACTLESS: Final = {"serve", "worker", "feel", "policy catalogue"}
"""Commands that print no facts: they run until they are told to stop, speak FEEL, or write a page."""

ENDLESS: Final = {"intake folder", "intake mailbox"}
"""Commands that print a line for each thing that comes in; their tests are in `test_intake.py`."""

CALLS: Final = {
    "demo": ("--once", Exit.DONE),
    "db upgrade": ("", Exit.DONE),
    "decide": ("{pack}/decisions/duplicate.dmn --decision duplicate --input {pack}/demo/documents.json", Exit.DONE),
    "control conformance": ("{folder}/log.csv --process {pack}/processes/purchase-to-pay.toml", Exit.NO),
    "control duplicates": ("{folder}/register.csv --mapping {folder}/register.toml --pack {pack}", Exit.NO),
    "control splits": ("{folder}/register.csv --mapping {folder}/register.toml --pack {pack}", Exit.NO),
    "dmn check": ("{pack}/decisions/duplicate.dmn", Exit.DONE),
    "dmn to-xlsx": ("{pack}/decisions/duplicate.dmn {folder}/taken-out.xlsx", Exit.DONE),
    "dmn from-xlsx": ("{folder}/duplicate.xlsx {pack}/decisions/duplicate.dmn -o {folder}/duplicate.dmn", Exit.DONE),
    "dmn tck": ("{kit}", Exit.NO),
    "tenant create": ("{tenant} --name Blue --pack {pack}", Exit.DONE),
    "tenant list": ("", Exit.DONE),
    "workers": ("", Exit.NO),
    "process check": ("{pack}/processes/invoice.bpmn", Exit.DONE),
    "process show": ("{pack}/processes/invoice.bpmn", Exit.DONE),
    "process simulate": ("{pack}/processes/invoice.bpmn", Exit.NO),
    "document check": (f"{DEMO / 'documents' / 'D01.ubl.xml'}", Exit.DONE),
    "submit": (f"{DEMO / 'documents' / 'D01.ubl.xml'} --as tomasz.zielinski --tenant brennhof", Exit.REFUSED),
    "intake file": (f"{DEMO / 'documents' / 'D01.ubl.xml'} --as tomasz.zielinski --tenant brennhof", Exit.DONE),
    "intake mail": ("{folder}/duplicate.xlsx --as tomasz.zielinski --tenant brennhof", Exit.NO),
    "intake list": ("--as tomasz.zielinski --tenant brennhof", Exit.DONE),
    "case list": ("--as samuel.grant --tenant brennhof", Exit.DONE),
    "case show": ("{case} --as samuel.grant --tenant brennhof", Exit.DONE),
    "case response": ("{case} --as samuel.grant --tenant brennhof", Exit.DONE),
    "task list": ("--as lena.vogt --tenant brennhof --all", Exit.DONE),
    "task act": ("{task} approve --as lena.vogt --tenant brennhof --content-hash 0", Exit.REFUSED),
    "task undo": ("{task} --as lena.vogt --tenant brennhof", Exit.REFUSED),
    "task send-back": ("{task} cost-centre-owner --as lena.vogt --tenant brennhof --content-hash 0", Exit.REFUSED),
    "audit verify": ("--tenant brennhof", Exit.DONE),
    "kpi": ("--tenant brennhof --by entity", Exit.DONE),
    "kpi-measure": ("--from 2026-03-01 --to 2026-03-31 --as ivo.marek --tenant brennhof", Exit.DONE),
    "kpi-measure-show": ("none --as ivo.marek --tenant brennhof", Exit.NOT_FOUND),
    "kpi-replay": ("--from 2026-03-01 --to 2026-03-31 --as ivo.marek --tenant brennhof", Exit.DONE),
    "kpi-replay-show": ("none --as ivo.marek --tenant brennhof", Exit.NOT_FOUND),
    "kpi-return": ("--as samuel.grant --tenant brennhof", Exit.DONE),
    "policy new": ("{folder}/{tenant}", Exit.DONE),
    "policy test": ("{pack} --mutants --decision accrual --cells", Exit.DONE),
    "policy propose": ("{pack} --decision accrual", Exit.DONE),
    "policy backtest": (
        "{pack} --against {pack} --history {history}/history.csv --mapping {history}/mapping.toml --at 2026-03-27",
        Exit.DONE,
    ),
    "policy diff": ("{pack}/decisions/late-payment.dmn {pack}/decisions/late-payment.dmn", Exit.DONE),
    "policy versions": ("--as ivo.marek --tenant brennhof", Exit.DONE),
    "policy pull": ("{folder}/pulled --as ivo.marek --tenant brennhof", Exit.DONE),
    "policy push": ("{pack} --title t --as ivo.marek --tenant brennhof", Exit.REFUSED),
    "policy backtest-cases": ("{pack} --since 2026-03-01 --as ivo.marek --tenant brennhof", Exit.REFUSED),
    "policy backtest-show": ("none --as ivo.marek --tenant brennhof", Exit.NOT_FOUND),
    "policy shadow": ("{pack} --as ivo.marek --tenant brennhof", Exit.REFUSED),
    "policy shadow-show": ("none --as ivo.marek --tenant brennhof", Exit.NOT_FOUND),
    "policy correction": ("{pack} 2026-03-01 --as ivo.marek --tenant brennhof", Exit.DONE),
    "policy record": ("{case} duplicate --as ivo.marek --tenant brennhof", Exit.DONE),
    "policy requests": ("--as ivo.marek --tenant brennhof", Exit.DONE),
    "policy sign": ("none --as clara.weiss --tenant brennhof", Exit.NOT_FOUND),
    "policy release": ("{pack} --as clara.weiss", Exit.USAGE),
    "policy withdraw": ("none --reason r --as ivo.marek --tenant brennhof", Exit.NOT_FOUND),
    "policy overrides": ("--as ivo.marek --tenant brennhof", Exit.DONE),
    "policy follow-group": ("DE --title t --as ivo.marek --tenant brennhof", Exit.REFUSED),
    "policy rollback": ("--reason r --as ivo.marek --tenant brennhof", Exit.REFUSED),
    "policy invariants": ("{folder}/small", Exit.DONE),
    "policy check": ("{pack}/decisions/late-payment.dmn", Exit.DONE),
    "ledger trial-balance": ("UK --as clara.weiss --tenant brennhof", Exit.DONE),
    "ledger journals": ("DE --as clara.weiss --tenant brennhof", Exit.DONE),
    "ledger open-items": ("DE --as clara.weiss --tenant brennhof", Exit.DONE),
    "ledger ageing": ("DE --as clara.weiss --tenant brennhof", Exit.DONE),
    "ledger reconcile": ("FR --as clara.weiss --tenant brennhof", Exit.DONE),
    "ledger compare": ("--entity DE --as clara.weiss --tenant brennhof", Exit.NO),
    "ledger accrue": ("DE 2026-03 --as clara.weiss --tenant brennhof", Exit.DONE),
    "ledger attest": ("DE 2026-03 --as clara.weiss --tenant brennhof", Exit.DONE),
    "job list": ("--as mika.ranta --tenant brennhof", Exit.DONE),
    "job show": ("none --as mika.ranta --tenant brennhof", Exit.NOT_FOUND),
    "job stop": ("none --reason r --as mika.ranta --tenant brennhof", Exit.NOT_FOUND),
    "message send": ("none --key k --as importer --tenant brennhof", Exit.DONE),
    "incident cases": ("invoice --as mika.ranta --tenant brennhof", Exit.DONE),
    "incident list": ("--as mika.ranta --tenant brennhof", Exit.DONE),
    "incident repair": ("none --repair retry --reason now --as mika.ranta --tenant brennhof", Exit.NOT_FOUND),
    "incident repair-all": ("p/v/n/c --repair retry --reason now --as mika.ranta --tenant brennhof", Exit.NO),
    "person away": ("nobody --from 2026-04-01 --until 2026-04-02 --as importer --tenant brennhof", Exit.NOT_FOUND),
    "person back": ("nobody k --as importer --tenant brennhof", Exit.NOT_FOUND),
    "person conflicts": ("--as samuel.grant --tenant brennhof", Exit.DONE),
    "person delegate": (
        "nobody lena.vogt --from 2026-04-01 --until 2026-04-02 --as importer --tenant brennhof",
        Exit.NOT_FOUND,
    ),
    "person show": ("gareth.hughes --as importer --tenant brennhof", Exit.DONE),
    "person take-back": ("nobody k --as importer --tenant brennhof", Exit.NOT_FOUND),
    "process migrate": ("invoice --from 0 --reason now --as mika.ranta --tenant brennhof", Exit.NOT_FOUND),
    "process migrate-case": ("none --reason now --as mika.ranta --tenant brennhof", Exit.NOT_FOUND),
    "process versions": ("invoice --as mika.ranta --tenant brennhof", Exit.DONE),
    "reference import": ("{folder}/records.json --as importer --tenant brennhof", Exit.DONE),
    "task claim": ("none --as lena.vogt --tenant brennhof", Exit.NOT_FOUND),
    "task release": ("none --as lena.vogt --tenant brennhof", Exit.NOT_FOUND),
    "payment propose": ("DE --dry-run --as paulo.reis --tenant brennhof", Exit.DONE),
    "payment show": ("none --as paulo.reis --tenant brennhof", Exit.NOT_FOUND),
    "payment confirm": ("none.P1 executed --as importer --tenant brennhof", Exit.NOT_FOUND),
}
"""How each command is called on the demonstration company, and how it ends."""


@dataclass(frozen=True, slots=True)
class Home:
    """The demonstration company's place, and one of its cases that waits for Lena Vogt."""

    environment: dict[str, str]
    case: str
    task: str
    folder: Path

    def run(self, name: str, *more: str) -> tuple[Exit, Result]:
        """Call a command as the table says; how the table says that it ends, and what came."""
        words, ends = CALLS[name]
        words = words.format(
            case=self.case,
            task=self.task,
            tenant=f"t{uuid4().hex}",
            pack=DEMO.parent,
            folder=self.folder,
            kit=self.folder / "kit",
            history=ROOT / "docs" / "examples" / "backtest",
        )
        return ends, run(self.environment, *name.split(), *words.split(), *more)


def run(environment: dict[str, str], *words: str) -> Result:
    result = CliRunner().invoke(app, words, env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The demonstration company, made by the command line itself."""
    environment = {"COMPTROLLER_HOME": str(tmp_path_factory.mktemp("home")), "COMPTROLLER_DATABASE_URL": ""}
    folder = tmp_path_factory.mktemp("files")
    write_kit(folder / "kit")
    (folder / "register.csv").write_text(REGISTER)
    (folder / "log.csv").write_text(LOG)
    (folder / "records.json").write_text(RECORDS)
    (folder / "register.toml").write_text(REGISTER_MAPPING)
    assert run({}, "policy", "new", str(folder / "small")).exit_code == Exit.DONE
    taken = run({}, "dmn", "to-xlsx", str(DEMO.parent / "decisions" / "duplicate.dmn"), str(folder / "duplicate.xlsx"))
    assert taken.exit_code == Exit.DONE, taken.output
    with chdir(ROOT):
        made = run(environment, "demo", "--once", "--json")
        assert made.exit_code == Exit.DONE, made.output
        tasks = json.loads(run(environment, "task", "list", "--as", "lena.vogt", "--json").stdout)["tasks"]
        yield Home(environment, tasks[0]["case_id"], tasks[0]["task_id"], folder)


def commands(group: Any, *names: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *names, name)
        else:
            yield " ".join([*names, name]), command


COMMANDS: Final = dict(commands(typer.main.get_command(app)))


def test_the_release_is_told_with_the_semantics_that_records_name() -> None:
    told = CliRunner().invoke(app, ["--version"])
    assert (told.exit_code, told.stdout) == (0, f"comptroller {version('comptroller')}, decisions by {SEMANTICS}\n")


def test_every_command_is_called() -> None:
    assert set(COMMANDS) == FACTLESS | ENDLESS | set(CALLS)


@pytest.mark.parametrize("name", COMMANDS)
def test_command_that_prints_facts_prints_them_as_json(name: str) -> None:
    options = {option for parameter in COMMANDS[name].params for option in parameter.opts}
    assert ("--json" in options) == (name not in FACTLESS)


@pytest.mark.parametrize("name", CALLS)
def test_answer_as_json_is_one_value(home: Home, name: str) -> None:
    ends, result = home.run(name, "--json")
    assert result.exit_code == ends, result.output
    assert isinstance(json.loads(result.stdout), dict)
    assert result.stdout.count("\n") == 1


@pytest.mark.parametrize("name", CALLS)
def test_answer_for_people_is_no_json(home: Home, name: str) -> None:
    ends, result = home.run(name)
    assert result.exit_code == ends, result.output
    assert result.output.strip()
    assert not result.output.lstrip().startswith("{")


# ---- how it ends ----------------------------------------------------------------------------------------------------


def test_every_exit_code_has_its_meaning_in_the_help_and_in_the_documentation() -> None:
    assert set(EXIT_MEANINGS) == set(Exit)
    table = re.findall(r"^\| (\d+) \| (.+) \|$", (ROOT / "docs" / "operate.md").read_text(), re.MULTILINE)
    assert {int(code): meaning for code, meaning in table} == EXIT_MEANINGS
    told = " ".join(CliRunner().invoke(app, ["--help"]).output.split())
    for code, meaning in EXIT_MEANINGS.items():
        assert f"{code.value} {meaning}" in told


def test_defect_has_a_code_of_its_own_and_keeps_its_trace(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(SystemExit) as ended:
        main(broken)
    assert ended.value.code == Exit.DEFECT
    assert capsys.readouterr().err.startswith("DEFECT-01: ")
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param("case lst", "Did you mean 'list'?", id="a command"),
        pytest.param("case list --as x --jsn", "--json", id="an option"),
        pytest.param("case list --as x --limit many", "Invalid value for '--limit'", id="a value"),
        pytest.param("case list --as x --limit 0", "--limit", id="a page of none"),
        pytest.param("case list --as x --limit 201", "--limit", id="a page too long"),
        pytest.param("case list", "--as", id="who acts"),
        pytest.param("case show --as x", "CASE_ID", id="which case"),
        pytest.param("serve --port 65536", "65535", id="a port"),
    ],
)
def test_slip_of_the_pen_says_what_to_write(words: str, told: str) -> None:
    result = CliRunner().invoke(app, words.split(), env={"COMPTROLLER_AS": ""})
    assert result.exit_code == Exit.USAGE
    assert told.lower() in result.output.lower()
    assert "--help" in result.output


# ---- completion -----------------------------------------------------------------------------------------------------


COMPLETIONS: Final = {
    "ca": "case",
    "case ": "list show response",
    "audit verify --j": "--json",
}
"""What stands on the line, and what is offered."""


def test_bash_completes_by_the_script_that_the_documentation_installs() -> None:
    install = 'eval "$(_COMPTROLLER_COMPLETE=source_bash comptroller)"'
    assert install in (ROOT / "docs" / "operate.md").read_text()
    script = f"""{install}
        complete_line() {{
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
            _comptroller_completion comptroller
            echo "${{COMPREPLY[*]}}"
        }}
    """
    for line in COMPLETIONS:
        script += "complete_line comptroller " + " ".join(f"'{word}'" for word in line.split(" ")) + "\n"
    environment = {**os.environ, "PATH": f"{EXECUTABLE.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == list(COMPLETIONS.values())
    assert not done.stderr


@pytest.mark.parametrize(
    ("answer", "begins"),
    [
        pytest.param({"applied": True}, [], id="counted"),
        pytest.param({}, [], id="nothing said"),
        pytest.param({"applied": False}, ["open  it was not counted"], id="not counted"),
        pytest.param(
            {"applied": True, "fallen": [{"person": "lena.vogt", "step": "owner"}]},
            ["fell  the signature of lena.vogt on owner"], id="a signature fell",
        ),
        pytest.param(
            {"applied": True, "undo_until": "2026-03-27T08:00:10Z"}, ["then  it is carried out"], id="to be taken back",
        ),
    ],
)  # fmt: skip
def test_what_came_of_an_answer_to_a_task_is_told(answer: dict[str, Any], begins: list[str]) -> None:
    told = list(consequences(answer, "c1-2-1"))
    assert len(told) == len(begins)
    assert all(line.startswith(start) for line, start in zip(told, begins, strict=True))

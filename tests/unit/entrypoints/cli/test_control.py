"""`comptroller control`: findings with both rows, faults beside them, exit codes, and help with an example."""

import json
from pathlib import Path

import pytest
from tests.acceptance.company import DEMO
from tests.unit.entrypoints.cli.test_app import REGISTER, REGISTER_MAPPING, run
from typer.testing import Result

from comptroller.entrypoints.cli.output import Exit

PACK = ("--pack", str(DEMO.parent), "--at", "2026-03-27")


def look(tmp_path: Path, command: str, rows: str = REGISTER, mapping: str = REGISTER_MAPPING, *more: str) -> Result:
    (tmp_path / "f.csv").write_text(rows)
    (tmp_path / "m.toml").write_text(mapping)
    return run({}, "control", command, str(tmp_path / "f.csv"), "--mapping", str(tmp_path / "m.toml"), *PACK, *more)


def test_a_duplicate_is_told_with_both_rows(tmp_path: Path) -> None:
    result = look(tmp_path, "duplicates", REGISTER + "Ferrum,X,never,1,C\n", REGISTER_MAPPING, "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == Exit.NO
    assert (told["outcome"], told["reason"], told["amount"]) == ("certain", "AP-DUPLICATE-07", "600.00")
    assert [row["row"] for row in told["rows"]] == [2, 3]
    assert "row 2" in told["text"]
    assert "CONTROL-ROW-01 row 4, column `Date`" in result.stderr


def test_a_split_is_told_with_the_distance_of_each_row(tmp_path: Path) -> None:
    result = look(tmp_path, "splits", REGISTER, REGISTER_MAPPING, "--json")
    told = json.loads(result.stdout)
    assert (told["outcome"], told["limit"], told["amount"]) == ("aggregate", "1000.00", "1200.00")
    assert [row["below"] for row in told["rows"]] == ["400.00", "400.00"]


def test_a_limit_and_a_window_of_ones_own(tmp_path: Path) -> None:
    assert look(tmp_path, "splits", REGISTER, REGISTER_MAPPING, "--limit", "1200").exit_code == Exit.DONE
    assert look(tmp_path, "splits", REGISTER, REGISTER_MAPPING, "--limit", "1199.99").exit_code == Exit.NO
    assert look(tmp_path, "splits", REGISTER, REGISTER_MAPPING, "--window", "1").exit_code == Exit.DONE


def test_nothing_found_is_done(tmp_path: Path) -> None:
    result = look(tmp_path, "duplicates", REGISTER.splitlines()[0] + "\nA,1,2026-03-01,5,C\n")
    assert result.exit_code == Exit.DONE
    assert "1 rows, 1 compared" in result.stderr


@pytest.mark.parametrize(
    ("command", "mapping", "code"),
    [
        pytest.param("duplicates", '[columns]\n"Date" = "date"', "CONTROL-COLUMN-02", id="no supplier"),
        pytest.param("splits", REGISTER_MAPPING.replace("Centre", "Nothing"), "CONTROL-COLUMN-01", id="no such column"),
        pytest.param("duplicates", "[columns", "CONTROL-MAPPING-01", id="no mapping"),
    ],
)
def test_what_cannot_be_looked_through_is_refused(tmp_path: Path, command: str, mapping: str, code: str) -> None:
    result = look(tmp_path, command, REGISTER, mapping)
    assert result.exit_code == Exit.REFUSED
    assert code in result.stderr


def test_help_shows_a_mapping() -> None:
    shown = run({}, "control", "duplicates", "--help").output
    assert '"Supplier Name" = "supplier"' in shown
    assert " [columns]" in shown

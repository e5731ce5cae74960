"""`comptroller control`: findings with both rows, faults beside them, exit codes, and help with an example."""

import json
from pathlib import Path

import pytest
from tests.acceptance.company import DEMO
from tests.unit.entrypoints.cli.test_app import REGISTER, REGISTER_MAPPING, run
from typer.testing import Result

from comptroller.entrypoints.cli.output import Exit

PACK = ("--pack", str(DEMO.parent), "--at", "2026-03-27")


LINES = (
    "Supplier,No,Date,Amount\nA,R-1,2026-03-01,5\nA,R-1,2026-03-01,5\n",
    '[columns]\n"Supplier" = "supplier"\n"No" = "number"\n"Date" = "date"\n"Amount" = "gross"\n',
)


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
    assert told["text"] == "number RE-4711 of the same supplier with the same amount stands in row 2"
    assert "CONTROL-ROW-01 row 4, column `Date`" in result.stderr


def test_a_split_is_told_with_the_distance_of_each_row(tmp_path: Path) -> None:
    result = look(tmp_path, "splits", REGISTER, REGISTER_MAPPING, "--json")
    told = json.loads(result.stdout)
    assert (told["outcome"], told["limit"], told["amount"]) == ("aggregate", "1000.00", "1200.00")
    assert [row["below"] for row in told["rows"]] == ["400.00", "400.00"]
    together = "together they pass a limit that each stays below"
    assert told["text"] == f"{together}: 1,200.00 against 1,000.00, rows 2 and 3"


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


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        pytest.param("", "CONTROL-ROW-97", id="no rows"),
        pytest.param("A,1,never,5,C\n", "CONTROL-ROW-97", id="no sound row"),
        pytest.param('"A,1,2026-03-01,5,C\nA,1,2026-03-01,5,C\n', "CONTROL-FILE-06", id="a quote that does not close"),
        pytest.param(
            'A,"1,2026-03-01,5,C\nA,2,2026-03-01,5,C\nA,"3,2026-03-01,5,C\n', "CONTROL-FILE-06", id="rows in quotes"
        ),
    ],
)
def test_a_file_of_which_nothing_is_compared_is_refused(tmp_path: Path, rows: str, code: str) -> None:
    result = look(tmp_path, "duplicates", f"{REGISTER.splitlines()[0]}\n{rows}")
    assert result.exit_code == Exit.REFUSED
    assert code in result.stderr


def test_many_rows_that_are_not_compared_are_said_loudly(tmp_path: Path) -> None:
    result = look(tmp_path, "duplicates", f"{REGISTER.splitlines()[0]}\nA,1,2026-03-01,5,C\nB,2,never,5,C\n")
    assert "CONTROL-ROW-98: 1 of 2 rows were not compared" in result.stderr


def test_rows_that_may_be_lines_of_invoices_are_hinted_at(tmp_path: Path) -> None:
    result = look(tmp_path, "duplicates", *LINES)
    assert "CONTROL-LINES-01: 1 findings share number, supplier and day" in result.stderr
    (rows, mapping) = LINES
    assert "CONTROL-LINES-01" not in look(tmp_path, "duplicates", rows, 'rows = "lines"\n' + mapping).stderr


def conformance(tmp_path: Path, rows: str) -> Result:
    (tmp_path / "log.csv").write_text(f"Case ID,Activity,Resource,Complete Timestamp\n{rows}")
    process = DEMO.parent / "processes" / "purchase-to-pay.toml"
    return run({}, "control", "conformance", str(tmp_path / "log.csv"), "--process", str(process), "--json")


def test_a_log_is_understood_in_the_words_of_other_systems(tmp_path: Path) -> None:
    result = conformance(
        tmp_path, "1,Goods Receipt,a,2026/03/01\n1,post_invoice,a,2026/03/02\n1,Pay Invoice,b,27.03.2026\n"
    )
    assert [json.loads(line)["kind"] for line in result.stdout.splitlines()] == ["same person received and billed"]


def test_a_log_of_which_little_is_known_says_so(tmp_path: Path) -> None:
    assert "CONTROL-LOG-10: 1 of 2 events are no step of the process: `Dance` (1)" in (
        conformance(tmp_path, "1,Create PO,a,2026-03-01\n1,Dance,a,2026-03-02\n").stderr
    )
    nothing = conformance(tmp_path, "1,Create PO,a,never\n")
    assert nothing.exit_code == Exit.REFUSED
    assert "CONTROL-LOG-08 case `1`, row 2" in nothing.stderr


def test_help_shows_a_mapping() -> None:
    shown = run({}, "control", "duplicates", "--help").output
    assert '"Supplier Name" = "supplier"' in shown
    assert " [columns]" in shown

"""`comptroller feel`: one expression, lines from a pipe, and the prompt as somebody types at it."""

import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from tests.unit.entrypoints.cli.test_app import EXECUTABLE, run
from typer.testing import CliRunner

from comptroller.entrypoints.cli import feel
from comptroller.entrypoints.cli.app import app
from comptroller.entrypoints.cli.output import Exit

INTERRUPT = "^C"


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[str]]:
    """What the prompt says to some lines, on both of its outputs; `^C` is the key that drops what was begun."""

    def say(*lines: str) -> list[str]:
        given: Iterator[str] = iter(lines)

        def read(prompt: str) -> str:
            line = next(given, None)
            if line is None:
                raise EOFError
            if line == INTERRUPT:
                raise KeyboardInterrupt
            sys.stdout.write(f"{prompt}{line}\n")
            return line

        feel.Session().prompt(read)
        told = capsys.readouterr()
        return [line for line in (told.out + told.err).splitlines()[1:] if line]

    return say


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        pytest.param("0.1 + 0.2", "0.3", id="a number"),
        pytest.param('"a" + "\\n"', '"a\\n"', id="a text on one line"),
        pytest.param('date("2026-03-27")', 'date("2026-03-27")', id="a day"),
        pytest.param('@"08:00:00" + @"PT1H"', 'time("09:00:00")', id="a time"),
        pytest.param('@"2026-03-27T08:00:00Z"', 'date and time("2026-03-27T08:00:00Z")', id="a moment"),
        pytest.param('[@"P1Y2M", @"PT36H"]', '[duration("P1Y2M"), duration("P1DT12H")]', id="durations"),
        pytest.param('{a: 1, "b.c": (1..5], d: null}', '{a: 1, "b.c": (1..5], d: null}', id="a context"),
        pytest.param("function(a, b) a + b", "function(a, b)", id="a function"),
        pytest.param("1E+2", "100", id="a number without an exponent"),
    ],
)
def test_values_are_written_as_feel(expression: str, value: str) -> None:
    result = run({}, "feel", expression)
    assert (result.exit_code, result.output) == (Exit.DONE, f"{value}\n")


def test_what_is_no_feel_says_where() -> None:
    result = run({}, "feel", "price * (1 +")
    assert result.exit_code == Exit.NO
    assert result.stderr.splitlines()[:2] == ["  price * (1 +", "              ^"]
    assert result.stderr.splitlines()[2].startswith("error FEEL-SYNTAX-01 at offset 12: ")


def test_lines_of_a_pipe_keep_their_values() -> None:
    result = CliRunner().invoke(
        app, ["feel"], input="price = 9.40\nprice * 10 = 94\n\nfor i in 1..3 return i * price\n"
    )
    assert result.output.splitlines() == ["9.4", "true", "[9.4, 18.8, 28.2]"]
    assert result.exit_code == Exit.DONE


def test_values_are_kept_under_names_of_any_words(typed: Callable[..., list[str]]) -> None:
    assert typed("monthly rate = 9.40", "monthly rate * 12", ":names") == [
        "feel> monthly rate = 9.40",
        "9.4",
        "feel> monthly rate * 12",
        "112.8",
        "feel> :names",
        "monthly rate = 9.4",
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("(a = 1)", "true", id="in parentheses"),
        pytest.param("a >= 1", "true", id="an order"),
        pytest.param("1 = a", "true", id="from the value's side"),
        pytest.param("a + 1 = 2", "true", id="of a sum"),
        pytest.param("{b: a}.b = 1", "true", id="of a path"),
        pytest.param("not(a) = null", "true", id="of a call"),
    ],
)
def test_comparison_is_no_assignment(typed: Callable[..., list[str]], text: str, value: str) -> None:
    assert typed("a = 1", text)[3] == value


def test_brackets_may_stay_open_over_lines(typed: Callable[..., list[str]]) -> None:
    assert typed("total = sum([", "1,", "2", "])", "total") == [
        "feel> total = sum([",
        "  ... 1,",
        "  ... 2",
        "  ... ])",
        "3",
        "feel> total",
        "3",
    ]


def test_empty_line_ends_what_stays_open_and_shows_the_place(typed: Callable[..., list[str]]) -> None:
    told = typed("[1,", " 2 +", "")
    assert told[:3] == ["feel> [1,", "  ...  2 +", "  ... "]
    assert told[3] == "null"
    assert told[4:6] == ["   2 +", "      ^"]
    assert told[6].startswith("error FEEL-SYNTAX-01 at offset 8: ")


def test_value_that_is_wrong_is_not_kept(typed: Callable[..., list[str]]) -> None:
    assert "a = null" not in typed("a = 1 +", ":names")
    assert "a = null" in typed("a = null", ":names")


def test_reason_for_a_null_stands_under_its_place(typed: Callable[..., list[str]]) -> None:
    told = typed("a = 1 + null")
    assert told[:2] == ["feel> a = 1 + null", "null"]
    assert told[2].strip() == "1 + null"
    assert told[4].startswith("warning FEEL-")


def test_begun_text_can_be_dropped(typed: Callable[..., list[str]]) -> None:
    assert typed("[1,", INTERRUPT, "2") == ["feel> [1,", "feel> 2", "2"]


@pytest.mark.parametrize("quit_", [":quit", ":q"])
def test_prompt_can_be_left(typed: Callable[..., list[str]], quit_: str) -> None:
    assert typed(quit_, "1") == [f"feel> {quit_}"]


def test_help_and_slips(typed: Callable[..., list[str]]) -> None:
    told = typed(":help", "", ":hlp")
    assert any(line.startswith("name = expression") for line in told)
    assert told[-1] == "there is no `:hlp`; `:help` tells what there is"


def test_prompt_on_a_terminal_has_a_history() -> None:
    ours, theirs = pty.openpty()
    arrow_up = "\x1b[A"
    with subprocess.Popen(
        [EXECUTABLE, "feel"], stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "dumb"}
    ) as process:
        os.close(theirs)
        try:
            shown = _shown_until(ours, "feel> ")
            os.write(ours, b"6 * 7\n")
            shown += _shown_until(ours, "feel> ")
            os.write(ours, f"{arrow_up} + 1\n".encode())
            shown += _shown_until(ours, "feel> ")
            os.write(ours, b":quit\n")
            assert process.wait(timeout=30) == Exit.DONE
        finally:
            process.kill()
            os.close(ours)
    lines = re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", shown).split()
    assert "42" in lines
    assert "43" in lines


def _shown_until(terminal: int, text: str) -> str:
    """What a terminal shows up to a text; a prompt that does not come ends the test."""
    shown = ""
    while not shown.endswith(text):
        ready, _, _ = select.select([terminal], [], [], 60)
        assert ready, shown
        shown += os.read(terminal, 1024).decode()
    return shown

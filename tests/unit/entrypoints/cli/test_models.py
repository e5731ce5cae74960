"""`comptroller dmn`: a model is checked, its tables go to a book and come back, or nothing happens at all."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from tests.acceptance.company import DEMO, ROOT
from tests.unit.adapters.dmn_tck.kit import write_kit
from tests.unit.entrypoints.cli.test_app import run

from comptroller import dmn
from comptroller.entrypoints.cli.output import Exit

PACK: Final = sorted((DEMO.parent / "decisions").glob("*.dmn"))
MODEL: Final = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">
  <!-- kept -->
  <inputData id="a" name="amount"><variable name="amount" typeRef="number"/></inputData>
  <decision id="d" name="approval">
    <informationRequirement><requiredInput href="#a"/></informationRequirement>
    <decisionTable id="t" hitPolicy="FIRST">
      <input id="i"><inputExpression typeRef="number"><text>amount</text></inputExpression></input>
      <output id="o" typeRef="string"><outputValues><text>"pass", "sign"</text></outputValues></output>
      <rule id="small"><inputEntry id="s1"><text>&lt;= 100</text></inputEntry>
        <outputEntry id="s2"><text>"pass"</text></outputEntry></rule>
      <rule id="large"><inputEntry id="l1"><text>-</text></inputEntry>
        <outputEntry id="l2"><text>"sign"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""
FIRST_RULE: Final = 12  # its row; its input stands in C, its output in D


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model.dmn"
    path.write_text(MODEL)
    taken = run({}, "dmn", "to-xlsx", str(path), str(tmp_path / "book.xlsx"))
    assert (taken.exit_code, taken.output) == (Exit.DONE, f"the tables of {path} are in {tmp_path / 'book.xlsx'}\n")
    return path


def edit(book: Path, change: Callable[[Worksheet], Any]) -> None:
    """Change the table's sheet as a person does."""
    loaded = load_workbook(book)
    change(loaded["approval"])
    loaded.save(book)


def bring_back(model: Path, book: str = "book.xlsx", *more: str) -> tuple[int, dict[str, Any]]:
    result = run({}, "dmn", "from-xlsx", str(model.with_name(book)), str(model), *more, "--json")
    return result.exit_code, json.loads(result.stdout)


@pytest.mark.parametrize("path", PACK, ids=lambda path: path.stem)
def test_model_of_the_pack_comes_back_to_the_byte(path: Path, tmp_path: Path) -> None:
    book, back = tmp_path / "book.xlsx", tmp_path / "back.dmn"
    assert run({}, "dmn", "to-xlsx", str(path), str(book)).exit_code == Exit.DONE
    result = run({}, "dmn", "from-xlsx", str(book), str(path), "-o", str(back))
    assert (result.exit_code, result.output) == (Exit.DONE, f"nothing was changed in {book}\n")
    assert back.read_bytes() == path.read_bytes()


def test_edit_reaches_the_model_and_nothing_else_changes(model: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.cell(FIRST_RULE, 3).value = "<= 250.10"

    edit(model.with_name("book.xlsx"), change)
    assert bring_back(model) == (Exit.DONE, {"changed": True, "faults": [], "marked": None, "model": str(model)})
    assert model.read_text() == MODEL.replace("&lt;= 100", "&lt;= 250.10")
    assert dmn.load(model).decide("approval", {"amount": 200}).value == "pass"


def test_edit_can_go_to_another_file(model: Path) -> None:
    edit(model.with_name("book.xlsx"), lambda sheet: sheet.delete_rows(FIRST_RULE))
    other = model.with_name("other.dmn")
    assert bring_back(model, "book.xlsx", "-o", str(other))[0] == Exit.DONE
    assert model.read_text() == MODEL
    assert dmn.load(other).decide("approval", {"amount": 1}).value == "sign"


def put(row: int, column: int, text: str) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet.cell(row, column).value = text

    return change


def after_a_new_rule(row: int, column: int, text: str) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet.insert_rows(FIRST_RULE)
        sheet.cell(FIRST_RULE, 3).value, sheet.cell(FIRST_RULE, 4).value = "< 1", '"pass"'
        sheet.cell(row, column).value = text

    return change


def after_an_empty_row(row: int, column: int, text: str) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet.insert_rows(FIRST_RULE)
        sheet.cell(row, column).value = text

    return change


@pytest.mark.parametrize(
    ("change", "code", "cell"),
    [
        pytest.param(put(12, 3, "<= <="), "SHEET-CELL-01", "approval!C12", id="a cell that is no FEEL"),
        pytest.param(put(13, 4, '"maybe"'), "DMN-TABLE-02", "approval!D13", id="an output that is not allowed"),
        pytest.param(after_a_new_rule(14, 4, '"maybe"'), "DMN-TABLE-02", "approval!D14", id="a rule that has moved"),
        pytest.param(after_an_empty_row(13, 4, '"maybe"'), "DMN-TABLE-02", "approval!D13", id="a rule below a gap"),
        pytest.param(put(9, 3, "numbr"), "DMN-TYPE-01", "approval!C8", id="a type that is unknown"),
        pytest.param(put(9, 4, "numbr"), "DMN-TYPE-01", "approval!D7", id="an output's type that is unknown"),
        pytest.param(put(2, 3, "BEST"), "SHEET-POLICY-01", "approval!C2", id="a hit policy that is unknown"),
    ],
)
def test_fault_comes_back_in_its_cell_and_the_model_stays(
    model: Path, change: Callable[[Worksheet], None], code: str, cell: str
) -> None:
    edit(model.with_name("book.xlsx"), change)
    ended, facts = bring_back(model)
    marked = model.with_name("book.marked.xlsx")
    assert (ended, facts["model"], facts["marked"]) == (Exit.NO, None, str(marked))
    assert (code, cell) in [(fault["code"], fault["path"]) for fault in facts["faults"]]
    assert model.read_text() == MODEL
    comment = load_workbook(BytesIO(marked.read_bytes()))["approval"][cell.partition("!")[2]].comment
    assert comment is not None
    assert code in comment.text


def test_marked_copy_is_corrected_and_brought_back(model: Path) -> None:
    edit(model.with_name("book.xlsx"), put(12, 3, "<= <="))
    assert bring_back(model)[0] == Exit.NO
    marked = model.with_name("book.marked.xlsx")
    edit(marked, put(12, 3, "<= >="))
    assert bring_back(model, marked.name)[1]["marked"] == str(marked)
    edit(marked, put(12, 3, "<= 99"))
    assert bring_back(model, marked.name)[1]["changed"] is True
    assert sorted(path.name for path in model.parent.iterdir()) == ["book.marked.xlsx", "book.xlsx", "model.dmn"]


def test_what_was_wrong_before_is_not_held_against_the_book(model: Path) -> None:
    model.write_text(MODEL.replace('"sign"</text></outputEntry>', '"maybe"</text></outputEntry>'))
    run({}, "dmn", "to-xlsx", str(model), str(model.with_name("book.xlsx")))
    edit(model.with_name("book.xlsx"), after_a_new_rule(13, 3, "<= 99"))
    assert bring_back(model)[0] == Exit.DONE


@pytest.mark.parametrize(
    ("words", "ends", "told"),
    [
        pytest.param("check {gone}", Exit.NOT_FOUND, "FILE-READ-01", id="no model"),
        pytest.param("check {book}", Exit.NO, "error XML-", id="a book for a model"),
        pytest.param("to-xlsx {book} {gone}", Exit.REFUSED, "XML-", id="nothing to take out"),
        pytest.param("to-xlsx {model} {gone}/x.xlsx", Exit.NOT_FOUND, "FILE-WRITE-01", id="nowhere to write"),
        pytest.param("from-xlsx {model} {model}", Exit.NO, "SHEET-BOOK-01", id="a model for a book"),
        pytest.param("from-xlsx {book} {gone}", Exit.NOT_FOUND, "FILE-READ-01", id="no model to bring it back to"),
        pytest.param("tck {gone}", Exit.NOT_FOUND, "FILE-READ-01", id="no kit"),
        pytest.param("tck {folder}", Exit.NOT_FOUND, "TCK-FILES-01", id="a kit without tests"),
    ],
)
def test_what_cannot_be_done_says_so(model: Path, words: str, ends: Exit, told: str) -> None:
    folder = model.parent
    named = words.format(model=model, book=folder / "book.xlsx", gone=folder / "gone", folder=folder)
    result = run({}, "dmn", *named.split())
    assert (result.exit_code, told in result.output) == (ends, True), result.output
    assert model.read_text() == MODEL


def test_faults_of_a_model_stand_one_a_line(model: Path) -> None:
    model.write_text(
        MODEL.replace("&lt;= 100", "&lt;= &lt;=").replace('"sign"</text></outputE', "numbr(</text></outputE")
    )
    result = run({}, "dmn", "check", str(model))
    assert result.exit_code == Exit.NO
    lines = result.output.splitlines()
    assert [line.split()[:4] for line in lines[:-1]] == [
        ["error", "FEEL-SYNTAX-01", "at", "decision[approval]/decisionTable/rule[1]/input[1],"],
        ["error", "FEEL-SYNTAX-01", "at", "decision[approval]/decisionTable/rule[2]/output[1],"],
    ]
    assert lines[-1] == f"{model}: 1 decisions, 2 faults"


def test_kit_is_counted_by_directory_and_in_all(tmp_path: Path) -> None:
    kit = write_kit(tmp_path)
    ended = run({}, "dmn", "tck", str(kit), "--json", "--failures")
    facts = json.loads(ended.stdout)
    assert ended.exit_code == Exit.NO
    assert [directory["directory"] for directory in facts["directories"]] == ["level/1-spend", "level/2-library"]
    for count, total in facts["total"].items():
        assert total == sum(directory[count] for directory in facts["directories"])
    assert len(facts["failures"]) == facts["total"]["nodes_total"] - facts["total"]["nodes_passed"]
    assert [Path(unread["file"]).name for unread in facts["unread"]] == ["broken.xml"]


def test_kit_that_passes_ends_well_and_shows_its_counts(tmp_path: Path) -> None:
    directory = write_kit(tmp_path) / "level" / "2-library"
    for name in ("gone.xml", "broken.xml"):
        (directory / name).unlink()
    ended = run({}, "dmn", "tck", str(directory))
    assert ended.exit_code == Exit.DONE
    rows = [line.split() for line in ended.output.splitlines()]
    assert ["2-library", "1/1", "1/1", "1/1", "1/1", "1/1"] in rows
    assert ["in", "all", "1/1", "1/1", "1/1", "1/1", "1/1"] in rows
    assert "within 1e-8" in ended.output


def test_failures_are_listed_with_what_was_given(tmp_path: Path) -> None:
    told = run({}, "dmn", "tck", str(write_kit(tmp_path)), "--failures").output
    assert "level/1-spend/c-failing.xml unequal: echo: expected 5, got 4\n" in told
    assert f"{tmp_path / 'level' / '2-library' / 'broken.xml'}: not well-formed XML" in told


def test_page_of_spreadsheets_names_the_commands() -> None:
    page = (ROOT / "docs" / "spreadsheets.md").read_text()
    assert "comptroller dmn to-xlsx" in page
    assert "comptroller dmn from-xlsx" in page

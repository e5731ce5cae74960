"""What a controller does to a table in a spreadsheet program comes back; what is wrong is told by its cell."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.worksheet.worksheet import Worksheet
from tests.unit.adapters.spreadsheet.books import MODEL, SHEET, TABLE, edited, saved, table_in

from comptroller.adapters.spreadsheet import from_workbook, to_workbook
from comptroller.adapters.spreadsheet.tables import with_tables
from comptroller.domain.decisions.definitions import (
    Aggregation,
    HitPolicy,
    InputClause,
    LiteralExpression,
    OutputClause,
    Rule,
    UnaryTests,
)
from comptroller.domain.kernel.fault import Fault, Severity

Edit = Callable[[Worksheet], Any]


def merged(cells: str) -> Callable[[Worksheet], None]:
    """Somebody merges cells."""

    def change(sheet: Worksheet) -> None:
        sheet.merge_cells(cells)

    return change


def put(**cells: object) -> Edit:
    """Type values into cells."""

    def change(sheet: Worksheet) -> None:
        for cell, value in cells.items():
            sheet[cell] = value

    return change


def told(faults: tuple[Fault, ...]) -> list[tuple[str, str]]:
    """Which faults stand where, errors only."""
    return [(fault.code, fault.path) for fault in faults if fault.severity is Severity.ERROR]


def test_a_changed_cell_changes_only_its_text() -> None:
    definitions, faults = from_workbook(edited(put(C12="< 2000", F13="everybody else")), MODEL)
    first, second = TABLE.rules
    assert faults == ()
    assert table_in(definitions).rules == (
        replace(first, inputs=(UnaryTests("< 2000", "r1a"), first.inputs[1])),
        replace(second, annotations=("everybody else",)),
    )
    assert definitions.elements[:2] == MODEL.elements[:2]


def test_a_moved_row_keeps_its_id() -> None:
    def swap(sheet: Worksheet) -> None:
        for column in "ABCDEF":
            upper, lower = sheet[f"{column}12"], sheet[f"{column}13"]
            upper.value, lower.value = lower.value, upper.value
            upper.data_type = lower.data_type = "s"

    definitions, faults = from_workbook(edited(swap), MODEL)
    assert faults == ()
    assert table_in(definitions).rules == TABLE.rules[::-1]


def test_an_inserted_row_gets_an_id_of_its_own() -> None:
    def insert(sheet: Worksheet) -> None:
        sheet.insert_rows(13)
        put(C13="< 5000", E13='"chief"')(sheet)

    definitions, faults = from_workbook(edited(insert), MODEL)
    new = Rule((UnaryTests("< 5000"), UnaryTests("")), (LiteralExpression('"chief"'),), ("",), "approver-table-rule-1")
    assert faults == ()
    assert table_in(definitions).rules == (TABLE.rules[0], new, TABLE.rules[1])


def test_a_copied_row_is_a_new_rule() -> None:
    def copy(sheet: Worksheet) -> None:
        put(**{f"{column}14": sheet[f"{column}12"].value for column in "ABCDEF"})(sheet)

    rules = table_in(from_workbook(edited(copy), MODEL)[0]).rules
    assert [rule.id for rule in rules] == ["AP-1", "AP-2", "approver-table-rule-1"]
    assert [entry.text for entry in rules[2].inputs] == ["< 1000", '"0010"']


def test_a_new_id_is_none_that_the_model_has() -> None:
    taken = replace(TABLE, rules=(replace(TABLE.rules[0], id="approver-table-rule-1"),))
    model = with_tables(MODEL, {"approver": taken})
    book = edited(put(C13="1", E13='"chief"'), to_workbook(model))
    assert [rule.id for rule in table_in(from_workbook(book, model)[0]).rules] == [
        "approver-table-rule-1",
        "approver-table-rule-2",
    ]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda sheet: sheet.delete_rows(12), id="the row is deleted"),
        pytest.param(put(C12=None, D12=None, E12=None, F12=None), id="the row is emptied"),
    ],
)
def test_a_row_that_is_gone_is_no_rule(change: Edit) -> None:
    definitions, faults = from_workbook(edited(change), MODEL)
    assert faults == ()
    assert table_in(definitions).rules == TABLE.rules[1:]


def test_empty_rows_are_nothing() -> None:
    def leave_room(sheet: Worksheet) -> None:
        sheet.insert_rows(13, amount=3)
        sheet["B40"] = "29"

    assert from_workbook(edited(leave_room), MODEL) == (MODEL, ())


@pytest.mark.parametrize(
    ("value", "number_format", "feel"),
    [
        pytest.param(5, "General", "5", id="a number"),
        pytest.param(0.1, "General", "0.1", id="a fraction as it was typed"),
        pytest.param(1.1000000000000001, "0.00", "1.1", id="a fraction as Excel stores it"),
        pytest.param(0.05, "0%", "0.05", id="a percentage"),
        pytest.param(1234567890123, '#,##0 "days"', "1234567890123", id="a number with letters in its format"),
        pytest.param(-5, "#,##0;[Red]-#,##0", "-5", id="a negative number in red"),
        pytest.param(True, "General", "true", id="true"),
        pytest.param(False, "General", "false", id="false"),
        pytest.param(date(2026, 3, 27), "yyyy-mm-dd", 'date("2026-03-27")', id="a date"),
        pytest.param(date(2026, 3, 27), "[$-407]d. mmmm yyyy", 'date("2026-03-27")', id="a date the German way"),
        pytest.param(date(2026, 3, 1), "mmm", 'date("2026-03-01")', id="a month"),
        pytest.param(date(1900, 1, 1), "yyyy-mm-dd", 'date("1900-01-01")', id="the first date of the calendar"),
        pytest.param(
            datetime.fromisoformat("2026-03-27T08:30"),
            "yyyy-mm-dd hh:mm",
            'date and time("2026-03-27T08:30:00")',
            id="a moment",
        ),
        pytest.param(time(8, 30), "hh:mm", 'time("08:30:00")', id="a time"),
        pytest.param(timedelta(hours=30, seconds=1), "[h]:mm:ss", 'duration("P1DT21601S")', id="a duration"),
    ],
)
def test_a_value_that_a_person_typed_becomes_its_feel_literal(value: object, number_format: str, feel: str) -> None:
    def typed(sheet: Worksheet) -> None:
        for cell in ("C12", "E12"):
            sheet[cell] = value
            sheet[cell].number_format = number_format

    definitions, faults = from_workbook(edited(typed), MODEL)
    rule = table_in(definitions).rules[0]
    assert faults == ()
    assert (rule.inputs[0].text, rule.outputs[0].text) == (feel, feel)


def test_a_date_in_a_remark_is_a_plain_text() -> None:
    definitions, faults = from_workbook(edited(put(F12=date(2026, 3, 27), F13=7)), MODEL)
    assert faults == ()
    assert [rule.annotations for rule in table_in(definitions).rules] == [("2026-03-27",), ("7",)]


def test_dates_since_1904_are_read_as_they_are_shown() -> None:
    book = load_workbook(BytesIO(to_workbook(MODEL)))
    book.epoch = MAC_EPOCH
    book[SHEET]["C12"] = date(2026, 3, 27)
    assert table_in(from_workbook(saved(book), MODEL)[0]).rules[0].inputs[0].text == 'date("2026-03-27")'


def test_policy_type_and_headers_are_taken_over() -> None:
    change = put(
        C2="collect", C3="MIN", C4=" t  who ", C7="amount", C8="net amount / 2", C9="t", C10=None, D10='"a"', E7="whom",
        E10=None, E11=None, F7="reason",
    )  # fmt: skip
    definitions, faults = from_workbook(edited(change), MODEL)
    assert faults == ()
    assert table_in(definitions) == replace(
        TABLE,
        hit_policy=HitPolicy.COLLECT,
        aggregation=Aggregation.MIN,
        type_ref="t who",
        inputs=(
            InputClause(LiteralExpression("net amount / 2", "t", id="e1"), None, "amount", "i1"),
            replace(TABLE.inputs[1], allowed=UnaryTests('"a"')),
        ),
        outputs=(OutputClause("whom", "string", id="o1"),),
        annotations=("reason",),
    )


def test_a_new_column_is_one_for_every_rule() -> None:
    def insert(sheet: Worksheet) -> None:
        sheet.insert_cols(4)
        put(D6="input", D7="day", D8="account", D12="-", D13="1")(sheet)

    definitions, faults = from_workbook(edited(insert), MODEL)
    table = table_in(definitions)
    assert faults == ()
    assert [clause.id for clause in table.inputs] == ["i1", "", "i2"]
    assert [[entry.text for entry in rule.inputs] for rule in table.rules] == [
        ["< 1000", "-", '"0010"'],
        ["-", "1", ""],
    ]
    assert [[entry.id for entry in rule.inputs] for rule in table.rules] == [["r1a", "", "r1b"], ["r2a", "", "r2b"]]
    assert (table.outputs, table.annotations) == (TABLE.outputs, TABLE.annotations)


def test_a_column_taken_away_is_taken_from_every_rule_and_told() -> None:
    definitions, faults = from_workbook(edited(lambda sheet: sheet.delete_cols(4)), MODEL)
    assert [(fault.code, fault.path, fault.severity) for fault in faults] == [
        ("SHEET-COLUMN-02", "approver!B6", Severity.WARNING)
    ]
    table = table_in(definitions)
    assert table.inputs == TABLE.inputs[:1]
    assert [rule.inputs for rule in table.rules] == [rule.inputs[:1] for rule in TABLE.rules]


def test_the_column_that_held_the_hit_policy_does_not_take_it_along() -> None:
    definitions, faults = from_workbook(edited(lambda sheet: sheet.delete_cols(3)), MODEL)
    assert told(faults) == [("SHEET-POLICY-01", "approver!C2")]
    assert table_in(definitions).hit_policy is HitPolicy.FIRST


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        pytest.param(put(C2="FOREMOST"), [("SHEET-POLICY-01", "approver!C2")], id="an unknown hit policy"),
        pytest.param(put(C2=None), [("SHEET-POLICY-01", "approver!C2")], id="no hit policy"),
        pytest.param(put(C3="AVERAGE"), [("SHEET-POLICY-02", "approver!C3")], id="an unknown aggregation"),
        pytest.param(put(C12="< <"), [("SHEET-CELL-01", "approver!C12")], id="a condition that is no FEEL"),
        pytest.param(put(E12='"clerk'), [("SHEET-CELL-01", "approver!E12")], id="a conclusion that is no FEEL"),
        pytest.param(put(E11="1 +"), [("SHEET-CELL-01", "approver!E11")], id="a default that is no FEEL"),
        pytest.param(put(C10="[1.."), [("SHEET-CELL-01", "approver!C10")], id="allowed values that are no FEEL"),
        pytest.param(put(C8="net +"), [("SHEET-CELL-01", "approver!C8")], id="an expression that is no FEEL"),
        pytest.param(put(C12="=1+1"), [("SHEET-CELL-02", "approver!C12")], id="a formula"),
        pytest.param(put(E12="=1+1"), [("SHEET-CELL-02", "approver!E12")], id="a formula for an output"),
        pytest.param(put(C12="#N/A"), [("SHEET-CELL-02", "approver!C12")], id="an error of the spreadsheet"),
        pytest.param(merged("C12:C13"), [("SHEET-CELL-05", "approver!C12")], id="conditions merged"),
        pytest.param(merged("C2:D2"), [], id="merged above the rules"),
        pytest.param(put(E12=None), [("SHEET-RULE-01", "approver!E12")], id="a missing output"),
        pytest.param(put(C14="1"), [("SHEET-RULE-01", "approver!E14")], id="a new rule without an output"),
        pytest.param(put(C6=None), [("SHEET-COLUMN-01", "approver!C6")], id="a column whose kind is gone"),
        pytest.param(put(G7="more"), [("SHEET-COLUMN-01", "approver!G6")], id="a new column of no kind"),
        pytest.param(put(C6="in"), [("SHEET-COLUMN-01", "approver!C6")], id="an unknown kind of column"),
        pytest.param(put(E6=None, E5=None), [("SHEET-COLUMN-01", "approver!E6"), ("SHEET-COLUMN-03", "approver!B6")],
                     id="no output column"),
        pytest.param(put(C8=None), [("SHEET-COLUMN-04", "approver!C8")], id="an input without expression"),
        pytest.param(lambda sheet: sheet.delete_rows(2), [("SHEET-HEADER-01", "approver!B1")], id="a header row gone"),
        pytest.param(put(A13="kind", A12="hit policy"), [("SHEET-HEADER-02", "approver!B12")], id="a header row twice"),
        pytest.param(lambda sheet: (sheet.insert_rows(4), put(C4="x")(sheet)), [("SHEET-HEADER-03", "approver!B4")],
                     id="a row among the headers"),
        pytest.param(put(A1=None), [("SHEET-TABLE-01", "approver!B1")], id="the sheet's key is gone"),
        pytest.param(lambda sheet: sheet.parent.remove(sheet), [("SHEET-TABLE-01", "")], id="the sheet is gone"),
        pytest.param(lambda sheet: sheet.parent.copy_worksheet(sheet), [("SHEET-TABLE-02", "approver Copy!B1")],
                     id="the sheet is there twice"),
        pytest.param(lambda sheet: put(A1="table x", B1="x")(sheet.parent.create_sheet("new")),
                     [("SHEET-TABLE-03", "new!B1")], id="a table that the model does not have"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_its_cell(change: Edit, faults: list[tuple[str, str]]) -> None:
    definitions, found = from_workbook(edited(change), MODEL)
    assert told(found) == faults
    assert all(fault.by == "spreadsheet" and fault.help for fault in found)
    assert len(table_in(definitions).inputs) == 2


def test_a_fault_keeps_the_cell_from_being_taken_for_empty() -> None:
    definitions, _ = from_workbook(edited(put(C12="=1+1", C2="FOREMOST")), MODEL)
    assert definitions == MODEL


def test_every_fault_of_a_book_is_told_at_once() -> None:
    _, faults = from_workbook(edited(put(C2="x", C12="< <", E13=None)), MODEL)
    assert told(faults) == [
        ("SHEET-POLICY-01", "approver!C2"),
        ("SHEET-CELL-01", "approver!C12"),
        ("SHEET-RULE-01", "approver!E13"),
    ]


def test_names_with_blanks_are_read_as_the_model_means_them() -> None:
    _, faults = from_workbook(
        edited(put(C13="< net amount - 1", E13="if account = null then net amount else 2")), MODEL
    )
    assert faults == ()


def test_a_text_too_long_for_a_cell_stays_in_the_model() -> None:
    long = replace(TABLE.rules[0], annotations=("y" * 40_000,))
    table = replace(TABLE, rules=(long, TABLE.rules[1]))
    model = with_tables(MODEL, {"approver": table})
    book = to_workbook(model)
    assert from_workbook(edited(put(C12="< 5"), book), model)[1] == ()
    remark = load_workbook(BytesIO(book))[SHEET]["F12"].value
    copied, faults = from_workbook(edited(put(C14="1", E14="1", F14=remark), book), model)
    assert told(faults) == [("SHEET-CELL-03", "approver!F14")]
    assert table_in(copied).rules[0].annotations == ("y" * 40_000,)


def test_a_book_of_another_version_is_told() -> None:
    _, faults = from_workbook(to_workbook(MODEL), replace(MODEL, source_hash="cd" * 32))
    assert told(faults) == [("SHEET-MODEL-02", "Model!C3")]


def test_a_book_without_its_first_sheet_is_told() -> None:
    book = edited(lambda sheet: sheet.parent.remove(sheet), sheet="Model")
    assert told(from_workbook(book, MODEL)[1]) == [("SHEET-MODEL-01", "")]


def test_a_change_in_the_first_sheet_is_a_warning() -> None:
    definitions, faults = from_workbook(edited(put(D6="COLLECT"), sheet="Model"), MODEL)
    assert definitions == MODEL
    assert [(fault.code, fault.path, fault.severity) for fault in faults] == [
        ("SHEET-MODEL-03", "Model!D6", Severity.WARNING)
    ]


def test_a_renamed_sheet_is_still_the_tables() -> None:
    def rename(sheet: Worksheet) -> None:
        sheet.title = "who signs"
        sheet["C12"] = "< 2000"

    definitions, faults = from_workbook(edited(rename), MODEL)
    assert faults == ()
    assert table_in(definitions).rules[0].inputs[0].text == "< 2000"

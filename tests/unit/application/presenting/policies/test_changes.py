"""What a draft changes: rows by their ids, and what that means over all inputs."""

from dataclasses import replace

import pytest
from tests.unit.application.studio.fares import EXAMPLES, FARES

from comptroller.application.packs import Study
from comptroller.application.presenting.policies.changes import changed_tables, row_changes, text_changes
from comptroller.application.presenting.policies.columns import head_changes
from comptroller.application.presenting.policies.elements import find, table_of
from comptroller.application.studio.heads import ColumnKind, WrittenColumn, WrittenHead, head_of, with_head
from comptroller.application.views.policies import RegionView
from comptroller.bootstrap import open_packs
from comptroller.domain.decisions.definitions import DecisionTable

PATH = "decisions/fares.dmn"


def study(content: bytes = FARES, manifest: bytes = b'name = "Fares"\n') -> Study:
    files = {PATH: content, "examples/fares.yaml": EXAMPLES, "pack.toml": manifest}
    return open_packs().study(files)


def table() -> DecisionTable:
    found = find(study(), "fare")
    assert found is not None
    rules = table_of(found[1])
    assert rules is not None
    return rules


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ("ab", []),
        ("ba", [("moved", "a")]),
        ("abc", [("added", "c")]),
        ("b", [("taken away", "a")]),
    ],
)
def test_rows_are_told_by_what_became_of_them(order: str, told: list[tuple[str, str]]) -> None:
    before = table()
    rules = {name: replace(before.rules[0], id=name) for name in "abc"}
    old = replace(before, rules=tuple(rules[name] for name in "ab"))
    new = replace(before, rules=tuple(rules[name] for name in order))
    assert [(row.kind, row.id) for row in row_changes(old, new)] == told


def test_columns_are_told_and_rows_are_held_against_each_other_by_column() -> None:
    before = table()
    head = head_of(before)
    known = WrittenColumn(ColumnKind.INPUT, -1, "known", "holder != null", "boolean")
    age, fare, _ = head.columns
    after = with_head(before, WrittenHead("FIRST", (known, replace(age, allowed="[0..130]"), fare)))
    assert list(row_changes(before, after)) == []
    assert list(head_changes(before, after)) == [
        "the hit policy unique becomes first",
        "the condition `known`, which looks at `holder != null` is new",
        "`age`: allowed values nothing becomes `[0..130]`",
        "the note `text` is taken away",
    ]


def test_a_changed_cell_is_told_with_what_it_means() -> None:
    after = study(FARES.replace(b"<text>10</text>", b"<text>12</text>"))
    (changed,) = changed_tables(study(), after, [PATH])
    assert (changed.name, changed.note) == ("fare", "")
    assert changed.regions == (RegionView("fare", (("age", ("[14..65)",)),), "10 becomes 12"),)
    assert [(row.kind, row.id, row.cells) for row in changed.rows] == [("changed", "adult", (("answer", "10", "12"),))]
    assert list(text_changes(study(), after, [PATH])) == []


def test_other_files_and_what_stands_outside_tables_are_told_line_by_line() -> None:
    after = study(FARES.replace(b"<text>fare</text>", b"<text>fare + 1</text>"), b'name = "Trams"\n')
    told = {change.path: change.lines for change in text_changes(study(), after, [PATH, "pack.toml"])}
    assert told["pack.toml"][-2:] == ('-name = "Fares"', '+name = "Trams"')
    assert any("fare + 1" in line for line in told[PATH])

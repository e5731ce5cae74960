"""A table as it is being written: rows are known by their ids, and what was not touched stays to the byte."""

import pytest
from tests.unit.application.studio.fares import EXAMPLES, FARES

from comptroller.adapters.dmn_xml import write
from comptroller.application.packs import Study
from comptroller.application.presenting.policies.elements import Logical, find, table_of
from comptroller.application.studio.editing import WrittenRow, look_through, rows_of, with_table, written_table
from comptroller.bootstrap import open_packs
from comptroller.domain.decisions.definitions import DecisionTable

PATH = "decisions/fares.dmn"
CHILD = WrittenRow("child", "child", ("[0..14)", "5", "half"))
ADULT = WrittenRow("adult", "adult", ("[14..65)", "10", "full"))


def fares() -> tuple[Study, Logical, DecisionTable]:
    study = open_packs().study({PATH: FARES, "examples/fares.yaml": EXAMPLES})
    found = find(study, "fare")
    assert found is not None
    table = table_of(found[1])
    assert table is not None
    return study, found[1], table


def file_with(*rows: WrittenRow) -> bytes:
    study, element, table = fares()
    return write(with_table(study.definitions[PATH], element, written_table(table, rows)), FARES)


def test_rows_that_say_what_they_said_leave_the_file_as_it_was() -> None:
    assert file_with(CHILD, ADULT) == FARES


def test_a_changed_cell_changes_that_cell_alone() -> None:
    dearer = WrittenRow("adult", "adult", ("[14..65)", "12", "full"))
    assert file_with(CHILD, dearer) == FARES.replace(b"<text>10</text>", b"<text>12</text>")


def test_a_moved_row_keeps_its_id_and_its_cells() -> None:
    _, _, table = fares()
    moved = written_table(table, (ADULT, CHILD))
    assert moved.rules == (table.rules[1], table.rules[0])


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        (("senior", ""), ["child", "adult", "senior"]),
        (("", ""), ["child", "adult", "fare-table-rule-1"]),
        (("adult", ""), ["child", "adult", "fare-table-rule-1"]),
        (("grown", "adult"), ["child", "adult", "grown"]),
    ],
    ids=["an id of one's own", "none", "one that is taken", "a copy of another row"],
)
def test_a_new_row_gets_an_id_that_no_other_has(written: tuple[str, str], ids: list[str]) -> None:
    _, _, table = fares()
    new = WrittenRow(*written, (">= 65", "7", ""))
    assert list(rows_of(written_table(table, (CHILD, ADULT, new)))) == ids


def test_rows_that_close_the_gaps_are_found_to_close_them() -> None:
    study, element, table = fares()
    senior, unborn = WrittenRow("senior", "", (">= 65", "7", "")), WrittenRow("unborn", "", ("< 0", "0", ""))
    open_, closed = (
        look_through(study, PATH, element, written_table(table, rows))
        for rows in ((CHILD, ADULT), (CHILD, ADULT, senior, unborn))
    )
    assert [finding.kind.value for finding in open_.findings] == ["gap", "gap"]
    assert [finding.kind.value for finding in closed.findings] == []
    assert (closed.cells, closed.others) == ((), ())


@pytest.mark.parametrize(
    ("cells", "place"),
    [(("[0..", "5", ""), (0, 0)), (("-", "5 +", ""), (0, 1)), (("-", "", ""), (0, 1))],
    ids=["no test", "no expression", "no answer"],
)
def test_what_is_wrong_with_a_cell_is_told_at_the_cell(cells: tuple[str, ...], place: tuple[int, int]) -> None:
    study, element, table = fares()
    written = look_through(study, PATH, element, written_table(table, (WrittenRow("child", "child", cells),)))
    assert (written.cells[0].row, written.cells[0].column) == place
    assert written.cells[0].is_error

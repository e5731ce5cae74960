"""Columns and the hit policy as they are written: what was not touched stays to the byte."""

from dataclasses import replace

import pytest
from tests.acceptance.company import ROOT
from tests.unit.application.studio.fares import FARES
from tests.unit.application.studio.test_editing import ADULT, CHILD, PATH, fares

from comptroller.adapters.dmn_xml import read, write
from comptroller.application.presenting.policies.elements import table_of
from comptroller.application.studio.editing import HEAD, Written, look_through, with_needs, with_table, written_table
from comptroller.application.studio.heads import ColumnKind, WrittenColumn, WrittenHead, head_of, with_head
from comptroller.domain.decisions.definitions import BusinessKnowledgeModel, Decision

AGE = WrittenColumn(ColumnKind.INPUT, 0, "age", "age", "number")
FARE = WrittenColumn(ColumnKind.OUTPUT, 1, "", "", "number")
TEXT = WrittenColumn(ColumnKind.ANNOTATION, 2, "text")
HOLDER = WrittenColumn(ColumnKind.INPUT, -1, "known", "holder != null", "boolean")


def head(*columns: WrittenColumn, policy: str = "UNIQUE") -> WrittenHead:
    return WrittenHead(policy, columns)


def file_with(written: WrittenHead, *cells: tuple[str, ...]) -> bytes:
    study, element, table = fares()
    rows = [
        replace(row, cells=own) for row, own in zip((CHILD, ADULT), cells or (CHILD.cells, ADULT.cells), strict=True)
    ]
    definitions, _ = with_needs(study, PATH, element, written_table(with_head(table, written), rows))
    return write(definitions, FARES)


def found(written: WrittenHead, *cells: tuple[str, ...]) -> Written:
    study, element, table = fares()
    rows = [replace(row, cells=own) for row, own in zip((CHILD, ADULT), cells, strict=True)]
    return look_through(study, PATH, element, written_table(with_head(table, written), rows))


def test_a_head_that_says_what_it_said_leaves_the_file_as_it_was() -> None:
    _, _, table = fares()
    assert head_of(table) == head(AGE, FARE, TEXT)
    assert file_with(head(AGE, FARE, TEXT)) == FARES


@pytest.mark.parametrize(
    ("column", "before", "after"),
    [
        (replace(AGE, name="age of the rider"), b'label="age"', b'label="age of the rider"'),
        (replace(AGE, expression="age + 0"), b"<text>age</text>", b"<text>age + 0</text>"),
        (replace(AGE, type_ref="Any"), b'id="fare-age-text" typeRef="number"', b'id="fare-age-text" typeRef="Any"'),
    ],
    ids=["its name", "what it looks at", "its type"],
)
def test_a_changed_column_changes_what_it_says_alone(column: WrittenColumn, before: bytes, after: bytes) -> None:
    assert file_with(head(column, FARE, TEXT)) == FARES.replace(before, after)


def test_allowed_values_stand_in_their_column() -> None:
    written = file_with(head(replace(AGE, allowed="[0..130]"), FARE, TEXT))
    added = b"""</inputExpression>
        <inputValues>
          <text>[0..130]</text>
        </inputValues>
        </input>"""
    assert written == FARES.replace(b"</inputExpression>\n        </input>", added)


def test_another_hit_policy_changes_that_alone() -> None:
    assert file_with(head(AGE, FARE, TEXT, policy="FIRST")) == FARES.replace(b'"UNIQUE"', b'"FIRST"')
    summed = file_with(head(AGE, FARE, TEXT, policy="COLLECT SUM"))
    assert summed == FARES.replace(b'hitPolicy="UNIQUE"', b'hitPolicy="COLLECT" aggregation="SUM"')
    with pytest.raises(ValueError, match="LAST"):
        file_with(head(AGE, FARE, TEXT, policy="LAST"))


def test_a_new_column_is_written_with_its_cells_and_what_it_needs() -> None:
    written = file_with(
        head(AGE, HOLDER, FARE, TEXT), ("[0..14)", "true", "5", "half"), ("[14..65)", "-", "10", "full")
    )
    text = written.decode()
    assert '<requiredInput href="#holder"/>' in text.split('<decisionTable id="fare-table"')[0]
    assert '<input id="fare-table-column-1" label="known">' in text
    child = text[text.index('<rule id="child">') :].split("</rule>")[0]
    assert [part.split("<")[0] for part in child.split("<text>")[1:]] == ["[0..14)", "true", "5", "half"]
    assert text.count('<inputEntry id="c1">') == 1


def test_a_column_that_is_taken_away_goes_with_its_cells() -> None:
    without = file_with(head(AGE, FARE), ("[0..14)", "5"), ("[14..65)", "10"))
    gone = FARES
    for line in (
        b'      <annotation name="text"/>\n',
        b"        <annotationEntry><text>half</text></annotationEntry>\n",
        b"        <annotationEntry><text>full</text></annotationEntry>\n",
    ):
        assert line in gone
        gone = gone.replace(line, b"")
    assert without == gone


@pytest.mark.parametrize("model", ["tax", "unplanned-charges"])
def test_a_column_that_came_and_went_leaves_a_file_of_the_pack_as_it_was(model: str) -> None:
    content = (ROOT / f"packs/accounts-payable/decisions/{model}.dmn").read_bytes()
    definitions, _ = read(content)
    assert definitions is not None
    for element in definitions.elements:
        table = table_of(element)
        if isinstance(element, Decision | BusinessKnowledgeModel) and table is not None:
            was = head_of(table)
            with_one = with_head(table, WrittenHead(was.policy, (HOLDER, *was.columns)))
            between = write(with_table(definitions, element, with_one), content)
            read_again, _ = read(between)
            assert read_again is not None
            (again,) = [each for each in read_again.elements if each.id == element.id]
            assert isinstance(again, Decision | BusinessKnowledgeModel)
            headed = table_of(again)
            assert headed is not None
            now = head_of(headed)
            without = with_head(headed, WrittenHead(now.policy, now.columns[1:]))
            assert write(with_table(read_again, again, without), between) == content


@pytest.mark.parametrize(
    ("columns", "place", "is_error"),
    [
        ((replace(AGE, expression="age +"), FARE, TEXT), (HEAD, 0), True),
        ((replace(AGE, expression="weight"), FARE, TEXT), (HEAD, 0), False),
        ((replace(AGE, type_ref="tNone"), FARE, TEXT), (HEAD, 0), True),
        ((AGE, replace(FARE, allowed="[0.."), TEXT), (HEAD, 1), True),
        ((AGE, replace(FARE, default="5 +"), TEXT), (HEAD, 1), True),
    ],
    ids=["no expression", "a name that nobody has", "no type", "no allowed values", "no default"],
)
def test_what_is_wrong_with_a_column_is_told_at_its_head(
    columns: tuple[WrittenColumn, ...], place: tuple[int, int], *, is_error: bool
) -> None:
    faults = found(head(*columns), CHILD.cells, ADULT.cells).cells
    assert (faults[0].row, faults[0].column, faults[0].is_error) == (*place, is_error)

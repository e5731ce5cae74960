"""What a draft says otherwise than the version that it began with: in words over all inputs, and cell by cell."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from comptroller.application.packs import Study
from comptroller.application.presenting.policies.columns import columns_before, empty_cell, head_changes, title_of
from comptroller.application.presenting.policies.elements import expression_of, key_of, table_of
from comptroller.application.presenting.policies.regions import gathered
from comptroller.application.presenting.policies.strips import strips
from comptroller.application.studio.editing import rows_of
from comptroller.application.views.policies import ChangedTable, RowChange, TextChange
from comptroller.domain.decisions.analysis import Comparison, compare_versions
from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    DecisionTable,
    Definitions,
)

REGIONS_MAX: Final = 12
LINES_MAX: Final = 200


def changed_tables(before: Study, after: Study, paths: Sequence[str]) -> Iterator[ChangedTable]:
    """The tables that differ, of files that both have."""
    both = [path for path in paths if path in before.definitions and path in after.definitions]
    old = [(before.definitions[path], before.file(path).model) for path in both]
    new = [(after.definitions[path], after.file(path).model) for path in both]
    compared = {each.decision: each for each in compare_versions(old, new).tables} if both else {}
    for path in both:
        earlier = _tables(before.definitions[path])
        for name, table in _tables(after.definitions[path]).items():
            was = earlier.get(name)
            if was is not None and was != table:
                comparison = compared.get(name)
                differences = comparison.together if comparison is not None else ()
                regions = gathered((name, each.region, each.what) for each in differences)
                yield ChangedTable(
                    key=key_of(name),
                    name=name,
                    note=_note(comparison),
                    regions=regions[:REGIONS_MAX],
                    regions_more=max(len(regions) - REGIONS_MAX, 0),
                    strips=tuple(strips(was, table, regions)),
                    head=tuple(head_changes(was, table)),
                    rows=tuple(row_changes(was, table)),
                )


def _tables(definitions: Definitions) -> Mapping[str, DecisionTable]:
    return {
        element.name: table
        for element in definitions.elements
        if isinstance(element, Decision | BusinessKnowledgeModel) and (table := table_of(element)) is not None
    }


def _note(comparison: Comparison | None) -> str:
    if comparison is not None and comparison.undecided:
        return f"What this changes cannot be said: {comparison.undecided}"
    is_equal = comparison is not None and comparison.is_equal
    return "Written otherwise, and the same for all inputs: proved" if is_equal else ""


def row_changes(before: DecisionTable, after: DecisionTable) -> Iterator[RowChange]:
    """Rows that were added, taken away, moved or changed, by their ids; the order is the new one's."""
    sources = columns_before(before, after)
    old = {
        identifier: tuple(cells[at] if at is not None else empty_cell(column) for column, at in sources)
        for identifier, cells in rows_of(before).items()
    }
    new, columns = rows_of(after), [title_of(column) for column, _ in sources]
    stay = [identifier for identifier in old if identifier in new]
    places = {identifier: place for place, identifier in enumerate(stay)}
    kept = _in_order([places[identifier] for identifier in new if identifier in places])
    for number, (identifier, cells) in enumerate(new.items(), start=1):
        if identifier not in old:
            told = tuple(
                (column, "", cell) for column, cell in zip(columns, cells, strict=False) if cell not in {"", "-"}
            )
            yield RowChange("added", identifier, number, told)
            continue
        told = tuple(
            (column, was, cell)
            for column, was, cell in zip(columns, old[identifier], cells, strict=False)
            if was != cell
        )
        if told:
            yield RowChange("changed", identifier, number, told)
        elif places[identifier] not in kept:
            yield RowChange("moved", identifier, number, ())
    for number, identifier in enumerate(old, start=1):
        if identifier not in new:
            yield RowChange("taken away", identifier, number, ())


def _in_order(places: Sequence[int]) -> set[int]:
    """The most places that stand in ascending order: what else there is was moved."""
    best: list[tuple[int, int]] = []  # length, place before
    for index, place in enumerate(places):
        earlier = [(best[each][0], each) for each in range(index) if places[each] < place]
        length, before = max(earlier, default=(0, -1))
        best.append((length + 1, before))
    kept: set[int] = set()
    at = max(range(len(best)), key=lambda index: best[index][0], default=-1)
    while at >= 0:
        kept.add(places[at])
        at = best[at][1]
    return kept


def text_changes(before: Study, after: Study, paths: Sequence[str]) -> Iterator[TextChange]:
    """The other files that differ, line by line; of a decision model what stands outside its tables."""
    for path in paths:
        models = [study.definitions[path] for study in (before, after) if path in study.definitions]
        if len(models) == 2 and _outside(models[0]) == _outside(models[1]):
            continue  # what differs stands in tables
        yield line_changes(path, before.files.get(path, b""), after.files.get(path, b""))


def line_changes(path: str, before: bytes, after: bytes) -> TextChange:
    """What differs between two texts, line by line."""
    old, new = before.decode().splitlines(), after.decode().splitlines()
    lines = difflib.unified_diff(old, new, lineterm="", n=1)
    told = [line for line in lines if not line.startswith(("---", "+++"))]
    return TextChange(path, tuple(told[:LINES_MAX]), max(len(told) - LINES_MAX, 0))


def _outside(definitions: Definitions) -> object:
    """What a model says outside its tables."""
    logic = [(each.name, expression_of(each)) for each in definitions.elements]
    return definitions.item_definitions, [each for each in logic if not isinstance(each[1], DecisionTable)]

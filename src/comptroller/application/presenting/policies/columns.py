"""What a draft says otherwise of the columns of a table: each is the one that it was by its id, or by its name."""

from collections.abc import Iterator
from typing import Final

from comptroller.application.studio.editing import ANYTHING
from comptroller.application.studio.heads import ColumnKind, WrittenColumn, head_of
from comptroller.domain.decisions.definitions import DecisionTable

KINDS: Final = {
    ColumnKind.INPUT: "condition",
    ColumnKind.OUTPUT: "conclusion",
    ColumnKind.ANNOTATION: "note",
}

_PARTS: Final = (
    ("name", "name"),
    ("expression", "what it looks at"),
    ("type_ref", "type"),
    ("allowed", "allowed values"),
    ("default", "answer where no row hits"),
)


def columns_before(before: DecisionTable, after: DecisionTable) -> list[tuple[WrittenColumn, int | None]]:
    """The columns of the new version, each with the place that it had among those before; None: it is new."""
    old, new = head_of(before).columns, head_of(after).columns
    old_keys, new_keys = _keys(before), _keys(after)
    found: dict[int, int] = {}
    for way in range(2):
        left = set(range(len(old))) - set(found.values())
        places = {(old[at].kind, old_keys[at][way]): at for at in left if old_keys[at][way]}
        for place, column in enumerate(new):
            if place not in found:
                at = places.pop((column.kind, new_keys[place][way]), None)
                if at is not None:
                    found[place] = at
    return [(column, found.get(place)) for place, column in enumerate(new)]


def _keys(table: DecisionTable) -> list[tuple[str, str]]:
    """What tells each column: its id, and else what it is called."""
    ids = [*(clause.id for clause in table.inputs), *(clause.id for clause in table.outputs)]
    columns = head_of(table).columns
    return [(ids[place] if place < len(ids) else "", title_of(column)) for place, column in enumerate(columns)]


def title_of(column: WrittenColumn) -> str:
    """What a column is called."""
    return column.name or column.expression or {ColumnKind.OUTPUT: "answer"}.get(column.kind, "note")


def empty_cell(column: WrittenColumn) -> str:
    """What a row says in a column that it does not have."""
    return ANYTHING if column.kind is ColumnKind.INPUT else ""


def head_changes(before: DecisionTable, after: DecisionTable) -> Iterator[str]:
    """What becomes of the hit policy and of each column, in words."""
    was, now = head_of(before), head_of(after)
    if was.policy != now.policy:
        yield f"the hit policy {was.policy.lower()} becomes {now.policy.lower()}"
    sources = columns_before(before, after)
    for column, at in sources:
        if at is None:
            looks = f", which looks at `{column.expression}`" if column.expression != column.name else ""
            yield f"the {KINDS[column.kind]} `{title_of(column)}`{looks if column.expression else ''} is new"
        else:
            yield from _column_changes(was.columns[at], column)
    kept = {at for _, at in sources}
    for at, column in enumerate(was.columns):
        if at not in kept:
            yield f"the {KINDS[column.kind]} `{title_of(column)}` is taken away"


def _column_changes(was: WrittenColumn, now: WrittenColumn) -> Iterator[str]:
    for part, words in _PARTS:
        one, other = getattr(was, part), getattr(now, part)
        if one != other:
            told = [f"`{text}`" if text else "nothing" for text in (one, other)]
            yield f"`{title_of(was)}`: {words} {told[0]} becomes {told[1]}"

"""The head of a table as the script of the grid reads it: the columns and the hit policy, in JSON."""

import json

from comptroller.application.studio.heads import ColumnKind
from comptroller.application.views.policies import TableView


def grid_head(table: TableView) -> str:
    """Each column with its kind, its place and what it says."""
    kinds = [
        *((ColumnKind.INPUT, column) for column in table.inputs),
        *((ColumnKind.OUTPUT, column) for column in table.outputs),
    ]
    columns = [
        {
            "kind": kind.value,
            "before": place,
            "name": column.own,
            "expression": (column.expression or column.name) if kind is ColumnKind.INPUT else "",
            "type_ref": column.type,
            "allowed": column.allowed,
            "default": column.default,
        }
        for place, (kind, column) in enumerate(kinds)
    ]
    empty = {"expression": "", "type_ref": "", "allowed": "", "default": ""}
    columns += [
        {"kind": ColumnKind.ANNOTATION.value, "before": place, "name": name, **empty}
        for place, name in enumerate(table.annotations, len(columns))
    ]
    return json.dumps({"policy": f"{table.hit_policy} {table.aggregation}".strip(), "columns": columns})

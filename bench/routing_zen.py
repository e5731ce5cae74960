"""A routing table in zen-engine's own words, apart from the peers that take long to import."""

import json
from typing import Any

from bench.routing import COLUMNS, OUTPUTS, Routing, feel_cell


def zen_content(table: Routing) -> dict[str, Any]:
    """The table as zen-engine's own JSON: input, table and output in a line."""
    columns = [f"c{place}" for place in range(len(COLUMNS))]
    outputs = [f"o{place}" for place in range(len(OUTPUTS))]
    rules = [
        {"_id": f"r{number}"}
        | dict(zip(columns, map(feel_cell, row.cells), strict=True))
        | dict(zip(outputs, map(json.dumps, row.outputs.values()), strict=True))
        for number, row in enumerate(table.rows, 1)
    ]
    content = {
        "hitPolicy": "first",
        "inputs": [
            {"id": place, "name": column.name, "type": "expression", "field": column.name}
            for place, column in zip(columns, COLUMNS, strict=True)
        ],
        "outputs": [
            {"id": place, "name": name, "type": "expression", "field": name}
            for place, name in zip(outputs, OUTPUTS, strict=True)
        ],
        "rules": rules,
    }
    position = {"x": 0, "y": 0}
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": position},
            {"id": "t", "type": "decisionTableNode", "name": "t", "position": position, "content": content},
            {"id": "out", "type": "outputNode", "name": "out", "position": position},
        ],
        "edges": [
            {"id": "e1", "type": "edge", "sourceId": "in", "targetId": "t"},
            {"id": "e2", "type": "edge", "sourceId": "t", "targetId": "out"},
        ],
    }

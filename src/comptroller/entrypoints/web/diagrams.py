"""What is marked on a process diagram: the tokens of one case, or how many cases stand on each node."""

import json
from collections.abc import Sequence
from typing import Final

from comptroller.application.views import ProcessPicture, ProcessView, Progress
from comptroller.application.views.processes import ElementMark

SIGNS: Final = {"added": "+", "removed": "\N{MINUS SIGN}", "changed": "\N{NOT EQUAL TO}"}
HEATS: Final = 3
"""Shades of the heat map, by the share of the fullest node."""


def token_marks(process: ProcessView) -> str:
    """Where a case has been and where it is, as the script that draws it reads it."""
    marked = [node for node in process.nodes if node.progress in {Progress.DONE, Progress.HERE}]
    return json.dumps(
        [
            {
                "node": node.node,
                "state": node.progress,
                "text": "●" if node.progress is Progress.HERE else "",
                "label": "the case waits here" if node.progress is Progress.HERE else "",
            }
            for node in marked
        ]
    )


def element_marks(marks: Sequence[ElementMark]) -> str:
    """What became of the elements and flows of a drawing, beside another version of it."""
    return json.dumps(
        [
            {
                "node": mark.node,
                "state": mark.becomes,
                "text": "" if mark.is_flow else SIGNS[mark.becomes],
                "label": mark.becomes,
            }
            for mark in marks
        ]
    )


def load_marks(picture: ProcessPicture) -> str:
    """How many open cases stand on each node; a node with incidents says so."""
    most = max((node.cases for node in picture.nodes), default=0)
    return json.dumps(
        [
            {
                "node": node.node,
                "state": "incident" if node.incidents else f"heat-{-(-HEATS * node.cases // most)}",
                "text": f"{node.cases:,}",
                "label": f"{node.cases:,} open" + (f", {node.incidents:,} with an incident" if node.incidents else ""),
            }
            for node in picture.nodes
            if node.cases
        ]
    )

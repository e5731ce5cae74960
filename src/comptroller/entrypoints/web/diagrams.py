"""What is marked on a process diagram: the tokens of one case, or what stands on each node, and for how long."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import ceil
from typing import Final

from comptroller.application.views import FilterChip, NodeLoad, ProcessPicture, ProcessView, Progress
from comptroller.application.views.processes import ElementMark
from comptroller.entrypoints.web.formats import brief_span

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


class Measure(StrEnum):
    """What a heat map can show; a closed list."""

    CASES = "cases"
    MEDIAN = "median"
    NINTH = "ninth"
    INCIDENTS = "incidents"


_TITLES: Final = {
    Measure.CASES: ("Open cases", "open"),
    Measure.MEDIAN: ("Waiting, median", "half of them at most"),
    Measure.NINTH: ("Waiting, nine of ten", "nine of ten at most"),
    Measure.INCIDENTS: ("Incidents", "with an incident"),
}


@dataclass(frozen=True, slots=True)
class Heat:
    """One measure of the nodes of a process; the shades share out what the fullest node has."""

    picture: ProcessPicture
    measure: Measure

    @property
    def switch(self) -> list[FilterChip]:
        """The measures to choose from, as addresses."""
        version = f"version={self.picture.version}"
        return [FilterChip(_TITLES[each][0], f"{version}&by={each}", active=each is self.measure) for each in Measure]

    @property
    def unit(self) -> str:
        """What a number says."""
        return _TITLES[self.measure][1]

    @property
    def nodes(self) -> list[tuple[NodeLoad, float]]:
        """The nodes that have any of it, with how much: a count, or seconds."""
        found = [(node, _measured(node, self.measure)) for node in self.picture.nodes]
        return [(node, value) for node, value in found if value is not None]

    @property
    def legend(self) -> list[tuple[str, str]]:
        """The shades that are there, each with what it stands for."""
        told: dict[str, list[float]] = {}
        for _, value in sorted(self.nodes, key=lambda each: each[1]):
            told.setdefault(self.shade(value), []).append(value)
        return [(shade, self._between(values[0], values[-1])) for shade, values in told.items()]

    def shade(self, value: float) -> str:
        """How a node is marked."""
        if self.measure is Measure.INCIDENTS:
            return "incident"
        most = max(other for _, other in self.nodes)
        return f"heat-{max(1, ceil(HEATS * value / most)) if most else 1}"

    def text(self, value: float) -> str:
        """A number as it stands on the node."""
        is_time = self.measure in {Measure.MEDIAN, Measure.NINTH}
        return brief_span(timedelta(seconds=value)) if is_time else f"{int(value):,}"

    def _between(self, least: float, most: float) -> str:
        low, high = self.text(least), self.text(most)
        return low if low == high else f"{low} to {high}"


def _measured(node: NodeLoad, measure: Measure) -> float | None:
    """How much a node has; None where it has nothing, or nobody knows."""
    match measure:
        case Measure.CASES:
            return node.cases or None
        case Measure.INCIDENTS:
            return node.incidents or None
        case Measure.MEDIAN | Measure.NINTH:
            time = node.median if measure is Measure.MEDIAN else node.ninth
            return None if time is None else time.total_seconds()


def load_marks(heat: Heat) -> str:
    """What a heat map shows of each node that has any of it."""
    return json.dumps(
        [
            {
                "node": node.node,
                "state": heat.shade(value),
                "text": heat.text(value),
                "label": f"{heat.text(value)} {heat.unit}",
            }
            for node, value in heat.nodes
        ]
    )

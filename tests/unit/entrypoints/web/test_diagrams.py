"""What is marked on a diagram: the tokens of a case, the cases on each node."""

import json
from datetime import timedelta

import pytest

from comptroller.application.views import NodeLoad, NodeView, ProcessPicture, ProcessView, Progress
from comptroller.entrypoints.web.diagrams import Heat, Measure, load_marks, token_marks
from comptroller.entrypoints.web.formats import NO_BREAK_SPACE

Load = tuple[int, int | None, int]
"""Of a node: open cases, minutes for which half of them have waited at most, incidents."""


def heat(measure: Measure, *nodes: Load) -> Heat:
    loads = []
    for place, (cases, minutes, stuck) in enumerate(nodes):
        median = None if minutes is None else timedelta(minutes=minutes)
        ninth = None if median is None else 2 * median
        loads.append(NodeLoad(f"n{place}", "Step", cases, median, ninth, 0, stuck))
    return Heat(ProcessPicture("p", "P", "v", is_in_force=True, cases=0, nodes=tuple(loads)), measure)


@pytest.mark.parametrize(
    ("measure", "nodes", "marks", "legend"),
    [
        ("cases", [(1, 0, 0)], {"n0": "heat-3 1"}, ["1"]),
        ("cases", [(1, 9, 0), (1200, 1, 3)], {"n0": "heat-1 1", "n1": "heat-3 1,200"}, ["1", "1,200"]),
        (
            "cases",
            [(34, 0, 0), (67, 0, 0), (99, 0, 0)],
            {"n0": "heat-2 34", "n1": "heat-3 67", "n2": "heat-3 99"},
            ["34", "67 to 99"],
        ),
        (
            "median",
            [(9, 30, 0), (1, 200, 0), (4, None, 0)],
            {"n0": "heat-1 30 min", "n1": "heat-3 3 h"},
            ["30 min", "3 h"],
        ),
        ("median", [(9, 0, 0)], {"n0": "heat-1 now"}, ["now"]),
        ("ninth", [(9, 90, 0)], {"n0": "heat-3 3 h"}, ["3 h"]),
        ("incidents", [(7, 5, 0), (5, 5, 2), (6, 5, 4)], {"n1": "incident 2", "n2": "incident 4"}, ["2 to 4"]),
        ("cases", [(0, None, 0)], {}, []),
    ],
    ids=["alone", "few beside many", "thirds", "some not known", "just come", "nine of ten", "stuck", "nothing"],
)
def test_a_node_is_the_darker_the_nearer_it_is_to_the_most(
    measure: str, nodes: list[Load], marks: dict[str, str], legend: list[str]
) -> None:
    drawn = heat(Measure(measure), *nodes)
    found = {mark["node"]: f"{mark['state']} {mark['text']}" for mark in json.loads(load_marks(drawn))}
    assert {node: plain(text) for node, text in found.items()} == marks
    assert [plain(text) for _, text in drawn.legend] == legend


def plain(text: str) -> str:
    return text.replace(NO_BREAK_SPACE, " ")


def test_a_tally_says_what_it_counts_and_the_switch_what_is_shown() -> None:
    drawn = heat(Measure.INCIDENTS, (1200, 0, 3))
    (mark,) = json.loads(load_marks(drawn))
    assert (mark["text"], mark["label"]) == ("3", "3 with an incident")
    assert [chip.query for chip in drawn.switch if chip.active] == ["version=v&by=incidents"]


def test_a_case_is_marked_where_it_was_and_where_it_is() -> None:
    nodes = (
        NodeView("Match", "rule", Progress.DONE, node="match"),
        NodeView("Approve", "person", Progress.HERE, node="approve"),
        NodeView("Post", "service", Progress.AHEAD, node="post"),
    )
    marks = json.loads(token_marks(ProcessView("P", "v", nodes)))
    assert [(mark["node"], mark["state"], mark["text"]) for mark in marks] == [
        ("match", "done", ""),
        ("approve", "here", "●"),
    ]

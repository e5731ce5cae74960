"""What is marked on a diagram: the tokens of a case, the cases on each node."""

import json
from datetime import timedelta

import pytest

from comptroller.application.views import NodeLoad, NodeView, ProcessPicture, ProcessView, Progress
from comptroller.entrypoints.web.diagrams import load_marks, token_marks


def picture(*nodes: tuple[int, int]) -> ProcessPicture:
    loads = (NodeLoad(f"n{place}", "Step", cases, timedelta(0), bad) for place, (cases, bad) in enumerate(nodes))
    return ProcessPicture("p", "P", "v", is_in_force=True, cases=0, is_complete=True, nodes=tuple(loads))


@pytest.mark.parametrize(
    ("nodes", "states"),
    [
        ([(1, 0)], ["heat-3"]),
        ([(1, 0), (100, 0)], ["heat-1", "heat-3"]),
        ([(34, 0), (67, 0), (99, 0)], ["heat-2", "heat-3", "heat-3"]),
        ([(0, 0), (5, 1)], ["incident"]),
        ([], []),
    ],
    ids=["alone", "few beside many", "thirds", "empty beside an incident", "nothing"],
)
def test_a_node_is_the_darker_the_nearer_it_is_to_the_fullest(nodes: list[tuple[int, int]], states: list[str]) -> None:
    assert [mark["state"] for mark in json.loads(load_marks(picture(*nodes)))] == states


def test_a_tally_says_what_it_counts() -> None:
    (mark,) = json.loads(load_marks(picture((1200, 3))))
    assert (mark["text"], mark["label"]) == ("1,200", "1,200 open, 3 with an incident")


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

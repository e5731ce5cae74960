"""Where a compiler's fault stands in a sheet."""

import pytest

from comptroller.adapters.spreadsheet.grid import Grid
from comptroller.adapters.spreadsheet.layout import Column, Header, Kind
from comptroller.domain.kernel.fault import Fault

GRID = Grid(
    "limits",
    rows=(12, 14, 15),
    columns=[Column(3, Kind.OUTPUT, 0), Column(4, Kind.INPUT, 0), Column(6, Kind.INPUT, 1), Column(7, Kind.OUTPUT, 1)],
    headers={Header.NAME: 7, Header.EXPRESSION: 8},
    outputs=("who", ""),
)


@pytest.mark.parametrize(
    ("path", "cell", "message"),
    [
        pytest.param(
            "decision[d]/decisionTable/rule[2]/input[2], offset 4", "F14", "wrong (offset 4)", id="a condition"
        ),
        pytest.param("decision[d]/decisionTable/rule[3]/output[2]", "G15", "wrong", id="a conclusion"),
        pytest.param("decision[d]/decisionTable/rule[9]/output[1]", "B1", "wrong", id="a rule that is not there"),
        pytest.param(
            "decision[d]/decisionTable/input[1], offset 1", "D8", "wrong (offset 1)", id="an input's expression"
        ),
        pytest.param("decision[d]/decisionTable/output[who]", "C7", "wrong", id="an output by its name"),
        pytest.param("decision[d]/decisionTable/output[]", "G7", "wrong", id="an output without one"),
        pytest.param("decision[d]/decisionTable/output[2]", "G7", "wrong", id="an output by its number"),
        pytest.param("decision[d]/decisionTable/output[gone]", "B7", "wrong", id="an output that is not there"),
        pytest.param("decision[d]", "B1", "wrong", id="the decision as a whole"),
    ],
)
def test_fault_is_placed_in_its_cell(path: str, cell: str, message: str) -> None:
    placed = GRID.placed(Fault("DMN-X-01", path, "wrong", by="dmn", help="mend it"))
    assert (placed.path, placed.message, placed.help) == (f"limits!{cell}", message, "mend it")

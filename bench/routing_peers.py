"""The peers of the decision bench: each is given a routing table in its own words and answers one case at a time.

zen-engine and pyDMNrules know no decimals, so they get floats; the others get the decimals as they are. The function
written by hand looks its thresholds up by `bisect` and `dict` like anybody would who knows the table beforehand: of a
grid it knows the rows by their place, of any other table the rows of each cell as bits. Like the engines it answers
with a `dict` of the caller's own.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import accumulate, product
from operator import xor
from types import SimpleNamespace
from typing import Any, Final

import zen
from pyDMNrules import DMN
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.specs import model as spiff

from bench.routing import COLUMNS, OUTPUTS, Cell, Interval, Routing, Row, dmn_model
from bench.routing_zen import zen_content

Case = Mapping[str, Any]
Answer = Callable[[Case], Any]
"""A case to whatever the peer answers."""


def with_floats(case: Case) -> Case:
    """A case for those who know no decimals."""
    return {name: float(value) if isinstance(value, Decimal) else value for name, value in case.items()}


def zen_engine(table: Routing, *, trace: bool = False) -> Answer:
    """zen-engine with its static loader, which compiles the content once: the fastest way of its Python package."""
    engine: Any = zen.ZenEngine({"loader": {"type": "static", "content": {"routing": zen_content(table)}}})
    if trace:
        options = {"trace": True}
        return lambda case: engine.evaluate("routing", case, options)
    return partial(engine.evaluate, "routing")


def spiff_workflow(table: Routing) -> Answer:
    """SpiffWorkflow's DMN engine with its Python expressions; the task around it is a stand-in without a workflow."""
    made = spiff.DecisionTable("t", "routing", "UNIQUE")  # it ends at the first hit
    made.inputs = [spiff.Input(column.name, column.name, column.name, column.name, "") for column in COLUMNS]
    made.outputs = [spiff.Output(name, name, name, "") for name in OUTPUTS]
    made.rules = [_spiff_rule(made, number, row) for number, row in enumerate(table.rows, 1)]
    engine, workflow = DMNEngine(made), SimpleNamespace(script_engine=PythonScriptEngine())
    return lambda case: engine.result(SimpleNamespace(data=dict(case), workflow=workflow))


def _spiff_rule(table: Any, number: int, row: Row) -> Any:
    rule = spiff.Rule(f"r{number}")
    rule.row_number = number
    for column, cell in zip(table.inputs, row.cells, strict=True):
        entry = spiff.InputEntry(column.id, column)
        entry.lhs.append(_python_cell(cell))
        rule.inputEntries.append(entry)
    for output, value in zip(table.outputs, row.outputs.values(), strict=True):
        entry = spiff.OutputEntry(output.id, output)
        entry.text = repr(value)
        rule.outputEntries.append(entry)
    return rule


def _python_cell(cell: Cell) -> str | None:
    match cell:
        case None:
            return None
        case Interval(low=None, high=high):
            return f"? < {high}"
        case Interval(low=low, high=None):
            return f"? >= {low}"
        case Interval(low=low, high=high):
            return f"{low} <= ? < {high}"
    return f"? in {cell!r}" if len(cell) > 1 else repr(cell[0])


def py_dmn_rules(table: Routing) -> Answer:
    """pyDMNrules, which reads the very DMN model, but for its annotations."""
    rules = DMN()
    status = rules.useXML(dmn_model(table, annotated=False).decode())
    if status.get("errors"):
        raise ValueError(f"pyDMNrules: {status['errors']}")

    def answer(case: Case) -> Any:
        status, decided = rules.decide(dict(case))
        if status.get("errors"):
            raise ValueError(f"pyDMNrules: {status['errors']}")
        return decided["Result"]

    return answer


def by_hand(table: Routing) -> Answer:
    """What an engineer would write for this one table."""
    return _grid_by_hand(table) if table.shape == "grid" else _bits_by_hand(table)


def _grid_by_hand(table: Routing) -> Answer:
    amounts, risks = (_bounds(table, place) for place in (0, 3))
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in table.rows:
        parts = (_places(place, cell, amounts if place == 0 else risks) for place, cell in enumerate(row.cells))
        rows.update(dict.fromkeys(product(*parts), row.outputs))

    def route(case: Case) -> Any:
        return rows[
            bisect_right(amounts, case["amount"]),
            case["category"],
            case["unit"],
            bisect_right(risks, case["risk"]),
            case["country"],
        ].copy()

    return route


def _places(place: int, cell: Cell, bounds: list[Decimal]) -> tuple[Any, ...]:
    """The parts of a column that a cell of a grid speaks of: numbers of intervals, or texts."""
    if isinstance(cell, Interval):
        return (0 if cell.low is None else bounds.index(Decimal(cell.low)) + 1,)
    return COLUMNS[place].texts or (0,) if cell is None else cell


def _bits_by_hand(table: Routing) -> Answer:
    outputs = [row.outputs for row in table.rows]
    amounts, of_amount = _intervals(table, 0)
    risks, of_risk = _intervals(table, 3)
    of_category, of_unit, of_country = (_texts(table, place) for place in (1, 2, 4))

    def route(case: Case) -> Any:
        hits = (
            of_amount[bisect_right(amounts, case["amount"])]
            & of_category[case["category"]]
            & of_unit[case["unit"]]
            & of_risk[bisect_right(risks, case["risk"])]
            & of_country[case["country"]]
        )
        return outputs[(hits & -hits).bit_length() - 1].copy() if hits else None

    return route


def _bounds(table: Routing, place: int) -> list[Decimal]:
    cells = [row.cells[place] for row in table.rows]
    return sorted({Decimal(end) for cell in cells if isinstance(cell, Interval) for end in cell if end is not None})


def _intervals(table: Routing, place: int) -> tuple[list[Decimal], list[int]]:
    bounds = _bounds(table, place)
    position = {bound: number for number, bound in enumerate(bounds, 1)}
    flips = [0] * (len(bounds) + 1)
    for number, row in enumerate(table.rows):
        cell = row.cells[place]
        low, high = cell if isinstance(cell, Interval) else (None, None)
        flips[0 if low is None else position[Decimal(low)]] ^= 1 << number
        if high is not None:
            flips[position[Decimal(high)]] ^= 1 << number
    return bounds, list(accumulate(flips, xor))


def _texts(table: Routing, place: int) -> dict[str, int]:
    found = dict.fromkeys(COLUMNS[place].texts, 0)
    for number, row in enumerate(table.rows):
        cell = row.cells[place]
        for text in found if cell is None else cell:
            found[str(text)] |= 1 << number
    return found


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer: how it is made ready, whether it takes decimals, and what of its answer is the decision."""

    make: Callable[[Routing], Answer]
    decimals: bool = True
    decision: Callable[[Any], Any] = lambda answer: answer


PEERS: Final[Mapping[str, Peer]] = {
    "hand": Peer(by_hand),
    "zen": Peer(zen_engine, decimals=False, decision=lambda answer: answer["result"]),
    "zen-trace": Peer(
        lambda table: zen_engine(table, trace=True), decimals=False, decision=lambda answer: answer["result"]
    ),
    "spiffworkflow": Peer(spiff_workflow),
    "pydmnrules": Peer(
        py_dmn_rules, decimals=False, decision=lambda answer: {name: answer.get(name) for name in OUTPUTS}
    ),
}
"""The peers by their names in the figures, the fast ones first."""

"""Looking a decision table through for gaps and rules that meet, by the number of its rules.

python -m bench.analysis [--json] [--sizes 100 1000 10000]

Tables as `bench.decide` has them. `analysis/<rules>/<shape>` is the whole analysis in milliseconds of processor time,
`gaps` its search for gaps and `meetings` that for rules that meet, columns cut into pieces included. `grid` tries every
combination of the columns' pieces, as is often done, where there are no more than a million: its time beside ours for
gaps. `difference` is the comparison with the same table in which one rule says something else. `growth` is the time a
rule of one size against that of the size before: 1 is linear.
"""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product

from bench.report import Figure, report_each
from bench.routing import SHAPES, Routing, dmn_model, routing
from comptroller import dmn
from comptroller.domain.decisions.analysis import analyse_table, compare
from comptroller.domain.decisions.analysis.axes import Axis, axes_of
from comptroller.domain.decisions.analysis.cover import Budget, uncovered
from comptroller.domain.decisions.analysis.knowing import known_of
from comptroller.domain.decisions.analysis.meetings import Meetings
from comptroller.domain.decisions.analysis.tables import GAP_CELLS
from comptroller.domain.decisions.model import Model
from comptroller.domain.decisions.tables import Table

SIZES = (100, 1_000, 10_000)
GRID_MAX = 1_000_000
ROUNDS = 3


def timed(what: Callable[[], object]) -> float:
    """Processor time in milliseconds, the best of a few rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        what()
        best = min(best, time.process_time() - started)
    return best * 1_000


def gaps(model: Model, table: Table) -> int:
    """The regions that no rule accepts, before they are put together."""
    axes = axes_of(table, known_of(model, table))
    usual = tuple(axis.usual for axis in axes)
    return sum(1 for _ in uncovered(axes, usual, range(len(table.cells)), Budget(GAP_CELLS)))


def meetings(model: Model, table: Table) -> int:
    """The pairs of rules that meet."""
    met = Meetings(axes_of(table, known_of(model, table)), len(table.cells))
    return sum(met.of(rule).bit_count() for rule in range(len(table.cells))) // 2


def grid(axes: Sequence[Axis]) -> int:
    """The combinations of pieces that no rule accepts, each tried."""
    accepting = [
        [
            {rule for rule, cell in enumerate(axis.cells) if cell.pieces >> piece & 1}
            for piece in range(len(axis.pieces))
        ]
        for axis in axes
    ]
    usual = [[piece for piece in range(len(axis.pieces)) if axis.usual >> piece & 1] for axis in axes]
    return sum(
        1
        for point in product(*usual)
        if not set.intersection(*(column[piece] for column, piece in zip(accepting, point, strict=True)))
    )


def figures(sizes: Sequence[int]) -> Iterator[Figure]:
    """Every figure, size by size."""
    for shape in SHAPES:
        before: tuple[int, float] | None = None
        for size in sizes:
            model = dmn.load(dmn_model(routing(size, shape, "UNIQUE")))
            table = model.tables[0]
            name = f"analysis/{size}/{shape}"
            found = timed(lambda: gaps(model, table))  # noqa: B023 - called at once
            yield Figure(f"{name}/gaps", round(found, 1), "ms")
            yield Figure(f"{name}/meetings", round(timed(lambda: meetings(model, table)), 1), "ms")  # noqa: B023 - as above
            whole = timed(lambda: analyse_table(table, known_of(model, table)))  # noqa: B023 - as above
            yield Figure(name, round(whole, 1), "ms")
            changed = dmn.load(dmn_model(_changed(routing(size, shape, "UNIQUE"))))
            yield Figure(f"{name}/difference", round(timed(lambda: compare(model, changed)), 1), "ms")  # noqa: B023 - as above
            axes = axes_of(table, known_of(model, table))
            combinations = 1
            for axis in axes:
                combinations *= axis.usual.bit_count()
            if combinations <= GRID_MAX:
                tried = timed(lambda: grid(axes))  # noqa: B023 - as above
                yield Figure(f"{name}/grid", round(found, 1), "ms", round(tried, 1), round(tried / found, 1))
            if before is not None:
                growth = (whole / size) / (before[1] / before[0])
                yield Figure(f"growth/{name}", round(growth, 2), "times a rule of the size before")
            before = size, whole


def _changed(table: Routing) -> Routing:
    """The table with another conclusion of the rule in the middle."""
    rows = list(table.rows)
    middle = len(rows) // 2
    rows[middle] = rows[middle]._replace(role="somebody else")
    return replace(table, rows=tuple(rows))


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="bench.analysis")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options = parser.parse_args()
    report_each(figures(options.sizes), as_json=options.json)


if __name__ == "__main__":
    main()

"""Random decision tables and their next versions, analysed and compared, and every combination of values tried.

Each table has a seed of its own, made of the run's seed and its number: `--start` goes on where an earlier run ended.

    python -m tests.soak.analysis --budget 600 [--seed 1] [--start 0] [--json]
"""

import sys
import time
from collections import Counter
from random import Random
from typing import Any, Final

from tests.reference.analysis_agreement import differences, disagreements
from tests.reference.analysis_tables import TriedTable, changed, generate
from tests.soak import command_line

PROGRESS_S: Final = 60
"""Between two lines that tell how far it is: from there another run can go on."""


def run(budget: float, seed: int, start: int = 0, count: int | None = None) -> dict[str, Any]:
    """Compare until the time is over, or so many are done; the counts reached, and what differed first."""
    until, told = time.monotonic() + budget, time.monotonic()
    counts: Counter[str] = Counter()
    number, difference = start, ""
    while not difference and time.monotonic() < until and (count is None or number < start + count):
        chance = Random(f"{seed}/{number}")
        table = generate(chance)
        following = changed(table, chance)
        counts["tables"] += 1
        counts[f"{table.policy} tables"] += 1
        if found := differences(table):
            difference = f"{number}, {_shown(table)}: {'; '.join(found)}"
        elif found := disagreements(table, following):
            difference = f"{number}, {_shown(table)} and then {_shown(following)}: {'; '.join(found)}"
        number += 1
        if time.monotonic() - told > PROGRESS_S:
            told = time.monotonic()
            sys.stderr.write(f"{seed}, next {number}: {dict(counts)}\n")
    return {"seed": seed, "start": start, "next": number, **counts, "difference": difference}


def _shown(table: TriedTable) -> str:
    rows = [[*(cell.text for cell in cells), conclusion] for cells, conclusion in table.rules]
    return f"{table.policy} over {'typed ' if table.typed else ''}{table.kinds}: {rows}"


if __name__ == "__main__":
    sys.exit(command_line.main("analysis", run, "difference"))

"""Random processes under random schedules, on the token machine and on the slow reference machine at once.

Every round has a seed of its own, made of the run's seed and its number, and draws as many processes: two of three
rounds sound ones, which are led to their end, the third those that people get wrong. `--start` goes on where an earlier
run ended. The first difference is made smaller, told, and ends the run with 1.

    python -m tests.soak.process_graphs --budget 600 [--seed 1] [--start 0] [--json]
"""

import sys
import time
import warnings
from collections import Counter
from random import Random
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisWarning
from tests.reference.workflow_duel import SCHEDULES, Duel, Schedule
from tests.reference.workflow_graphs import Drawn, processes
from tests.soak import command_line

GRAPHS: Final = 500
"""Processes of one round."""

PROGRESS_S: Final = 60
"""Between two lines that tell how far it is: from there another run can go on."""


def run(budget: float, run_seed: int, start: int = 0, rounds: int | None = None) -> dict[str, Any]:
    """Compare until the time is over, or so many rounds are done; the counts reached, and what differed."""
    until = time.monotonic() + budget
    told = time.monotonic()
    counts: Counter[str] = Counter()
    distinct: set[int] = set()
    number, difference = start, ""
    while not difference and time.monotonic() < until and (rounds is None or number < start + rounds):
        difference = _round(f"{run_seed}/{number}", counts, distinct, sound=number % 3 > 0)
        number += 1
        if time.monotonic() - told > PROGRESS_S:
            told = time.monotonic()
            sys.stderr.write(f"{run_seed}, next round {number}: {dict(counts)}\n")
    return {
        "seed": run_seed,
        "start": start,
        "next": number,
        **counts,
        "distinct graphs": len(distinct),
        "difference": difference,
    }


def _round(name: str, counts: Counter[str], distinct: set[int], *, sound: bool) -> str:
    """Compare the processes of one round; the first difference, made small."""

    @seed(Random(name).getrandbits(64))
    @settings(
        max_examples=GRAPHS,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
    )
    @given(processes(sound=sound), SCHEDULES, st.sampled_from(["a", "b", None]), st.integers(0, 2**32))
    def duel(drawn: Drawn, schedule: Schedule, x: str | None, chance: int) -> None:
        case = Duel(*drawn, x)
        case.fight(schedule, failing=not sound)
        if sound:
            case.finish(Random(chance))
        counts["sound graphs" if sound else "other graphs"] += 1
        counts["commands"] += case.told
        counts["events"] += len(case.play.events)
        distinct.add(hash(repr(drawn)))

    warnings.simplefilter("ignore", HypothesisWarning)  # what is drawn is large
    try:
        duel()
    except Exception as difference:  # noqa: BLE001 - whatever it is, it is told with what led to it
        return "\n".join([f"round {name}: {difference!r}", *getattr(difference, "__notes__", [])])
    return ""


if __name__ == "__main__":
    sys.exit(command_line.main("process_graphs", run, "difference"))

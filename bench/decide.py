"""One decision at a time, beside peers in the same run: who approves a document, out of 12 to 10,000 rules.

python -m bench.decide [--json] [--seconds 1] [--sizes 12 100 1000 10000]

Every engine takes the same stream of different cases through the same table, a millisecond's worth at a time and in
turns; of each piece of the stream the best turn counts. All answers are compared before anything is timed.

`decide/<rules>/<shape>/<peer>` is a rate: ours without explanation beside the peer's. For `zen-trace` it is ours with
the explanation as data, the digest of the inputs and the audit record, and `full/<rules>/<shape>/zen` is that beside
zen-engine bare. A table of policy FIRST has no suffix, one of UNIQUE has `-unique`. A peer that would need more than a
minute for its share is left out, and said so on standard error.
"""

import argparse
import gc
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Any, Final

from bench.report import Figure, rate, report
from bench.routing import POLICIES, SHAPES, SIZES, Routing, cases, dmn_model, routing
from bench.routing_peers import PEERS, Answer, Peer, with_floats
from comptroller import dmn
from comptroller.dmn import Model

CASES: Final = 2_000
"""Different cases in the stream; slow peers take the first ones of them."""

FEWEST: Final = 5
"""Cases that the slowest peer takes."""

COMPARED_S: Final = 2.0
PIECE_S: Final = 0.001
ROUND_S: Final = 0.1
PATIENCE_S: Final = 60.0
UNIT: Final = "decisions/s"


def loaded(content: bytes) -> Model:
    """A model loaded anew: `dmn.load` keeps models by their content, so each time it is a blank longer."""
    model = dmn.load(content + b" " * next(_LOADS))
    if model.faults:
        raise ValueError(str(model.faults))
    return model


_LOADS: Final = count()


def bare(model: Model) -> Answer:
    """Ours: the outcome."""
    return partial(model.decide, "routing")


def full(model: Model) -> Answer:
    """Ours, with all that is asked of it: explanation as data, digest of the inputs, audit record."""
    decide = model.decide

    def answer(case: Mapping[str, Any]) -> Any:
        outcome = decide("routing", case)
        return outcome, outcome.explanation, outcome.record()

    return answer


def figures_of(table: Routing, seconds: float) -> Iterator[Figure]:
    """The figures of one table."""
    stream = cases(CASES)
    floats = [with_floats(case) for case in stream]
    model = loaded(dmn_model(table))
    expected = [model.decide("routing", case).value for case in stream]
    runs: dict[str, tuple[Answer, Sequence[Any]]] = {"": (bare(model), stream), "full": (full(model), stream)}
    for name, peer in PEERS.items():
        share = _share(name, peer, table, stream if peer.decimals else floats, expected)
        if share is not None:
            runs[name] = share
    rates = _rates(runs, seconds)
    for name in PEERS:
        if name in rates:
            yield rate(f"decide/{table.name}/{name}", rates["full" if name == "zen-trace" else ""], rates[name], UNIT)
    yield rate(f"full/{table.name}/zen", rates["full"], rates["zen"], UNIT)


def _share(
    name: str, peer: Peer, table: Routing, stream: Sequence[Any], expected: Sequence[Any]
) -> tuple[Answer, Sequence[Any]] | None:
    """A peer made ready, with as many cases as it can take, once its answers have been compared; None: too slow."""
    start = time.perf_counter()
    answer = peer.make(table)
    ready = time.perf_counter() - start
    answered = 0
    while answered < len(stream):
        given = peer.decision(answer(stream[answered]))
        if given != expected[answered]:
            raise AssertionError(f"{table.name}: {name} says {given}, not {expected[answered]}, to {stream[answered]}")
        answered += 1
        spent = time.perf_counter() - start - ready
        if ready + 2 * FEWEST * spent / answered > PATIENCE_S:
            each = spent / answered
            sys.stderr.write(f"{table.name}: {name} is left out: {ready:.0f} s to load, {each:.1f} s a decision\n")
            return None
        if spent > COMPARED_S and answered >= FEWEST:
            break
    return answer, stream[:answered]


def _rates(runs: Mapping[str, tuple[Answer, Sequence[Any]]], seconds: float) -> dict[str, float]:
    """Decisions a second of each: the whole stream, each piece at its best, so that others on the machine matter less.

    Every engine gets its turn at every round, until it has had its time.
    """
    pieces = {name: _pieces(answer, stream) for name, (answer, stream) in runs.items()}
    best = {name: [float("inf")] * len(parts) for name, parts in pieces.items()}
    left = dict.fromkeys(runs, seconds)
    gc.disable()
    try:
        while any(remaining > 0 for remaining in left.values()):
            for name, (answer, _) in runs.items():
                if left[name] > 0:
                    left[name] -= _round(answer, pieces[name], best[name])
    finally:
        gc.enable()
    return {name: sum(map(len, pieces[name])) / sum(best[name]) for name in runs}


def _round(answer: Answer, pieces: Sequence[Sequence[Any]], best: list[float]) -> float:
    """One turn of an engine; gives the seconds it took."""
    begun = time.perf_counter()
    for place, piece in enumerate(pieces):
        start = time.perf_counter()
        for case in piece:
            answer(case)
        best[place] = min(best[place], time.perf_counter() - start)
    return time.perf_counter() - begun


def _pieces(answer: Answer, stream: Sequence[Any]) -> list[Sequence[Any]]:
    """The stream in pieces of about a millisecond, of which a slow engine gets as many as fill a tenth of a second."""
    start = time.perf_counter()
    for case in stream[:FEWEST]:
        answer(case)
    each = (time.perf_counter() - start) / min(FEWEST, len(stream))
    size = max(1, int(PIECE_S / each))
    taken = stream[: max(FEWEST, min(len(stream), int(ROUND_S / each)))]
    return [taken[first : first + size] for first in range(0, len(taken), size)]


def growth(policy: str, shape: str, sizes: Sequence[int], seconds: float) -> Figure:
    """What a decision costs with the most rules against the fewest, as times; measured in turns."""
    stream = cases(CASES)
    runs: dict[str, tuple[Answer, Sequence[Any]]] = {}
    for size in (min(sizes), max(sizes)):
        runs[str(size)] = (bare(loaded(dmn_model(routing(size, shape, policy)))), stream)
        for case in stream:
            runs[str(size)][0](case)
    rates = _rates(runs, seconds)
    few, many = (rates[str(size)] for size in (min(sizes), max(sizes)))
    suffix = "-unique" if policy == "UNIQUE" else ""
    return Figure(f"growth/decide/{shape}{suffix}", round(few / many, 2), "times the cost")


def loading(policy: str, shape: str, size: int) -> Iterator[Figure]:
    """Seconds from bytes to the first decision, and what the loaded model holds in memory."""
    name = routing(size, shape, policy).name
    content, case = dmn_model(routing(size, shape, policy)), cases(1)[0]

    def first() -> Model:
        model = loaded(content)
        model.decide("routing", case)
        return model

    yield Figure(f"load/{name}", round(min(_seconds(first) for _ in range(3)), 2), "seconds")
    tracemalloc.start()
    model = first()
    size_now, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del model
    yield Figure(f"memory/{name}", round(size_now / 2**20, 1), "MiB")


def _seconds(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def main() -> None:
    """The command line of the bench."""
    parser = argparse.ArgumentParser(description="one decision at a time beside peers")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=1.0, help="for each engine and table")
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), choices=SIZES)
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # of the peers
    figures: list[Figure] = []
    tables = [(policy, shape) for policy in POLICIES for shape in SHAPES]
    for policy, shape in tables:
        for size in options.sizes:
            figures += figures_of(routing(size, shape, policy), options.seconds)
        figures.append(growth(policy, shape, options.sizes, options.seconds))
        figures += loading(policy, shape, max(options.sizes))
    report(figures, as_json=options.json)


if __name__ == "__main__":
    main()

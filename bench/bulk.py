"""Decisions over Arrow rows beside Polars, DuckDB and zen-engine: rows a second on one core.

python -m bench.bulk [--json] [--sizes 12,1000] [--policies FIRST] [--rows 1000000] [--patience 10]

`bulk/SIZE/SHAPE/PEER` is our rate over a million rows that the kernel has not seen beside the peer's over the same
rows; its answers are compared with ours first. Tables of policy UNIQUE have the suffix `-unique`. A peer that
would take longer than the patience is measured over few rows, or stopped; its line then says so, and larger tables of
that kind are not tried. A figure is printed when it is known; all take about a quarter of an hour. `cold/...` is a
kernel's first million rows, all that it must learn for them included, beside those that follow. `stream/...` is ten
million rows in batches beside one million; `memory/...` the most that the process then holds beside what it held with
the model loaded, over the size of one batch with its answers. Everything runs in one thread, and time is what the
process has used of the processor, so that little depends on what else the machine does.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from bench.bulk_peers import PEERS, SEED
from bench.bulk_rows import AT_ONCE, rows, stream
from bench.report import Figure, rate, report_each
from bench.routing import OUTPUTS, POLICIES, SHAPES, SIZES, Routing, dmn_model, routing
from comptroller import dmn
from comptroller.adapters import columnar

UNIT: Final = "rows/s"
FEW_ROWS: Final = 10_000
ZEN_ROWS: Final = 2_000
TURNS: Final = 5
STREAMED: Final = 10_000_000
_PREPARE_S: Final = 30
"""What a peer may take beside deciding: its start, its table, the rows."""


def figures_of(table: Routing, count: int, patience: float, stopped: set[tuple[str, str, str]]) -> Iterator[Figure]:
    """The figures of one table; `stopped` are peers with the kind of table they were stopped at, and grows."""
    model = dmn.load(dmn_model(table))
    if model.faults:
        raise SystemExit(f"the table has faults: {model.faults[0]}")
    kernel = columnar.compile(model, "routing")
    cold = _seconds(kernel, rows(count, 1))
    compared = rows(count, SEED)
    answers = _checked(kernel, model, compared)
    best = min(_seconds(kernel, rows(count, SEED + turn)) for turn in range(1, TURNS + 1))
    yield rate(f"cold/{table.name}/warm", count / cold, count / best, UNIT)
    for name in PEERS:
        kind = name, table.shape, table.policy
        why = "stopped at fewer rules" if kind in stopped else "stopped"
        figure = None if kind in stopped else _beside(name, table, answers, count / best, patience)
        if figure is None:
            stopped.add(kind)
        yield figure or Figure(f"bulk/{table.name}/{name} ({why})", round(count / best, 1), UNIT)


def _seconds(kernel: columnar.Kernel, batch: Any) -> float:
    start = time.process_time()
    kernel.decide(batch)
    return time.process_time() - start


def _checked(kernel: columnar.Kernel, model: dmn.Model, batch: Any) -> Any:
    """Our answers, a share of them compared with single evaluation."""
    decided = kernel.decide(batch)
    if decided.by_row:
        raise SystemExit(f"rows went one by one: {list(decided.by_row)}")
    some = pa.array(range(0, batch.num_rows, max(1, batch.num_rows // 2_000)))
    for row, answer in zip(batch.take(some).to_pylist(), decided.answers.take(some).to_pylist(), strict=True):
        if model.decide("routing", row).value != answer:
            raise SystemExit(f"single evaluation decides otherwise: {row}")
    return decided.answers


def _beside(name: str, table: Routing, answers: Any, ours: float, patience: float) -> Figure | None:
    """A peer's figure, over all rows unless a few show that this would take too long; None when these do already."""
    figure, every = f"bulk/{table.name}/{name}", answers.num_rows
    few = min(every, ZEN_ROWS if name == "zen" else FEW_ROWS)
    over_few = _peer(name, table, few, answers, patience)
    if over_few is None:
        return None
    if name != "zen" and every / over_few < patience:  # of few rows, the query's own compilation is a large part
        over_all = _peer(name, table, every, answers, patience)
        if over_all is not None:
            return rate(figure, ours, over_all, UNIT)
    return rate(f"{figure} (over {few:,} rows)", ours, over_few, UNIT)


def _peer(name: str, table: Routing, count: int, answers: Any, patience: float) -> float | None:
    """A peer's rate, its answers compared with ours; None when it had to be stopped."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answers.arrow"
        command = [sys.executable, "-m", "bench.bulk_peers", name, str(table.size), table.shape, table.policy]
        try:
            run = subprocess.run(
                [*command, str(count), str(answers.num_rows), str(file)],
                check=False,
                capture_output=True,
                timeout=patience + _PREPARE_S,
            )
        except subprocess.TimeoutExpired:
            return None
        if run.returncode < 0:  # the operating system has ended it: its stack or its memory was at an end
            return None
        if run.returncode > 0:
            raise SystemExit(run.stderr.decode())
        told = json.loads(run.stdout)
        if told["seconds"] > patience:
            return None
        with pa.memory_map(str(file)) as source:
            _compare(name, pa.ipc.open_file(source).read_all(), answers.slice(0, count))
    return float(count / told["seconds"])


def _compare(name: str, theirs: Any, ours: Any) -> None:
    for column, arrow_type in zip(OUTPUTS, (pa.string(), pa.int64(), pa.int64()), strict=True):
        same = pc.equal(theirs[column].cast(arrow_type), ours.column(column).cast(arrow_type))
        if not pc.all(same, skip_nulls=False).as_py():
            raise SystemExit(f"{name} decides otherwise")


def streamed(size: int, shape: str) -> Iterator[Figure]:
    """Ten million rows in a process of their own, so that the peak is theirs."""
    command = [sys.executable, "-m", "bench.bulk", "--stream", f"{size}/{shape}"]
    told = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    name = f"{STREAMED}/{size} {shape}"
    yield rate(f"stream/{name}/one batch", told["rate"], told["rate_of_one"], UNIT)
    yield Figure(f"memory/{name}/batch and answers", told["added"], "MiB", told["batch"])


def _stream(table: Routing) -> dict[str, float]:
    kernel = columnar.compile(dmn.load(dmn_model(table)), "routing")
    before = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    batch = rows(AT_ONCE, 1)
    answers = kernel.decide(batch).answers
    of_one = min(_seconds(kernel, batch) for _ in range(TURNS))
    taken = (batch.nbytes + answers.nbytes) / 2**20
    del answers
    spent = 0.0
    batches = stream(STREAMED, 100)
    for _ in range(STREAMED // AT_ONCE):
        batch = next(batches)
        start = time.process_time()
        (decided,) = kernel.stream([batch])
        spent += time.process_time() - start
        del decided
    return {
        "rate": STREAMED / spent,
        "rate_of_one": AT_ONCE / of_one,
        "added": round(_memory("VmHWM") - before, 1),
        "batch": round(taken, 1),
    }


def _memory(what: str) -> float:
    """What Linux tells of the process, in MiB."""
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(what)]
    return int(line.split()[1]) / 1024


def _sizes(text: str) -> Sequence[int]:
    return tuple(map(int, text.split(",")))


def main() -> None:
    """The command line of the bench."""
    parser = argparse.ArgumentParser(description="decisions over Arrow rows beside peers")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--sizes", type=_sizes, default=SIZES)
    parser.add_argument("--policies", type=lambda text: text.split(","), default=POLICIES)
    parser.add_argument("--rows", type=int, default=AT_ONCE)
    parser.add_argument("--patience", type=float, default=10.0, help="seconds a peer may take")
    parser.add_argument("--stream", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    pa.set_cpu_count(1)
    if options.stream:
        size, shape = options.stream.split("/")
        sys.stdout.write(json.dumps(_stream(routing(int(size), shape, "FIRST"))))
        return
    report_each(_figures(options), as_json=options.json)


def _figures(options: argparse.Namespace) -> Iterator[Figure]:
    stopped: set[tuple[str, str, str]] = set()
    for size, shape, policy in product(options.sizes, SHAPES, options.policies):
        yield from figures_of(routing(size, shape, policy), options.rows, options.patience, stopped)
    for shape in SHAPES:
        yield from streamed(options.sizes[-1], shape)


if __name__ == "__main__":
    main()

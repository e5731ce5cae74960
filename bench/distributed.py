"""A backtest by two workers of Ray on this machine beside one process: rows a second of the wall, beginnings included.

python -m bench.distributed [--json] [--rows 3000000] [--data ../shared/data]

Both go through the same Parquet file of invoices (`bench.backtest`) by the command itself; all that they tell must be
equal. Starting Ray, and reading both versions in each worker, is part of what a user waits for.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from typing import Any, Final

from bench.backtest import CHANGED, EXAMPLE, PACK, ROOT, write_history
from bench.report import Figure, rate, report

WORKERS: Final = 2


def timed(words: list[str]) -> tuple[float, dict[str, Any]]:
    """The seconds that the command took, and what it told, but for how many decisions each worker took."""
    command = [sys.executable, "-m", "comptroller", "policy", "backtest", *words, "--at", "2026-03-27", "--json"]
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    seconds = time.perf_counter() - started
    if done.returncode not in {0, 1}:
        raise SystemExit(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout)
    del told["decided_alone"]
    return seconds, told


def figures(rows: int, data: Path) -> Iterator[Figure]:
    """Two workers beside one process, over the same file."""
    with tempfile.TemporaryDirectory() as folder:
        history, candidate = Path(folder, "history.parquet"), Path(folder, "candidate")
        write_history(history, rows, data)
        copytree(PACK, candidate)
        for name, (old, new) in CHANGED.items():
            file = candidate / "decisions" / name
            file.write_bytes(file.read_bytes().replace(old, new))
        words = [str(candidate), "--against", str(PACK), "--history", str(history)]
        words += ["--mapping", str(EXAMPLE / "mapping.toml")]
        alone, one = timed(words)
        shared, several = timed([*words, "--ray", f"local:{WORKERS}"])
        if one != several:
            raise SystemExit("two workers come to other figures than one process")
        yield rate("distributed/rows/one process", rows / shared, rows / alone, "rows/s")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rows", type=int, default=3_000_000)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    arguments = parser.parse_args()
    report(list(figures(arguments.rows, arguments.data)), as_json=arguments.json)


if __name__ == "__main__":
    main()

"""Fuzzing guided by coverage: the run of one target, for `feel_fuzz` and `dmn_fuzz`.

A target is a module with `attempt(data)`, which may raise nothing but `Failure`, and `mutate(data, random)`, which
knows the form of the data. Every input is text, so that a failing one can be read and go into the corpus as it is. The
fuzzer (atheris) runs in a process of its own, whose memory has a limit; an input that takes long there is measured
again in a process without instrumentation before it counts.

    python -m tests.soak.feel_fuzz --budget 1200 [--seed 1] [--work DIR] [--json]

With `--work` what the fuzzer learns is kept in a directory, and the next run goes on from there.
"""

import argparse
import importlib
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

CORPUS: Final = Path(__file__).parent / "corpus"
CPU_S_MAX: Final = 2.0
"""Seconds of processor time that one input may take, uninstrumented."""

MEMORY_BYTES_MAX: Final = 3 * 1024**3
RESIDENT_MIB_MAX: Final = 1_024
INPUT_BYTES_MAX: Final = 8_192
HANG_S: Final = 120
"""Seconds after which the fuzzer gives an input up and fails; far beyond what a slow machine makes of `CPU_S_MAX`."""

_UNITS: Final = re.compile(r"^#(\d+)\t|stat::number_of_executed_units: (\d+)", re.MULTILINE)
_COVERAGE: Final = re.compile(r"cov: (\d+)")


class Failure(AssertionError):
    """What an input did that none may do."""


def seeds(name: str) -> list[bytes]:
    """Give a target's corpus: the files of its directory, a text file of lines being one input a line."""
    found: list[bytes] = []
    for path in sorted((CORPUS / name).iterdir()):
        content = path.read_bytes()
        found += [line for line in content.split(b"\n") if line] if path.suffix == ".lines" else [content]
    return found


def timed(attempt: Callable[[bytes], None], data: bytes) -> float:
    """Run one input and give the processor time it took, in seconds."""
    start = time.process_time()
    attempt(data)
    return time.process_time() - start


def main(name: str) -> int:
    """Run a target from the command line; 0 when no input failed."""
    parser = argparse.ArgumentParser(prog=f"tests.soak.{name}")
    parser.add_argument("--budget", type=float, default=600, help="seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, help="a directory that keeps what was learned")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        result = run(name, options.budget, options.seed, options.work or Path(scratch) / "corpus")
    told = json.dumps(result) if options.json else "\n".join(f"{key}: {value}" for key, value in result.items())
    sys.stdout.write(told + "\n")
    return 1 if result["failed"] else 0


def run(name: str, budget: float, seed: int, work: Path) -> dict[str, Any]:
    """Fuzz for a time; `failed` is the input that failed as text, or nothing."""
    work.mkdir(parents=True, exist_ok=True)
    for number, content in enumerate(seeds(name)):
        (work / f"seed-{number:04}").write_bytes(content)
    artifact = work.parent / f"{work.name}-failed"
    artifact.unlink(missing_ok=True)
    command = [
        sys.executable, "-m", "tests.soak.fuzzing", "fuzz", name, str(work), f"-max_total_time={int(budget)}",
        f"-seed={seed}", f"-timeout={HANG_S}", f"-rss_limit_mb={RESIDENT_MIB_MAX}", f"-max_len={INPUT_BYTES_MAX}",
        f"-exact_artifact_path={artifact}", f"-report_slow_units={HANG_S}", "-print_final_stats=1", "-verbosity=1",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, check=False)
    told = done.stderr.decode(errors="replace") + done.stdout.decode(errors="replace")
    failed = ""
    if done.returncode:
        failed = artifact.read_bytes().decode(errors="replace") if artifact.exists() else told[-4_000:]
    return {
        "target": name,
        "seed": seed,
        "inputs": max(int(old or new) for old, new in [("0", ""), *_UNITS.findall(told)]),
        "edges": int((_COVERAGE.findall(told) or ["0"])[-1]),
        "corpus": sum(1 for _ in work.iterdir()),
        "peak_mib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1_024,
        "failed": failed,
        "why": _why(told) if done.returncode else "",
    }


def _why(told: str) -> str:
    lines = told.splitlines()
    start = next((place for place, line in enumerate(lines) if "Uncaught Python exception" in line), len(lines) - 20)
    return "\n".join(lines[max(start, 0) : start + 60])


def _fuzz(name: str, arguments: list[str]) -> None:
    """Be the fuzzer's own process: limit it, load the target under instrumentation, run until the time is over."""
    import atheris  # noqa: PLC0415 - only this process has it: the bench environment's, not every test's

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    packages = ["comptroller.domain.feel", "comptroller.domain.decisions", "comptroller.adapters.dmn_xml"]
    with atheris.instrument_imports(include=packages, enable_loader_override=False):
        target = importlib.import_module(f"tests.soak.{name}")

    def one_input(data: bytes) -> None:
        if timed(target.attempt, data) > CPU_S_MAX:
            with tempfile.NamedTemporaryFile() as kept:
                kept.write(data)
                kept.flush()
                again = [sys.executable, "-m", "tests.soak.fuzzing", "measure", name, kept.name]
                if subprocess.run(again, check=False).returncode:
                    raise Failure(f"the input takes more than {CPU_S_MAX} s of processor time")

    def mutated(data: bytes, size: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.3:
            return bytes(atheris.Mutate(data, size))
        made: bytes = target.mutate(data, chance)
        return made if len(made) <= size else bytes(atheris.Mutate(data, size))

    atheris.Setup([sys.argv[0], *arguments], one_input, custom_mutator=mutated)
    atheris.Fuzz()


def share(name: str, count: int, seed: int) -> Iterator[bytes]:
    """Give the corpus and some mutations of it: the part that runs without the fuzzer."""
    target = importlib.import_module(f"tests.soak.{name}")
    chance = random.Random(seed)
    corpus = seeds(name)
    yield from corpus
    for _ in range(count):
        data = chance.choice(corpus)
        for _ in range(chance.randint(1, 4)):
            data = target.mutate(data, chance)
        yield data[:INPUT_BYTES_MAX]


def _measure(name: str, path: str) -> int:
    target = importlib.import_module(f"tests.soak.{name}")
    return int(timed(target.attempt, Path(path).read_bytes()) > CPU_S_MAX)


if __name__ == "__main__":
    mode, named, *rest = sys.argv[1:]
    if mode == "measure":
        sys.exit(_measure(named, rest[0]))
    _fuzz(named, rest)

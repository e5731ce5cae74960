"""The command line of soaks that go on by a seed and a number until their time is over."""

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any


def main(name: str, run: Callable[[float, int, int], dict[str, Any]], wrong: str) -> int:
    """Run a soak by budget in seconds, seed and first number, and tell its result; 1 where `wrong` says something."""
    parser = argparse.ArgumentParser(prog=f"tests.soak.{name}")
    parser.add_argument("--budget", type=float, default=600, help="seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0, help="the number to go on from")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = run(options.budget, options.seed, options.start)
    told = json.dumps(result) if options.json else "\n".join(f"{key}: {value}" for key, value in result.items())
    sys.stdout.write(told + "\n")
    return 1 if result[wrong] else 0

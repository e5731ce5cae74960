"""Generated expressions, cells and models, answered by the product and by the reference, one after the other.

Each has a seed of its own, made of the run's seed and its number: `--start` goes on where an earlier run ended. The
first that the two answer differently is made smaller, told, and ends the run with 1.

    python -m tests.soak.feel_reference --budget 600 [--seed 1] [--start 0] [--go-on] [--json]
"""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any, Final

from tests.reference import agreement, decision_agreement, decision_generator
from tests.reference.choosing import Seeded
from tests.reference.feel_forms import FORMS
from tests.reference.feel_generator import KINDS, NAMES, Generator

from comptroller.adapters import dmn_xml
from comptroller.domain.decisions.definitions import DecisionTable, Definitions
from comptroller.domain.feel import tree

SCOPES: Final = 50
"""Expressions that share their variables' values: making those takes as long as an expression."""

PROGRESS_S: Final = 60
"""Between two lines that tell how far it is: from there another run can go on."""

CELLS: Final = ("number", "string", "date", "boolean")


def main() -> int:
    """Run from the command line; 0 when both agree in everything."""
    parser = argparse.ArgumentParser(prog="tests.soak.feel_reference")
    parser.add_argument("--budget", type=float, default=600, help="seconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0, help="the first number")
    parser.add_argument("--go-on", action="store_true", help="go on after a difference")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    result = run(options.budget, options.seed, options.start, go_on=options.go_on)
    told = json.dumps(result) if options.json else "\n".join(f"{key}: {value}" for key, value in result.items())
    sys.stdout.write(told + "\n")
    return 1 if result["differences"] else 0


def run(budget: float, seed: int, start: int = 0, count: int | None = None, *, go_on: bool = False) -> dict[str, Any]:
    """Compare until the time is over, or so many are done; the counts reached, and what differed."""
    until = time.monotonic() + budget
    told = time.monotonic()
    counts: Counter[str] = Counter()
    differences: list[str] = []
    number = start
    scope: agreement.Given | None = None
    while time.monotonic() < until and (count is None or number < start + count):
        if scope is None or number % SCOPES == 0:
            scope = agreement.given(Generator(Seeded(f"{seed}/scope/{number // SCOPES}"), FORMS))
        if time.monotonic() - told > PROGRESS_S:
            told = time.monotonic()
            sys.stderr.write(f"{seed}/{number}: {dict(counts)}\n")
        wrong = _one(Generator(Seeded(f"{seed}/{number}"), FORMS), scope, counts)
        number += 1
        if wrong:
            differences.append(f"{seed}/{number - 1}: {wrong}")
            sys.stderr.write(differences[-1] + "\n")
            if not go_on:
                break
    return {"seed": seed, "start": start, "next": number, **counts, "differences": differences}


def _one(generator: Generator, scope: agreement.Given, counts: Counter[str]) -> str:
    """Compare one expression, or the tests of one cell; what is wrong, made small."""
    node: tree.Node
    sort = generator.chooser.below(24)
    if sort == 0:
        return _model(generator, scope, counts)
    if sort < 5:
        node = generator.cell(generator.one(CELLS), 1 + generator.chooser.below(2))
        value = scope.reference[generator.one(tuple(NAMES))]
        told, judge = "cells", lambda each: agreement.testing(each, value, scope)
    else:
        node = generator.node(generator.one(KINDS), 1 + generator.chooser.below(3))
        told, judge = "expressions", lambda each: agreement.evaluating(each, scope)
    checks: tuple[Callable[[Any], str], ...] = (agreement.reading, judge)
    for check in checks:
        try:
            wrong = check(node)
        except agreement.Skipped:
            counts["skipped"] += 1
            return ""
        if wrong:
            return check(agreement.reduced(node, check)) or wrong
    counts[told] += 1
    return ""


def _model(generator: Generator, scope: agreement.Given, counts: Counter[str]) -> str:
    """Compare the decisions of a model; one with a difference is told as a file."""
    definitions = decision_generator.definitions(generator.chooser)

    def wrong(each: Definitions) -> str:
        return decision_agreement.deciding(each, scope).wrong

    try:
        verdict = decision_agreement.deciding(definitions, scope)
    except agreement.Skipped:
        counts["skipped"] += 1
        return ""
    counts["models"] += 1
    counts["tables"] += sum(_tables(element) for element in definitions.elements)
    counts["fast lanes"] += verdict.lanes
    if not verdict.wrong:
        return ""
    small = decision_agreement.reduced(definitions, wrong)
    return f"{wrong(small)}\n{dmn_xml.write(small).decode()}"


def _tables(part: object) -> int:
    """Count the decision tables in a part of a model."""
    if isinstance(part, tuple):
        return sum(map(_tables, part))
    if not is_dataclass(part):
        return 0
    return isinstance(part, DecisionTable) + sum(_tables(getattr(part, field.name)) for field in fields(part))


if __name__ == "__main__":
    sys.exit(main())

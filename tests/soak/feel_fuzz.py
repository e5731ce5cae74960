"""Fuzzes FEEL: arbitrary text as an expression and as the tests of a cell, with a few names in scope.

Nothing may escape from reading, compiling and evaluating; what comes out must be a value that can be written as text;
and the same text gives the same answer twice.

    python -m tests.soak.feel_fuzz --budget 1200 [--seed 1] [--work DIR] [--json]
"""

import random
import re
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from tests.reference.choosing import Seeded
from tests.reference.feel_forms import FORMS
from tests.reference.feel_generator import KINDS, Generator
from tests.reference.feel_writer import write
from tests.soak import fuzzing

from comptroller.domain.feel import (
    BUILTINS,
    Evaluation,
    Value,
    admit,
    compile_expression,
    compile_unary_tests,
)

NAME: Final = "feel_fuzz"
NOW: Final = datetime(2026, 3, 27, 12, 30, tzinfo=UTC)
SCOPE: Final[dict[str, Value]] = {
    "amount": Decimal("1250.50"),
    "profit-and-loss": Decimal(-7),
    "day of birth": date(1999, 12, 31),
    "in stock": True,
    "lines": admit([{"net amount": 10, "kind": "A"}, {"net amount": 2, "kind": "B"}, None]),
    "nothing": None,
    "text": "Zürich \U0001f600",
    "a": Decimal(1),
    "a+b": Decimal(3),
}
MEMBERS: Final = ("net amount", "kind")
STEPS: Final = 10_000
"""A hundredth of the budget: each input is evaluated eight times, and loops shall not hold the others up."""
_TOKENS: Final = re.compile(r'"(?:[^"\\]|\\.)*"|\w+|\s+|\.\.|\*\*|[<>!]=|.', re.DOTALL)
_FRAGMENTS: Final = (
    *SCOPE, *MEMBERS, *BUILTINS, "?", "item", "partial", "null", "true", "false", "0", "1", "-1", "3.5", "1e6144",
    "1e-6143", "9" * 34, '""', '"a"', '"\\u00e9"', '@"2026-02-29"', '@"P1Y"', '@"-P2DT3.5S"', '@"23:59:60Z"',
    '@"2026-10-25T02:30:00@Europe/Berlin"', '"(a+)+$"', '"[\\\\w-[\\\\d]]"', "[", "]", "(", ")", "{", "}", "..", ",",
    ":", ".", "+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", " and ", " or ", " not ", " between ", " in ",
    " instance of ", "list<", "context<", "function<", "range<", "->", "if ", " then ", " else ", "for ", "some ",
    "every ", " return ", " satisfies ", "function(x) ", "external", "x", "[1..3]", "(>= 2)", "{a: 1}",
    "[[1, 2], [3]]", "1..1000000", "//", "/*", "*/", "\u00a0", "\u2019",
)  # fmt: skip


def _evaluation() -> Evaluation:
    evaluation = Evaluation(NOW)
    evaluation.remaining = STEPS
    return evaluation


def attempt(data: bytes) -> None:
    """Read, compile and evaluate one text both ways; raise `Failure` for an answer that none may give."""
    text = data.decode("utf-8", "replace")
    expression = compile_expression(text, SCOPE, members=MEMBERS)
    first = expression.evaluate(SCOPE, _evaluation())
    written = compile_expression("string(value)", ["value"])
    shown = written.evaluate({"value": first}, _evaluation())
    again = written.evaluate({"value": expression.evaluate(SCOPE, _evaluation())}, _evaluation())
    if shown != again:
        raise fuzzing.Failure(f"two answers: {shown!r} and {again!r}")
    if expression.faults and first is not None:
        raise fuzzing.Failure("a text with faults has a value")
    tests = compile_unary_tests(text, SCOPE, members=MEMBERS)
    given: tuple[Value, ...] = (Decimal(1), "a", None, date(2026, 2, 28), [Decimal(1)], first)
    for value in given:
        if tests.matches(value, SCOPE, _evaluation()) not in {True, False, None}:
            raise fuzzing.Failure("a test is neither true nor false nor null")


def _generated(chance: random.Random) -> str:
    """Write an expression that means something: what tokens put together hardly ever do."""
    generator = Generator(Seeded(chance.random()), FORMS, {"text": "string", "amount": "number", "a": "number"})
    return write(generator.node(generator.one(KINDS), 1), SCOPE)


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Change a text at one of its tokens: leave it out, double it, swap it, or put a fragment there."""
    tokens = _TOKENS.findall(data.decode("utf-8", "replace")) or [""]
    place = chance.randrange(len(tokens))
    match chance.randrange(8):
        case 0:
            del tokens[place]
        case 1:
            tokens[place:place] = tokens[place : place + chance.randint(1, 6)]
        case 2:
            other = chance.randrange(len(tokens))
            tokens[place], tokens[other] = tokens[other], tokens[place]
        case 3:
            tokens[place] = chance.choice(_FRAGMENTS)
        case 4:
            tokens[place:place] = ["(", chance.choice(_FRAGMENTS), ")"]
        case 5 | 6:
            tokens[place] = f"({_generated(chance)})"
        case _:
            tokens.insert(place, chance.choice(_FRAGMENTS))
    return "".join(tokens).encode("utf-8", "replace")


if __name__ == "__main__":
    sys.exit(fuzzing.main(NAME))

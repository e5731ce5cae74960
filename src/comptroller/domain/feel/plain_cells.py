"""The commonest cells of decision tables, read at once: lists of numbers, texts, comparisons and intervals of numbers.

A long table has thousands of different cells, and nearly all of them look like `< 100`, `"DE","FR"` or `[0..10)`. One
pattern reads these straight into the tree that the parser would give; whatever it does not know is left to the parser.
"""

import re
from typing import Final

from comptroller.domain.feel import tree
from comptroller.domain.feel.arithmetic import number_from_text
from comptroller.domain.kernel import limits

_NUMBER: Final = r"(-?)([0-9]+(?:\.[0-9]+)?)"
_TEST: Final = re.compile(
    rf"""
    [ ]*
    (?: (<=|>=|!=|[<>=])? [ ]* (?: {_NUMBER} | "([^"\\]*)" )
      | ([\[(\]]) [ ]* {_NUMBER} [ ]* \.\. [ ]* {_NUMBER} [ ]* ([\])\[]) )
    [ ]* (,|\Z)
    """,
    re.VERBOSE,
)
_OPERATOR, _SIGN, _DIGITS, _TEXT, _OPENING, _LOW_SIGN, _LOW, _HIGH_SIGN, _HIGH, _CLOSING, _COMMA = range(1, 12)


def read_plain(text: str) -> tree.Tests | None:
    """Read a cell; None for one that is not plain."""
    if len(text) > limits.FEEL_CHARACTERS_MAX:
        return None
    tests: list[tree.Node] = []
    place = 0
    while True:
        match = _TEST.match(text, place)
        test = None if match is None else _test(match)
        if match is None or test is None:
            return None
        tests.append(test)
        place = match.end()
        if not match[_COMMA]:
            return tree.Tests(tests[0].at, tuple(tests))


def _test(match: re.Match[str]) -> tree.Node | None:
    if match[_OPENING]:
        low, high = _number(match, _LOW_SIGN, _LOW), _number(match, _HIGH_SIGN, _HIGH)
        if low is None or high is None:
            return None
        return tree.RangeLiteral(
            match.start(_OPENING),
            low,
            high,
            start_included=match[_OPENING] == "[",
            end_included=match[_CLOSING] == "]",
        )
    operand: tree.Node | None
    operand = _number(match, _SIGN, _DIGITS) if match[_DIGITS] else tree.Literal(match.start(_TEXT) - 1, match[_TEXT])
    if operand is None or not match[_OPERATOR]:
        return operand
    return tree.UnaryComparison(match.start(_OPERATOR), match[_OPERATOR], operand)


def _number(match: re.Match[str], sign: int, digits: int) -> tree.Node | None:
    """A number, with its sign as the parser gives it; None beyond the range of numbers."""
    value = number_from_text(match[digits])
    if value is None:
        return None
    literal = tree.Literal(match.start(digits), value)
    return tree.Negation(match.start(sign), literal) if match[sign] else literal

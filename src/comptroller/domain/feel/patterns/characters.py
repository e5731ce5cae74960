"""Which characters an escape or a class of a pattern takes.

SOURCE: XML Schema part 2, appendix F.1. Without regard to case, two characters are one where their lower or their upper
cases are (XQuery and XPath Functions 3.1, clause 5.6.2); that concerns characters and spans that are written out, and
neither categories nor blocks.
"""

import unicodedata
from collections.abc import Callable
from typing import Final

from comptroller.domain.feel.patterns.blocks import BLOCKS

Test = Callable[[str], bool]

_CATEGORIES: Final = frozenset(
    "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po Z Zs Zl Zp S Sm Sc Sk So C Cc Cf Co Cn".split()
)


def category(name: str) -> Test | None:
    """Take the characters of a Unicode category or, after `Is`, block; None when there is none such."""
    if name.startswith("Is") and name[2:] in BLOCKS:
        return span(*BLOCKS[name[2:]])
    if name not in _CATEGORIES:
        return None
    return lambda character: unicodedata.category(character).startswith(name)


def literal(wanted: str) -> Test:
    """Take one character."""
    return lambda character: character == wanted


def span(first: str, last: str) -> Test:
    """Take the characters from one to another."""
    return lambda character: first <= character <= last


def one_of(tests: tuple[Test, ...]) -> Test:
    """Take what any of some tests takes."""
    return tests[0] if len(tests) == 1 else lambda character: any(test(character) for test in tests)


def none_of(test: Test) -> Test:
    """Take what a test does not take."""
    return lambda character: not test(character)


def without(test: Test, removed: Test) -> Test:
    """Take what one test takes and another does not."""
    return lambda character: test(character) and not removed(character)


def literal_in_any_case(wanted: str) -> Test:
    """Take one character, whatever its case."""
    lower, upper = wanted.lower(), wanted.upper()
    return lambda character: character.lower() == lower or character.upper() == upper


def span_in_any_case(first: str, last: str) -> Test:
    """Take the characters from one to another, whatever their case."""
    return lambda character: any(len(case) == 1 and first <= case <= last for case in _cases(character))


def _cases(character: str) -> tuple[str, ...]:
    lower, upper = character.lower(), character.upper()
    return character, lower, upper, upper.lower(), lower.upper()


def anything(_character: str) -> bool:
    """Take every character."""
    return True


def in_line(character: str) -> bool:
    """Take every character that does not end a line."""
    return character not in "\n\r"


def _is_space(character: str) -> bool:
    return character in " \t\n\r"


def _is_digit(character: str) -> bool:
    return unicodedata.category(character) == "Nd"


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC"


def _starts_name(character: str) -> bool:
    return character in "_:" or unicodedata.category(character)[0] == "L" or unicodedata.category(character) == "Nl"


def _continues_name(character: str) -> bool:
    return _starts_name(character) or character in "-.·" or unicodedata.category(character) in {"Nd", "Mn", "Mc", "Lm"}


SETS: Final[dict[str, Test]] = {
    "s": _is_space,
    "d": _is_digit,
    "w": _is_word,
    "i": _starts_name,
    "c": _continues_name,
}
"""The escapes for sets of characters; in upper case they take the others."""

PLAIN: Final[dict[str, str]] = {"n": "\n", "r": "\r", "t": "\t"} | {
    character: character for character in "\\|.?*+(){}-[]^$"
}
"""The escapes for one character."""

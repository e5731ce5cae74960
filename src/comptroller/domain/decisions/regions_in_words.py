"""A region as people say it: the cells of a table in words. What is no plain comparison is told as it is written.

>>> print(region_in_words({"amount": "(25000..30000]", "day": '>= date("2026-01-01")', "kind": 'not("legal")'}))
`amount` is above 25000, up to 30000 and `day` is from 2026-01-01 and `kind` is not "legal"
>>> print(region_in_words({"related party": "true, null", "amount": "not(null) and > 2 * limit", "name": "? = other"}))
`related party` is true or not known and `amount` is above 2 * limit and `name` ? = other
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

_VALUE: Final = r'(?:(?:date|time|date and time|duration)\("[^"]*"\)|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null)'
_TEST: Final = re.compile(
    rf"(?P<opening>[\[(])(?P<low>{_VALUE})\.\.(?P<high>{_VALUE})(?P<closing>[\])])"
    rf"|(?P<operator><=|>=|<|>) ?(?P<end>{_VALUE})"
    rf"|not\((?P<others>{_VALUE}(?:, ?{_VALUE})*)\)"
    rf"|(?P<value>{_VALUE})"
)
_COMPARED: Final = re.compile(r"(?:(?P<rest>.+) and )?(?P<operator><=|>=|<|>|=) (?P<end>[\w.'+*/ -]+)")
_TIME: Final = re.compile(r'(?:date|time|date and time)\("([^"]*)"\)')
_WORDS: Final = {"=": "", ">": "above ", ">=": "from ", "<": "below ", "<=": "up to "}
_WORDS_OF_TIMES: Final = {">": "after ", ">=": "from ", "<": "before ", "<=": "until "}
_NOT_KNOWN: Final = "not known"

Write = Callable[[str], str]
"""Writes a literal of FEEL for people."""


def plainly(literal: str) -> str:
    """Write a literal as it stands, days and times without the function that makes them."""
    time = _TIME.fullmatch(literal)
    return _NOT_KNOWN if literal == "null" else time[1] if time else literal


def region_in_words(region: Mapping[str, str]) -> str:
    """Say which values of the columns a region is about; empty where it is about all."""
    told = ((name, cell, _told(cell, plainly)) for name, cell in region.items())
    return " and ".join(f"`{name}` {cell if words is None else f'is {words}'}" for name, cell, words in told)


def cell_in_words(cell: str, write: Write = plainly) -> str:
    """Say what a cell accepts; one that does more than to compare stays as it is written."""
    return _told(cell, write) or cell


def _told(cell: str, write: Write) -> str | None:
    tests = _tests(cell)
    if tests:
        return " or ".join(_test(test, write) for test in tests)
    compared = _COMPARED.fullmatch(cell)
    if compared is None:
        return None
    words = f"{_WORDS[compared['operator']]}{compared['end']}"
    is_said = compared["rest"] in {None, "not(null)"}  # what compares is there
    return words if is_said else f"{cell_in_words(compared['rest'], write)} and {words}"


def _tests(cell: str) -> Sequence[re.Match[str]]:
    """The tests of a cell; empty where it does more than to compare with values."""
    found, at = list[re.Match[str]](), 0
    while match := _TEST.match(cell, at):
        found.append(match)
        at = match.end()
        if at == len(cell):
            return found
        if cell[at] != ",":
            break
        at += 2 if cell.startswith(", ", at) else 1
    return []


def _test(test: re.Match[str], write: Write) -> str:
    if test["value"]:
        return write(test["value"])
    if test["operator"]:
        return f"{_words(test['end'])[test['operator']]}{write(test['end'])}"
    if test["others"]:
        return _but_for([each[0] for each in _tests(test["others"])], write)
    words = _words(test["high"])
    first = words[">=" if test["opening"] == "[" else ">"]
    last = words["<=" if test["closing"] == "]" else "<"]
    return f"{first}{write(test['low'])}, {last}{write(test['high'])}"


def _but_for(values: Sequence[str], write: Write) -> str:
    others = [write(each) for each in values if each != "null"]
    if not others:
        return "known"
    told = f"not {others[0]}" if len(others) == 1 else f"neither {' nor '.join(others)}"
    return told if len(others) == len(values) else f"known, and {told}"


def _words(literal: str) -> Mapping[str, str]:
    return _WORDS_OF_TIMES if _TIME.fullmatch(literal) else _WORDS

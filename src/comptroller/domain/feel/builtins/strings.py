"""String functions. Positions count characters (code points) from 1, or from -1 at the end.

SOURCE: DMN 1.5, clause 10.3.4.3. Patterns are those of XPath and run in our own matcher, which pays for every step.
"""

from decimal import Decimal
from typing import Final

from comptroller.domain.feel.arithmetic import join
from comptroller.domain.feel.builtins.numbers import position
from comptroller.domain.feel.builtins.signature import Library
from comptroller.domain.feel.evaluation import Evaluation, Undefined
from comptroller.domain.feel.values import Value

LIBRARY: Final = Library()


@LIBRARY.function("substring(string: string, start position: number, length?: number)")
def substring(text: str, start: Decimal, length: Decimal | None = None) -> Value:
    """Take a part of a string."""
    first = position(start)
    if not 1 <= abs(first) <= max(len(text), 1):
        raise Undefined(f"the string has no position {first}")
    begin = first - 1 if first > 0 else len(text) + first
    if length is None:
        return text[max(begin, 0) :]
    characters = position(min(length, Decimal(max(len(text), 1))))  # a string has an end, however much is asked for
    if characters < 1:
        raise Undefined("a length is at least 1")
    return text[max(begin, 0) : begin + characters]


@LIBRARY.function("string length(string: string)")
def string_length(text: str) -> Value:
    """Count the characters."""
    return Decimal(len(text))


@LIBRARY.function("upper case(string: string)", with_evaluation=True)
def upper_case(run: Evaluation, text: str) -> Value:
    """Turn to upper case."""
    return join(run, [text.upper()])


@LIBRARY.function("lower case(string: string)", with_evaluation=True)
def lower_case(run: Evaluation, text: str) -> Value:
    """Turn to lower case."""
    return join(run, [text.lower()])


@LIBRARY.function("substring before(string: string, match: string)")
def substring_before(text: str, match: str) -> Value:
    """Take what precedes the first occurrence; nothing when there is none."""
    return text.partition(match)[0] if match and match in text else ""


@LIBRARY.function("substring after(string: string, match: string)")
def substring_after(text: str, match: str) -> Value:
    """Take what follows the first occurrence; nothing when there is none."""
    return text.partition(match)[2] if match else text


@LIBRARY.function("contains(string: string, match: string)")
def contains(text: str, match: str) -> Value:
    """Say whether a string holds another."""
    return match in text


@LIBRARY.function("starts with(string: string, match: string)")
def starts_with(text: str, match: str) -> Value:
    """Say whether a string begins with another."""
    return text.startswith(match)


@LIBRARY.function("ends with(string: string, match: string)")
def ends_with(text: str, match: str) -> Value:
    """Say whether a string ends with another."""
    return text.endswith(match)


@LIBRARY.function("string join(list: list, delimiter?: string)", with_evaluation=True)
def string_join(run: Evaluation, items: list[Value], delimiter: str | None = None) -> Value:
    """Join strings; nulls among them are left out."""
    parts: list[str] = []
    for item in items:
        if isinstance(item, str):
            if parts and delimiter:
                parts.append(delimiter)
            parts.append(item)
        elif item is not None:
            raise Undefined("not every item is a string")
    return join(run, parts)

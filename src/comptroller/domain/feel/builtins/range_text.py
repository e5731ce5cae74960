"""Reads a range of literals from a text, for the function `range`.

SOURCE: DMN 1.5, clause 10.3.4.1, table 74, and clause 10.3.1.2, rules 66 and 67: an end is a number, a string, an
at-literal, or a call of a date, time or duration function with a string; nothing else. Both ends are of one kind and in
order; at a round bracket (or one turned outwards) the end may be left out, and the range has none there.
"""

import re
from typing import Final

from comptroller.domain.feel import temporal
from comptroller.domain.feel.arithmetic import number_from_text
from comptroller.domain.feel.comparison import order
from comptroller.domain.feel.lexer import Token, TokenKind, tokens_of
from comptroller.domain.feel.values import Kind, Range, Value, kind_of

_CALL: Final = re.compile(r"(date and time|date|time|duration) \( (?P<text>.*) \)\Z")
_KINDS: Final = {
    "date": {Kind.DATE},
    "time": {Kind.TIME},
    "date and time": {Kind.DATE_AND_TIME},
    "duration": {Kind.DAYS_DURATION, Kind.MONTHS_DURATION},
}


def read_range(text: str) -> Range | None:
    """Read a range such as `[18..21)`; None when the text is none."""
    tokens, fault = tokens_of(text)
    if fault is not None or len(tokens) < 5:
        return None
    opening, *inner, closing = tokens[:-1]
    if opening.text not in {"[", "(", "]"} or closing.text not in {"]", ")", "["}:
        return None
    dots = [place for place, token in enumerate(inner) if token.text == ".." and token.kind is TokenKind.SYMBOL]
    if len(dots) != 1:
        return None
    written = inner[: dots[0]], inner[dots[0] + 1 :]
    closed = opening.text == "[", closing.text == "]"
    ends = [_end(tokens) for tokens in written]
    present = [end for end in ends if end is not None]
    if not present or any(
        end is None and (tokens or shut) for end, tokens, shut in zip(ends, written, closed, strict=True)
    ):
        return None
    if order("<=", present[0], present[-1]) is not True:
        return None
    return Range(ends[0], ends[1], start_included=closed[0], end_included=closed[1])


def _end(tokens: list[Token]) -> Value:
    negative = len(tokens) == 2 and tokens[0].text == "-"
    if len(tokens) == 1 or negative:
        token = tokens[-1]
        if token.kind is TokenKind.NUMBER:
            return number_from_text(("-" if negative else "") + token.text)
        if negative:
            return None
        if token.kind is TokenKind.AT:
            return temporal.parse(token.text)
        return token.text if token.kind is TokenKind.STRING else None
    if len(tokens) < 4 or tokens[-2].kind is not TokenKind.STRING:
        return None
    match = _CALL.match(" ".join(token.text for token in tokens))
    value = temporal.parse(tokens[-2].text)
    return value if match is not None and kind_of(value) in _KINDS[match[1]] else None

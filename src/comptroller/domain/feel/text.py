"""Writes any value as text: as the function `string` does, or as the expression that gives it.

SOURCE: DMN 1.5, clause 10.3.4.1 (`string`). Numbers are written without an exponent and without trailing zeros, so that
equal numbers read alike. Inside lists and contexts strings stand in quotes.
"""

from decimal import Decimal
from typing import Final

from comptroller.domain.feel import temporal
from comptroller.domain.feel.arithmetic import join
from comptroller.domain.feel.evaluation import CHARACTERS_PER_STEP, Evaluation, Stopped
from comptroller.domain.feel.lexer import TokenKind, tokens_of
from comptroller.domain.feel.values import Builtin, Function, Kind, Range, Value, kind_of

_PRICE: Final = 4
"""Iterations that the writing of one value is worth."""


def text_of(run: Evaluation, value: Value) -> str:
    """Write a value; a string is itself."""
    return value if isinstance(value, str) else join(run, _parts(run, value))


def literal_text(value: Value) -> str:
    """Write a value as an expression that gives it, on one line; a function, which has no such form, as its head.

    >>> print(literal_text([Decimal("1.50"), "a", True]))
    [1.5, "a", true]
    """
    try:
        return "".join(_parts(Evaluation(), value, literal=True))
    except (Stopped, RecursionError):
        return f"(a {kind_of(value)} too large to be written)"


_CONSTRUCTORS: Final = {
    Kind.DATE: "date",
    Kind.TIME: "time",
    Kind.DATE_AND_TIME: "date and time",
    Kind.DAYS_DURATION: "duration",
    Kind.MONTHS_DURATION: "duration",
}

_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def number_text(number: Decimal | int) -> str:
    """Write a number plainly.

    >>> number_text(Decimal("1.50")), number_text(Decimal("1E+3")), number_text(Decimal("-0"))
    ('1.5', '1000', '0')
    """
    written = f"{Decimal(number):f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written in {"-0", ""} else written


def _parts(run: Evaluation, value: Value, *, literal: bool = False) -> list[str]:
    """Write a value in pieces, paying for each: a value shared many times over would grow without bound."""
    run.charge(_PRICE)
    match value:
        case None:
            return ["null"]
        case bool():
            return ["true" if value else "false"]
        case Decimal() | int():
            return [_paid(run, number_text(value))]
        case str():
            return ['"', _escaped(value) if literal else _quotable(_paid(run, value)), '"']
        case list():
            return ["[", *_listed([_parts(run, item, literal=literal) for item in value]), "]"]
        case dict():
            entries = [[_key(key), ": ", *_parts(run, entry, literal=literal)] for key, entry in value.items()]
            return ["{", *_listed(entries), "}"]
        case Range() if literal and (value.start is None or value.end is None):
            operator = (">" if value.end is None else "<") + ("=" if value.start_included or value.end_included else "")
            bound = value.start if value.end is None else value.end
            return [f"({operator} ", *_parts(run, bound, literal=True), ")"]
        case Range():
            return [
                "[" if value.start_included else "(",
                *([] if value.start is None else _parts(run, value.start, literal=literal)),
                "..",
                *([] if value.end is None else _parts(run, value.end, literal=literal)),
                "]" if value.end_included else ")",
            ]
        case Function():
            return [f"function({', '.join(value.parameters)})"]
        case Builtin():
            return [value.name]
        case _:
            written = temporal.text_of(value)
            return [f'{_CONSTRUCTORS[kind_of(value)]}("{written}")' if literal else written]


def _quotable(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _escaped(text: str) -> str:
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return text


def _paid(run: Evaluation, written: str) -> str:
    """Pay for the length of a piece: it may be a number of thousands of digits, or a string that is copied."""
    run.charge(len(written) // CHARACTERS_PER_STEP)
    return written


def _listed(entries: list[list[str]]) -> list[str]:
    parts: list[str] = []
    for entry in entries:
        parts += [", ", *entry] if parts else entry
    return parts


def _key(key: str) -> str:
    tokens, fault = tokens_of(key)
    words = [token.text for token in tokens[:-1] if token.kind is TokenKind.WORD]
    plain = fault is None and len(words) == len(tokens) - 1 and " ".join(words) == key != ""
    return key if plain else f'"{_escaped(key)}"'

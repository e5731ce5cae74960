"""Writes any value as text, as the function `string` does.

SOURCE: DMN 1.5, clause 10.3.4.1 (`string`). Numbers are written without an exponent and without trailing zeros, so that
equal numbers read alike. Inside lists and contexts strings stand in quotes.
"""

from decimal import Decimal
from typing import Final

from comptroller.domain.feel import temporal
from comptroller.domain.feel.arithmetic import join
from comptroller.domain.feel.evaluation import CHARACTERS_PER_STEP, Evaluation
from comptroller.domain.feel.lexer import TokenKind, tokens_of
from comptroller.domain.feel.values import Builtin, Function, Range, Value

_PRICE: Final = 4
"""Iterations that the writing of one value is worth."""


def text_of(run: Evaluation, value: Value) -> str:
    """Write a value; a string is itself."""
    return value if isinstance(value, str) else join(run, _parts(run, value))


def number_text(number: Decimal | int) -> str:
    """Write a number plainly.

    >>> number_text(Decimal("1.50")), number_text(Decimal("1E+3")), number_text(Decimal("-0"))
    ('1.5', '1000', '0')
    """
    written = f"{Decimal(number):f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written in {"-0", ""} else written


def _parts(run: Evaluation, value: Value) -> list[str]:
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
            return ['"', _paid(run, value).replace("\\", "\\\\").replace('"', '\\"'), '"']
        case list():
            return ["[", *_listed([_parts(run, item) for item in value]), "]"]
        case dict():
            entries = [[_key(key), ": ", *_parts(run, entry)] for key, entry in value.items()]
            return ["{", *_listed(entries), "}"]
        case Range():
            return [
                "[" if value.start_included else "(",
                *([] if value.start is None else _parts(run, value.start)),
                "..",
                *([] if value.end is None else _parts(run, value.end)),
                "]" if value.end_included else ")",
            ]
        case Function():
            return [f"function({', '.join(value.parameters)})"]
        case Builtin():
            return [value.name]
        case _:
            return [temporal.text_of(value)]


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
    plain = fault is None and len(tokens) > 1 and all(token.kind is TokenKind.WORD for token in tokens[:-1])
    return key if plain else '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'

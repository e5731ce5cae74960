"""The string functions that take a pattern: `matches`, `replace` and `split`.

SOURCE: DMN 1.5, clause 10.3.4.3, which takes them over from XPath; a pattern or flags that XPath refuses give null.
"""

from typing import Final

from comptroller.domain.feel.arithmetic import join
from comptroller.domain.feel.builtins.signature import Library
from comptroller.domain.feel.evaluation import Evaluation, Undefined
from comptroller.domain.feel.patterns import Match, PatternError, Program, compile_pattern, find_all, search
from comptroller.domain.feel.values import Value

LIBRARY: Final = Library()

_INSTRUCTIONS_PER_STEP: Final = 4
"""Instructions of a pattern that are made for the price of one iteration; kept patterns cost the same, so that a run
does not depend on those before it."""


def _compiled(run: Evaluation, pattern: str, flags: str | None) -> Program:
    try:
        program = compile_pattern(pattern, flags or "")
    except PatternError as error:
        run.charge(error.instructions // _INSTRUCTIONS_PER_STEP)
        raise Undefined(f"the pattern cannot be read: {error}", "FEEL-PATTERN-01") from error
    run.charge(len(program.instructions) // _INSTRUCTIONS_PER_STEP)
    return program


def _consuming(run: Evaluation, program: Program) -> None:
    if search(program, "", run.charge) is not None:
        raise Undefined("the pattern matches the empty string", "FEEL-PATTERN-02")


@LIBRARY.function("matches(input: string, pattern: string, flags?: string)", with_evaluation=True)
def matches(run: Evaluation, text: str, pattern: str, flags: str | None = None) -> Value:
    """Say whether a pattern matches anywhere in a string."""
    return search(_compiled(run, pattern, flags), text, run.charge) is not None


@LIBRARY.function("replace(input: string, pattern: string, replacement: string, flags?: string)", with_evaluation=True)
def replace(run: Evaluation, text: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    """Put a replacement, in which `$1` stands for what the first group caught, in place of every match."""
    program = _compiled(run, pattern, flags)
    _consuming(run, program)
    pieces = [replacement] if flags and "q" in flags else _pieces(replacement, program.groups)
    parts: list[str] = []
    position = 0
    for match in find_all(program, text, run.charge):
        parts.append(text[position : match.start])
        run.charge(len(pieces))
        parts += [_filled(piece, match) for piece in pieces]
        position = match.end
    return join(run, [*parts, text[position:]])


@LIBRARY.function("split(string: string, delimiter: string)", with_evaluation=True)
def split(run: Evaluation, text: str, delimiter: str) -> Value:
    """Cut a string at every match of a pattern."""
    program = _compiled(run, delimiter, None)
    _consuming(run, program)
    parts: list[Value] = []
    position = 0
    for match in find_all(program, text, run.charge):
        parts.append(text[position : match.start])
        position = match.end
    return [*parts, text[position:]]


def _filled(piece: str | int, match: Match) -> str:
    return piece if isinstance(piece, str) else match.group(piece)


def _pieces(replacement: str, groups: int) -> list[str | int]:
    """Cut a replacement into texts and numbers of groups."""
    pieces: list[str | int] = []
    texts: list[str] = []
    place = 0
    while place < len(replacement):
        character, following = replacement[place], replacement[place + 1 : place + 2]
        place += 1
        if character == "\\":
            if following not in {"\\", "$"}:
                raise Undefined("a `\\` in a replacement stands before `\\` or `$`", "FEEL-PATTERN-01")
            texts.append(following)
            place += 1
        elif character == "$":
            if not (following.isascii() and following.isdecimal()):
                raise Undefined("a `$` in a replacement stands before a number", "FEEL-PATTERN-01")
            number, place = _group_number(replacement, place, groups)
            pieces += ["".join(texts), number if number <= groups else ""]
            texts.clear()
        else:
            texts.append(character)
    return [*pieces, "".join(texts)]


def _group_number(replacement: str, place: int, groups: int) -> tuple[int, int]:
    """Read the longest number that is a group's; one digit alone may be none's."""
    end = place + 1
    while replacement[end : end + 1].isdecimal() and int(replacement[place : end + 1]) <= groups:
        end += 1
    return int(replacement[place:end]), end

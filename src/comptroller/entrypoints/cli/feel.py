"""`comptroller feel`: one expression, expressions line by line, or a prompt where one can try things out."""

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Annotated, Final

import typer

from comptroller import dmn
from comptroller.domain.feel.lexer import TokenKind, tokens_of
from comptroller.domain.feel.names import RESERVED
from comptroller.domain.feel.text import literal_text
from comptroller.entrypoints.cli.decisions import tell
from comptroller.entrypoints.cli.output import Exit, say

_HELP: Final = """\
expression          its value; a list or context may go over several lines, an empty line ends it
name = expression   keeps the value under the name, which may hold blanks; to compare, write (name = expression)
:names              what is kept
:help               this
:quit               ends, as the end of the input does"""

_KEEPING: Final = re.compile(r"\s*([^\s=][^=]*?)\s*=\s*(?=[^\s=])")
_OFFSET: Final = re.compile(r"offset (\d+)")
_OPENING: Final = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


def feel(
    expression: Annotated[
        str, typer.Argument(help="Without one, a prompt; or each line of the input is evaluated.")
    ] = "",
) -> None:
    """Evaluate FEEL; `name = expression` keeps a value under a name, `:help` tells what else there is."""
    session = Session()
    if expression:
        raise typer.Exit(Exit.DONE if session.evaluate(expression) else Exit.NO)
    if sys.stdin.isatty():
        with suppress(ImportError):  # a prompt without history, where the system has none
            import readline  # noqa: F401, PLC0415 - being there is enough; not every system has it
        session.prompt(input)
    else:
        for line in sys.stdin:
            if line.strip():
                session.take(line)


class Session:
    """The values that are kept from one expression to the next."""

    def __init__(self) -> None:
        self.scope: dict[str, dmn.Value] = {}

    def prompt(self, read: Callable[[str], str]) -> None:
        """Read, evaluate and say, until the input or the person ends it; `read` asks with a prompt for one line."""
        say("FEEL, DMN 1.5. `:help` tells what can be written.")
        while True:
            try:
                text = _whole(read)
            except KeyboardInterrupt:  # what was begun is dropped
                say("")
                continue
            except EOFError:
                say("")
                return
            match text.strip():
                case "":
                    continue
                case ":quit" | ":q":
                    return
                case ":help":
                    say(_HELP)
                case ":names":
                    for name, value in self.scope.items():
                        say(f"{name} = {literal_text(value)}")
                case command if command.startswith(":"):
                    say(f"there is no `{command}`; `:help` tells what there is")
                case _:
                    self.take(text)

    def take(self, text: str) -> None:
        """Evaluate a text, or keep the value of one."""
        keeping = _KEEPING.match(text)
        if keeping is not None and _is_name(keeping[1]):
            self.evaluate(text[keeping.end() :], keep=" ".join(keeping[1].split()))
        else:
            self.evaluate(text)

    def evaluate(self, text: str, keep: str = "") -> bool:
        """Say an expression's value, and every fault under the place it is at; whether it could be read."""
        text = text.strip()
        answer = dmn.feel.evaluate(text, self.scope, datetime.now(UTC))
        for fault in answer.faults:
            _point(text, fault)
        sound = not any(fault.severity is dmn.Severity.ERROR for fault in answer.faults)
        if keep and sound:
            self.scope[keep] = answer.value
        say(literal_text(answer.value))
        return sound


def _whole(read: Callable[[str], str]) -> str:
    """Read a text: as many lines as it takes to close its brackets, or up to an empty one."""
    lines = [read("feel> ")]
    while _open_brackets("\n".join(lines)) > 0:
        line = read("  ... ")
        if not line.strip():
            break
        lines.append(line)
    return "\n".join(lines)


def _open_brackets(text: str) -> int:
    tokens, fault = tokens_of(text)
    if fault is not None:
        return 0
    return sum(_OPENING.get(token.text, 0) for token in tokens if token.kind is TokenKind.SYMBOL)


def _is_name(text: str) -> bool:
    tokens, fault = tokens_of(text)
    words = tokens[:-1]
    return fault is None and all(token.kind is TokenKind.WORD and token.text not in RESERVED for token in words)


def _point(text: str, fault: dmn.Fault) -> None:
    """Say a fault, with a caret under its place in the text."""
    place = _OFFSET.fullmatch(fault.path)
    if place is not None:
        offset = min(int(place[1]), len(text))
        before = text[:offset].rpartition("\n")[2]
        line = (before + text[offset:].partition("\n")[0]).replace("\t", " ")
        print(f"  {line}\n  {' ' * len(before)}^", file=sys.stderr)
    tell(fault)

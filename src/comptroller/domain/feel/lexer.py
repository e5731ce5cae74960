"""Cuts FEEL text into tokens.

FEEL's names may hold spaces, operators and keywords, so the cut is made fine: a name of several words, or one such as
`profit-and-loss`, is several tokens here, and `names` puts it together again where the parser expects one. Strings and
at-literals arrive unescaped.
"""

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from comptroller.domain.feel.evaluation import one_line
from comptroller.domain.kernel.fault import Fault


class TokenKind(Enum):
    """What a token is; a closed list."""

    WORD = auto()
    NUMBER = auto()
    STRING = auto()
    AT = auto()
    SYMBOL = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A token: `text` is unescaped for strings, `at` and `end` are offsets into the source."""

    kind: TokenKind
    text: str
    at: int
    end: int


# SOURCE: DMN 1.5, clause 10.3.1.2, rules 27 to 32 (names), 36 to 38 (numbers) and 61 to 62 (space); two characters of
# the names' spans are spaces.
_SPACE: Final = r"\s\u0085\u00A0\u1680\u180E\u2000-\u200B\u2028\u2029\u202F\u205F\u2060\u3000\uFEFF"
_WORD_START: Final = (
    r"A-Za-z_?\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u167F\u1681-\u180D\u180F-\u1FFF"
    r"\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_WORD_PART: Final = _WORD_START + r"0-9\u00B7\u0300-\u036F\u203F-\u2040"
_TOKEN: Final = re.compile(
    rf"""
    (?P<space>(?:[{_SPACE}]|//[^\n\r\u0085\u2028\u2029]*|/\*.*?\*/)+)
    | (?P<word>[{_WORD_START}][{_WORD_PART}]*)
    | (?P<number>(?:\d+(?:\.(?!\.)\d+)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<at>@\s*"(?:[^"\\]|\\.)*")
    | (?P<symbol>\.\.|\*\*|->|<=|>=|!=|[-+*/=<>()\[\]{{}},:.'\u2019;!%&|^~#$\u00A7\u00B0])
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}


def tokens_of(text: str) -> tuple[list[Token], Fault | None]:
    """Cut a text; with a fault, the tokens up to it."""
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            return tokens, _unreadable(text, position)
        found = match.lastgroup
        if found == "string":
            tokens.append(Token(TokenKind.STRING, _unescape(match[0][1:-1]), position, match.end()))
        elif found == "at":
            tokens.append(Token(TokenKind.AT, _unescape(match[0].partition('"')[2][:-1]), position, match.end()))
        elif found != "space":
            kind = {"word": TokenKind.WORD, "number": TokenKind.NUMBER, "symbol": TokenKind.SYMBOL}[found or ""]
            tokens.append(Token(kind, match[0], position, match.end()))
        position = match.end()
    tokens.append(Token(TokenKind.END, "", len(text), len(text)))
    return tokens, None


def _unreadable(text: str, position: int) -> Fault:
    if text[position] in '"@':
        return Fault("FEEL-SYNTAX-02", f"offset {position}", "the string is not closed", by="feel", help='add a `"`')
    message = f"`{one_line(text[position])}` means nothing here"
    return Fault("FEEL-SYNTAX-03", f"offset {position}", message, by="feel")


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    characters = _ESCAPE.sub(_unescaped, text)
    # two escapes may write one character beyond the basic plane as a pair of surrogates
    return characters.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code is not None:
        point = int(code, 16)
        return chr(point) if point <= 0x10FFFF else match[0]
    return _ESCAPED.get(match[3], match[0])

"""Which names an expression knows, and finding the longest of them at a place in the text.

FEEL lets a name hold spaces, operators and keywords (`date and time`, `profit-and-loss`). What a stretch of text means
therefore depends on the names in scope: `a-b` is one name where there is such a name, and a subtraction elsewhere. A
known name is kept as its tokens; at a place where a name may stand the longest known one wins (DMN 1.5, 10.3.1.3).
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from comptroller.domain.feel.lexer import Token, TokenKind, tokens_of

RESERVED: Final = frozenset(
    "and or in between then else return satisfies if for some every function true false null".split()
)
"""Words that alone are never a name."""

ENDING: Final = frozenset("and or in between then else return satisfies".split())
"""Words that end a name that nobody knows."""

NameLayer = dict[str, list[tuple[tuple[str, ...], str]]]


@lru_cache(maxsize=4096)
def words_of(name: str) -> tuple[str, ...]:
    """Cut a name as the text of an expression is cut; empty when it can never be written in one."""
    tokens, fault = tokens_of(name)
    if fault is not None or any(token.kind in {TokenKind.STRING, TokenKind.AT} for token in tokens):
        return ()
    words = tuple(token.text for token in tokens[:-1])
    return () if not words or (len(words) == 1 and words[0] in RESERVED) else words


def can_be_written(name: str) -> bool:
    """Say whether an expression can name a variable so: it must begin like a word, and not with a digit or a sign."""
    tokens, fault = tokens_of(name)
    return fault is None and tokens[0].kind is TokenKind.WORD and bool(words_of(name))


def layer(names: Iterable[str]) -> NameLayer:
    """Index names by their first token, the longest first."""
    index: NameLayer = {}
    for name in names:
        words = words_of(name)
        if words:
            index.setdefault(words[0], []).append((words, name))
    for entries in index.values():
        entries.sort(key=lambda entry: -len(entry[0]))
    return index


class KnownNames:
    """The names in scope at one place, innermost layer last."""

    __slots__ = ("_layers",)

    def __init__(self, *layers: NameLayer) -> None:
        self._layers = list(layers)

    def push(self, names: Iterable[str]) -> None:
        """Open an inner scope."""
        self._layers.append(layer(names))

    def pop(self) -> None:
        """Leave the innermost scope."""
        self._layers.pop()

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[str, int]:
        """Find the longest known name that begins at a token: the name and its number of tokens, 0 for none."""
        best, length = "", 0
        first = tokens[at].text
        for known in reversed(self._layers):
            for words, name in known.get(first, ()):
                if len(words) <= length:
                    break
                if all(
                    tokens[at + index].text == word and tokens[at + index].kind is not TokenKind.STRING
                    for index, word in enumerate(words)
                    if at + index < len(tokens)
                ) and at + len(words) < len(tokens):
                    best, length = name, len(words)
                    break
        return best, length

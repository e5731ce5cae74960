"""Which names an expression knows, and finding the longest of them at a place in the text.

FEEL lets a name hold spaces, operators and keywords (`date and time`, `profit-and-loss`). What a stretch of text means
therefore depends on the names in scope: `a-b` is one name where there is such a name, and a subtraction elsewhere. A
known name is kept as its tokens; at a place where a name may stand the longest known one wins (DMN 1.5, 10.3.1.3).
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Final

from comptroller.domain.feel.lexer import Token, TokenKind, tokens_of

RESERVED: Final = frozenset(
    "and or in between then else return satisfies if for some every function true false null".split()
)
"""Words that alone are never a name."""

ENDING: Final = frozenset("and or in between then else return satisfies".split())
"""Words that end a name that nobody knows."""


class NameLayer:
    """Names by their tokens. A name of the same tokens hides the one before it until it is taken away again."""

    __slots__ = ("_lengths", "_names")

    def __init__(self) -> None:
        self._names: dict[tuple[str, ...], list[str]] = {}
        self._lengths: dict[str, int] = {}

    def add(self, name: str) -> None:
        """Make a name known, if it can be written at all."""
        words = words_of(name)
        if words:
            self._names.setdefault(words, []).append(name)
            self._lengths[words[0]] = max(self._lengths.get(words[0], 0), len(words))

    def remove(self, name: str) -> None:
        """Take away a name that was added last among those of its tokens."""
        words = words_of(name)
        if words:
            self._names[words].pop()

    def longest(self, first: str) -> int:
        """Tell how many tokens a name that begins with this one may have."""
        return self._lengths.get(first, 0)

    def find(self, words: tuple[str, ...]) -> str | None:
        """Find the name that is written as these tokens."""
        found = self._names.get(words)
        return found[-1] if found else None


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
    """Index names by their tokens."""
    index = NameLayer()
    for name in names:
        index.add(name)
    return index


class KnownNames:
    """The names in scope at one place: layers that stay, the innermost last, and the scopes opened within them."""

    __slots__ = ("_inner", "_layers", "_opened")

    def __init__(self, *layers: NameLayer) -> None:
        self._inner = NameLayer()
        self._layers = (self._inner, *reversed(layers))
        self._opened: list[Iterable[str]] = []

    def push(self, names: Sequence[str]) -> None:
        """Open an inner scope."""
        self._opened.append(names)
        for name in names:
            self._inner.add(name)

    def pop(self) -> None:
        """Leave the innermost scope."""
        for name in self._opened.pop():
            self._inner.remove(name)

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[str, int]:
        """Find the longest known name that begins at a token: the name and its number of tokens, 0 for none."""
        first = tokens[at].text
        most = max(known.longest(first) for known in self._layers)
        words = tuple(token.text for token in takewhile(_may_be_named, tokens[at : at + most]))
        for length in range(len(words), 0, -1):
            for known in self._layers:
                name = known.find(words[:length])
                if name is not None:
                    return name, length
        return "", 0


def _may_be_named(token: Token) -> bool:
    return token.kind in _NAMED


_NAMED: Final = frozenset({TokenKind.WORD, TokenKind.NUMBER, TokenKind.SYMBOL})

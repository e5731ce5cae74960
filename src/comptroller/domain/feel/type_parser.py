"""Reads a type as an expression names it: `number`, `list<string>`, `function<number> -> boolean`, or a model's own.

SOURCE: DMN 1.5, clause 10.3.1.2, rules 52 to 54. A model's own type may have any name, spaces and keywords included.
"""

from collections.abc import Callable, Mapping
from typing import Final

from comptroller.domain.feel.cursor import Cursor
from comptroller.domain.feel.lexer import TokenKind
from comptroller.domain.feel.names import ENDING, KnownNames, layer
from comptroller.domain.feel.types import NAMED, ContextType, FunctionType, ListType, RangeType, Type
from comptroller.domain.kernel import limits

_NAMED_LAYER: Final = layer(NAMED)


class TypeReader:
    """Reads types at a cursor; `types` are the model's own."""

    def __init__(self, cursor: Cursor, types: Mapping[str, Type]) -> None:
        self._cursor = cursor
        self._types = types
        self._known = KnownNames(_NAMED_LAYER, layer(types))
        self._depth = 0

    def read(self) -> Type:
        """Read one type."""
        cursor = self._cursor
        self._depth += 1
        if self._depth > limits.FEEL_DEPTH_MAX:
            cursor.fail("FEEL-LIMIT-02", cursor.token.at, f"the type nests deeper than {limits.FEEL_DEPTH_MAX}")
        forms: Mapping[str, Callable[[], Type]] = {
            "list": lambda: ListType(self._element()),
            "range": lambda: RangeType(self._element()),
            "context": self._context,
            "function": self._function,
        }
        form = forms.get(cursor.token.text)
        found = form() if form is not None and cursor.at("<", ahead=1) else self._named()
        self._depth -= 1
        return found

    def _element(self) -> Type:
        self._cursor.take()
        self._cursor.expect("<")
        element = self.read()
        self._cursor.expect(">")
        return element

    def _context(self) -> Type:
        cursor = self._cursor
        cursor.place += 2
        entries: list[tuple[str, Type]] = []
        while cursor.continues(">", begun=bool(entries)):
            words = []
            while not cursor.at(":"):
                if cursor.token.kind is not TokenKind.WORD:
                    cursor.unexpected("the name of an entry")
                words.append(cursor.take().text)
            cursor.take()
            entries.append((" ".join(words), self.read()))
        return ContextType(tuple(entries))

    def _function(self) -> Type:
        cursor = self._cursor
        cursor.place += 2
        parameters: list[Type] = []
        while cursor.continues(">", begun=bool(parameters)):
            parameters.append(self.read())
        cursor.expect("->")
        return FunctionType(tuple(parameters), self.read())

    def _named(self) -> Type:
        cursor = self._cursor
        start = cursor.token
        name, length = self._known.longest(cursor.tokens, cursor.place)
        if length:
            cursor.place += length
            return self._types.get(name) or NAMED[name]
        if cursor.accept("function"):  # no name may be this word, so that it is in no layer
            return NAMED["function"]
        if start.kind is not TokenKind.WORD:
            cursor.unexpected("a type")
        while (cursor.token.kind is TokenKind.WORD and cursor.token.text not in ENDING) or cursor.at("."):
            cursor.take()
        written = cursor.text[start.at : cursor.tokens[cursor.place - 1].end]
        return cursor.fail("FEEL-TYPE-05", start.at, f"there is no type `{written}`")

"""The engine's own program of each expression, made once: whatever is known is evaluated by it."""

import re
from collections.abc import Callable
from typing import Final

from comptroller.domain.feel import BUILTINS, Evaluation, Value, tree
from comptroller.domain.feel.compiler import compile_node
from comptroller.domain.feel.names import layer
from comptroller.domain.feel.parser import Vocabulary, read

_BUILTIN_NAMES: Final = layer(BUILTINS)
_WHERE: Final = re.compile(r"\bat=\d+(, )?")


class Programs:
    """Texts read and compiled, each once; trees are told apart by who they are, since `1` and `true` are equal."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, tuple[str, ...], bool], tree.Node | None] = {}
        self._compiled: dict[tuple[int, frozenset[str]], tuple[tree.Node, Callable[..., Value], frozenset[str]]] = {}
        self._shapes: dict[int, tuple[tree.Node, str]] = {}
        self._written: dict[int, tuple[object, str]] = {}

    def read(
        self, text: str, names: tuple[str, ...], members: frozenset[str], *, unary: bool = False
    ) -> tree.Node | None:
        """Read an expression, or the tests of a cell; None where it cannot be read."""
        key = text, names, unary
        if key not in self._read:
            self._read[key] = read(text, Vocabulary(names, members, {}), _BUILTIN_NAMES, unary=unary)[0]
        return self._read[key]

    def looked_up(self, node: tree.Node, own: frozenset[str]) -> frozenset[str]:
        """The names that an expression takes from its scope; `own` are those that hide functions of the language."""
        return self._of(node, own)[2]

    def run(self, node: tree.Node, scope: dict[str, Value], own: frozenset[str]) -> Value:
        """Evaluate an expression all of whose names are known."""
        return self._of(node, own)[1](Evaluation(), scope)

    def shape(self, node: tree.Node) -> str:
        """A tree as a text, without the places where it stands."""
        found = self._shapes.get(id(node))
        if found is None:
            found = self._shapes[id(node)] = node, _WHERE.sub("", repr(node))
        return found[1]

    def written(self, source: object) -> str:
        """A boxed expression as a text."""
        found = self._written.get(id(source))
        if found is None:
            found = self._written[id(source)] = source, repr(source)
        return found[1]

    def _of(self, node: tree.Node, own: frozenset[str]) -> tuple[tree.Node, Callable[..., Value], frozenset[str]]:
        key = id(node), own
        found = self._compiled.get(key)
        if found is None:
            found = self._compiled[key] = node, *compile_node(node, BUILTINS, own)
        return found

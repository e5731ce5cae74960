"""What the tests of a cell compare their value with, where that is literals and nothing else.

Such a cell's answer can change only at these literals: whatever lies between two of them gets one answer. So it is
enough to ask the cell itself at each, and once between any two. What counts is what is written, not how: `> 5`,
`? > 5`, `> 2 + 3`, `not(? <= 5)`, `? in (5..7), >= 7`, `list contains([1, 2], ?)` and `["a", "b"]` all compare with
literals. Of texts it also tells the beginnings that are asked for, `starts with(?, "DE")`.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from comptroller.domain.feel import tree
from comptroller.domain.feel.builtins import BUILTINS
from comptroller.domain.feel.folding import Folding
from comptroller.domain.feel.types import KindType
from comptroller.domain.feel.values import Builtin, Value

_ORDERS: Final = tree.COMPARISONS - {"=", "!="}
_BEGINS: Final = "starts with"


@dataclass(frozen=True, slots=True)
class Compared:
    """The literals that a cell compares its value with, and whether it asks of texts by their order.

    `prefixes` are the beginnings of texts that it asks for, each among the literals too; `tells_kinds` says that it may
    also tell apart values of other kinds than its literals', lists among them.
    """

    literals: tuple[Value, ...]
    orders_texts: bool = False
    prefixes: tuple[str, ...] = ()
    tells_kinds: bool = False


def compared_with(node: tree.Tests, names: Collection[str]) -> Compared | None:
    """What tests compare with; None where they look at anything else. `names` are no functions of the language."""
    reading = _Reading(names)
    try:
        found = list(reading.tests(node))
    except _LooksElsewhere:
        return None
    return Compared(
        tuple(value for value, _ in found),
        any(isinstance(value, str) and operator in _ORDERS for value, operator in found),
        tuple(value for value, operator in found if isinstance(value, str) and operator == _BEGINS),
        reading.tells_kinds,
    )


class _LooksElsewhere(Exception):
    """The tests look at something that is no literal."""


_Comparison = tuple[Value, str]
"""A literal, and the operator (or `starts with`) that it is compared by."""


class _Reading:
    """Gathers what the tests of one cell compare with."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._folding = Folding(self._builtin)
        self.tells_kinds = False

    def tests(self, node: tree.Tests) -> Iterator[_Comparison]:
        """What tests compare their value with."""
        for test in node.tests:
            if isinstance(test, tree.UnaryComparison):
                yield self._literal(test.endpoint), test.operator
            elif isinstance(test, tree.RangeLiteral | tree.ListLiteral) or self._is_literal(test):
                yield from self._member(test)
            else:
                yield from self._condition(test)

    def _member(self, node: tree.Node) -> Iterator[_Comparison]:
        """What a value is equal to, or in: a literal, a range between such, a list of such."""
        match node:
            case tree.RangeLiteral():
                for end in (node.start, node.end):
                    if end is not None:
                        yield self._literal(end), "<="
            case tree.ListLiteral():
                self.tells_kinds = True  # a list equals it
                for item in node.items:
                    yield from self._member(item)
            case _:
                yield self._literal(node), "="

    def _condition(self, node: tree.Node) -> Iterator[_Comparison]:
        """What a condition compares `?` with."""
        match node:
            case tree.Name(name="?"):
                yield True, "="
            case tree.Binary(operator=operator, left=tree.Name(name="?"), right=other) if operator in tree.COMPARISONS:
                yield self._literal(other), operator
            case tree.Binary(operator=operator, left=other, right=tree.Name(name="?")) if operator in tree.COMPARISONS:
                yield self._literal(other), operator
            case tree.Between(value=tree.Name(name="?"), low=low, high=high):
                yield self._literal(low), "<="
                yield self._literal(high), "<="
            case tree.In(value=tree.Name(name="?"), tests=tests):
                yield from self.tests(tests)
            case tree.InstanceOf(value=tree.Name(name="?"), type=KindType()):
                self.tells_kinds = True
            case tree.Junction(operands=operands):
                for operand in operands:
                    yield from self._condition(operand)
            case tree.If():
                for part in (node.condition, node.consequence, node.alternative):
                    yield from self._condition(part)
            case tree.Call(callee=tree.Name() as callee, names=()) if self._builtin(callee) is not None:
                yield from self._call(callee.name, node.arguments)
            case _ if self._is_literal(node):
                return
            case _:
                raise _LooksElsewhere

    def _call(self, name: str, arguments: tuple[tree.Node, ...]) -> Iterator[_Comparison]:
        match name, arguments:
            case "not", (operand,):
                yield from self._condition(operand)
            case "list contains", (tree.ListLiteral(items=items), tree.Name(name="?")):
                for item in items:
                    yield self._literal(item), "="
            case "starts with", (tree.Name(name="?"), prefix):
                yield self._literal(prefix), _BEGINS
            case _:
                raise _LooksElsewhere

    def _builtin(self, callee: tree.Node) -> Builtin | None:
        return BUILTINS.get(callee.name) if isinstance(callee, tree.Name) and callee.name not in self._names else None

    def _is_literal(self, node: tree.Node) -> bool:
        return isinstance(self._folding.fold(node), tree.Literal)

    def _literal(self, node: tree.Node) -> Value:
        folded = self._folding.fold(node)
        if not isinstance(folded, tree.Literal):
            raise _LooksElsewhere
        return folded.value

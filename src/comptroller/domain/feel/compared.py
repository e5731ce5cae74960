"""What the tests of a cell compare their value with, where that is literals and nothing else.

Such a cell's answer can change only at these literals: whatever lies between two of them gets one answer. So it is
enough to ask the cell itself at each, and once between any two. What counts is what is written, not how: `> 5`,
`? > 5`, `> 2 + 3`, `not(? <= 5)` and `? in (5..7), >= 7` all compare with literals.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from comptroller.domain.feel import tree
from comptroller.domain.feel.builtins import BUILTINS
from comptroller.domain.feel.folding import Folding
from comptroller.domain.feel.values import Builtin, Value

_EQUALITIES: Final = frozenset({"=", "!="})


@dataclass(frozen=True, slots=True)
class Compared:
    """The literals that a cell compares its value with, and whether it asks of texts more than their equality."""

    literals: tuple[Value, ...]
    orders_texts: bool = False


def compared_with(node: tree.Tests, names: Collection[str]) -> Compared | None:
    """What tests compare with; None where they look at anything else. `names` are no functions of the language."""

    def builtin(callee: tree.Node) -> Builtin | None:
        return BUILTINS.get(callee.name) if isinstance(callee, tree.Name) and callee.name not in names else None

    folding = Folding(builtin)
    try:
        found = list(_tests(node, folding))
    except _LooksElsewhere:
        return None
    return Compared(
        tuple(value for value, _ in found),
        any(isinstance(value, str) and operator not in _EQUALITIES for value, operator in found),
    )


class _LooksElsewhere(Exception):
    """The tests look at something that is no literal."""


_Comparison = tuple[Value, str]
"""A literal, and the operator that it is compared by."""


def _tests(node: tree.Tests, folding: Folding) -> Iterator[_Comparison]:
    for test in node.tests:
        if isinstance(test, tree.UnaryComparison):
            yield _literal(test.endpoint, folding), test.operator
        elif isinstance(test, tree.RangeLiteral):
            for end in (test.start, test.end):
                if end is not None:
                    yield _literal(end, folding), "<="
        elif isinstance(folded := folding.fold(test), tree.Literal):
            yield folded.value, "="
        else:
            yield from _condition(test, folding)


def _condition(node: tree.Node, folding: Folding) -> Iterator[_Comparison]:
    """What a condition compares `?` with."""
    match node:
        case tree.Binary(operator=operator, left=tree.Name(name="?"), right=other) if operator in tree.COMPARISONS:
            yield _literal(other, folding), operator
        case tree.Binary(operator=operator, left=other, right=tree.Name(name="?")) if operator in tree.COMPARISONS:
            yield _literal(other, folding), operator
        case tree.Between(value=tree.Name(name="?"), low=low, high=high):
            yield _literal(low, folding), "<="
            yield _literal(high, folding), "<="
        case tree.In(value=tree.Name(name="?"), tests=tests):
            yield from _tests(tests, folding)
        case tree.Junction(operands=operands):
            for operand in operands:
                yield from _condition(operand, folding)
        case tree.Call(callee=tree.Name(name="not"), arguments=(operand,), names=()):
            yield from _condition(operand, folding)
        case _:
            raise _LooksElsewhere


def _literal(node: tree.Node, folding: Folding) -> Value:
    folded = folding.fold(node)
    if not isinstance(folded, tree.Literal):
        raise _LooksElsewhere
    return folded.value

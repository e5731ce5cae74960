"""Constant folding: what no input can change is evaluated once, when an expression is compiled.

A tree of literals, operators and functions of the language that depend on their arguments alone becomes the literal of
its value. It is evaluated by the same functions as ever. Whatever would leave a diagnostic stays as it is written, and
tells it at every evaluation; so does what is null, costs much, or has a value that is no scalar: a list or a context is
made anew each time, for nobody to share.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from comptroller.domain.feel import arithmetic, comparison, tree
from comptroller.domain.feel.evaluation import Evaluation, Stopped
from comptroller.domain.feel.invocation import invoke
from comptroller.domain.feel.values import Builtin, Kind, Scalar, Value, kind_of

_STEPS_MAX: Final = 256
"""Iterations that one operation may take to be evaluated when compiling."""

_SHARED: Final = frozenset(Kind) - {Kind.NULL, Kind.LIST, Kind.CONTEXT, Kind.RANGE, Kind.FUNCTION, Kind.OTHER}
"""The kinds of what may be folded: values that nothing can change."""

_OPERATORS: Final[Mapping[str, Callable[[Evaluation, int, Value, Value], Value]]] = {
    "+": arithmetic.add,
    "-": arithmetic.subtract,
    "*": arithmetic.multiply,
    "/": arithmetic.divide,
    "**": arithmetic.power,
    "=": comparison.equal,
    "!=": comparison.unequal,
    "<": comparison.less,
    "<=": comparison.less_or_equal,
    ">": comparison.greater,
    ">=": comparison.greater_or_equal,
}

_FUNCTIONS: Final = frozenset(
    {
        "date", "time", "date and time", "duration", "years and months duration", "number", "string", "not",
        "abs", "floor", "ceiling", "decimal", "modulo", "round up", "round down", "round half up", "round half down",
        "string length", "substring", "substring before", "substring after", "upper case", "lower case",
        "contains", "starts with", "ends with",
    }
)  # fmt: skip
"""The functions that are called when compiling: none that asks for the time, and none that walks a list or pattern."""


class Folding:
    """The folding of one tree; every node is looked at once. `builtin` gives the function that a callee means."""

    __slots__ = ("_builtin", "_folded")

    def __init__(self, builtin: Callable[[tree.Node], Builtin | None]) -> None:
        self._builtin = builtin
        self._folded: dict[int, tree.Node] = {}

    def fold(self, node: tree.Node) -> tree.Node:
        """Give the literal that a node comes to, or the node itself."""
        found = self._folded.get(id(node))
        if found is None:
            found = self._folded[id(node)] = self._fold(node)
        return found

    def _fold(self, node: tree.Node) -> tree.Node:
        values: list[Scalar] = []
        for operand in self._operands(node):
            folded = self.fold(operand)
            if not isinstance(folded, tree.Literal):
                return node
            values.append(folded.value)
        return self._evaluated(node, values) if values else node

    def _operands(self, node: tree.Node) -> Sequence[tree.Node]:
        """Give what a node is made of, if it opens no scope and its value can be folded; otherwise nothing."""
        match node:
            case tree.Binary():
                return node.left, node.right
            case tree.Negation():
                return (node.operand,)
            case tree.Junction():
                return node.operands
            case tree.Between():
                return node.value, node.low, node.high
            case tree.If():
                return node.condition, node.consequence, node.alternative
            case tree.Call(callee=tree.Name(name=name), names=()) if name in _FUNCTIONS:
                return node.arguments
        return ()

    def _evaluated(self, node: tree.Node, values: Sequence[Scalar]) -> tree.Node:
        run = Evaluation()
        run.remaining = _STEPS_MAX
        try:
            value = self._value(run, node, values)
        except Stopped:
            return node
        if run.faults or kind_of(value) not in _SHARED:
            return node
        return tree.Literal(node.at, value)  # type: ignore[arg-type]  # its kind is that of a scalar

    def _value(self, run: Evaluation, node: tree.Node, values: Sequence[Scalar]) -> Value:
        match node:
            case tree.Binary():
                return _OPERATORS[node.operator](run, node.at, *values)
            case tree.Negation():
                return arithmetic.negate(run, node.at, *values)
            case tree.Junction():
                decided = any(value is node.decider for value in values)
                return node.decider if decided else comparison.undecided(run, node.at, node.decider, *values)
            case tree.Between():
                return comparison.between(run, node.at, *values)
            case tree.If():
                condition, consequence, alternative = values
                return consequence if condition is True else alternative
            case tree.Call():
                builtin = self._builtin(node.callee)
                return None if builtin is None else invoke(run, node.at, builtin, *values)
        return None

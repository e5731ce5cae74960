"""What a FEEL text compares with, or is, when that can be told without evaluating it in any scope.

Only plain forms count: literals, days written as `date("...")`, comparisons and intervals of them. Everything else is
left to evaluation, so a form that is not recognised here costs speed and nothing else.
"""

from datetime import date
from decimal import Decimal
from typing import Final

from comptroller.domain.feel import BUILTINS, Value, parse_temporal, tree
from comptroller.domain.feel.names import layer
from comptroller.domain.feel.parser import Vocabulary, read

_BUILTINS: Final = layer(BUILTINS)
_NO_VOCABULARY: Final = Vocabulary()


def constant_of(text: str) -> tuple[Value] | None:
    """The value of a literal (or of a list of literals), in a tuple since it may be null; None for any other text."""
    node, _ = read(text, _NO_VOCABULARY, _BUILTINS, unary=False)
    if isinstance(node, tree.ListLiteral):
        items = [_value(item) for item in node.items]
        found = [item[0] for item in items if item is not None]
        return (found,) if len(found) == len(items) else None
    return None if node is None else _value(node)


def literals_of(text: str) -> tuple[Value, ...] | None:
    """The literals that unary tests compare with; None when they look at anything else."""
    node, _ = read(text, _NO_VOCABULARY, _BUILTINS, unary=True)
    if not isinstance(node, tree.Tests):
        return None
    literals: list[Value] = []
    for test in node.tests:
        compared = _compared(test)
        if compared is None:
            return None
        literals += compared
    return tuple(literals)


def _compared(test: tree.Node) -> tuple[Value, ...] | None:
    """What one test compares with; an order of texts is left to evaluation, an index holds only their equality."""
    if isinstance(test, tree.UnaryComparison):
        value = _value(test.endpoint)
        ordered = test.operator not in {"=", "!="}
        return None if value is None or (ordered and not _has_order(value[0])) else value
    if isinstance(test, tree.RangeLiteral):
        ends = [_value(end) for end in (test.start, test.end) if end is not None]
        values = [end[0] for end in ends if end is not None and _has_order(end[0])]
        return tuple(values) if len(values) == len(ends) else None
    return _value(test)


def _has_order(value: Value) -> bool:
    return value.__class__ is Decimal or value.__class__ is date


def _value(node: tree.Node) -> tuple[Value] | None:
    match node:
        case tree.Literal(value=value):
            return (value,)
        case tree.Negation(operand=tree.Literal(value=Decimal() as value)):
            return (-value if value else value,)
        case tree.Call(callee=tree.Name(name="date"), arguments=(tree.Literal(value=str() as text),), names=()):
            day = parse_temporal(text)
            return (day,) if day.__class__ is date else None
    return None

"""Values that may be unknown, and expressions, in words."""

from decimal import Decimal
from fractions import Fraction

from comptroller.domain.decisions.proving.linear import Linear
from comptroller.domain.decisions.proving.unknowns import Unknown
from comptroller.domain.decisions.proving.values import Later, Part, Routine
from comptroller.domain.feel import tree
from comptroller.domain.feel.text import literal_text


def label(value: Part) -> str:
    """A value in words; what is put off is not worked out for it."""
    if isinstance(value, Later):
        return label(value.value) if value.is_there else "..."
    if isinstance(value, Unknown):
        return value.label
    if isinstance(value, Linear):
        return _sum_text(value)
    if isinstance(value, list):
        return f"[{', '.join(map(label, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {label(each)}' for name, each in value.items())}}}"
    return value.name if isinstance(value, Routine) else literal_text(value)


def _sum_text(linear: Linear) -> str:
    parts = []
    for key, share in linear.terms:
        name = key.label if isinstance(key, Unknown) else str(key)
        parts.append(name if share == 1 else f"-{name}" if share == -1 else f"{_plainly(share)} * {name}")
    if linear.constant or not parts:
        parts.append(_plainly(linear.constant))
    return " + ".join(parts).replace("+ -", "- ")


def _plainly(number: Fraction) -> str:
    return literal_text(Decimal(number.numerator) / Decimal(number.denominator))


def told(node: tree.Node) -> str:
    """An expression in words, roughly as it was written."""
    match node:
        case tree.Literal():
            return literal_text(node.value)
        case tree.Name():
            return node.name
        case tree.Member():
            return f"{told(node.base)}.{node.name}"
        case tree.Binary():
            return f"{told(node.left)} {node.operator} {told(node.right)}"
        case tree.Call():
            return f"{told(node.callee)}({', '.join(map(told, node.arguments))})"
        case tree.Filter():
            return f"{told(node.base)}[{told(node.condition)}]"
        case tree.Junction():
            return (" or " if node.decider else " and ").join(map(told, node.operands))
    return f"({type(node).__name__.lower()})"

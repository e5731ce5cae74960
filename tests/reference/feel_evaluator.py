"""FEEL's arithmetic, comparison, logic and ranges by the letter, on exact fractions: slow, and easy to check by eye.

An expression is a small tree that can be written as FEEL text and evaluated here. Numbers are fractions that are
rounded to 34 significant digits, half to even, after each operation (IEEE 754 decimal128); null is None.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

DIGITS = 34
Answer: TypeAlias = Fraction | bool | str | None


@dataclass(frozen=True)
class Constant:
    """A number, a truth, a string or null."""

    value: Answer
    text: str


@dataclass(frozen=True)
class Operation:
    """Two operands and what stands between them."""

    operator: str
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True)
class Within:
    """A value in a range."""

    value: "Tree"
    opening: str
    low: "Tree"
    high: "Tree"
    closing: str


Tree: TypeAlias = Constant | Operation | Within


def write(tree: Tree) -> str:
    """The text of a tree, every operation in parentheses."""
    if isinstance(tree, Constant):
        return tree.text
    if isinstance(tree, Operation):
        return f"({write(tree.left)} {tree.operator} {write(tree.right)})"
    return f"({write(tree.value)} in {tree.opening}{write(tree.low)}..{write(tree.high)}{tree.closing})"


def answer(tree: Tree) -> Answer:
    """The value of a tree."""
    if isinstance(tree, Constant):
        return tree.value
    if isinstance(tree, Within):
        return within(answer(tree.value), tree.opening == "[", answer(tree.low), answer(tree.high), tree.closing == "]")
    left, right = answer(tree.left), answer(tree.right)
    if tree.operator in {"and", "or"}:
        return logic(tree.operator, left, right)
    if tree.operator in {"=", "!="}:
        return equality(tree.operator, left, right)
    if tree.operator in {"<", "<=", ">", ">="}:
        return order(tree.operator, left, right)
    return arithmetic(tree.operator, left, right)


def logic(operator: str, left: Answer, right: Answer) -> bool | None:
    """Kleene's tables: one deciding operand decides, two truths of the other sort agree, everything else is null."""
    decider = operator == "or"
    if left is decider or right is decider:
        return decider
    return (not decider) if left is (not decider) and right is (not decider) else None


def equality(operator: str, left: Answer, right: Answer) -> bool | None:
    """Null equals null alone; two kinds do not compare."""
    if left is None or right is None:
        alike = left is right
    elif type(left) is not type(right):
        return None
    else:
        alike = left == right
    return alike if operator == "=" else not alike


def order(operator: str, left: Answer, right: Answer) -> bool | None:
    """Numbers and strings have an order, each among themselves."""
    if type(left) is not type(right) or not isinstance(left, Fraction | str):
        return None
    sign = (left > right) - (left < right)  # type: ignore[operator]  # both are of one type that has an order
    return {"<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0}[operator]


def within(value: Answer, closed: bool, low: Answer, high: Answer, ends: bool) -> bool | None:
    """A range between two comparable ends; a value of another kind is neither in nor out."""
    if order("<=", low, high) is None:
        return None
    above = order(">=" if closed else ">", value, low)
    below = order("<=" if ends else "<", value, high)
    return logic("and", above, below)


def arithmetic(operator: str, left: Answer, right: Answer) -> Answer:
    """Sums of strings; everything of numbers, division by zero being null."""
    if isinstance(left, str) and isinstance(right, str) and operator == "+":
        return left + right
    if not isinstance(left, Fraction) or not isinstance(right, Fraction):
        return None
    if operator == "/":
        return rounded(left / right) if right else None
    return rounded({"+": left + right, "-": left - right, "*": left * right}[operator])


def rounded(number: Fraction) -> Fraction:
    """Round to 34 significant digits, half to even."""
    if not number:
        return number
    unit = Fraction(1)
    size = abs(number)
    while size >= unit * 10**DIGITS:
        unit *= 10
    while size < unit * 10 ** (DIGITS - 1):
        unit /= 10
    return Fraction(round(number / unit)) * unit  # `round` of a fraction goes half to even

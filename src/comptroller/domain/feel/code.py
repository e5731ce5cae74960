"""The few pieces of Python's syntax tree that compiled expressions are made of."""

import ast
from typing import Any, Final


def load(name: str) -> ast.expr:
    """Read a variable."""
    return ast.Name(name, ast.Load())


def function(parameters: list[str], body: ast.expr) -> ast.expr:
    """Make a lambda."""
    arguments = ast.arguments([], [ast.arg(name) for name in parameters], None, [], [], None, [])
    return ast.Lambda(arguments, body)


def call(name: str, *arguments: ast.expr) -> ast.expr:
    """Call a function of the namespace."""
    return ast.Call(load(name), list(arguments), [])


def run_call(name: str, at: int, *arguments: ast.expr) -> ast.expr:
    """Call a function of the namespace with the run and the place in the text."""
    return call(name, load("run"), ast.Constant(at), *arguments)


def class_of(value: ast.expr) -> ast.expr:
    """Take the class of a value."""
    return ast.Attribute(value, "__class__", ast.Load())


def identical(value: ast.expr, *others: ast.expr) -> ast.expr:
    """Compare by identity, one after the other."""
    return ast.Compare(value, [ast.Is() for _ in others], list(others))


def located(program: ast.Expression) -> ast.Expression:
    """Say of every node that it stands at the beginning, since Python compiles none without a place."""
    pending: list[Any] = [program]
    while pending:
        node = pending.pop()
        node.lineno = node.end_lineno = 1
        node.col_offset = node.end_col_offset = 0
        for field in node._fields:
            value = getattr(node, field, None)
            if value.__class__ is list:
                pending += value
            elif isinstance(value, _WITH_PLACES):
                pending.append(value)
    return program


_WITH_PLACES: Final = (ast.expr, ast.arguments)
"""What has a place, or parts that have one."""

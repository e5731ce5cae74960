"""The scopes that are open at a place of an expression, and what a name means there.

A scope binds names to variables of the program; the scope of a filter holds an item, whose entries are names only if it
turns out to be a context with such entries. A name inside filters inside filters is asked of every item in turn.
Written out, that is code as long as there are items, for each name; so from the third on they are linked, and one call
walks the links.

What no scope of the expression binds is asked of the scope that the evaluation is given: once, where it is certain that
one use of a name comes before another, since what stands in a branch or a loop may not be reached.
"""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from comptroller.domain.feel import code

_LAID_OUT: Final = 2
"""Items that are asked for a name in code of their own."""


@dataclass(frozen=True, slots=True)
class _Item:
    """The item of a filter: the variable that holds it, and the one that holds it linked to the items around it."""

    variable: str
    linked: str


class Scopes:
    """The open scopes, innermost last. `fresh` makes a new variable of the program."""

    def __init__(self, fresh: Callable[[], str]) -> None:
        self.looked_up: set[str] = set()
        self._fresh = fresh
        self._open: list[dict[str, str] | _Item] = []
        self._certain: dict[str, str] = {}

    def open(self, variables: dict[str, str]) -> None:
        """Open a scope of variables; more may be put into the mapping later."""
        self._open.append(variables)

    def open_item(self, variable: str) -> None:
        """Open the scope of a filter's item."""
        self._open.append(_Item(variable, self._fresh() if len(self._items()) >= _LAID_OUT else ""))

    def close(self, count: int = 1) -> None:
        """Leave the innermost scopes."""
        del self._open[len(self._open) - count :]

    @contextmanager
    def branch(self) -> Iterator[None]:
        """Compile what may be evaluated later, or not at all."""
        certain = self._certain.copy()
        yield
        self._certain = certain

    def given(self, at: int, name: str) -> ast.expr:
        """Make the code that asks the evaluation's scope for a name."""
        variable = self._certain.get(name)
        if variable is None:
            self.looked_up.add(name)
            variable = self._fresh()
            get = ast.Attribute(code.load("scope"), "get", ast.Load())
            looked = ast.Call(get, [ast.Constant(name), code.load("MISSING")], [])
            found: ast.expr = ast.NamedExpr(ast.Name(variable, ast.Store()), looked)
            if not self._items():
                self._certain[name] = variable
        else:
            found = code.load(variable)
        return ast.IfExp(
            ast.Compare(found, [ast.IsNot()], [code.load("MISSING")]),
            code.load(variable),
            code.run_call("unknown", at, ast.Constant(name)),
        )

    def linking(self, body: ast.expr) -> ast.expr:
        """Let the body of the innermost filter begin by linking its item to those around it, where it is deep."""
        item, *around = self._items()
        if not item.linked:
            return body
        chain: ast.expr = ast.Constant(None)
        for outer in reversed(around):
            chain = (
                code.load(outer.linked) if outer.linked else ast.Tuple([code.load(outer.variable), chain], ast.Load())
            )
        link = ast.NamedExpr(
            ast.Name(item.linked, ast.Store()), ast.Tuple([code.load(item.variable), chain], ast.Load())
        )
        return ast.Subscript(ast.Tuple([link, body], ast.Load()), ast.Constant(1), ast.Load())

    def may_bind(self, name: str) -> bool:
        """Say whether a scope binds a name, or may turn out to."""
        return any(isinstance(scope, _Item) or name in scope for scope in self._open)

    def meaning(self, name: str, otherwise: Callable[[], ast.expr]) -> ast.expr:
        """Make the code that reads a name: of the items first, from the innermost, then of the variable around them."""
        items: list[_Item] = []
        found: ast.expr | None = None
        for scope in reversed(self._open):
            if isinstance(scope, _Item):
                items.append(scope)
                if name == "item":
                    found = code.load(scope.variable)
            elif name in scope:
                found = code.load(scope[name])
            if found is not None:
                break
        found = found or otherwise()
        if len(items) > _LAID_OUT:
            return self._entry_of_links(items, name, found)
        for item in reversed(items):
            found = _entry_or(item.variable, name, found)
        return found

    def _items(self) -> list[_Item]:
        return [scope for scope in reversed(self._open) if isinstance(scope, _Item)]

    def _entry_of_links(self, items: list[_Item], name: str, otherwise: ast.expr) -> ast.expr:
        entry = self._fresh()
        looked = code.call("entry_of", code.load(items[0].linked), ast.Constant(len(items)), ast.Constant(name))
        bound = ast.NamedExpr(ast.Name(entry, ast.Store()), looked)
        return ast.IfExp(ast.Compare(bound, [ast.IsNot()], [code.load("MISSING")]), code.load(entry), otherwise)


def _entry_or(context: str, name: str, otherwise: ast.expr) -> ast.expr:
    holds = ast.BoolOp(
        ast.And(),
        [
            code.identical(code.class_of(code.load(context)), code.load("dict")),
            ast.Compare(ast.Constant(name), [ast.In()], [code.load(context)]),
        ],
    )
    entry = ast.Subscript(code.load(context), ast.Constant(name), ast.Load())
    return ast.IfExp(holds, entry, otherwise)

"""The forms that bring names of their own: `if` beside them, `for`, `some`, `every` and `function`.

SOURCE: DMN 1.5, clause 10.3.1.2, rules 44 to 47 and 55. Each reads what follows its first word and opens a scope for
the part that sees its names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from comptroller.domain.feel import tree
from comptroller.domain.feel.lexer import TokenKind

if TYPE_CHECKING:
    from comptroller.domain.feel.parser import Parser
    from comptroller.domain.feel.types import Type


def _if(parser: Parser, at: int) -> tree.Node:
    condition = parser.expression()
    parser.expect("then")
    consequence = parser.expression()
    parser.expect("else")
    return tree.If(at, condition, consequence, parser.tail())


def _for(parser: Parser, at: int) -> tree.Node:
    iterations = _iterations(parser)
    parser.expect("return")
    parser.known.push(["partial"])
    body = parser.tail()
    _leave(parser, len(iterations) + 1)
    return tree.For(at, iterations, body)


def _some(parser: Parser, at: int) -> tree.Node:
    return _quantified(parser, at, decider=True)


def _every(parser: Parser, at: int) -> tree.Node:
    return _quantified(parser, at, decider=False)


def _quantified(parser: Parser, at: int, *, decider: bool) -> tree.Node:
    iterations = _iterations(parser)
    parser.expect("satisfies")
    condition = parser.tail()
    _leave(parser, len(iterations))
    return tree.Quantified(at, decider, iterations, condition)


def _function(parser: Parser, at: int) -> tree.Node:
    parser.expect("(")
    names: list[str] = []
    types: list[Type | None] = []
    while parser.continues(")", begun=bool(names)):
        place, name = parser.token.at, _new_name(parser, "a parameter")
        if name in names:
            parser.fail("FEEL-SYNTAX-06", place, f"the function has two parameters `{name}`")
        names.append(name)
        types.append(parser.type() if parser.accept(":") else None)
    if parser.at("external"):
        parser.fail("FEEL-SYNTAX-07", parser.token.at, "functions outside the model are never run")
    parser.known.push(names)
    body = parser.tail()
    _leave(parser, 1)
    return tree.FunctionLiteral(at, tuple(names), tuple(types), body)


def _iterations(parser: Parser) -> tuple[tree.Iteration, ...]:
    """Read the iterations; each opens a scope that the next ones are in."""
    iterations: list[tree.Iteration] = []
    while not iterations or parser.accept(","):
        place, name = parser.token.at, _new_name(parser, "a variable")
        parser.expect("in")
        source = parser.expression()
        end = parser.expression() if parser.accept("..") else None
        iterations.append(tree.Iteration(place, name, source, end))
        parser.known.push([name])
    return tuple(iterations)


def _leave(parser: Parser, scopes: int) -> None:
    for _ in range(scopes):
        parser.known.pop()


def _new_name(parser: Parser, what: str) -> str:
    start = parser.place
    while parser.token.kind is TokenKind.WORD and not parser.at("in"):
        parser.take()
    if parser.place == start:
        parser.unexpected(what)
    return parser.written(start)


FORMS: Final[Mapping[str, Callable[[Parser, int], tree.Node]]] = {
    "if": _if,
    "for": _for,
    "some": _some,
    "every": _every,
    "function": _function,
}
"""How to read each form, by its first word."""

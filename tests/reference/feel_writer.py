"""Writes a tree as FEEL text, with the fewest parentheses that precedence and names allow.

What is written reads as the same tree again. Parentheses stand where an operand binds more loosely than its operator,
where a form that reaches as far as it can (`if`, `for`, a function) is followed by more, and around a name that the
text behind it would make another one: with `a+b` in scope, the sum of `a` and `b` is `(a) + b`.

SOURCE: DMN 1.5, clause 10.3.1.2 (grammar, precedence) and 10.3.1.3 (names).
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from tests.reference.feel_calendar import text_of
from tests.reference.feel_functions import FUNCTIONS
from tests.reference.feel_values import from_product

from comptroller.domain.feel import tree, types
from comptroller.domain.feel.values import Scalar

REACHING, OR, AND, COMPARISON, SUM, PRODUCT, POWER, INSTANCE, PRIMARY = range(9)
"""How tightly each form binds its operands; those that reach as far as they can do not bind at all."""

OPERATORS = {
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), COMPARISON),
    **dict.fromkeys("+-", SUM),
    **dict.fromkeys("*/", PRODUCT),
    "**": POWER,
}
_WORDS = re.compile(r'"(?:[^"\\]|\\.)*"|[^\W\d][\w?]*|\?|\d+(?:\.\d+)?|\*\*|\.\.|\S')
_PLAIN_KEY = re.compile(r"[^\W\d]\w*(?: ?[-+*/.'\u2019] ?\w+| \w+)*")
_ENDS_RANGE = re.compile(r"(?:and|or|in|between|then|else|return|satisfies|instance)\b|[-=!<>+*/)\],}.]")
_GROWING_TYPES = ("list", "range", "context", "function", "date")
"""Types behind which `<`, or `and time`, would be read as their continuation."""


def write(node: tree.Node, names: Iterable[str] = ()) -> str:
    """The text of an expression, or of the tests of a cell; `names` are those in scope and of context entries."""
    writer = _Writer({*names, *FUNCTIONS, *_own_names(node)})
    return writer.cell(node) if isinstance(node, tree.Tests) else writer.write(node)


def _own_names(node: tree.Node) -> Iterable[str]:
    match node:
        case tree.ContextLiteral():
            yield from node.keys
        case tree.FunctionLiteral():
            yield from node.parameters
        case tree.Iteration():
            yield node.name
    for child in tree.children(node):
        yield from _own_names(child)


class _Writer:
    """The writing of one tree with some names known."""

    def __init__(self, names: Iterable[str]) -> None:
        self._beginnings = {beginning for name in names for beginning in _beginnings(name)}

    def write(self, node: tree.Node, level: int = 0, *, last: bool = True) -> str:
        """Write an operand that must bind at least as tightly as a level; `last` when nothing follows it directly."""
        text, own = self._written(node, last=last)
        closed = not last if own == REACHING else own < level and not isinstance(node, tree.Negation)
        return f"({text})" if closed else text

    def _left(self, node: tree.Node, level: int, follows: str) -> str:
        """Write what stands before an operator: what would reach further is closed by parentheses."""
        text, own = self._written(node, last=False)
        return f"({text})" if own < max(level, OR) or self._continues(node, follows) else text

    def _continues(self, node: tree.Node, follows: str) -> bool:
        """Say whether what follows would be taken for more of the name, or the type, at the end of a text."""
        match node:
            case tree.Name() | tree.Member():
                return (*_cut(node.name), follows) in self._beginnings
            case tree.InstanceOf():
                return self._type(node.type).endswith(_GROWING_TYPES)
            case tree.Binary():
                return self._continues(node.right, follows)
            case tree.Negation():
                return self._continues(node.operand, follows)
            case tree.Junction():
                return self._continues(node.operands[-1], follows)
            case tree.Between():
                return self._continues(node.high, follows)
            case tree.In():
                return self._continues_tests(node.tests, follows)
        return False

    def _continues_tests(self, tests: tree.Tests, follows: str) -> bool:
        (*others, test) = tests.tests
        if others:
            return False
        return self._continues(test.endpoint if isinstance(test, tree.UnaryComparison) else test, follows)

    def _written(self, node: tree.Node, *, last: bool) -> tuple[str, int]:  # noqa: C901, PLR0911  # one line for each form
        """The text of a node and how tightly it binds."""
        match node:
            case tree.Literal():
                return _literal(node.value), PRIMARY
            case tree.Name():
                return node.name, PRIMARY
            case tree.Member():
                return f"{self._base(node.base)}.{node.name}", PRIMARY
            case tree.Filter():
                return f"{self._base(node.base)}[{self.write(node.condition)}]", PRIMARY
            case tree.Call():
                return f"{self._base(node.callee)}({self._arguments(node)})", PRIMARY
            case tree.Binary():
                own = OPERATORS[node.operator]
                right = self.write(node.right, own + 1, last=last)
                return f"{self._left(node.left, own, node.operator)} {node.operator} {right}", own
            case tree.Negation():
                return f"-{self.write(node.operand, INSTANCE, last=last)}", POWER
            case tree.Junction():
                return self._junction(node, last=last)
            case tree.Between():
                low, high = self._left(node.low, SUM, "and"), self.write(node.high, SUM, last=last)
                value = self._left(node.value, COMPARISON, "between")
                return f"{value} between {low} and {high}", COMPARISON
            case tree.In():
                value = self._left(node.value, COMPARISON, "in")
                return f"{value} in {self._tested(node.tests, last=last)}", COMPARISON
            case tree.InstanceOf():
                value = self._left(node.value, INSTANCE, "instance")
                return f"{value} instance of {self._type(node.type)}", INSTANCE
            case tree.ListLiteral():
                return f"[{', '.join(map(self.write, node.items))}]", PRIMARY
            case tree.ContextLiteral():
                entries = zip(node.keys, node.entries, strict=True)
                return f"{{{', '.join(f'{_key(key)}: {self.write(entry)}' for key, entry in entries)}}}", PRIMARY
            case tree.RangeLiteral():
                return self._range(node), PRIMARY
        return self._form(node, last=last), REACHING

    def _form(self, node: tree.Node, *, last: bool) -> str:
        """The forms that reach as far as they can."""
        match node:
            case tree.If():
                then = f"then {self.write(node.consequence)} else {self.write(node.alternative, last=last)}"
                return f"if {self.write(node.condition)} {then}"
            case tree.For():
                return f"for {self._iterations(node.iterations)} return {self.write(node.body, last=last)}"
            case tree.Quantified():
                word, condition = "some" if node.decider else "every", self.write(node.condition, last=last)
                return f"{word} {self._iterations(node.iterations)} satisfies {condition}"
            case tree.FunctionLiteral():
                parameters = ", ".join(
                    name if kind is None else f"{name}: {self._type(kind)}"
                    for name, kind in zip(node.parameters, node.types, strict=True)
                )
                return f"function({parameters}) {self.write(node.body, last=last)}"
        raise TypeError(f"`{type(node).__name__}` is no expression")

    def _base(self, node: tree.Node) -> str:
        """Write what a path, a filter or arguments follow."""
        return self._left(node, PRIMARY, "")

    def _junction(self, node: tree.Junction, *, last: bool) -> tuple[str, int]:
        own, word = (OR, "or") if node.decider else (AND, "and")
        *others, end = node.operands
        parts = [self._left(operand, own + 1, word) for operand in others]
        return f" {word} ".join([*parts, self.write(end, own + 1, last=last)]), own

    def _arguments(self, node: tree.Call) -> str:
        written = map(self.write, node.arguments)
        if not node.names:
            return ", ".join(written)
        return ", ".join(f"{name}: {argument}" for name, argument in zip(node.names, written, strict=True))

    def _iterations(self, iterations: Iterable[tree.Iteration]) -> str:
        parts = []
        for each in iterations:
            source = self.write(each.source) if each.end is None else self._left(each.source, OR, "..")
            parts.append(f"{each.name} in {source}" + ("" if each.end is None else f"..{self.write(each.end)}"))
        return ", ".join(parts)

    def _range(self, node: tree.RangeLiteral) -> str:
        if node.start is None or node.end is None:
            bound = node.start or node.end
            assert bound is not None
            sign = "<" if node.start is None else ">"
            equal = "=" if (node.end_included if node.start is None else node.start_included) else ""
            return f"({sign}{equal} {self.write(bound, SUM)})"
        end = self.write(node.end, SUM)
        if any(_ENDS_RANGE.match(self.write(each.condition)) for each in _filters(node.end)):
            end = f"({end})"  # else the bracket of the filter would close the range
        start = self._left(node.start, OR, "..")
        opening, closing = "[" if node.start_included else "(", "]" if node.end_included else ")"
        return f"{opening}{start}..{end}{closing}"

    # Tests

    def cell(self, node: tree.Tests) -> str:
        """The tests of a cell."""
        if not node.tests:
            return "-"
        text = ", ".join(map(self._test, node.tests))
        if node.negated:
            return f"not({text})"
        return f"({text})" if len(node.tests) == 1 and text.startswith("not(") else text

    def _test(self, test: tree.Node) -> str:
        if isinstance(test, tree.UnaryComparison):
            return f"{test.operator} {self.write(test.endpoint, SUM)}"
        return self.write(test)

    def _tested(self, tests: tree.Tests, *, last: bool) -> str:
        if len(tests.tests) > 1:
            return f"({', '.join(map(self._test, tests.tests))})"
        (test,) = tests.tests
        if isinstance(test, tree.UnaryComparison):
            return f"{test.operator} {self.write(test.endpoint, SUM, last=last)}"
        text = self.write(test, SUM, last=last)
        # what begins like tests in parentheses, the half-open range `(< 1)`, has parentheses of its own
        return f"({text})" if text.startswith(("(<", "(>")) else text

    def _type(self, kind: object) -> str:
        match kind:
            case types.AnyType():
                return "Any"
            case types.KindType():
                return kind.kind.value
            case types.ListType():
                return f"list<{self._type(kind.element)}>"
            case types.RangeType():
                return f"range<{self._type(kind.element)}>"
            case types.ContextType():
                return f"context<{', '.join(f'{name}: {self._type(entry)}' for name, entry in kind.entries)}>"
            case types.FunctionType():
                return f"function<{', '.join(map(self._type, kind.parameters))}> -> {self._type(kind.result)}"
        raise TypeError(f"`{kind}` is no type of the language")


def _filters(node: tree.Node) -> Iterable[tree.Filter]:
    if isinstance(node, tree.Filter):
        yield node
    for child in tree.children(node):
        yield from _filters(child)


@lru_cache(maxsize=1024)
def _beginnings(name: str) -> tuple[tuple[str, ...], ...]:
    words = _cut(name)
    return tuple(words[:length] for length in range(1, len(words) + 1))


@lru_cache(maxsize=1024)
def _cut(name: str) -> tuple[str, ...]:
    return tuple(_WORDS.findall(name))


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else _string(key)


def _string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _literal(value: Scalar) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _string(value)
        case int() | Decimal():
            number = Decimal(value)
            return f"{number:f}" if abs(number.adjusted()) < 40 else str(number).lower()
    found = from_product(value)
    return f'@"{text_of(found)}"'  # type: ignore[arg-type]  # a day, a time or a duration is left

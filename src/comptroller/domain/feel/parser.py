"""Reads FEEL text into a tree: precedence climbing over the operators, one function for each other form.

SOURCE: DMN 1.5, clause 10.3.1.2 (grammar) and 10.3.1.3 (names). Binding, loosest first: or, and, comparison (with
`between` and `in`), + -, * /, ** (to the left), unary minus, `instance of`, then paths, filters and calls. The first
thing that cannot be read ends the reading with one fault; nothing is raised to the caller.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from comptroller.domain.feel import temporal, tree
from comptroller.domain.feel.arithmetic import number_from_text
from comptroller.domain.feel.binding_forms import FORMS
from comptroller.domain.feel.cursor import Cursor, SyntaxFault
from comptroller.domain.feel.lexer import Token, TokenKind, tokens_of
from comptroller.domain.feel.names import ENDING, RESERVED, KnownNames, NameLayer, layer
from comptroller.domain.feel.type_parser import TypeReader
from comptroller.domain.feel.types import Type
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault

_COMPARISONS: Final = ("=", "!=", "<", "<=", ">", ">=")
_BINDING: Final = {
    "or": 1,
    "and": 2,
    **dict.fromkeys((*_COMPARISONS, "between", "in"), 3),
    **dict.fromkeys("+-", 4),
    **dict.fromkeys("*/", 5),
    "**": 6,
    "instance": 7,
}
_COMPARISON: Final = 3
_UNARY_MINUS: Final = 6
_OPERATOR_KINDS: Final = frozenset({TokenKind.SYMBOL, TokenKind.WORD})
_NAME_SYMBOLS: Final = (".", "-", "+", "*", "**", "/", "'", "\u2019")
_CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_AFTER_RANGE: Final = frozenset(
    "and or in between then else return satisfies instance = != < <= > >= + * / ** ) ] } , .. .".split()
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the reader of an expression knows beforehand: variables, names of context entries, types."""

    names: Iterable[str] = ()
    members: Iterable[str] = ()
    types: Mapping[str, Type] = field(default_factory=dict)


def read(
    text: str, vocabulary: Vocabulary, builtins: NameLayer, *, unary: bool
) -> tuple[tree.Node | None, tuple[Fault, ...]]:
    """Read an expression, or unary tests; None when there are faults."""
    if len(text) > limits.FEEL_CHARACTERS_MAX:
        message = f"an expression has at most {limits.FEEL_CHARACTERS_MAX} characters"
        return None, (Fault("FEEL-LIMIT-01", "", message, by="feel", help="split it into several decisions"),)
    tokens, fault = tokens_of(text)
    if fault is not None:
        return None, (fault,)
    parser = Parser(text, tokens, vocabulary, builtins)
    try:
        node = parser.whole(parser.unary_tests if unary else parser.expression)
    except SyntaxFault as found:
        return None, (found.fault,)
    if tree.height(node, limits.FEEL_DEPTH_MAX) > limits.FEEL_DEPTH_MAX:
        return None, (too_deep(0),)
    return node, ()


def too_deep(at: int) -> Fault:
    """Say that a text nests too deeply."""
    message = f"the expression nests deeper than {limits.FEEL_DEPTH_MAX}"
    return Fault("FEEL-LIMIT-02", f"offset {at}", message, by="feel", help="split it into several decisions")


class Parser(Cursor):
    """The reading of one text: its tokens, the place reached and the names in scope there."""

    def __init__(self, text: str, tokens: list[Token], vocabulary: Vocabulary, builtins: NameLayer) -> None:
        super().__init__(text, tokens)
        self._depth = 0
        self.known = KnownNames(builtins, layer(vocabulary.names))
        self._members = KnownNames(layer(vocabulary.members), layer(vocabulary.names))
        self._in_filters = ("item", *vocabulary.members)  # an item's entries are seen by their names
        self._types = vocabulary.types
        self._ends_range = False

    def whole(self, form: Callable[[], tree.Node]) -> tree.Node:
        """Read a form that must reach to the end of the text."""
        node = form()
        if not self.at_end():
            self.unexpected("an operator or the end")
        return node

    def expression(self, binding: int = 0, *, ends_range: bool = False) -> tree.Node:
        """Read an expression whose operators bind more tightly than `binding`."""
        self._depth += 1
        if self._depth > limits.FEEL_DEPTH_MAX:
            raise SyntaxFault(too_deep(self.token.at))
        outer, self._ends_range = self._ends_range, ends_range
        node = self._climb(self._prefix(), binding)
        self._ends_range = outer
        self._depth -= 1
        return node

    def unary_tests(self) -> tree.Tests:
        """Read the tests of a decision table's cell; an empty cell is `-`."""
        start = self.token.at
        if self.at_end() or (self.at("-") and self.tokens[1].kind is TokenKind.END):
            self.place = len(self.tokens) - 1
            return tree.Tests(start, ())
        self.known.push(["?"])
        if self.at("not") and self.at("(", ahead=1):
            self.place += 2
            tests = self._tests()
            if self.accept(")") and self.at_end():
                return tree.Tests(start, tests, negated=True)
            self.place = 0  # `not(a) or b` is an expression
        return tree.Tests(start, self._tests())

    # Operators

    def _climb(self, left: tree.Node, binding: int) -> tree.Node:
        while True:
            token = self.token
            tight = _BINDING.get(token.text, 0) if token.kind in _OPERATOR_KINDS else 0
            if tight <= binding:
                return left
            left = self._infix(left, token, tight)

    def _infix(self, left: tree.Node, token: Token, binding: int) -> tree.Node:
        operator, ends_range = token.text, self._ends_range
        if operator in {"and", "or"}:
            operands = [left]
            while self.accept(operator):
                operands.append(self.expression(binding, ends_range=ends_range))
            return tree.Junction(token.at, operator == "or", tuple(operands))
        self.take()
        if operator == "between":
            low = self.expression(_COMPARISON)
            self.expect("and")
            return tree.Between(token.at, left, low, self.expression(_COMPARISON, ends_range=ends_range))
        if operator == "in":
            return tree.In(token.at, left, self._tested())
        if operator == "instance":
            self.expect("of")
            return tree.InstanceOf(token.at, left, self.type())
        return tree.Binary(token.at, operator, left, self.expression(binding, ends_range=ends_range))

    def _tests(self) -> tuple[tree.Node, ...]:
        tests = [self._test(0)]
        while self.accept(","):
            tests.append(self._test(0))
        return tuple(tests)

    def _test(self, binding: int) -> tree.Node:
        if self.at(*_COMPARISONS):
            operator = self.take()
            return tree.UnaryComparison(operator.at, operator.text, self.expression(_COMPARISON))
        return self.expression(binding)

    def _tested(self) -> tree.Tests:
        """Read what follows `in`: one test, or several in parentheses; `(1..3)` and `(1 + 2) * 3` are one."""
        start = self.token.at
        if not self.accept("("):
            return tree.Tests(start, (self._test(_COMPARISON),))
        tests = self._tests()
        single: tree.Node | None = None
        if len(tests) == 1 and not isinstance(tests[0], tree.UnaryComparison):
            single = tests[0]
        if single is not None and self.at(".."):
            single = self._range_after(start, single, included=False)
        else:
            self.expect(")")
        if single is None:
            return tree.Tests(start, tests)
        return tree.Tests(start, (self._climb(self._postfix(single), _COMPARISON),))

    # Forms that begin an expression

    def _prefix(self) -> tree.Node:
        token = self.token
        if token.kind is TokenKind.SYMBOL:
            if token.text == "-":
                self.take()
                if self.token.kind is TokenKind.NUMBER:  # rule 37: the sign is a part of the literal
                    return self._postfix(tree.Negation(token.at, self._literal(self.token)))
                return tree.Negation(token.at, self.expression(_UNARY_MINUS, ends_range=self._ends_range))
            return self._postfix(self._bracketed(token))
        if token.kind is not TokenKind.WORD:
            return self._postfix(self._literal(token))
        if not self.known.longest(self.tokens, self.place)[1]:
            form = FORMS.get(token.text)
            if form is not None:
                self.take()
                return form(self, token.at)
            if token.text in _CONSTANTS:
                self.take()
                return self._postfix(tree.Literal(token.at, _CONSTANTS[token.text]))
        return self._postfix(tree.Name(token.at, self._name(self.known)))

    def _literal(self, token: Token) -> tree.Node:
        if token.kind is TokenKind.END:
            self.unexpected("an expression")
        self.take()
        if token.kind is TokenKind.STRING:
            return tree.Literal(token.at, token.text)
        if token.kind is TokenKind.AT:
            value = temporal.parse(token.text)
            if value is None:
                message = f"`{token.text[:40]}` is no date, time or duration"
                self.fail("FEEL-SYNTAX-04", token.at, message)
            return tree.Literal(token.at, value)
        number = number_from_text(token.text)
        if number is None:
            self.fail("FEEL-SYNTAX-05", token.at, f"`{token.text[:40]}` is beyond the numbers of FEEL")
        return tree.Literal(token.at, number)

    def _bracketed(self, token: Token) -> tree.Node:
        self.take()
        match token.text:
            case "{":
                return self._context(token.at)
            case "[":
                return self._list(token.at)
            case "]":
                return self._range_after(token.at, self.expression(), included=False)
            case "(":
                return self._parenthesis(token.at)
        self.place -= 1
        return self.unexpected("an expression")

    def _parenthesis(self, at: int) -> tree.Node:
        if self.at("<", "<=", ">", ">=", "="):
            operator = self.take().text
            end = self.expression(_COMPARISON)
            self.expect(")")
            return tree.RangeLiteral(
                at,
                end if operator in {">", ">=", "="} else None,
                end if operator in {"<", "<=", "="} else None,
                start_included=operator in {">=", "="},
                end_included=operator in {"<=", "="},
            )
        inner = self.expression()
        if self.at(".."):
            return self._range_after(at, inner, included=False)
        self.expect(")")
        return inner

    def _range_after(self, at: int, start: tree.Node, *, included: bool) -> tree.Node:
        self.expect("..")
        end = self.expression(_COMPARISON, ends_range=True)
        closing = self.expect("]", ")", "[")
        return tree.RangeLiteral(at, start, end, start_included=included, end_included=closing.text == "]")

    def _list(self, at: int) -> tree.Node:
        items: list[tree.Node] = []
        while self.continues("]", begun=bool(items)):
            items.append(self.expression())
            if len(items) == 1 and self.at(".."):
                return self._range_after(at, items[0], included=True)
        return tree.ListLiteral(at, tuple(items))

    def _context(self, at: int) -> tree.Node:
        keys: dict[str, None] = {}
        entries: list[tree.Node] = []
        while self.continues("}", begun=bool(keys)):
            place, key = self.token.at, self._key()
            if key in keys:
                self.fail("FEEL-SYNTAX-06", place, f"the context has two entries `{key}`")
            keys[key] = None
            self._members.push([key])
            recursive = self.at("function")
            if recursive:
                self.known.push([key])
            entries.append(self.expression())
            if not recursive:
                self.known.push([key])
        for _ in keys:
            self.known.pop()
        return tree.ContextLiteral(at, tuple(keys), tuple(entries))

    def _key(self) -> str:
        start, first = self.place, self.token
        if first.kind is TokenKind.STRING:
            self.take()
            self.expect(":")
            return first.text
        while not self.at(":"):
            if self.token.kind not in {TokenKind.WORD, TokenKind.NUMBER} and not self.at(*_NAME_SYMBOLS):
                self.unexpected("the name of an entry and `:`")
            self.take()
        if first is self.token:
            self.unexpected("the name of an entry")
        key = self.written(start)
        self.take()
        return key

    def type(self) -> Type:
        """Read a type."""
        return TypeReader(self, self._types).read()

    def tail(self) -> tree.Node:
        """Read the expression that ends a form and reaches as far as it can."""
        return self.expression(ends_range=self._ends_range)

    # What follows an operand

    def _postfix(self, node: tree.Node) -> tree.Node:
        while True:
            token = self.token
            if self.at("."):
                self.take()
                node = tree.Member(token.at, node, self._name(self._members))
            elif self.at("[") and not (self._ends_range and self._closes_range()):
                self.take()
                self.known.push(self._in_filters)
                condition = self.expression()
                self.known.pop()
                self.expect("]")
                node = tree.Filter(token.at, node, condition)
            elif self.at("("):
                self.take()
                node = self._call(token.at, node)
            else:
                return node

    def _closes_range(self) -> bool:
        following = self.tokens[self.place + 1]
        return following.kind is TokenKind.END or (following.kind in _OPERATOR_KINDS and following.text in _AFTER_RANGE)

    def _call(self, at: int, callee: tree.Node) -> tree.Node:
        names: list[str] = []
        arguments: list[tree.Node] = []
        named = self._argument_name(peek=True) is not None
        while self.continues(")", begun=bool(arguments)):
            if named:
                names.append(self._argument_name() or self.unexpected("the name of a parameter and `:`"))
            arguments.append(self.expression())
        if len(set(names)) < len(names):
            self.fail("FEEL-SYNTAX-06", at, "a parameter is given twice")
        return tree.Call(at, callee, tuple(arguments), tuple(names))

    def _argument_name(self, *, peek: bool = False) -> str | None:
        place = self.place
        while self.tokens[place].kind is TokenKind.WORD:
            place += 1
        if place == self.place or self.tokens[place].text != ":" or self.tokens[place].kind is TokenKind.STRING:
            return None
        name = " ".join(token.text for token in self.tokens[self.place : place])
        if not peek:
            self.place = place + 1
        return name

    def _name(self, known: KnownNames) -> str:
        """Read the longest known name; words that follow directly make it a longer one that is not known yet."""
        start = self.place
        name, length = known.longest(self.tokens, start)
        self.place += length
        if not length:
            if self.token.kind is not TokenKind.WORD or (known is self.known and self.token.text in RESERVED):
                self.unexpected("a name" if known is self._members else "an expression")
            self.take()
        while self.token.kind is TokenKind.WORD and self.token.text not in ENDING and not self._instance_of():
            self.take()
        if self.place == start + length:
            return name
        return self.written(start)

    def _instance_of(self) -> bool:
        return self.at("instance") and self.at("of", ahead=1)

"""Generates expressions as trees: mostly well typed, now and then of another type on purpose.

A type is a word, or `list of` a word. For each there are leaves (literals, variables in scope, null) and forms with
operands; a form is chosen until the depth is used up. Names hold blanks, operators and keywords where the language lets
them.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from tests.reference import feel_calendar as calendar
from tests.reference.choosing import Chooser, one, rarely
from tests.reference.feel_functions import Parameter, Signature
from tests.reference.feel_numbers import number_from_text
from tests.reference.feel_values import Value, to_product

from comptroller.domain.feel import tree, types
from comptroller.domain.feel.types import NAMED

LITERALS: Mapping[str, tuple[str, ...]] = {
    "number": (
        "0", "1", "2", "3", "10", "0.5", "2.5", "1.005", "99.99", "1250.5", "12345678901234567890.123456789",
        "0.00000000000000000001", "1e33", "9999999999999999999999999999999999", "7", "100",
    ),
    "string": ("", "a", "b", "abc", "Zürich", "A", "12", "2026-03-27", "\U0001f600x", 'q"\\', "a b"),
    "boolean": ("true", "false"),
    "date": ("2026-03-27", "2024-02-29", "1999-12-31", "0001-01-01", "-0004-02-29", "12026-01-01"),
    "time": (
        "00:00:00", "23:59:59.999999999", "12:30:00Z", "08:15:00.5+02:00", "12:30:00-05:30", "10:00:00@Europe/Paris",
    ),
    "moment": (
        "2026-03-27T08:00:00", "2026-03-27T08:00:00Z", "2026-10-25T02:30:00@Europe/Berlin",
        "2024-02-29T23:59:59+14:00",
        "1999-12-31T24:00:00", "2026-03-29T02:30:00.000000001@Europe/Berlin", "-0001-06-01T00:00:00Z",
    ),
    "seconds": ("PT0S", "P1D", "-PT1H30M", "P10DT0.000000001S", "PT36H", "-P400D", "PT0.5S"),
    "months": ("P0M", "P1M", "-P1Y2M", "P18M", "P400Y"),
}  # fmt: skip
POINTS = ("number", "string", "date", "time", "moment", "seconds", "months")
NAMES: Mapping[str, str] = {
    "amount": "number",
    "profit-and-loss": "number",
    "a": "number",
    "a+b": "number",
    "b": "number",
    "text": "string",
    "kind of thing": "string",
    "in stock": "boolean",
    "day of birth": "date",
    "at": "moment",
    "time and again": "time",
    "span": "seconds",
    "age": "months",
    "numbers": "list of number",
    "words": "list of string",
    "line": "context",
    "lines": "list of context",
}
"""The variables of every expression, by type."""

MEMBERS: Mapping[str, str] = {"net amount": "number", "kind": "string", "sold on": "date", "parts": "list of number"}
"""The entries that contexts have."""

VARIABLES = ("x", "y", "each one")
KINDS = (*LITERALS, "list of number", "list of string", "list of context", "context", "range")
NAMED_AS = {"moment": "date and time", "seconds": "days and time duration", "months": "years and months duration"}
CALLED_KIND = {named: kind for kind, named in NAMED_AS.items()}
Form = Callable[["Generator", int], tree.Node]


@lru_cache(maxsize=1024)
def literal(kind: str, text: str) -> tree.Literal:
    """A literal of a kind by its text."""
    if kind == "boolean":
        return tree.Literal(0, text == "true")
    value: Value = number_from_text(text) if kind == "number" else text if kind == "string" else calendar.read_any(text)
    return tree.Literal(0, to_product(value))  # type: ignore[arg-type]  # of these kinds all are scalars


class Generator:
    """Makes expressions for one vocabulary; `variables` are those bound at the place reached."""

    def __init__(self, chooser: Chooser, forms: Mapping[str, Sequence[Form]], names: Mapping[str, str] = NAMES) -> None:
        self.chooser = chooser
        self.forms = forms
        self.variables: dict[str, str] = dict(names)

    def one(self, options: Sequence[str]) -> str:
        """One of some words."""
        return one(self.chooser, options)

    def node(self, kind: str, depth: int) -> tree.Node:
        """An expression of a type, so many operators deep at most; once in a while of another."""
        if rarely(self.chooser, 25):
            kind = self.one(KINDS)
        if depth <= 0 or rarely(self.chooser, 5):
            return self.leaf(kind)
        item = kind.removeprefix("list of ")
        if item != kind:
            return self.listed(item, depth - 1)
        return one(self.chooser, self.forms[kind])(self, depth - 1)

    def leaf(self, kind: str) -> tree.Node:
        """A literal, a variable, or null."""
        known = [name for name, given in self.variables.items() if given == kind]
        if known and not rarely(self.chooser, 3):
            return tree.Name(0, self.one(known))
        if rarely(self.chooser, 20):
            return tree.Literal(0, None)
        item = kind.removeprefix("list of ")
        if item != kind:
            return tree.ListLiteral(0, tuple(self.leaf(item) for _ in range(self.chooser.below(4))))
        if kind == "context":
            return self.context(0)
        if kind == "range":
            return self.range(self.one(POINTS), 0)
        return literal(kind, self.one(LITERALS[kind]))

    def call(self, name: str, *arguments: tree.Node, names: tuple[str, ...] = ()) -> tree.Node:
        """A call of a function of the language."""
        return tree.Call(0, tree.Name(0, name), arguments, names)

    def called(self, name: str, signature: Signature) -> tree.Node:
        """A call of a function with plain arguments of the kinds that it takes, mostly."""
        arguments: list[tree.Node] = []
        for parameter in signature.parameters:
            if parameter.optional and rarely(self.chooser, 2):
                break
            times = self.chooser.below(3) if parameter.repeats else 1
            arguments += [self._argument(parameter) for _ in range(times)]
        return self.call(name, *arguments)

    def _argument(self, parameter: Parameter) -> tree.Node:
        kinds = sorted(parameter.kinds) or list(KINDS)
        kind = self.one(kinds)
        if kind == "number" and rarely(self.chooser, 2):
            return self.small()
        if kind == "list":
            return self.leaf(self.one(("list of number", "list of number", "list of string", "list of context")))
        if kind == "function":
            sides = tree.Name(0, "x"), tree.Name(0, "y")
            return tree.FunctionLiteral(0, ("x", "y"), (None, None), tree.Binary(0, self.one("<>="), *sides))
        return self.leaf(CALLED_KIND.get(kind, kind))

    def context(self, depth: int) -> tree.Node:
        """A context with some of the entries, which may look at those before them."""
        keys = [name for name in MEMBERS if not rarely(self.chooser, 4)]
        outer = dict(self.variables)
        entries = []
        for key in keys:
            entries.append(self.node(MEMBERS[key], depth))
            self.variables[key] = MEMBERS[key]
        self.variables = outer
        return tree.ContextLiteral(0, tuple(keys), tuple(entries))

    def range(self, kind: str, depth: int) -> tree.Node:
        """A range of a kind, now and then with one end."""
        start, end = self.node(kind, depth), self.node(kind, depth)
        first, last = rarely(self.chooser, 2), rarely(self.chooser, 2)
        if rarely(self.chooser, 10):
            return tree.RangeLiteral(0, None, end, False, last)
        if rarely(self.chooser, 10):
            return tree.RangeLiteral(0, start, None, first, False)
        return tree.RangeLiteral(0, start, end, first, last)

    def bound(self, given: Mapping[str, str], kind: str, depth: int) -> tree.Node:
        """An expression that sees more variables."""
        outer = self.variables
        self.variables = {**outer, **given}
        made = self.node(kind, depth)
        self.variables = outer
        return made

    def iterations(self, depth: int) -> tuple[tuple[tree.Iteration, ...], dict[str, str]]:
        """One iteration or two, over lists or whole numbers, and the variables that they bind."""
        made: list[tree.Iteration] = []
        bound: dict[str, str] = {}
        for name in VARIABLES[: 1 + rarely(self.chooser, 3)]:
            item = self.one(("number", "string", "context"))
            if rarely(self.chooser, 4):
                low, high = (literal("number", self.one(("0", "1", "2", "3", "4"))) for _ in range(2))
                made.append(tree.Iteration(0, name, low, high))
                item = "number"
            else:
                made.append(tree.Iteration(0, name, self.bound(bound, f"list of {item}", depth)))
            bound[name] = item
        return tuple(made), bound

    def listed(self, item: str, depth: int) -> tree.Node:
        """A list of items of a kind."""
        kind = f"list of {item}"
        match self.chooser.below(12):
            case 0 | 1:
                return tree.ListLiteral(0, tuple(self.node(item, depth) for _ in range(self.chooser.below(4))))
            case 2 | 3:
                iterations, bound = self.iterations(depth)
                partial = {"partial": kind} if rarely(self.chooser, 4) else {}
                return tree.For(0, iterations, self.bound(bound | partial, item, depth))
            case 4 | 5:
                seen = {"item": item, **(MEMBERS if item == "context" else {})}
                return tree.Filter(0, self.node(kind, depth), self.bound(seen, "boolean", depth))
            case 6:
                return self.call(self.one(("concatenate", "union")), self.node(kind, depth), self.node(kind, depth))
            case 7:
                return self.call(self.one(("reverse", "distinct values", "flatten")), self.node(kind, depth))
            case 8:
                return self.call("append", self.node(kind, depth), self.node(item, depth))
            case 9:
                return self._placed(kind, item, depth)
            case 10:
                return self._sorted(kind, item, depth)
        entries = [name for name, given in MEMBERS.items() if given == item]
        if not entries:
            return self.call("list replace", self.node(kind, depth), self.small(), self.node(item, depth))
        return tree.Member(0, self.node("list of context", depth), self.one(entries))

    def _placed(self, kind: str, item: str, depth: int) -> tree.Node:
        function = self.one(("remove", "insert before", "sublist", "list replace"))
        items = self.node(kind, depth)
        if function == "remove":
            return self.call(function, items, self.small())
        if function == "sublist":
            length = () if rarely(self.chooser, 2) else (self.small(),)
            return self.call(function, items, self.small(), *length)
        if function == "list replace" and rarely(self.chooser, 2):
            body = self.bound({"x": item, "y": item}, "boolean", depth)
            match = tree.FunctionLiteral(0, ("x", "y"), (None, None), body)
            return self.call(function, items, match, self.node(item, depth))
        return self.call(function, items, self.small(), self.node(item, depth))

    def _sorted(self, kind: str, item: str, depth: int) -> tree.Node:
        if item == "context":
            return self.call("context", self.node("list of context", depth))
        sides = tree.Name(0, "x"), tree.Name(0, "y")
        precedes = tree.FunctionLiteral(0, ("x", "y"), (None, None), tree.Binary(0, self.one("<>"), *sides))
        return self.call("sort", self.node(kind, depth), *([] if rarely(self.chooser, 2) else [precedes]))

    def small(self) -> tree.Node:
        """A position, mostly within a short list."""
        made = literal("number", self.one(("1", "2", "3", "0", "2.5")))
        return tree.Negation(0, made) if rarely(self.chooser, 3) else made

    def tests(self, kind: str, depth: int, count: int) -> tuple[tree.Node, ...]:
        """Some tests of a value of a kind."""
        return tuple(self._test(kind, depth) for _ in range(count))

    def _test(self, kind: str, depth: int) -> tree.Node:
        point = kind if kind in POINTS else "number"
        match self.chooser.below(6):
            case 0 | 1:
                return self.node(kind, depth)
            case 2:
                return tree.UnaryComparison(0, self.one(("<", "<=", ">", ">=", "=", "!=")), self.node(point, depth))
            case 3:
                return self.range(point, depth)
            case 4:
                return self.node(f"list of {kind}" if kind in {"number", "string"} else kind, depth)
        return self.bound({"?": kind}, "boolean", depth)

    def cell(self, kind: str, depth: int) -> tree.Tests:
        """The tests of a cell of a decision table."""
        if rarely(self.chooser, 8):
            return tree.Tests(0, ())
        return tree.Tests(0, self.tests(kind, depth, 1 + self.chooser.below(3)), negated=rarely(self.chooser, 6))

    def type(self, depth: int = 2) -> types.Type:
        """A type as `instance of` names it."""
        match self.chooser.below(9):
            case 0 if depth:
                return types.ListType(self.type(depth - 1))
            case 1 if depth:
                return types.ContextType((("net amount", self.type(depth - 1)),))
            case 2 if depth:
                return types.RangeType(self.type(depth - 1))
            case 3:
                return types.ANY
        kind = self.one((*LITERALS, "list", "context", "Null"))
        return NAMED[NAMED_AS.get(kind, kind)]

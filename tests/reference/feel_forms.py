"""The forms that an expression of each type may have, for the generator."""

from collections.abc import Mapping

from tests.reference.choosing import one, rarely
from tests.reference.feel_generator import KINDS, MEMBERS, POINTS, Form, Generator, literal

from comptroller.domain.feel import tree


def _binary(operators: str, left: str, right: str) -> Form:
    """An operator between two kinds."""
    return lambda g, d: tree.Binary(0, g.one(operators.split()), g.node(left, d), g.node(right, d))


def _call(names: str, *kinds: str) -> Form:
    """A call of one of some functions, with arguments of some kinds."""
    return lambda g, d: g.call(g.one(names.split(", ")), *(g.node(kind, d) for kind in kinds))


def _named(name: str, **kinds: str) -> Form:
    """A call with named parameters, their order changed now and then."""

    def form(g: Generator, d: int) -> tree.Node:
        given = [(key.replace("_", " "), g.node(kind, d)) for key, kind in kinds.items()]
        ordered = given[::-1] if rarely(g.chooser, 2) else given
        names, arguments = zip(*ordered, strict=True)
        return g.call(name, *arguments, names=tuple(names))

    return form


def _property(names: str, base: str) -> Form:
    """A property of a value."""
    return lambda g, d: tree.Member(0, g.node(base, d), g.one(names.split(", ")))


def _common(kind: str) -> tuple[Form, ...]:
    """What there is of every kind: a choice, a step into a list or a context, a function that is called."""

    def chosen(g: Generator, d: int) -> tree.Node:
        return tree.If(0, g.node("boolean", d), g.node(kind, d), g.node(kind, d))

    def picked(g: Generator, d: int) -> tree.Node:
        items = tree.ListLiteral(0, tuple(g.node(kind, d) for _ in range(1 + g.chooser.below(3))))
        return tree.Filter(0, items, g.small() if rarely(g.chooser, 2) else g.node("number", d))

    def entered(g: Generator, d: int) -> tree.Node:
        given = g.node(kind, d)
        context = tree.ContextLiteral(0, ("k", "the result"), (given, g.bound({"k": kind}, kind, d)))
        return tree.Member(0, context, "the result")

    def called(g: Generator, d: int) -> tree.Node:
        taken = g.one(("number", "string", kind))
        constraint = None if rarely(g.chooser, 2) else g.type(1)
        function = tree.FunctionLiteral(0, ("x",), (constraint,), g.bound({"x": taken}, kind, d))
        return tree.Call(0, function, (g.node(taken, d),), ("x",) if rarely(g.chooser, 3) else ())

    def entry(g: Generator, d: int) -> tree.Node:
        entries = [name for name, given in MEMBERS.items() if given == kind]
        if not entries:
            return tree.Filter(0, g.node(kind, d), literal("number", "1"))
        if rarely(g.chooser, 3):
            return g.call("get value", g.node("context", d), literal("string", g.one(entries)))
        return tree.Member(0, g.node("context", d), g.one(entries))

    return chosen, picked, entered, called, entry


def _compared(g: Generator, d: int) -> tree.Node:
    kind = g.one(POINTS)
    return tree.Binary(0, g.one(("<", "<=", ">", ">=")), g.node(kind, d), g.node(kind, d))


def _equal(g: Generator, d: int) -> tree.Node:
    kind = g.one(KINDS)
    return tree.Binary(0, g.one(("=", "!=")), g.node(kind, d), g.node(kind, d))


def _junction(g: Generator, d: int) -> tree.Node:
    operands = tuple(g.node("boolean", d) for _ in range(2 + g.chooser.below(2)))
    return tree.Junction(0, rarely(g.chooser, 2), operands)


def _between(g: Generator, d: int) -> tree.Node:
    kind = g.one(POINTS)
    return tree.Between(0, g.node(kind, d), g.node(kind, d), g.node(kind, d))


def _in(g: Generator, d: int) -> tree.Node:
    kind = g.one((*POINTS, "boolean", "context", "range"))
    return tree.In(0, g.node(kind, d), tree.Tests(0, g.tests(kind, d, 1 + g.chooser.below(3))))


def _instance(g: Generator, d: int) -> tree.Node:
    return tree.InstanceOf(0, g.node(g.one(KINDS), d), g.type())


def _quantified(g: Generator, d: int) -> tree.Node:
    iterations, bound = g.iterations(d)
    return tree.Quantified(0, rarely(g.chooser, 2), iterations, g.bound(bound, "boolean", d))


ALLEN = (
    "before", "after", "meets", "met by", "overlaps", "overlaps before", "overlaps after", "finishes", "finished by",
    "includes", "during", "starts", "started by", "coincides",
)  # fmt: skip


def _related(g: Generator, d: int) -> tree.Node:
    kind = g.one(POINTS)
    sides = [g.range(kind, d) if rarely(g.chooser, 2) else g.node(kind, d) for _ in range(2)]
    return g.call(g.one(ALLEN), *sides)


def _contained(g: Generator, d: int) -> tree.Node:
    kind = one(g.chooser, ("number", "string"))
    return g.call("list contains", g.node(f"list of {kind}", d), g.node(kind, d))


def _is(g: Generator, d: int) -> tree.Node:
    kind = g.one(POINTS)
    return g.call("is", g.node(kind, d), g.node(kind, d))


def _all(g: Generator, d: int) -> tree.Node:
    items = tree.ListLiteral(0, tuple(g.node("boolean", d) for _ in range(g.chooser.below(4))))
    return g.call(g.one(("all", "any")), items)


def _written(g: Generator, d: int) -> tree.Node:
    return g.call("string", g.node(g.one(KINDS), d))


def _joined(g: Generator, d: int) -> tree.Node:
    delimiter = () if rarely(g.chooser, 2) else (g.node("string", d),)
    return g.call("string join", g.node("list of string", d), *delimiter)


def _part(g: Generator, d: int) -> tree.Node:
    length = () if rarely(g.chooser, 2) else (g.small(),)
    return g.call("substring", g.node("string", d), g.small(), *length)


def _put(g: Generator, d: int) -> tree.Node:
    key = g.one(tuple(MEMBERS))
    return g.call("context put", g.node("context", d), literal("string", key), g.node(MEMBERS[key], d))


def _put_deep(g: Generator, d: int) -> tree.Node:
    keys = tree.ListLiteral(0, tuple(literal("string", g.one(tuple(MEMBERS))) for _ in range(g.chooser.below(3))))
    return g.call("context put", g.node("context", d), keys, g.node("number", d))


def _merged(g: Generator, d: int) -> tree.Node:
    return g.call("context merge", tree.ListLiteral(0, tuple(g.node("context", d) for _ in range(g.chooser.below(3)))))


def _of_entries(g: Generator, d: int) -> tree.Node:
    return g.call("context", g.call("get entries", g.node("context", d)))


def _read_number(g: Generator, d: int) -> tree.Node:
    texts = ("1 000,5", "1,000.5", "12", "1.5", "-3", "1e3", "x", "", "1.000")
    separators = [literal("string", g.one((" ", ",", ".", ""))) for _ in range(2)]
    return g.call("number", literal("string", g.one(texts)), *(separators if d % 2 else []))


def _zoned(g: Generator, d: int) -> tree.Node:
    zone = literal("string", g.one(("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "UTC", "Nowhere")))
    if rarely(g.chooser, 2):
        return g.call("date and time", g.node("moment", d), zone)
    parts = [literal("number", g.one(texts)) for texts in (("2026", "1999"), ("3", "10"), ("29", "25", "31"))]
    clock = [literal("number", g.one(("0", "1", "2", "23"))) for _ in range(3)]
    return g.call("date and time", *parts, *clock, g.node("seconds", d) if rarely(g.chooser, 2) else zone)


FORMS: Mapping[str, tuple[Form, ...]] = {
    "number": (
        _binary("+ - * /", "number", "number"),
        _binary("+ - *", "number", "number"),
        lambda g, d: tree.Binary(0, "**", g.node("number", d), g.small()),
        lambda g, d: tree.Negation(0, g.node("number", d)),
        _call("decimal, round up, round down, round half up, round half down, floor, ceiling", "number", "number"),
        lambda g, d: g.call(g.one(("decimal", "round up", "round half up")), g.node("number", d), g.small()),
        _call("floor, ceiling, abs, sqrt, exp, log", "number"),
        _call("modulo", "number", "number"),
        _call("sum, mean, min, max, count, median, stddev, product", "list of number"),
        _call("sum, min, max, mean", "number", "number", "number"),
        _call("count", "list of context"),
        _call("string length", "string"),
        _call("day of year, week of year", "date"),
        _property("year, month, day, weekday", "date"),
        _property("year, hour, second, weekday, minute", "moment"),
        _property("hour, minute, second", "time"),
        _property("days, hours, minutes, seconds", "seconds"),
        _property("years, months", "months"),
        _property("start, end", "range"),
        _binary("/", "seconds", "seconds"),
        _binary("/", "months", "months"),
        _named("modulo", dividend="number", divisor="number"),
        _read_number,
        *_common("number"),
    ),
    "string": (
        _binary("+", "string", "string"),
        _call("upper case, lower case", "string"),
        _call("substring before, substring after", "string", "string"),
        _call("day of week, month of year", "date"),
        _part, _written, _written, _joined,
        _call("replace", "string", "string", "string"),
        _property("timezone", "moment"),
        *_common("string"),
    ),
    "boolean": (
        _compared, _compared, _equal, _equal, _junction, _junction, _between, _in, _in, _instance, _quantified,
        _related, _contained, _is, _all,
        _call("not", "boolean"),
        _call("contains, starts with, ends with, matches", "string", "string"),
        _call("odd, even", "number"),
        _property("start included, end included", "range"),
        *_common("boolean"),
    ),
    "date": (
        _binary("+ -", "date", "seconds"),
        _binary("+ -", "date", "months"),
        _binary("+", "months", "date"),
        _call("date", "moment"),
        _call("date", "string"),
        _call("date", "number", "number", "number"),
        _call("min, max", "date", "date"),
        *_common("date"),
    ),
    "time": (
        _binary("+ -", "time", "seconds"),
        _call("time", "moment"),
        _call("time", "number", "number", "number"),
        _call("time", "number", "number", "number", "seconds"),
        *_common("time"),
    ),
    "moment": (
        _binary("+ -", "moment", "seconds"),
        _binary("+ -", "moment", "months"),
        _call("date and time", "date", "time"),
        _zoned,
        _call("date and time", *["number"] * 6),
        _call("date and time", "moment"),
        _call("date and time", "date"),
        *_common("moment"),
    ),
    "seconds": (
        _binary("+ -", "seconds", "seconds"),
        _binary("* /", "seconds", "number"),
        _binary("*", "number", "seconds"),
        _binary("-", "moment", "moment"),
        _binary("-", "date", "date"),
        _binary("-", "date", "moment"),
        _binary("-", "time", "time"),
        lambda g, d: tree.Negation(0, g.node("seconds", d)),
        _call("abs", "seconds"),
        _call("sum, mean, min, max", "seconds", "seconds"),
        _property("time offset", "moment"),
        *_common("seconds"),
    ),
    "months": (
        _binary("+ -", "months", "months"),
        _binary("* /", "months", "number"),
        _call("years and months duration", "date", "date"),
        _call("years and months duration", "moment", "moment"),
        _call("abs", "months"),
        _call("sum, mean, min, max", "months", "months"),
        *_common("months"),
    ),
    "context": (
        lambda g, d: g.context(d), lambda g, d: g.context(d), _put, _put_deep, _merged, _of_entries,
        lambda g, d: tree.Filter(0, g.node("list of context", d), g.small()),
        *_common("context"),
    ),
    "range": (lambda g, d: g.range(g.one(POINTS), d), *_common("range")),
}  # fmt: skip

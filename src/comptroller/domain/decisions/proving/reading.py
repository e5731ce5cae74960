"""Expressions over values that may be unknown.

Where everything that an expression looks at is known, the engine itself evaluates it: nothing is said twice of what
FEEL means. Otherwise it is taken apart: conditions ask their way which of their truths holds; comparisons of an unknown
with a known value ask the unknown, by the engine's own comparison; sums and their comparisons become linear. Whatever
else is made of unknowns becomes an unknown of its own, the same one wherever the same is made of the same.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

from comptroller.domain.decisions.proving.linear import Linear
from comptroller.domain.decisions.proving.programs import Programs
from comptroller.domain.decisions.proving.unknowns import Unknown, Way, number_of
from comptroller.domain.decisions.proving.values import Later, Part, Routine, is_known, key_of, plain, settled
from comptroller.domain.decisions.tables import Limits
from comptroller.domain.feel import BUILTINS, Evaluation, Kind, Type, Value, tree
from comptroller.domain.feel.compiler import compile_node
from comptroller.domain.feel.text import literal_text
from comptroller.domain.feel.types import ContextType, KindType

Scope = Mapping[str, Part]

ONE: Final = Fraction(1)
_CUT: Final = frozenset({Decimal, date, str, bool, type(None)})
_MIRRORED: Final = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SIGNS: Final = {"=": (0,), "!=": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}
_BOOLEAN: Final = KindType(Kind.BOOLEAN)
_TRUTHS: Final = frozenset({"not", "list contains", "contains", "starts with", "ends with", "matches", "is defined"})
_MADE: Final[Mapping[str, Type]] = {
    **dict.fromkeys(_TRUTHS, _BOOLEAN),
    **dict.fromkeys(("string", "string join", "substring", "upper case", "lower case"), KindType(Kind.STRING)),
    **dict.fromkeys(("count", "sum", "string length", "abs", "floor", "ceiling", "decimal"), KindType(Kind.NUMBER)),
}


def kind_of_node(node: tree.Node | None) -> Type | None:
    """The type that an expression's value has unless it is null, where its form alone says so."""
    match node:
        case tree.Junction() | tree.Between() | tree.In() | tree.InstanceOf() | tree.Quantified():
            return _BOOLEAN
        case tree.Binary(operator=operator) if operator in _SIGNS:
            return _BOOLEAN
        case tree.Binary(operator="+") if KindType(Kind.STRING) in map(kind_of_node, (node.left, node.right)):
            return KindType(Kind.STRING)
        case tree.Literal(value=str()):
            return KindType(Kind.STRING)
        case tree.Literal(value=bool()):
            return _BOOLEAN
        case tree.Literal(value=Decimal()):
            return KindType(Kind.NUMBER)
        case tree.Call(callee=tree.Name(name=name)):
            return _MADE.get(name)
        case tree.If(consequence=one, alternative=other):
            found = {kind_of_node(each) for each in (one, other) if each != tree.Literal(each.at, None)}
            return found.pop() if len(found) == 1 else None
    return None


class Reader:
    """Reads expressions on one way."""

    def __init__(self, way: Way, programs: Programs) -> None:
        self.way = way
        self.programs = programs

    # ---- expressions -------------------------------------------------------------------------------------------------

    def value(self, node: tree.Node, scope: Scope) -> Part:  # noqa: C901, PLR0911 - one line for each form
        """The value of an expression; what it holds may be put off."""
        names = self._names(node, scope)
        if all(is_known(scope[name]) for name in names):
            return self.programs.run(node, {name: plain(scope[name]) for name in names}, _own(scope))
        match node:
            case tree.Name():
                return settled(scope.get(node.name))
            case tree.Member():
                return self._member(node, scope)
            case tree.If():
                return self.value(node.consequence if self.holds(node.condition, scope) else node.alternative, scope)
            case tree.Junction():
                return self._junction(node, scope)
            case tree.Binary():
                return self._binary(node, scope)
            case tree.Negation():
                operand = self.value(node.operand, scope)
                number = self._number(operand)
                if number is not None:
                    return number.times(-ONE)
                return None if self._is_missing(operand) else self._made(node, scope)
            case tree.Between():
                given = self.value(node.value, scope)
                low = self.compare(">=", given, self.value(node.low, scope))
                return _both(low, self.compare("<=", given, self.value(node.high, scope)))
            case tree.In():
                return self.passes(node.tests, self.value(node.value, scope), scope)
            case tree.Call():
                return self._call(node, scope)
            case tree.ListLiteral():
                return [self.later(item, scope) for item in node.items]
            case tree.ContextLiteral():
                return self._context(node, scope)
            case tree.Filter():
                return self._filter(node, scope)
            case tree.For():
                return self._for(node, scope)
            case tree.Quantified():
                return self._quantified(node, scope)
        return self._made(node, scope)

    def later(self, node: tree.Node, scope: Scope) -> Later:
        """An expression that is put off."""
        return Later(lambda: self.value(node, scope), lambda: self._key(node, scope))

    def holds(self, node: tree.Node, scope: Scope) -> bool:
        """Whether a condition is true; false and null are not."""
        return self.truth(self.value(node, scope)) is True

    def truth(self, value: Part) -> bool | None:
        """Which of true, false and neither a value is."""
        value = settled(value)
        if isinstance(value, Unknown):
            return _TRUTH[self.way.ask(value, "truth", _truth, (True,))]
        return value if isinstance(value, bool) else None

    def _names(self, node: tree.Node, scope: Scope) -> list[str]:
        """The names of a scope that an expression looks up."""
        return [name for name in self.programs.looked_up(node, _own(scope)) if name in scope]

    def _key(self, node: tree.Node, scope: Scope) -> Hashable:
        return self.programs.shape(node), tuple(
            (name, key_of(scope[name])) for name in sorted(self._names(node, scope))
        )

    def _made(self, node: tree.Node, scope: Scope, wanted: Type | None = None) -> Unknown:
        """What is made of unknowns and not looked into."""
        wanted = wanted or kind_of_node(node)
        return Unknown((MADE, self._key(node, scope), repr(wanted)), wanted, told(node))

    def _member(self, node: tree.Member, scope: Scope) -> Part:
        base = self.value(node.base, scope)
        if is_known(base):
            return self.programs.run(_entry_of(node.name), {"base": plain(base)}, _BASE)
        return self.entry(base, node.name)

    def entry(self, base: Part, name: str) -> Part:
        """An entry of a context, or of each in a list."""
        base = settled(base)
        match base:
            case dict():
                return settled(base.get(name))
            case list():
                return [self.entry(item, name) for item in base]
            case Unknown():
                entries = dict(base.wanted.entries) if isinstance(base.wanted, ContextType) else {}
                return Unknown((*base.key, name), entries.get(name), f"{base.text}.{name}" if base.text else "")
        return None

    def _junction(self, node: tree.Junction, scope: Scope) -> bool | None:
        is_neither = False
        for operand in sorted(node.operands, key=lambda each: self._is_put_off(each, scope)):
            truth = self.truth(self.value(operand, scope))
            if truth is node.decider:
                return truth
            is_neither = is_neither or truth is None
        return None if is_neither else not node.decider

    def _is_put_off(self, node: tree.Node, scope: Scope) -> bool:
        """Whether an expression looks at what is not worked out yet: in a chain the others may settle it."""
        values = [scope[name] for name in self._names(node, scope)]
        return any(isinstance(value, Later) and not value.is_there for value in values)

    def _context(self, node: tree.ContextLiteral, scope: Scope) -> Part:
        found: dict[str, Part] = {}
        for key, entry in zip(node.keys, node.entries, strict=True):
            found[key] = self.later(entry, {**scope, **found})
        return found

    # ---- comparing ---------------------------------------------------------------------------------------------------

    def compare(self, operator: str, left: Part, right: Part) -> bool | None:
        """Whether two values compare so; None where they do not compare."""
        left, right = settled(left), settled(right)
        if is_known(left) and is_known(right):
            return _truth(_compared(operator, plain(left), plain(right)))
        if None in (left, right) and not (isinstance(left, Unknown) or isinstance(right, Unknown)):
            return operator == "!=" if operator in {"=", "!="} else None  # what is there is not null
        if not isinstance(right, Unknown | Linear) and isinstance(left, Unknown | Linear):
            return self._compare_known(operator, left, right)
        if isinstance(right, Unknown | Linear) and not isinstance(left, Unknown | Linear):
            return self._compare_known(_MIRRORED[operator], right, left)
        if left == right and operator in {"=", "!="}:
            return operator == "="
        if isinstance(left, Unknown | Linear) and isinstance(right, Unknown | Linear):
            return self._compare_unknowns(operator, left, right)
        return self._undecided(operator, left, right)

    def _compare_known(self, operator: str, left: Unknown | Linear, right: Part) -> bool | None:
        if not is_known(right):
            return self._undecided(operator, left, right)
        known = plain(right)
        if isinstance(left, Linear):
            if isinstance(known, Decimal):
                return self._sign(operator, left.plus(Linear.of(known), -ONE))
            return None
        if known.__class__ not in _CUT or (isinstance(known, str) and operator not in {"=", "!="}):
            return self._undecided(operator, left, right)
        answer = self.way.ask(
            left, (operator, repr(known)), lambda value: _truth(_compared(operator, value, known)), (known,)
        )
        return _TRUTH[answer]

    def _compare_unknowns(self, operator: str, left: Unknown | Linear, right: Unknown | Linear) -> bool | None:
        nulls = [isinstance(each, Unknown) and self._is_null(each) for each in (left, right)]
        if any(nulls):
            return all(nulls) is (operator == "=") if operator in {"=", "!="} else None
        numeric = any(isinstance(each, Linear) or each.kind in {Kind.NUMBER, Kind.DATE} for each in (left, right))
        kinds = {Kind.NUMBER if isinstance(each, Linear) else each.kind for each in (left, right)}
        if numeric and len(kinds) == 1:
            sums = [each if isinstance(each, Linear) else Linear.unknown(each) for each in (left, right)]
            return self._sign(operator, sums[0].plus(sums[1], -ONE))
        if Kind.NUMBER in kinds and None in kinds:
            one, other = self._number(left), self._number(right)
            return None if one is None or other is None else self._sign(operator, one.plus(other, -ONE))
        if None not in kinds and len(kinds) == 2:
            return None
        return self._undecided(operator, left, right, compare=None not in kinds)

    def _undecided(self, operator: str, left: Part, right: Part, *, compare: bool = False) -> bool | None:
        """A comparison that is not looked into: it may come out any way, and the same way wherever it is asked.

        `compare` says that the values do compare.
        """
        negated = operator == "!="
        ends = [key_of(left), key_of(right)]
        if operator in {"=", "!="}:
            operator, ends = "=", sorted(ends, key=repr)
        text = f"{label(left)} {operator} {label(right)}"
        unknown = Unknown((MADE, operator, *ends), _BOOLEAN, text)
        if compare:
            self.way.assume(unknown, ("=", "None"), lambda value: value is None, "False")
        truth = self.truth(unknown)
        return not truth if negated and truth is not None else truth

    def _sign(self, operator: str, linear: Linear) -> bool:
        if not linear.terms:
            sign = (linear.constant > 0) - (linear.constant < 0)
        elif len(linear.terms) == 1 and (end := _end_of(linear)) is not None:
            (key, share), *_ = linear.terms
            asked = self.way.ask(key, ("sign", repr(end)), lambda value: _sign_of(value, end), (end,))  # type: ignore[arg-type]
            sign = int(asked) if share > 0 else -int(asked)
        else:
            leading = linear.terms[0][1]
            sign = self.way.sign(linear.times(1 / abs(leading)) if leading > 0 else linear.times(-1 / abs(leading)))
            sign = sign if leading > 0 else -sign
        return sign in _SIGNS[operator]

    def _is_null(self, unknown: Unknown) -> bool:
        return self.way.ask(unknown, ("=", "None"), lambda value: value is None) == "True"

    def _is_missing(self, value: Part) -> bool:
        value = settled(value)
        return value is None or (isinstance(value, Unknown) and self._is_null(value))

    # ---- types -------------------------------------------------------------------------------------------------------

    def held(self, value: Unknown, wanted: Type) -> Part:
        """An unknown held to a type: null where it does not conform."""
        if value.wanted == wanted:
            return value
        if value.wanted is None and not value.is_given:  # nobody said what it is: it is that, or null
            return Unknown((*value.key, "as", repr(wanted)), wanted, value.text)
        return self.fitting(value, Limits(wanted, None), None)

    def fitting(self, value: Part, limits: Limits, otherwise: Part) -> Part:
        """A value that limits let through, or what there is instead."""
        if isinstance(value, Linear):
            return value if limits.misfit(Decimal(0), Evaluation())[0] == "" or limits.allowed else otherwise
        if not isinstance(value, Unknown) or (value.wanted == limits.type and limits.allowed is None):
            return value
        if value.wanted is None and not value.is_given and limits.type is not None:
            value = Unknown((*value.key, "as", repr(limits.type)), limits.type, value.text)
            if limits.allowed is None:
                return value
        literals = (
            *samples(limits),
            *(each for cells in (limits.allowed.cells if limits.allowed else ()) for each in cells.literals),
        )
        wrong = self.way.ask(
            value,
            ("misfit", repr(limits.type), limits.text),
            lambda each: limits.misfit(each, Evaluation())[0] != "",
            literals,
        )
        return otherwise if wrong == "True" else value

    # ---- arithmetic --------------------------------------------------------------------------------------------------

    def _binary(self, node: tree.Binary, scope: Scope) -> Part:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        if node.operator in _SIGNS:
            return self.compare(node.operator, left, right)
        if is_known(left) and is_known(right):
            return _worked_out(node.operator, plain(left), plain(right))
        one, other = self._number(left), self._number(right)
        if (one is None and self._is_missing(left)) or (other is None and self._is_missing(right)):
            return None
        if isinstance(one, Linear) and isinstance(other, Linear):
            match node.operator:
                case "+":
                    return one.plus(other)
                case "-":
                    return one.plus(other, -ONE)
                case "*" if not (one.terms and other.terms):
                    return one.times(other.constant) if one.terms else other.times(one.constant)
                case "/" if not other.terms and other.constant:
                    return one.times(1 / other.constant)
            return self._made(node, scope, KindType(Kind.NUMBER))
        return self._made(node, scope)

    def _number(self, value: Part) -> "Linear | None":
        """A value as a sum of numbers; None where it is no number."""
        value = settled(value)
        if isinstance(value, Linear):
            return value
        if isinstance(value, Decimal):
            return Linear.of(value)
        if isinstance(value, Unknown):
            is_number = self.way.ask(value, "number", lambda each: each.__class__ is Decimal, (Decimal(0),))
            return Linear.unknown(value) if is_number == "True" else None
        return None

    # ---- tests -------------------------------------------------------------------------------------------------------

    def passes(self, tests: tree.Tests, value: Part, scope: Scope) -> bool | None:
        """Whether a value passes tests that look at more than literals."""
        if not tests.tests:
            return True
        answers = [self._test(test, value, scope) for test in tests.tests]
        truth = True if True in answers else None if None in answers else False
        return not truth if tests.negated and truth is not None else truth

    def _test(self, test: tree.Node, value: Part, scope: Scope) -> bool | None:
        match test:
            case tree.UnaryComparison():
                return self.compare(test.operator, value, self.value(test.endpoint, scope))
            case tree.RangeLiteral(start=start, end=end) if start is not None and end is not None:
                low = self.compare(">=" if test.start_included else ">", value, self.value(start, scope))
                high = self.compare("<=" if test.end_included else "<", value, self.value(end, scope))
                return _both(low, high)
        if "?" in self.programs.looked_up(test, _own({**scope, "?": None})):
            return self.truth(self.value(test, {**scope, "?": value}))
        endpoint = self.value(test, scope)
        if isinstance(endpoint, list):
            answers = [self.compare("=", value, each) for each in endpoint]
            return True if True in answers else None if None in answers else False
        return self.compare("=", value, endpoint)

    # ---- calls -------------------------------------------------------------------------------------------------------

    def _call(self, node: tree.Call, scope: Scope) -> Part:
        if isinstance(node.callee, tree.Name) and node.callee.name in BUILTINS and node.callee.name not in scope:
            arguments = [self.value(argument, scope) for argument in node.arguments]
            return self._builtin(node, arguments, scope) if not node.names else self._made(node, scope)
        called = self.value(node.callee, scope)
        if not isinstance(called, Routine):
            return self._made(node, scope)
        names = node.names or tuple(name for name, _ in called.parameters)
        if len(node.arguments) != len(called.parameters) or set(names) != {name for name, _ in called.parameters}:
            return None
        return called.call({name: self.later(each, scope) for name, each in zip(names, node.arguments, strict=True)})

    def _builtin(self, node: tree.Call, arguments: list[Part], scope: Scope) -> Part:
        name = node.callee.name if isinstance(node.callee, tree.Name) else ""
        if all(map(is_known, arguments)):
            values = {f"argument {place}": plain(each) for place, each in enumerate(arguments)}
            return self.programs.run(_called(name, len(values)), values, _own(values))
        listed = arguments[0] if arguments else None
        match name:
            case "not":
                truth = self.truth(listed)
                return None if truth is None else not truth
            case "count" if isinstance(listed, list):
                return Decimal(len(listed))
            case "list contains" if isinstance(listed, list) and len(arguments) == 2:
                return self._contains(listed, arguments[1])
            case "max" | "min":
                return self._extreme(node, arguments, scope, ">=" if name == "max" else "<=")
            case "sum" if isinstance(listed, list) and listed:
                numbers = [self._number(each) for each in listed]
                if all(isinstance(each, Linear) for each in numbers):
                    total = Linear.of(0)
                    for each in numbers:
                        total = total.plus(each) if each is not None else total
                    return total
            case "concatenate" if all(isinstance(each, list) for each in arguments):
                return [item for each in arguments for item in each]
            case "append" if isinstance(listed, list):
                return [*listed, *arguments[1:]]
            case "context merge" if isinstance(listed, list):
                contexts = [settled(each) for each in listed]
                if all(isinstance(each, dict) for each in contexts):
                    return {key: value for each in contexts for key, value in each.items()}
            case "context put" if isinstance(listed, dict) and len(arguments) == 3 and isinstance(arguments[1], str):
                return {**listed, arguments[1]: arguments[2]}
        return self._made(node, scope)

    def _contains(self, listed: list[Part], wanted: Part) -> bool | None:
        answers = [self.compare("=", each, wanted) for each in listed]
        return True in answers

    def _extreme(self, node: tree.Call, arguments: list[Part], scope: Scope, operator: str) -> Part:
        items = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else arguments
        numbers = [self._number(item) for item in items]
        if None in numbers or not numbers:
            has_no_order = any(numbers) or any(map(self._is_missing, items))  # a number with what is none, and null
            return None if has_no_order else self._made(node, scope)
        best = 0
        for place in range(1, len(numbers)):
            if self.compare(operator, items[place], items[best]):
                best = place
        return settled(items[best])

    # ---- lists -------------------------------------------------------------------------------------------------------

    def _filter(self, node: tree.Filter, scope: Scope) -> Part:
        base = self.value(node.base, scope)
        if not isinstance(base, list):
            return self._made(node, scope)
        place = tree.literal_of(node.condition)
        if place is None:
            index = None
            if "item" not in self.programs.looked_up(node.condition, _own({**scope, "item": None})):
                index = self._index(node.condition, scope, base)
            place = index
        if isinstance(place, Decimal):
            at = int(place) - 1 if place > 0 else int(place)
            return settled(base[at]) if -len(base) <= at < len(base) and place else None
        kept = []
        for item in base:
            whole = settled(item)
            entries = whole if isinstance(whole, dict) else {}
            if self.holds(node.condition, {**scope, "item": item, **entries}):
                kept.append(item)
        return kept

    def _index(self, node: tree.Node, scope: Scope, base: Sequence[Part]) -> Decimal | None:
        """The number that stands in a filter's brackets, where it is one."""
        first = settled(base[0]) if base else None
        names = self.programs.looked_up(node, _own(scope))
        if isinstance(first, dict) and names & first.keys():
            return None
        value = settled(self.value(node, scope))
        return value if isinstance(value, Decimal) else None

    def _items(self, iterations: Sequence[tree.Iteration], scope: Scope) -> list[dict[str, Part]] | None:
        """The scopes of an iteration; None where nobody knows over what it goes."""
        scopes: list[dict[str, Part]] = [dict(scope)]
        for iteration in iterations:
            inner: list[dict[str, Part]] = []
            for outer in scopes:
                source = self.value(iteration.source, outer)
                if iteration.end is not None:
                    end = self.value(iteration.end, outer)
                    if not (isinstance(source, Decimal) and isinstance(end, Decimal)):
                        return None
                    step = 1 if end >= source else -1
                    source = [Decimal(each) for each in range(int(source), int(end) + step, step)]
                if not isinstance(source, list):
                    return None
                inner += [{**outer, iteration.name: item} for item in source]
            scopes = inner
        return scopes

    def _for(self, node: tree.For, scope: Scope) -> Part:
        scopes = None if "partial" in self.programs.shape(node.body) else self._items(node.iterations, scope)
        return self._made(node, scope) if scopes is None else [self.later(node.body, inner) for inner in scopes]

    def _quantified(self, node: tree.Quantified, scope: Scope) -> Part:
        scopes = self._items(node.iterations, scope)
        if scopes is None:
            return self._made(node, scope)
        is_neither = False
        for inner in scopes:
            truth = self.truth(self.value(node.condition, inner))
            if truth is node.decider:
                return truth
            is_neither = is_neither or truth is None
        return None if is_neither else not node.decider


# ---- by the engine ---------------------------------------------------------------------------------------------------

_BASE: Final = frozenset({"base"})
_NONE: Final[frozenset[str]] = frozenset()


def _own(scope: Scope) -> frozenset[str]:
    """The names of a scope that hide functions of the language."""
    return frozenset(BUILTINS.keys() & scope.keys()) if not BUILTINS.keys().isdisjoint(scope) else _NONE


@lru_cache(maxsize=1_000)
def _entry_of(name: str) -> tree.Member:
    return tree.Member(0, tree.Name(0, "base"), name)


@lru_cache(maxsize=256)
def _called(name: str, count: int) -> tree.Call:
    return tree.Call(0, tree.Name(0, name), tuple(tree.Name(0, f"argument {place}") for place in range(count)))


_TRUTH: Final = {"True": True, "False": False, "None": None}


def _truth(value: Value) -> bool | None:
    return value if isinstance(value, bool) else None


@lru_cache(maxsize=64)
def _of_two(operator: str) -> Callable[..., Value]:
    node = tree.Binary(0, operator, tree.Name(0, "one"), tree.Name(0, "other"))
    return compile_node(node, BUILTINS, ("one", "other"))[0]


def _worked_out(operator: str, one: Value, other: Value) -> Value:
    return _of_two(operator)(Evaluation(), {"one": one, "other": other})


_compared = _worked_out


def _both(*truths: bool | None) -> bool | None:
    return False if False in truths else None if None in truths else True


MADE: Final = "made"
"""What the key of an unknown begins with that an expression makes of others."""

SAMPLES: Final[Mapping[Kind, Value]] = {
    Kind.NUMBER: Decimal(0),
    Kind.STRING: "",
    Kind.BOOLEAN: True,
    Kind.DATE: date(2000, 1, 1),
}
"""A value of each kind that unknowns are cut into."""


def samples(limits: Limits) -> tuple[Value, ...]:
    """A value of the kind that limits ask for, so that the unknown is cut into that kind and others."""
    return (SAMPLES[limits.type.kind],) if isinstance(limits.type, KindType) and limits.type.kind in SAMPLES else ()


def _end_of(linear: Linear) -> Value:
    """Where a sum of one unknown is zero, as a number or a day; None where no number of FEEL is exactly that."""
    (key, share), *_ = linear.terms
    end = -linear.constant / share
    if isinstance(key, Unknown) and key.kind is Kind.DATE:
        return date.fromordinal(int(end)) if end.denominator == 1 and 0 < end < date.max.toordinal() else None
    rest = end.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return Decimal(end.numerator) / Decimal(end.denominator) if rest == 1 else None


def _sign_of(value: Any, end: Any) -> int:
    if value.__class__ is not end.__class__:
        return 0  # asked of numbers only: other pieces have been left behind
    difference = number_of(value) - number_of(end)
    return (difference > 0) - (difference < 0)


# ---- words -----------------------------------------------------------------------------------------------------------


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

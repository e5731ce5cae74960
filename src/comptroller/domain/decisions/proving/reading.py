"""Expressions over values that may be unknown.

Where everything that an expression looks at is known, the engine itself evaluates it: nothing is said twice of what
FEEL means. Otherwise it is taken apart: conditions ask their way which of their truths holds, comparisons are
`Comparing`'s, sums become linear. Whatever else is made of unknowns becomes an unknown of its own, the same one
wherever the same is made of the same.
"""

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final

from comptroller.domain.decisions.proving.comparing import BOOLEAN, MADE, ONE, SIGNS, Comparing, both, worked_out
from comptroller.domain.decisions.proving.labels import told
from comptroller.domain.decisions.proving.linear import Linear
from comptroller.domain.decisions.proving.programs import Programs
from comptroller.domain.decisions.proving.unknowns import Unknown, Way
from comptroller.domain.decisions.proving.values import Later, Part, Routine, is_known, key_of, plain, settled
from comptroller.domain.feel import BUILTINS, Kind, Type, tree
from comptroller.domain.feel.types import ContextType, KindType

Scope = Mapping[str, Part]

_TRUTHS: Final = frozenset({"not", "list contains", "contains", "starts with", "ends with", "matches", "is defined"})
_MADE: Final[Mapping[str, Type]] = {
    **dict.fromkeys(_TRUTHS, BOOLEAN),
    **dict.fromkeys(("string", "string join", "substring", "upper case", "lower case"), KindType(Kind.STRING)),
    **dict.fromkeys(("count", "sum", "string length", "abs", "floor", "ceiling", "decimal"), KindType(Kind.NUMBER)),
}


def kind_of_node(node: tree.Node | None) -> Type | None:
    """The type that an expression's value has unless it is null, where its form alone says so."""
    if tree.is_condition(node):
        return BOOLEAN
    match node:
        case tree.Binary(operator="+") if KindType(Kind.STRING) in map(kind_of_node, (node.left, node.right)):
            return KindType(Kind.STRING)
        case tree.Literal(value=str()):
            return KindType(Kind.STRING)
        case tree.Literal(value=bool()):
            return BOOLEAN
        case tree.Literal(value=Decimal()):
            return KindType(Kind.NUMBER)
        case tree.Call(callee=tree.Name(name=name)):
            return _MADE.get(name)
        case tree.If(consequence=one, alternative=other):
            found = {kind_of_node(each) for each in (one, other) if each != tree.Literal(each.at, None)}
            return found.pop() if len(found) == 1 else None
    return None


class Reader(Comparing):
    """Reads expressions on one way."""

    def __init__(self, way: Way, programs: Programs) -> None:
        super().__init__(way)
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
                return both(low, self.compare("<=", given, self.value(node.high, scope)))
            case tree.In():
                return self.passes(node.tests, self.value(node.value, scope), scope, cell=False)
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

    # ---- arithmetic --------------------------------------------------------------------------------------------------

    def _binary(self, node: tree.Binary, scope: Scope) -> Part:
        left, right = self.value(node.left, scope), self.value(node.right, scope)
        if node.operator in SIGNS:
            return self.compare(node.operator, left, right)
        if is_known(left) and is_known(right):
            return worked_out(node.operator, plain(left), plain(right))
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

    # ---- tests -------------------------------------------------------------------------------------------------------

    def passes(self, tests: tree.Tests, value: Part, scope: Scope, *, cell: bool) -> bool | None:
        """Whether a value passes tests that look at more than literals, of a cell or behind `in`."""
        if not tests.tests:
            return True
        answers = [self._test(test, value, scope, cell=cell) for test in tests.tests]
        truth = True if True in answers else None if None in answers else False
        return not truth if tests.negated and truth is not None else truth

    def _test(self, test: tree.Node, value: Part, scope: Scope, *, cell: bool) -> bool | None:
        match test:
            case tree.UnaryComparison():
                return self.compare(test.operator, value, self.value(test.endpoint, scope))
            case tree.RangeLiteral(start=start, end=end) if start is not None and end is not None:
                low = self.compare(">=" if test.start_included else ">", value, self.value(start, scope))
                high = self.compare("<=" if test.end_included else "<", value, self.value(end, scope))
                return both(low, high)
        if "?" in self.programs.looked_up(test, _own({**scope, "?": None})):
            return self.truth(self.value(test, {**scope, "?": value}))
        endpoint = self.value(test, scope)
        if cell and (tree.is_condition(test) or isinstance(endpoint, bool | Unknown)):
            truth = self.truth(endpoint)
            if truth is not None:  # the cell says itself whether it accepts, unless it is asked of a truth
                return self.compare("=", value, truth) if self._is_truth(value) else truth
            if tree.is_condition(test):
                return None
        if isinstance(endpoint, list):
            answers = [self.compare("=", value, each) for each in endpoint]
            if isinstance(value, Unknown) and value.kind is None:
                answers.append(self.compare("=", value, endpoint))  # it may be the list itself
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

    def _builtin(self, node: tree.Call, arguments: list[Part], scope: Scope) -> Part:  # noqa: C901, PLR0911 - one line for each form
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
            case "starts with" if isinstance(listed, Unknown) and isinstance(settled(arguments[1]), str):
                return self.begins(listed, settled(arguments[1]))
            case "abs" if (number := self._number(listed)) is not None:
                return number if self._sign(">=", number) else number.times(-ONE)
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

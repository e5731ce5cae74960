"""Parts of a value that may differ between two versions, and what is left of them behind an expression.

A part is the path to it: names of entries, and a step into each item of a list. The empty path is the whole.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

from comptroller.domain.decisions.proving.programs import Programs
from comptroller.domain.feel import BUILTINS, tree

Path = tuple[str, ...]
Parts = frozenset[Path]

NOTHING: Final[Parts] = frozenset()
WHOLE: Final[Parts] = frozenset({()})
EACH: Final = "\0each"
"""The step into each item of a list."""


@dataclass(frozen=True, eq=False)  # no slots: whether it gives the same is worked out once
class Function:
    """A function of the model: its parameters, and what may differ of what it gives of arguments that may."""

    parameters: tuple[str, ...]
    of: Callable[[Mapping[str, Parts]], Parts]

    @cached_property
    def is_same(self) -> bool:
        """Whether it gives the same of the same in both versions."""
        return not self.of(dict.fromkeys(self.parameters, NOTHING))


Seen: TypeAlias = "Parts | Function | dict[str, Seen]"
"""What a name stands for: what may differ of a value, a function, or an imported model's elements by their names."""

Scope = Mapping[str, Seen]


def is_same(seen: Seen) -> bool:
    """Whether nothing that a name stands for may differ."""
    if isinstance(seen, Function):
        return seen.is_same
    return all(map(is_same, seen.values())) if isinstance(seen, dict) else not seen


def under(name: str, parts: Parts) -> Parts:
    """What may differ of a context or list by what may of an entry, or of each item."""
    return frozenset((name, *each) for each in parts)


def entry_of(parts: Parts, name: str) -> Parts:
    """What may differ of an entry of a context, or of that entry of each item of a list."""
    found = set[Path]()
    for path in parts:
        if not path:
            return WHOLE
        if path[0] == EACH:
            found |= under(EACH, entry_of(frozenset({path[1:]}), name))
        elif path[0] == name:
            found.add(path[1:])
    return frozenset(found)


def items_of(parts: Parts) -> Parts:
    """What may differ of each item of a list; a value that is none is a list of itself."""
    return frozenset(path[1:] if path and path[0] == EACH else path for path in parts)


class Differing:
    """What may differ of expressions that are written the same in both versions."""

    def __init__(self, programs: Programs, members: frozenset[str]) -> None:
        self._programs = programs
        self._members = members
        self._names: dict[int, tuple[tree.Node, frozenset[str]]] = {}

    def text(self, text: str, scope: Scope, *, unary: bool = False) -> Parts:
        """What may differ of an expression, or of the answer of a cell's tests."""
        if all(map(is_same, scope.values())):
            return NOTHING
        node = self._programs.read(text, tuple(scope), self._members, unary=unary)
        if node is None:
            return WHOLE
        return self.node(node, {**scope, "?": NOTHING} if unary else scope)

    def node(self, node: tree.Node, scope: Scope) -> Parts:
        """What may differ of the value of an expression."""
        if all(is_same(scope[name]) for name in self._named_in(node) if name in scope):
            return NOTHING
        match node:
            case tree.Name() | tree.Member():
                return self._named(node, scope)
            case tree.If():
                chosen = self.node(node.consequence, scope) | self.node(node.alternative, scope)
                return WHOLE if self.node(node.condition, scope) else chosen
            case tree.Binary(operator="=" | "!=") if tree.Literal(node.right.at, None) == node.right:
                return WHOLE if () in self.node(node.left, scope) else NOTHING
            case tree.ListLiteral():
                return frozenset(each for item in node.items for each in under(EACH, self.node(item, scope)))
            case tree.ContextLiteral():
                found: dict[str, Parts] = {}
                for key, entry in zip(node.keys, node.entries, strict=True):
                    found[key] = self.node(entry, {**scope, **found})
                return frozenset(each for key, parts in found.items() for each in under(key, parts))
            case tree.Filter():
                return self._filter(node, scope)
            case tree.For():
                inner = self._items(node.iterations, scope)
                is_open = inner is None or "partial" in self._programs.shape(node.body)
                return WHOLE if is_open or inner is None else under(EACH, self.node(node.body, inner))
            case tree.Quantified():
                inner = self._items(node.iterations, scope)
                return WHOLE if inner is None or self.node(node.condition, inner) else NOTHING
            case tree.Call():
                return self._call(node, scope)
            case tree.FunctionLiteral():
                return WHOLE
        return WHOLE if any(self.node(each, scope) for each in tree.children(node)) else NOTHING

    def _named_in(self, node: tree.Node) -> frozenset[str]:
        """The names that stand in an expression."""
        found = self._names.get(id(node))
        if found is None:
            names = frozenset({node.name} if isinstance(node, tree.Name) else ())
            names = names.union(*map(self._named_in, tree.children(node)))
            found = self._names[id(node)] = node, names
        return found[1]

    def _named(self, node: tree.Node, scope: Scope) -> Parts:
        seen = self._found(node, scope)
        if isinstance(seen, frozenset):
            return seen
        return NOTHING if is_same(seen) else WHOLE

    def _found(self, node: tree.Node, scope: Scope) -> Seen:
        match node:
            case tree.Name():
                return scope.get(node.name, NOTHING)
            case tree.Member():
                base = self._found(node.base, scope)
                if isinstance(base, dict):
                    return base.get(node.name, NOTHING)
                return entry_of(base, node.name) if isinstance(base, frozenset) else WHOLE
        return self.node(node, scope)

    def _filter(self, node: tree.Filter, scope: Scope) -> Parts:
        base = self.node(node.base, scope)
        item = items_of(base)
        entries = {path[0]: entry_of(item, path[0]) for path in item if path and path[0] != EACH}
        kept = self.node(node.condition, {**scope, "item": item, **entries})
        return WHOLE if () in base or kept else base | item

    def _items(self, iterations: tuple[tree.Iteration, ...], scope: Scope) -> Scope | None:
        """The scope of an iteration; None where it may go over something else."""
        inner = dict(scope)
        for iteration in iterations:
            source = self.node(iteration.source, inner)
            if () in source or (iteration.end is not None and self.node(iteration.end, inner)):
                return None
            inner[iteration.name] = items_of(source)
        return inner

    # ---- calls -------------------------------------------------------------------------------------------------------

    def _call(self, node: tree.Call, scope: Scope) -> Parts:
        arguments = [self.node(each, scope) for each in node.arguments]
        if isinstance(node.callee, tree.Name) and node.callee.name in BUILTINS and node.callee.name not in scope:
            if not any(arguments):
                return NOTHING
            return WHOLE if node.names else self._builtin(node, arguments)
        called = self._found(node.callee, scope)
        if not isinstance(called, Function) or len(arguments) != len(called.parameters):
            return NOTHING if is_same(called) and not any(arguments) else WHOLE
        given = dict(zip(node.names or called.parameters, arguments, strict=True))
        return called.of(given) if given.keys() == set(called.parameters) else WHOLE

    def _builtin(self, node: tree.Call, arguments: list[Parts]) -> Parts:
        """What may differ of what a built-in function gives, where it hands on what it is given."""
        first, name = arguments[0], node.callee.name if isinstance(node.callee, tree.Name) else ""
        if any(() in each for each in arguments):
            return WHOLE
        match name:
            case "count":
                return NOTHING
            case "concatenate":
                return frozenset(each for argument in arguments for each in argument)
            case "append":
                return first.union(*(under(EACH, each) for each in arguments[1:]))
            case "flatten":
                rests = {tuple(_without_each(path)) for path in first}
                return WHOLE if () in rests else frozenset((EACH, *rest) for rest in rests)
            case "context merge":
                items = items_of(first)
                return WHOLE if () in items else items
            case "context put" if len(arguments) == 3 and isinstance(node.arguments[1], tree.Literal):
                key = str(node.arguments[1].value)
                return frozenset(path for path in first if path[0] != key) | under(key, arguments[2])
        return WHOLE


def _without_each(path: Path) -> Iterator[str]:
    is_before = True
    for step in path:
        is_before = is_before and step == EACH
        if not is_before:
            yield step

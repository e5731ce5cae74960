"""What a statement speaks of that cannot be: a text that its decision never says, or that an input never is.

A misspelt text is equal to nothing, and so a statement that compares with it may hold of everything. What a decision
can say in a part of its outcome is found on all its ways, with every table guessed: more than it can say, so that a
text which is not among it is one that it never says.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

from comptroller.domain.decisions.item_types import ConstrainedType
from comptroller.domain.decisions.proving.unknowns import Exhausted, Exploration, Unknown, Way
from comptroller.domain.decisions.proving.values import Part, settled
from comptroller.domain.feel import Kind, Type, tree
from comptroller.domain.feel.mentions import nodes_of
from comptroller.domain.feel.types import ContextType, KindType, ListType

Path = tuple[str, ...]
"""A name, and the entries under it; a step into the items of a list is none."""

QUESTIONS_MAX: Final = 20_000
"""Questions that may be asked to find what a decision can say."""


def texts_compared(node: tree.Node, names: frozenset[str]) -> dict[Path, list[str]]:
    """The parts of what is named that a statement compares with texts, each with these texts."""
    found: dict[Path, list[str]] = {}
    for path, text in _compared(node, {name: (name,) for name in names}):
        found.setdefault(path, []).append(text)
    return found


def _compared(node: tree.Node, scope: Mapping[str, Path]) -> Iterator[tuple[Path, str]]:
    match node:
        case tree.Binary(operator="=" | "!=", left=tree.Literal(value=str(text)), right=part):
            yield from _of(part, [text], scope)
        case tree.Binary(operator="=" | "!=", left=part, right=tree.Literal(value=str(text))):
            yield from _of(part, [text], scope)
        case tree.In(value=part, tests=tests):
            literals = [each.value for each in nodes_of(tests) if isinstance(each, tree.Literal)]
            yield from _of(part, [each for each in literals if isinstance(each, str)], scope)
        case tree.Call(callee=tree.Name(name="list contains"), arguments=(part, tree.Literal(value=str(text)))):
            yield from _of(part, [text], scope)
        case tree.Quantified(iterations=iterations, condition=body) | tree.For(iterations=iterations, body=body):
            inner = dict(scope)
            for iteration in iterations:
                yield from _compared(iteration.source, inner)
                inner.pop(iteration.name, None)
                source = _path(iteration.source, inner)
                if source is not None and iteration.end is None:
                    inner[iteration.name] = source
            yield from _compared(body, inner)
            return
        case tree.Filter(base=base, condition=condition):
            yield from _compared(base, scope)
            item = _path(base, scope)
            if item is not None:  # a name that is nothing else is an entry of the items
                entries = {each.name: (*item, each.name) for each in nodes_of(condition) if isinstance(each, tree.Name)}
                yield from _compared(condition, {**entries, **scope, "item": item})
            return
    for child in tree.children(node):
        yield from _compared(child, scope)


def _of(part: tree.Node, texts: list[str], scope: Mapping[str, Path]) -> Iterator[tuple[Path, str]]:
    path = _path(part, scope)
    if path is not None:
        yield from ((path, text) for text in texts)


def _path(node: tree.Node, scope: Mapping[str, Path]) -> Path | None:
    match node:
        case tree.Name(name=name):
            return scope.get(name)
        case tree.Member(base=base, name=name):
            found = _path(base, scope)
            return None if found is None else (*found, name)
        case tree.Filter(base=base):
            return _path(base, scope)
    return None


def can_be(wanted: Type | None, path: Path, text: str) -> bool:
    """Whether an entry of a value of a type, or of an item of such a list, may be a text; yes where nobody says."""
    bare = wanted
    while isinstance(bare, ConstrainedType):
        bare = bare.base
    if isinstance(bare, ListType):
        return can_be(bare.element, path, text)
    if path:
        return not isinstance(bare, ContextType) or can_be(dict(bare.entries).get(path[0]), path[1:], text)
    return not isinstance(bare, KindType) or wanted is None or wanted.conforms(text)


class Said:
    """The texts that a decision can say, by parts of its outcome; None where these are not known."""

    def __init__(self) -> None:
        self.texts: set[str] | None = set()

    def add(self, value: Part, path: Path) -> None:
        """Take in what stands at a part of an outcome."""
        value = settled(value)
        if self.texts is None or value is None:
            return
        if isinstance(value, Unknown):
            self.texts = None if value.kind in {None, Kind.STRING} else self.texts
        elif isinstance(value, list):
            for each in value:
                self.add(each, path)
        elif path and isinstance(value, dict):
            self.add(value.get(path[0]), path[1:])
        elif not path and isinstance(value, str):
            self.texts.add(value)


def never_said(outcome_of: Callable[[Way], Part], compared: Mapping[Path, Collection[str]]) -> tuple[Path, str] | None:
    """A part of an outcome, and a text that it is compared with and never is; None where none is known."""
    said = {path: Said() for path in compared}

    def walk(way: Way) -> None:
        outcome = outcome_of(way)
        for path, found in said.items():
            found.add(outcome, path)

    def left() -> Iterator[tuple[Path, str]]:
        for path, texts in compared.items():
            known = said[path].texts
            yield from ((path, text) for text in texts if known is not None and text not in known)

    try:
        for _ in Exploration(QUESTIONS_MAX).ways(walk):
            if next(left(), None) is None:
                return None
    except (Exhausted, RecursionError):
        return None
    return next(left(), None)

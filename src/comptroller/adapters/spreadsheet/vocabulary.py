"""The names of a model, so that a cell's FEEL is read as the model's author means it.

A name may hold blanks and operators, and only who knows it reads `net amount - tax` rightly. Which names are in scope
where is for the model's compiler to say; to tell whether a cell is FEEL at all, all of them together serve.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from comptroller.domain.decisions.definitions import Definitions, InformationItem, ItemDefinition, OutputClause
from comptroller.domain.decisions.definitions import Iterator as BoxedIterator
from comptroller.domain.feel import compile_expression, compile_unary_tests
from comptroller.domain.kernel.fault import Fault


class Vocabulary:
    """Every name that a model gives to something."""

    def __init__(self, definitions: Definitions) -> None:
        self._names = tuple(dict.fromkeys(name for name in _names(definitions) if name))

    def faults_of(self, text: str, *, unary: bool) -> tuple[Fault, ...]:
        """What keeps a text from being FEEL; unary tests or an expression."""
        if not text.strip():
            return ()
        if unary:
            return compile_unary_tests(text, self._names, members=self._names).faults
        if " ".join(text.split()) in self._names:
            return ()
        return compile_expression(text, self._names, members=self._names).faults


def _names(node: object) -> Iterator[str]:
    if isinstance(node, InformationItem | ItemDefinition | OutputClause):
        yield node.name
    if isinstance(node, BoxedIterator):
        yield node.variable
    if isinstance(node, Definitions):
        yield from (item.name for item in node.imports)
    if isinstance(node, tuple):
        for part in node:
            yield from _names(part)
    elif is_dataclass(node):
        for field in fields(node):
            yield from _names(getattr(node, field.name))

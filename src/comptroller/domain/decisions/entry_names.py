"""The names of entries that a model's values have, as far as its files say: an expression may ask for them after a dot.

A name with blanks, operators or keywords in it is read as one name only where it is known. A value's entries are named
where its type or its logic is written down, which may be in another decision or in another model than the expression.
"""

from collections.abc import Iterator, Sequence
from typing import assert_never

from comptroller.domain.decisions.definitions import (
    BoxedExpression,
    BoxedList,
    BusinessKnowledgeModel,
    Conditional,
    Context,
    Decision,
    DecisionTable,
    Definitions,
    Filter,
    FunctionDefinition,
    Invocation,
    ItemDefinition,
    LiteralExpression,
    Relation,
)
from comptroller.domain.decisions.definitions import Iterator as BoxedIterator


def entry_names(models: Sequence[Definitions]) -> frozenset[str]:
    """Those of all names that are more than a word of letters: expressions read all the others as names anyway."""
    return frozenset(name for name in all_names(models) if not name.isidentifier())


def all_names(models: Sequence[Definitions]) -> frozenset[str]:
    """The names of components, entries, columns, outputs and elements."""
    names: set[str] = set()
    for model in models:
        for definition in model.item_definitions:
            names.update(_of_components(definition))
        for element in model.elements:
            names.add(element.variable.name)
            if isinstance(element, Decision):
                names.update(_of_logic(element.expression))
            if isinstance(element, BusinessKnowledgeModel):
                names.update(_of_logic(element.logic))
    return frozenset(names)


def _of_components(definition: ItemDefinition) -> Iterator[str]:
    for component in definition.components:
        yield component.name
        yield from _of_components(component)


def _of_logic(logic: BoxedExpression | None) -> Iterator[str]:
    match logic:
        case Context():
            yield from (entry.variable.name for entry in logic.entries if entry.variable is not None)
        case Relation():
            yield from (column.name for column in logic.columns)
        case DecisionTable():
            yield from (clause.name for clause in logic.outputs)
    for part in _parts(logic):
        yield from _of_logic(part)


def _parts(logic: BoxedExpression | None) -> Sequence[BoxedExpression | None]:
    match logic:
        case None | LiteralExpression() | DecisionTable():
            return ()
        case Context():
            return [entry.value for entry in logic.entries]
        case BoxedList():
            return logic.items
        case Relation():
            return [cell for row in logic.rows for cell in row]
        case Invocation():
            return [logic.called, *(binding.value for binding in logic.bindings)]
        case FunctionDefinition():
            return [logic.body]
        case Conditional():
            return [logic.condition, logic.then, logic.otherwise]
        case Filter():
            return [logic.source, logic.match]
        case BoxedIterator():
            return [logic.source, logic.body]
    assert_never(logic)

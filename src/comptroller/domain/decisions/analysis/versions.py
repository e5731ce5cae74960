"""Two versions of whole models: which decisions are the same, which tables differ and where, what nobody can say.

Tables are compared over all inputs, each by itself: a table whose columns show what another table concludes is held
against that table's conclusions, not traced back to the inputs. Expressions that are no tables are compared as texts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comptroller.domain.decisions.analysis.differences import Comparison, compare
from comptroller.domain.decisions.definitions import (
    BoxedExpression,
    BusinessKnowledgeModel,
    Decision,
    DecisionTable,
    Definitions,
    FunctionDefinition,
    InputData,
)
from comptroller.domain.decisions.model import Model


@dataclass(frozen=True, slots=True)
class Versions:
    """What became of the decisions (and business knowledge models) of a model, by name.

    `tables` are those whose table was written anew, with what differs; `rewritten` have another expression, of which
    nothing is proved; `retyped` are item definitions that say something else, and inputs and decisions of another type.
    """

    same: tuple[str, ...]
    tables: tuple[Comparison, ...]
    rewritten: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    retyped: tuple[str, ...]
    written_anew: tuple[tuple[str, str], ...] = ()  # namespace and name: tables and other expressions

    @property
    def is_equal(self) -> bool:
        """Whether both versions decide the same of all inputs, for certain."""
        changed = self.rewritten or self.added or self.removed or self.retyped
        return not changed and all(comparison.is_equal for comparison in self.tables)


def compare_versions(old: Iterable[tuple[Definitions, Model]], new: Iterable[tuple[Definitions, Model]]) -> Versions:
    """Compare models, each with what it was compiled from; those of one version have different namespaces."""
    old, new = list(old), list(new)
    before, after = _logic(old), _logic(new)
    types_before, types_after = _types(old), _types(new)
    written_anew = [name for name in after if name in before and before[name] != after[name]]
    tables = [name for name in written_anew if _is_table(before[name]) and _is_table(after[name])]
    by_namespace = {definitions.namespace: model for definitions, model in old}
    compared = [
        comparison
        for definitions, model in new
        for comparison in compare(by_namespace.get(definitions.namespace, model), model)
        if (definitions.namespace, comparison.decision) in tables
    ]
    return Versions(
        written_anew=tuple(written_anew),
        same=tuple(name for (space, name), logic in after.items() if before.get((space, name)) == logic),
        tables=tuple(compared),
        rewritten=tuple(name for name in _names(written_anew) if name not in _names(tables)),
        added=_names([name for name in after if name not in before]),
        removed=_names([name for name in before if name not in after]),
        retyped=tuple(
            sorted(
                {
                    name
                    for _, name in types_before.keys() | types_after.keys()
                    if _differs(types_before, types_after, name)
                }
                | _of_other_types(_variables(old), _variables(new))
            )
        ),
    )


_Name = tuple[str, str]
"""A model's namespace and a name in it."""


def _names(found: Iterable[_Name]) -> tuple[str, ...]:
    return tuple(name for _, name in found)


def _logic(models: Iterable[tuple[Definitions, Model]]) -> dict[_Name, object]:
    """What each decision and knowledge model says; how it is drawn does not matter."""
    found: dict[_Name, object] = {}
    for definitions, _ in models:
        for element in definitions.elements:
            if isinstance(element, Decision):
                found[definitions.namespace, element.name] = element.expression
            elif isinstance(element, BusinessKnowledgeModel):
                found[definitions.namespace, element.name] = element.logic
    return found


def _is_table(logic: object) -> bool:
    body: BoxedExpression | object | None = logic.body if isinstance(logic, FunctionDefinition) else logic
    return isinstance(body, DecisionTable)


def _types(models: Iterable[tuple[Definitions, Model]]) -> dict[_Name, object]:
    return {
        (definitions.namespace, item.name): item for definitions, _ in models for item in definitions.item_definitions
    }


def _variables(models: Iterable[tuple[Definitions, Model]]) -> dict[_Name, str]:
    """The types of inputs and decisions, as they are referred to."""
    return {
        (definitions.namespace, element.name): element.variable.type_ref
        for definitions, _ in models
        for element in definitions.elements
        if isinstance(element, InputData | Decision)
    }


def _of_other_types(before: Mapping[_Name, str], after: Mapping[_Name, str]) -> set[str]:
    return {name[1] for name in before.keys() & after.keys() if before[name] != after[name]}


def _differs(before: Mapping[_Name, object], after: Mapping[_Name, object], name: str) -> bool:
    spaces = {space for space, of in before.keys() | after.keys() if of == name}
    return any(before.get((space, name)) != after.get((space, name)) for space in spaces)

"""The decision tables of a model, wherever they stand in its expressions, each under a key; and putting them back."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    DecisionTable,
    Definitions,
    Element,
)

Owner = Decision | BusinessKnowledgeModel


def tables_of(definitions: Definitions) -> list[tuple[str, Owner, DecisionTable]]:
    """Every table with its key and the element whose logic it is (part of), in the order of the model."""
    found: list[tuple[str, Owner, DecisionTable]] = []
    for key, element in _keyed(definitions):
        if isinstance(element, Decision | BusinessKnowledgeModel):
            found += [(path, element, table) for path, table in _tables(_logic(element), key)]
    return found


def with_tables(definitions: Definitions, tables: Mapping[str, DecisionTable]) -> Definitions:
    """Put tables in the place of those that have the same key."""
    elements: list[Element] = []
    for key, element in _keyed(definitions):
        match element:
            case Decision():
                elements.append(replace(element, expression=_replaced(element.expression, key, tables)))
            case BusinessKnowledgeModel():
                elements.append(replace(element, logic=_replaced(element.logic, key, tables)))
            case _:
                elements.append(element)
    return replace(definitions, elements=tuple(elements))


def ids_of(node: object) -> set[str]:
    """Every id of a model, so that a new one is not among them."""
    found = {getattr(node, "id", "")}
    for _, part in _parts(node):
        found |= ids_of(part)
    return found


def _keyed(definitions: Definitions) -> Iterator[tuple[str, Element]]:
    """The elements under their ids; one whose id is shared also says the how manieth it is."""
    seen: dict[str, int] = {}
    for element in definitions.elements:
        seen[element.id] = number = seen.get(element.id, 0) + 1
        yield element.id if number == 1 else f"{element.id} ({number})", element


def _logic(element: Owner) -> object:
    return element.expression if isinstance(element, Decision) else element.logic


def _tables(node: object, path: str) -> Iterator[tuple[str, DecisionTable]]:
    if isinstance(node, DecisionTable):
        yield path, node
    else:
        for name, part in _parts(node):
            yield from _tables(part, f"{path}/{name}")


def _parts(node: object) -> Iterator[tuple[str, object]]:
    """The parts of an expression in which a table can stand."""
    if isinstance(node, tuple):
        yield from ((str(number), part) for number, part in enumerate(node, 1))
    elif is_dataclass(node):
        yield from ((field.name, getattr(node, field.name)) for field in fields(node))


def _replaced(node: Any, path: str, tables: Mapping[str, DecisionTable]) -> Any:
    if isinstance(node, DecisionTable):
        return tables.get(path, node)
    changed = {name: (part, _replaced(part, f"{path}/{name}", tables)) for name, part in _parts(node)}
    if all(new is old for old, new in changed.values()):
        return node
    if isinstance(node, tuple):
        return tuple(new for _, new in changed.values())
    return replace(node, **{name: new for name, (_, new) in changed.items()})

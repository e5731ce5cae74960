"""A decision table by the letter: every cell of every rule is asked, nothing is indexed.

SOURCE: DMN 1.5, clause 8.2.8 (matching), 8.2.10 (hit policies), 8.2.11 (aggregation, default outputs).
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from tests.reference import feel_evaluator
from tests.reference.feel_functions import invoke
from tests.reference.feel_operators import equal
from tests.reference.feel_types import converted
from tests.reference.feel_values import Value, from_product, to_product

from comptroller.domain.decisions.definitions import (
    Aggregation,
    DecisionTable,
    HitPolicy,
    LiteralExpression,
    OutputClause,
    Rule,
    UnaryTests,
)
from comptroller.domain.feel import BUILTINS, tree
from comptroller.domain.feel import values as product
from comptroller.domain.feel.names import layer
from comptroller.domain.feel.parser import Vocabulary, read

Scope = Mapping[str, Value]
TypeNamed = Callable[[str], Any]
"""Finds a type by the name that a column gives it; None where the name says nothing."""

_LAYER = layer(BUILTINS)


class Refused(Exception):
    """Leaves a table whose column has a value that it may not have: null."""


@lru_cache(maxsize=4096)
def parsed(text: str, names: tuple[str, ...], members: tuple[str, ...], *, unary: bool) -> tree.Node:
    """The tree of a text; one that cannot be read is the generator's mistake."""
    node, faults = read(text, Vocabulary(names, members), _LAYER, unary=unary)
    if node is None:
        raise ValueError(f"`{text}`: {faults[0].message}")
    return node


def value_of(text: str, scope: Scope, members: tuple[str, ...] = ()) -> Value:
    """The value of a text in a scope; the empty text is null."""
    if not text.strip():
        return None
    return feel_evaluator.evaluate(parsed(text, tuple(scope), members, unary=False), scope)


def accepts(tests: UnaryTests, value: Value, scope: Scope, members: tuple[str, ...] = ()) -> bool:
    """Say whether a cell's tests are true of a value."""
    node = parsed(tests.text, tuple(scope), members, unary=True)
    assert isinstance(node, tree.Tests)
    return feel_evaluator.matches(node, value, scope) is True


def answer(table: DecisionTable, scope: Scope, types: TypeNamed, members: tuple[str, ...] = ()) -> Value:
    """The table's answer in a scope."""
    try:
        values = [
            _held(value_of(clause.expression.text, scope, members), clause.expression.type_ref, clause.allowed, types)
            for clause in table.inputs
        ]
        found = [rule for rule in table.rules if _hits(rule, values, scope, members)]
        if table.hit_policy is HitPolicy.FIRST:
            found = found[:1]
        outputs = [_outputs(rule.outputs, table.outputs, scope, types, members) for rule in found]
        if outputs:
            return _by_policy(table, outputs)
        if any(clause.default is not None for clause in table.outputs):
            default = [clause.default or LiteralExpression("null") for clause in table.outputs]
            return _together(table, _outputs(default, table.outputs, scope, types, members))
    except Refused:
        return None
    return _without_hits(table)


def _held(value: Value, type_ref: str, allowed: UnaryTests | None, types: TypeNamed) -> Value:
    """Hold a value to the type and the allowed values of its column; null is let through."""
    fits, taken = converted(value, types(type_ref))
    if not fits or (allowed is not None and taken is not None and not accepts(allowed, taken, {})):
        raise Refused
    return taken


def _hits(rule: Rule, values: Sequence[Value], scope: Scope, members: tuple[str, ...]) -> bool:
    return all(accepts(cell, value, scope, members) for cell, value in zip(rule.inputs, values, strict=True))


def _outputs(
    entries: Sequence[LiteralExpression],
    clauses: Sequence[OutputClause],
    scope: Scope,
    types: TypeNamed,
    members: tuple[str, ...],
) -> list[Value]:
    return [
        _held(value_of(entry.text, scope, members), clause.type_ref, clause.allowed, types)
        for entry, clause in zip(entries, clauses, strict=True)
    ]


def _together(table: DecisionTable, outputs: Sequence[Value]) -> Value:
    """Several outputs are a context; a single one is itself."""
    if len(table.outputs) == 1:
        return outputs[0]
    return {clause.name: value for clause, value in zip(table.outputs, outputs, strict=True)}


def _without_hits(table: DecisionTable) -> Value:
    """Nothing hit: nothing collected, no rule counted, or null."""
    if table.hit_policy is HitPolicy.COLLECT and table.aggregation is Aggregation.COUNT:
        return Fraction(0)
    lists = table.hit_policy in {HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER} or (
        table.hit_policy is HitPolicy.COLLECT and table.aggregation is Aggregation.LIST
    )
    return [] if lists else None


def _by_policy(table: DecisionTable, found: list[list[Value]]) -> Value:
    """What the hit policy makes of at least one hit; null where the rules contradict each other."""
    whole = [_together(table, outputs) for outputs in found]
    match table.hit_policy:
        case HitPolicy.UNIQUE:
            return whole[0] if len(whole) == 1 else None
        case HitPolicy.ANY:
            return whole[0] if all(equal(whole[0], other) is True for other in whole) else None
        case HitPolicy.FIRST:
            return whole[0]
        case HitPolicy.PRIORITY:
            return _together(table, _by_priority(table, found)[0])
        case HitPolicy.OUTPUT_ORDER:
            return [_together(table, outputs) for outputs in _by_priority(table, found)]
        case HitPolicy.RULE_ORDER:
            return whole
    if table.aggregation is Aggregation.LIST:
        return whole
    # the aggregations are the functions of the language of the same name, over the list of what was found
    return invoke(table.aggregation.value.lower(), [whole], (), feel_evaluator.called)


def _by_priority(table: DecisionTable, found: list[list[Value]]) -> list[list[Value]]:
    """The hits by the place of their outputs among the allowed values, the first column first; unlisted ones last."""
    ranked: list[list[Value]] = []
    for clause in table.outputs:
        listed = value_of(f"[{clause.allowed.text}]", {}) if clause.allowed is not None else []
        assert isinstance(listed, list)
        ranked.append(listed)

    def rank(outputs: list[Value]) -> list[int]:
        return [
            next((place for place, each in enumerate(listed) if equal(each, value) is True), len(listed))
            for listed, value in zip(ranked, outputs, strict=True)
        ]

    return sorted(found, key=rank)


# For tests that have a table and its inputs' values, as the product has them


def hits(table: DecisionTable, values: Sequence[product.Value]) -> list[int]:
    """The numbers, from 0, of the rules all of whose cells accept their values."""
    given = [from_product(value) for value in values]
    return [number for number, rule in enumerate(table.rules) if _hits(rule, given, {}, ())]


def decide(table: DecisionTable, values: Sequence[product.Value]) -> product.Value:
    """The answer of a table whose inputs are variables."""
    names = [clause.expression.text for clause in table.inputs]
    scope = {name: from_product(value) for name, value in zip(names, values, strict=True)}
    return to_product(answer(table, scope, lambda _: None))

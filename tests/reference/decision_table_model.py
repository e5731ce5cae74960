"""A decision table by the letter of DMN 1.5, clause 8.2: every cell of every rule is asked, nothing is indexed.

Outputs must be literals, and a table must have one output; that is enough to state every hit policy.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

from comptroller.domain.decisions.definitions import Aggregation, DecisionTable, HitPolicy
from comptroller.domain.feel import Evaluation, UnaryTests, Value, compile_expression, compile_unary_tests


def hits(table: DecisionTable, values: Sequence[Value]) -> list[int]:
    """The numbers, from 0, of the rules all of whose cells accept their values."""
    return [
        number
        for number, rule in enumerate(table.rules)
        if all(
            _tests(cell.text).matches(value, {}, Evaluation()) is True
            for cell, value in zip(rule.inputs, values, strict=True)
        )
    ]


def decide(table: DecisionTable, values: Sequence[Value]) -> Value:  # noqa: PLR0911 - one answer for each hit policy
    """The table's answer; null where the standard leaves it open because rules contradict each other."""
    found = [_literal(table.rules[number].outputs[0].text) for number in hits(table, values)]
    collects = table.hit_policy is HitPolicy.COLLECT
    if not found:
        if collects and table.aggregation is Aggregation.COUNT:
            return Decimal(0)
        lists = collects and table.aggregation is Aggregation.LIST
        return [] if lists or table.hit_policy in {HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER} else None
    match table.hit_policy:
        case HitPolicy.UNIQUE:
            return found[0] if len(found) == 1 else None
        case HitPolicy.ANY:
            return found[0] if all(value == found[0] for value in found) else None
        case HitPolicy.FIRST:
            return found[0]
        case HitPolicy.PRIORITY:
            return _by_priority(table, found)[0]
        case HitPolicy.OUTPUT_ORDER:
            return _by_priority(table, found)
        case HitPolicy.RULE_ORDER:
            return found
    numbers = [value for value in found if isinstance(value, Decimal)]
    match table.aggregation:
        case Aggregation.COUNT:
            return Decimal(len(found))
        case Aggregation.SUM:
            return sum(numbers, Decimal(0))
        case Aggregation.MIN:
            return min(numbers)
        case Aggregation.MAX:
            return max(numbers)
    return found


def _by_priority(table: DecisionTable, found: list[Value]) -> list[Value]:
    allowed = table.outputs[0].allowed
    assert allowed is not None
    ranked = [_literal(text) for text in allowed.text.split(",")]
    return sorted(found, key=ranked.index)


@lru_cache
def _tests(text: str) -> UnaryTests:
    return compile_unary_tests(text)


@lru_cache
def _literal(text: str) -> Value:
    return compile_expression(text).evaluate({}, Evaluation())

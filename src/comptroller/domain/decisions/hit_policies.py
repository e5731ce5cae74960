"""What a decision table answers once it is known which rules hit: one function for each hit policy.

Where rules contradict each other the answer is null with a fault: a table that cannot tell must not grant.

# SOURCE: OMG DMN 1.5, clause 8.2.10 (single and multiple hit policies) and 8.2.11 (aggregation, default output).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from comptroller.domain.decisions.definitions import Aggregation, DecisionTable, HitPolicy
from comptroller.domain.decisions.run import Outputs, Run
from comptroller.domain.feel import Evaluation, compile_expression
from comptroller.domain.feel.comparison import in_range, same
from comptroller.domain.feel.values import Range, Value
from comptroller.domain.kernel.money import ZERO


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How hits become an answer: the outputs' names (none for a single output) and the ranks of their values.

    `ranks` holds for each output its allowed values from the most to the least important; only the policies that
    order by priority look at it.
    """

    path: str
    names: tuple[str, ...] = ()
    ranks: tuple[tuple[Value, ...], ...] = ()

    def value(self, outputs: Outputs) -> Value:
        """One hit's outputs as a value: a context, or the single output itself."""
        return dict(zip(self.names, outputs, strict=True)) if self.names else outputs[0]

    def rank(self, outputs: Outputs) -> tuple[int, ...]:
        """One hit's place in the order of priorities, column by column; values that are not listed come last."""
        return tuple(
            next((place for place, listed in enumerate(ranks) if _is_among(value, listed)), len(ranks))
            for ranks, value in zip(self.ranks, outputs, strict=True)
        )


def _is_among(value: Value, listed: Value) -> bool:
    """Whether a value is the one that is listed, or lies in the range that is."""
    if isinstance(listed, Range):
        return in_range(value, listed) is True
    return same(Evaluation(), value, listed) is True


Policy: TypeAlias = Callable[[Conclusion, Sequence[int], Sequence[Outputs], Run], Value]
"""Makes an answer of at least one hit: their rule numbers from 0, their outputs."""


def _unique(conclusion: Conclusion, rules: Sequence[int], hits: Sequence[Outputs], run: Run) -> Value:
    if len(hits) == 1:
        return conclusion.value(hits[0])
    run.fault(
        "DMN-HIT-04",
        conclusion.path,
        f"the rules {_numbers(rules)} hit together in a table of hit policy UNIQUE",
        help="make the rules exclude each other, or choose another hit policy",
    )
    return None


def _any(conclusion: Conclusion, rules: Sequence[int], hits: Sequence[Outputs], run: Run) -> Value:
    if all(outputs == hits[0] for outputs in hits):
        return conclusion.value(hits[0])
    run.fault(
        "DMN-HIT-05",
        conclusion.path,
        f"the rules {_numbers(rules)} hit with different outputs in a table of hit policy ANY",
        help="give the rules that overlap the same outputs, or choose another hit policy",
    )
    return None


def _first(conclusion: Conclusion, rules: Sequence[int], hits: Sequence[Outputs], run: Run) -> Value:  # noqa: ARG001 - a Policy
    return conclusion.value(hits[0])


def _priority(conclusion: Conclusion, rules: Sequence[int], hits: Sequence[Outputs], run: Run) -> Value:  # noqa: ARG001 - a Policy
    return conclusion.value(min(hits, key=conclusion.rank))


def _rule_order(conclusion: Conclusion, rules: Sequence[int], hits: Sequence[Outputs], run: Run) -> Value:  # noqa: ARG001 - a Policy
    return [conclusion.value(outputs) for outputs in hits]


def _output_order(conclusion: Conclusion, rules: Sequence[int], hits: Sequence[Outputs], run: Run) -> Value:  # noqa: ARG001 - a Policy
    return [conclusion.value(outputs) for outputs in sorted(hits, key=conclusion.rank)]


def _aggregate(function: str) -> Policy:
    call = compile_expression(f"{function}(hits)", ("hits",))

    def aggregate(conclusion: Conclusion, rules: Sequence[int], hits: Sequence[Outputs], run: Run) -> Value:
        collected = _rule_order(conclusion, rules, hits, run)
        evaluation = run.evaluation
        outer, evaluation.where = evaluation.where, conclusion.path
        value = call.evaluate({"hits": collected}, evaluation)
        evaluation.where = outer
        return value

    return aggregate


def _numbers(rules: Sequence[int]) -> str:
    return ", ".join(str(rule + 1) for rule in rules)


_POLICIES: Final[dict[HitPolicy, Policy]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.FIRST: _first,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.RULE_ORDER: _rule_order,
    HitPolicy.OUTPUT_ORDER: _output_order,
}
_AGGREGATIONS: Final[dict[Aggregation, Policy]] = {
    Aggregation.LIST: _rule_order,
    Aggregation.SUM: _aggregate("sum"),
    Aggregation.MIN: _aggregate("min"),
    Aggregation.MAX: _aggregate("max"),
    Aggregation.COUNT: _aggregate("count"),
}


def policy(hit_policy: HitPolicy, aggregation: Aggregation) -> Policy:
    """Find the function of a hit policy."""
    return _AGGREGATIONS[aggregation] if hit_policy is HitPolicy.COLLECT else _POLICIES[hit_policy]


_GIVE_ONE: Final = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY})
_PICKING: Final = frozenset({Aggregation.MIN, Aggregation.MAX})


def determining(source: DecisionTable, conclusion: Conclusion, hits: Sequence[Outputs]) -> tuple[bool, ...]:
    """Tell of each hit whether the answer is made of its outputs.

    A policy that gives one of the hits, or the least or greatest, is determined by those whose outputs it gave; a
    list, a sum or a number by all. Hits that contradict each other have determined nothing.
    """
    if not hits:
        return ()
    run = Run(Evaluation())
    answer = policy(source.hit_policy, source.aggregation)(conclusion, range(len(hits)), hits, run)
    if run.evaluation.faults:
        return (False,) * len(hits)
    if source.hit_policy in _GIVE_ONE or source.aggregation in _PICKING:
        return tuple(conclusion.value(outputs) == answer for outputs in hits)
    return (True,) * len(hits)


def answer_without_hits(hit_policy: HitPolicy, aggregation: Aggregation) -> Value:
    """What a table without default output answers when no rule hits: nothing collected, or null."""
    if hit_policy is HitPolicy.COLLECT and aggregation is Aggregation.COUNT:
        return ZERO
    collects = hit_policy in {HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER}
    return [] if collects and aggregation is Aggregation.LIST else None

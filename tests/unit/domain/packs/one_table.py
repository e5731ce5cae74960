"""A pack of one table over `amount`: rules by their id, each with its test, which say their own name."""

from typing import Any

from comptroller.domain.decisions.definitions import (
    Decision,
    DecisionTable,
    Definitions,
    HitPolicy,
    InformationItem,
    InputClause,
    InputData,
    LiteralExpression,
    OutputClause,
    Reference,
    Rule,
    UnaryTests,
)
from comptroller.domain.packs.examples import Situation


def pack_of(rules: dict[str, str], policy: HitPolicy = HitPolicy.UNIQUE) -> Definitions:
    """The model: a decision `d` that is a table."""
    table = DecisionTable(
        hit_policy=policy,
        inputs=(InputClause(LiteralExpression("amount")),),
        outputs=(OutputClause(),),
        rules=tuple(
            Rule((UnaryTests(test),), (LiteralExpression(f'"{name}"'),), id=name) for name, test in rules.items()
        ),
    )
    element = Decision("d", "d", InformationItem("d"), table, required_inputs=(Reference("n", "a"),))
    return Definitions("m", "n", elements=(InputData("a", "amount", InformationItem("amount")), element))


def expecting(amount: Any, outcome: str, decision: str = "d") -> Situation:
    """A situation that gives an amount and expects an outcome."""
    return Situation(f"{amount}: {outcome}", decision, {"amount": amount}, {"": outcome})

"""What a model says of what a table looks at: whose it is, the types of its variables, what decisions upstream say."""

import re
from typing import Final

from comptroller.domain.decisions.analysis.axes import NOTHING_KNOWN, Known
from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.decisions.model import Model
from comptroller.domain.decisions.tables import Table
from comptroller.domain.feel import Value

SINGLE: Final = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST})
"""The hit policies under which one rule decides."""

_OWNER: Final = re.compile(r"(?:decision|businessKnowledgeModel)\[([^\]]*)\]")


def owner_of(table: Table) -> str:
    """The decision (or business knowledge model) that a table stands in."""
    found = _OWNER.match(table.path)
    return found[1] if found else ""


def known_of(model: Model, table: Table) -> Known:
    """What a model says of the variables of a table: their types, and the values of those that its tables conclude."""
    plan = model.plan(owner_of(table))
    if plan is None:
        return NOTHING_KNOWN
    types = {node.key: node.wanted for _, node in plan.inputs}
    types |= {step.node.key: step.node.wanted for step in plan.steps}
    outcomes = {step.node.key: _outcomes(step.node.logic) for step in plan.steps}
    return Known(types.get, outcomes.get)


def _outcomes(logic: object) -> tuple[Value, ...] | None:
    """What a decision can say that is one table of constants; None where that is not known."""
    if not isinstance(logic, Table) or logic.source.hit_policy not in SINGLE:
        return None
    conclusions = [*logic.conclusions, *([logic.default] if logic.default is not None else [])]
    constants = [each.constant for each in conclusions if each.constant is not None]
    if len(constants) < len(conclusions):
        return None
    names = logic.conclusion.names
    return tuple(dict(zip(names, each, strict=True)) if names else each[0] for each in constants)

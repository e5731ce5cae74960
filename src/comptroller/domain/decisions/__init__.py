"""The decision engine: DMN models compiled once, then decided and explained as often as wanted.

    model = compile_model(definitions)
    outcome = model.decide("line match", {"invoice": invoice, "order": order}, now)

Everything wrong with a model is in `model.faults`; everything that went wrong while deciding is in `outcome.faults`,
and the value is then null rather than a guess.
"""

from comptroller.domain.decisions.compiler import compile_model
from comptroller.domain.decisions.definitions import DecisionPolicy, Definitions
from comptroller.domain.decisions.explanation import EvaluatedDecision, FailingCell, RuleHit
from comptroller.domain.decisions.model import Model
from comptroller.domain.decisions.outcome import Outcome

__all__ = [
    "DecisionPolicy",
    "Definitions",
    "EvaluatedDecision",
    "FailingCell",
    "Model",
    "Outcome",
    "RuleHit",
    "compile_model",
]

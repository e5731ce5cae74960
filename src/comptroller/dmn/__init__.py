"""The decision engine by itself: load a DMN model, ask it for decisions.

    from comptroller import dmn

    model = dmn.load("loan.dmn")
    outcome = model.decide("Approval", {"Applicant": {"age": 34}})
    print(outcome.value, outcome.faults)
    print(dmn.explain_text(outcome))

This is all that the base install offers; nothing of the platform is needed for it. docs/dmn.md goes through it.
"""

from comptroller.dmn import feel
from comptroller.dmn.declared import as_declared
from comptroller.dmn.loading import Source, load
from comptroller.domain.decisions import EvaluatedDecision, FailingCell, Model, Outcome, RuleHit
from comptroller.domain.decisions.explanation import json_value
from comptroller.domain.decisions.wording import explain_text, fault_text, why_not_text
from comptroller.domain.feel import (
    DaysDuration,
    FarDate,
    FarDateAndTime,
    FineTime,
    Function,
    MonthsDuration,
    Range,
    Type,
    Value,
)
from comptroller.domain.kernel.fault import Fault, Severity

__all__ = [
    "DaysDuration",
    "EvaluatedDecision",
    "FailingCell",
    "FarDate",
    "FarDateAndTime",
    "Fault",
    "FineTime",
    "Function",
    "Model",
    "MonthsDuration",
    "Outcome",
    "Range",
    "RuleHit",
    "Severity",
    "Source",
    "Type",
    "Value",
    "as_declared",
    "explain_text",
    "fault_text",
    "feel",
    "json_value",
    "load",
    "why_not_text",
]

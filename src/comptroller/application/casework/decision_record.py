"""What is kept of a decision: enough to take it again, years later, to the same bytes (INVARIANT 3).

Kept are the policy and model version, the engine's semantics, the instant, and every input with its type. The
explanation is not kept: it follows from these, and is made again by taking the decision again when somebody asks.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from comptroller.application.policy import PolicyLibrary
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import DecisionRow
from comptroller.domain.decisions import DecisionPolicy, Outcome
from comptroller.domain.feel import Value
from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.instant import instant_text, parse_instant
from comptroller.domain.workflow.value_json import value_from_json, value_to_json

SEMANTICS: Final = "dmn-1.5/1"
"""How decisions are evaluated; it changes when the same model with the same inputs may come out otherwise."""


def record_text(
    policy_hash: str, policy: DecisionPolicy, inputs: Mapping[str, Value], now: datetime, outcome: Outcome
) -> str:
    """The record of a decision, as it is stored and as its digest in the audit entry names it."""
    return _ENCODER.encode(
        {
            "policy": policy_hash,
            "semantics": SEMANTICS,
            "now": instant_text(now),
            "date_basis": policy.date_basis,
            "recheck": policy.recheck,
            "inputs": inputs,
            "rules": outcome.rule_ids,
            "faults": [[fault.code, fault.path, fault.message] for fault in outcome.faults],
        }
    )


def _typed(value: Any) -> Any:
    """Values that JSON does not have, in the tagged form that a case's variables have too."""
    match value:
        case Decimal() | datetime() | date() | time():
            tagged = value_to_json(value)
            return {"@number": str(tagged)} if isinstance(tagged, int) else tagged
    return value_to_json(value)


_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), default=_typed
)


def outcome_text(value: Value) -> str:
    """An outcome as plain JSON; a value without such a form is told by its kind."""
    try:
        return encode(value).decode()  # type: ignore[arg-type]  # a range or a function is refused by the encoder
    except TypeError:
        return encode(str(value)).decode()


def take_again(uow: UnitOfWork, policies: PolicyLibrary, row: DecisionRow) -> Outcome:
    """Take a recorded decision again, with its own model, inputs and instant."""
    record: Any = decode(row.record)
    model = policies.version(uow, record["policy"]).models[row.decision]
    inputs = {name: value_from_json(value) for name, value in record["inputs"].items()}
    return model.decide(row.decision, inputs, parse_instant(record["now"]))


def is_same(row: DecisionRow, again: Outcome) -> bool:
    """Whether a decision taken again gives the recorded outcome, byte for byte."""
    return outcome_text(again.value) == row.outcome


def recorded_faults(record: Mapping[str, Any]) -> tuple[Fault, ...]:
    """The faults that were recorded with a decision."""
    return tuple(Fault(code, path, message) for code, path, message in record.get("faults", ()))

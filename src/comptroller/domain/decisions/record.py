"""What is written down of an outcome: an audit record in canonical bytes, and the digest of the inputs.

The record says what was asked (model, decision, instant, the inputs that were read), what came of it (value, faults),
and why: for every decision on the way the rules that hit, which of them made the answer, and the cells that could not
be judged. What a decision on the way saw is not repeated: it is among the inputs and the values before it. Values are
written so that no two different ones look alike, and keys are sorted, so equal outcomes have equal bytes (RFC 8785).

A lane writes the same bytes faster, out of pieces that it has made once; this is how they are defined.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from comptroller.domain.decisions.explanation import EvaluatedDecision, FailingCell, RuleHit
from comptroller.domain.feel.value_json import value_to_json
from comptroller.domain.feel.values import Kind, Value, kind_of
from comptroller.domain.kernel.canonical_json import Json, digest, encode
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.instant import instant_text

SEMANTICS: Final = "dmn-1.5/3"
"""How decisions are evaluated; it changes when the same model with the same inputs may come out otherwise."""


class Asked(NamedTuple):
    """What was asked: the hash of the model, the path of the decision or service, the inputs it read, the instant."""

    model: str
    path: str
    inputs: Mapping[str, Value]
    now: datetime | None


def record_bytes(asked: Asked, value: Value, faults: Sequence[Fault], steps: Sequence[EvaluatedDecision]) -> bytes:
    """The audit record of an outcome, in canonical bytes."""
    return encode(
        {
            "asked": asked.path,
            "faults": faults_json(faults),
            "inputs": inputs_json(asked.inputs),
            "inputs_sha256": inputs_digest(asked.inputs),
            "model": asked.model,
            "now": instant_json(asked.now),
            "semantics": SEMANTICS,
            "steps": [step_json(step) for step in steps],
            "value": told(value),
        }
    )


def instant_json(now: datetime | None) -> str | None:
    """The instant in a record: in UTC, where it names its zone."""
    return None if now is None else instant_text(now) if now.tzinfo is not None else now.isoformat()


def inputs_digest(inputs: Mapping[str, Value]) -> str:
    """The SHA-256 of the inputs' canonical bytes, in hexadecimal."""
    return digest(inputs_json(inputs))


def inputs_json(inputs: Mapping[str, Value]) -> dict[str, Json]:
    """The inputs by name, as values of a record."""
    return {name: told(value) for name, value in inputs.items()}


def step_json(step: EvaluatedDecision) -> dict[str, Json]:
    """A decision on the way, in a record."""
    return {
        "decision": step.name,
        "erring": [cell_json(cell) for cell in step.erring],
        "faults": faults_json(step.faults),
        "hits": [hit_json(hit) for hit in step.hits],
        "value": told(step.value),
    }


def hit_json(hit: RuleHit) -> dict[str, Json]:
    """A rule that hit, in a record."""
    return {
        "annotations": dict(hit.annotations),
        "determining": hit.determining,
        "number": hit.number,
        "outputs": inputs_json(hit.outputs),
        "rule": hit.rule_id,
        "table": hit.table,
    }


def cell_json(cell: FailingCell) -> dict[str, Json]:
    """A cell that could not be judged, in a record."""
    return {
        "column": cell.column,
        "number": cell.number,
        "rule": cell.rule_id,
        "table": cell.table,
        "text": cell.text,
        "value": told(cell.value),
    }


def faults_json(faults: Sequence[Fault]) -> list[Json]:
    """Faults in a record: code, path and message of each."""
    return [[fault.code, fault.path, fault.message] for fault in faults]


def told(value: Value) -> Json:
    """A value in a record; a range or a function, which has no data form, is told by its kind and its text."""
    try:
        return value_to_json(value)
    except TypeError:
        pass
    match value:
        case list():
            return [told(item) for item in value]
        case dict():
            return {name: told(entry) for name, entry in value.items()}
    kind = kind_of(value)
    return {"@other": [str(kind), str(value) if kind is Kind.RANGE else type(value).__name__]}

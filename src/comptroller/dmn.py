"""The decision engine by itself: load a DMN model, ask it for decisions.

    from comptroller import dmn

    model = dmn.load("loan.dmn")
    outcome = model.decide("Approval", {"Applicant": {"age": 34}})
    print(outcome.value, outcome.faults, outcome.explanation)

This is all that the base install offers; nothing of the platform is needed for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from comptroller.adapters import dmn_xml
from comptroller.domain.decisions import (
    Definitions,
    EvaluatedDecision,
    FailingCell,
    Model,
    Outcome,
    RuleHit,
    compile_model,
)
from comptroller.domain.feel import Type, Value, parse_temporal
from comptroller.domain.kernel.fault import Fault

__all__ = ["EvaluatedDecision", "FailingCell", "Fault", "Model", "Outcome", "RuleHit", "as_declared", "load"]

Source = str | Path | bytes
"""A file's path, or a model's bytes."""


def load(source: Source, imports: Iterable[Source] = ()) -> Model:
    """Load and compile a model with the models it imports; what is wrong with any of them is in `model.faults`.

    A file that is no DMN model gives a model without decisions, whose faults say why. A path that cannot be read raises
    `OSError`.
    """
    definitions, faults = dmn_xml.read(_bytes(source))
    imported: list[Definitions] = []
    for other in imports:
        read, unread = dmn_xml.read(_bytes(other))
        if read is None:
            faults += unread
        else:
            imported.append(read)
    if definitions is None:
        definitions = Definitions(name="", namespace="", faults=faults)
    elif len(faults) > len(definitions.faults):
        definitions = replace(definitions, faults=faults)
    return compile_model(definitions, imported)


def as_declared(model: Model, decision: str, inputs: Mapping[str, Value]) -> dict[str, Value]:
    """Read the texts of inputs that are declared as dates, times or durations as those, deeply; others stay.

    For inputs from JSON, which has no such values.
    """
    declared = model.input_types(decision)
    return {name: _as_declared(value, declared.get(name)) for name, value in inputs.items()}


def _as_declared(value: Value, wanted: Type | None) -> Value:
    if wanted is None or value is None or wanted.conforms(value):
        return value
    read = _temporal(value)
    return read if wanted.conforms(read) else value


def _temporal(value: Value) -> Value:
    match value:
        case str():
            found = parse_temporal(value)
            return value if found is None else found
        case list():
            return [_temporal(item) for item in value]
        case dict():
            return {name: _temporal(entry) for name, entry in value.items()}
    return value


def _bytes(source: Source) -> bytes:
    return source if isinstance(source, bytes) else Path(source).read_bytes()

"""Inputs from JSON: it has no days, times and durations, so their texts are read as what the model declares."""

from collections.abc import Mapping

from comptroller.domain.decisions import Model
from comptroller.domain.decisions.item_types import ConstrainedType
from comptroller.domain.feel import Type, Value, coerce, parse_temporal
from comptroller.domain.feel.types import ContextType, KindType, ListType


def as_declared(model: Model, name: str, inputs: Mapping[str, Value]) -> dict[str, Value]:
    """Read the texts that stand where a day, time or duration is declared as those, deeply; everything else stays.

    `name` is a decision of the model, or a decision service or business knowledge model of it.
    """
    known = name in model.decision_names
    declared = model.input_types(name) if known else model.parameter_types(name)
    return {key: _as_declared(value, declared.get(key)) for key, value in inputs.items()}


def _as_declared(value: Value, wanted: Type | None) -> Value:
    match wanted, value:
        case ConstrainedType(), _:
            return _as_declared(value, wanted.base)
        case ListType(), list():
            return [_as_declared(item, wanted.element) for item in value]
        case ListType(), _:
            return _as_declared(value, wanted.element)  # a single item is taken for a list of one
        case ContextType(), dict():
            types = dict(wanted.entries)
            return {name: _as_declared(entry, types.get(name)) for name, entry in value.items()}
        case KindType(), str():
            found = parse_temporal(value)
            return found if found is not None and coerce(wanted, found)[0] else value
    return value

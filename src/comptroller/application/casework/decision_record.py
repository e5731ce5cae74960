"""What is kept of a decision: enough to take it again, years later, to the same bytes (INVARIANT 3).

Kept are the policy and model version, the engine's semantics, the instant, and every input with its type. The
explanation is not kept, as it is in the engine's own audit record (`Outcome.record`) for those who keep nothing else: a
case keeps its model, so that the explanation is made again by taking the decision again when somebody asks.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from types import NoneType
from typing import Any, Final

import msgspec

from comptroller.application.policy import PolicyLibrary
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import DecisionRow
from comptroller.domain.decisions import DecisionPolicy, Outcome
from comptroller.domain.decisions.record import SEMANTICS
from comptroller.domain.feel import Value
from comptroller.domain.feel.value_json import value_from_json, value_to_json
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.instant import instant_text, parse_instant


class RecordedInputs:
    """The inputs of a case's decisions as they are recorded: a dozen decisions look at a fact that is encoded once.

    Numbers are JSON numbers with every digit that they have, so that they come back as the numbers they were; all
    other types that JSON lacks are tagged, as in a case's variables.
    """

    def __init__(self) -> None:
        self._members: dict[str, tuple[Value, bytes]] = {}

    def of(self, names: tuple[str, ...], facts: Mapping[str, Value]) -> msgspec.Raw:
        """The named facts, encoded in the order of their names; facts are values, and never change in place."""
        known, members = self._members, []
        for name in _in_order(names):
            value = facts.get(name)
            member = known.get(name)
            if member is None or member[0] is not value:
                member = known[name] = (value, _NUMBERS.encode({name: _tagged(value)})[1:-1])
            members.append(member[1])
        return msgspec.Raw(b"{%b}" % b",".join(members))


@lru_cache(maxsize=1024)  # as many as there are decisions
def _in_order(names: tuple[str, ...]) -> list[str]:
    return sorted(names)


def record_text(
    policy_hash: str,
    policy: DecisionPolicy,
    *,
    time_zones: str,
    inputs: msgspec.Raw,
    now: datetime,
    outcome: Outcome,
) -> str:
    """The record of a decision, as it is stored and as its digest in the audit entry names it."""
    record = {
        "policy": policy_hash,
        "semantics": SEMANTICS,
        "time_zones": time_zones,
        "now": instant_text(now),
        "date_basis": policy.date_basis,
        "recheck": policy.recheck,
        "inputs": inputs,
        "rules": outcome.rule_ids,
        "faults": [[fault.code, fault.path, fault.message] for fault in outcome.faults],
    }
    return _NUMBERS.encode(record).decode()


_NUMBERS: Final = msgspec.json.Encoder(order="sorted", decimal_format="number")
_TEXTS: Final = msgspec.json.Encoder(order="sorted", decimal_format="string")
_PLAIN: Final = frozenset({str, Decimal, bool, NoneType})


def _tagged(value: Any) -> Any:
    """The same value with what JSON lacks, but numbers, in its tagged form."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is dict:
        return {name: entry if type(entry) in _PLAIN else _tagged(entry) for name, entry in value.items()}
    if kind is list:
        return [entry if type(entry) in _PLAIN else _tagged(entry) for entry in value]
    return value_to_json(value)


def outcome_text(value: Value) -> str:
    """An outcome as plain JSON, decimals as texts; a value without such a form is told by its kind."""
    try:
        return _TEXTS.encode(value).decode()
    except TypeError:
        return _TEXTS.encode(str(value)).decode()


def read_record(row: DecisionRow) -> dict[str, Any]:
    """A decision's record, its numbers as exact decimals."""
    record: dict[str, Any] = json.loads(row.record, parse_float=Decimal, parse_int=Decimal)
    return record


def read_value(json_value: Any) -> Value:
    """A value of a record: numbers are decimals already, tagged forms become what they name."""
    match json_value:
        case Decimal() | str() | bool() | None:
            return json_value
        case list():
            return [read_value(entry) for entry in json_value]
        case dict() if len(json_value) == 1 and next(iter(json_value)).startswith("@"):
            return value_from_json({tag: _whole(content) for tag, content in json_value.items()})
        case dict():
            return {name: read_value(entry) for name, entry in json_value.items()}
    raise TypeError(f"`{type(json_value).__name__}` is no value of a record")


def _whole(content: Any) -> Any:
    return int(content) if isinstance(content, Decimal) else content


def take_again(uow: UnitOfWork, policies: PolicyLibrary, row: DecisionRow) -> Outcome:
    """Take a recorded decision again, with its own model, inputs and instant."""
    record = read_record(row)
    model = policies.version(uow, record["policy"]).models[row.decision]
    inputs = {name: read_value(value) for name, value in record["inputs"].items()}
    return model.decide(row.decision, inputs, parse_instant(record["now"]))


def is_same(row: DecisionRow, again: Outcome) -> bool:
    """Whether a decision taken again gives the recorded outcome, byte for byte."""
    return outcome_text(again.value) == row.outcome


def recorded_faults(record: Mapping[str, Any], again: Outcome) -> tuple[Fault, ...]:
    """The faults that were recorded with a decision, with the weight and help that taking it again tells of them."""
    told = {(fault.code, fault.path, fault.message): fault for fault in again.faults}
    return tuple(
        told.get((code, path, message), Fault(code, path, message)) for code, path, message in record["faults"]
    )

"""Explanations as text that a controller reads: one way of saying them, for the command line and for whoever asks.

    1. limit: 500
    2. approval: "sign"
       read: amount = 700, limit = 500
       rule 2 (over) of approval: "sign"
         why: the amount is above the limit
       nearly: rule 1 (within) of approval: `amount` is 700, its cell asks for `<= limit`

Values are written as FEEL, and cut where a line has enough of them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from comptroller.domain.decisions.explanation import EvaluatedDecision, RuleHit
from comptroller.domain.decisions.near import NearMiss, near_misses
from comptroller.domain.decisions.outcome import Outcome
from comptroller.domain.decisions.run import TableTrace
from comptroller.domain.feel.text import literal_text
from comptroller.domain.feel.values import Function, Value
from comptroller.domain.kernel.fault import Fault, Severity

_CHARACTERS_SHOWN: Final = 160
_NEAR_SHOWN: Final = 3  # of each table
_ERRING_SHOWN: Final = 3  # of each decision
_FAULTS_SHOWN: Final = 5
_OWNER: Final = re.compile(r"\[([^\]]+)\]/")
"""A table is named by its place in the model: `decision[order verdict]/decisionTable`."""

_NUMBERED: Final = re.compile(r"(?:rule )?([0-9]{1,9})(?: of (.+))?", re.IGNORECASE)
"""A rule as explanations name it."""


def explain_text(outcome: Outcome) -> str:
    """Say how an outcome came about: the decisions in their order, what each read, its rules, and what went wrong."""
    near = near_misses(outcome.tables, _NEAR_SHOWN)
    lines: list[str] = []
    told: list[Fault] = []
    for number, step in enumerate(outcome.explanation, 1):
        lines.append(f"{number}. {step.name}: {shown(step.value)}")
        lines += [f"   {line}" for line in _told(step, near)]
        told += step.faults
    lines += _faults([fault for fault in outcome.faults if fault not in told])
    return "\n".join(lines)


def why_not_text(outcome: Outcome, rule: str) -> str:
    """Say why a rule did not hit, of all tables that were evaluated.

    `rule` is its id; or its number, of the table evaluated last (the wanted decision's own, where it has one); or
    number and table as explanations have them, such as `rule 3 of price verdict`.
    """
    trace, number = _found(outcome.tables, rule)
    if trace is None:
        return f"no table with a rule `{rule}` was evaluated"
    source = trace.table.source.rules[number]
    name = f"rule {number + 1} ({source.id}) of {table_name(trace.table.path)}"
    if number in trace.hits:
        return f"{name} hit"
    cells = [NearMiss(trace, number, column, 0) for column in range(len(trace.table.inputs))]
    failed = [_asked(cell) + _doubt(judged=answer is False) for cell in cells if (answer := cell.answer()) is not True]
    if not failed:
        return f"{name} did not hit: all its cells hold, but rule {trace.hits[0] + 1} comes first"
    return f"{name} did not hit: {'; '.join(failed)}"


def fault_text(fault: Fault) -> str:
    """A fault on one line: its weight, code and place, what is wrong and what to do."""
    place = f" at {fault.path}" if fault.path else ""
    remedy = f" ({fault.help})" if fault.help else ""
    return f"{fault.severity} {fault.code}{place}: {fault.message}{remedy}"


def shown(value: Value) -> str:
    """A value as FEEL, cut to what a line holds."""
    text = literal_text(value)
    return text if len(text) <= _CHARACTERS_SHOWN else text[: _CHARACTERS_SHOWN - 3] + "..."


def table_name(path: str) -> str:
    """What a controller calls the table at a path of the model."""
    return found[1] if (found := _OWNER.search(path)) else path


def _told(step: EvaluatedDecision, near: Sequence[NearMiss]) -> Iterator[str]:
    read = [f"{name} = {shown(value)}" for name, value in step.inputs.items() if not _is_library(value)]
    if read:
        yield f"read: {', '.join(read)}"
    is_choice = not all(hit.determining for hit in step.hits)
    for hit in step.hits:
        mark = ", which determines the answer" if is_choice and hit.determining else ""
        yield f"rule {hit.number} ({hit.rule_id}) of {table_name(hit.table)}: {_gave(hit)}{mark}"
        for label, note in hit.annotations.items():
            if note.strip():
                yield f"  {label}: {' '.join(note.split())}"
    for cell in step.erring[:_ERRING_SHOWN]:
        asked = f"`{cell.column}` is {shown(cell.value)}, its cell asks for `{cell.text}`{_doubt(judged=False)}"
        yield f"erring: rule {cell.number} ({cell.rule_id}) of {table_name(cell.table)}: {asked}"
    if len(step.erring) > _ERRING_SHOWN:
        yield f"erring: {len(step.erring) - _ERRING_SHOWN} more"
    tables = {hit.table for hit in step.hits}
    for miss in near:
        path = miss.trace.table.path
        if path in tables or path.startswith(f"decision[{step.name}]/"):
            rule = miss.trace.table.source.rules[miss.number]
            yield f"nearly: rule {miss.number + 1} ({rule.id}) of {table_name(path)}: {_asked(miss)}"
    yield from _faults(step.faults)


def _faults(faults: Sequence[Fault]) -> Iterator[str]:
    """The first faults, those that weigh most ahead, and how many there are besides."""
    ordered = sorted(faults, key=lambda fault: fault.severity is not Severity.ERROR)
    yield from map(fault_text, ordered[:_FAULTS_SHOWN])
    if len(ordered) > _FAULTS_SHOWN:
        yield f"faults: {len(ordered) - _FAULTS_SHOWN} more"


def _is_library(value: Value) -> bool:
    """Whether a value is an imported model of which a decision sees functions alone: nothing that it was given."""
    return isinstance(value, dict) and bool(value) and all(isinstance(entry, Function) for entry in value.values())


def _doubt(*, judged: bool) -> str:
    return "" if judged else ", which cannot be judged"


def _gave(hit: RuleHit) -> str:
    outputs: Mapping[str, Value] = hit.outputs
    if len(outputs) == 1:
        return shown(next(iter(outputs.values())))
    return ", ".join(f"{name} = {shown(value)}" for name, value in outputs.items())


def _asked(miss: NearMiss) -> str:
    return f"`{miss.label}` is {shown(miss.value)}, its cell asks for `{miss.text}`"


def _found(tables: Sequence[TableTrace], rule: str) -> tuple[TableTrace | None, int]:
    for trace in reversed(tables):
        for number, source in enumerate(trace.table.source.rules):
            if source.id == rule:
                return trace, number
    asked = _NUMBERED.fullmatch(rule.strip())
    for trace in reversed(tables):
        if asked is None or (asked[2] and table_name(trace.table.path).casefold() != asked[2].casefold()):
            continue
        number = int(asked[1]) - 1
        return (trace, number) if 0 <= number < len(trace.table.source.rules) else (None, 0)
    return None, 0

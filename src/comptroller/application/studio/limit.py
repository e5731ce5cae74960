"""What a limit in a table would mean for the tenant's own cases, wherever it is put: computed once, for all places.

Each of the newest cases is decided by the version in force, and by the draft's table as it is for values below, on and
above the limit (`packs.moved_limits`), with what the decision was asked with. The page that is given this counts by
itself while the limit is dragged. A backtest then takes a saved draft through all decisions.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from comptroller.application.packs import Study
from comptroller.application.policy import Policy
from comptroller.application.presenting.policies.elements import Logical, find, inventory, reached, table_of
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.presenting.words import Names
from comptroller.application.records import CaseRow
from comptroller.application.releasing.backtested import SCALE
from comptroller.application.releasing.history import AMOUNT, amount_of, asked_of, read_asked
from comptroller.application.releasing.timeline import policy_for
from comptroller.application.session import Refused, Session
from comptroller.application.studio.editing import WrittenRow, with_needs, written_table
from comptroller.application.studio.heads import WrittenHead, with_head
from comptroller.application.studio.sources import source_of
from comptroller.domain.decisions import Model, Outcome
from comptroller.domain.decisions.analysis.knowing import owner_of
from comptroller.domain.decisions.contrast import in_words
from comptroller.domain.decisions.definitions import DecisionTable
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.packs.chain import UNSIGNED, Asked
from comptroller.domain.packs.moved_limits import Place, Side, bounds, places, seen_from

CASES_MAX: Final = 2_000
"""Cases that are looked at, the newest first."""

WORDS_MAX: Final = 200
"""Changes of an outcome that are told apart; further ones are told as one."""

_BESIDE: Final = frozenset({"text"})
"""Entries of an outcome that repeat in words what the others say."""


@dataclass(frozen=True, slots=True)
class TryLimit:
    """A number in a cell of a table that is being written; together with all of its column that are the same limit."""

    draft: str
    key: str
    rows: tuple[WrittenRow, ...]
    head: WrittenHead | None
    row: int
    column: int
    number: int = 0  # of the numbers in the cell
    together: bool = False


@dataclass(frozen=True, slots=True)
class _Moved:
    """A decision by a draft, as it is, and as it is for values on each side of a limit."""

    base: Policy  # what is in force for those whose cases are looked at
    entity: str  # whose alone; empty: those who follow the group
    decision: str
    table: str  # its path
    column: int
    as_it_is: Model
    models: tuple[Model, ...]
    sides: tuple[int, ...]  # the model of each side


def try_limit(session: Session, command: TryLimit) -> dict[str, Any] | Refused:
    """What is decided otherwise of each case, by the value of the column and the side of the limit."""
    source = source_of(session, command.draft)
    if isinstance(source, Refused):
        return source
    found = find(source.study, command.key)
    written = table_of(found[1]) if found is not None else None
    if found is None or written is None:
        return Refused(_no_limit())
    path, element = found
    table = written_table(with_head(written, command.head) if command.head else written, command.rows)
    if not (0 <= command.column < len(table.inputs) and 0 <= command.row < len(table.rules)):
        return Refused(_no_limit())
    same = tuple(places(table, command.row, command.column, command.number))
    moved = same if command.together else tuple(place for place in same if place.rule == command.row)
    if not moved:
        return Refused(_no_limit())
    decision = _asked_for(session, source.study, path, element)
    if not decision:
        text = "no process asks for the decision of this table, so that no case tells what it would change"
        return Refused(Rejection(RejectionKind.CONFLICT, "POLICY-LIMIT-02", text, help="try it below the table"))
    as_it_is = with_needs(source.study, path, element, table)[1]
    tables = [seen_from(table, moved, side) for side in Side]
    distinct = [of for place, of in enumerate(tables) if tables.index(of) == place]
    models = tuple(with_needs(source.study, path, element, of)[1] for of in distinct)
    seen = tuple(distinct.index(of) for of in tables)
    at = next((each.path for each in as_it_is.tables if owner_of(each) == element.name), "")
    assert source.draft is not None  # it was asked for by its key
    base = policy_for(session, source.draft.entity)
    moving = _Moved(base, source.draft.entity, decision, at, command.column, as_it_is, models, seen)
    told = _told(session, moving)
    return {**_shown(table, command, moved), "same": len(same), "decision": decision, **told}


def _no_limit() -> Rejection:
    text = "this cell has no limit that can be moved: one comparison or one interval of numbers"
    return Rejection(RejectionKind.INVALID, "POLICY-LIMIT-01", text, help="choose another cell")


def _asked_for(session: Session, study: Study, path: str, element: Logical) -> str:
    """The decision of the table's model that processes ask for and that needs the table."""
    definitions = study.definitions[path]
    asked = {name for process in session.policy.processes.values() for name in process.decisions}
    tops = (each for each in inventory(definitions) if any(of is element for of in reached(definitions, each)))
    return next((each.name for each in tops if each.name in asked), "")


def _shown(table: DecisionTable, command: TryLimit, moved: Sequence[Place]) -> dict[str, Any]:
    clause = table.inputs[command.column]
    own = next(place for place in moved if place.rule == command.row)
    return {
        "column": clause.label or clause.expression.text,
        "value": str(own.bound.value),
        "limits": [str(each.value) for each in bounds(table.rules[command.row].inputs[command.column].text)],
        "number": command.number,
        "cells": [[place.rule, place.bound.start, place.bound.end] for place in moved],
    }


def _told(session: Session, moved: _Moved) -> dict[str, Any]:
    counts: Counter[tuple[str, str, tuple[int, ...]]] = Counter()
    amounts: Counter[tuple[str, str, tuple[int, ...]]] = Counter()
    words: dict[str, int] = {}
    cases = several = 0
    for row, asked in _cases(session, moved):
        cases += 1
        told = _case(moved, asked, words)
        if told is None:
            several += 1
        else:
            key = (told[0], row.entity, told[1])
            counts[key] += 1
            amounts[key] += amount_of(asked)
    names, units = Names(session), sorted({entity for _, entity, _ in counts})
    return {
        "cases": cases,
        "several": several,
        "is_complete": cases < CASES_MAX,
        "currency": str(tenant_record(session.uow).get("group_currency") or ""),
        "scale": SCALE,
        "units": [names.entity(entity) or "unknown" for entity in units],
        "words": list(words),
        "points": [
            [value or None, units.index(entity), *sides, cases_there, amounts[value, entity, sides]]
            for (value, entity, sides), cases_there in counts.items()
        ],
    }


def _cases(session: Session, moved: _Moved) -> Iterator[tuple[CaseRow, Mapping[str, Asked]]]:
    """The newest cases that were asked the decision and that the draft would decide, with what they were asked with."""
    after, seen = "", 0
    while True:
        page = session.uow.cases(after=after, limit=limits.PAGE_SIZE_MAX)
        for row in page:
            if session.caller.sees(row.entity) and _is_decided(session, moved, row):
                asked = _asked(session, row, moved)
                if asked is not None:
                    seen += 1
                    yield row, asked
            if seen == CASES_MAX:
                return
        if len(page) < limits.PAGE_SIZE_MAX:
            return
        after = page[-1].case_id


def _is_decided(session: Session, moved: _Moved, row: CaseRow) -> bool:
    if moved.entity:
        return row.entity == moved.entity
    return policy_for(session, row.entity).hash == moved.base.hash


def _asked(session: Session, row: CaseRow, moved: _Moved) -> Mapping[str, Asked] | None:
    """What a case was asked a decision with last; what else was asked of it only where that does not know all."""
    decision = moved.decision
    last = next((each for each in reversed(session.uow.decisions(row.case_id)) if each.decision == decision), None)
    if last is None:
        return None
    own = read_asked(last)
    wanted = {AMOUNT, *moved.base.models[decision].input_names(decision)}
    return {decision: own} if wanted <= own.inputs.keys() else asked_of(session, row)


def _case(moved: _Moved, asked: Mapping[str, Asked], words: dict[str, int]) -> tuple[str, tuple[int, ...]] | None:
    """The value of the column, and what becomes of the outcome on each side; None: the table is asked several times."""
    own, name = asked[moved.decision], moved.decision
    recorded = {fact: value for each in asked.values() for fact, value in each.inputs.items()}
    inputs = {**recorded, **own.inputs, **UNSIGNED}
    before = moved.base.models[name].decide(name, inputs, own.now)
    now = moved.as_it_is.decide(name, inputs, own.now)
    values = [trace.values[moved.column] for trace in now.tables if trace.table.path == moved.table]
    if len(values) > 1:
        return None
    value = values[0] if values else None
    if not isinstance(value, Decimal):
        return "", (_word(before, now, words),) * len(Side)
    told = [_word(before, model.decide(name, inputs, own.now), words) for model in moved.models]
    return str(value), tuple(told[place] for place in moved.sides)


def _word(before: Outcome, after: Outcome, words: dict[str, int]) -> int:
    """The number of what becomes of an outcome; -1: nothing."""
    one, other = before.value, after.value
    if one == other:
        return -1
    if isinstance(one, dict) and isinstance(other, dict):
        kept = [{name: each for name, each in value.items() if name not in _BESIDE} for value in (one, other)]
        one, other = kept if kept[0] != kept[1] else (one, other)
    told = in_words(one, other)
    if told not in words and len(words) == WORDS_MAX:
        told = "something else"
    return words.setdefault(told, len(words))

"""A decision table as somebody is writing it: put back into its model, compiled, and looked through.

A row that was there before is known by its id and keeps everything that the grid does not show; a cell that says what
it said is the very same. So the file keeps its bytes around what was written.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from comptroller.application.packs import Study
from comptroller.domain.decisions import Model, compile_model
from comptroller.domain.decisions.analysis import Finding, analyse_table
from comptroller.domain.decisions.analysis.knowing import known_of
from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    DecisionTable,
    Definitions,
    FunctionDefinition,
    InputData,
    LiteralExpression,
    Reference,
    Rule,
    UnaryTests,
)
from comptroller.domain.kernel.fault import Fault, Severity

_ENTRY: Final = re.compile(r"/rule\[(\d+)\]/(input|output)\[(\d+)\]")
_CLAUSE: Final = re.compile(r"/decisionTable/(?:default/)?(input|output)\[([^\]]+)\]")
_OFFSET: Final = re.compile(r", offset (\d+)$")

_NAMED: Final = re.compile(r"`([^`]+)` is not required here")

ANYTHING: Final = "-"
ROWS_MAX: Final = 20_000

Element = Decision | BusinessKnowledgeModel


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """A row of the grid: its id, that of the row which it was before (empty: it is new), and its cells in order."""

    id: str
    before: str
    cells: tuple[str, ...]


HEAD: Final = -1
"""The row of what is wrong with a column itself."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong with a cell, counted from 0 over all columns."""

    row: int
    column: int
    message: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class Written:
    """A table that was written, in its model, with all that is wrong with it."""

    definitions: Definitions
    model: Model
    cells: tuple[CellFault, ...]
    others: tuple[Fault, ...]  # errors that no cell of the table has
    findings: tuple[Finding, ...]


def written_table(table: DecisionTable, rows: Sequence[WrittenRow]) -> DecisionTable:
    """The table with these rows; a new row without an id, or with one that is taken, gets one."""
    by_id = {rule.id: rule for rule in table.rules if rule.id}
    taken: set[str] = set()
    rules = []
    for row in rows:
        wanted = row.id if row.id and row.id not in taken else ""
        identifier = wanted or _new_id(table, taken | {each.id for each in rows})
        taken.add(identifier)
        rules.append(_rule(table, by_id.get(row.before), identifier, row.cells))
    return replace(table, rules=tuple(rules))


def _new_id(table: DecisionTable, taken: set[str]) -> str:
    stem = table.id or "table"
    return next(each for number in range(1, ROWS_MAX * 2) if (each := f"{stem}-rule-{number}") not in taken)


def _rule(table: DecisionTable, old: Rule | None, identifier: str, cells: Sequence[str]) -> Rule:
    inputs, outputs = len(table.inputs), len(table.outputs)
    padded = [*cells, *[""] * (inputs + outputs + len(table.annotations) - len(cells))]
    was = old or Rule((), ())
    return Rule(
        tuple(_input(was.inputs, place, text) for place, text in enumerate(padded[:inputs])),
        tuple(_output(was.outputs, place, text) for place, text in enumerate(padded[inputs : inputs + outputs])),
        tuple(padded[inputs + outputs : inputs + outputs + len(table.annotations)]),
        identifier,
    )


def _input(old: Sequence[UnaryTests], place: int, text: str) -> UnaryTests:
    was = old[place] if place < len(old) else UnaryTests(ANYTHING)
    same = (was.text.strip() or ANYTHING) == (text.strip() or ANYTHING)
    return was if same else replace(was, text=text.strip())


def _output(old: Sequence[LiteralExpression], place: int, text: str) -> LiteralExpression:
    was = old[place] if place < len(old) else LiteralExpression("")
    return was if was.text.strip() == text.strip() else replace(was, text=text.strip())


def with_table(definitions: Definitions, element: Element, table: DecisionTable) -> Definitions:
    """The model with another table in the place of an element's own."""
    if isinstance(element, Decision):
        changed: Element = replace(element, expression=table)
    else:
        assert isinstance(element.logic, FunctionDefinition)  # it has a table in it
        changed = replace(element, logic=replace(element.logic, body=table))
    elements = (changed if each is element else each for each in definitions.elements)
    return replace(definitions, elements=tuple(elements))


def with_needs(study: Study, path: str, element: Element, table: DecisionTable) -> tuple[Definitions, Model]:
    """The model with the table, and the requirements drawn that its columns name for the first time."""
    own = study.definitions[path]
    others = [each for each in study.definitions.values() if each is not own]
    definitions = with_table(own, element, table)
    model = compile_model(definitions, others)
    wanted = {
        found[1]
        for fault in model.faults
        if fault.code == "DMN-REQUIREMENT-04" and fault.path.startswith(f"decision[{element.name}]/")
        if (found := _NAMED.match(fault.message))
    }
    if not wanted or not isinstance(element, Decision):
        return definitions, model
    by_name = {each.name: Reference(own.namespace, each.id) for each in own.elements if each.name in wanted}
    inputs = [by_name[each.name] for each in own.elements if isinstance(each, InputData) and each.name in wanted]
    decisions = [by_name[each.name] for each in own.elements if isinstance(each, Decision) and each.name in wanted]
    drawn = replace(
        element,
        required_inputs=(*element.required_inputs, *inputs),
        required_decisions=(*element.required_decisions, *decisions),
    )
    needed = with_table(
        replace(own, elements=tuple(drawn if each is element else each for each in own.elements)), drawn, table
    )
    return needed, compile_model(needed, others)


def look_through(study: Study, path: str, element: Element, table: DecisionTable) -> Written:
    """Compile the model with the table as it was written, and tell every fault at its cell."""
    definitions, model = with_needs(study, path, element, table)
    kind = "decision" if isinstance(element, Decision) else "businessKnowledgeModel"
    within = f"{kind}[{element.name}]"
    faults = [fault for fault in model.faults if fault.path.startswith(within)]
    before = {(fault.path, fault.message) for fault in study.file(path).model.faults}
    found = [analyse_table(each, known_of(model, each)) for each in model.tables if each.path.startswith(within)]
    return Written(
        definitions=definitions,
        model=model,
        cells=(*_of_columns(table, faults), *_placed(table, faults), *_unanswered(table)),
        others=tuple(
            fault
            for fault in model.faults
            if fault.severity is Severity.ERROR
            and not (fault.path.startswith(within) and (_ENTRY.search(fault.path) or _CLAUSE.search(fault.path)))
            and (fault.path, fault.message) not in before
        ),
        findings=tuple(finding for of in found for finding in of),
    )


def _placed(table: DecisionTable, faults: Sequence[Fault]) -> Iterator[CellFault]:
    for fault in faults:
        entry = _ENTRY.search(fault.path)
        if entry is not None:
            offset = _OFFSET.search(fault.path)
            where = f" (at character {int(offset[1]) + 1})" if offset else ""
            column = int(entry[3]) - 1 + (len(table.inputs) if entry[2] == "output" else 0)
            is_error = fault.severity is Severity.ERROR
            yield CellFault(int(entry[1]) - 1, column, fault.message + where, is_error)


def _of_columns(table: DecisionTable, faults: Sequence[Fault]) -> Iterator[CellFault]:
    """What is wrong with a column: its expression, its type, its allowed values or its default."""
    names = [clause.name for clause in table.outputs]
    for fault in faults:
        clause = _CLAUSE.search(fault.path) if not _ENTRY.search(fault.path) else None
        if clause is not None:
            named = names.index(clause[2]) if clause[1] == "output" and clause[2] in names else -1
            place = named if named >= 0 else int(clause[2]) - 1
            column = place + (len(table.inputs) if clause[1] == "output" else 0)
            yield CellFault(HEAD, column, fault.message, fault.severity is Severity.ERROR)


def _unanswered(table: DecisionTable) -> Iterator[CellFault]:
    for row, rule in enumerate(table.rules):
        for place, entry in enumerate(rule.outputs):
            if not entry.text.strip():
                message = "the row says nothing here: write `null` where it answers nothing"
                yield CellFault(row, len(table.inputs) + place, message, is_error=True)


def rows_of(table: DecisionTable) -> Mapping[str, tuple[str, ...]]:
    """The cells of each row as the grid shows them, by id."""
    return {
        rule.id: (
            *(entry.text.strip() or ANYTHING for entry in rule.inputs),
            *(entry.text.strip() for entry in rule.outputs),
            *rule.annotations,
        )
        for rule in table.rules
    }

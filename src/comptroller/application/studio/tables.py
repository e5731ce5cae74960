"""Writing a table of a draft: what is wrong with it is told at once, and kept is what its author saves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.packs import Study
from comptroller.application.presenting.policies.elements import Logical, find, table_of
from comptroller.application.presenting.policies.finding import finding_groups, finding_view
from comptroller.application.releasing.drafts import ChangeDraft, change_draft, own_draft
from comptroller.application.session import Refused, Session
from comptroller.application.studio.editing import (
    ROWS_MAX,
    WrittenRow,
    look_through,
    with_needs,
    written_table,
)
from comptroller.application.studio.heads import WrittenHead, with_head
from comptroller.application.studio.sources import source_of, study_of
from comptroller.domain.decisions.analysis import FindingKind, Weight
from comptroller.domain.decisions.definitions import DecisionTable
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.packs.lint import ANNOTATIONS

PROPOSED_MAX: Final = 5
COLUMNS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class CheckTable:
    """What would be wrong with a table that had these rows; nothing is kept."""

    draft: str
    key: str
    rows: tuple[WrittenRow, ...]
    head: WrittenHead | None = None  # none: as it is


@dataclass(frozen=True, slots=True)
class WriteTable:
    """Keep the rows of a table in a draft, as who saw `version` of it."""

    draft: str
    key: str
    version: int
    rows: tuple[WrittenRow, ...]
    head: WrittenHead | None = None


def check_table(session: Session, command: CheckTable) -> dict[str, Any] | Refused:
    """Faults by cell, and what the analysis says of the rows."""
    source = source_of(session, command.draft)
    if isinstance(source, Refused):
        return source
    found = _table(source.study, command.key, command.rows)
    if isinstance(found, Refused):
        return found
    path, element, table = found
    changed = _headed(table, command.head)
    if isinstance(changed, Refused):
        return changed
    written = look_through(source.study, path, element, written_table(changed, command.rows))
    gaps = [
        finding_view(each)
        for each in written.findings
        if each.kind is FindingKind.GAP and each.proposal and each.weight is not Weight.INFORMATION
    ]
    return {
        "cells": [[fault.row, fault.column, fault.message, fault.is_error] for fault in written.cells],
        "others": [*(fault.message for fault in written.others), *_missing_notes(table, changed)],
        "marks": [
            [rule, finding.weight.value, f"{finding_view(finding).title}: {finding.message}"]
            for finding in written.findings
            for rule in finding.rules
        ],
        "findings": [
            {
                "title": group.title,
                "weight": group.weight,
                "messages": [each.message for each in group.findings],
                "more": group.more,
            }
            for group in finding_groups(written.findings)
        ],
        "proposals": [[gap.weight, list(gap.proposal)] for gap in gaps[:PROPOSED_MAX]],
    }


def write_table(session: Session, command: WriteTable) -> dict[str, Any] | Refused:
    """Write the table into the draft's file, which keeps everything else."""
    draft = own_draft(session, command.draft, command.version)
    if isinstance(draft, Refused):
        return draft
    study = study_of(session, draft)
    found = _table(study, command.key, command.rows)
    if isinstance(found, Refused):
        return found
    path, element, table = found
    changed = _headed(table, command.head)
    if isinstance(changed, Refused):
        return changed
    written = written_table(changed, command.rows)
    definitions, _ = with_needs(study, path, element, written)
    try:
        content = session.environment.packs.write_decisions(definitions, study.files[path])
    except ValueError as error:
        return Refused(_invalid("02", f"the table cannot be written: {error}", "take the sign out of the cell"))
    answer = change_draft(session, ChangeDraft(draft.key, draft.version, {path: content.decode()}))
    return answer if isinstance(answer, Refused) else {**answer, "rows": [rule.id for rule in written.rules]}


def _headed(table: DecisionTable, head: WrittenHead | None) -> DecisionTable | Refused:
    if head is None:
        return table
    if len(head.columns) > COLUMNS_MAX:
        return Refused(_invalid("03", "the table has too many columns", "keep no more than 200"))
    try:
        return with_head(table, head)
    except ValueError:
        return Refused(_invalid("03", f"there is no hit policy `{head.policy[:40]}`", "choose one of the list"))


def _missing_notes(before: DecisionTable, after: DecisionTable) -> list[str]:
    """The columns of notes that every table of a pack has, and this one no more."""
    gone = [name for name in ANNOTATIONS if name in before.annotations and name not in after.annotations]
    return [f"every table of a pack has the note `{name}`" for name in gone]


def _table(study: Study, key: str, rows: Sequence[WrittenRow]) -> tuple[str, Logical, DecisionTable] | Refused:
    found = find(study, key)
    table = table_of(found[1]) if found is not None else None
    if found is None or table is None or len(rows) > ROWS_MAX:
        return Refused(_invalid("01", f"there is no table `{key}` here, or it has too many rows", "open it again"))
    return *found, table


def _invalid(number: str, text: str, what: str) -> Rejection:
    return Rejection(RejectionKind.INVALID, f"POLICY-TABLE-{number}", text, help=what)

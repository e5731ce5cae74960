"""A value of a draft that is another one from a day on: the row of its table ends the day before, a new one begins."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from comptroller.application.packs import Study
from comptroller.application.presenting.policies.elements import Logical, find, key_of, table_of
from comptroller.application.releasing.drafts import ChangeDraft, change_draft, own_draft
from comptroller.application.session import Refused, Session
from comptroller.application.studio.editing import look_through, with_needs
from comptroller.application.studio.sources import source_of, study_of
from comptroller.application.views.forms import FieldGroup, FieldKind, FieldView, FormView, LinkView
from comptroller.application.views.policies import DatedRow, DatedTable
from comptroller.domain.decisions.constants import constant_of
from comptroller.domain.decisions.definitions import BusinessKnowledgeModel, Decision, DecisionTable, Rule
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.packs.lint import stated_reason
from comptroller.domain.packs.moved_limits import bounds
from comptroller.domain.packs.validity import Validity, from_day_on, validity_of

CELL: Final = "cell/"
"""What the name of a value's field begins with; its column follows, counted over conditions and conclusions."""

TEXT: Final = "text"
"""The annotation that says why a row says what it says."""


@dataclass(frozen=True, slots=True)
class ShowValueForm:
    """The form by which the values of a row are others from a day on."""

    draft: str
    key: str
    rule: str


@dataclass(frozen=True, slots=True)
class ChangeValue:
    """Write other values of a row from a day on, as who saw `version` of the draft; cells by column."""

    draft: str
    key: str
    version: int
    rule: str
    day: str  # YYYY-MM-DD
    cells: Mapping[int, str]
    text: str = ""


def show_value_form(session: Session, command: ShowValueForm) -> FormView | Refused:
    """The row's values as they are, to be written anew."""
    source = source_of(session, command.draft)
    if isinstance(source, Refused):
        return source
    found = _row(source.study, command.key, command.rule)
    if isinstance(found, Refused):
        return found
    _, element, table, rule = found
    days = validity_of(table, rule)
    draft = source.draft
    assert draft is not None  # it was asked for by its key
    notes = dict(zip(table.annotations, rule.annotations, strict=False))
    here = f"/drafts/{draft.key}/policies/{command.key}"
    return FormView(
        title=f"From a day on: {element.name}",
        action=f"{here}/rows/{rule.id}/from",
        button="Keep in the draft",
        groups=(
            FieldGroup("", (FieldView("day", "From", FieldKind.DAY),)),
            FieldGroup("What it says from then on", tuple(_fields(table, rule))),
            FieldGroup("", (FieldView(TEXT, "Why", FieldKind.WORDS, value=notes.get(TEXT, "")),)),
        ),
        back=LinkView("Back to the table", here),
        lead="The row ends the day before, and a new one begins on the day: what was decided before stays as it was "
        "decided. Values are FEEL.",
        facts=(("Row", rule.id), *(_days_told(table, days) if days is not None else ())),
        hidden=(("version", str(draft.version)),),
        refusal="" if days is not None else "no column of the table asks for the days of this row: write in the grid",
        place="policies",
    )


def _days_told(table: DecisionTable, days: Validity) -> tuple[tuple[str, str], ...]:
    clause = table.inputs[days.column]
    until = f" until {days.end.isoformat()}" if days.end is not None else ""
    return ("Holds", f"from {days.start.isoformat()}{until}"), ("By", clause.label or clause.expression.text)


def change_value(session: Session, command: ChangeValue) -> dict[str, Any] | Refused:
    """Close the row the day before and open the new one; what does not compile is not kept."""
    draft = own_draft(session, command.draft, command.version)
    if isinstance(draft, Refused):
        return draft
    study = study_of(session, draft)
    found = _row(study, command.key, command.rule)
    if isinstance(found, Refused):
        return found
    path, element, table, rule = found
    day = parse_day(command.day)
    days = validity_of(table, rule)
    wrong = _wrong_day(days, day)
    if wrong or day is None:
        return Refused(_invalid("01", wrong, "day"))
    cells = {place: text.strip() for place, text in command.cells.items() if _is_value(table, rule, place)}
    written = from_day_on(table, rule, day, cells, {TEXT: command.text.strip()} if command.text.strip() else {})
    begun = written.rules[table.rules.index(rule) + 1]
    reason = stated_reason(table, begun)
    if reason and reason == stated_reason(table, rule):
        place = len(table.inputs) + next(at for at, clause in enumerate(table.outputs) if clause.name == "reason")
        return Refused(_invalid("03", f"the reason code `{reason}` names the old row: give the new one its own", place))
    row = written.rules.index(begun)
    faults = [each for each in look_through(study, path, element, written).cells if each.row == row and each.is_error]
    if faults:
        return Refused(_invalid("02", faults[0].message, faults[0].column))
    definitions, _ = with_needs(study, path, element, written)
    try:
        content = session.environment.packs.write_decisions(definitions, study.files[path])
    except ValueError as error:
        return Refused(_invalid("02", f"the value cannot be written: {error}", "day"))
    answer = change_draft(session, ChangeDraft(draft.key, draft.version, {path: content.decode()}))
    return answer if isinstance(answer, Refused) else {**answer, "rule": begun.id, "row": row + 1}


def dated_tables(study: Study) -> Iterator[DatedTable]:
    """The tables whose rows have days that they are asked for, and numbers: what a policy's parameters are."""
    for _, element in study.elements:
        table = table_of(element)
        if table is None or not isinstance(element, Decision | BusinessKnowledgeModel):
            continue
        if any(stated_reason(table, rule) for rule in table.rules):
            continue  # a rule that gives reasons, not a parameter
        rows = tuple(_dated_rows(table))
        if rows:
            yield DatedTable(key_of(element.name), element.name, rows)


def _dated_rows(table: DecisionTable) -> Iterator[DatedRow]:
    for rule in table.rules:
        days = validity_of(table, rule)
        values = tuple((field.label, field.value) for field in _fields(table, rule))
        if days is not None and any(character.isdigit() for _, value in values for character in value):
            notes = dict(zip(table.annotations, rule.annotations, strict=False))
            yield DatedRow(rule.id, values, days.start, days.end, notes.get(TEXT, ""))


def _row(study: Study, key: str, rule_id: str) -> tuple[str, Logical, DecisionTable, Rule] | Refused:
    found = find(study, key)
    table = table_of(found[1]) if found is not None else None
    rule = next((each for each in table.rules if each.id == rule_id), None) if table is not None else None
    if found is None or table is None or rule is None:
        text = f"there is no row `{rule_id[:100]}` in a table `{key[:100]}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "POLICY-VALUE-04", text, help="open the table again"))
    return *found, table, rule


def _fields(table: DecisionTable, rule: Rule) -> Iterator[FieldView]:
    labels = [
        *(clause.label or clause.expression.text for clause in table.inputs),
        *(clause.name or "answer" for clause in table.outputs),
    ]
    texts = [*(entry.text.strip() for entry in rule.inputs), *(entry.text.strip() for entry in rule.outputs)]
    for place, (label, text) in enumerate(zip(labels, texts, strict=True)):
        if _is_value(table, rule, place):
            yield FieldView(f"{CELL}{place}", label[:1].upper() + label[1:], value=text)


def _is_value(table: DecisionTable, rule: Rule, place: int) -> bool:
    """Whether a cell is a value that may be another one: a limit among the conditions, a constant as conclusion."""
    if place < len(table.inputs):
        return bool(bounds(rule.inputs[place].text))
    at = place - len(table.inputs)
    return at < len(rule.outputs) and constant_of(rule.outputs[at].text) is not None


def _wrong_day(days: Validity | None, day: date | None) -> str:
    if days is None:
        return "no column of the table asks for the days of this row"
    first = days.start + timedelta(days=1)
    if day is None or day < first or (days.end is not None and day > days.end):
        until = f" and {days.end.isoformat()}" if days.end is not None else " on"
        return f"the day lies {'between' if days.end is not None else 'from'} {first.isoformat()}{until}"
    return ""


def _invalid(number: str, text: str, place: int | str) -> Rejection:
    field = place if isinstance(place, str) else f"{CELL}{place}"
    code = f"POLICY-VALUE-{number}"
    return Rejection(RejectionKind.INVALID, code, text, (Fault(code, field, text, by="form"),), help="write it anew")

"""Handing in a file, and what became of it: each document in it a case, or the reason why it is none."""

from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.intake_records import SAME_DOCUMENT, GetIntake, get_intake
from comptroller.application.presenting.words import Names, standing_of_case, summary_of
from comptroller.application.session import Refused, Session
from comptroller.application.views.forms import (
    CellText,
    FieldGroup,
    FieldKind,
    FieldView,
    FormView,
    LinkView,
    TableView,
)
from comptroller.application.views.standing import Standing
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.canonical_json import decode

NO_SUBMITTING: Final = "handing in takes the duty to submit documents, which you do not hold"
HEADS_TOLD: Final = 5
CHANNELS: Final = {"mail": "a mail", "folder": "a folder", "file": "a file"}


@dataclass(frozen=True, slots=True)
class ShowIntake:
    """The form by which a file is handed in, and what came in and could not be dealt with."""


@dataclass(frozen=True, slots=True)
class ShowTakenIn:
    """What became of one file or mail."""

    intake_id: str


def show_intake(session: Session, _command: ShowIntake) -> FormView:
    """A file, and for a table the mapping by which it is read."""
    names, caller = Names(session), session.caller
    mappings = tuple((row.key, _title(decode(row.body), row.key)) for row in session.uow.reference_list("mapping"))
    entities = tuple(
        (row.key, names.entity(row.key)) for row in session.uow.reference_list("entity") if caller.sees(row.key)
    )
    fields = (
        FieldView("file", "File", FieldKind.FILE, hint="E-invoice (XML, PDF), mail (EML) or table (CSV, XLSX)"),
        FieldView(
            "mapping",
            "A table is read by",
            FieldKind.CHOICE,
            options=(("", "No mapping, show its columns" if _maps(session) else "No mapping"), *mappings),
            required=False,
            hint="A mapping says which column is what",
        ),
        FieldView(
            "entity",
            "For",
            FieldKind.CHOICE,
            options=(("", "Whom the document names"), *entities),
            required=False,
            hint="Where a document names nobody",
        ),
    )
    return FormView(
        title="Hand in",
        action="/intake",
        button="Hand in",
        lead="A file is kept as it comes in before it is read. Each document in it becomes a case of its own; the same "
        "document twice opens no second one.",
        groups=(FieldGroup("", fields),),
        refusal="" if Duty.DOCUMENT_SUBMIT in caller.duties else NO_SUBMITTING,
        place="intake",
        links=(LinkView("Build a mapping", "/mappings/new"),) if _maps(session) else (),
        has_file=True,
        tables=(_failed(session), _mappings(session)),
    )


def _maps(session: Session) -> bool:
    return bool(session.caller.duties & {Duty.REFERENCE_IMPORT, Duty.DOCUMENT_KEY})


def _mappings(session: Session) -> TableView:
    names, rows = Names(session), []
    for row in session.uow.reference_list("mapping"):
        body: Any = decode(row.body)
        here = f"/mappings/{row.key}" if _maps(session) else ""
        heads = dict.fromkeys(body["columns"].values())
        rows.append(
            (
                CellText(_title(body, row.key), href=here),
                CellText(f"{', '.join(list(heads)[:HEADS_TOLD])}{' …' if len(heads) > HEADS_TOLD else ''}"),
                CellText(names.person(row.recorded_by), sub=row.recorded_at.date().isoformat()),
            )
        )
    return TableView("Mappings", ("Mapping", "Columns", "Saved by"), tuple(rows), "No mapping is saved yet.")


def _title(body: Any, key: str) -> str:
    return str(body.get("name") or key)


def _failed(session: Session) -> TableView:
    rows = tuple(
        (
            CellText(row.name or "without a name", href=f"/intake/{row.intake_id}"),
            CellText(row.received_at.date().isoformat()),
            CellText(next((str(part["message"]) for part in _parts(row.detail) if part.get("code")), "")),
        )
        for row in session.uow.intake_list("failed")
        if not row.entity or session.caller.sees(row.entity)
    )
    empty = "Everything that came in was dealt with."
    return TableView("Could not be dealt with", ("What", "Came in on", "Why"), rows, empty)


def _parts(detail: str) -> list[dict[str, Any]]:
    parts: Any = decode(detail)
    return list(parts)


def show_taken_in(session: Session, command: ShowTakenIn) -> FormView | Refused:
    """Each part with its case, or why it opened none."""
    found = get_intake(session, GetIntake(command.intake_id))
    if isinstance(found, Refused):
        return found
    names = Names(session)
    row = session.uow.intake(command.intake_id)
    assert row is not None  # it was just found
    rows = tuple((CellText(f"`{part['part']}`"), *_became(session, names, part)) for part in found["results"])
    mappings = session.uow.references([f"mapping/{row.mapping}"])[f"mapping/{row.mapping}"] if row.mapping else ()
    sender = f"{'verified' if row.verified == 'yes' else 'not verified'}: {row.sender}" if row.sender else ""
    return FormView(
        title=row.name or "What came in",
        action=f"/intake/{row.intake_id}",
        button="Try again" if row.status == "failed" and Duty.DOCUMENT_SUBMIT in session.caller.duties else "",
        back=LinkView("Hand in", "/intake"),
        facts=(
            ("Came in", f"{row.received_at.date().isoformat()} as {CHANNELS.get(row.channel, row.channel)}"),
            ("By", names.person(row.received_by)),
            *((("Sender", sender),) if sender else ()),
            *(("Read by", _title(decode(each.body), each.key)) for each in mappings[:1]),
        ),
        links=(LinkView("As it came in", f"/intake/{row.intake_id}/original"),),
        place="intake",
        tables=(TableView("What became of it", ("Part", "Case", "Outcome"), rows, "It is being read."),),
    )


def _became(session: Session, names: Names, part: dict[str, Any]) -> tuple[CellText, CellText]:
    case = session.uow.case(str(part["case_id"])) if part.get("case_id") else None
    if case is None or not session.caller.sees(case.entity):
        link = CellText("")
    else:
        link = CellText(case.number or "without number", href=f"/cases/{case.case_id}", sub=case.supplier_name)
    if part.get("code") == SAME_DOCUMENT:
        return link, CellText("Handed in before", standing=Standing.NOTED)
    if part.get("code"):
        message, rule = str(part["message"]), f"rule {part['code']}"
        return link, CellText("Not taken in", standing=Standing.STOPPED, sub=f"{names.told(message)}, {rule}")
    if part.get("record"):
        return link, CellText(str(part["outcome"]).capitalize(), standing=Standing.PASSED, sub=str(part["record"]))
    if case is None:
        return link, CellText(str(part.get("outcome") or part.get("status") or ""))
    return link, CellText(summary_of(case), standing=standing_of_case(case))

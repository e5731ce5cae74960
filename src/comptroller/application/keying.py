"""Keying: a person says what a document shows, or corrects what was read of it, beside the original.

The original stays as it was received, and so does every earlier reading: what a person keys is a document of its own,
in the canonical JSON form, and is in force from then on. All controls run on it as on any other, and who keyed it
entered it: that person does not sign (INVARIANT 6).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from comptroller.application.act import may_answer
from comptroller.application.casework.answer import answer_of
from comptroller.application.casework.indexing import index_case
from comptroller.application.casework.milestones import mark
from comptroller.application.casework.resuming import resume_case
from comptroller.application.casework.run import CaseRun
from comptroller.application.queries import visible_case
from comptroller.application.records import DocumentRow, TaskRow
from comptroller.application.session import Refused, Session
from comptroller.application.submit import (
    KEYING,
    Received,
    described,
    keep_document,
    requester_of,
    the_same,
    told,
)
from comptroller.domain import workflow
from comptroller.domain.documents.difference import differences
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import DocumentKind, Invoice
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind, Severity

KEYED_OTHERWISE: Final = "KEYED-READ-01"
"""The fault of a value that was keyed otherwise than the data of the document has it."""

ANSWERS: Final = {KEYING: "keyed", "correction": "resubmit", "exception": "resolve"}
"""The tasks that a keyed document can answer, and what it answers them with."""


@dataclass(frozen=True)
class KeyDocument(Received):
    """What a person keyed for a case, in the canonical JSON form: `original` are those bytes."""

    case_id: str = ""
    reason: str = ""  # of a correction

    @property
    def request_fingerprint(self) -> str:
        """What makes two requests the same."""
        return f"{self.case_id}/{self.fingerprint}"


def key_document(session: Session, command: KeyDocument) -> dict[str, Any] | Refused:
    """Take what a person keyed as the document in force of a case that waits for it, and run all controls on it."""
    case = visible_case(session, command.case_id)
    if isinstance(case, Refused):
        return case
    if command.read.invoice is None or command.read.kind not in {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE}:
        return Refused(_unreadable(command), case.case_id)
    session.uow.serialize(command.needs.keys)
    known = session.uow.document(command.fingerprint)
    if known is not None:
        return Refused(the_same(known), known.case_id)
    run = resume_case(session, case)
    task = keyed_task(session, run)
    if task is None:
        return Refused(
            Rejection(
                RejectionKind.CONFLICT,
                "KEYING-TASK-01",
                "nothing on this case asks for its document to be keyed or corrected",
                subject=case.case_id,
                help="look at the case: it waits for something else, or for nothing",
            ),
            case.case_id,
        )
    refused = may_answer(run, task)
    return Refused(refused, case.case_id) if refused is not None else _take(run, task, command)


def _unreadable(command: KeyDocument) -> Rejection:
    errors = tuple(fault for fault in command.read.faults if fault.severity is Severity.ERROR) or command.read.faults
    first = errors[0] if errors else Fault("DOCUMENT-KIND-01", "", "what was keyed is no invoice or credit note")
    return Rejection(RejectionKind.INVALID, first.code, first.message, errors, help=first.help)


def keyed_task(session: Session, run: CaseRun) -> TaskRow | None:
    """The open task that a keyed document answers: of several the one that is this caller's."""
    found = [task for task in session.uow.case_tasks(run.row.case_id) if task.status == "open" and _fits(task)]
    return next((task for task in found if may_answer(run, task) is None), found[0] if found else None)


def _fits(task: TaskRow) -> bool:
    detail: Any = decode(task.detail)
    is_correctable = task.kind == "exception" and detail["item"].get("type") == "document"
    return task.kind in {KEYING, "correction"} or is_correctable


@dataclass(frozen=True, slots=True)
class FoundBeside:
    """A document as it was read or keyed, with the faults that the records beside it add or keep."""

    kind: DocumentKind
    profile: str
    invoice: Invoice | None
    faults: tuple[Fault, ...]
    media_type: str = "application/json"
    to_key: bool = False


def header_of(document: DocumentRow | None) -> Invoice | None:
    """The header that a program read of a document; None where it read all of it or nothing."""
    invoice = from_json(Invoice, decode(document.canonical))[0] if document is not None else None
    return invoice if invoice is not None and invoice.kind is DocumentKind.UNKNOWN else None


def _otherwise(header: Invoice, keyed: Invoice) -> Iterator[Fault]:
    """Tell each value of the header that was keyed otherwise, or left out."""
    for found in differences(header, keyed):
        if found.before is not None:
            message = f"keyed as `{_text(found.after)}`; the data of the document says `{_text(found.before)}`"
            help_text = "compare both with the page; who signs sees them side by side"
            yield Fault(KEYED_OTHERWISE, found.path, message, Severity.WARNING, "keying", help_text)


def _text(value: object) -> str:
    """A value of a document in a fault's message; a part that is no single value by being there."""
    return "nothing" if value is None else str(value)[:80] if isinstance(value, str | Decimal | date) else "another one"


def _take(run: CaseRun, task: TaskRow, command: KeyDocument) -> dict[str, Any]:
    invoice = command.read.invoice
    assert invoice is not None
    header = header_of(run.session.uow.document(run.dossier.transcribed or run.row.document))
    if header is not None:
        read = command.read
        faults = (*read.faults, *_otherwise(header, invoice))
        command = replace(command, read=FoundBeside(read.kind, read.profile, read.invoice, faults, read.media_type))
    if task.kind == KEYING:
        run.dossier.enterer, run.dossier.reasons = run.session.caller.id, []
    run.dossier.requester = requester_of(invoice)
    otherwise = [fault.path for fault in command.read.faults if fault.code == KEYED_OTHERWISE]
    more = {"otherwise": otherwise} if otherwise else {}
    put_in_force(run, command, command.reason, task=task.task_id, **more)
    return finish_keyed(run, task)


def put_in_force(run: CaseRun, command: Received, reason: str, **told_more: Any) -> None:
    """Keep what a person keyed beside the original and judge it from now on; who keyed it does not sign."""
    session, invoice, dossier, person = run.session, command.read.invoice, run.dossier, run.session.caller.id
    assert invoice is not None
    if session.uow.document(command.fingerprint) is None:  # else the case goes back to an earlier one of its own
        keep_document(session, command, run.row.case_id)
    dossier.transcribed = dossier.transcribed or run.row.document
    dossier.keyers = [*dict.fromkeys([*dossier.keyers, person])]
    run.describe(kind=command.read.kind.value)
    run.row = described(run.row, invoice, command.fingerprint)
    commitment = session.evidence.withhold(reason.strip(), salt=session.environment.chance.salt())
    entry = {**told(command, invoice), "beside": dossier.transcribed, "reason": commitment, **told_more}
    seq = run.tell("document.keyed", entry)
    mark(run, seq, "document keyed", person=person, task=str(told_more.get("task", "")))
    run.take_document(invoice, command.read.faults)


def finish_keyed(run: CaseRun, task: TaskRow) -> dict[str, Any]:
    """Answer the task that asked for the document, and have all controls run on it."""
    answer = ANSWERS[task.kind]
    run.tasks.close(task, answer, by=run.session.caller.id, at=run.session.now)
    detail: Any = decode(task.detail)
    outputs = {"decision taken": answer, "resolution": answer}
    refused = run.send(workflow.CompleteTask(task.token, int(detail["instance"]), outputs))
    if refused is not None:
        raise RuntimeError(f"an open task was refused by its process: {refused.message}")
    run.close()
    index_case(run)
    return answer_of(run)

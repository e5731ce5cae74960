"""Takes waiting cases up again: for a person's action, a message, a timer."""

from typing import Any

from comptroller.application.casework.gathering import competing_keys
from comptroller.application.casework.record import stream_of
from comptroller.application.casework.run import CaseRun
from comptroller.application.casework.services import HANDLERS
from comptroller.application.records import CaseRow
from comptroller.application.session import Session
from comptroller.domain import workflow
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Fault, Severity


def resume_case(session: Session, case: CaseRow) -> CaseRun:
    """Hold the case and what it is judged by, and take it up with its document in force."""
    session.uow.serialize([stream_of(case.case_id)])
    case = session.uow.case(case.case_id) or case  # as it stands now that nobody else holds it
    invoice: Invoice | None = None
    faults: tuple[Fault, ...] = ()
    document = session.uow.document(case.document) if case.document else None
    if document is not None:
        invoice, _ = from_json(Invoice, decode(document.canonical))
        stored: Any = decode(document.faults)
        faults = tuple(_fault(fields) for fields in stored)
    if invoice is not None:
        session.uow.serialize(competing_keys(invoice))
    run = CaseRun.resume(session, HANDLERS, case)
    if invoice is not None:
        run.take_document(invoice, faults)
    return run


def _fault(fields: list[str]) -> Fault:
    code, path, message, severity, by, help_text = fields
    return Fault(code, path, message, Severity(severity), by, help_text)


def call_up(run: CaseRun) -> bool:
    """Tell a waiting case that something it rests on has changed; False when it does not listen."""
    waits = [wait for wait in run.session.uow.case_waits(run.row.case_id) if wait.message == "case.changed"]
    tokens = dict.fromkeys(wait.token for wait in waits)
    heard = False
    for token in tokens:
        heard |= run.send(workflow.DeliverMessage(token, "case.changed", {})) is None
    return heard

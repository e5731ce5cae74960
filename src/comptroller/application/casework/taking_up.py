"""Takes a case up with its document in force, for whoever knows the handlers: the services themselves among them."""

from typing import Any

from comptroller.application.casework.gathering import competing_keys
from comptroller.application.casework.record import stream_of
from comptroller.application.casework.run import CaseRun, Handlers
from comptroller.application.records import CaseRow
from comptroller.application.session import Session
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Fault, Severity


def take_up(session: Session, handlers: Handlers, case: CaseRow) -> CaseRun:
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
    run = CaseRun.resume(session, handlers, case)
    if invoice is not None:
        run.take_document(invoice, faults)
    return run


def _fault(fields: list[str]) -> Fault:
    code, path, message, severity, by, help_text = fields
    return Fault(code, path, message, Severity(severity), by, help_text)

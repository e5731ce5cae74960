"""Takes a case up with its document in force, for whoever knows the handlers: the services themselves among them."""

from functools import lru_cache, partial
from typing import Any

from comptroller.application.casework.gathering import competing_keys
from comptroller.application.casework.record import stream_of
from comptroller.application.casework.run import CaseRun, Document, Handlers
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import CaseRow
from comptroller.application.session import Session
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import DocumentKind, Invoice
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Fault, Severity


def take_up(session: Session, handlers: Handlers, case: CaseRow) -> CaseRun:
    """Hold the case and what it is judged by, and take it up with its document in force."""
    run = take_up_alone(session, handlers, case)
    run.hold()
    return run


def take_up_alone(session: Session, handlers: Handlers, case: CaseRow) -> CaseRun:
    """Hold the case alone, for who only tells it something: the rest is held once its process asks for more."""
    session.uow.serialize([stream_of(case.case_id)])
    case = session.uow.case(case.case_id) or case  # as it stands now that nobody else holds it
    return CaseRun.resume(session, handlers, case, partial(_held_document, session.uow, case))


def _held_document(uow: UnitOfWork, case: CaseRow) -> Document:
    invoice, faults = document_in_force(uow, case)
    if invoice is not None:
        uow.serialize(competing_keys(invoice))
    return invoice, faults


def document_in_force(uow: UnitOfWork, case: CaseRow) -> Document:
    """The document of a case as it was read, and what was found in it; of one to be keyed, none.

    What a program read of the header of such a document is a person's to start from, and nothing is judged by it.
    """
    document = uow.document(case.document) if case.document else None
    return (None, ()) if document is None else _read(document.canonical, document.faults)


@lru_cache(maxsize=32)  # what a batch of commands looks at twice; a function of the texts alone
def _read(canonical: str, faults: str) -> Document:
    invoice, _ = from_json(Invoice, decode(canonical))
    if invoice is not None and invoice.kind is DocumentKind.UNKNOWN:
        invoice = None
    stored: Any = decode(faults)
    return invoice, tuple(_fault(fields) for fields in stored)


def _fault(fields: list[str]) -> Fault:
    code, path, message, severity, by, help_text = fields
    return Fault(code, path, message, Severity(severity), by, help_text)

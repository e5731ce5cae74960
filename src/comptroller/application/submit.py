"""Submitting a document: from bytes to a case that is posted, waits for somebody, or is turned down.

The bytes are read and checked before the unit of work opens, since that depends on nothing else. Within it the case is
opened, judged and, where policy lets it, posted: a touchless document commits once.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

from comptroller.application.caller import PACK
from comptroller.application.casework.answer import answer_of
from comptroller.application.casework.dossier import Dossier
from comptroller.application.casework.gathering import aliases_of, competing_keys
from comptroller.application.casework.milestones import mark, mark_received
from comptroller.application.casework.opening import INVOICE_PROCESS, begin, start
from comptroller.application.casework.resuming import call_up, resume_case
from comptroller.application.needs import Needs
from comptroller.application.ports.surroundings import ReadDocument
from comptroller.application.records import CandidateRow, CaseRow, DocumentRow
from comptroller.application.session import Refused, Session
from comptroller.domain.controls.matching import balance_key
from comptroller.domain.controls.numbers import stem
from comptroller.domain.documents.json_form import to_json
from comptroller.domain.documents.model import DocumentKind, Invoice
from comptroller.domain.kernel.canonical_json import encode
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind, Severity

CORRECTED = "384"
"""UNTDID 1001: a corrected invoice, which names the one it replaces."""


@dataclass(frozen=True)
class SubmitDocument:
    """A document as received, and what was read from it."""

    original: bytes
    media_type: str
    read: ReadDocument

    @cached_property
    def fingerprint(self) -> str:
        """What makes two requests the same request, and the name of the document."""
        return sha256(self.original).hexdigest()

    @cached_property
    def needs(self) -> Needs:
        """The number and the orders it competes for, and all that the document itself names."""
        invoice = self.read.invoice
        if invoice is None:
            return Needs()
        return Needs(
            keys=(f"document/{self.fingerprint}", *competing_keys(invoice)),
            aliases=(f"policy/{PACK}", *aliases_of(invoice)),
            documents=(self.fingerprint,),
            numbers=(stem(invoice.number),),
            balances=tuple(
                balance_key(line.order_number or invoice.order_number, line.order_line)
                for line in invoice.lines
                if line.order_line
            ),
        )


def submit_document(session: Session, command: SubmitDocument) -> dict[str, Any] | Refused:
    """Open a case for an invoice or credit note, or turn it down where nothing can be read or it is known already."""
    read = command.read
    if read.invoice is None or read.kind not in {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE}:
        return Refused(_unreadable(read))
    invoice, document = read.invoice, command.fingerprint
    session.uow.serialize(command.needs.keys)
    known = session.uow.document(document)
    if known is not None:
        return Refused(_the_same(known), known.case_id)
    replaced = _case_to_correct(session, invoice)
    if replaced is not None:
        return _correct(session, command, replaced)
    dossier = Dossier(enterer=session.caller.id, requester=_requester(invoice))
    run = begin(session, INVOICE_PROCESS, kind=read.kind.value, number=invoice.number, dossier=dossier)
    _keep_document(session, command, run.row.case_id)
    run.row = _described(run.row, invoice, document)
    mark_received(run, run.tell("document.received", _told(command, invoice)))
    answer = start(run, invoice, read.faults)
    session.uow.insert(_candidate(run.row, invoice))
    return answer


def _unreadable(read: ReadDocument) -> Rejection:
    errors = tuple(fault for fault in read.faults if fault.severity is Severity.ERROR) or read.faults
    first = (
        errors[0] if errors else Fault("DOCUMENT-KIND-01", "", f"a document of kind `{read.kind}` opens no case here")
    )
    return Rejection(
        RejectionKind.INVALID, first.code, first.message, errors, help=first.help or "send a UBL, CII or JSON invoice"
    )


def _the_same(known: DocumentRow) -> Rejection:
    return Rejection(
        RejectionKind.CONFLICT,
        "DOCUMENT-SAME-01",
        f"the same document was received before; it is case {known.case_id}",
        subject=known.case_id,
        help="look at that case; send a document with its own number for another supply",
    )


def _requester(invoice: Invoice) -> str:
    """BT-10 names who asked for the supply; a tenant's convention is the person's id."""
    return invoice.buyer_reference


def _case_to_correct(session: Session, invoice: Invoice) -> CaseRow | None:
    """The waiting case of the same supplier that a corrected invoice replaces the document of."""
    if invoice.type_code != CORRECTED or invoice.seller is None or not invoice.seller.vat_id:
        return None
    for preceding in invoice.preceding:
        for row, case in session.uow.candidates(stem(preceding.number)):
            if case.status == "waiting" and row.number == preceding.number and row.vat_id == invoice.seller.vat_id:
                return case
    return None


def _correct(session: Session, command: SubmitDocument, case: CaseRow) -> dict[str, Any]:
    """Replace the document of a waiting case: all controls run again, and signatures on changed fields fall."""
    invoice = command.read.invoice
    assert invoice is not None
    run = resume_case(session, case)
    _keep_document(session, command, case.case_id)
    if stem(invoice.number) != stem(case.number):
        session.uow.insert(_candidate(case, invoice))
    run.row = _described(run.row, invoice, command.fingerprint)
    mark(run, run.tell("document.corrected", _told(command, invoice)), "document corrected", person=session.caller.id)
    run.take_document(invoice, command.read.faults)
    call_up(run)
    run.close()
    return answer_of(run)


def _keep_document(session: Session, command: SubmitDocument, case_id: str) -> None:
    read = command.read
    assert read.invoice is not None
    faults = [[f.code, f.path, f.message, f.severity, f.by, f.help] for f in read.faults]
    session.uow.insert(
        DocumentRow(
            digest=command.fingerprint,
            case_id=case_id,
            media_type=command.media_type,
            profile=read.profile,
            original=command.original,
            canonical=encode(to_json(read.invoice)).decode(),  # type: ignore[arg-type]  # plain JSON values by contract
            faults=encode(faults).decode(),
            received_at=session.now,
            received_by=session.caller.id,
        )
    )


def _candidate(case: CaseRow, invoice: Invoice) -> CandidateRow:
    totals = invoice.totals
    return CandidateRow(
        number_normalised=stem(invoice.number),
        case_id=case.case_id,
        number=invoice.number,
        supplier=case.supplier,
        vat_id=invoice.seller.vat_id if invoice.seller else "",
        account=next((payment.account for payment in invoice.payments if payment.account), ""),
        entity=case.entity,
        currency=invoice.currency,
        net=totals.net,
        gross=totals.gross,
        issue_date=invoice.issue_date.isoformat() if invoice.issue_date else "",
        type_code=invoice.type_code,
    )


def _described(row: CaseRow, invoice: Invoice, document: str) -> CaseRow:
    return replace(
        row,
        number=invoice.number,
        document=document,
        currency=invoice.currency,
        net=invoice.totals.net,
        gross=invoice.totals.gross,
    )


def _told(command: SubmitDocument, invoice: Invoice) -> dict[str, Any]:
    return {
        "document": command.fingerprint,
        "bytes": len(command.original),
        "media_type": command.media_type,
        "kind": command.read.kind.value,
        "number": invoice.number,
        "currency": invoice.currency,
        "gross": invoice.totals.gross,
        "faults": sorted({fault.code for fault in command.read.faults}),
    }

"""Submitting a document: from bytes to a case that is posted, waits for somebody, or is turned down.

The bytes are read and checked before the unit of work opens, since that depends on nothing else. Within it the case is
opened, judged and, where policy lets it, posted: a touchless document commits once.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

from comptroller.application.casework.answer import answer_of
from comptroller.application.casework.dossier import Dossier
from comptroller.application.casework.gathering import aliases_of, competing_keys
from comptroller.application.casework.gathering.names import Names
from comptroller.application.casework.gathering.reading import entity_of
from comptroller.application.casework.indexing import index_case, numbered
from comptroller.application.casework.milestones import RECEIVED_AGAIN, mark, mark_received
from comptroller.application.casework.opening import INVOICE_PROCESS, begin, start
from comptroller.application.casework.resuming import call_up, resume_case
from comptroller.application.intake_records import SAME_DOCUMENT, came_in
from comptroller.application.needs import Needs
from comptroller.application.ports.surroundings import ReadDocument
from comptroller.application.records import CaseRow, DocumentRow, revised
from comptroller.application.session import Refused, Session
from comptroller.domain.controls.matching import balance_key
from comptroller.domain.documents.json_form import to_json
from comptroller.domain.documents.model import DocumentKind, Invoice
from comptroller.domain.kernel.canonical_json import encode
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind, Severity
from comptroller.domain.kernel.instant import instant_text

CORRECTED = "384"
"""UNTDID 1001: a corrected invoice, which names the one it replaces."""


KEYING: Final = "keying"
"""The kind of task that asks a person to key a document."""

TO_KEY: Final = "to key"
"""The outcome of a case that waits for it, and the process's variable that says so."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a document came in, as far as that is known beside its bytes."""

    channel: str = ""  # mail, folder, file; empty: handed in at a door by the caller
    sender: str = ""
    verified: bool | None = None  # whether the sender is proved to be who it says; None where nothing could prove it
    source: str = ""  # the intake record that holds the whole message or file
    part: str = ""  # which part of it: an attachment's name, rows
    mapping: str = ""  # by which a table was read
    entity: str = ""  # whose mailbox or folder it came to
    clearance: str = ""  # the number under which a state's platform cleared it, as the transmission says
    received_at: datetime | None = None  # by the channel's own clock; None: when it was handed in

    def to_json(self) -> dict[str, Any]:
        """What is known of it."""
        known = {name: value for name, value in asdict(self).items() if value not in ("", None)}
        return known if self.received_at is None else known | {"received_at": instant_text(self.received_at)}


@dataclass(frozen=True)
class Received:
    """A document's bytes as received or keyed, and what was read from them."""

    original: bytes
    media_type: str
    read: ReadDocument
    arrival: Arrival = Arrival()

    @cached_property
    def fingerprint(self) -> str:
        """What makes two requests the same request, and the name of the document."""
        return sha256(self.original).hexdigest()

    @cached_property
    def needs(self) -> Needs:
        """The number and the orders it competes for, and all that the document itself names."""
        invoice = self.read.invoice
        if invoice is None or self.read.to_key:
            return Needs()
        return Needs(
            keys=(f"document/{self.fingerprint}", *competing_keys(invoice)),
            aliases=tuple(aliases_of(invoice)),
            documents=(self.fingerprint,),
            balances=tuple(
                balance_key(line.order_number or invoice.order_number, line.order_line)
                for line in invoice.lines
                if line.order_line
            ),
        )


@dataclass(frozen=True)
class SubmitDocument(Received):
    """A document handed in."""


def submit_document(session: Session, command: SubmitDocument) -> dict[str, Any] | Refused:
    """Open a case for an invoice or credit note, or turn it down where nothing can be read or it is known already."""
    read = command.read
    invoice = read.invoice
    if read.kind not in {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE}:
        invoice = None
    if invoice is None and not (read.to_key and KEYING in session.policy.processes[INVOICE_PROCESS].task_kinds):
        return Refused(_unreadable(read))
    session.uow.serialize(command.needs.keys or (f"document/{command.fingerprint}",))
    known = session.uow.document(command.fingerprint)
    if known is not None:
        return Refused(the_same(known), known.case_id, RECEIVED_AGAIN)
    if invoice is None:
        return _to_be_keyed(session, command)
    replaced = _case_to_correct(session, invoice)
    if replaced is not None:
        return _correct(session, command, replaced)
    dossier = Dossier(enterer=session.caller.id, requester=requester_of(invoice), arrival=command.arrival.to_json())
    about: Any = {"kind": read.kind.value, "number": invoice.number, "entity": _receiver(session, invoice)}
    run = begin(session, INVOICE_PROCESS, dossier=dossier, **about)
    keep_document(session, command, run.row.case_id)
    run.row = described(run.row, invoice, command.fingerprint)
    run.describe(received_at=came_in(command.arrival.received_at, session.now))
    mark_received(run, run.tell("document.received", told(command, invoice)))
    answer = start(run, invoice, read.faults)
    index_case(run)
    return answer


def _to_be_keyed(session: Session, command: SubmitDocument) -> dict[str, Any]:
    """Keep a document that no program reads and ask a clerk to key it: nothing is judged before."""
    header = command.read.invoice or Invoice()
    entity = _receiver(session, header) or command.arrival.entity or _only_entity(session)
    dossier = Dossier(enterer=session.caller.id, arrival=command.arrival.to_json())
    dossier.reasons = [{"code": f.code, "text": f.message} for f in command.read.faults]
    run = begin(session, INVOICE_PROCESS, kind=DocumentKind.UNKNOWN.value, number="", dossier=dossier, entity=entity)
    keep_document(session, command, run.row.case_id)
    received_at = came_in(command.arrival.received_at, session.now)
    run.row = described(run.row, header, command.fingerprint)
    run.describe(outcome=TO_KEY, received_at=received_at)
    mark_received(run, run.tell("document.received", told(command, None)))
    return start(run, variables={TO_KEY: True})


def _receiver(session: Session, invoice: Invoice) -> str:
    """The entity that the document is for, as far as it names one: whose policy the case begins with."""
    names = Names(invoice)
    wanted = [alias for alias in (names.entity, names.entity_name) if alias]
    entity, _ = entity_of(session.uow.references(wanted), names)
    return "" if entity is None else entity.code


def _only_entity(session: Session) -> str:
    """The entity of a caller who works for no other: where the document itself names none, that is whose it is."""
    entities = session.caller.principal.entities
    return entities[0] if len(entities) == 1 and entities[0] != "*" else ""


def _unreadable(read: ReadDocument) -> Rejection:
    errors = tuple(fault for fault in read.faults if fault.severity is Severity.ERROR) or read.faults
    first = (
        errors[0] if errors else Fault("DOCUMENT-KIND-01", "", f"a document of kind `{read.kind}` opens no case here")
    )
    return Rejection(
        RejectionKind.INVALID, first.code, first.message, errors, help=first.help or "send a UBL, CII or JSON invoice"
    )


def the_same(known: DocumentRow) -> Rejection:
    """Say that a document is known already."""
    return Rejection(
        RejectionKind.CONFLICT,
        SAME_DOCUMENT,
        f"the same document was received before; it is case {known.case_id}",
        subject=known.case_id,
        help="look at that case; send a document with its own number for another supply",
    )


def requester_of(invoice: Invoice) -> str:
    """BT-10 names who asked for the supply; a tenant's convention is the person's id."""
    return invoice.buyer_reference


def _case_to_correct(session: Session, invoice: Invoice) -> CaseRow | None:
    """The waiting case of the same supplier that a corrected invoice replaces the document of."""
    if invoice.type_code != CORRECTED or invoice.seller is None or not invoice.seller.vat_id:
        return None
    for preceding in invoice.preceding:
        for row, case in numbered(session.uow, invoice, preceding):
            if case.status == "waiting" and row.number == preceding.number and row.vat_id == invoice.seller.vat_id:
                return case
    return None


def _correct(session: Session, command: SubmitDocument, case: CaseRow) -> dict[str, Any]:
    """Replace the document of a waiting case: all controls run again, and signatures on changed fields fall."""
    invoice = command.read.invoice
    assert invoice is not None
    run = resume_case(session, case)
    keep_document(session, command, case.case_id)
    run.row = described(run.row, invoice, command.fingerprint)
    mark(run, run.tell("document.corrected", told(command, invoice)), "document corrected", person=session.caller.id)
    run.take_document(invoice, command.read.faults)
    call_up(run)
    run.close()
    index_case(run)
    return answer_of(run)


def keep_document(session: Session, command: "Received", case_id: str) -> None:
    """Keep a document's bytes beside what was read of them; nothing that was kept is ever written over."""
    read = command.read
    canonical = None if read.invoice is None else to_json(read.invoice)
    faults = [[f.code, f.path, f.message, f.severity, f.by, f.help] for f in read.faults]
    session.uow.insert(
        DocumentRow(
            digest=command.fingerprint,
            case_id=case_id,
            media_type=read.media_type or command.media_type,
            profile=read.profile,
            original=command.original,
            canonical=encode(canonical).decode(),  # type: ignore[arg-type]  # plain JSON values by contract
            faults=encode(faults).decode(),
            received_at=came_in(command.arrival.received_at, session.now),
            received_by=session.caller.id,
        )
    )


def described(row: CaseRow, invoice: Invoice, document: str) -> CaseRow:
    """The case's row with what the document in force says."""
    return revised(
        row,
        number=invoice.number,
        document=document,
        currency=invoice.currency,
        net=invoice.totals.net,
        gross=invoice.totals.gross,
    )


def told(command: "Received", invoice: Invoice | None) -> dict[str, Any]:
    """What the case's story tells of a document."""
    read = command.read
    known = (
        {}
        if invoice is None
        else {
            "number": invoice.number,
            "currency": invoice.currency,
            "gross": invoice.totals.gross,
        }
    )
    return {
        "document": command.fingerprint,
        "bytes": len(command.original),
        "media_type": read.media_type or command.media_type,
        "kind": read.kind.value,
        **known,
        "faults": sorted({fault.code for fault in read.faults}),
        **({"arrival": command.arrival.to_json()} if command.arrival.to_json() else {}),
    }

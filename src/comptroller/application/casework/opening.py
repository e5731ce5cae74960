"""Begins cases: an invoice received, an order amended."""

from collections.abc import Mapping
from typing import Any, Final

from comptroller.application.casework.answer import answer_of
from comptroller.application.casework.commitment import commitment_of
from comptroller.application.casework.dossier import Dossier
from comptroller.application.casework.run import CaseRun
from comptroller.application.casework.services import HANDLERS
from comptroller.application.evidence import NO_ENTRY
from comptroller.application.records import CaseRow, WaitRow
from comptroller.application.releasing.timeline import policy_to_begin
from comptroller.application.session import Refused, Session
from comptroller.domain import workflow
from comptroller.domain.documents.model import Invoice
from comptroller.domain.feel import Value
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind
from comptroller.domain.packs.timeline import GROUP

INVOICE_PROCESS: Final = "invoice"
ORDER_CHANGE_PROCESS: Final = "order-change"

PENDING: Final = "order.pending"
"""What a case of a change waits under until it ends: one amendment of a record at a time."""


def begin(session: Session, process: str, *, kind: str, number: str, dossier: Dossier, entity: str = GROUP) -> CaseRun:
    """Make a new case of the policy in force for an entity, with nothing done on it yet."""
    case_id = session.environment.chance.identifier(session.now)
    policy = policy_to_begin(session, process, entity, case_id)
    definition = policy.processes[process]
    row = CaseRow(
        case_id=case_id,
        process=process,
        process_hash=definition.hash,
        policy_hash=policy.hash,
        kind=kind,
        status="waiting",
        outcome="",
        entity=entity,
        supplier="",
        supplier_name="",
        number=number,
        document="",
        currency="",
        net=None,
        gross=None,
        exceptions="",
        received_at=session.now,
        updated_at=session.now,
        version=0,
        entry_seq=0,
        entry_hash=NO_ENTRY.hex(),
        state="",
    )
    run = CaseRun(session, HANDLERS, row=row, pinned=policy, state=None, dossier=dossier)
    session.evidence.know(run.stream, 0, NO_ENTRY)
    session.uow.begin_case(case_id)
    return run


def start(
    run: CaseRun,
    invoice: Invoice | None = None,
    faults: tuple[Fault, ...] = (),
    variables: Mapping[str, Value] | None = None,
    *,
    event: str = "",
) -> dict[str, Any]:
    """Run a new case until it ends or waits, and answer what became of it; `event` is the start event it begins at."""
    if invoice is not None:
        run.take_document(invoice, faults)
    refused = run.send(workflow.Start(variables or {}, event))
    if refused is not None:
        raise RuntimeError(f"a new case was refused by its process: {refused.message}")
    run.close()
    return answer_of(run)


def open_change(session: Session, kind: str, number: str, body: Mapping[str, Any]) -> dict[str, Any] | Refused:
    """Put an amended record before somebody who may release it; until then the released version stays in force."""
    commitment = commitment_of(session.uow, kind, body)
    if commitment is None:
        message = f"the agreement of schedule `{number}` is not on file"
        return Refused(
            Rejection(RejectionKind.INVALID, "ORDER-PENDING-02", message, help="bring the agreement in first")
        )
    pending = session.uow.waiting_for(PENDING, f"{kind}/{number}")
    if pending:
        return Refused(
            Rejection(
                RejectionKind.CONFLICT,
                "ORDER-PENDING-01",
                f"an amendment of {kind} `{number}` already waits for its release",
                subject=pending[0].case_id,
                help="have it released or refused first",
            )
        )
    dossier = Dossier(enterer=session.caller.id, requester=session.caller.id, proposal=dict(body))
    about: Any = {"kind": f"{kind}_change", "number": number, "entity": commitment.entity}
    run = begin(session, ORDER_CHANGE_PROCESS, dossier=dossier, **about)
    session.uow.insert(WaitRow(PENDING, f"{kind}/{number}", run.row.case_id, ""))
    run.tell(f"{kind}.amended", {kind: number, "by": session.caller.id})
    return start(run)

"""Lifting a block on a payment: who may is decided by policy, and what the block guards is decided again first.

INVARIANT 8: an account, a supplier's standing or a list of sanctions is judged by what is valid now.
"""

from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.casework.answer import answer_of
from comptroller.application.casework.milestones import mark
from comptroller.application.casework.payment_blocks import LIFT_ASKED, LIFTED, open_blocks
from comptroller.application.casework.resuming import resume_case
from comptroller.application.casework.run import CaseRun
from comptroller.application.casework.signing import refusal_of
from comptroller.application.records import PaymentBlockRow, revised
from comptroller.application.session import Refused, Session
from comptroller.domain.controls import numbers
from comptroller.domain.controls.facts import paid_account
from comptroller.domain.documents.model import BankAccount
from comptroller.domain.kernel.fault import Rejection, RejectionKind

GUARDS: Final = {"bank details": "pay", "sanctions": "clear"}
"""The controls that must let a payment through before any block is lifted, and what they say then."""


@dataclass(frozen=True, slots=True)
class LiftPaymentBlock:
    """One person's word that what was blocked may be paid."""

    block_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class ListPaymentBlocks:
    """The payment blocks of a supplier, open and lifted, with their words."""

    supplier: str


def lift_payment_block(session: Session, command: LiftPaymentBlock) -> dict[str, Any] | Refused:
    """Lift a block, or ask a second person to, or refuse with the reason."""
    block = session.uow.payment_block(command.block_id)
    case = session.uow.case(block.case_id) if block is not None else None
    if block is None or case is None or not session.caller.sees(case.entity):
        return Refused(
            Rejection(RejectionKind.NOT_FOUND, "BLOCK-UNKNOWN-01", f"there is no payment block `{command.block_id}`")
        )
    if not command.reason.strip():
        return Refused(
            Rejection(
                RejectionKind.INVALID,
                "BLOCK-REASON-01",
                "lifting a block needs a reason",
                help="say why, in a sentence",
            ),
            case.case_id,
        )
    run = resume_case(session, case)
    block = session.uow.payment_block(command.block_id) or block  # as it stands now that nobody else holds the case
    if block.status == LIFTED:
        message = f"{block.lifted_by} lifted the block already"
        return Refused(Rejection(RejectionKind.CONFLICT, "BLOCK-LIFTED-01", message), case.case_id)
    run.gather()
    verdict = _verdict(run, block)
    refused = _refusal(run, verdict) or _guarded(run)
    if refused is not None:
        return Refused(refused, case.case_id)
    reason = session.evidence.withhold(command.reason.strip(), salt=session.environment.chance.salt())
    told = {"block": block.block_id, "cause": block.cause, "reason": reason}
    if verdict["outcome"] == "ask":
        session.uow.update(revised(block, status=LIFT_ASKED, asked_at=session.now, asked_by=session.caller.id))
        run.tell("payment.lift.asked", told)
    else:
        session.uow.update(revised(block, status=LIFTED, lifted_at=session.now, lifted_by=session.caller.id))
        seq = run.tell("payment.unblocked", told)
        mark(run, seq, "payment unblocked", person=session.caller.id, detail=block.cause)
        if not open_blocks(session, case.case_id):
            run.dossier.payment_block = ""
            if run.row.status == "posted":
                run.describe(outcome="posted")
    run.close()
    return answer_of(run) | {"block_id": block.block_id, "lifted": verdict["outcome"] == "yes"}


def list_payment_blocks(session: Session, command: ListPaymentBlocks) -> dict[str, Any]:
    """Every block on items of a supplier that the caller may see, oldest first."""
    cases = {row.case_id: row for row in session.uow.supplier_cases(command.supplier)}
    blocks = [
        block
        for block in session.uow.payment_blocks(supplier=command.supplier)
        if block.case_id in cases and session.caller.sees(cases[block.case_id].entity)
    ]
    texts = session.uow.private_texts([block.reason for block in blocks])
    return {
        "blocks": [
            block_view(block, texts.get(block.reason, ""))
            | {
                "number": cases[block.case_id].number,
                "currency": cases[block.case_id].currency,
                "gross": cases[block.case_id].gross,
            }
            for block in blocks
        ]
    }


def block_view(block: PaymentBlockRow, text: str) -> dict[str, Any]:
    """One block in the form of the interface."""
    return {
        "block_id": block.block_id,
        "case_id": block.case_id,
        "supplier": block.supplier,
        "cause": block.cause,
        "text": text,
        "status": block.status,
        "placed_at": block.placed_at,
        "placed_by": block.placed_by,
        "asked_by": block.asked_by,
        "lifted_at": block.lifted_at,
        "lifted_by": block.lifted_by,
    }


def _verdict(run: CaseRun, block: PaymentBlockRow) -> dict[str, Any]:
    caller, account = run.session.caller.principal, _account(run)
    run.facts |= {
        "cause": block.cause,
        "lifter": {"id": caller.id, "kind": caller.kind.value, "roles": list(caller.roles)},
        "placed by": block.placed_by,
        "asked by": block.asked_by,
        "entered by": account.changed_by if account is not None else "",
        "called back": account is not None
        and (account.changed_on is None or (bool(account.verified_by) and account.verified_by != account.changed_by)),
    }
    verdict: Any = run.decide("block lifting").value
    return verdict if isinstance(verdict, dict) else {}


def _account(run: CaseRun) -> BankAccount | None:
    """The master's account that would be paid; None where the document names another."""
    supplier = run.context.supplier
    wanted = paid_account(run.invoice, supplier)
    accounts = supplier.accounts if supplier is not None else ()
    return next((account for account in accounts if numbers.identifier(account.account) == wanted), None)


def _refusal(run: CaseRun, verdict: dict[str, Any]) -> Rejection | None:
    return None if verdict.get("outcome") == "ask" else refusal_of(run, verdict, "lift the block", "BLOCK-POLICY-01")


def _guarded(run: CaseRun) -> Rejection | None:
    """What still speaks against the payment, decided anew."""
    for name, good in GUARDS.items():
        outcome: Any = run.keep_outcome(name, run.decide(name))
        if outcome.get("outcome") != good:
            return Rejection(
                RejectionKind.FORBIDDEN,
                str(outcome.get("reason") or "BLOCK-GUARD-01"),
                str(outcome.get("text") or f"`{name}` does not let the payment through"),
                breach="unverified bank change" if name == "bank details" else "blocked or sanctioned supplier",
                subject=run.row.case_id,
            )
    return None

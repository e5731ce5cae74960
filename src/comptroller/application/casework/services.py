"""The services that processes call by name, and what follows from the outcomes of decisions.

A service reads and changes the case that is being run and nothing else; its rows are written with the case's. The
posting is always preceded by all controls in the same unit of work, because every way to it leads through
`facts.gather`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from comptroller.application.casework import account_change, supplier_change
from comptroller.application.casework.attempts import tell_attempts
from comptroller.application.casework.authority import amount_of_authority
from comptroller.application.casework.debit_note import post_debit_note
from comptroller.application.casework.gathering import Material, gather
from comptroller.application.casework.journal import post_journal
from comptroller.application.casework.milestones import mark, mark_findings, mark_judged
from comptroller.application.casework.moving import move_up
from comptroller.application.casework.order_change import put_order_in_force, route_order
from comptroller.application.casework.payment_blocks import open_blocks, place_block
from comptroller.application.casework.posted import watch
from comptroller.application.casework.respond import respond
from comptroller.application.casework.routing import route_approval
from comptroller.application.casework.run import CaseRun, Failed, Handlers
from comptroller.application.casework.signing import recorded_outcomes
from comptroller.application.casework.taking import in_millionths, takings
from comptroller.application.outbox import delivery_row, message_row
from comptroller.application.payments.proposal import check_payments, free_items, release_payments, route_release
from comptroller.application.records import BalanceRow, CandidateKeyRow
from comptroller.application.releasing.release import (
    check_version,
    object_to_policy,
    put_policy_in_force,
    refuse_policy,
    route_policy,
)
from comptroller.domain.controls.candidate_index import taking_lookup
from comptroller.domain.controls.facts import invoice_facts
from comptroller.domain.controls.matching import PREPAYMENT, is_of_order_line
from comptroller.domain.feel import Value

OUTCOME_OF: Final = {
    "post": ("posted", "posted"),
    "post with payment block": ("posted", "posted with payment block"),
    "approve": ("waiting", "approval"),
    "hold": ("waiting", "exception"),
    "park": ("waiting", "parked"),
    "reject": ("rejected", "invalid"),
    "return": ("returned", "returned"),
}
"""Disposition -> the case's status and outcome."""

UNCONTROLLED: Final = "LEDGER-CONTROLS-01"
"""The error of a posting that comes without its controls."""

POSTED_ALREADY: Final = "LEDGER-POSTED-01"
"""The error of turning down what is posted."""

POSTED: Final = frozenset(name for name, (status, _) in OUTCOME_OF.items() if status == "posted")
"""The dispositions that lead to the ledger."""


# Facts


def gather_facts(run: CaseRun) -> Mapping[str, Value]:
    """Read everything afresh: nothing that was read for an earlier decision counts for a later one."""
    material: Material = gather(run.session, run.row, run.invoice, run.dossier, run.faults)
    context = material.context
    run.material = material
    supplier = context.supplier
    run.follow(context.entity.code if context.entity else "")
    run.describe(
        supplier=supplier.id if supplier else "",
        supplier_name=supplier.name if supplier else (run.invoice.seller.name if run.invoice.seller else ""),
    )
    run.tell("facts.gathered", {"references": material.references})
    run.facts = {**invoice_facts(run.invoice, run.context)}
    run.facts["amount"] = amount_of_authority(run)
    return {}


# What follows from outcomes


def take_disposition(run: CaseRun, outcome: Any) -> Mapping[str, Value]:
    """Note what is to happen and why, and hold or free the balances accordingly."""
    name = str(outcome.get("outcome"))
    status, result = OUTCOME_OF.get(name, ("waiting", "exception"))
    findings = [dict(finding) for finding in outcome.get("exceptions") or ()]
    mark_judged(run, run.dossier.decided["disposition"])
    mark_findings(run, run.dossier.findings, findings)
    if name in POSTED:
        mark(run, run.dossier.decided["disposition"], "ready to post")
    run.dossier.disposition = name
    run.dossier.findings = findings
    run.dossier.payment_block = str(outcome.get("payment block") or "")
    run.dossier.reasons = _reasons(outcome, findings)
    run.describe(
        outcome=result if status == run.row.status == "waiting" else run.row.outcome,
        exceptions=",".join(dict.fromkeys(str(finding.get("type", "")) for finding in findings)),
    )
    respond(run)
    reserve(run, wanted=name in {"post", "post with payment block", "approve"})
    tell_attempts(run, outcome)
    return {"disposition": outcome, "waiting time": _waiting_time(run) if name == "park" else None}


def _waiting_time(run: CaseRun) -> Value:
    """How long a parked document waits: until its date begins at the entity; at least a minute, so that it waits."""
    until: Any = (run.outcomes.get("period and cut-off") or {}).get("park until")
    if run.material is None or not isinstance(until, date):
        return None
    begins = datetime(until.year, until.month, until.day, tzinfo=run.material.zone)
    return f"PT{max(int((begins - run.session.now).total_seconds()), 60)}S"


def _reasons(outcome: Any, findings: list[dict[str, Any]]) -> list[dict[str, str]]:
    own = {"code": str(outcome.get("reason") or ""), "text": str(outcome.get("text") or "")}
    rest = [{"code": str(f.get("reason") or ""), "text": str(f.get("text") or "")} for f in findings]
    reasons = [reason for reason in (own, *rest) if reason["code"] or reason["text"]]
    return [reason for place, reason in enumerate(reasons) if reason not in reasons[:place]]


UNROUTED: Final[dict[str, Value]] = {
    "type": "technical",
    "owner": "operator",
    "text": "the case is held, but policy names no exception for it",
    "resolutions": ["resolve", "reject", "cancel"],
}
"""What is asked when a case is held for nothing that policy can name: somebody must look, nothing is let through."""


def take_exceptions(_run: CaseRun, outcome: Any) -> Mapping[str, Value]:
    """Hand the routed exceptions to the process, one task each."""
    return {"exceptions": outcome if isinstance(outcome, list) and outcome else [UNROUTED]}


def reserve(run: CaseRun, *, wanted: bool) -> None:
    """Make this case's share of each balance what its lines take now, or nothing (INVARIANT 9).

    The unit of work is serialised on each of them before it is read, so nobody else changes them meanwhile. What a
    posted case has taken stays taken, whatever becomes of it.
    """
    if run.dossier.journal:
        return
    taking: Mapping[str, Decimal] = takings(run) if wanted else {}
    old = run.dossier.reserved
    freed = {key: 0 for key in old if is_of_order_line(key)}  # stays named: whoever looks for the takers has found it
    new = freed | {key: in_millionths(quantity) for key, quantity in taking.items()}
    changed = [key for key in {**old, **new} if old.get(key, 0) != new.get(key, 0)]
    if not changed:
        return
    balances = run.session.uow.balances(changed)
    for key in changed:
        run.session.uow.update(BalanceRow(key, balances.get(key, 0) - old.get(key, 0) + new.get(key, 0)))
    run.dossier.reserved = new
    day = run.row.received_at.date().isoformat()
    found = (key for key in new if is_of_order_line(key) and key not in old)
    run.session.uow.insert(*(CandidateKeyRow(taking_lookup(key), day, run.row.case_id, "") for key in found))
    run.tell("balance.reserved", {"taken": {key: str(quantity) for key, quantity in taking.items()}})


# Effects


def post_to_ledger(run: CaseRun) -> Mapping[str, Value] | Failed:
    """Write the journal in this unit of work: the embedded ledger is posted when the case is.

    It fails where the controls have not all been taken in this very unit of work, or say anything else.
    """
    if run.dossier.disposition not in POSTED or not run.outcomes.keys() >= {*ASKED_BY_SERVICE["ledger.post"]}:
        return Failed(UNCONTROLLED)
    status, outcome = OUTCOME_OF[run.dossier.disposition]
    post_journal(run)
    post_debit_note(run)
    for blocking in _blocking(run):
        told = place_block(run.session, run.row, cause=blocking, text=str(run.outcomes[blocking].get("text") or ""))
        mark(run, run.tell("payment.blocked", told), "payment blocked", detail=blocking)
    if open_blocks(run.session, run.row.case_id):
        outcome = "posted with payment block"
    watch(run)
    _tell_of_advance(run)
    run.describe(status=status, outcome=outcome, exceptions="")
    return {"deliver": bool(run.session.environment.connectors)}


def _blocking(run: CaseRun) -> list[str]:
    """The controls that let the document be posted and not be paid."""
    ways = (run.outcomes.get("disposition") or {}).get("ways") or ()
    return [str(way["control"]) for way in ways if way.get("way") == "post with payment block"]


def _tell_of_advance(run: CaseRun) -> None:
    """A final invoice that deducts an advance waits for it to be posted."""
    subject = f"order/{run.invoice.order_number}"
    if run.invoice.type_code == PREPAYMENT and run.session.uow.waiting_for("case.changed", subject):
        run.session.uow.insert(message_row(run.session, "case.changed", subject, cause=f"posted {run.row.number}"))


def send_to_connectors(run: CaseRun) -> Mapping[str, Value]:
    """Put the posting into the outbox for each outside system; the answer comes back as a message to the case."""
    for connector in run.session.environment.connectors:
        key = f"{run.row.case_id}.post.{connector}"
        payload = {
            "case_id": run.row.case_id,
            "journal": run.dossier.journal,
            "number": run.row.number,
            "supplier": run.row.supplier,
            "currency": run.row.currency,
            "gross": run.row.gross,
        }
        run.session.uow.insert(delivery_row(run.session, run.row.case_id, connector, key, payload))
        run.tell("delivery.requested", {"connector": connector, "key": key})
    return {}


def reject_to_supplier(run: CaseRun) -> Mapping[str, Value] | Failed:
    """End without posting and say to the supplier what is wrong."""
    if run.dossier.journal:
        return Failed(POSTED_ALREADY)
    reserve(run, wanted=False)
    outcome = "invalid" if run.dossier.disposition == "reject" else "rejected"
    run.describe(status="rejected", outcome=outcome)
    respond(run, answer="" if run.dossier.disposition == "reject" else "reject")
    if _frozen(run):
        run.tell("supplier.not.answered", {"why": "the supplier may be on a list of sanctions"})
        return {}
    run.tell("supplier.answered", {"status": "rejected", "reasons": [r["code"] for r in run.dossier.reasons]})
    return {}


def _frozen(run: CaseRun) -> bool:
    """Whether nobody may say a word to the supplier: what was not decided counts as if it were so."""
    outcome = run.outcomes.get("sanctions") or recorded_outcomes(run).get("sanctions") or {}
    return outcome.get("freeze") is not False


def return_to_requester(run: CaseRun) -> Mapping[str, Value] | Failed:
    """End without posting: whoever bought has to put the order right first."""
    if run.dossier.journal:
        return Failed(POSTED_ALREADY)
    reserve(run, wanted=False)
    run.describe(status="returned", outcome="returned")
    run.tell("requester.answered", {"status": "returned", "reasons": [r["code"] for r in run.dossier.reasons]})
    return {}


def escalate_tasks(run: CaseRun) -> Mapping[str, Value]:
    """Move the overdue tasks of the case up; only processes of earlier versions ask for it (see `watching`)."""
    for task in run.session.uow.case_tasks(run.row.case_id):
        if task.status == "open":
            move_up(run, task, reason="overdue")
    return {}


HANDLERS: Final = Handlers(
    services={
        "facts.gather": gather_facts,
        "ledger.post": post_to_ledger,
        "connector.send": send_to_connectors,
        "supplier.reject": reject_to_supplier,
        "requester.return": return_to_requester,
        "tasks.escalate": escalate_tasks,
        "order.route": route_order,
        "order.put-in-force": put_order_in_force,
        "account.ask": account_change.ask_for_verification,
        "account.put-in-force": account_change.put_account_in_force,
        "account.reverse": account_change.reverse_account,
        "supplier.ask": supplier_change.ask_for_second_person,
        "supplier.put-in-force": supplier_change.put_supplier_in_force,
        "payment.check": check_payments,
        "payment.release": release_payments,
        "payment.free": free_items,
        "policy.check": check_version,
        "policy.put-in-force": put_policy_in_force,
        "policy.refuse": refuse_policy,
        "policy.object": object_to_policy,
    },
    follow_ups={
        "approval routing": route_approval,
        "disposition": take_disposition,
        "exception routing": take_exceptions,
        "payment release routing": route_release,
        "policy release routing": route_policy,
    },
    effects=frozenset(
        {
            "ledger.post",
            "connector.send",
            "supplier.reject",
            "requester.return",
            "order.put-in-force",
            "account.put-in-force",
            "account.reverse",
            "supplier.put-in-force",
            "payment.release",
            "payment.free",
            "policy.put-in-force",
            "policy.refuse",
            "policy.object",
        }
    ),
)
"""Every service and follow-up that a process of this release may call."""

ASKED_BY_SERVICE: Final[Mapping[str, tuple[str, ...]]] = {
    "ledger.post": ("disposition", "tax comparison"),
    "payment.check": ("payment readiness",),
}
"""The decisions that a service goes by, whatever the process asks for."""

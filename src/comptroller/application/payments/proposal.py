"""A proposed payment run as a case of its own: its items, their check, its release, its return.

The run's content is what is paid to whom, by which record of the supplier, with which items; its hash is what a
release signs (INVARIANT 5). An item that is no longer ready falls out with its reason, which changes the content: the
signatures given before fall, and the rest is put before the releasers anew. An item belongs to one run at a time and is
paid at most once (INVARIANT 9): its row changes hands by version, and runs of an entity take turns.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.assignment import Asked, assign_role, lacks
from comptroller.application.casework.clock import today_of
from comptroller.application.casework.gathering import GROUP_CURRENCY
from comptroller.application.casework.gathering.ledger import group_rate, names_of_rate
from comptroller.application.casework.milestones import mark
from comptroller.application.casework.signing import refusal_of
from comptroller.application.casework.stages import ask_in_stages
from comptroller.application.casework.taking_up import take_up
from comptroller.application.ledger.items import change
from comptroller.application.payments.readiness import Ready, decide_readiness
from comptroller.application.people.records import principal
from comptroller.application.records import OpenItemRow
from comptroller.domain.feel import Value
from comptroller.domain.identity import Authority, Duty, Principal, limit_for
from comptroller.domain.kernel.canonical_json import digest
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.money import CONTEXT, ZERO, Money

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

ROUTING: Final = "payment release routing"
MAY_RELEASE: Final = "may release"
CHECK_AGAIN: Final = "check again"
NOT_NETTED: Final = Ready(
    release=False, reason="PAY-NET-01", text="nothing is paid that the credit could be taken off", take_discount=False
)


def payments_key(entity: str) -> str:
    """What runs of an entity take turns on."""
    return f"payments/{entity}"


# Services of the process


def check_payments(run: "CaseRun") -> Mapping[str, Value]:
    """Check every item again, let fall what is not ready, and state the content that is to be released."""
    proposal = run.dossier.proposal
    run.session.uow.serialize([payments_key(str(proposal["entity"]))])
    items = _items_of(run)
    verdicts = judge(run, items)
    fallen = [item for item in items if not verdicts[item.item_id].release]
    for item in fallen:
        verdict = verdicts[item.item_id]
        change(run.session, item, status="open", run="")
        told = {"item_id": item.item_id, "number": item.number, "reason": verdict.reason, "text": verdict.text}
        proposal["held"] = [*proposal["held"], told]
        run.tell("payment.item.fell" if run.dossier.content_hash else "payment.item.held", told)
    kept = [item for item in items if verdicts[item.item_id].release]
    proposal["items"] = [_item(item, verdicts[item.item_id]) for item in kept]
    proposal["payments"] = _payments(run, proposal["items"])
    proposal["total"] = str(_total(proposal["payments"]))
    before, run.dossier.content_hash = run.dossier.content_hash, content_hash(proposal)
    if before and before != run.dossier.content_hash:
        void_releases(run, "an item fell out of the run")
    run.tell("payment.checked", {"content": run.dossier.content_hash, "items": len(kept), "total": proposal["total"]})
    run.dossier.reasons = [_reason(proposal)]
    run.describe(outcome="release")
    run.facts = {
        "run amount": _in_group_currency(run),
        "group currency": GROUP_CURRENCY,
        "decision date": today_of(run),
    }
    return {"anything to pay": bool(kept)}


def route_release(run: "CaseRun", outcome: Any) -> Mapping[str, Value]:
    """Find who releases: stage by stage, in order; who proposed the run is never asked."""
    steps, proposal, uow = list(outcome.get("steps") or ()), run.dossier.proposal, run.session.uow
    of_what = (
        f"{Money(Decimal(proposal['total']), proposal['currency'])} "
        f"in {len(proposal['payments'])} payments, {proposal['entity']}"
    )
    # The last releaser's limit must reach the run; so must the first's, unless the route ends above it.
    amount = _in_group_currency(run)
    wanted = [
        {
            **step,
            "title": f"{step['title']}: {of_what}",
            "amount": amount,
            "needs limit": place == len(steps) - 1 or outcome.get("reason") == "PAY-RELEASE-01",
        }
        for place, step in enumerate(steps)
    ]
    run.dossier.against = [each for each in run.dossier.against if each.content_hash == run.dossier.content_hash]
    lacking, barred = lacks(Duty.PAYMENT_RELEASE, run.session.policy.pack.roles), {run.dossier.requester}
    asked = Asked(run.row.entity, today_of(run), lacking, barred, authority=Authority.PAYMENT)
    open_steps = ask_in_stages(run, wanted, asked, lambda step, of: assign_role(uow, step["role"], of))
    return {"open steps": open_steps}


def release_payments(run: "CaseRun") -> Mapping[str, Value]:
    """Hand the run over: its items are released, each payment waits for the bank's word."""
    for item in _items_of(run):
        change(run.session, item, status="released")
        own = _case_run(run, item)
        if own is not None:
            mark(own, own.tell("item.ready.to.pay", {"item": item.item_id, "run": run.row.case_id}), "ready to pay")
            own.close()
    run.dossier.proposal["payments"] = [
        {**payment, "status": "released"} for payment in run.dossier.proposal["payments"]
    ]
    run.tell("payment.released", {"content": run.dossier.content_hash, "total": run.dossier.proposal["total"]})
    run.describe(status="done", outcome="released")
    return {}


def free_items(run: "CaseRun") -> Mapping[str, Value]:
    """Refuse the run."""
    give_back(run)
    run.tell("payment.refused", {"content": run.dossier.content_hash})
    run.describe(status="rejected", outcome="rejected")
    return {}


def give_back(run: "CaseRun") -> None:
    """Let every item of the run be paid by another one."""
    run.session.uow.serialize([payments_key(run.row.entity)])
    for item in _items_of(run):
        change(run.session, item, status="open", run="")


# Signing


def may_release(run: "CaseRun", person: Principal, step: Mapping[str, Any]) -> Rejection | None:
    """Ask policy whether this person may release this step of this run; anything but a plain yes refuses."""
    today = today_of(run)
    run.facts = {
        "run amount": _in_group_currency(run),
        "proposer": run.dossier.requester,
        "step": {
            "step": str(step.get("step")),
            "role": step.get("role"),
            "needs limit": step.get("needs limit") in (True, "true"),
        },
        "signer": {
            "id": person.id,
            "kind": person.kind.value,
            "active": person.active,
            "roles": list(person.roles),
            "works for entity": person.works_for(run.row.entity),
            "limit": limit_for(person, Authority.PAYMENT, "", today),
            "has signed": any(given.person == person.id for given in run.dossier.signatures),
        },
        "decision date": today,
    }
    return refusal_of(run, run.decide(MAY_RELEASE).value, "release", "PAY-SIGN-09")


def still_ready(run: "CaseRun") -> bool:
    """Whether the run as it is checked now is the one that was put before the releaser, and its signers still may."""
    proposal = run.dossier.proposal
    run.session.uow.serialize([payments_key(str(proposal["entity"]))])
    items = _items_of(run)
    verdicts = judge(run, items)
    checked = {
        **proposal,
        "items": [_item(item, verdicts[item.item_id]) for item in items if verdicts[item.item_id].release],
    }
    checked["payments"] = _payments(run, checked["items"])
    checked["total"] = str(_total(checked["payments"]))
    if content_hash(checked) != run.dossier.content_hash:
        return False
    for given in run.dossier.signatures:
        person = principal(run.session.uow, given.person)
        if person is None or not person.works_for(run.row.entity):
            return False
    return True


def void_releases(run: "CaseRun", reason: str) -> None:
    """Let fall every release given so far."""
    for signature in run.dossier.signatures:
        run.tell("signature.voided", {"step": signature.step, "person": signature.person, "reason": reason})
    run.dossier.signatures = []


# What a run consists of


def judge(run: "CaseRun", items: Iterable[OpenItemRow]) -> dict[str, Ready]:
    """Ask about each item; then a credit stays only where what else is paid to its supplier exceeds it."""
    asked = list(items)
    run_date = date.fromisoformat(str(run.dossier.proposal["pay_on"]))
    entity, currency = str(run.dossier.proposal["entity"]), str(run.dossier.proposal["currency"])
    balances: dict[str, Decimal] = {}
    for other in run.session.uow.open_items(entity=entity):
        if other.currency == currency and (other.status == "open" or other.run == run.row.case_id):
            balances[other.supplier] = balances.get(other.supplier, ZERO) + other.amount
    verdicts = {
        item.item_id: decide_readiness(run, item, balance=balances.get(item.supplier, ZERO), run_date=run_date)
        for item in asked
    }
    for supplier in {item.supplier for item in asked}:
        own = [item for item in asked if item.supplier == supplier and verdicts[item.item_id].release]
        credit_notes = sorted((item for item in own if item.amount < 0), key=lambda item: (item.amount, item.item_id))
        left = sum((_paid(item, verdicts[item.item_id]) for item in own), ZERO)
        while left <= 0 and credit_notes:
            dropped = credit_notes.pop(0)
            verdicts[dropped.item_id] = NOT_NETTED
            left -= dropped.amount
    return verdicts


def _paid(item: OpenItemRow, verdict: Ready) -> Decimal:
    return CONTEXT.subtract(item.amount, item.discount) if verdict.take_discount else item.amount


def _item(item: OpenItemRow, verdict: Ready) -> dict[str, Any]:
    return {
        "item_id": item.item_id,
        "case_id": item.case_id,
        "supplier": item.supplier,
        "supplier_name": item.supplier_name,
        "number": item.number,
        "amount": str(item.amount),
        "discount": str(item.discount) if verdict.take_discount else "0",
        "paid": str(_paid(item, verdict)),
        "due_on": item.due_on,
        "reason": verdict.reason,
        "text": verdict.text,
    }


def _payments(run: "CaseRun", items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One payment a supplier; the supplier's record in force says which account it goes to."""
    by_supplier: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        by_supplier.setdefault(str(item["supplier"]), []).append(item)
    payments = []
    for number, supplier in enumerate(sorted(by_supplier), start=1):
        alias = f"supplier/{supplier}"
        rows = run.session.uow.references([alias])[alias]
        with localcontext(CONTEXT):
            amount = sum((Decimal(item["paid"]) for item in by_supplier[supplier]), ZERO)
        payments.append(
            {
                "payment_id": f"{run.row.case_id}.P{number}",
                "supplier": supplier,
                "supplier_record": rows[0].version if rows else 0,
                "amount": str(amount),
                "items": [str(item["item_id"]) for item in by_supplier[supplier]],
                "status": "proposed",
            }
        )
    return payments


def content_hash(proposal: Mapping[str, Any]) -> str:
    """What a release signs: entity, currency, day, and each payment with its items, amounts and supplier record."""
    return digest(
        {
            "entity": proposal["entity"],
            "currency": proposal["currency"],
            "pay_on": proposal["pay_on"],
            "total": proposal["total"],
            "payments": [
                {name: payment[name] for name in ("payment_id", "supplier", "supplier_record", "amount", "items")}
                for payment in proposal["payments"]
            ],
            "items": [
                {name: item[name] for name in ("item_id", "number", "amount", "discount", "paid")}
                for item in proposal["items"]
            ],
        }
    )


def _total(payments: Iterable[Mapping[str, Any]]) -> Decimal:
    with localcontext(CONTEXT):
        return sum((Decimal(payment["amount"]) for payment in payments), ZERO)


def _items_of(run: "CaseRun") -> list[OpenItemRow]:
    entity = str(run.dossier.proposal["entity"])
    return [item for item in run.session.uow.open_items(entity=entity) if item.run == run.row.case_id]


def _in_group_currency(run: "CaseRun") -> Decimal | None:
    """The run's total at the stored rate; None where the rate is not known, and then nobody may release."""
    proposal = run.dossier.proposal
    currency = str(proposal["currency"])
    today = today_of(run)
    to_group = group_rate(run.session.uow.references(names_of_rate(currency, today)), currency, today)
    return None if to_group is None else CONTEXT.multiply(Decimal(proposal["total"]), to_group)


def _reason(proposal: Mapping[str, Any]) -> dict[str, str]:
    text = (
        f"{Money(Decimal(proposal['total']), proposal['currency'])} in {len(proposal['payments'])} payments wait for "
        f"their release; {len(proposal['held'])} items are held"
    )
    return {"code": "PAY-RUN-01", "text": text}


def _case_run(run: "CaseRun", item: OpenItemRow) -> "CaseRun | None":
    case = run.session.uow.case(item.case_id) if item.case_id else None
    return None if case is None else take_up(run.session, run.handlers, case)

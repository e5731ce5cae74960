"""What can be asked of payment runs: propose one, look at it, and say what the bank did with a payment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from comptroller.application.casework.clock import today_at
from comptroller.application.casework.dossier import Dossier
from comptroller.application.casework.milestones import mark
from comptroller.application.casework.opening import begin, start
from comptroller.application.casework.resuming import resume_case
from comptroller.application.casework.run import CaseRun
from comptroller.application.ledger.items import change, owed_on
from comptroller.application.ledger.reading import entity_ledger
from comptroller.application.ledger.writing import About, currencies_of, period_state, stored_journal, write_journal
from comptroller.application.payments.proposal import payments_key
from comptroller.application.records import OpenItemRow
from comptroller.application.session import Refused, Session
from comptroller.domain.controls.booking import Entry, balanced, reversed_journal
from comptroller.domain.controls.terms import tax_share
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import CONTEXT, MINOR_UNITS, ZERO, round_money

PROCESS: Final = "payment"
KIND: Final = "payment_run"
OUTCOMES: Final = ("executed", "rejected", "returned")
ITEMS_MAX: Final = 500
"""Items of one run: each is asked about with every control of its case."""


@dataclass(frozen=True, slots=True)
class ProposePayments:
    """Put what is ready to be paid before those who release it."""

    entity: str
    currency: str = ""  # empty: the entity's
    pay_on: str = ""  # empty: today


@dataclass(frozen=True, slots=True)
class GetPaymentRun:
    """One payment run as it stands."""

    case_id: str


@dataclass(frozen=True, slots=True)
class ConfirmPayment:
    """What the bank did with one payment: executed, rejected before it, or returned after it."""

    payment_id: str
    outcome: str
    on: str = ""  # empty: today
    reference: str = ""


def propose_payments(session: Session, command: ProposePayments) -> dict[str, Any] | Refused:
    """Ask about every open item of an entity in one currency, and open a run with those that are ready."""
    entity = entity_ledger(session, command.entity)
    if isinstance(entity, Refused):
        return entity
    currency = command.currency or entity.currency
    pay_on = parse_day(command.pay_on) if command.pay_on else entity.today
    if pay_on is None or pay_on < entity.today or currency not in MINOR_UNITS:
        text = "a run is paid in a currency of ISO 4217, today or on a later day"
        return Refused(Rejection(RejectionKind.INVALID, "PAY-PROPOSE-01", text, help="give `pay_on` as YYYY-MM-DD"))
    session.uow.serialize([payments_key(entity.code)])
    items = [
        item
        for item in session.uow.open_items(entity=entity.code)
        if item.status == "open" and item.currency == currency
    ]
    if not items:
        return Refused(_nothing(f"{entity.code} owes nothing in {currency} that is open"))
    items = sorted(items, key=lambda item: (item.due_on or "9999", item.item_id))[:ITEMS_MAX]
    proposal: dict[str, Any] = {
        "entity": entity.code,
        "currency": currency,
        "pay_on": pay_on.isoformat(),
        "items": [],
        "held": [],
        "payments": [],
        "total": "0",
    }
    dossier = Dossier(requester=session.caller.id, proposal=proposal)
    number = f"{entity.code} {pay_on.isoformat()}"
    run = begin(session, PROCESS, kind=KIND, number=number, dossier=dossier, entity=entity.code)
    run.describe(currency=currency)
    run.tell("payment.proposed", {"entity": entity.code, "currency": currency, "pay_on": pay_on, "asked": len(items)})
    for item in items:
        change(session, item, status="proposed", run=run.row.case_id)
    answer = start(run)  # the process asks about each of them, and gives back those that are not ready
    if not run.dossier.proposal["items"]:
        return Refused(_nothing("nothing is ready to be paid: " + "; ".join(_why(run))))
    return {**answer, "run": run_view(run.row.case_id, run.dossier.proposal)}


def _why(run: CaseRun) -> list[str]:
    return list(dict.fromkeys(str(held["text"]) for held in run.dossier.proposal["held"]))[:5]


def _nothing(text: str) -> Rejection:
    return Rejection(RejectionKind.CONFLICT, "PAY-PROPOSE-02", text, help="look at the open items and their blocks")


def get_payment_run(session: Session, command: GetPaymentRun) -> dict[str, Any] | Refused:
    """A run with its items, what is held, its payments, and its signatures."""
    row = session.uow.case(command.case_id)
    if row is None or row.process != PROCESS or not session.caller.sees(row.entity):
        return Refused(unknown_payment(command.case_id))
    state: Any = decode(row.state)
    dossier = state["dossier"]
    return {
        **run_view(row.case_id, dossier["proposal"]),
        "status": row.status,
        "outcome": row.outcome,
        "proposed_by": dossier.get("requester", ""),
        "content_hash": dossier.get("content_hash", ""),
        "signatures": dossier.get("signatures", []),
    }


def run_view(case_id: str, proposal: dict[str, Any]) -> dict[str, Any]:
    """A run as it is told."""
    return {"case_id": case_id, **proposal}


def unknown_payment(what: str) -> Rejection:
    """There is no such run or payment, or none that the caller may see."""
    return Rejection(RejectionKind.NOT_FOUND, "PAY-UNKNOWN-01", f"there is no payment `{what}`")


# What the bank did


def run_of(payment_id: str) -> str:
    """The case of the run that a payment belongs to; empty where it is no payment's name."""
    return payment_id.rpartition(".P")[0]


def confirm_payment(session: Session, command: ConfirmPayment) -> dict[str, Any] | Refused:
    """Book a payment that was executed and close its items; open them again where it was rejected or returned."""
    case_id = run_of(command.payment_id)
    row = session.uow.case(case_id) if case_id else None
    if row is None or row.process != PROCESS or not session.caller.sees(row.entity):
        return Refused(unknown_payment(command.payment_id))
    session.uow.serialize([payments_key(row.entity)])
    run = resume_case(session, row)
    payments = run.dossier.proposal["payments"]
    payment = next((each for each in payments if each["payment_id"] == command.payment_id), None)
    if payment is None:
        return Refused(unknown_payment(command.payment_id))
    day = parse_day(command.on) if command.on else today_at(session.uow, row.entity, session.now)
    problem = _problem(session, run, payment, command, day)
    if problem is not None or day is None:
        return Refused(problem or unknown_payment(command.payment_id), case_id)
    items = [item for name in payment["items"] if (item := session.uow.open_item(str(name))) is not None]
    match command.outcome:
        case "executed":
            _book(run, payment, items, day)
        case "returned":
            _book_return(run, payment, day)
        case _:
            pass
    for item in items:
        _settle(run, item, command.outcome, day)
    run.dossier.proposal["payments"] = [
        {**each, "status": command.outcome, "on": day.isoformat(), "reference": command.reference}
        if each["payment_id"] == command.payment_id
        else each
        for each in payments
    ]
    told = {"payment": command.payment_id, "outcome": command.outcome, "on": day, "reference": command.reference}
    run.tell("payment.confirmed", told)
    run.close()
    return {"payment_id": command.payment_id, "status": command.outcome, "items": payment["items"]}


def _problem(
    session: Session, run: CaseRun, payment: dict[str, Any], command: ConfirmPayment, day: date | None
) -> Rejection | None:
    if command.outcome not in OUTCOMES:
        return _not_told("/outcome", f"say what the bank did: {', '.join(OUTCOMES)}")
    if day is None:
        return _not_told("/on", f"`{command.on[:40]}` is no day; give it as YYYY-MM-DD")
    wanted = "executed" if command.outcome == "returned" else "released"
    if payment["status"] != wanted:
        text = f"the payment is {payment['status']}, so it cannot be {command.outcome}"
        return Rejection(RejectionKind.CONFLICT, "PAY-CONFIRM-02", text, subject=run.row.case_id)
    if command.outcome != "rejected" and period_state(session.uow, run.row.entity, day) != "open":
        text = f"the period of {day.isoformat()} is not open"
        return Rejection(RejectionKind.CONFLICT, "PAY-CONFIRM-03", text, breach="closed period")
    return None


def _not_told(path: str, text: str) -> Rejection:
    fault = Fault("PAY-CONFIRM-01", path, text, by="payment")
    return Rejection(RejectionKind.INVALID, fault.code, text, (fault,))


def _settle(run: CaseRun, item: OpenItemRow, outcome: str, day: date) -> None:
    paid = outcome == "executed"
    if paid:
        change(run.session, item, status="paid", cleared_on=day.isoformat())
    else:
        change(run.session, item, status="open", run="", cleared_on="")
    case = run.session.uow.case(item.case_id) if item.case_id else None
    if case is not None:
        own = resume_case(run.session, case)
        seq = own.tell("item.paid" if paid else "item.reopened", {"item": item.item_id, "run": run.row.case_id})
        mark(own, seq, "paid" if paid else "voided")
        own.close()


def _book(run: CaseRun, payment: dict[str, Any], items: list[OpenItemRow], day: date) -> None:
    """Payables against the bank; a discount that was taken is income, less the tax in it; rates differ in the end."""
    session, proposal = run.session, run.dossier.proposal
    accounts = session.policy.pack.accounts
    currency = str(proposal["currency"])
    currencies = currencies_of(session.uow, run.row.entity, currency, day)
    if currencies is None:
        raise LookupError(f"no rate of {currency} is on file for `{run.row.entity}`")
    paid = {str(item["item_id"]): item for item in proposal["items"]}
    entries: list[Entry] = []
    local = ZERO
    for item in items:
        discount = Decimal(paid[item.item_id]["discount"])
        entries += _settled(session, item)
        tax = _tax_in(session, item, discount)
        entries += [
            Entry(accounts.discount_received, tax - discount, f"discount: {item.number}"),
            Entry(accounts.input_tax, -tax, f"VAT in the discount: {item.number}"),
        ]
    entries.append(Entry(accounts.bank, -Decimal(payment["amount"]), f"payment {payment['payment_id']}"))
    for entry in entries:
        if entry.local_amount is not None:
            local += entry.local_amount
        else:
            local += round_money(CONTEXT.multiply(entry.amount, currencies.rate), currencies.local)
    entries.append(Entry(accounts.exchange_difference, ZERO, "exchange difference", local_amount=-local))
    journal = balanced(entries, currencies, accounts.rounding)
    write_journal(session, journal, _about(run, payment, "payment", str(payment["payment_id"]), day))


def _settled(session: Session, item: OpenItemRow) -> Iterator[Entry]:
    """Clear each payables account by what the item's journal left owed on it."""
    booked = stored_journal(session.uow, item.item_id)
    if booked is None:
        raise LookupError(f"item `{item.item_id}` is open, but not booked")
    for account, (amount, local) in owed_on(booked, session.policy.pack.accounts).items():
        yield Entry(account, amount, f"paid: {item.number}", local_amount=local)


def _tax_in(session: Session, item: OpenItemRow, discount: Decimal) -> Decimal:
    case = session.uow.case(item.case_id) if item.case_id else None
    if not discount or case is None or case.gross is None or case.net is None:
        return ZERO
    return tax_share(discount, case.gross - case.net, case.gross, item.currency)


def _book_return(run: CaseRun, payment: dict[str, Any], day: date) -> None:
    booked = stored_journal(run.session.uow, str(payment["payment_id"]))
    if booked is None:
        raise LookupError(f"payment `{payment['payment_id']}` is executed, but not booked")
    journal_id = f"{payment['payment_id']}/returned"
    write_journal(run.session, reversed_journal(booked), _about(run, payment, "return", journal_id, day))


def _about(run: CaseRun, payment: dict[str, Any], kind: str, journal_id: str, day: date) -> About:
    return About(
        journal_id=journal_id,
        kind=kind,
        entity=run.row.entity,
        posted_on=day,
        text=f"{kind} to {payment['supplier']}",
        stream=run.stream,
        case_id=run.row.case_id,
        supplier=str(payment["supplier"]),
        document=str(payment["payment_id"]),
    )

"""Payment runs as people see them: what is ready, what is held and why, how each run stands, what the bank did."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from comptroller.application.casework.clock import today_at
from comptroller.application.payments.commands import GetPaymentRun, get_payment_run, run_of, unknown_payment
from comptroller.application.presenting.words import Names, standing_of_case, summary_of
from comptroller.application.records import CaseRow
from comptroller.application.session import Refused, Session
from comptroller.application.views.forms import (
    CellText,
    FieldGroup,
    FieldKind,
    FieldView,
    FormView,
    LinkView,
    TableView,
)
from comptroller.application.views.standing import Standing
from comptroller.domain.identity import Duty

LISTED: Final = 50
"""Runs on a page."""
OLDEST: Final = "/payments?oldest=true"
NO_PROPOSAL: Final = "proposing a run takes the duty for it, which you do not hold"
NO_CONFIRMATION: Final = "confirming what the bank did takes the duty for it, which you do not hold"

STATES: Final = {
    "proposed": ("Waits for its release", Standing.WAITING),
    "released": ("With the bank", Standing.WAITING),
    "executed": ("Paid", Standing.PASSED),
    "rejected": ("Turned down by the bank", Standing.STOPPED),
    "returned": ("Sent back after it was paid", Standing.STOPPED),
}
"""How a payment stands, in words."""

ANSWERS: Final = {
    "released": (("", "Choose"), ("executed", "Paid"), ("rejected", "Turned down, nothing was paid")),
    "executed": (("returned", "Sent back after it was paid"),),
}
"""What the bank can say of a payment that stands so."""


@dataclass(frozen=True, slots=True)
class ShowPayments:
    """A page of the runs, and the form that asks what is ready to be paid."""

    after: str = ""  # the run behind which the page begins
    oldest: bool = False  # first


@dataclass(frozen=True, slots=True)
class ShowPaymentRun:
    """One run: its items, what fell out of it, its payments and who released it."""

    case_id: str


@dataclass(frozen=True, slots=True)
class ShowConfirmationForm:
    """One payment, and the form that says what the bank did with it."""

    payment_id: str


def show_payments(session: Session, command: ShowPayments) -> FormView:
    """The runs that the person may see, newest or oldest first."""
    names, caller = Names(session), session.caller
    entities = tuple(
        (row.key, names.entity(row.key)) for row in session.uow.reference_list("entity") if caller.sees(row.key)
    )
    page: Any = {"after": command.after, "limit": LISTED + 1, "oldest": command.oldest}
    runs = session.uow.cases(kind="payment_run", entities=caller.among(), **page)
    rows = tuple(
        (
            CellText(row.number, href=f"/payments/{row.case_id}"),
            CellText(value=row.net, currency=row.currency, is_number=True),
            CellText(summary_of(row), standing=standing_of_case(row)),
            CellText(row.received_at.date().isoformat()),
        )
        for row in runs[:LISTED]
    )
    fields = (
        FieldView("entity", "Entity", FieldKind.CHOICE, options=entities),
        FieldView("currency", "Currency", required=False, hint="Empty for the entity's own"),
        FieldView("pay_on", "Pay on", FieldKind.DAY, required=False, hint="Empty for today"),
    )
    return FormView(
        title="Payment runs",
        action="/payments",
        button="See what is ready",
        back=LinkView("Ledger, open items", "/ledger?view=open"),
        lead="What is ready is shown first, with what is held and why; nothing is proposed until you say so. Who "
        "proposes a run does not release it.",
        groups=(FieldGroup("Ask what is ready", fields),),
        refusal="" if Duty.PAYMENT_PROPOSE in caller.duties else NO_PROPOSAL,
        place="payments",
        tables=(
            TableView(
                "Runs",
                ("Run", "Amount", "State", "Proposed on"),
                rows,
                "No run was proposed yet.",
                links=_more_runs(command, runs),
            ),
        ),
    )


def _more_runs(command: ShowPayments, runs: Sequence[CaseRow]) -> tuple[LinkView, ...]:
    """The way to the next page, and to the list the other way round."""
    links = []
    if len(runs) > LISTED:
        query = {"after": runs[LISTED - 1].case_id} | ({"oldest": "true"} if command.oldest else {})
        links.append(LinkView("Next page", f"/payments?{urlencode(query)}"))
    if links or command.after:
        turned = LinkView("Newest first", "/payments") if command.oldest else LinkView("Oldest first", OLDEST)
        links.append(turned)
    return tuple(links)


def show_payment_run(session: Session, command: ShowPaymentRun) -> FormView | Refused:
    """A run that was proposed."""
    found = get_payment_run(session, GetPaymentRun(command.case_id))
    if isinstance(found, Refused):
        return found
    names = Names(session)
    signed = tuple(
        (CellText(names.person(str(each["person"]))), CellText(str(each["step"])), CellText(str(each["at"])[:10]))
        for each in found["signatures"]
    )
    return FormView(
        title=f"Payment run of {names.entity(str(found['entity']))}",
        action="",
        button="",
        back=LinkView("Payment runs", "/payments"),
        facts=(
            ("Pay on", str(found["pay_on"])),
            ("State", str(found["outcome"] or found["status"])),
            ("Proposed by", names.person(str(found["proposed_by"]))),
        ),
        links=(LinkView("Release or refuse it", f"/cases/{command.case_id}"),),
        place="payments",
        tables=(
            _payments(names, found),
            *run_tables(found),
            TableView("Released by", ("Who", "Step", "On"), signed, "Nobody has released it yet."),
        ),
    )


def _payments(names: Names, run: dict[str, Any]) -> TableView:
    """One row a supplier; each leads to where the bank's answer is recorded."""
    rows = []
    for payment in run["payments"]:
        text, standing = STATES[payment["status"]]
        rows.append(
            (
                CellText(names.supplier(payment["supplier"]), href=f"/payments/{payment['payment_id']}/confirmation"),
                CellText(value=Decimal(payment["amount"]), currency=str(run["currency"]), is_number=True),
                CellText(text, standing=standing),
                CellText(payment.get("on", ""), sub=payment.get("reference", "")),
            )
        )
    columns = ("Payment to", "Amount", "State", "Answered on, reference")
    waits = any(payment["status"] == "released" for payment in run["payments"])
    text = "Open a payment to record what the bank did with it." if waits else ""
    return TableView("Payments", columns, tuple(rows), "No payment.", text)


def show_confirmation_form(session: Session, command: ShowConfirmationForm) -> FormView | Refused:
    """What the payment pays, and the form; it is off where the bank cannot have said anything yet, or has said all."""
    found = get_payment_run(session, GetPaymentRun(run_of(command.payment_id)))
    if isinstance(found, Refused):
        return Refused(unknown_payment(command.payment_id))
    payment = next((each for each in found["payments"] if each["payment_id"] == command.payment_id), None)
    if payment is None:
        return Refused(unknown_payment(command.payment_id))
    names, state = Names(session), str(payment["status"])
    text, _ = STATES[state]
    answers = ANSWERS.get(state, ())
    refusal = "" if Duty.PAYMENT_CONFIRM in session.caller.duties else NO_CONFIRMATION
    if not answers:
        refusal = "the run is not released yet" if state == "proposed" else "the bank has answered, its items are open"
    fields = (
        FieldView(
            "outcome", "What the bank did", FieldKind.CHOICE, value=answers[0][0] if answers else "", options=answers
        ),
        FieldView("on", "On", FieldKind.DAY, value=today_at(session.uow, found["entity"], session.now).isoformat()),
        FieldView("reference", "Bank's reference", required=False),
    )
    paid = {**found, "items": [item for item in found["items"] if item["item_id"] in payment["items"]]}
    return FormView(
        title=f"Payment to {names.supplier(str(payment['supplier']))}",
        action=f"/payments/{command.payment_id}/confirmation",
        button="Record the answer",
        back=LinkView("Payment run", f"/payments/{found['case_id']}"),
        lead="A payment that was made is booked on that day and its documents are paid. One that was turned down or "
        "sent back opens them again; a booking is reversed.",
        facts=(
            ("Amount", f"{found['currency']} {Decimal(payment['amount']):,f}"),
            ("Pay on", str(found["pay_on"])),
            ("State", text if not payment.get("on") else f"{text}, {payment['on']}"),
            *((("Bank's reference", str(payment["reference"])),) if payment.get("reference") else ()),
        ),
        groups=(FieldGroup("The bank's answer", fields),) if answers else (),
        refusal=refusal,
        place="payments",
        tables=(_items(paid, "What it pays"),),
    )


def run_tables(run: dict[str, Any]) -> tuple[TableView, ...]:
    """What a run pays, and what fell out of it."""
    held = tuple(
        (CellText(str(item["number"])), CellText(str(item["text"]), sub=f"rule {item['reason']}"))
        for item in run["held"]
    )
    return (
        _items(run, "Ready to be paid", f"{len(run['items'])} items in {len(run['payments'])} payments"),
        TableView("Held", ("Document", "Why"), held, "Nothing was held back."),
    )


def _items(run: dict[str, Any], title: str, text: str = "") -> TableView:
    currency = str(run["currency"])

    def money(text: str) -> CellText:
        return CellText(value=Decimal(text), currency=currency, is_number=True)

    items = tuple(
        (
            CellText(
                str(item["number"]),
                href=f"/cases/{item['case_id']}" if item["case_id"] else "",
                sub=str(item["supplier_name"]),
            ),
            CellText(str(item["due_on"])),
            money(str(item["amount"])),
            money(str(item["discount"])),
            money(str(item["paid"])),
        )
        for item in run["items"]
    )
    columns = ("Document", "Due", "Amount", "Discount", "Paid")
    return TableView(title, columns, items, "Nothing.", text)

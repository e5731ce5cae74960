"""Payment runs as people see them: what is ready and what is held with its reason, and how each run stands."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from comptroller.application.payments.commands import GetPaymentRun, get_payment_run
from comptroller.application.presenting.words import Names, standing_of_case, summary_of
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
from comptroller.domain.identity import Duty

LISTED: Final = 500
"""Newest cases among which runs are looked for."""
NO_PROPOSAL: Final = "proposing a run takes the duty for it, which you do not hold"


@dataclass(frozen=True, slots=True)
class ShowPayments:
    """The newest runs, and the form that asks what is ready to be paid."""


@dataclass(frozen=True, slots=True)
class ShowPaymentRun:
    """One run: its items, what fell out of it, its payments and who released it."""

    case_id: str


def show_payments(session: Session, _command: ShowPayments) -> FormView:
    """The runs that the person may see, newest first."""
    names, caller = Names(session), session.caller
    entities = tuple(
        (row.key, names.entity(row.key)) for row in session.uow.reference_list("entity") if caller.sees(row.key)
    )
    rows = tuple(
        (
            CellText(row.number, href=f"/payments/{row.case_id}"),
            CellText(value=row.net, currency=row.currency, is_number=True),
            CellText(summary_of(row), standing=standing_of_case(row)),
            CellText(row.received_at.date().isoformat()),
        )
        for row in session.uow.cases(limit=LISTED)
        if row.kind == "payment_run" and caller.sees(row.entity)
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
        tables=(TableView("Runs", ("Run", "Amount", "State", "Proposed on"), rows, "No run was proposed yet."),),
    )


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
            *run_tables(found),
            TableView("Released by", ("Who", "Step", "On"), signed, "Nobody has released it yet."),
        ),
    )


def run_tables(run: dict[str, Any]) -> tuple[TableView, ...]:
    """What a run pays, and what fell out of it."""
    currency = str(run["currency"])

    def money(text: str) -> CellText:
        return CellText(value=Decimal(text), currency=currency, is_number=True)

    items = tuple(
        (
            CellText(str(item["number"]), href=f"/cases/{item['case_id']}" if item["case_id"] else ""),
            CellText(str(item["supplier_name"])),
            CellText(str(item["due_on"])),
            money(str(item["amount"])),
            money(str(item["discount"])),
            money(str(item["paid"])),
        )
        for item in run["items"]
    )
    held = tuple(
        (CellText(str(item["number"])), CellText(str(item["text"]), sub=f"rule {item['reason']}"))
        for item in run["held"]
    )
    columns = ("Document", "Supplier", "Due", "Amount", "Discount", "Paid")
    total = f"{len(items)} items in {len(run['payments'])} payments"
    return (
        TableView("Ready to be paid", columns, items, "Nothing.", total),
        TableView("Held", ("Document", "Why"), held, "Nothing was held back."),
    )

"""Orders, contracts and receipts as people see them, each with the form by which it is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeVar

from comptroller.application.casework.clock import today_at
from comptroller.application.casework.gathering.reading import record_of
from comptroller.application.casework.opening import PENDING
from comptroller.application.presenting.changes import changed_fields
from comptroller.application.presenting.words import Names
from comptroller.application.records import ReferenceRow
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
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import Order, Receipt
from comptroller.domain.documents.purchasing import Contract
from comptroller.domain.identity import Duty
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.money import ZERO

T = TypeVar("T", Order, Contract, Receipt)

RECEIPT_KINDS: Final = (
    ("receipt", "Receipt of goods, or services accepted"),
    ("return", "Return to the supplier"),
    ("withdrawal", "Withdrawal from a consignment store"),
)
NO_ENTRY: Final = "changing it takes the duty to amend orders, which you do not hold"
NO_RECEIPT: Final = "recording a receipt takes the duty for it, which you do not hold"


@dataclass(frozen=True, slots=True)
class ShowReceiptForm:
    """The form for a receipt on an order; of a receipt on file, the form for reversing it."""

    order: str
    receipt: str = ""


def versions_table(names: Names, versions: Sequence[ReferenceRow]) -> TableView:
    """Every version of a record, the newest first, with what it changed."""
    rows, before = [], None
    for row in versions:
        body: Any = decode(row.body)
        told = changed_fields(before, body) if before is not None else "as it came"
        rows.append(
            (
                CellText(str(row.version)),
                CellText(row.recorded_at.date().isoformat()),
                CellText(names.person(row.recorded_by)),
                CellText(names.told(told)),
            )
        )
        before = body
    return TableView("Versions", ("Version", "In force from", "Put in force by", "What changed"), tuple(reversed(rows)))


def show_receipt_form(session: Session, command: ShowReceiptForm) -> FormView | Refused:
    """A form with a quantity for each line of the order, or the receipt with a form that reverses it."""
    found = record_versions(session, "order", command.order, Order)
    if isinstance(found, Refused):
        return found
    order, _ = found
    receipts, names = receipts_of_order(session, order.number), Names(session)
    may = bool(session.caller.duties & {Duty.RECEIPT_RECORD, Duty.REFERENCE_IMPORT})
    refusal = "" if may else NO_RECEIPT
    if order.created_by == session.caller.id:
        refusal = "who created the order does not receive on it"
    if command.receipt:
        return _reversal(session, names, order, command.receipt, refusal)
    groups = []
    for line in order.lines:
        open_quantity = max(line.quantity - received_on(receipts, line.id), ZERO)
        fields = (
            FieldView(
                f"line-{line.id}-quantity",
                "Quantity",
                FieldKind.DECIMAL,
                unit=line.unit,
                required=False,
                hint=f"{line.quantity} ordered, {open_quantity} not received yet; a return is negative",
            ),
            FieldView(f"line-{line.id}-final", "Nothing more is expected", FieldKind.TICK, required=False),
        )
        groups.append(FieldGroup(f"Line {line.id}: {line.name}", fields))
    number = f"GR-{order.number}-{len(receipts) + 1}"
    about = (
        FieldView("number", "Number of the receipt", value=number),
        FieldView(
            "received_on",
            "Received on",
            FieldKind.DAY,
            value=today_at(session.uow, order.entity, session.now).isoformat(),
        ),
        FieldView("kind", "What", FieldKind.CHOICE, value="receipt", options=RECEIPT_KINDS),
        FieldView("reason", "Reason of a return", required=False),
    )
    return FormView(
        title="Record a receipt",
        action=f"/orders/{order.number}/receipts/new",
        button="Record it",
        back=LinkView(f"Order {order.number}", f"/orders/{order.number}"),
        lead="A recorded quantity never changes: a mistake is reversed and recorded anew. Invoices that wait for goods "
        "are judged anew at once.",
        facts=(("Supplier", names.told(order.supplier)), ("Order", order.number)),
        groups=(*groups, FieldGroup("Receipt", about)),
        refusal=refusal,
    )


def _reversal(session: Session, names: Names, order: Order, number: str, refusal: str) -> FormView | Refused:
    found = record_versions(session, "receipt", number, Receipt)
    if isinstance(found, Refused):
        return found
    receipt, versions = found
    lines = {line.id: line for line in order.lines}
    rows = tuple(
        (
            CellText(lines[line.order_line].name if line.order_line in lines else line.order_line),
            number_cell(line.quantity, line.unit),
            number_cell(line.accepted, line.unit),
        )
        for line in receipt.lines
    )
    is_reversed = receipt.status == "reversed"
    return FormView(
        title=f"Receipt {receipt.number}",
        action=f"/orders/{order.number}/receipts/{receipt.number}",
        button="" if is_reversed else "Reverse the receipt",
        back=LinkView(f"Order {order.number}", f"/orders/{order.number}"),
        lead="" if is_reversed else "Where an invoice was posted on it, reversing blocks its payment.",
        facts=(
            ("On", receipt.received_on.isoformat()),
            ("By", names.person(receipt.received_by)),
            ("State", f"reversed: {receipt.reason}" if is_reversed else receipt.kind),
        ),
        groups=() if is_reversed else (FieldGroup("", (FieldView("reason", "Why it is reversed", FieldKind.WORDS),)),),
        hidden=(("version", str(versions[-1].version)),),
        refusal=refusal,
        tables=(TableView("What was received", ("Item", "Quantity", "Accepted at inspection"), rows),),
    )


def number_cell(value: Decimal | None, unit: str) -> CellText:
    """A quantity with its unit."""
    return CellText(value=value, unit=unit if value is not None else "", is_number=True)


def received_on(receipts: Sequence[Receipt], line: str) -> Decimal:
    """How much of an order's line stands as received."""
    standing = (receipt for receipt in receipts if receipt.status != "reversed")
    return sum((item.quantity for receipt in standing for item in receipt.lines if item.order_line == line), ZERO)


def receipts_of_order(session: Session, order: str) -> list[Receipt]:
    """The receipts on an order, as they came."""
    alias = f"order-receipts/{order}"
    read = [record_of(Receipt, row) for row in session.uow.references([alias])[alias]]
    return sorted((each for each in read if each is not None), key=lambda each: (each.received_on, each.number))


def taken_of(session: Session, keys: Sequence[str]) -> dict[str, Decimal]:
    """What balances hold, exactly."""
    found = session.uow.balances(keys)
    exact = {key: Decimal(found.get(key, 0)).scaleb(-limits.QUANTITY_SCALE) for key in keys}
    return {
        key: value.to_integral_value() if value == value.to_integral_value() else value.normalize()
        for key, value in exact.items()
    }


def pending_change(session: Session, kind: str, number: str) -> str:
    """Why a record cannot be amended now; empty where it can."""
    waiting = session.uow.waiting_for(PENDING, f"{kind}/{number}")
    return "an amendment already waits for its release" if waiting else ""


def record_versions(session: Session, kind: str, key: str, form: type[T]) -> tuple[T, Sequence[ReferenceRow]] | Refused:
    """A record in force with all of its versions, if the caller may see it."""
    versions = session.uow.reference_versions(kind, key)
    read = from_json(form, decode(versions[-1].body))[0] if versions else None
    entity = str(getattr(read, "entity", "")) if read is not None else ""
    if read is None or (entity and not session.caller.sees(entity)):
        message = f"there is no {kind} `{key}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, f"{kind.upper()}-UNKNOWN-01", message))
    return read, versions

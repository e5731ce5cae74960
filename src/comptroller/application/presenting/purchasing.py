"""Orders, contracts and receipts as people see them, each with the form by which it is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeVar

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
from comptroller.domain.controls.balances import ceiling_key
from comptroller.domain.controls.matching import balance_key
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import Order, Receipt
from comptroller.domain.documents.purchasing import Contract
from comptroller.domain.identity import Duty
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.money import ZERO

T = TypeVar("T", Order, Contract, Receipt)

ORDER_STATES: Final = (("open", "Open"), ("closed", "Closed"), ("cancelled", "Cancelled"))
CONTRACT_STATES: Final = (("active", "Active"), ("cancelled", "Cancelled"))
RECEIPT_KINDS: Final = (
    ("receipt", "Receipt of goods, or services accepted"),
    ("return", "Return to the supplier"),
    ("withdrawal", "Withdrawal from a consignment store"),
)
NO_ENTRY: Final = "changing it takes the duty to amend orders, which you do not hold"
NO_RECEIPT: Final = "recording a receipt takes the duty for it, which you do not hold"


@dataclass(frozen=True, slots=True)
class ShowOrder:
    """An order with its receipts, what was invoiced of it, and its versions."""

    key: str


@dataclass(frozen=True, slots=True)
class ShowContract:
    """A contract with its ceiling and its versions."""

    key: str


@dataclass(frozen=True, slots=True)
class ShowReceiptForm:
    """The form for a receipt on an order; of a receipt on file, the form for reversing it."""

    order: str
    receipt: str = ""


def show_order(session: Session, command: ShowOrder) -> FormView | Refused:
    """The order in force, and the form that amends it."""
    found = _record(session, "order", command.key, Order)
    if isinstance(found, Refused):
        return found
    order, versions = found
    names, receipts = Names(session), _receipts(session, order.number)
    taken = _taken(session, [balance_key(order.number, line.id) for line in order.lines])
    amends = bool(session.caller.duties & {Duty.ORDER_AMEND, Duty.REFERENCE_IMPORT})
    refusal = _pending(session, "order", order.number) or ("" if amends else NO_ENTRY)
    here = f"/orders/{order.number}"
    return FormView(
        title=f"Order {order.number}",
        action=here,
        button="Amend the order",
        back=LinkView("Cases of this order", f"/cases?q={order.number}"),
        lead="An amendment is in force once somebody else has released it, whose limit covers what the order comes to; "
        "invoices that wait on the order are then judged anew.",
        facts=(
            ("Supplier", names.told(order.supplier)),
            ("Entity", names.entity(order.entity)),
            ("Ordered", order.order_date.isoformat()),
            ("Created by", names.person(order.created_by)),
            ("Released by", names.person(order.released_by) or "nobody"),
            ("Match", order.match),
            ("Version", str(versions[-1].version)),
        ),
        links=(
            LinkView("Record a receipt", f"{here}/receipts/new"),
            LinkView("Supplier", f"/suppliers/{order.supplier}"),
            *((LinkView(f"Contract {order.contract}", f"/contracts/{order.contract}"),) if order.contract else ()),
        ),
        groups=(*(_line_group(order, place) for place in range(len(order.lines))), _order_group(order)),
        hidden=(("version", str(versions[-1].version)),),
        refusal=refusal,
        tables=(_lines(order, receipts, taken), _receipt_table(names, order, receipts), _versions(names, versions)),
    )


def _order_group(order: Order) -> FieldGroup:
    ceiling = () if order.ceiling is None else (_amount("ceiling", "Ceiling, net", order.ceiling, order.currency),)
    until = order.valid_to.isoformat() if order.valid_to else ""
    return FieldGroup(
        "Order",
        (
            FieldView("status", "Status", FieldKind.CHOICE, value=order.status, options=ORDER_STATES),
            *ceiling,
            FieldView("valid_to", "Valid until", FieldKind.DAY, value=until, required=False),
        ),
    )


def _line_group(order: Order, place: int) -> FieldGroup:
    line = order.lines[place]
    base = "" if line.price_base_quantity == 1 else f"for {line.price_base_quantity}"
    return FieldGroup(
        f"Line {line.id}: {line.name}",
        (
            FieldView(
                f"line-{line.id}-quantity", "Quantity", FieldKind.DECIMAL, value=str(line.quantity), unit=line.unit
            ),
            FieldView(
                f"line-{line.id}-price", f"Price, {order.currency}", FieldKind.DECIMAL, value=str(line.price), hint=base
            ),
        ),
    )


def _amount(name: str, label: str, value: Decimal, currency: str) -> FieldView:
    return FieldView(name, f"{label}, {currency}", FieldKind.DECIMAL, value=str(value))


def _lines(order: Order, receipts: Sequence[Receipt], taken: dict[str, Decimal]) -> TableView:
    rows = []
    for line in order.lines:
        received = _received(receipts, line.id)
        invoiced = taken[balance_key(order.number, line.id)]
        rows.append(
            (
                CellText(line.name, sub=f"line {line.id}"),
                _number(line.quantity, line.unit),
                _number(received, line.unit),
                _number(invoiced, line.unit),
                CellText(value=line.price, currency=order.currency, is_number=True),
            )
        )
    return TableView(
        "Ordered, received, invoiced", ("Item", "Ordered", "Received", "Invoiced", "Price"), tuple(rows), "No line."
    )


def _receipt_table(names: Names, order: Order, receipts: Sequence[Receipt]) -> TableView:
    rows = []
    for receipt in receipts:
        where, is_reversed = f"/orders/{order.number}/receipts/{receipt.number}", receipt.status == "reversed"
        quantities = ", ".join(f"{line.quantity} on line {line.order_line}" for line in receipt.lines)
        rows.append(
            (
                CellText(receipt.number, href=where),
                CellText(receipt.received_on.isoformat()),
                CellText(names.person(receipt.received_by)),
                CellText(quantities),
                CellText("Reversed" if is_reversed else receipt.kind, sub=receipt.reason),
            )
        )
    columns = ("Receipt", "On", "By", "Quantities", "What")
    return TableView("Receipts", columns, tuple(rows), "Nothing was received on this order yet.")


def _versions(names: Names, versions: Sequence[ReferenceRow]) -> TableView:
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


def show_contract(session: Session, command: ShowContract) -> FormView | Refused:
    """The contract in force, and the form that amends it."""
    found = _record(session, "contract", command.key, Contract)
    if isinstance(found, Refused):
        return found
    contract, versions = found
    names = Names(session)
    key = ceiling_key(None, contract.number)
    used = _taken(session, [key])[key] + contract.consumed
    amends = bool(session.caller.duties & {Duty.ORDER_AMEND, Duty.REFERENCE_IMPORT})
    ceiling = str(contract.ceiling) if contract.ceiling is not None else ""
    until = contract.valid_to.isoformat() if contract.valid_to else ""
    row = (
        CellText(value=contract.ceiling, currency=contract.currency, is_number=True),
        CellText(value=used, currency=contract.currency, is_number=True),
        CellText(
            value=contract.ceiling - used if contract.ceiling is not None else None,
            currency=contract.currency,
            is_number=True,
        ),
    )
    return FormView(
        title=f"Contract {contract.number}",
        action=f"/contracts/{contract.number}",
        button="Amend the contract",
        back=LinkView("Supplier", f"/suppliers/{contract.supplier}"),
        lead="An amendment is in force once somebody else has released it, whose limit covers the ceiling; without a "
        "ceiling the chief financial officer is asked.",
        facts=(
            ("Supplier", names.told(contract.supplier)),
            ("Entity", names.entity(contract.entity)),
            ("Begins", contract.valid_from.isoformat()),
            ("Owner", names.person(contract.owner)),
            ("Released by", names.person(contract.released_by) or "nobody"),
            ("Version", str(versions[-1].version)),
        ),
        groups=(
            FieldGroup(
                "",
                (
                    FieldView(
                        "ceiling", f"Ceiling, {contract.currency}", FieldKind.DECIMAL, value=ceiling, required=False
                    ),
                    FieldView("valid_to", "Valid until", FieldKind.DAY, value=until, required=False),
                    FieldView("status", "Status", FieldKind.CHOICE, value=contract.status, options=CONTRACT_STATES),
                ),
            ),
        ),
        hidden=(("version", str(versions[-1].version)),),
        refusal=_pending(session, "contract", contract.number) or ("" if amends else NO_ENTRY),
        tables=(
            TableView("What is used of it", ("Ceiling", "Used", "Left"), (row,)),
            _versions(names, versions),
        ),
    )


def show_receipt_form(session: Session, command: ShowReceiptForm) -> FormView | Refused:
    """A form with a quantity for each line of the order, or the receipt with a form that reverses it."""
    found = _record(session, "order", command.order, Order)
    if isinstance(found, Refused):
        return found
    order, _ = found
    receipts, names = _receipts(session, order.number), Names(session)
    may = bool(session.caller.duties & {Duty.RECEIPT_RECORD, Duty.REFERENCE_IMPORT})
    refusal = "" if may else NO_RECEIPT
    if order.created_by == session.caller.id:
        refusal = "who created the order does not receive on it"
    if command.receipt:
        return _reversal(session, names, order, command.receipt, refusal)
    groups = []
    for line in order.lines:
        open_quantity = max(line.quantity - _received(receipts, line.id), ZERO)
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
        FieldView("received_on", "Received on", FieldKind.DAY, value=session.now.date().isoformat()),
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
    found = _record(session, "receipt", number, Receipt)
    if isinstance(found, Refused):
        return found
    receipt, versions = found
    lines = {line.id: line for line in order.lines}
    rows = tuple(
        (
            CellText(lines[line.order_line].name if line.order_line in lines else line.order_line),
            _number(line.quantity, line.unit),
            _number(line.accepted, line.unit),
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


def _number(value: Decimal | None, unit: str) -> CellText:
    return CellText(value=value, unit=unit if value is not None else "", is_number=True)


def _received(receipts: Sequence[Receipt], line: str) -> Decimal:
    standing = (receipt for receipt in receipts if receipt.status != "reversed")
    return sum((item.quantity for receipt in standing for item in receipt.lines if item.order_line == line), ZERO)


def _receipts(session: Session, order: str) -> list[Receipt]:
    alias = f"order-receipts/{order}"
    read = [from_json(Receipt, decode(row.body))[0] for row in session.uow.references([alias])[alias]]
    return sorted((each for each in read if each is not None), key=lambda each: (each.received_on, each.number))


def _taken(session: Session, keys: Sequence[str]) -> dict[str, Decimal]:
    found = session.uow.balances(keys)
    exact = {key: Decimal(found.get(key, 0)).scaleb(-limits.QUANTITY_SCALE) for key in keys}
    return {
        key: value.to_integral_value() if value == value.to_integral_value() else value.normalize()
        for key, value in exact.items()
    }


def _pending(session: Session, kind: str, number: str) -> str:
    waiting = session.uow.waiting_for(PENDING, f"{kind}/{number}")
    return "an amendment already waits for its release" if waiting else ""


def _record(session: Session, kind: str, key: str, form: type[T]) -> tuple[T, Sequence[ReferenceRow]] | Refused:
    versions = session.uow.reference_versions(kind, key)
    read = from_json(form, decode(versions[-1].body))[0] if versions else None
    entity = str(getattr(read, "entity", "")) if read is not None else ""
    if read is None or (entity and not session.caller.sees(entity)):
        message = f"there is no {kind} `{key}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, f"{kind.upper()}-UNKNOWN-01", message))
    return read, versions

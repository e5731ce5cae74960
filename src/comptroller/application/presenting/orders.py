"""An order as people see it, with the form that amends it: lines, prices, ceiling, days; lines added and taken off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from comptroller.application.casework.gathering.reading import body_of
from comptroller.application.casework.order_lines import lines_that_stay
from comptroller.application.presenting.codes import UNITS
from comptroller.application.presenting.purchasing import (
    NO_ENTRY,
    number_cell,
    pending_change,
    receipts_of_order,
    received_on,
    record_versions,
    taken_of,
    versions_table,
)
from comptroller.application.presenting.words import Names
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
from comptroller.domain.controls.matching import balance_key
from comptroller.domain.documents.model import Order, OrderLine, Receipt
from comptroller.domain.identity import Duty

NEW_LINES_MAX: Final = 50
ORDER_STATES: Final = (("open", "Open"), ("closed", "Closed"), ("cancelled", "Cancelled"))


@dataclass(frozen=True, slots=True)
class ShowOrder:
    """An order with its receipts, what was invoiced of it, and its versions."""

    key: str
    new_lines: int = 1  # rows for lines that are added


def show_order(session: Session, command: ShowOrder) -> FormView | Refused:
    """The order in force, and the form that amends it."""
    found = record_versions(session, "order", command.key, Order)
    if isinstance(found, Refused):
        return found
    order, versions = found
    names, receipts = Names(session), receipts_of_order(session, order.number)
    taken = taken_of(session, [balance_key(order.number, line.id) for line in order.lines])
    stays = lines_that_stay(session.uow, order.number, [line.id for line in order.lines])
    amends = bool(session.caller.duties & {Duty.ORDER_AMEND, Duty.REFERENCE_IMPORT})
    refusal = pending_change(session, "order", order.number) or ("" if amends else NO_ENTRY)
    here = f"/orders/{order.number}"
    return FormView(
        title=f"Order {order.number}",
        action=here,
        button="Amend the order",
        back=_back(session, order),
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
        groups=(
            *(_line_group(order, line, stays.get(line.id, "")) for line in order.lines),
            _order_group(order),
            *_new_line_groups(session, order, min(command.new_lines, NEW_LINES_MAX)),
        ),
        hidden=(("version", str(versions[-1].version)),),
        refusal=refusal,
        tables=(
            _lines(order, receipts, taken),
            _receipt_table(names, order, receipts),
            versions_table(names, versions),
        ),
    )


def _back(session: Session, order: Order) -> LinkView:
    if Duty.CASE_LIST in session.caller.duties:
        return LinkView("Cases of this order", f"/cases?q={order.number}")
    return LinkView("Back to the queue", "/queue")


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


def _line_group(order: Order, line: OrderLine, stays: str) -> FieldGroup:
    """A line can be taken off while nothing was received or invoiced on it."""
    off = () if stays else (FieldView(f"line-{line.id}-off", "Take this line off the order", FieldKind.TICK),)
    base = "" if line.price_base_quantity == 1 else f"for {line.price_base_quantity}"
    return FieldGroup(
        f"Line {line.id}: {line.name}",
        (
            FieldView(
                f"line-{line.id}-quantity",
                "Quantity",
                FieldKind.DECIMAL,
                value=str(line.quantity),
                unit=line.unit,
                hint=f"{stays}: the line stays on the order" if stays else "",
            ),
            FieldView(
                f"line-{line.id}-price", f"Price, {order.currency}", FieldKind.DECIMAL, value=str(line.price), hint=base
            ),
            *off,
        ),
    )


def _new_line_groups(session: Session, order: Order, count: int) -> Iterator[FieldGroup]:
    """Rows for new lines: one that is folded, or as many as were asked for."""
    for place in range(1, count + 1):
        title = "Add a line" if place == 1 else f"Add a line ({place})"
        more = "One more line" if place == count < NEW_LINES_MAX else ""
        yield FieldGroup(title, _new_line(session, order, place), folded=True, is_open=count > 1, more=more)


def _new_line(session: Session, order: Order, place: int) -> tuple[FieldView, ...]:
    """A line that is added is booked like the first one, until somebody says otherwise."""
    like, name = order.lines[0], f"new-{place}"
    return (
        FieldView(f"{name}-name", "What is ordered", required=False, wide=True),
        FieldView(f"{name}-quantity", "Quantity", FieldKind.DECIMAL, required=False),
        FieldView(
            f"{name}-unit", "Unit", FieldKind.CHOICE, value=like.unit, options=tuple(UNITS.items()), required=False
        ),
        FieldView(f"{name}-price", f"Price of one, {order.currency}", FieldKind.DECIMAL, required=False),
        FieldView(
            f"{name}-cost_centre",
            "Cost centre",
            FieldKind.CHOICE,
            value=like.cost_centre,
            options=_cost_centres(session, order),
            required=False,
        ),
        FieldView(
            f"{name}-material_group",
            "Material group",
            value=like.material_group,
            required=False,
            hint="Decides which tolerances hold",
        ),
        FieldView(f"{name}-account", "Account", value=like.account, required=False),
    )


def _cost_centres(session: Session, order: Order) -> tuple[tuple[str, str], ...]:
    """The open ones of the order's entity, beside those that the order names."""
    found = {line.cost_centre: line.cost_centre for line in order.lines}
    for row in session.uow.reference_list("cost-centre"):
        body = body_of(row)
        if body["entity"] == order.entity and body.get("status", "open") == "open":
            found[row.key] = f"{row.key} {body['name']}"
    return tuple((key, title or "No cost centre") for key, title in found.items())


def _amount(name: str, label: str, value: Decimal, currency: str) -> FieldView:
    return FieldView(name, f"{label}, {currency}", FieldKind.DECIMAL, value=str(value))


def _lines(order: Order, receipts: Sequence[Receipt], taken: dict[str, Decimal]) -> TableView:
    rows = []
    for line in order.lines:
        received = received_on(receipts, line.id)
        invoiced = taken[balance_key(order.number, line.id)]
        rows.append(
            (
                CellText(line.name, sub=f"line {line.id}"),
                number_cell(line.quantity, line.unit),
                number_cell(received, line.unit),
                number_cell(invoiced, line.unit),
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

"""Settlement by receipts: where the order agrees to it, a receipt makes the invoice that the supplier does not send.

The document says what the receipt and the order say: quantities received, the order's prices and tax. It is checked
and judged like any other, with a case of its own; the supplier's own invoice for such an order is held.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Any, Final

from comptroller.application.casework.gathering.reading import body_of
from comptroller.application.session import Refused, Session
from comptroller.application.submit import Arrival, SubmitDocument, submit_document
from comptroller.domain.controls.facts.order import SELF_BILLED
from comptroller.domain.controls.matching import counts
from comptroller.domain.controls.tax import tax_of
from comptroller.domain.documents.json_form import from_json, to_json
from comptroller.domain.documents.kinds import Document
from comptroller.domain.documents.model import (
    Address,
    Invoice,
    Line,
    Order,
    OrderLine,
    Party,
    PaymentInstruction,
    Receipt,
    Supplier,
    TaxCategory,
    TaxSubtotal,
    Totals,
)
from comptroller.domain.kernel.canonical_json import encode
from comptroller.domain.kernel.money import CONTEXT, ZERO, round_money

SETTLEMENT: Final = "settlement"
"""The channel of documents that the platform makes of receipts; nothing that comes in from outside has it."""

PROFILE: Final = "urn:cen.eu:en16931:2017"
TRANSFER: Final = "30"


def plan_settlement(session: Session, body: Mapping[str, Any]) -> SubmitDocument | None:
    """Make the settlement that a receipt asks for; None where its order is invoiced by the supplier."""
    receipt, _ = from_json(Receipt, dict(body))
    if receipt is None:
        return None
    order = _record(session, Order, f"order/{receipt.order}")
    if order is None or not order.evaluated_receipt or not counts(receipt, order) or receipt.kind == "return":
        return None
    supplier = _record(session, Supplier, f"supplier/{order.supplier}")
    rows = session.uow.references([f"entity/{order.entity}"])[f"entity/{order.entity}"]
    if supplier is None or not rows:
        return None
    invoice = settlement_of(receipt, order, supplier, body_of(rows[0]))
    content = encode(to_json(invoice))  # type: ignore[arg-type]  # plain JSON values by contract
    read = session.environment.read_document(content, "application/json")
    return SubmitDocument(content, "application/json", read, Arrival(channel=SETTLEMENT, source=receipt.number))


def settle(session: Session, receipt: str, planned: SubmitDocument) -> str:
    """Open the settlement's case and answer its id; what could not be settled is told with the receipt."""
    answer = submit_document(session, planned)
    if not isinstance(answer, Refused):
        return str(answer["case_id"])
    told = {"receipt": receipt, "code": answer.rejection.code, "why": answer.rejection.message}
    session.evidence.tell(f"reference/receipt/{receipt}", "receipt.not.settled", told)
    return ""


def settlement_of(receipt: Receipt, order: Order, supplier: Supplier, entity: Mapping[str, Any]) -> Invoice:
    """Bill what a receipt brought at the order's prices; the number is the receipt's."""
    by_id = {line.id: line for line in order.lines}
    lines = tuple(_lines(receipt, by_id, order.currency))
    breakdown = tuple(_breakdown(lines, order.currency))
    with localcontext(CONTEXT):
        net = sum((line.net_amount or ZERO for line in lines), ZERO)
        tax = sum((row.tax_amount or ZERO for row in breakdown), ZERO)
        gross = net + tax
    account = supplier.accounts[0].account if len(supplier.accounts) == 1 else ""
    address = entity.get("address") or {"country": entity["country"]}
    return Invoice(
        customization=PROFILE,
        number=f"ERS-{receipt.number}",
        issue_date=receipt.received_on,
        type_code=SELF_BILLED,
        currency=order.currency,
        order_number=order.number,
        receipt_number=receipt.number,
        payment_terms=f"as agreed in order {order.number}",
        seller=Party(name=supplier.name, vat_id=supplier.vat_id, address=Address(country=supplier.country)),
        buyer=Party(
            name=entity["name"],
            vat_id=entity.get("vat_id", ""),
            address=Address(**{name: str(value) for name, value in address.items()}),
        ),
        delivery_date=receipt.received_on,
        payments=(PaymentInstruction(means_code=TRANSFER, account=account),) if account else (),
        totals=Totals(line_net=net, net=net, tax=tax, gross=gross, payable=gross),
        tax_breakdown=breakdown,
        lines=lines,
    )


def _lines(receipt: Receipt, by_id: Mapping[str, OrderLine], currency: str) -> Iterable[Line]:
    for place, received in enumerate(receipt.lines, start=1):
        ordered = by_id.get(received.order_line)
        quantity = received.quantity if received.accepted is None else received.accepted
        if ordered is None or quantity <= 0:
            continue
        with localcontext(CONTEXT):
            net = round_money(quantity * ordered.unit_price, currency)
        yield Line(
            id=str(place),
            name=ordered.name,
            buyer_item_id=ordered.item,
            quantity=quantity,
            unit=received.unit,
            net_amount=net,
            net_price=ordered.unit_price,
            tax=ordered.tax,
            order_line=ordered.id,
        )


def _breakdown(lines: Iterable[Line], currency: str) -> Iterable[TaxSubtotal]:
    """One row of VAT for each category and rate; a line whose order names no tax has none, and its rules find it."""
    sums: dict[TaxCategory, Decimal] = {}
    for line in lines:
        if line.tax is not None and line.net_amount is not None:
            sums[line.tax] = CONTEXT.add(sums.get(line.tax, ZERO), line.net_amount)
    for category, taxable in sums.items():
        yield TaxSubtotal(taxable, tax_of(taxable, category.rate or ZERO, currency), replace(category))


def _record(session: Session, kind: type[Document], alias: str) -> Document | None:
    rows = session.uow.references([alias])[alias]
    return from_json(kind, body_of(rows[0]))[0] if rows else None

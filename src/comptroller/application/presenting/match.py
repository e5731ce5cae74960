"""Order, receipt and invoice side by side, as the matching saw them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from comptroller.application.casework.decision_record import read_record, read_value
from comptroller.application.casework.gathering import order_numbers
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.presenting.words import Names
from comptroller.application.records import DecisionRow
from comptroller.application.views import CeilingView, MatchLine, MatchView, ReceiptView, standing_of
from comptroller.domain.controls.matching import order_line_of
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import Invoice, Line, Order, OrderLine, Receipt
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.money import CONTEXT, ZERO, Money, parse_decimal


def match_view(uow: UnitOfWork, names: Names, invoice: Invoice, decided: Mapping[str, DecisionRow]) -> MatchView | None:
    """The comparison with the order, or why there is none."""
    match_row, policy_row = decided.get("line match"), decided.get("order policy")
    verdict: Any = decode(match_row.outcome) if match_row is not None else {}
    allowed: Any = decode(policy_row.outcome) if policy_row is not None else {}
    found = _order(uow, invoice)
    ceiling = _ceiling(invoice, decided)
    if found is None:
        return MatchView("", invoice.currency, str((allowed or {}).get("text") or ""), ceiling=ceiling)
    order, version = found
    alias = f"order-receipts/{order.number}"
    read = [from_json(Receipt, decode(row.body))[0] for row in uow.references([alias])[alias]]
    receipts = [receipt for receipt in read if receipt is not None]
    outcomes = {str(line.get("line")): line for line in verdict.get("lines") or ()}
    return MatchView(
        match_type=str(verdict.get("match type") or order.match),
        currency=invoice.currency,
        text=str(verdict.get("text") or ""),
        order_number=order.number,
        order_version=version,
        created_by=names.person(order.created_by),
        released_by=names.person(order.released_by),
        lines=()
        if order.order_type == "blanket"  # it names no quantities or prices to compare with
        else tuple(_line(invoice, line, order, receipts, outcomes.get(line.id, {})) for line in invoice.lines),
        ceiling=ceiling,
        receipts=tuple(
            ReceiptView(receipt.number, receipt.received_on, names.person(receipt.received_by)) for receipt in receipts
        ),
    )


def _ceiling(invoice: Invoice, decided: Mapping[str, DecisionRow]) -> CeilingView | None:
    """The ceiling as the decision about it was given it."""
    row = decided.get("blanket and contract")
    given = {name: read_value(value) for name, value in read_record(row)["inputs"].items()} if row is not None else {}
    ceiling = _money(given.get("contract ceiling"), invoice.currency)
    if ceiling is None:
        return None
    return CeilingView(
        str(given.get("contract source") or ""),
        str(given.get("contract number") or ""),
        ceiling,
        _money(given.get("contract consumed"), invoice.currency),
        _money(given.get("contract claim"), invoice.currency),
    )


def _money(value: Any, currency: str) -> Money | None:
    return Money(value, currency) if isinstance(value, Decimal) else None


def _order(uow: UnitOfWork, invoice: Invoice) -> tuple[Order, int] | None:
    for number in order_numbers(invoice):
        alias = f"order/{number}"
        for row in uow.references([alias])[alias]:
            order, _ = from_json(Order, decode(row.body))
            if order is not None:
                return order, row.version
    return None


def _line(invoice: Invoice, line: Line, order: Order, receipts: list[Receipt], outcome: Mapping[str, Any]) -> MatchLine:
    ordered: OrderLine | None = order_line_of(invoice, line, order)
    received = None
    if ordered is not None:
        quantities = (item.quantity for receipt in receipts for item in receipt.lines if item.order_line == ordered.id)
        received = sum(quantities, ZERO)
    word = str(outcome.get("outcome") or "")
    return MatchLine(
        line=line.id,
        name=line.name,
        unit=line.unit,
        outcome=word,
        standing=standing_of(word),
        text=str(outcome.get("text") or ""),
        ordered=ordered.quantity if ordered is not None else None,
        received=received,
        invoiced=line.quantity,
        order_price=ordered.price if ordered is not None else None,
        invoice_price=line.net_price,
        price_variance=_number(outcome.get("price variance")),
        price_percent=_number(outcome.get("price percent")),
        quantity_variance=_whole(_number(outcome.get("quantity variance"))),
        quantity_percent=_number(outcome.get("quantity percent")),
    )


def _whole(quantity: Decimal | None) -> Decimal | None:
    """A measured quantity without the places in which balances are counted."""
    return None if quantity is None else quantity.normalize(CONTEXT)


def _number(value: Any) -> Decimal | None:
    return parse_decimal(str(value)) if value is not None else None

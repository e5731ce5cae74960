"""Order, receipt and invoice side by side, as the matching saw them.

What a line is compared with is what the decision was given: an order, receipt or invoice of today says nothing of it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from comptroller.application.casework.decision_record import read_record, read_value
from comptroller.application.casework.gathering import order_numbers
from comptroller.application.casework.gathering.reading import record_of
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.presenting.words import Names
from comptroller.application.records import CaseRow, DecisionRow
from comptroller.application.session import Session
from comptroller.application.views import (
    CeilingView,
    EarlierTaking,
    Excess,
    MatchLine,
    MatchView,
    ReceiptView,
    standing_of,
)
from comptroller.domain.controls.candidate_index import taking_lookup
from comptroller.domain.controls.matching import balance_key, order_line_of
from comptroller.domain.documents.model import Invoice, Line, Order, Receipt
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.kernel.money import CONTEXT, ZERO, Money

TAKERS_SHOWN: Final = 12
"""Cases that are named which took of an order's line before, the newest first; of the rest it is told how much."""

TAKERS_ASKED: Final = 50
"""Cases looked at for them: some gave back what they took, some the reader may not see."""


def match_view(
    session: Session, names: Names, row: CaseRow, invoice: Invoice, decided: Mapping[str, DecisionRow]
) -> MatchView:
    """The comparison with the order, or why there is none."""
    match_row, policy_row = decided.get("line match"), decided.get("order policy")
    verdict: Any = decode(match_row.outcome) if match_row is not None else {}
    allowed: Any = decode(policy_row.outcome) if policy_row is not None else {}
    found = _order(session.uow, invoice)
    ceiling = _ceiling(invoice, decided)
    if found is None:
        return MatchView("", invoice.currency, str((allowed or {}).get("text") or ""), ceiling=ceiling)
    order, version = found
    alias = f"order-receipts/{order.number}"
    read = [record_of(Receipt, each) for each in session.uow.references([alias])[alias]]
    return MatchView(
        match_type=str(verdict.get("match type") or order.match),
        currency=invoice.currency,
        text=str(verdict.get("text") or ""),
        order_number=order.number,
        order_version=version,
        created_by=names.person(order.created_by),
        released_by=names.person(order.released_by),
        is_credit=invoice.is_credit_note,
        lines=tuple(_lines(session, row, invoice, order, match_row)) if match_row is not None else (),
        ceiling=ceiling,
        receipts=tuple(
            ReceiptView(receipt.number, receipt.received_on, names.person(receipt.received_by))
            for receipt in read
            if receipt is not None
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
            order = record_of(Order, row)
            if order is not None:
                return order, row.version
    return None


def _lines(
    session: Session, row: CaseRow, invoice: Invoice, order: Order, match_row: DecisionRow
) -> Iterator[MatchLine]:
    """The lines that were measured; none where a ceiling or an advance takes the order's place."""
    record = read_record(match_row)
    verdict: Any = decode(match_row.outcome)
    outcomes = {str(line.get("line")): line for line in verdict.get("lines") or ()}
    given: Any = read_value(record["inputs"].get("lines")) or ()
    group = str(record["inputs"].get("group currency") or "")
    measured = {str(each.get("line")): each for each in given}
    for line in invoice.lines:
        if line.id in measured:
            ordered = order_line_of(invoice, line, order)
            key = balance_key(order.number, ordered.id) if ordered is not None else ""
            before = measured[line.id].get("invoiced before")
            earlier = tuple(takers(session, row, key, parse_instant(record["now"]))) if key and before else ()
            yield _line(line, measured[line.id], outcomes.get(line.id, {}), group=group, earlier=earlier)


def takers(session: Session, row: CaseRow, balance: str, until: datetime | None) -> Iterator[EarlierTaking]:
    """The newest cases that the reader may see which take of a balance and came before, by the index of takers."""
    at = until or session.now
    found = session.uow.candidate_keys([taking_lookup(balance)], at.date().isoformat(), TAKERS_ASKED)
    cases = {case.case_id: case for _, case in session.uow.candidates(key.case_id for key in found)}
    shown = 0
    for other in sorted(cases.values(), key=lambda case: (case.received_at, case.case_id), reverse=True):
        if other.received_at > at or other.case_id == row.case_id or not session.caller.sees(other.entity):
            continue
        state: Any = decode(other.state)
        quantity = Decimal(state["dossier"].get("reserved", {}).get(balance, 0)).scaleb(-limits.QUANTITY_SCALE)
        if quantity and shown < TAKERS_SHOWN:
            shown += 1
            yield EarlierTaking(other.case_id, other.number, quantity.normalize(CONTEXT))


def _line(
    line: Line,
    given: Mapping[str, Any],
    outcome: Mapping[str, Any],
    *,
    group: str,
    earlier: tuple[EarlierTaking, ...],
) -> MatchLine:
    word = str(outcome.get("outcome") or "")
    quantity, before, ordered = given.get("quantity"), given.get("invoiced before"), given.get("ordered")
    unit = str(given.get("order unit") or line.unit)
    is_converted = unit != line.unit and bool(quantity)
    return MatchLine(
        line=line.id,
        name=line.name,
        unit=unit,
        outcome=word,
        standing=standing_of(word),
        text=str(outcome.get("text") or ""),
        ordered=_whole(ordered),
        received=_whole(given.get("received")),
        invoiced_before=_whole(before),
        invoiced=_whole(quantity),
        left_of_order=_less(_less(ordered, before), quantity),
        left_of_receipt=_less(given.get("available"), quantity),
        over_order=_excess(given, "over order", group),
        over_receipt=_excess(given, "over receipt", group),
        order_price=given.get("ordered price"),
        invoice_price=given.get("price"),
        price_difference=given.get("difference"),
        price_percent=given.get("percent"),
        document_quantity=line.quantity if is_converted else None,
        document_unit=line.unit if is_converted else "",
        document_price=line.net_price if is_converted else None,
        units_in_one=_in_one(line.quantity, quantity) if is_converted else None,
        earlier=earlier,
        earlier_rest=_whole(_less(before, sum((taking.quantity for taking in earlier), ZERO))) if earlier else None,
    )


def _excess(given: Mapping[str, Any], name: str, group: str) -> Excess | None:
    """By how much a measure is exceeded; None where it is not."""
    quantity, value = _whole(given.get(name)), given.get(f"{name} value")
    if not quantity:
        return None
    return Excess(quantity, given.get(f"{name} percent"), Money(value, group) if value is not None and group else None)


def _less(whole: Decimal | None, part: Decimal | None) -> Decimal | None:
    return None if whole is None or part is None else _whole(CONTEXT.subtract(whole, part))


def _in_one(stated: Decimal | None, converted: Decimal | None) -> Decimal | None:
    return _whole(CONTEXT.divide(stated, converted)) if stated and converted else None


def _whole(quantity: Decimal | None) -> Decimal | None:
    """A measured quantity without the places in which balances are counted."""
    return None if quantity is None else quantity.normalize(CONTEXT)

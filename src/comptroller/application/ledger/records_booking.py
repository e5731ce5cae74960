"""Books reference records that the ledger must know of, when a version of them is put in force.

A receipt books goods received. An amended order books the new value of what came and is not invoiced. A journal that
was written by hand in another ledger is booked as it stands. A later version of a receipt or journal turns what the
one before booked, and books anew: nothing that is written is changed.

What cannot be valued yet (no order, no rate, no period) is told and stays unbooked; the reconciliation lists it.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from comptroller.application.casework.clock import today_at
from comptroller.application.casework.gathering.reading import body_of, order_of, record_of
from comptroller.application.ledger.accruals_brought import book_accrual
from comptroller.application.ledger.items import open_item_by_hand
from comptroller.application.ledger.writing import (
    About,
    currencies_of,
    period_state,
    stored_journal,
    write_journal,
)
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.reference_kinds.agreements import returns_alias
from comptroller.application.session import Session
from comptroller.domain.controls.booking import (
    Entry,
    balanced,
    received_entries,
    repriced_entries,
    reversed_journal,
    unvalued_lines,
)
from comptroller.domain.controls.matching import balance_key, counts
from comptroller.domain.controls.returns import receipt_of_return
from comptroller.domain.documents.json_form import from_json, to_json
from comptroller.domain.documents.model import Order, Receipt
from comptroller.domain.documents.purchasing import Dispute
from comptroller.domain.identity import Duty
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode

OPEN: Final = "open"


def book_record(session: Session, kind: str, key: str, body: Mapping[str, Any], version: int) -> None:
    """Book what a new version of a record means; kinds that the ledger does not know of book nothing."""
    match kind:
        case "receipt":
            book_receipt(session, key, body, version)
        case "dispute" if body.get("kind") == "return":
            dispute, _ = from_json(Dispute, body)
            assert dispute is not None  # its form was checked when it was brought in
            book_receipt(session, key, to_json(receipt_of_return(dispute)), version)
        case "order":
            _book_order(session, key, body, version)
        case "journal":
            _book_by_hand(session, key, body, version)
        case "accrual":
            book_accrual(session, key, body, version)
        case _:
            pass


def receipt_journal_id(number: str, version: int) -> str:
    """The journal that books one version of a receipt."""
    return f"receipt/{number}/{version}"


def book_receipt(session: Session, number: str, body: Mapping[str, Any], version: int) -> str:
    """Book a receipt at the order's price; answers why it could not be, empty when it was."""
    uow, journal_id, stream = session.uow, receipt_journal_id(number, version), f"reference/receipt/{number}"
    receipt, _ = from_json(Receipt, body)
    assert receipt is not None  # its form was checked when it was brought in
    order = order_of(uow.references([f"order/{receipt.order}"]), [receipt.order])
    today = today_at(uow, order.entity, session.now) if order is not None else session.now.date()
    currencies = None
    if order is not None:
        day = receipt.received_on
        currencies = currencies_of(uow, order.entity, order.currency, day) or currencies_of(
            uow, order.entity, order.currency, today
        )
    problem = _unbookable(session, receipt, order, known=currencies is not None)
    if problem or order is None or currencies is None:
        session.evidence.tell(stream, "receipt.not.booked", {"receipt": number, "version": version, "why": problem})
        return problem
    day = receipt.received_on
    is_open = period_state(uow, order.entity, day) == OPEN and day <= today
    opening = not is_open and day < today and Duty.REFERENCE_IMPORT in session.caller.duties
    about = About(
        journal_id=journal_id,
        kind="opening" if opening else "receipt",
        entity=order.entity,
        posted_on=day if is_open else today.replace(day=1) if opening else today,
        text=f"goods received {number}, order {order.number}",
        stream=stream,
        supplier=order.supplier,
        document=number,
        order_number=order.number,
        source="import" if opening else "",
    )
    if version > 1:
        _turn(session, receipt_journal_id(number, version - 1), about)
    entries = (
        received_entries(receipt, order, session.policy.pack.accounts, opening=opening)
        if counts(receipt, order)
        else ()
    )
    if entries:
        journal = balanced(entries, currencies, session.policy.pack.accounts.rounding)
        write_journal(session, journal, about)
    return ""


def _unbookable(session: Session, receipt: Receipt, order: Order | None, *, known: bool) -> str:
    if order is None:
        return f"order `{receipt.order}` is not on file"
    lines = unvalued_lines(receipt, order)
    if lines:
        return f"order line {', '.join(lines)} is not on the order, or counts in another unit"
    if not known:
        return f"entity `{order.entity}` or the rate of {order.currency} is not on file"
    if period_state(session.uow, order.entity, today_at(session.uow, order.entity, session.now)) != OPEN:
        return "the period of today is not open"
    return ""


def _turn(session: Session, journal_id: str, about: About) -> None:
    """Turn what the version before booked, where it booked anything."""
    before = stored_journal(session.uow, journal_id)
    if before is None:
        return
    turned = About(
        journal_id=f"{journal_id}/turned",
        kind=about.kind,
        entity=about.entity,
        posted_on=about.posted_on,
        text=f"corrected: {about.text}",
        stream=about.stream,
        supplier=about.supplier,
        document=about.document,
        order_number=about.order_number,
        source=about.source,
    )
    write_journal(session, reversed_journal(before), turned)


# ---- orders --------------------------------------------------------------------------------------------------------


def _book_order(session: Session, number: str, body: Mapping[str, Any], version: int) -> None:
    uow = session.uow
    order, _ = from_json(Order, body)
    assert order is not None
    for row in uow.references([f"order-receipts/{number}"])[f"order-receipts/{number}"]:
        if uow.journal(receipt_journal_id(row.key, row.version)) is None:  # it came before its order
            book_receipt(session, row.key, body_of(row), row.version)
    if version == 1:
        return
    before = next((row for row in uow.reference_versions("order", number) if row.version == version - 1), None)
    old = record_of(Order, before) if before is not None else None
    if old is None or all(was.unit_price == now.unit_price for was, now in zip(old.lines, order.lines, strict=False)):
        return
    today = today_at(uow, order.entity, session.now)
    currencies = currencies_of(uow, order.entity, order.currency, today)
    if currencies is None or period_state(uow, order.entity, today) != OPEN:
        return
    accounts = session.policy.pack.accounts
    entries = repriced_entries(old, order, open_quantities(uow, order), accounts)
    if entries:
        write_journal(
            session,
            balanced(entries, currencies, accounts.rounding),
            About(
                journal_id=f"order/{number}/{version}",
                kind="receipt",
                entity=order.entity,
                posted_on=today,
                text=f"order {number} amended: goods received at the new price",
                stream=f"reference/order/{number}",
                supplier=order.supplier,
                document=number,
                order_number=number,
            ),
        )


def open_quantities(uow: UnitOfWork, order: Order, *, until: date | None = None) -> Mapping[str, Decimal]:
    """What of each line came and no posted invoice has taken; what waiting cases hold is still open."""
    received: dict[str, Decimal] = {line.id: Decimal(0) for line in order.lines}
    receipts: list[Receipt] = []
    for row in uow.references([f"order-receipts/{order.number}"])[f"order-receipts/{order.number}"]:
        receipt = record_of(Receipt, row)
        receipts += [receipt] if receipt is not None else []
    alias = returns_alias(order.number)
    for row in uow.references([alias])[alias]:
        dispute = record_of(Dispute, row)
        receipts += [receipt_of_return(dispute)] if dispute is not None else []
    counted = [
        receipt for receipt in receipts if counts(receipt, order) and (until is None or receipt.received_on <= until)
    ]
    for line in (line for receipt in counted for line in receipt.lines):
        if line.order_line in received:
            received[line.order_line] += line.quantity
    keys = {line.id: balance_key(order.number, line.id) for line in order.lines}
    taken = uow.balances(keys.values())
    held = waiting_shares(uow, order.number)
    return {
        line: received[line] - Decimal(taken[key] - held.get(key, 0)).scaleb(-limits.QUANTITY_SCALE)
        for line, key in keys.items()
    }


def waiting_shares(uow: UnitOfWork, order: str) -> Mapping[str, int]:
    """What cases that wait hold of the balances of an order, in millionths."""
    shares: dict[str, int] = {}
    cases = dict.fromkeys(wait.case_id for wait in uow.waiting_for("case.changed", f"order/{order}"))
    for case_id in cases:
        case = uow.case(case_id)
        state: Any = decode(case.state) if case is not None else {}
        for key, share in state.get("dossier", {}).get("reserved", {}).items():
            shares[key] = shares.get(key, 0) + int(share)
    return shares


# ---- journals written by hand --------------------------------------------------------------------------------------


def _book_by_hand(session: Session, key: str, body: Mapping[str, Any], version: int) -> None:
    """Book a journal as its ledger has it; what it owes to a supplier is an open item that no case stands behind."""
    uow, currency, stream = session.uow, str(body["currency"]), f"reference/journal/{key}"
    currencies = currencies_of(uow, str(body["entity"]), currency, date.fromisoformat(body["posted_on"]))
    why = "" if currencies is not None else f"the entity or the rate of {currency} is not on file"
    if version > 1:
        why = "a journal that is booked is not changed; bring in the one that corrects it"
    if why or currencies is None:
        session.evidence.tell(stream, "journal.not.booked", {"journal": key, "version": version, "why": why})
        return
    about = About(
        journal_id=key,
        kind=str(body.get("kind", "manual")),
        entity=str(body["entity"]),
        posted_on=date.fromisoformat(str(body["posted_on"])),
        text=str(body["text"]),
        stream=stream,
        supplier=str(body.get("supplier", "")),
        document=str(body.get("document") or key),
        source=str(body["source"]),
    )
    entries = [
        Entry(line["account"], Decimal(line["amount"]), line.get("text", about.text), line.get("cost_centre", ""))
        for line in body["lines"]
    ]
    journal = balanced(entries, currencies, session.policy.pack.accounts.rounding)
    open_item_by_hand(session, write_journal(session, journal, about), journal, stream)

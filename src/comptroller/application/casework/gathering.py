"""Gathers what is known around an invoice, in one unit of work, with two look-ups: names first, then what they lead to.

Whoever judges the same order or the same invoice number at the same instant waits: the unit of work is serialised on
both, so that balances and duplicates are seen as they will be when this one commits (INVARIANT 9).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from comptroller.application.casework.dossier import Dossier
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import CandidateRow, CaseRow, ReferenceRow
from comptroller.application.reference_kinds import (
    account_alias,
    entity_name_alias,
    identifying_aliases,
    supplier_name_alias,
    vat_alias,
)
from comptroller.application.session import Session
from comptroller.domain.controls.context import Candidate, EntityFacts, InvoiceContext, Signature
from comptroller.domain.controls.numbers import stem
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import Invoice, Order, Receipt, Supplier
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.instant import parse_day

GROUP_CURRENCY: Final = "EUR"
"""The currency that authority is measured in; a tenant's own choice comes with the second group."""

MICRO: Final = 10**limits.QUANTITY_SCALE


@dataclass(frozen=True, slots=True)
class Material:
    """What one gathering read: the context that controls measure, and what a change of would call the case up again."""

    context: InvoiceContext
    subjects: tuple[str, ...]
    cost_centre_owner: str
    references: tuple[str, ...]  # `order/PO-1 version 2`: every reference record that the decisions rest on
    zone: tzinfo  # whose working hours count


def competing_keys(invoice: Invoice) -> tuple[str, ...]:
    """What this invoice competes for with others: its number, and the orders it names."""
    return (f"number/{stem(invoice.number)}", *(f"order/{number}" for number in order_numbers(invoice)))


def aliases_of(invoice: Invoice) -> list[str]:
    """The names under which an invoice's surroundings are looked up."""
    return _Aliases(invoice).all


def order_numbers(invoice: Invoice) -> tuple[str, ...]:
    """The orders that the invoice names, the document's own first."""
    named = [invoice.order_number, *(line.order_number for line in invoice.lines)]
    return tuple(dict.fromkeys(number for number in named if number))


def gather(session: Session, case: CaseRow, invoice: Invoice, dossier: Dossier, faults: tuple[Fault, ...]) -> Material:
    """Read all that the decisions on this invoice need, as it stands now."""
    uow = session.uow
    aliases = _Aliases(invoice)
    found = uow.references(aliases.all)
    suppliers = _suppliers(found, aliases)
    supplier = suppliers[0] if len(suppliers) >= 1 else None
    entity, zone = _entity(found, aliases)
    today = session.now.astimezone(zone).date()
    period = f"period/{entity.code}/{today:%Y-%m}" if entity else ""
    order = _first(found, [f"order/{number}" for number in order_numbers(invoice)], Order)
    receipts = _receipts(found, order)
    entity_rate = GROUP_CURRENCY if entity is None else entity.currency
    own = identifying_aliases(supplier) if supplier else ()
    second = uow.references([alias for alias in (period, f"rate/{entity_rate}", *own) if alias])
    twins = _twins(supplier, suppliers, [row for alias in own for row in second[alias]])
    cost_centre = (
        invoice.accounting_reference or next((line.cost_centre for line in order.lines), "")
        if order
        else invoice.accounting_reference
    )
    context = InvoiceContext(
        now=session.now,
        today=today,
        posting_date=today,
        period_open=_period_open(second.get(period, ())),
        received_at=case.received_at,
        faults=faults,
        entity=entity,
        rate=_rate(found, invoice.currency),
        entity_rate=_rate(second, entity_rate),
        supplier=supplier,
        twins=twins,
        order=order,
        receipts=receipts,
        taken=_taken(uow, order, dossier),
        candidates=_candidates(uow, case.case_id, invoice.number),
        requester=dossier.requester,
        enterer=dossier.enterer,
        cost_centre=cost_centre,
        cleared=tuple(dossier.cleared),
        signatures=tuple(Signature(given.step, given.person) for given in dossier.signatures),
    )
    owner_alias = f"cost-centre/{cost_centre}"
    owners = found.get(owner_alias) or (uow.references([owner_alias])[owner_alias] if cost_centre else ())
    return Material(
        context,
        _subjects(invoice, supplier),
        str(_body(owners[0]).get("owner", "")) if owners else "",
        _versions((*found.values(), *second.values(), owners)),
        zone,
    )


class _Aliases:
    """The names under which an invoice's surroundings are looked up."""

    def __init__(self, invoice: Invoice) -> None:
        seller, buyer = invoice.seller, invoice.buyer
        accounts = [payment.account for payment in invoice.payments if payment.account]
        self.supplier_vat = vat_alias(seller.vat_id) if seller and seller.vat_id else ""
        self.supplier = [self.supplier_vat] if self.supplier_vat else []
        self.supplier += [account_alias(account) for account in accounts]
        self.supplier_name = supplier_name_alias(seller.name) if seller and seller.name else ""
        self.entity = vat_alias(buyer.vat_id, of="entity") if buyer and buyer.vat_id else ""
        self.entity_name = entity_name_alias(buyer.name) if buyer and buyer.name else ""
        orders = [f"order/{number}" for number in order_numbers(invoice)]
        receipts = [f"order-receipts/{number}" for number in order_numbers(invoice)]
        rate = [f"rate/{invoice.currency}"] if invoice.currency else []
        centre = [f"cost-centre/{invoice.accounting_reference}"] if invoice.accounting_reference else []
        single = [alias for alias in (self.supplier_name, self.entity, self.entity_name) if alias]
        self.all = list(dict.fromkeys([*self.supplier, *single, *orders, *receipts, *rate, *centre]))


def _suppliers(found: Mapping[str, Sequence[ReferenceRow]], aliases: _Aliases) -> list[Supplier]:
    """The supplier records that the seller's VAT id and accounts lead to, else its exact name; the oldest first.

    The record that the VAT id leads to comes before one of the same name, and that before one that shares an account.
    """
    rows: dict[str, ReferenceRow] = {}
    for alias in aliases.supplier:
        rows.update({row.key: row for row in found.get(alias, ())})
    if not rows and aliases.supplier_name:
        rows.update({row.key: row for row in found.get(aliases.supplier_name, ())})
    by_vat = {row.key for row in found.get(aliases.supplier_vat, ())}
    by_name = {row.key for row in found.get(aliases.supplier_name, ())}
    ordered = sorted(rows.values(), key=lambda row: (row.key not in by_vat, row.key not in by_name, row.key))
    suppliers = [from_json(Supplier, _body(row))[0] for row in ordered]
    return [supplier for supplier in suppliers if supplier is not None]


def _twins(supplier: Supplier | None, named: Sequence[Supplier], same: Sequence[ReferenceRow]) -> tuple[Supplier, ...]:
    """The other records that share a VAT id or an account with the invoice or with the supplier's own record."""
    if supplier is None:
        return ()
    twins = {other.id: other for other in named}
    for row in same:
        if row.key not in twins:
            other, _ = from_json(Supplier, _body(row))
            twins |= {other.id: other} if other is not None else {}
    return tuple(other for key, other in sorted(twins.items()) if key != supplier.id)


def _entity(found: Mapping[str, Sequence[ReferenceRow]], aliases: _Aliases) -> tuple[EntityFacts | None, ZoneInfo]:
    rows = found.get(aliases.entity) or found.get(aliases.entity_name) or ()
    if len(rows) != 1:
        return None, ZoneInfo("UTC")
    body = _body(rows[0])
    facts = EntityFacts(rows[0].key, body["country"], body["currency"], body.get("vat_id", ""))
    return facts, ZoneInfo(body.get("time_zone", "UTC"))


def _first(found: Mapping[str, Sequence[ReferenceRow]], aliases: list[str], kind: type[Order]) -> Order | None:
    for alias in aliases:
        for row in found.get(alias, ()):
            order, _ = from_json(kind, _body(row))
            return order
    return None


def _receipts(found: Mapping[str, Sequence[ReferenceRow]], order: Order | None) -> tuple[Receipt, ...] | None:
    if order is None:
        return None
    rows = found.get(f"order-receipts/{order.number}", ())
    receipts = [from_json(Receipt, _body(row))[0] for row in rows]
    return tuple(receipt for receipt in receipts if receipt is not None)


def _rate(found: Mapping[str, Sequence[ReferenceRow]], currency: str) -> Decimal | None:
    """Group currency for one unit; the group's own currency needs no record."""
    if currency == GROUP_CURRENCY:
        return Decimal(1)
    rows = found.get(f"rate/{currency}", ())
    return Decimal(_body(rows[0])["rate"]) if rows else None


def _period_open(rows: Sequence[ReferenceRow]) -> bool | None:
    return _body(rows[0]).get("state") == "open" if rows else None


def _taken(uow: UnitOfWork, order: Order | None, dossier: Dossier) -> Mapping[str, Decimal] | None:
    """What other cases have taken of each order line."""
    if order is None:
        return None
    keys = [f"order-line/{order.number}/{line.id}" for line in order.lines]
    balances = uow.balances(keys)
    return {
        key: Decimal(balances.get(key, 0) - dossier.reserved.get(key, 0)).scaleb(-limits.QUANTITY_SCALE) for key in keys
    }


def _candidates(uow: UnitOfWork, case_id: str, number: str) -> tuple[Candidate, ...] | None:
    if not number:
        return None
    return tuple(_candidate(row, case) for row, case in uow.candidates(stem(number)) if row.case_id != case_id)


def _candidate(row: CandidateRow, case: CaseRow) -> Candidate:
    return Candidate(
        case_id=row.case_id,
        number=row.number,
        supplier=row.supplier,
        vat_id=row.vat_id,
        account=row.account,
        entity=row.entity,
        currency=row.currency,
        net=row.net,
        gross=row.gross,
        type_code=row.type_code,
        status=case.status,
        issue_date=parse_day(row.issue_date),
        received_at=case.received_at,
    )


def _subjects(invoice: Invoice, supplier: Supplier | None) -> tuple[str, ...]:
    """What this case waits on, beside itself: a change of any of these calls its controls up again."""
    seller = invoice.seller
    subjects = [f"supplier/{supplier.id}"] if supplier else []
    if seller and not supplier:
        subjects += [vat_alias(seller.vat_id)] if seller.vat_id else []
        subjects += [supplier_name_alias(seller.name)] if seller.name else []
    subjects += [f"order/{number}" for number in order_numbers(invoice)]
    return tuple(dict.fromkeys(subjects))


def _versions(found: Iterable[Sequence[ReferenceRow]]) -> tuple[str, ...]:
    return tuple(sorted({f"{row.kind}/{row.key} version {row.version}" for rows in found for row in rows}))


def _body(row: ReferenceRow) -> dict[str, Any]:
    body = decode(row.body)
    assert isinstance(body, dict)
    return body

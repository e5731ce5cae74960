"""Reads what a look-up found into the shapes that controls measure: supplier, entity, order, receipts, candidates."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from comptroller.application.casework.dossier import Dossier
from comptroller.application.casework.gathering.names import Names
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import CandidateRow, CaseRow, ReferenceRow
from comptroller.domain.controls.context import Candidate, EntityFacts, LineMark
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.kinds import Document
from comptroller.domain.documents.model import Order, Receipt, Supplier
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.instant import parse_day

Found = Mapping[str, Sequence[ReferenceRow]]
"""What a look-up answers: the records in force under each alias, an empty list for none."""

GROUP_CURRENCY: Final = "EUR"
"""The currency that authority is measured in; a tenant's own choice comes with the second group."""


def suppliers_of(found: Found, aliases: Names) -> list[Supplier]:
    """The supplier records that the seller's VAT id and accounts lead to, else its entry in the register, else its
    exact name; the oldest first.

    The record that the VAT id leads to comes before one of the same name, and that before one that shares an account.
    """
    rows: dict[str, ReferenceRow] = {}
    for alias in aliases.supplier:
        rows.update({row.key: row for row in found.get(alias, ())})
    if not rows and aliases.supplier_registration:
        rows.update({row.key: row for row in found.get(aliases.supplier_registration, ())})
    if not rows and aliases.supplier_name:
        rows.update({row.key: row for row in found.get(aliases.supplier_name, ())})
    by_vat = {row.key for row in found.get(aliases.supplier_vat, ())}
    by_name = {row.key for row in found.get(aliases.supplier_name, ())}
    ordered = sorted(rows.values(), key=lambda row: (row.key not in by_vat, row.key not in by_name, row.key))
    suppliers = [record_of(Supplier, row) for row in ordered]
    return [supplier for supplier in suppliers if supplier is not None]


def twins_of(
    supplier: Supplier | None, named: Sequence[Supplier], same: Sequence[ReferenceRow]
) -> tuple[Supplier, ...]:
    """The other records that share a VAT id or an account with the invoice or with the supplier's own record."""
    if supplier is None:
        return ()
    twins = {other.id: other for other in named}
    for row in same:
        if row.key not in twins:
            other = record_of(Supplier, row)
            twins |= {other.id: other} if other is not None else {}
    return tuple(other for key, other in sorted(twins.items()) if key != supplier.id)


def entity_of(found: Found, aliases: Names) -> tuple[EntityFacts | None, ZoneInfo]:
    """The own entity that the buyer's VAT id or exact name leads to, with its zone; none where it is not plain."""
    rows = found.get(aliases.entity) or found.get(aliases.entity_name) or ()
    if len(rows) != 1:
        return None, ZoneInfo("UTC")
    record = body_of(rows[0])
    facts = EntityFacts(
        rows[0].key, record["country"], record["currency"], record.get("vat_id", ""), record.get("group", "")
    )
    return facts, zone_of(record)


def zone_of(record: Mapping[str, Any]) -> ZoneInfo:
    """The time zone that an entity's record names; UTC where it names none."""
    return ZoneInfo(record.get("time_zone", "UTC"))


def order_of(found: Found, numbers: Sequence[str]) -> Order | None:
    """The first of these orders that is on file."""
    for number in numbers:
        for row in found.get(f"order/{number}", ()):
            return record_of(Order, row)
    return None


def receipts_of(found: Found, order: Order | None) -> tuple[Receipt, ...] | None:
    """The receipts of an order; None where there is no order."""
    if order is None:
        return None
    rows = found.get(f"order-receipts/{order.number}", ())
    receipts = [record_of(Receipt, row) for row in rows]
    return tuple(receipt for receipt in receipts if receipt is not None)


def taken_of(uow: UnitOfWork, order: Order | None, dossier: Dossier) -> Mapping[str, Decimal] | None:
    """What other cases have taken of each order line."""
    if order is None:
        return None
    keys = [f"order-line/{order.number}/{line.id}" for line in order.lines]
    balances = uow.balances(keys)
    return {
        key: Decimal(balances.get(key, 0) - dossier.reserved.get(key, 0)).scaleb(-limits.QUANTITY_SCALE) for key in keys
    }


def candidate_of(row: CandidateRow, case: CaseRow) -> Candidate:
    """What is known of another case, as it stands now."""
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
        supplier_name=case.supplier_name,
        group=row.corporate_group,
        cost_centre=row.cost_centre,
        requester=row.requester,
        order_number=row.order_number,
        amount=row.amount,
        period=row.period,
        lines=marks_of(row.lines),
    )


def marks_of(text: str) -> tuple[LineMark, ...] | None:
    """The marks of a candidate's lines; None where they were not kept."""
    if not text:
        return None
    kept: Any = decode(text)
    return tuple(LineMark(name, order, Decimal(net) if net is not None else None) for name, order, net in kept)


def record_of(kind: type[Document], row: ReferenceRow) -> Document | None:
    """The record as a document of its kind; None where it cannot be read."""
    return from_json(kind, body_of(row))[0]


def body_of(row: ReferenceRow) -> dict[str, Any]:
    """The record itself."""
    body = decode(row.body)
    assert isinstance(body, dict)
    return body

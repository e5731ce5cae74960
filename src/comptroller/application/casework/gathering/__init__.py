"""Gathers what is known around an invoice, in one unit of work, with two look-ups: names first, then what they lead to.

Whoever judges the same order, the same invoice number or the same amount of one supplier at the same instant waits: the
unit of work is serialised on them, so that balances and duplicates are seen as they will be when this one commits
(INVARIANT 9).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any

from comptroller.application.casework.dossier import Dossier
from comptroller.application.casework.gathering.candidates import candidates_of
from comptroller.application.casework.gathering.cost_centre import coding_names, cost_centre_named
from comptroller.application.casework.gathering.ledger import group_rate
from comptroller.application.casework.gathering.names import Names, aliases_of, competing_keys, order_numbers
from comptroller.application.casework.gathering.parts import PARTS, Known
from comptroller.application.casework.gathering.reading import (
    GROUP_CURRENCY,
    body_of,
    entity_of,
    order_of,
    receipts_of,
    suppliers_of,
    taken_of,
    twins_of,
)
from comptroller.application.records import CaseRow, ReferenceRow
from comptroller.application.reference_kinds import identifying_aliases, supplier_name_alias, vat_alias
from comptroller.application.session import Session
from comptroller.domain.controls.context import InvoiceContext, Signature
from comptroller.domain.documents.model import Invoice, Supplier
from comptroller.domain.kernel.fault import Fault

__all__ = ["GROUP_CURRENCY", "Material", "aliases_of", "competing_keys", "gather", "order_numbers"]


@dataclass(frozen=True, slots=True)
class Material:
    """What one gathering read: the context that controls measure, and what a change of would call the case up again."""

    context: InvoiceContext
    subjects: tuple[str, ...]
    cost_centre_owner: str
    references: tuple[str, ...]  # `order/PO-1 version 2`: every reference record that the decisions rest on
    zone: tzinfo  # whose working hours count


def gather(session: Session, case: CaseRow, invoice: Invoice, dossier: Dossier, faults: tuple[Fault, ...]) -> Material:
    """Read all that the decisions on this invoice need, as it stands now."""
    uow, names = session.uow, Names(invoice)
    found = uow.references(names.all)
    suppliers = suppliers_of(found, names)
    supplier = suppliers[0] if suppliers else None
    entity, zone = entity_of(found, names)
    today = session.now.astimezone(zone).date()
    order = order_of(found, order_numbers(invoice))
    coded = uow.references(coding_names(invoice, entity, supplier)) if order is None else {}
    cost_centre = cost_centre_named(invoice, order, coded)
    receipts = receipts_of(found, order)
    known = Known(
        session, case, dossier, invoice, today, entity, supplier, order, cost_centre, first=found, receipts=receipts
    )
    competed = [key for part in PARTS for key in part.keys(known) if key]
    if competed:
        uow.serialize(competed)
    centre = f"cost-centre/{cost_centre}" if cost_centre else ""
    entity_currency = GROUP_CURRENCY if entity is None else entity.currency
    own = identifying_aliases(supplier) if supplier else ()
    wanted = [centre, *own, *(a for part in PARTS for a in part.aliases(known))]
    second = known.look_up(list(dict.fromkeys(alias for alias in wanted if alias)))
    context = InvoiceContext(
        now=session.now,
        today=today,
        posting_date=today,
        received_at=case.received_at,
        faults=faults,
        entity=entity,
        rate=group_rate(second, invoice.currency, today),
        group_currency=GROUP_CURRENCY,
        entity_rate=group_rate(second, entity_currency, today),
        supplier=supplier,
        twins=twins_of(supplier, suppliers, [row for alias in own for row in second[alias]]),
        order=order,
        receipts=receipts,
        taken=taken_of(uow, order, dossier),
        candidates=candidates_of(uow, case.case_id, invoice, supplier, today),
        requester=dossier.requester,
        enterer=dossier.enterer,
        cost_centre=cost_centre,
        cleared=tuple(dossier.cleared),
        zone=zone,
        signatures=tuple(Signature(given.step, given.person) for given in dossier.signatures),
    )
    built: dict[str, Any] = {part.field: part.build(known, second) for part in PARTS}
    owners = second.get(centre, ())
    return Material(
        replace(context, **built),
        tuple(
            dict.fromkeys(
                [*_subjects(invoice, supplier), *coded, *(s for part in PARTS for s in part.subjects(known, second))]
            )
        ),
        str(body_of(owners[0]).get("owner", "")) if owners else "",
        _versions([*(row for each in (found, coded) for rows in each.values() for row in rows), *known.read]),
        zone,
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


def _versions(rows: Iterable[ReferenceRow]) -> tuple[str, ...]:
    return tuple(sorted({f"{row.kind}/{row.key} version {row.version}" for row in rows}))

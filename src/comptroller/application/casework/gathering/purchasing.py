"""What purchasing knows around an invoice: conversions, ceilings, periods, the original of a credit note, advances.

What other cases have taken of a balance is read once the balance is held, and without what this case itself holds.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from comptroller.application.casework.gathering.names import order_numbers
from comptroller.application.casework.gathering.reading import Found, record_of
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.reference_kinds.agreements import (
    agreement_alias,
    conversions_alias,
    disputes_alias,
    returns_alias,
)
from comptroller.domain.controls.balances import (
    advance_keys,
    ceiling_key,
    credited_key,
    disputed_key,
    period_key,
)
from comptroller.domain.controls.candidate_index import identities, number_lookups
from comptroller.domain.controls.context import AcceptedVariance
from comptroller.domain.controls.purchase_context import Advances, CeilingTaken, Original, RecurringSupply
from comptroller.domain.documents.model import Invoice
from comptroller.domain.documents.purchasing import Agreement, Contract, Dispute, Schedule, UnitConversion
from comptroller.domain.kernel import limits

if TYPE_CHECKING:
    from comptroller.application.casework.gathering.parts import Known


def taken_by_others(known: "Known", keys: Sequence[str]) -> Mapping[str, Decimal]:
    """What other cases hold or took of each balance."""
    balances, own = known.session.uow.balances(keys), known.dossier.reserved
    return {key: Decimal(balances.get(key, 0) - own.get(key, 0)).scaleb(-limits.QUANTITY_SCALE) for key in keys}


def settlement(known: "Known", _found: Found) -> bool:
    """Whether the platform made the document of a receipt; how a document came in is kept with its case."""
    return bool(known.dossier.arrival.get("channel") == "settlement")


# Units


def conversion_aliases(known: "Known") -> Sequence[str]:
    """Conversions are looked up where there is an order to compare with."""
    return (conversions_alias(known.supplier.id),) if known.supplier is not None and known.order is not None else ()


def conversions(known: "Known", found: Found) -> tuple[UnitConversion, ...]:
    """The conversions of the supplier's units; one that the orderer entered counts for nobody's own order."""
    rows = [row for alias in conversion_aliases(known) for row in found.get(alias, ())]
    read = [record_of(UnitConversion, row) for row in rows]
    orderer = known.order.created_by if known.order is not None else ""
    return tuple(
        conversion
        for conversion in read
        if conversion is not None and not (conversion.entered_by and conversion.entered_by == orderer)
    )


# Returns


def return_aliases(known: "Known") -> Sequence[str]:
    """Returns are found by their order."""
    return (returns_alias(known.order.number),) if known.order is not None else ()


def returns(known: "Known", found: Found) -> tuple[Dispute, ...]:
    """The goods of the order that went back because of an invoice."""
    rows = [row for alias in return_aliases(known) for row in found.get(alias, ())]
    read = [record_of(Dispute, row) for row in rows]
    return tuple(dispute for dispute in read if dispute is not None and dispute.kind == "return")


# Ceilings


def contract_number(known: "Known") -> str:
    """The contract that counts: the order's, else, without an order, the one that the document names."""
    if known.order is not None:
        return known.order.contract
    return known.invoice.contract if not order_numbers(known.invoice) else ""


def contract_aliases(known: "Known") -> Sequence[str]:
    """The contract by its number."""
    number = contract_number(known)
    return (f"contract/{number}",) if number else ()


def ceiling_keys(known: "Known") -> Sequence[str]:
    """A contract's ceiling is held; a blanket order's is with its order."""
    number = contract_number(known)
    return (ceiling_key(None, number),) if number else ()


def ceiling(known: "Known", found: Found) -> CeilingTaken | None:
    """The contract, and what is taken of the ceiling that the document counts against."""
    number = contract_number(known)
    key = ceiling_key(known.order, number)
    if not key:
        return None
    contract = None
    for row in found.get(f"contract/{number}", ()) if number else ():
        contract = record_of(Contract, row)
    return CeilingTaken(contract, number, taken_by_others(known, [key])[key])


# Recurring agreements


def references_of(invoice: Invoice) -> tuple[str, ...]:
    """What an invoice may name an agreement by: contract, invoiced object, the seller's items."""
    named = [invoice.contract, invoice.invoiced_object.value if invoice.invoiced_object is not None else ""]
    for line in invoice.lines:
        named += [line.item_id, line.invoiced_object.value if line.invoiced_object is not None else ""]
    return tuple(dict.fromkeys(name for name in named if name))


def agreement_aliases(known: "Known") -> Sequence[str]:
    """Agreements are looked up for what comes without an order."""
    if known.supplier is None or order_numbers(known.invoice) or known.invoice.is_credit_note:
        return ()
    return tuple(agreement_alias(known.supplier.id, reference) for reference in references_of(known.invoice))


def recurring(known: "Known", found: Found) -> RecurringSupply | None:
    """The one agreement that the document belongs to; none where it names several, so that a person looks at it."""
    rows = {row.key: row for alias in agreement_aliases(known) for row in found.get(alias, ())}
    if len(rows) != 1:
        return None
    (row,) = rows.values()
    agreement = record_of(Agreement, row)
    if agreement is None:
        return None
    schedule = None
    alias = f"schedule/{agreement.number}"
    known.session.uow.serialize([f"agreement/{agreement.number}"])
    for scheduled in known.look_up([alias])[alias]:
        schedule = record_of(Schedule, scheduled)
    period = period_of(known.invoice, agreement)
    key = period_key(agreement.number, period)
    return RecurringSupply(agreement, schedule, period, bool(taken_by_others(known, [key])[key]) if period else None)


def period_of(invoice: Invoice, agreement: Agreement) -> str:
    """The period that is asked for, by the month in which it begins; empty where the invoice names no day of it."""
    named = [invoice.period, *(line.period for line in invoice.lines)]
    day = next((period.start or period.end for period in named if period is not None), None)
    day = day or invoice.delivery_date or invoice.tax_date
    if day is None:
        return ""
    first = agreement.valid_from
    months = (day.year - first.year) * 12 + day.month - first.month
    start = months - months % max(agreement.months, 1) + first.month - 1
    return f"{first.year + start // 12:04d}-{start % 12 + 1:02d}"


# Credit notes


def dispute_aliases(known: "Known") -> Sequence[str]:
    """Disputes are found by the invoice that they are about."""
    if known.supplier is None or not known.invoice.is_credit_note:
        return ()
    return tuple(disputes_alias(known.supplier.id, each.number) for each in known.invoice.preceding if each.number)


def original(known: "Known", found: Found) -> Original | None:
    """The supplier's invoice that a credit note names; the posted one where there are several of that number."""
    if known.supplier is None or not known.invoice.is_credit_note or len(known.invoice.preceding) != 1:
        return None
    named, uow = known.invoice.preceding[0], known.session.uow
    day = named.issue_date or known.invoice.issue_date or known.today
    lookups = number_lookups(identities(known.invoice, known.supplier), named.number)
    found_keys = uow.candidate_keys(lookups, day.isoformat(), limits.CANDIDATES_PER_KEY_MAX)
    others = dict.fromkeys(row.case_id for row in found_keys if row.case_id != known.case.case_id)
    cases = [
        (row, case)
        for row, case in (uow.candidates(others) if others else ())
        if row.number == named.number and case.supplier == known.supplier.id and case.kind == "invoice"
    ]
    if not cases:
        return None
    row, case = min(cases, key=lambda pair: (pair[1].status != "posted", pair[1].case_id))
    keys = [credited_key(case.case_id), disputed_key(case.case_id)]
    uow.serialize([keys[0]])
    credited, disputed = taken_by_others(known, keys).values()
    read = [record_of(Dispute, each) for alias in dispute_aliases(known) for each in found.get(alias, ())]
    disputes = tuple(dispute for dispute in read if dispute is not None)
    return Original(case.case_id, row.number, case.status, case.currency, case.net, credited, disputed, disputes)


# Advances


def advances(known: "Known", _found: Found) -> Advances | None:
    """What was asked and paid in advance on the order; its balances are held with the order."""
    if known.order is None:
        return None
    keys = advance_keys(known.order.number)
    taken = taken_by_others(known, tuple(keys.values()))
    return Advances(**{name: taken[key] for name, key in keys.items()})


# Variances


def accepted(known: "Known", _found: Found) -> tuple[AcceptedVariance, ...]:
    """The variances that somebody with authority accepted, on this document and this version of its order."""
    if not known.dossier.accepted or known.order is None:
        return ()
    version = order_version(known.session.uow, known.order.number)
    return tuple(
        AcceptedVariance(str(each["type"]), str(each["line"]), Decimal(str(each["value"])), str(each["person"]))
        for each in known.dossier.accepted
        if each["document"] == known.case.document and each["order"] == version
    )


def order_version(uow: UnitOfWork, number: str) -> str:
    """The version of an order that is in force, as records of decisions name it."""
    alias = f"order/{number}"
    return next((f"{alias} version {row.version}" for row in uow.references([alias])[alias]), "")


# What calls a case up


def subjects(known: "Known", found: Found) -> Sequence[str]:
    """A contract, an agreement, a schedule, a conversion or a dispute that comes later may be what a case waits for."""
    return (
        *contract_aliases(known),
        *agreement_aliases(known),
        *(f"agreement/{row.key}" for alias in agreement_aliases(known) for row in found.get(alias, ())),
        *conversion_aliases(known),
        *dispute_aliases(known),
        *return_aliases(known),
        *(f"original/{known.supplier.id}/{each.number}" for each in known.invoice.preceding if known.supplier),
    )

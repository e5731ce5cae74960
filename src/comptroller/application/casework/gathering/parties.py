"""The parties of an invoice: which records its marks lead to, and what is on file about the supplier."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.gathering.names import Names
from comptroller.application.casework.gathering.reading import Found, body_of, record_of
from comptroller.application.records import ReferenceRow
from comptroller.application.reference_kinds import employee_account_alias
from comptroller.domain.controls import numbers, similarity
from comptroller.domain.controls.facts import paid_account, stated_account
from comptroller.domain.controls.parties import EntityMarks, History, Screening, SupplierMatch
from comptroller.domain.documents.model import Invoice, Party, Supplier
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import CONTEXT

if TYPE_CHECKING:
    from comptroller.application.casework.gathering.parts import Known

HISTORY_MAX: Final = 24
"""The newest cases of a supplier that tell what is usual."""


def screening(known: "Known", found: Found) -> Screening | None:
    """Read the newest screening of the supplier."""
    rows = found.get(_screening_alias(known), ())
    if not rows:
        return None
    body = body_of(rows[0])
    return Screening(
        hit=body["hit"],
        confirmed=bool(body.get("confirmed")),
        score=Decimal(body["score"]) if body.get("score") else None,
        list_version=body["list_version"],
        screened_on=parse_day(body["screened_on"]),
        matched=tuple(body.get("matched", ())),
        cleared_by=body.get("cleared_by", ""),
        cleared_until=parse_day(body.get("cleared_until", "")),
    )


def _screening_alias(known: "Known") -> str:
    return f"screening/{known.supplier.id}" if known.supplier else ""


def _certificates_alias(known: "Known") -> str:
    return f"supplier-certificates/{known.supplier.id}" if known.supplier else ""


def expired_certificates(known: "Known", found: Found) -> tuple[str, ...] | None:
    """The kinds of certificate of which the supplier had one, and has none that is valid today."""
    if known.supplier is None:
        return None
    bodies = [body_of(row) for row in found.get(_certificates_alias(known), ())]
    today = known.today.isoformat()
    valid = {body["kind"] for body in bodies if body["valid_from"] <= today <= body["valid_to"]}
    return tuple(sorted({body["kind"] for body in bodies if body["valid_to"] < today} - valid))


def _assignments_alias(known: "Known") -> str:
    return f"supplier-assignments/{known.supplier.id}" if known.supplier else ""


def assignment_notice(known: "Known", found: Found) -> bool:
    """Whether a verified notice names the payee and the account that the document names."""
    payee, account = known.invoice.payee, stated_account(known.invoice)
    if payee is None or not account:
        return False
    today = known.today.isoformat()
    return any(
        body["verified_by"]
        and similarity.is_same(body["payee"], payee.name)
        and numbers.identifier(body["account"]) == account
        and body["received_on"] <= today <= body.get("valid_to", today)
        for body in map(body_of, found.get(_assignments_alias(known), ()))
    )


def _employee_alias(known: "Known") -> str:
    account = paid_account(known.invoice, known.supplier)
    return employee_account_alias(account) if account else ""


def employees_with_account(known: "Known", found: Found) -> tuple[str, ...]:
    """List who is paid on the account that would be paid."""
    return tuple(sorted(row.key for row in found.get(_employee_alias(known), ())))


def supplier_matches(known: "Known", _found: Found) -> tuple[SupplierMatch, ...]:
    """Compare every record that a mark of the seller leads to."""
    names = Names(known.invoice)
    aliases = [*names.supplier, names.supplier_registration, names.supplier_electronic, names.supplier_name]
    rows = {row.key: row for alias in aliases for row in known.first.get(alias, ())}
    records = (record_of(Supplier, row) for _, row in sorted(rows.items()))
    return tuple(_match(known.invoice, record) for record in records if record is not None)


def _match(invoice: Invoice, record: Supplier) -> SupplierMatch:
    seller = invoice.seller or Party()
    registration = seller.legal_registration.value if seller.legal_registration else ""
    electronic = seller.electronic_address.value if seller.electronic_address else ""
    account = stated_account(invoice)
    own = {numbers.identifier(each.account) for each in record.accounts}
    return SupplierMatch(
        supplier=record.id,
        vat_id=_compared(seller.vat_id, record.vat_id),
        registration=_compared(registration, record.registration),
        electronic_address=_compared(electronic.casefold(), record.electronic_address.casefold()),
        account="none" if not account or not own else "same" if account in own else "other",
        name=_names(seller.name, record.name),
    )


def _compared(stated: str, on_file: str) -> str:
    one, other = numbers.identifier(stated), numbers.identifier(on_file)
    return "none" if not one or not other else "same" if one == other else "other"


def _names(stated: str, on_file: str) -> str | None:
    related = similarity.relation(stated, on_file)
    return similarity.SAME if related == similarity.EQUAL and similarity.is_same(stated, on_file) else related


def entity_marks(known: "Known", _found: Found) -> EntityMarks:
    """Tell which of our companies each mark of the buyer leads to."""
    names = Names(known.invoice)
    return EntityMarks(
        _only(known.first.get(names.entity, ())),
        _only(known.first.get(names.entity_name, ())),
        _only(known.first.get(names.entity_electronic, ())),
    )


def _only(rows: Sequence[ReferenceRow]) -> str | None:
    return rows[0].key if len(rows) == 1 else None


def history(known: "Known", _found: Found) -> History | None:
    """What was posted for the supplier before, from its newest cases."""
    if known.supplier is None:
        return None
    rows = known.session.uow.newest_supplier_cases(known.supplier.id, limit=HISTORY_MAX)
    posted = [row for row in rows if row.status == "posted" and row.case_id != known.case.case_id]
    nets = [abs(row.net) for row in posted if row.net is not None and row.currency == known.invoice.currency]
    mean: Any = CONTEXT.divide(sum(nets, Decimal(0)), Decimal(len(nets))) if nets else None
    return History(len(posted), mean)


def screening_names(known: "Known") -> tuple[str, ...]:
    """Name what is looked up for it."""
    return (_screening_alias(known),)


def certificate_names(known: "Known") -> tuple[str, ...]:
    """Name what is looked up for it."""
    return (_certificates_alias(known),)


def assignment_names(known: "Known") -> tuple[str, ...]:
    """Name what is looked up for it."""
    return (_assignments_alias(known),)


def employee_names(known: "Known") -> tuple[str, ...]:
    """Name what is looked up for it."""
    return (_employee_alias(known),)

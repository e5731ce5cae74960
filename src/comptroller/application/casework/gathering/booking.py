"""What booking an invoice needs of reference data: cost objects, chart of accounts, certificates, VAT ids, holds."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from comptroller.application.casework.gathering.ledger import in_force
from comptroller.application.casework.gathering.reading import Found, body_of
from comptroller.domain.controls.cost_shares import cost_centres
from comptroller.domain.controls.ledger_context import Chart, CostObject, VatStandings, Withholding
from comptroller.domain.controls.numbers import identifier
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.instant import parse_day

if TYPE_CHECKING:
    from comptroller.application.casework.gathering.parts import Known


# Cost objects and accounts


def cost_object_names(known: "Known") -> Sequence[str]:
    """Every cost centre that the document or its order names."""
    return [f"cost-centre/{centre}" for centre in _centres(known)]


def cost_objects(known: "Known", found: Found) -> tuple[CostObject, ...]:
    """The cost centres on file, as they stand on the posting day; one of another entity counts as closed."""
    made = []
    for centre in _centres(known):
        rows = found.get(f"cost-centre/{centre}", ())
        if rows:
            body = body_of(rows[0])
            own = known.entity is not None and body.get("entity") == known.entity.code
            is_open = own and body.get("status", "open") == "open" and in_force(body, known.today)
            made.append(CostObject(centre, is_open, str(body.get("owner", ""))))
    return tuple(made)


def _centres(known: "Known") -> tuple[str, ...]:
    ordered = [line.cost_centre for line in known.order.lines] if known.order is not None else []
    return tuple(dict.fromkeys(c for c in (*cost_centres(known.invoice, known.cost_centre), *ordered) if c))


def account_names(known: "Known") -> Sequence[str]:
    """The accounts that the lines would be booked on."""
    return [f"ledger-account/{known.entity.code}/{number}" for number in _accounts(known)] if known.entity else ()


def chart(known: "Known", found: Found) -> Chart | None:
    """Which of these accounts the entity's chart holds open; None where the entity is not known."""
    if known.entity is None:
        return None
    numbers = _accounts(known)
    is_open: dict[str, bool] = {}
    for number in numbers:
        rows = found.get(f"ledger-account/{known.entity.code}/{number}", ())
        if rows:
            body = body_of(rows[0])
            is_open[number] = body.get("status", "open") == "open" and in_force(body, known.today)
    return Chart(numbers[-1], is_open)


def _accounts(known: "Known") -> list[str]:
    accounts = known.session.policy.pack.accounts
    category = known.supplier.category if known.supplier is not None else ""
    ordered = [line.account for line in known.order.lines if line.account] if known.order is not None else []
    return [*dict.fromkeys(ordered), accounts.expense.get(category, accounts.expense_other)]


# Withholding


def withholding_key(known: "Known") -> str:
    """The balance that counts what a supplier under a scheme was paid in the year; empty for any other supplier."""
    if known.supplier is None or known.entity is None or not known.supplier.withholding:
        return ""
    return f"withholding/{known.entity.code}/{known.supplier.id}/{known.today:%Y}"


def withholding_keys(known: "Known") -> Sequence[str]:
    """The balance to hold: two documents of one builder must not both fit under one free amount."""
    key = withholding_key(known)
    return (key,) if key else ()


def withholding_names(known: "Known") -> Sequence[str]:
    """The supplier's certificates of exemption."""
    return (f"withholding-certificates/{known.supplier.id}",) if known.supplier is not None else ()


def withholding(known: "Known", found: Found) -> Withholding | None:
    """Whether a certificate is in force, and what was paid before in the year; None where no supplier is known."""
    if known.supplier is None:
        return None
    bodies = [body_of(row) for name in withholding_names(known) for row in found.get(name, ())]
    for_us = [body for body in bodies if known.entity is not None and body.get("country") == known.entity.country]
    certificate = "none" if not for_us else "expired"
    if any(in_force(body, known.today) for body in for_us):
        certificate = "valid"
    key, paid = withholding_key(known), None
    if key:
        own = known.dossier.reserved.get(key, 0)
        paid = Decimal(known.session.uow.balances([key]).get(key, 0) - own).scaleb(-limits.QUANTITY_SCALE)
    return Withholding(certificate, key, paid)


# VAT ids and holds


def vat_names(known: "Known") -> Sequence[str]:
    """The registrations of both VAT ids that the document names."""
    return [f"vat-registration/{vat_id}" for vat_id in _vat_ids(known) if vat_id]


def vat_standings(known: "Known", found: Found) -> VatStandings:
    """Whether both were valid on the tax date, as the register was asked; None where it was not."""
    day = known.invoice.tax_date
    seller, buyer = (_valid(found, vat_id, day) for vat_id in _vat_ids(known))
    return VatStandings(seller, buyer)


def _vat_ids(known: "Known") -> tuple[str, str]:
    seller, buyer = known.invoice.seller, known.invoice.buyer
    return (
        identifier(seller.vat_id) if seller is not None else "",
        identifier(buyer.vat_id) if buyer is not None else "",
    )


def _valid(found: Found, vat_id: str, day: date | None) -> bool | None:
    rows = found.get(f"vat-registration/{vat_id}", ()) if vat_id else ()
    if not rows or day is None:
        return None
    body = body_of(rows[0])
    end = parse_day(body.get("valid_to", ""))
    start = parse_day(body["valid_from"])
    return start is not None and start <= day and (end is None or day <= end)


def hold_names(known: "Known") -> Sequence[str]:
    """The legal hold on the supplier's documents."""
    return (f"legal-hold/{known.supplier.id}",) if known.supplier is not None else ()


def legal_hold(known: "Known", found: Found) -> bool | None:
    """Whether a legal hold is in force; None where no supplier is known."""
    if known.supplier is None:
        return None
    return any(in_force(body_of(row), known.today) for name in hold_names(known) for row in found.get(name, ()))

"""The subjects that a gathering reads beyond the supplier, the entity and the order: one part each.

A part names what it wants looked up once the first look-up has told who and what the invoice is about; one look-up
serves all parts. A new subject is a new part here, a field of `InvoiceContext`, and a module of facts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from comptroller.application.casework.dossier import Dossier
from comptroller.application.casework.gathering import booking, calendars, intake, ledger, parties, purchasing, spending
from comptroller.application.casework.gathering.reading import Found
from comptroller.application.records import CaseRow, ReferenceRow
from comptroller.application.session import Session
from comptroller.domain.controls.context import EntityFacts
from comptroller.domain.documents.model import Invoice, Order, Receipt, Supplier


@dataclass(frozen=True, slots=True)
class Known:
    """The case that is judged, and what the first look-up told of it."""

    session: Session
    case: CaseRow
    dossier: Dossier
    invoice: Invoice
    today: date
    entity: EntityFacts | None
    supplier: Supplier | None
    order: Order | None
    cost_centre: str
    first: Found
    """What the first look-up told, by the names on the document."""
    receipts: tuple[Receipt, ...] | None = None
    read: list[ReferenceRow] = field(default_factory=list)
    """Every record that was read: the decisions rest on them."""

    def look_up(self, aliases: Sequence[str]) -> Found:
        """Read the records in force under these aliases, and remember that they were read."""
        found = self.session.uow.references(aliases)
        self.read.extend(row for rows in found.values() for row in rows)
        return found


def _nothing(_known: Known) -> tuple[str, ...]:
    return ()


def _no_subjects(_known: Known, _found: Found) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Part:
    """One subject around an invoice."""

    field: str
    """The field of `InvoiceContext` that it fills."""
    build: Callable[[Known, Found], object]
    """What is known of it; None, or whatever the field says for not known, where nothing is."""
    aliases: Callable[[Known], Sequence[str]] = _nothing
    """What it wants looked up; empty aliases are left out."""
    keys: Callable[[Known], Sequence[str]] = _nothing
    """What the invoice competes for here, held before anything of it is read (INVARIANT 9)."""
    subjects: Callable[[Known, Found], Sequence[str]] = _no_subjects
    """What a change of calls the case up again."""


PARTS: Final[tuple[Part, ...]] = (
    Part("calendar", calendars.build, calendars.aliases),
    Part("spending", build=spending.build, keys=spending.lookups, subjects=spending.subjects),
    Part("intake", intake.intake),
    Part("screening", parties.screening, aliases=parties.screening_names),
    Part("expired_certificates", parties.expired_certificates, aliases=parties.certificate_names),
    Part("assignment_notice", parties.assignment_notice, aliases=parties.assignment_names),
    Part("employees_with_account", parties.employees_with_account, aliases=parties.employee_names),
    Part("supplier_matches", parties.supplier_matches),
    Part("entity_marks", parties.entity_marks),
    Part("history", parties.history),
    Part(
        "budgets",
        ledger.budgets,
        ledger.budget_names,
        keys=ledger.budget_keys,
        subjects=lambda known, _found: ledger.budget_names(known),
    ),
    Part("rates", ledger.rates, ledger.rate_names, subjects=ledger.rate_subjects),
    Part("receipt_rate", ledger.receipt_rate),
    Part("periods", ledger.periods, ledger.period_names, subjects=ledger.period_subjects),
    Part(
        "intercompany",
        ledger.intercompany,
        ledger.intercompany_names,
        subjects=lambda known, _found: ledger.intercompany_names(known),
    ),
    Part(
        "cost_objects",
        booking.cost_objects,
        booking.cost_object_names,
        subjects=lambda known, _found: booking.cost_object_names(known),
    ),
    Part("chart", booking.chart, booking.account_names, subjects=lambda known, _found: booking.account_names(known)),
    Part("withholding", booking.withholding, booking.withholding_names, keys=booking.withholding_keys),
    Part(
        "vat_standings",
        booking.vat_standings,
        booking.vat_names,
        subjects=lambda known, _found: booking.vat_names(known),
    ),
    Part("legal_hold", booking.legal_hold, booking.hold_names),
    Part("conversions", build=purchasing.conversions, aliases=purchasing.conversion_aliases),
    Part("settlement", build=purchasing.settlement),
    Part("returns", build=purchasing.returns, aliases=purchasing.return_aliases),
    Part(
        "ceiling",
        build=purchasing.ceiling,
        aliases=purchasing.contract_aliases,
        keys=purchasing.ceiling_keys,
        subjects=purchasing.subjects,
    ),
    Part("recurring", build=purchasing.recurring, aliases=purchasing.agreement_aliases),
    Part("original", build=purchasing.original, aliases=purchasing.dispute_aliases),
    Part("advances", build=purchasing.advances),
    Part("accepted", build=purchasing.accepted),
)
"""Every part; the order does not matter."""

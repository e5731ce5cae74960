"""What a changed record commits the company to: an order, a contract, a recurring agreement, a schedule.

One shape for all of them, so that each is released by the same authority: the limit for commitments, measured in the
group's currency on what the record comes to. What has no end to it (a contract without a ceiling) has no total, and
nobody's limit covers it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from typing import Any, Final

from comptroller.application.casework.gathering.ledger import group_rate, names_of_rate
from comptroller.application.casework.gathering.reading import record_of
from comptroller.application.ports.store import UnitOfWork
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import Order
from comptroller.domain.documents.purchasing import Agreement, Contract, Schedule
from comptroller.domain.kernel.money import CONTEXT, ZERO, Money

RELEASED: Final = ("order", "contract", "agreement", "schedule")
"""The kinds of records that bind the company: a person's change of one is released by somebody else."""

MONTHS: Final = Decimal(12)


@dataclass(frozen=True, slots=True)
class Commitment:
    """A changed record in the words of a release."""

    kind: str
    number: str
    supplier: str
    entity: str
    currency: str
    category: str
    cost_centre: str
    total: Decimal | None  # in its own currency; None where it has no end

    @property
    def shown(self) -> str:
        """What it comes to, as a person reads it."""
        return str(Money(self.total, self.currency)) if self.total is not None else f"{self.currency}, no ceiling"


def commitment_of(uow: UnitOfWork, kind: str, body: Mapping[str, Any]) -> Commitment | None:
    """Read what a proposed record commits to; None where it hangs on a record that is not on file."""
    match kind:
        case "order":
            return _of_order(body)
        case "contract":
            contract, _ = from_json(Contract, dict(body))
            if contract is None:
                return None
            return Commitment(
                kind,
                contract.number,
                contract.supplier,
                contract.entity,
                contract.currency,
                contract.category,
                contract.cost_centre,
                contract.ceiling,
            )
        case "agreement":
            agreement, _ = from_json(Agreement, dict(body))
            return _of_agreement(kind, agreement, _schedule(uow, agreement)) if agreement is not None else None
        case "schedule":
            schedule, _ = from_json(Schedule, dict(body))
            rows = _rows(uow, f"agreement/{schedule.number}") if schedule is not None else ()
            agreement = record_of(Agreement, rows[0]) if rows else None
            return _of_agreement(kind, agreement, schedule) if agreement is not None else None
        case _:
            return None


def in_group_currency(uow: UnitOfWork, commitment: Commitment, day: date) -> Decimal | None:
    """What it comes to in the group's currency; None where that is not known."""
    value = group_rate(uow.references(names_of_rate(commitment.currency, day)), commitment.currency, day)
    return None if value is None or commitment.total is None else CONTEXT.multiply(commitment.total, value)


def order_total(order: Order) -> Decimal:
    """What an order commits: its ceiling, or quantity times price over all lines, unrounded."""
    if order.ceiling is not None:
        return order.ceiling
    with localcontext(CONTEXT):
        return sum((line.quantity * line.unit_price for line in order.lines), ZERO)


def _of_order(body: Mapping[str, Any]) -> Commitment | None:
    order, _ = from_json(Order, dict(body))
    if order is None:
        return None
    centre = next((line.cost_centre for line in order.lines if line.cost_centre), "")
    return Commitment(
        "order",
        order.number,
        order.supplier,
        order.entity,
        order.currency,
        order.category,
        centre,
        order_total(order),
    )


def _of_agreement(kind: str, agreement: Agreement, schedule: Schedule | None) -> Commitment:
    """A schedule commits to all its instalments; an amount to what it comes to in a year."""
    total = None
    with localcontext(CONTEXT):
        if schedule is not None:
            total = sum((each.amount for each in schedule.instalments), ZERO)
        elif agreement.amount is not None:
            total = agreement.amount * MONTHS / agreement.months
    return Commitment(
        kind,
        agreement.number,
        agreement.supplier,
        agreement.entity,
        agreement.currency,
        "",
        agreement.cost_centre,
        total,
    )


def _schedule(uow: UnitOfWork, agreement: Agreement) -> Schedule | None:
    rows = _rows(uow, f"schedule/{agreement.number}")
    return record_of(Schedule, rows[0]) if rows else None


def _rows(uow: UnitOfWork, alias: str) -> Sequence[Any]:
    return uow.references([alias])[alias]

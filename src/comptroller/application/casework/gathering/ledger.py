"""What the ledger knows around an invoice, read from reference data: budgets, rates, periods, the other books."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from comptroller.application.casework.gathering.names import order_numbers, standing_attestations
from comptroller.application.casework.gathering.reading import GROUP_CURRENCY, Found, body_of
from comptroller.domain.controls.cost_shares import cost_centres
from comptroller.domain.controls.ledger_context import Accrual, Budget, Intercompany, Periods, Rate
from comptroller.domain.documents.model import Receipt
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.instant import parse_day

if TYPE_CHECKING:
    from comptroller.application.casework.gathering.parts import Known


# Budgets


def budget_names(known: "Known") -> Sequence[str]:
    """The budgets of every cost centre that bears a line, for the year of posting; balances go by the same names."""
    if known.entity is None:
        return ()
    centres = cost_centres(known.invoice, known.cost_centre)
    return [f"budget/{known.entity.code}/{centre}/{known.today:%Y}" for centre in centres]


def budget_keys(known: "Known") -> Sequence[str]:
    """What is taken by others at the same instant: held, except where a released order has committed the money."""
    order = known.order
    released = order is not None and bool(order.released_by) and order.released_by != order.created_by
    return () if released else budget_names(known)


def budgets(known: "Known", found: Found) -> tuple[Budget, ...] | None:
    """The budgets as they stand, with what other cases have taken; None where the entity is not known."""
    if known.entity is None:
        return None
    names = budget_names(known)
    balances = known.session.uow.balances(list(names))
    made = []
    for name, centre in zip(names, cost_centres(known.invoice, known.cost_centre), strict=True):
        rows = found.get(name, ())
        taken = Decimal(balances.get(name, 0) - known.dossier.reserved.get(name, 0)).scaleb(-limits.QUANTITY_SCALE)
        if not rows or not in_force(body_of(rows[0]), known.today):
            made.append(Budget(centre, name))
            continue
        body = body_of(rows[0])
        amounts = {part: Decimal(body.get(part, "0")) for part in ("carry_over", "committed", "actual")}
        made.append(Budget(centre, name, Decimal(body["amount"]), taken=taken, **amounts))
    return tuple(made)


# Rates


def rate_names(known: "Known") -> Sequence[str]:
    """The rates of the document's and the ledger's currency: without a day, and of the months that count."""
    days = [known.today, *_received_on(known.receipts)]
    return [name for currency in _currencies(known) for day in days for name in names_of_rate(currency, day)]


def names_of_rate(currency: str, day: date) -> list[str]:
    """The names under which the rate of a currency on a day is found."""
    return [f"rate/{currency}", *(f"rate-of/{currency}/{month}" for month in _months(day))]


def rates(known: "Known", found: Found) -> tuple[Rate, ...] | None:
    """The rate in force on the posting day of every currency that is not the group's; None for an unknown entity."""
    if known.entity is None:
        return None
    return tuple(rate_on(found, currency, known.today) for currency in _currencies(known))


def rate_subjects(known: "Known", _found: Found) -> Sequence[str]:
    """A new rate of a currency calls the case up, whatever its day."""
    return [f"rate/{currency}" for currency in _currencies(known)]


def receipt_rate(known: "Known", found: Found) -> Decimal | None:
    """What one unit of the document's currency was worth in the entity's when the goods came; None where not known."""
    days = _received_on(known.receipts)
    if known.entity is None or not days:
        return None
    document, entity = (
        group_rate(found, currency, days[-1]) for currency in (known.invoice.currency, known.entity.currency)
    )
    return None if document is None or not entity else document / entity


def group_rate(found: Found, currency: str, day: date) -> Decimal | None:
    """Group currency for one unit on a day; the group's own currency needs no record."""
    return Decimal(1) if currency == GROUP_CURRENCY else rate_on(found, currency, day).rate


def rate_on(found: Found, currency: str, day: date) -> Rate:
    """The newest rate of a currency that has begun on a day; one without a day counts as the oldest."""
    rows = [*found.get(f"rate/{currency}", ())]
    rows += [row for month in _months(day) for row in found.get(f"rate-of/{currency}/{month}", ())]
    begun = [body for body in map(body_of, rows) if (parse_day(body.get("valid_on", "")) or date.min) <= day]
    if not begun:
        return Rate(currency)
    body: dict[str, Any] = max(begun, key=lambda each: parse_day(each.get("valid_on", "")) or date.min)
    reference = body.get("reference")
    return Rate(
        currency,
        Decimal(body["rate"]),
        body.get("source", ""),
        body.get("type", ""),
        parse_day(body.get("valid_on", "")),
        Decimal(reference) if reference else None,
    )


def _currencies(known: "Known") -> list[str]:
    entity = known.entity.currency if known.entity is not None else ""
    return [each for each in dict.fromkeys((known.invoice.currency, entity)) if each and each != GROUP_CURRENCY]


def _months(day: date) -> tuple[str, str]:
    """The month of a day and the one before it: a rate of either may be the one in force."""
    before = date(day.year - (day.month == 1), day.month - 1 or 12, 1)
    return f"{before:%Y-%m}", f"{day:%Y-%m}"


def _received_on(receipts: Iterable[Receipt] | None) -> list[date]:
    return sorted(receipt.received_on for receipt in receipts or ())


# Period


def period_names(known: "Known") -> Sequence[str]:
    """The period of posting and the document's own, what was accrued for it, and what a posting would take back."""
    own = own_period(known)
    if known.entity is None:
        return ()
    entity = known.entity.code
    names = [f"period/{entity}/{known.today:%Y-%m}", *([f"period/{entity}/{own}"] if own else [])]
    return [*names, *_accrual_names(known, own), standing_attestations(entity)]


def periods(known: "Known", found: Found) -> Periods | None:
    """How both periods stand, and the accrual that this document would reverse; None where the entity is not known."""
    if known.entity is None:
        return None
    own, posting = own_period(known), f"{known.today:%Y-%m}"
    entity = known.entity.code
    states = [_state(found, f"period/{entity}/{period}") if period else None for period in (posting, own)]
    return Periods(posting, states[0], own, states[1], _accrual(known, found, own))


def period_subjects(known: "Known", _found: Found) -> Sequence[str]:
    """A period that is opened or closed calls the case up."""
    return [name for name in period_names(known) if name.startswith("period/")]


def own_period(known: "Known") -> str | None:
    """The month of the supply: of delivery, the end of what is billed, the tax point, the last receipt, or its date."""
    invoice = known.invoice
    billed = invoice.period.end or invoice.period.start if invoice.period is not None else None
    received = _received_on(known.receipts)
    day = invoice.delivery_date or billed or invoice.tax_point or (received[-1] if received else invoice.issue_date)
    return f"{day:%Y-%m}" if day is not None else None


def _state(found: Found, name: str) -> str | None:
    rows = found.get(name, ())
    return str(body_of(rows[0]).get("state")) if rows else None


def _accrual_names(known: "Known", own: str | None) -> list[str]:
    if not own or known.entity is None:
        return []
    supplier = known.supplier.id if known.supplier is not None else ""
    of = [f"order/{number}" for number in order_numbers(known.invoice)]
    of += [f"document/{supplier}/{known.invoice.number}"] if supplier and known.invoice.number else []
    return [f"accrual-of/{known.entity.code}/{own}/{each}" for each in of]


def _accrual(known: "Known", found: Found, own: str | None) -> Accrual | None:
    rows = {row.key: row for name in _accrual_names(known, own) for row in found.get(name, ())}
    for key, row in sorted(rows.items()):
        body, balance = body_of(row), f"accrual/{key}"
        others = known.session.uow.balances([balance]).get(balance, 0) - known.dossier.reserved.get(balance, 0)
        if others == 0 and not body.get("reversed", False):
            return Accrual(
                balance,
                body["period"],
                Decimal(body["amount"]),
                body["account"],
                body["liability_account"],
                body.get("cost_centre", ""),
            )
    return None


# Intercompany


def intercompany_names(known: "Known") -> Sequence[str]:
    """The agreement with the supplier, and the document in the supplier's own books."""
    if known.supplier is None or known.entity is None:
        return ()
    own = f"{known.supplier.id}/{known.entity.code}"
    return [f"intercompany-agreement/{own}", f"counterpart-document/{own}/{known.invoice.number}"]


def intercompany(known: "Known", found: Found) -> Intercompany | None:
    """What the agreement and the counterpart's books say; None where supplier or entity is not known."""
    names = intercompany_names(known)
    if not names or known.supplier is None:
        return None
    agreement, counterpart = (found.get(name, ()) for name in names)
    agreed = bool(agreement) and in_force(body_of(agreement[0]), known.today)
    booked = body_of(counterpart[0]) if counterpart else {}
    return Intercompany(
        known.supplier.id if agreement else None,
        agreed,
        bool(booked),
        booked.get("currency", ""),
        Decimal(booked["amount"]) if booked else None,
    )


def in_force(body: dict[str, Any], day: date) -> bool:
    """Whether a record that may say from when to when it holds does so on a day."""
    start, end = parse_day(body.get("valid_from", "")), parse_day(body.get("valid_to", ""))
    return (start or date.min) <= day <= (end or date.max)

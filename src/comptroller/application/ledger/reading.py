"""What can be asked of the ledger: trial balance, journals, open items, ageing. Each balance opens to its journals.

A caller sees the entities that the caller works for; another's ledger is as unknown as one that never was.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from comptroller.application.casework.gathering.reading import body_of, zone_of
from comptroller.application.ledger.items import block_now
from comptroller.application.policy import Policy
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import JournalLineRow, JournalRow, OpenItemRow
from comptroller.application.releasing.timeline import policy_for
from comptroller.application.session import Refused, Session
from comptroller.domain.controls.posting import Accounts
from comptroller.domain.controls.terms import LateRate, business_days, days_past, late_interest
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import ZERO

Posted = tuple[JournalRow, Sequence[JournalLineRow]]

PAGE: Final = limits.PAGE_SIZE_MAX


@dataclass(frozen=True, slots=True)
class ShowTrialBalance:
    """Every account of an entity up to a period: carried forward, moved, standing."""

    entity: str
    period: str = ""


@dataclass(frozen=True, slots=True)
class ListJournals:
    """An entity's journals, the oldest first, page by page; of one period, one account."""

    entity: str
    period: str = ""
    account: str = ""
    after: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ListOpenItems:
    """What an entity owes and is owed, supplier by supplier."""

    entity: str
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class ShowAgeing:
    """How old the open items of an entity are."""

    entity: str


@dataclass(frozen=True, slots=True)
class ListLedgers:
    """The ledgers that the caller may look at."""


@dataclass(frozen=True, slots=True)
class EntityLedger:
    """An entity whose ledger is asked for, as the caller may see it."""

    code: str
    currency: str
    country: str
    today: date


def entity_ledger(session: Session, code: str) -> EntityLedger | Refused:
    """The entity, where the caller works for it and it is on file."""
    alias = f"entity/{code}"
    rows = session.uow.references([alias])[alias]
    if not rows or not session.caller.sees(code):
        return Refused(
            Rejection(
                RejectionKind.NOT_FOUND,
                "LEDGER-ENTITY-01",
                f"there is no ledger of an entity `{code}`",
                help="name an entity that you work for",
            )
        )
    body = body_of(rows[0])
    return EntityLedger(
        code, str(body["currency"]), str(body.get("country", "")), session.now.astimezone(zone_of(body)).date()
    )


def list_ledgers(session: Session, _command: ListLedgers) -> dict[str, Any]:
    """The entities that the caller works for, by code, and the accounts of what they owe."""
    found = [(row.key, body_of(row)) for row in session.uow.reference_list("entity") if session.caller.sees(row.key)]
    ledgers = [{"entity": key, "name": body.get("name", key), "currency": body["currency"]} for key, body in found]
    return {"ledgers": ledgers, "payables": [session.policy.pack.accounts.payables]}


def show_trial_balance(session: Session, command: ShowTrialBalance) -> dict[str, Any] | Refused:
    """The trial balance in the entity's currency, and by document currency; each must sum to nothing."""
    entity = entity_ledger(session, command.entity)
    if isinstance(entity, Refused):
        return entity
    period = command.period or f"{entity.today:%Y-%m}"
    accounts: dict[str, dict[str, Any]] = {}
    by_currency: dict[str, Decimal] = {}
    balances = session.uow.account_balances(entity.code, period)
    names = _names_of(session, entity.code, {row.account for row in balances})
    for row in balances:
        account = accounts.setdefault(
            row.account,
            {
                "account": row.account,
                "name": names[row.account],
                "carried_forward": ZERO,
                "moved": ZERO,
                "balance": ZERO,
                "lines": 0,
                "currencies": {},
            },
        )
        account["moved" if row.period == period else "carried_forward"] += row.local_amount
        account["balance"] += row.local_amount
        account["lines"] += row.lines if row.period == period else 0
        account["currencies"][row.currency] = account["currencies"].get(row.currency, ZERO) + row.amount
        by_currency[row.currency] = by_currency.get(row.currency, ZERO) + row.amount
    rows = [accounts[account] for account in sorted(accounts)]
    differences = {currency: total for currency, total in by_currency.items() if total}
    total = sum((row["balance"] for row in rows), ZERO)
    return {
        "entity": entity.code,
        "currency": entity.currency,
        "period": period,
        "accounts": rows,
        "debit": sum((row["balance"] for row in rows if row["balance"] > 0), ZERO),
        "credit": -sum((row["balance"] for row in rows if row["balance"] < 0), ZERO),
        "balances": not differences and not total,
        "difference": total,
        "currency_differences": differences,
    }


def _names_of(session: Session, entity: str, numbers: Iterable[str]) -> dict[str, str]:
    """What the entity's chart of accounts calls each account; one that is not on file by what the pack uses it for."""
    purposes = purposes_of(session.policy.pack.accounts)
    aliases = {number: f"ledger-account/{entity}/{number}" for number in numbers}
    found = session.uow.references(aliases.values())
    return {
        number: str(body_of(found[alias][0])["name"]) if found[alias] else purposes.get(number, "")
        for number, alias in aliases.items()
    }


def purposes_of(accounts: Accounts) -> Mapping[str, str]:
    """What each account of the pack is for, in words."""
    named = {
        str(getattr(accounts, purpose)): purpose.replace("_", " ")
        for purpose in Accounts.__slots__
        if isinstance(getattr(accounts, purpose), str)
    }
    return {**{account: category for category, account in accounts.expense.items()}, **named}


def list_journals(session: Session, command: ListJournals) -> dict[str, Any] | Refused:
    """A page of journals with their lines; `next` asks for the one behind it."""
    entity = entity_ledger(session, command.entity)
    if isinstance(entity, Refused):
        return entity
    found = session.uow.ledger(
        entity.code,
        period=command.period,
        account=command.account,
        after=command.after,
        limit=command.limit,
    )
    is_full = len(found) == command.limit
    return {
        "entity": entity.code,
        "journals": [journal_view(row, lines) for row, lines in found],
        "next": found[-1][0].journal_id if found and is_full else "",
    }


def journal_view(row: JournalRow, lines: Sequence[JournalLineRow]) -> dict[str, Any]:
    """A journal as it is told."""
    return {
        "journal_id": row.journal_id,
        "kind": row.kind,
        "case_id": row.case_id,
        "entity": row.entity,
        "period": row.period,
        "posted_on": row.posted_on,
        "currency": row.currency,
        "local_currency": row.local_currency,
        "rate": row.rate,
        "supplier": row.supplier,
        "document": row.document,
        "order": row.order_number,
        "text": row.text,
        "source": row.source,
        "lines": [
            {
                "account": line.account,
                "cost_centre": line.cost_centre,
                "amount": line.amount,
                "local_amount": line.local_amount,
                "text": line.text,
            }
            for line in lines
        ],
    }


def whole_ledger(uow: UnitOfWork, entity: str, *, period: str = "", account: str = "") -> Iterator[Posted]:
    """Every stored journal of an entity, page after page."""
    after = ""
    while True:
        page = uow.ledger(entity, period=period, account=account, after=after, limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1][0].journal_id


# ---- open items ----------------------------------------------------------------------------------------------------


def list_open_items(session: Session, command: ListOpenItems) -> dict[str, Any] | Refused:
    """Open items by supplier, with due and discount dates and blocks."""
    entity = entity_ledger(session, command.entity)
    if isinstance(entity, Refused):
        return entity
    suppliers: dict[str, dict[str, Any]] = {}
    for item in session.uow.open_items(entity=entity.code, supplier=command.supplier):
        row = suppliers.setdefault(
            item.supplier,
            {
                "supplier": item.supplier,
                "name": item.supplier_name,
                "local_amount": ZERO,
                "currencies": {},
                "items": [],
            },
        )
        row["items"].append(item_view(item, entity.today, block_now(session.uow, item)))
        row["local_amount"] += item.local_amount
        row["currencies"][item.currency] = row["currencies"].get(item.currency, ZERO) + item.amount
    return {
        "entity": entity.code,
        "currency": entity.currency,
        "today": entity.today,
        "suppliers": list(suppliers.values()),
        "items": sum(len(row["items"]) for row in suppliers.values()),
        "local_amount": sum((row["local_amount"] for row in suppliers.values()), ZERO),
    }


def item_view(item: OpenItemRow, today: date, block: str) -> dict[str, Any]:
    """An open item as it is told, with the block that is on it now."""
    due_on = parse_day(item.due_on)
    return {
        "item_id": item.item_id,
        "case_id": item.case_id,
        "number": item.number,
        "currency": item.currency,
        "amount": item.amount,
        "local_amount": item.local_amount,
        "issued_on": item.issued_on,
        "posted_on": item.posted_on,
        "due_on": item.due_on,
        "days_past_due": days_past(due_on, today) if due_on else None,
        "discount_on": item.discount_on,
        "discount": item.discount,
        "payment_block": block,
        "status": item.status,
        "run": item.run,
    }


# ---- ageing --------------------------------------------------------------------------------------------------------

AGEING: Final = "ageing bucket"
WAITING: Final = "waiting bucket"
LATE: Final = "late payment rates"


def show_ageing(session: Session, command: ShowAgeing) -> dict[str, Any] | Refused:
    """Open items by days past due and by business days since posting, with what the law adds to what is late."""
    entity = entity_ledger(session, command.entity)
    if isinstance(entity, Refused):
        return entity
    policy = policy_for(session, entity.code)
    due: dict[str, dict[str, Any]] = {}
    waiting: dict[str, dict[str, Any]] = {}
    for item in session.uow.open_items(entity=entity.code):
        due_on, posted_on = parse_day(item.due_on), parse_day(item.posted_on)
        past = days_past(due_on, entity.today) if due_on else None
        since = business_days(posted_on, entity.today) if posted_on else None
        _count(due, _bucket(session, policy, AGEING, "days past due", past, entity.today), item)
        _count(waiting, _bucket(session, policy, WAITING, "business days", since, entity.today), item)
    late = [added for _, added in late_items(session, entity)]
    known = [added for added in late if added is not None]
    return {
        "entity": entity.code,
        "currency": entity.currency,
        "today": entity.today,
        "by_days_past_due": list(due.values()),
        "by_business_days": list(waiting.values()),
        "late_items": len(late),
        "interest_exposure": sum(known, ZERO) if len(known) == len(late) else None,
    }


def late_items(session: Session, entity: EntityLedger) -> list[tuple[OpenItemRow, Decimal | None]]:
    """What is late now, with what the law adds to each: interest and the fixed sum; None where no rate is on file."""
    rates, fixed = _late_rates(session, policy_for(session, entity.code), entity.country)
    found: list[tuple[OpenItemRow, Decimal | None]] = []
    for item in session.uow.open_items(entity=entity.code):
        due_on = parse_day(item.due_on)
        if due_on and days_past(due_on, entity.today) > 0 and item.local_amount > 0:
            interest = late_interest(item.local_amount, due_on, entity.today, rates, entity.currency)
            found.append((item, None if interest is None or fixed is None else interest + fixed))
    return found


def cost_of_delay(session: Session, entity: EntityLedger, item: OpenItemRow, until: date) -> Decimal | None:
    """What the law adds to an item that is paid on a day, in the entity's currency; None where no rate is on file."""
    due_on = parse_day(item.due_on)
    if due_on is None or until <= due_on or item.local_amount <= 0:
        return ZERO
    rates, fixed = _late_rates(session, policy_for(session, entity.code), entity.country)
    interest = late_interest(item.local_amount, due_on, until, rates, entity.currency)
    return None if interest is None or fixed is None else interest + fixed


def _bucket(session: Session, policy: Policy, decision: str, name: str, number: int | None, today: date) -> str:
    facts = {name: None if number is None else Decimal(number), "decision date": today}
    bucket = policy.models[decision].decide(decision, facts, session.now).value
    return bucket if isinstance(bucket, str) else "not known"


def _count(buckets: dict[str, dict[str, Any]], name: str, item: OpenItemRow) -> None:
    row = buckets.setdefault(name, {"bucket": name, "items": 0, "local_amount": ZERO, "item_ids": []})
    row["items"] += 1
    row["local_amount"] += item.local_amount
    row["item_ids"].append(item.item_id)


def _late_rates(session: Session, policy: Policy, country: str) -> tuple[list[LateRate], Decimal | None]:
    """The yearly rates of a country by day, and the fixed sum of a claim; no rows, no exposure."""
    answer: Any = policy.models[LATE].decide(LATE, {"entity country": country}, session.now).value
    rows = answer if isinstance(answer, list) else []
    rates = [LateRate(row["valid from"], row["reference rate"] + row["points"]) for row in rows]
    newest = max(rows, key=lambda row: row["valid from"], default=None)
    return rates, newest["fixed sum"] if newest else None

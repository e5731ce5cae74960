"""Month-end accruals: goods that came and are not invoiced, and invoices in process that are not posted.

One plan is made of both, so that nothing is counted twice: goods are accrued by what came, order by order, at the
order's price; an invoice in process is accrued by what no receipt of its order covers, and by policy. The plan is
looked at first; what is booked is the plan that was seen, named by its hash.

Each accrual is a record like those that are brought in, with a journal dated the last day of the period and, written at
once, the journal that turns it on the first day of the next. So no reversal can be forgotten, whether the next period
is open yet or not, and no invoice of the next period reverses it a second time. Running the period again books what has
changed since and nothing else.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, localcontext
from typing import Any, Final

from comptroller.application.casework.gathering.reading import body_of, record_of
from comptroller.application.ledger.reading import EntityLedger, entity_ledger
from comptroller.application.ledger.reconciling import open_value, orders_of
from comptroller.application.ledger.writing import (
    About,
    currencies_of,
    period_state,
    stored_journal,
    write_journal,
)
from comptroller.application.records import CaseRow, ReferenceRow
from comptroller.application.reference_kinds import KINDS
from comptroller.application.releasing.timeline import policy_for
from comptroller.application.session import Refused, Session
from comptroller.domain.controls.booking import Currencies, Entry, balanced, reversed_journal
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import DocumentKind, Invoice, Order
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode, digest, encode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import CONTEXT, ZERO, round_money

ACCRUAL: Final = "accrual"
INVOICES: Final = frozenset({DocumentKind.INVOICE.value, DocumentKind.CREDIT_NOTE.value})


@dataclass(frozen=True, slots=True)
class PlanAccruals:
    """What would be accrued at the end of a period, with the hash that books it."""

    entity: str
    period: str


@dataclass(frozen=True, slots=True)
class BookAccruals:
    """Book the plan that was seen."""

    entity: str
    period: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Item:
    """One amount to accrue, in the entity's currency."""

    subject: str  # `order/PO-1`, `case/...`
    amount: Decimal
    account: str
    cost_centre: str
    supplier: str
    number: str
    order: str
    text: str
    reason: str

    def to_json(self) -> dict[str, Any]:
        """Write as plain JSON values."""
        return {
            "subject": self.subject,
            "amount": self.amount,
            "account": self.account,
            "cost_centre": self.cost_centre,
            "supplier": self.supplier,
            "number": self.number,
            "order": self.order,
            "text": self.text,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What is accrued and what is left out, each with its reason."""

    entity: EntityLedger
    period: str
    end: date
    items: tuple[Item, ...]
    left_out: tuple[dict[str, Any], ...]

    @property
    def content_hash(self) -> str:
        """What books this plan and no other."""
        return digest(
            {"entity": self.entity.code, "period": self.period, "items": [item.to_json() for item in self.items]}
        )

    def to_json(self) -> dict[str, Any]:
        """Write as plain JSON values."""
        return {
            "entity": self.entity.code,
            "currency": self.entity.currency,
            "period": self.period,
            "dated": self.end,
            "reversed_on": self.end + timedelta(days=1),
            "goods_received": sum((i.amount for i in self.items if i.subject.startswith("order/")), ZERO),
            "in_process": sum((i.amount for i in self.items if i.subject.startswith("case/")), ZERO),
            "items": [item.to_json() for item in self.items],
            "left_out": list(self.left_out),
            "content_hash": self.content_hash,
        }


def plan_accruals(session: Session, command: PlanAccruals) -> dict[str, Any] | Refused:
    """Say what would be accrued and why, and what would not; nothing is booked."""
    plan = _plan(session, command.entity, command.period)
    return plan if isinstance(plan, Refused) else plan.to_json()


def book_accruals(session: Session, command: BookAccruals) -> dict[str, Any] | Refused:
    """Book the plan that was seen: what is new or has changed since the last run of the period, and its reversal."""
    session.uow.serialize([f"accruals/{command.entity}"])
    plan = _plan(session, command.entity, command.period)
    if isinstance(plan, Refused):
        return plan
    if command.content_hash != plan.content_hash:
        text = "what you saw is not what is to be accrued now"
        return Refused(
            Rejection(
                RejectionKind.CONFLICT, "ACCRUE-STALE-01", text, breach="stale hash", help="look at the plan again"
            )
        )
    known = _booked(session, plan)
    wanted = {_key(plan, item.subject): item for item in plan.items}
    booked, turned = _changes(known, wanted)
    for key in turned:
        _turn(session, plan, key, known[key])
    for key in booked:
        _book(session, plan, key, wanted[key], known.get(key))
    for key in turned:
        if key not in wanted:
            _store(session, key, {**body_of(known[key]), "amount": "0"}, known[key].version + 1)
    told = {"content": plan.content_hash, "booked": len(booked), "turned": len(turned)}
    session.evidence.tell(f"ledger/{plan.entity.code}/{plan.period}", "accruals.booked", told)
    return {**plan.to_json(), "booked": booked, "turned": turned}


def to_be_booked(session: Session, command: PlanAccruals) -> int | Refused:
    """How many accruals of a period are not booked yet, or are booked with another amount."""
    plan = _plan(session, command.entity, command.period)
    if isinstance(plan, Refused):
        return plan
    booked, turned = _changes(_booked(session, plan), {_key(plan, item.subject): item for item in plan.items})
    return len({*booked, *turned})


def _changes(known: Mapping[str, ReferenceRow], wanted: Mapping[str, Item]) -> tuple[list[str], list[str]]:
    """The keys of the accruals to book, and of those to take back first."""
    booked = [key for key, item in wanted.items() if key not in known or _amount(known[key]) != item.amount]
    turned = [key for key, row in known.items() if _amount(row) and _stands_for(wanted.get(key)) != _amount(row)]
    return booked, turned


def _plan(session: Session, code: str, period: str) -> Plan | Refused:
    entity = entity_ledger(session, code)
    if isinstance(entity, Refused):
        return entity
    first = parse_day(f"{period}-01")
    if first is None or period_state(session.uow, code, first) != "open":
        text = f"the period {period} of {code} is not open"
        rejection = Rejection(RejectionKind.CONFLICT, "ACCRUE-PERIOD-01", text, breach="closed period")
        return Refused(rejection)
    end = first.replace(day=monthrange(first.year, first.month)[1])
    left: dict[str, Decimal] = {}
    goods = list(_goods(session, entity, end, left))
    items, left_out = list(goods), []
    for row, invoice in _in_process(session, code):
        found = _invoice(session, entity, row, invoice, end, left)
        if isinstance(found, Item):
            items.append(found)
        else:
            left_out.append(found)
    return Plan(entity, period, end, tuple(sorted(items, key=lambda item: item.subject)), tuple(left_out))


def _goods(session: Session, entity: EntityLedger, end: date, left: dict[str, Decimal]) -> Iterator[Item]:
    """What came by the end of the period and is not invoiced; `left` takes its value in the order's currency."""
    accounts = session.policy.pack.accounts
    for order in orders_of(session.uow, entity.code):
        value = open_value(session.uow, order, until=end)
        currencies = currencies_of(session.uow, entity.code, order.currency, end)
        if value <= 0 or currencies is None:
            continue
        left[order.number] = value
        yield Item(
            subject=f"order/{order.number}",
            amount=_local(value, currencies),
            account=accounts.receipts_clearing,
            cost_centre=next((line.cost_centre for line in order.lines), ""),
            supplier=order.supplier,
            number="",
            order=order.number,
            text=f"goods received of order {order.number}, not invoiced",
            reason="ACC-GOODS-01",
        )


def _in_process(session: Session, entity: str) -> Iterator[tuple[CaseRow, Invoice]]:
    """The invoices and credit notes of an entity that wait for somebody, the oldest first."""
    found: list[CaseRow] = []
    after = ""
    while True:
        page = session.uow.cases(status="waiting", entities=(entity,), after=after, limit=limits.PAGE_SIZE_MAX)
        found += [row for row in page if row.kind in INVOICES]
        if len(page) < limits.PAGE_SIZE_MAX:
            break
        after = page[-1].case_id
    for row in sorted(found, key=lambda row: (row.received_at, row.case_id)):
        document = session.uow.document(row.document) if row.document else None
        invoice = from_json(Invoice, decode(document.canonical))[0] if document is not None else None
        if invoice is not None:
            yield row, invoice


def _invoice(
    session: Session, entity: EntityLedger, row: CaseRow, invoice: Invoice, end: date, left: dict[str, Decimal]
) -> Item | dict[str, Any]:
    order = _order(session, invoice)
    net = invoice.totals.net
    covered = min(net, left.get(order.number, ZERO)) if net is not None and order is not None else ZERO
    facts = {
        "document kind": invoice.kind.value,
        "document type": invoice.type_code,
        "exceptions": [name for name in row.exceptions.split(",") if name],
        "net amount": net,
        "supply date": invoice.delivery_date or (invoice.period.end if invoice.period else None) or invoice.tax_date,
        "period end": end,
        "order match": order.match if order is not None else "none",
        "covered": covered,
        "decision date": entity.today,
    }
    outcome: Any = policy_for(session, entity.code).models[ACCRUAL].decide(ACCRUAL, facts, session.now).value
    outcome = outcome if isinstance(outcome, Mapping) else {}
    told = {"reason": str(outcome.get("reason") or ""), "text": str(outcome.get("text") or "policy could not decide")}
    currencies = currencies_of(session.uow, entity.code, invoice.currency, end)
    if outcome.get("outcome") != "accrue" or net is None or currencies is None:
        return {"case_id": row.case_id, "number": row.number, "supplier": row.supplier, **told}
    if order is not None and covered:
        left[order.number] -= covered
    account, cost_centre = _expense(session, row, invoice, order)
    return Item(
        subject=f"case/{row.case_id}",
        amount=_local(CONTEXT.subtract(net, covered), currencies),
        account=account,
        cost_centre=cost_centre,
        supplier=row.supplier,
        number=row.number,
        order=order.number if order is not None else "",
        text=f"{row.supplier_name} {row.number}, {told['text']}",
        reason=told["reason"],
    )


def _order(session: Session, invoice: Invoice) -> Order | None:
    alias = f"order/{invoice.order_number}"
    rows = session.uow.references([alias])[alias] if invoice.order_number else ()
    return record_of(Order, rows[0]) if rows else None


def _expense(session: Session, row: CaseRow, invoice: Invoice, order: Order | None) -> tuple[str, str]:
    accounts = session.policy.pack.accounts
    if order is not None and order.lines:
        return order.lines[0].account or accounts.expense_other, order.lines[0].cost_centre
    alias = f"supplier/{row.supplier}"
    rows = session.uow.references([alias])[alias] if row.supplier else ()
    category = str(body_of(rows[0]).get("category", "")) if rows else ""
    return accounts.expense.get(category, accounts.expense_other), invoice.accounting_reference


def _local(amount: Decimal, currencies: Currencies) -> Decimal:
    with localcontext(CONTEXT):
        return round_money(amount * currencies.rate, currencies.local)


# ---- booking -------------------------------------------------------------------------------------------------------


def _key(plan: Plan, subject: str) -> str:
    return f"{plan.entity.code}/{plan.period}/{subject}"


def _booked(session: Session, plan: Plan) -> dict[str, ReferenceRow]:
    prefix = f"{plan.entity.code}/{plan.period}/"
    return {row.key: row for row in session.uow.reference_list(ACCRUAL) if row.key.startswith(prefix)}


def _amount(row: ReferenceRow) -> Decimal:
    return Decimal(str(body_of(row)["amount"]))


def _stands_for(item: Item | None) -> Decimal:
    return ZERO if item is None else item.amount


def _journal_id(key: str, version: int) -> str:
    return f"accrual/{key}/{version}"


def _book(session: Session, plan: Plan, key: str, item: Item, before: ReferenceRow | None) -> None:
    """Store the accrual as a record that is reversed already, and write both of its journals."""
    accounts = session.policy.pack.accounts
    version = before.version + 1 if before is not None else 1
    body = {
        "entity": plan.entity.code,
        "period": plan.period,
        "amount": str(item.amount),
        "account": item.account,
        "liability_account": accounts.accruals,
        "cost_centre": item.cost_centre,
        "text": item.text,
        "supplier": item.supplier,
        "number": item.number,
        "order": item.order,
        "reversed": True,
    }
    _store(session, key, {name: value for name, value in body.items() if value != ""}, version)
    entries = [
        Entry(item.account, item.amount, item.text, item.cost_centre),
        Entry(accounts.accruals, -item.amount, item.text),
    ]
    local = plan.entity.currency
    journal = balanced(entries, Currencies(local, local, Decimal(1)), accounts.rounding)
    accrued = _about(plan, key, item, _journal_id(key, version), "accrual", plan.end)
    turned = _about(plan, key, item, f"{_journal_id(key, version)}/reversal", "reversal", plan.end + timedelta(days=1))
    write_journal(session, journal, accrued)
    write_journal(session, reversed_journal(journal), turned)


def _turn(session: Session, plan: Plan, key: str, row: ReferenceRow) -> None:
    """Take an accrual of an earlier run back, and its reversal with it: each in the period that it was dated in."""
    body = body_of(row)
    item = Item(
        subject=key,
        amount=ZERO,
        account="",
        cost_centre="",
        supplier=str(body.get("supplier", "")),
        number=str(body.get("number", "")),
        order=str(body.get("order", "")),
        text=f"taken back: {body.get('text', '')}",
        reason="",
    )
    for journal_id, kind, day in (
        (_journal_id(key, row.version), "accrual", plan.end),
        (f"{_journal_id(key, row.version)}/reversal", "reversal", plan.end + timedelta(days=1)),
    ):
        booked = stored_journal(session.uow, journal_id)
        if booked is not None:
            about = _about(plan, key, item, f"{journal_id}/turned", kind, day)
            write_journal(session, reversed_journal(booked), about)


def _about(plan: Plan, key: str, item: Item, journal_id: str, kind: str, day: date) -> About:
    return About(
        journal_id=journal_id,
        kind=kind,
        entity=plan.entity.code,
        posted_on=day,
        text=item.text,
        stream=f"reference/{ACCRUAL}/{key}",
        supplier=item.supplier,
        document=item.number or item.order,
        order_number=item.order,
    )


def _store(session: Session, key: str, body: Mapping[str, Any], version: int) -> None:
    """Store a version of the accrual's record; its journals are this run's own, so that nothing else books it."""
    text, content = encode(dict(body)).decode(), digest(dict(body))
    aliases = KINDS[ACCRUAL].aliases(key, body)
    session.uow.insert(ReferenceRow(ACCRUAL, key, version, text, content, session.now, session.caller.id, aliases))
    told = {"kind": ACCRUAL, "key": key, "version": version, "digest": content}
    session.evidence.tell(f"reference/{ACCRUAL}/{key}", "reference.changed", told)

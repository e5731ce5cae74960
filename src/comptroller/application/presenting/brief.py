"""What a signer reads first: money in both currencies, the dates, the supplier's last changes, its earlier invoices."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from comptroller.application.casework.clock import today_at
from comptroller.application.casework.decision_record import read_record, read_value
from comptroller.application.presenting.changes import changed_fields
from comptroller.application.presenting.split import split_view
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.presenting.words import Names, gross_of, standing_of_case, summary_of
from comptroller.application.records import CaseRow, DecisionRow, ReferenceRow
from comptroller.application.session import Session
from comptroller.application.views import (
    BriefView,
    BudgetView,
    EarlierInvoice,
    RateView,
    SupplierChange,
    standing_of,
)
from comptroller.domain.controls.candidate_index import amount_lookups, identities
from comptroller.domain.controls.terms import annual_yield
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import Money, parse_decimal

CHANGES_DAYS: Final = 90
"""How far back a signer is told of changes to the supplier's record: the window an auditor asks about."""

EARLIER_SHOWN: Final = 5
_ASKED: Final = 40
"""Newest cases of a supplier that are looked at for ones the reader may see."""


def brief_view(
    session: Session, names: Names, row: CaseRow, invoice: Invoice, decided: Mapping[str, DecisionRow]
) -> BriefView:
    """All of it, as it stands now; the rate and the terms as they were decided on."""
    rate = _rate(session, row, decided)
    terms = _outcome(decided, "payment terms")
    today = today_at(session.uow, row.entity, session.now)
    since = today - timedelta(days=CHANGES_DAYS)
    due, discount = terms.get("due date"), terms.get("discount date")
    percent = parse_decimal(str(terms.get("discount percent") or ""))
    return BriefView(
        tax=Money(invoice.totals.tax, row.currency) if invoice.totals.tax is not None else None,
        rate=rate,
        due=_day(due) or invoice.due_date,
        discount_until=_day(discount),
        discount_percent=percent or None,
        discount_yield=_yield(percent, _day(due) or invoice.due_date, _day(discount)),
        changes_since=since,
        changes=tuple(record_changes(session, names, row.supplier, since)),
        earlier=tuple(_earlier(session, row, invoice)),
        budget=_budget(session, invoice, decided),
        supplier_id=row.supplier,
        blocks=tuple(_blocks(session, names, row)),
        split=split_view(session, names, decided),
    )


def _yield(percent: Decimal | None, due: date | None, until: date | None) -> Decimal | None:
    """What taking a discount is worth a year: it costs the days of credit up to the due day."""
    if percent is None or due is None or until is None:
        return None
    return annual_yield(percent, (due - until).days, 0)


def _blocks(session: Session, names: Names, row: CaseRow) -> Iterator[str]:
    """Why the case is not paid, each reason in the words of who placed the block: policy, or a person."""
    placed = [block for block in session.uow.payment_blocks(case_id=row.case_id) if block.status != "lifted"]
    texts = session.uow.private_texts([block.reason for block in placed])
    for block in placed:
        yield names.told(texts.get(block.reason, "the words were erased"))


def _rate(session: Session, row: CaseRow, decided: Mapping[str, DecisionRow]) -> RateView | None:
    """The rate that the decisions were given, with its source and day; None where the currencies are one."""
    group = str(tenant_record(session.uow).get("group_currency") or "")
    into_ledger = row.currency == group
    other = str(_given(decided, "ledger currency") or "") if into_ledger else row.currency
    used: dict[str, Any] = next((each for each in _given(decided, "rates") or () if each["currency"] == other), {})
    rate = used.get("rate") if into_ledger else _given(decided, "group rate")
    if other in {"", group} or not isinstance(rate, Decimal) or not rate:
        return None
    return RateView(rate, other, group, str(used.get("source") or ""), used.get("valid on"), into_ledger=into_ledger)


def _given(decided: Mapping[str, DecisionRow], name: str) -> Any:
    """A fact as a decision was given it."""
    for row in decided.values():
        inputs = read_record(row)["inputs"]
        if name in inputs:
            return read_value(inputs[name])
    return None


def _outcome(decided: Mapping[str, DecisionRow], name: str) -> dict[str, Any]:
    outcome: Any = decode(decided[name].outcome) if name in decided else None
    return outcome if isinstance(outcome, dict) else {}


def _day(value: Any) -> date | None:
    """A day of an outcome, which is kept as a text."""
    return value if isinstance(value, date) else parse_day(value) if isinstance(value, str) else None


def _budget(session: Session, invoice: Invoice, decided: Mapping[str, DecisionRow]) -> BudgetView | None:
    """What the budget said, with the figures that it was given where the document takes of it: an order took before."""
    outcome = _outcome(decided, "budget")
    text = str(outcome.get("text") or "")
    if not text:
        return None
    currency = str(tenant_record(session.uow).get("group_currency") or "")
    takes = currency and not invoice.is_credit_note and _given(decided, "order known") is not True
    given: Any = read_value(read_record(decided["budget"])["inputs"].get("budget shares")) if takes else ()
    rows = tuple(
        (str(share["cost centre"]), tuple((title, Money(amount, currency)) for title, amount in _figures(share)))
        for share in given or ()
        if share.get("left") is not None
    )
    return BudgetView(text, standing_of(str(outcome.get("outcome") or "")), rows)


def _figures(share: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    """Budget, taken, this and left: the four that add up."""
    this, left = share["this"], share["left"]
    whole = share["budget"] + (share.get("carry over") or 0)
    yield from (("Budget", whole), ("Taken", whole - this - left), ("This", this), ("Left", left))


def _earlier(session: Session, row: CaseRow, invoice: Invoice) -> Iterator[EarlierInvoice]:
    """Other cases of the supplier that the reader may see: those of the same sum, however old, then the newest."""
    if not row.supplier:
        return
    newest = session.uow.newest_supplier_cases(row.supplier, limit=_ASKED)
    known = {other.case_id: other for other in (*newest, *_of_same_sum(session, invoice))}
    others = [
        other
        for other in known.values()
        if other.case_id != row.case_id
        and other.supplier == row.supplier
        and other.gross is not None  # a change of an order or of master data asks for no money
        and session.caller.sees(other.entity)
    ]
    others.sort(key=_arrival, reverse=True)
    others.sort(key=lambda other: (other.gross, other.currency) != (row.gross, row.currency))
    for other in others[:EARLIER_SHOWN]:
        yield EarlierInvoice(
            other.case_id,
            other.number,
            gross_of(other),
            other.received_at,
            summary_of(other),
            standing_of_case(other),
            same_gross=(other.gross, other.currency) == (row.gross, row.currency),
        )


def _of_same_sum(session: Session, invoice: Invoice) -> Sequence[CaseRow]:
    """The cases that come from the same hand and ask for the same sum, the nearest by their dates."""
    names = amount_lookups(identities(invoice, None), invoice.currency, invoice.totals.gross)
    day = invoice.issue_date.isoformat() if invoice.issue_date else ""
    found = session.uow.candidate_keys(names, day, limits.CANDIDATES_PER_KEY_MAX)
    return session.uow.cases_of(dict.fromkeys(key.case_id for key in found))


def _arrival(row: CaseRow) -> tuple[datetime, str]:
    return row.received_at, row.case_id


def record_changes(session: Session, names: Names, supplier: str, since: date | None) -> Iterator[SupplierChange]:
    """What changed in a supplier's record, since a day or ever; an account says who changed and who verified it."""
    versions = session.uow.reference_versions("supplier", supplier) if supplier else ()
    if not versions:
        return
    newest: Any = decode(versions[-1].body)
    for account in newest.get("accounts", ()):
        changed = parse_day(str(account.get("changed_on") or ""))
        if changed is not None and (since is None or changed >= since):
            by, verified = str(account.get("changed_by") or ""), str(account.get("verified_by") or "")
            yield SupplierChange(
                "Bank account", changed, names.person(by), names.person(verified) if verified else "", is_bank=True
            )
    created = parse_day(str(newest.get("created_on") or ""))
    if created is not None and (since is None or created >= since):
        yield SupplierChange("Record created", created)
    for before, after in reversed(list(pairwise(versions))):
        if since is None or after.recorded_at.date() >= since:
            yield from _version_change(names, before, after)


def _version_change(names: Names, before: ReferenceRow, after: ReferenceRow) -> Iterator[SupplierChange]:
    old: Any = decode(before.body)
    new: Any = decode(after.body)
    told = changed_fields(old, new)
    if told:
        yield SupplierChange(names.told(told), after.recorded_at.date(), names.person(after.recorded_by))

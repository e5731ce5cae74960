"""A supplier as people see it: what is on file, what of it changed, its blocks, what is owed, its cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from comptroller.application.presenting.brief import record_changes
from comptroller.application.presenting.paging import LISTED_MAX
from comptroller.application.presenting.words import Names, gross_of, standing_of_case, summary_of
from comptroller.application.records import ReferenceRow
from comptroller.application.session import Refused, Session
from comptroller.application.views import (
    AccountView,
    EarlierInvoice,
    SupplierBlockView,
    SupplierItem,
    SuppliersView,
    SupplierView,
)
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import Money

CASES_SHOWN: Final = 25


@dataclass(frozen=True, slots=True)
class ShowSuppliers:
    """The suppliers whose id, name or VAT id holds a text."""

    query: str = ""


@dataclass(frozen=True, slots=True)
class ShowSupplier:
    """One supplier."""

    key: str


def show_suppliers(session: Session, command: ShowSuppliers) -> SuppliersView:
    """The first suppliers under the filter, by id."""
    found = 0
    items: list[SupplierItem] = []
    for row, body in suppliers_named(session, command.query.casefold().split()):
        found += 1
        if len(items) < LISTED_MAX:
            items.append(_item(row, body))
    return SuppliersView(tuple(items), found, command.query)


def suppliers_named(session: Session, words: Sequence[str]) -> Iterator[tuple[ReferenceRow, dict[str, Any]]]:
    """The suppliers in whose id, name or VAT id each word stands, in small letters, by id."""
    for row in session.uow.reference_list("supplier"):
        body: Any = decode(row.body)
        text = f"{row.key} {body.get('name', '')} {body.get('vat_id', '')}".casefold()
        if all(word in text for word in words):
            yield row, body


def _item(row: ReferenceRow, body: dict[str, Any]) -> SupplierItem:
    return SupplierItem(
        row.key,
        str(body.get("name") or row.key),
        str(body.get("country") or ""),
        str(body.get("category") or ""),
        str(body.get("status") or "active"),
        blocked=", ".join(_blocked(body)),
    )


def _blocked(body: dict[str, Any]) -> Iterator[str]:
    if body.get("purchasing_block"):
        yield "purchasing"
    if body.get("payment_block"):
        yield "payment"


def show_supplier(session: Session, command: ShowSupplier) -> SupplierView | Refused:
    """Everything on file about a supplier; account numbers are masked by the page."""
    versions = session.uow.reference_versions("supplier", command.key)
    if not versions:
        text = f"there is no supplier `{command.key}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "SUPPLIER-UNKNOWN-01", text, help="look in the list"))
    body: Any = decode(versions[-1].body)
    names = Names(session)
    return SupplierView(
        key=command.key,
        name=str(body.get("name") or command.key),
        facts=tuple(_facts(body)),
        accounts=tuple(
            AccountView(
                str(account["account"]),
                parse_day(str(account.get("changed_on") or "")),
                names.person(str(account.get("changed_by") or "")),
                names.person(str(account.get("verified_by") or "")),
            )
            for account in body.get("accounts", ())
        ),
        version=versions[-1].version,
        changes=tuple(record_changes(session, names, command.key, None)),
        blocks=tuple(_blocks(session, names, command.key)),
        cases=tuple(_cases(session, command.key)),
        owed=_owed(session, command.key),
    )


_TOLD: Final = (
    ("country", "Country"),
    ("vat_id", "VAT id"),
    ("registration", "Registration"),
    ("category", "Supplies"),
    ("status", "Status"),
    ("block_reason", "Blocked because"),
    ("payment_days", "Days to pay"),
    ("discount_days", "Days for discount"),
    ("discount_percent", "Discount %"),
    ("probation_limit", "Limit on probation"),
    ("probation_end", "Probation ends"),
    ("contract_end", "Contract ends"),
    ("corporate_group", "Group"),
    ("created_on", "On file since"),
)


def _facts(body: dict[str, Any]) -> Iterator[tuple[str, str | date]]:
    for name, title in _TOLD:
        if body.get(name):
            yield title, parse_day(str(body[name])) or str(body[name])
    blocked = ", ".join(_blocked(body))
    if blocked:
        yield "Blocked for", blocked


def _blocks(session: Session, names: Names, key: str) -> Iterator[SupplierBlockView]:
    blocks = session.uow.payment_blocks(supplier=key)
    texts = session.uow.private_texts([row.reason for row in blocks])
    for row in blocks:
        told = names.told(texts.get(row.reason, row.cause))
        posted = {journal.posted_at for journal, _ in session.uow.journals(row.case_id)} if row.case_id else set()
        by = "" if row.placed_at in posted else names.person(row.placed_by)  # with the posting, by policy
        yield SupplierBlockView(row.case_id, told, row.placed_at, by, row.status, row.block_id)


def _cases(session: Session, key: str) -> Iterator[EarlierInvoice]:
    if Duty.CASE_READ not in session.caller.duties:
        return
    for row in session.uow.newest_supplier_cases(key, limit=CASES_SHOWN):
        if session.caller.sees(row.entity):
            yield EarlierInvoice(
                row.case_id, row.number, gross_of(row), row.received_at, summary_of(row), standing_of_case(row)
            )


def _owed(session: Session, key: str) -> tuple[tuple[str, int, Money], ...]:
    """What is open in the ledger: entity, items and sum by currency; nothing for who may not read the ledger."""
    if Duty.JOURNAL_READ not in session.caller.duties:
        return ()
    sums: dict[tuple[str, str], tuple[int, Money]] = {}
    for entity in session.uow.reference_list("entity"):
        if not session.caller.sees(entity.key):
            continue
        for item in session.uow.open_items(entity=entity.key, supplier=key):
            at = (entity.key, item.currency)
            count, total = sums.get(at, (0, Money(item.amount - item.amount, item.currency)))
            sums[at] = (count + 1, Money(total.amount + item.amount, item.currency))
    return tuple((entity, count, total) for (entity, _), (count, total) in sorted(sums.items()))

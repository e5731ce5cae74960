"""The company that the kit's documents are addressed to: its people, and the master data that the documents name.

The kit writes one bank account and a handful of placeholder names for all its sellers. On file a VAT id is one supplier
and a name one entity; the account belongs to the seller of most documents, so the others' are paid only after a look.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from bench.company import PACK, expense_accounts
from tests.soak.xrechnung.documents import Document

from comptroller.application.access import IssueApiKey
from comptroller.application.dispatcher import Request
from comptroller.application.founding import IMPORTER, Founding, found_tenant
from comptroller.bootstrap import build, pack_files
from comptroller.domain.controls.numbers import identifier
from comptroller.domain.kernel.ids import TenantId
from comptroller.settings import Settings

TENANT: Final = TenantId("xrechnung")
CLERK: Final = "clerk"
AUDITOR: Final = "auditor"
RECEIVER: Final = "receiver"
LEAD: Final = "lead"
ROLES: Final = {
    AUDITOR: "internal-auditor",
    "requester": "requester",
    CLERK: "ap-clerk",
    LEAD: "ap-lead",
    RECEIVER: "receiver",
    "buyer": "buyer",
    "tax": "tax-manager",
    "enters": "supplier-enter",
    "contracts": "contract-owner",
    "controller": "group-controller",
    "operator": "operator",
    "owner": "cost-centre-owner",
    "director": "managing-director",
    "operations": "vp-operations",
    "finance": "cfo",
    "chief": "ceo",
}
LIMITS: Final = {"owner": 25_000, "director": 75_000, "operations": 150_000, "finance": 1_000_000, "chief": 50_000_000}

Record = tuple[str, str, dict[str, Any]]


def found(settings: Settings) -> str:
    """Found the tenant in a database that has the schema; the importer's API key.

    Its policy is the pack with matching rules that reach back to the years of the kit's documents.
    """
    files = pack_files(PACK)
    path = "decisions/line-match.dmn"
    files[path] = files[path].replace(b'date("2025-01-01")', b'date("2010-01-01")')
    platform = build(settings)
    try:
        found_tenant(platform.environment, Founding(TENANT, "XRechnung", "#1d5fa8", files))
        key: str = platform.dispatcher.execute(TENANT, Request(IMPORTER, IssueApiKey(IMPORTER)))["api_key"]
    finally:
        platform.close()
    return key


def people() -> Iterator[Record]:
    """Everybody, each with one role."""
    for person, role in ROLES.items():
        body: dict[str, Any] = {"name": person.title(), "kind": "person", "roles": [role], "entities": ["*"]}
        if person in LIMITS:
            body["limits"] = [{"authority": "invoice", "amount": str(LIMITS[person])}]
        yield "person", person, body


def master_data(documents: list[Document], today: date) -> Iterator[Record]:
    """What the documents name: entities with this day's period open, suppliers, cost centres, orders."""
    entities = _entities(documents)
    for code, name, vat_id in entities:
        body = {"name": name, "country": "DE", "currency": "EUR"} | ({"vat_id": vat_id} if vat_id else {})
        yield "entity", code, body
        yield "period", f"{code}/{today:%Y-%m}", {"state": "open"}
    for kind, key, body in _suppliers(documents):
        yield kind, key, body
        yield "screening", key, {"hit": False, "list_version": "kit", "screened_on": today.isoformat()}
    yield from _books(documents, [code for code, _, _ in entities], today)
    for code, _, _ in entities:
        yield "cost-centre", f"{code}-0", {"name": "General", "owner": "owner", "entity": code}
        budget = {"entity": code, "cost_centre": f"{code}-0", "year": str(today.year), "amount": "1000000000.00"}
        yield "budget", f"{code}/{code}-0/{today.year}", budget
        for vat_id in sorted({document.seller.vat_id for document in documents} - {""}):
            yield "coding", f"{code}/{vat_id}", {"cost_centre": f"{code}-0"}
    codes = {name: code for code, name, _ in entities} | {vat_id: code for code, _, vat_id in entities if vat_id}
    for document in documents:
        if document.cost_centre:
            code = codes.get(document.buyer.vat_id) or codes[document.buyer.name]
            centre, year = document.cost_centre, str(today.year)
            yield "cost-centre", centre, {"name": "Project", "owner": "owner", "entity": code}
            budget = {"entity": code, "cost_centre": centre, "year": year, "amount": "1000000000.00"}
            yield "budget", f"{code}/{centre}/{year}", budget
    ordered = {document.order: document for document in reversed(documents) if document.order}
    for document in ordered.values():
        yield _order(document, codes.get(document.buyer.vat_id) or codes[document.buyer.name])


def _books(documents: list[Document], entities: list[str], today: date) -> Iterator[Record]:
    """A chart of accounts for each entity, and every VAT id as a register would confirm it."""
    for code in entities:
        yield from expense_accounts(code)
    named = {identifier(party.vat_id) for d in documents for party in (d.seller, d.buyer)} - {""}
    for vat_id in sorted(named):
        body = {"country": vat_id[:2], "valid_from": "2000-01-01", "checked_on": today.isoformat(), "source": "kit"}
        yield "vat-registration", vat_id, body


def _entities(documents: list[Document]) -> list[tuple[str, str, str]]:
    """Code, name and VAT id of each buyer: one for a name, one for a VAT id, each with what most documents say."""
    stated = Counter((d.buyer.name, d.buyer.vat_id) for d in documents if d.buyer.vat_id)
    vat_ids: dict[str, str] = {}
    for (name, vat_id), _ in stated.most_common():
        if name not in vat_ids and vat_id not in vat_ids.values():
            vat_ids[name] = vat_id
    known = set(vat_ids.values())
    names = dict.fromkeys(d.buyer.name for d in documents if d.buyer.name in vat_ids or d.buyer.vat_id not in known)
    return [(f"E{number}", name, vat_ids.get(name, "")) for number, name in enumerate(names, start=1)]


def _suppliers(documents: list[Document]) -> Iterator[Record]:
    """A record for each VAT id; the account that all of them print belongs to the one with most documents."""
    sent = Counter(d.seller.vat_id for d in documents if d.seller.vat_id)
    names = Counter((d.seller.vat_id, d.seller.name, d.seller.country) for d in documents if d.seller.vat_id)
    accounts = dict.fromkeys(account for d in documents for account in d.accounts)
    ((holder, _),) = sent.most_common(1)
    for vat_id in sent:
        name, country = next((name, country) for (of, name, country), _ in names.most_common() if of == vat_id)
        body: dict[str, Any] = {"id": vat_id, "name": name, "country": country, "vat_id": vat_id}
        body["category"] = "software"
        if vat_id == holder:
            body |= {"accounts": [{"account": account} for account in accounts], "created_on": "2010-01-04"}
        yield "supplier", vat_id, body


def _order(document: Document, entity: str) -> Record:
    """The order that a document names, as the first document that names it describes it."""
    day = (date.fromisoformat(document.issue_date) - timedelta(days=30)).isoformat()
    lines = [
        {
            "id": line.order_line or str(number),
            "name": line.name,
            "quantity": str(line.quantity),
            "unit": line.unit,
            "price": str(line.price),
            "material_group": "software",
        }
        for number, line in enumerate(document.lines, start=1)
    ]
    body: dict[str, Any] = {"number": document.order, "supplier": document.seller.vat_id, "entity": entity}
    body |= {"currency": document.currency, "order_date": day, "created_by": "buyer", "released_by": "owner"}
    return "order", document.order, {**body, "category": "software", "lines": lines}


def receipt(order: dict[str, Any]) -> Record:
    """Everything of an order received."""
    lines = [{"order_line": line["id"], "quantity": line["quantity"], "unit": line["unit"]} for line in order["lines"]]
    number = f"GR-{order['number']}"
    body = {"number": number, "order": order["number"], "received_on": order["order_date"], "lines": lines}
    return "receipt", number, {**body, "received_by": RECEIVER}

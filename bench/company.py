"""A small company to submit to: one entity, one supplier, many orders with all goods received.

Each order is large, so that invoices never run out of receipts, and there are many, so that clients meet only as often
as real ones do.
"""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Final

from comptroller.adapters.database import upgrade
from comptroller.application.dispatcher import Request
from comptroller.application.founding import IMPORTER, Founding, found_tenant
from comptroller.application.reference import PutReference
from comptroller.application.submit import SubmitDocument
from comptroller.bootstrap import Platform, build, pack_files
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.ids import TenantId
from comptroller.settings import Settings

TENANT: Final = TenantId("bench")
CLERK: Final = "clerk"
OWNER: Final = "owner"
CENTRES: Final = tuple(f"DE-{number}" for number in range(1000, 1020))
"""Cost centres of one owner: what a supplier sold to one of them is looked at together, up to a few dozens."""
ORDERS: Final = 64
PRICE: Final = Decimal("9.40")
PACK: Final = Path(__file__).parent.parent / "packs" / "accounts-payable"

NOWHERE: Final = "http://127.0.0.1:9/postings"
"""A ledger that nobody is asked at."""

_SELLER: Final = {"name": "Nordkupfer Handel GmbH", "vat_id": "DE999940106"}
_BUYER: Final = {"name": "Brennhof GmbH", "vat_id": "DE999942304"}


def found(home: Path, database_url: str, files: Mapping[str, bytes] | None = None, *, ledger_url: str = "") -> Platform:
    """Make the company in a fresh database; its policy is the pack's, or what the files say."""
    settings = Settings(home, database_url, ledger_url, "")
    upgrade(database_url)
    platform = build(settings)
    found_tenant(platform.environment, Founding(TENANT, "Bench", "#1d5fa8", files or pack_files(PACK)))
    today = platform.environment.store.read(TENANT, platform.environment.clock.now).date()
    day = f"{today.year}-01-05"
    records: list[tuple[str, str, dict[str, Any]]] = [
        ("entity", "DE", {**_BUYER, "country": "DE", "currency": "EUR"}),
        ("period", f"DE/{today:%Y-%m}", {"state": "open"}),
        ("person", CLERK, {"name": "Clerk", "kind": "person", "roles": ["ap-clerk"], "entities": ["*"]}),
        (
            "supplier",
            "S01",
            {
                **_SELLER,
                "id": "S01",
                "country": "DE",
                "category": "raw material",
                "accounts": [{"account": "DE32200990010004401001"}],
            },
        ),
    ]
    records.append(("screening", "S01", clean(today)))
    for number in range(ORDERS):
        line = {"id": "1", "name": "Copper tube", "quantity": "1000000", "unit": "KGM", "price": str(PRICE)}
        order = {"number": f"PO-{number}", "supplier": "S01", "entity": "DE", "currency": "EUR", "order_date": day}
        order |= {"created_by": "buyer", "released_by": "owner", "category": "raw material"}
        records.append(("order", f"PO-{number}", {**order, "lines": [{**line, "material_group": "raw material"}]}))
        receipt = {"number": f"GR-{number}", "order": f"PO-{number}", "received_on": day, "received_by": "receiver"}
        received = [{"order_line": "1", "quantity": "1000000", "unit": "KGM"}]
        records.append(("receipt", f"GR-{number}", {**receipt, "lines": received}))
    bring_in(platform, records)
    return platform


def bring_in(platform: Platform, records: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
    """Bring in reference records."""
    for kind, key, body in records:
        answer = platform.dispatcher.execute(TENANT, Request(IMPORTER, PutReference(kind, key, body)))
        if isinstance(answer, Rejection):
            raise SystemExit(f"{kind} {key}: {answer.message} {answer.faults}")


def cost_centres(platform: Platform) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The cost centres that are charged without an order, their owner, their budgets and the accounts."""
    year = platform.environment.store.read(TENANT, platform.environment.clock.now).year
    grant = {"authority": "invoice", "amount": "25000.00", "categories": [], "valid_from": f"{year}-01-01"}
    owner = {"name": "Owner", "kind": "person", "roles": ["cost-centre-owner"], "entities": ["*"], "limits": [grant]}
    yield "person", OWNER, owner
    yield from expense_accounts("DE")
    spent = {"amount": "90000000.00", "carry_over": "0.00", "committed": "0.00", "actual": "0.00", "owner": OWNER}
    for centre in CENTRES:
        yield "cost-centre", centre, {"name": "Plant", "entity": "DE", "owner": OWNER}
        yield "budget", f"DE/{centre}/{year}", {"entity": "DE", "cost_centre": centre, "year": str(year), **spent}


def clean(today: date) -> dict[str, Any]:
    """A screening of today that found nothing."""
    return {"hit": False, "list_version": "bench", "screened_on": today.isoformat()}


def expense_accounts(entity: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every account of an entity's chart to which the pack's policy charges an expense."""
    accounts = tomllib.loads((PACK / "pack.toml").read_text())["accounts"]
    for number in sorted({accounts["expense_other"], *accounts["expense"].values()}):
        yield "ledger-account", f"{entity}/{number}", {"name": number, "type": "expense"}


def document(platform: Platform, number: str, order: int, quantity: int = 10) -> bytes:
    """One matched invoice of one line, in the canonical JSON form."""
    today = platform.environment.store.read(TENANT, platform.environment.clock.now).date().isoformat()
    tax = {"code": "S", "rate": "19"}
    net = PRICE * quantity
    due = (net * Decimal("0.19")).quantize(net, ROUND_HALF_UP)
    gross = str(net + due)
    body = {
        "kind": "invoice",
        "customization": "urn:cen.eu:en16931:2017",
        "number": number,
        "issue_date": today,
        "type_code": "380",
        "currency": "EUR",
        "order_number": f"PO-{order % ORDERS}",
        "delivery_date": today,
        "due_date": today,
        "seller": {**_SELLER, "address": {"city": "Hamburg", "post_code": "20999", "country": "DE"}},
        "buyer": {**_BUYER, "address": {"city": "Hamburg", "post_code": "20999", "country": "DE"}},
        "payments": [{"means_code": "58", "account": "DE32200990010004401001"}],
        "totals": {"line_net": str(net), "net": str(net), "tax": str(due), "gross": gross, "payable": gross},
        "tax_breakdown": [{"taxable_amount": str(net), "tax_amount": str(due), "category": tax}],
        "lines": [
            {
                "id": "1",
                "name": "Copper tube",
                "quantity": str(quantity),
                "unit": "KGM",
                "net_amount": str(net),
                "net_price": str(PRICE),
                "tax": tax,
                "order_line": "1",
            }
        ],
    }
    return json.dumps(body).encode()


def without_order(content: bytes, centre: str = CENTRES[0]) -> bytes:
    """The same invoice, bought without an order for a cost centre, whose owner must approve it."""
    body = json.loads(content)
    del body["order_number"], body["lines"][0]["order_line"]
    return json.dumps(body | {"accounting_reference": centre}).encode()


def request(platform: Platform, content: bytes, media_type: str = "application/json") -> Request:
    """A submission of a document, read and checked."""
    return Request(CLERK, SubmitDocument(content, media_type, platform.environment.read_document(content, media_type)))

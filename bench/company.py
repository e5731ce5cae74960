"""A small company to submit to: one entity, one supplier, many orders with all goods received.

Each order is large, so that invoices never run out of receipts, and there are many, so that clients meet only as often
as real ones do.
"""

import json
import tomllib
from collections.abc import Iterator
from datetime import date
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
ORDERS: Final = 64
PACK: Final = Path(__file__).parent.parent / "packs" / "accounts-payable"

_SELLER: Final = {"name": "Nordkupfer Handel GmbH", "vat_id": "DE999940106"}
_BUYER: Final = {"name": "Brennhof GmbH", "vat_id": "DE999942304"}


def found(home: Path, database_url: str) -> Platform:
    """Make the company in a fresh database."""
    settings = Settings(home, database_url, "", "")
    upgrade(database_url)
    platform = build(settings)
    found_tenant(platform.environment, Founding(TENANT, "Bench", "#1d5fa8", pack_files(PACK)))
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
        line = {"id": "1", "name": "Copper tube", "quantity": "1000000", "unit": "KGM", "price": "9.40"}
        order = {"number": f"PO-{number}", "supplier": "S01", "entity": "DE", "currency": "EUR", "order_date": day}
        order |= {"created_by": "buyer", "released_by": "owner", "category": "raw material"}
        records.append(("order", f"PO-{number}", {**order, "lines": [{**line, "material_group": "raw material"}]}))
        receipt = {"number": f"GR-{number}", "order": f"PO-{number}", "received_on": day, "received_by": "receiver"}
        received = [{"order_line": "1", "quantity": "1000000", "unit": "KGM"}]
        records.append(("receipt", f"GR-{number}", {**receipt, "lines": received}))
    for kind, key, body in records:
        answer = platform.dispatcher.execute(TENANT, Request(IMPORTER, PutReference(kind, key, body)))
        if isinstance(answer, Rejection):
            raise SystemExit(f"{kind} {key}: {answer.message} {answer.faults}")
    return platform


def clean(today: date) -> dict[str, Any]:
    """A screening of today that found nothing."""
    return {"hit": False, "list_version": "bench", "screened_on": today.isoformat()}


def expense_accounts(entity: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every account of an entity's chart to which the pack's policy charges an expense."""
    accounts = tomllib.loads((PACK / "pack.toml").read_text())["accounts"]
    for number in sorted({accounts["expense_other"], *accounts["expense"].values()}):
        yield "ledger-account", f"{entity}/{number}", {"name": number, "type": "expense"}


def document(platform: Platform, number: str, order: int) -> bytes:
    """One matched invoice of one line, in the canonical JSON form."""
    today = platform.environment.store.read(TENANT, platform.environment.clock.now).date().isoformat()
    tax = {"code": "S", "rate": "19"}
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
        "totals": {"line_net": "94.00", "net": "94.00", "tax": "17.86", "gross": "111.86", "payable": "111.86"},
        "tax_breakdown": [{"taxable_amount": "94.00", "tax_amount": "17.86", "category": tax}],
        "lines": [
            {
                "id": "1",
                "name": "Copper tube",
                "quantity": "10",
                "unit": "KGM",
                "net_amount": "94.00",
                "net_price": "9.40",
                "tax": tax,
                "order_line": "1",
            }
        ],
    }
    return json.dumps(body).encode()


def request(platform: Platform, content: bytes, media_type: str = "application/json") -> Request:
    """A submission of a document, read and checked."""
    return Request(CLERK, SubmitDocument(content, media_type, platform.environment.read_document(content, media_type)))

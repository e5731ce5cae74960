"""Who works for one entity brings in no record of another, whichever way the record hangs on it."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from tests.acceptance.company import Company

Change = Callable[[Company], tuple[str, str, dict[str, Any]]]


def of(kind: str, key: str, **changes: Any) -> Change:
    return lambda company: (kind, key, company.record(kind, key) | changes)


def receipt(_company: Company) -> tuple[str, str, dict[str, Any]]:
    lines = [{"order_line": "1", "quantity": "1", "unit": "KGM"}]
    body = {"number": "GR-X", "order": "PO-2026-0104", "received_on": "2026-03-27", "received_by": "", "lines": lines}
    return "receipt", "GR-X", body


RECORDS: Final[dict[str, tuple[str, Change]]] = {
    "an order": ("buyer", of("order", "PO-2026-0442", status="cancelled")),
    "an order that is moved to the own entity": ("buyer", of("order", "PO-2026-0442", entity="FR")),
    "a contract": ("buyer", of("contract", "CT-2023-016", ceiling="40000.00")),
    "an agreement": ("buyer", of("agreement", "AG-2025-0061", amount="2200.00")),
    "a schedule": ("buyer", of("schedule", "AG-2014-0007", instalments=[])),
    "a receipt": ("receiver", receipt),
    "a coding": ("ap-clerk", lambda _: ("coding", "DE/S08", {"cost_centre": "DE-1000"})),
    "a period": ("group-controller", lambda _: ("period", "DE/2026-03", {"state": "closed"})),
}


@pytest.mark.parametrize(("role", "change"), RECORDS.values(), ids=RECORDS)
def test_record_of_an_entity_that_one_does_not_work_for_is_refused(company: Company, role: str, change: Change) -> None:
    kind, key, body = change(company)
    hired = company.record("person", "ruth.sommer") | {"roles": [role], "entities": ["FR"]}
    assert company.person("importer").put("person", "ruth.sommer", hired).status_code == 200
    refused = company.person("ruth.sommer").put(kind, key, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "REFERENCE-ENTITY-01")
    hired["entities"] = ["FR", "DE"]
    assert company.person("importer").put("person", "ruth.sommer", hired).status_code == 200
    assert company.person("ruth.sommer").put(kind, key, body).status_code in {200, 409}

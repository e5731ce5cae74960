"""Kinds of what purchasing agrees: every fault of a record is told, and what it is found by."""

from typing import Any

import pytest

from comptroller.application.reference_kinds import KINDS

RECORDS: dict[str, tuple[str, dict[str, Any]]] = {
    "contract": (
        "C-1",
        {
            "number": "C-1",
            "supplier": "S01",
            "entity": "DE",
            "currency": "EUR",
            "valid_from": "2025-01-01",
            "created_by": "sofia.marchetti",
        },
    ),
    "agreement": (
        "AG-1",
        {
            "number": "AG-1",
            "supplier": "S01",
            "entity": "DE",
            "currency": "EUR",
            "valid_from": "2025-01-01",
            "references": ["EL-1"],
            "released_by": "elif.demir",
        },
    ),
    "schedule": ("AG-1", {"number": "AG-1", "instalments": [{"period": "2026-03", "amount": "18000.00"}]}),
    "unit-conversion": (
        "S01/XBX",
        {"key": "S01/XBX", "supplier": "S01", "unit": "H87", "order_unit": "XBX", "factor": "12"},
    ),
    "dispute": (
        "DS-1",
        {
            "number": "DS-1",
            "supplier": "S01",
            "invoice": "NK-1",
            "kind": "price",
            "amount": "10.00",
            "currency": "EUR",
            "recorded_by": "jonas.adler",
            "recorded_on": "2026-03-27",
        },
    ),
    "order": (
        "PO-1",
        {
            "number": "PO-1",
            "supplier": "S01",
            "entity": "DE",
            "currency": "EUR",
            "order_date": "2026-02-23",
            "created_by": "jonas.adler",
            "lines": [{"id": "1", "name": "Tube", "quantity": "1", "unit": "KGM", "price": "9.40"}],
        },
    ),
}


@pytest.mark.parametrize("kind", RECORDS)
def test_record_in_order_has_no_fault(kind: str) -> None:
    key, body = RECORDS[kind]
    assert KINDS[kind].check(key, body) == ()


@pytest.mark.parametrize(
    ("kind", "changes", "path"),
    [
        ("contract", {"valid_to": "2024-12-31"}, "/valid_to"),
        ("contract", {"ceiling": "0"}, "/ceiling"),
        (
            "contract",
            {"prices": [{"item": "A", "unit": "KGM", "price": "1", "base_quantity": "0"}]},
            "/prices/0/base_quantity",
        ),
        ("agreement", {"references": []}, "/references"),
        ("agreement", {"amount": "-1"}, "/amount"),
        ("agreement", {"months": 0}, "/months"),
        ("schedule", {"instalments": [{"period": "2026-13", "amount": "1"}]}, "/instalments/0/period"),
        ("schedule", {"instalments": [{"period": "2026-03", "amount": "1"}] * 2}, "/instalments/1/period"),
        ("unit-conversion", {"factor": "0"}, "/factor"),
        ("dispute", {"kind": "mood"}, "/kind"),
        ("dispute", {"kind": "return"}, "/lines"),
        ("order", {"ceiling": "-1"}, "/ceiling"),
        ("order", {"number": "PO-2"}, "/number"),
    ],
)
def test_fault_is_told_where_it_is(kind: str, changes: dict[str, Any], path: str) -> None:
    key, body = RECORDS[kind]
    assert [fault.path for fault in KINDS[kind].check(key, body | changes)] == [path]


def test_agreement_is_found_by_what_its_invoices_say_whatever_their_case() -> None:
    key, body = RECORDS["agreement"]
    assert KINDS["agreement"].aliases(key, body | {"references": ["EL  1", "el 1"]}) == ("agreement-of/S01/el 1",)

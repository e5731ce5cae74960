"""What a signer is shown, and which change of it is another content."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.unit.domain.controls.situations import context, invoice, line

from comptroller.domain.controls.content import changes, content_hash, shown_fields
from comptroller.domain.documents.model import Invoice, Party, PaymentInstruction
from comptroller.domain.kernel.canonical_json import decode, encode

DOCUMENT = invoice(line("9400.00", "1000"))
SHOWN = shown_fields(DOCUMENT, context(), "bought without an order")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        pytest.param(replace(DOCUMENT, number="NK-2026-0312"), "number", id="the number"),
        pytest.param(replace(DOCUMENT, due_date=date(2026, 4, 3)), "due date", id="the due date"),
        pytest.param(replace(DOCUMENT, currency="GBP"), "currency", id="the currency"),
        pytest.param(replace(DOCUMENT, totals=replace(DOCUMENT.totals, net=Decimal("9400.01"))), "net", id="the net"),
        pytest.param(
            replace(DOCUMENT, payments=(PaymentInstruction(account="DE68200990010004402002"),)),
            "account",
            id="the account",
        ),
        pytest.param(replace(DOCUMENT, payee=Party(name="Factor Bank")), "payee", id="the payee"),
        pytest.param(replace(DOCUMENT, lines=(line("9400.00", "999"),)), "lines", id="a quantity"),
    ],
)
def test_a_material_change_is_another_content(changed: Invoice, field: str) -> None:
    now = shown_fields(changed, context(), "bought without an order")
    assert content_hash(now) != content_hash(SHOWN)
    assert [change.field for change in changes(SHOWN, now)] == [field]


def test_why_it_came_to_the_signer_is_part_of_what_is_signed() -> None:
    now = shown_fields(DOCUMENT, context(cost_centre="DE-2000"), "matched, but above the limit")
    assert [(change.field, change.old, change.new) for change in changes(SHOWN, now)] == [
        ("cost centre", "DE-1000", "DE-2000"),
        ("route", "bought without an order", "matched, but above the limit"),
    ]


def test_what_is_not_shown_changes_nothing() -> None:
    now = shown_fields(replace(DOCUMENT, notes=("thank you",)), context(), "bought without an order")
    assert content_hash(now) == content_hash(SHOWN)
    assert changes(SHOWN, now) == ()


def test_the_fields_read_back_from_storage_are_the_same_content() -> None:
    stored = decode(encode(SHOWN))
    assert isinstance(stored, dict)
    assert content_hash(stored) == content_hash(SHOWN)
    assert changes(stored, SHOWN) == ()


def test_a_field_that_one_side_lacks_is_a_change() -> None:
    assert [change.field for change in changes({"a": None}, {"b": None})] == ["a", "b"]

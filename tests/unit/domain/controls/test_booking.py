"""Journals without an invoice: goods received, prices amended, what is turned; balanced in two currencies."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.controls.situations import ORDER, receipt

from comptroller.domain.controls.booking import (
    Currencies,
    Entry,
    balanced,
    received_entries,
    repriced_entries,
    reversed_journal,
    unvalued_lines,
)
from comptroller.domain.controls.posting import Accounts, UnbalancedJournal
from comptroller.domain.documents.model import Receipt

ACCOUNTS = Accounts(
    payables="payables",
    receipts_clearing="clearing",
    input_tax="input VAT",
    output_tax="output VAT",
    price_difference="difference",
    rounding="rounding",
    prepayments="prepayments",
    expense_other="other expense",
    expense={"castings": "castings expense"},
    opening="carried forward",
)
EURO = Currencies("EUR", "EUR", Decimal(1))


def booked(entries: list[Entry]) -> dict[str, Decimal]:
    return {entry.account: entry.amount for entry in entries}


@pytest.mark.parametrize(
    ("quantity", "account", "category", "expected"),
    [
        pytest.param("560", "5000", "", {"5000": "5264.00", "clearing": "-5264.00"}, id="the line's own account"),
        pytest.param("1", "", "castings", {"castings expense": "9.40", "clearing": "-9.40"}, id="the category's"),
        pytest.param("1", "", "", {"other expense": "9.40", "clearing": "-9.40"}, id="any other"),
        pytest.param("-5", "5000", "", {"5000": "-47.00", "clearing": "47.00"}, id="a return"),
    ],
)
def test_receipt_is_booked_at_the_order_s_price(
    quantity: str, account: str, category: str, expected: dict[str, str]
) -> None:
    order = replace(ORDER, lines=(replace(ORDER.lines[0], account=account),), category=category)
    entries = received_entries(receipt(quantity), order, ACCOUNTS)
    assert booked(entries) == {name: Decimal(amount) for name, amount in expected.items()}


def test_what_came_before_the_books_stands_against_what_is_carried_forward() -> None:
    entries = received_entries(receipt("100"), ORDER, ACCOUNTS, opening=True)
    assert booked(entries) == {"carried forward": Decimal("940.00"), "clearing": Decimal("-940.00")}


@pytest.mark.parametrize(
    "came",
    [receipt("10", unit="H87"), receipt("10", line="2")],
    ids=["another unit", "no line of the order"],
)
def test_what_cannot_be_valued_is_named_and_left_out(came: Receipt) -> None:
    assert received_entries(came, ORDER, ACCOUNTS) == []
    assert unvalued_lines(came, ORDER) == (came.lines[0].order_line,)


@pytest.mark.parametrize(
    ("price", "quantity", "difference"),
    [
        pytest.param("9.90", "40", "20.00", id="dearer"),
        pytest.param("9.00", "40", "-16.00", id="cheaper"),
        pytest.param("9.90", "0", None, id="all of it invoiced"),
        pytest.param("9.40", "40", None, id="the same price"),
    ],
)
def test_an_amended_price_is_booked_for_what_is_open(price: str, quantity: str, difference: str | None) -> None:
    new = replace(ORDER, lines=(replace(ORDER.lines[0], price=Decimal(price)),))
    entries = repriced_entries(ORDER, new, {"1": Decimal(quantity)}, ACCOUNTS)
    expected = {} if difference is None else {"other expense": Decimal(difference), "clearing": -Decimal(difference)}
    assert booked(entries) == expected


def test_entries_that_do_not_sum_to_nothing_are_a_defect() -> None:
    with pytest.raises(UnbalancedJournal):
        balanced([Entry("a", Decimal("1.00"), ""), Entry("b", Decimal("-0.99"), "")], EURO, "rounding")


@given(
    st.lists(st.decimals("-99999.99", "99999.99", places=2), min_size=1, max_size=8),
    st.decimals("0.0001", "200", places=4),
)
def test_every_journal_balances_in_both_currencies_and_so_does_its_reversal(
    amounts: list[Decimal], rate: Decimal
) -> None:
    entries = [Entry("one", amount, "") for amount in amounts] + [Entry("other", -sum(amounts, Decimal(0)), "")]
    journal = balanced(entries, Currencies("USD", "EUR", rate), "rounding")
    for each in (journal, reversed_journal(journal)):
        assert sum(line.amount for line in each.lines) == 0
        assert sum(line.local_amount for line in each.lines) == 0
    together = [*journal.lines, *reversed_journal(journal).lines]
    assert {line.account: sum(x.amount for x in together if x.account == line.account) for line in together} == {
        line.account: 0 for line in together
    }

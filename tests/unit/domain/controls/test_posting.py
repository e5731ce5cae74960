"""The journal of an invoice: who owes what for what, balanced in two currencies."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.controls.situations import ORDER, SUPPLIER, context, invoice, line, receipt

from comptroller.domain.controls.context import EntityFacts
from comptroller.domain.controls.facts import authority_amount
from comptroller.domain.controls.matching import match_lines
from comptroller.domain.controls.posting import Accounts, Journal, TaxPosting, UnbalancedJournal, build_journal
from comptroller.domain.controls.posting_tax import not_deductible
from comptroller.domain.documents.model import AllowanceCharge, Invoice, TaxCategory, TaxSubtotal

ACCOUNTS = Accounts(
    payables="payables",
    receipts_clearing="clearing",
    input_tax="input VAT",
    output_tax="output VAT",
    price_difference="difference",
    rounding="rounding",
    prepayments="prepayments",
    expense_other="other expense",
    expense={"legal": "legal expense"},
)
CHARGED = TaxPosting(self_assess=False, rate=Decimal(19))
OWED = TaxPosting(self_assess=True, rate=Decimal(19))
LEGAL = replace(SUPPLIER, category="legal")
TAKEN = {"order-line/PO-1/1": Decimal(0)}


def journal(document: Invoice, tax: TaxPosting = CHARGED, **fields: Any) -> Journal:
    around = context(**fields)
    return build_journal(document, around, accounts=ACCOUNTS, tax=tax, matches=match_lines(document, around))


def amounts(made: Journal) -> dict[str, Decimal]:
    """Sum the journal by account, in the document's currency."""
    totals: dict[str, Decimal] = {}
    for entry in made.lines:
        totals[entry.account] = totals.get(entry.account, Decimal(0)) + entry.amount
    return totals


def figures(**values: str) -> dict[str, Decimal]:
    return {name.replace("_", " "): Decimal(value) for name, value in values.items()}


def test_matched_clears_the_receipt() -> None:
    made = journal(invoice(line("9400.00", "1000")))
    assert amounts(made) == {**figures(clearing="9400.00", payables="-11186.00"), "input VAT": Decimal("1786.00")}


def test_a_tolerated_price_goes_to_the_difference_account() -> None:
    booked = amounts(journal(invoice(line("9500.00", "1000"))))
    assert (booked["clearing"], booked["difference"]) == (Decimal("9400.00"), Decimal("100.00"))


def test_a_price_below_the_order_is_a_gain() -> None:
    booked = amounts(journal(invoice(line("9300.00", "1000"))))
    assert (booked["clearing"], booked["difference"]) == (Decimal("9400.00"), Decimal("-100.00"))


def test_only_what_was_received_is_cleared() -> None:
    booked = amounts(journal(invoice(line("9400.00", "1000")), receipts=(receipt("980"),)))
    assert (booked["clearing"], booked["difference"]) == (Decimal("9212.00"), Decimal("188.00"))


def test_the_order_line_names_the_cost_centre() -> None:
    order = replace(ORDER, lines=(replace(ORDER.lines[0], cost_centre="DE-7000"),))
    made = journal(invoice(line("9400.00", "1000")), order=order)
    assert {entry.cost_centre for entry in made.lines if entry.account == "clearing"} == {"DE-7000"}


def test_an_orderless_document_is_an_expense_of_its_category() -> None:
    booked = amounts(journal(invoice(line("100.00", "1"), order=""), order=None, supplier=LEGAL))
    assert booked == {"legal expense": Decimal("100.00"), **figures(payables="-119.00"), "input VAT": Decimal("19.00")}


def test_a_category_without_an_account_goes_to_other_expense() -> None:
    assert "other expense" in amounts(journal(invoice(line("100.00", "1"), order=""), order=None))


def test_reverse_charge_books_the_tax_both_ways() -> None:
    made = journal(invoice(line("24000.00", "1"), order="", tax="0.00"), OWED, order=None, supplier=LEGAL)
    assert amounts(made) == {
        "legal expense": Decimal("24000.00"),
        "input VAT": Decimal("4560.00"),
        "output VAT": Decimal("-4560.00"),
        "payables": Decimal("-24000.00"),
    }


def test_a_credit_note_turns_every_sign() -> None:
    document = invoice(line("100.00", "1"), order="", kind="credit_note")
    booked = amounts(journal(document, order=None, supplier=LEGAL))
    assert booked == {
        "legal expense": Decimal("-100.00"),
        "payables": Decimal("119.00"),
        "input VAT": Decimal("-19.00"),
    }


def test_rounding_and_prepaid_have_their_accounts() -> None:
    document = invoice(line("100.00", "1"), order="")
    totals = replace(document.totals, rounding=Decimal("0.03"), prepaid=Decimal("19.00"), payable=Decimal("100.03"))
    booked = amounts(journal(replace(document, totals=totals), order=None, supplier=LEGAL))
    assert (booked["rounding"], booked["payables"]) == (Decimal("0.03"), Decimal("-100.03"))
    assert (booked["prepayments"], booked["input VAT"]) == (Decimal("-15.97"), Decimal("15.97"))


def test_an_allowance_lowers_the_expense() -> None:
    document = invoice(line("100.00", "1"), order="")
    totals = replace(
        document.totals, net=Decimal("90.00"), tax=Decimal("17.10"), gross=Decimal("107.10"), payable=Decimal("107.10")
    )
    document = replace(
        document,
        totals=totals,
        allowances_charges=(AllowanceCharge(is_charge=False, amount=Decimal("10.00")),),
        tax_breakdown=(TaxSubtotal(Decimal("90.00"), Decimal("17.10"), TaxCategory("S", Decimal(19))),),
    )
    assert amounts(journal(document, order=None, supplier=LEGAL))["legal expense"] == Decimal("90.00")


def test_both_currencies_are_booked() -> None:
    document = invoice(line("48000.00", "160"), order="", tax="0.00")
    fields: dict[str, Any] = {"order": None, "supplier": LEGAL, "rate": Decimal("1.16")}
    made = journal(replace(document, currency="GBP"), OWED, **fields)
    assert (made.currency, made.local_currency, made.rate) == ("GBP", "EUR", Decimal("1.16"))
    assert [entry.local_amount for entry in made.lines if entry.account == "payables"] == [Decimal("-55680.00")]


def test_an_entity_outside_the_group_s_currency_crosses_two_rates() -> None:
    entity = EntityFacts("UK", "GB", "GBP", "GB999230136")
    fields: dict[str, Any] = {"order": None, "supplier": LEGAL, "entity": entity, "entity_rate": Decimal("1.16")}
    made = journal(invoice(line("116.00", "1"), order="", tax="0.00"), **fields)
    assert [entry.local_amount for entry in made.lines] == [Decimal("100.00"), Decimal("-100.00")]


@given(
    nets=st.lists(st.decimals("0.01", "99999.99", places=2), min_size=1, max_size=6),
    rate=st.decimals("0.0001", "200", places=4),
    price=st.decimals("0.01", "500", places=4),
    self_assess=st.booleans(),
    credit=st.booleans(),
)
def test_every_journal_balances_in_both_currencies(
    nets: list[Decimal], rate: Decimal, price: Decimal, self_assess: bool, credit: bool
) -> None:
    document = invoice(
        *(line(str(net), "3") for net in nets),
        tax="0.00" if self_assess else None,
        kind="credit_note" if credit else "invoice",
    )
    order = replace(ORDER, lines=(replace(ORDER.lines[0], price=price),))
    made = journal(document, TaxPosting(self_assess, Decimal(19)), order=order, rate=rate)
    assert sum(entry.amount for entry in made.lines) == 0
    assert sum(entry.local_amount for entry in made.lines) == 0
    assert all(entry.amount or entry.local_amount for entry in made.lines)
    assert all(entry.local_amount == round(entry.local_amount, 2) for entry in made.lines)


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        pytest.param(replace(invoice(line("1.00", "1")), lines=()), {}, id="totals without lines"),
        pytest.param(replace(invoice(line("1.00", "1")), tax_breakdown=()), {}, id="a tax total without a breakdown"),
        pytest.param(invoice(line("1.00", "1")), {"rate": None}, id="no rate"),
        pytest.param(invoice(line("1.00", "1")), {"entity": None}, id="no entity"),
    ],
)
def test_what_does_not_balance_is_a_defect(document: Invoice, fields: dict[str, Any]) -> None:
    with pytest.raises(UnbalancedJournal):
        journal(document, **fields)


def test_a_tax_that_is_owed_at_no_rate_is_a_defect() -> None:
    with pytest.raises(UnbalancedJournal):
        journal(invoice(line("1.00", "1"), tax="0.00"), TaxPosting(self_assess=True, rate=None))


@pytest.mark.parametrize(
    ("document", "tax", "cost"),
    [
        pytest.param(invoice(line("1000.00", "1")), CHARGED, "0", id="deducted whole"),
        pytest.param(
            invoice(line("1000.00", "1")), replace(CHARGED, deductible_percent=Decimal(50)), "95.00", id="half of it"
        ),
        pytest.param(
            invoice(line("1000.00", "1"), tax="0"),
            replace(OWED, deductible_percent=Decimal(0)),
            "190.00",
            id="owed by us",
        ),
    ],
)
def test_authority_is_measured_on_what_the_document_costs(document: Invoice, tax: TaxPosting, cost: str) -> None:
    tax_cost = not_deductible(document, tax)
    assert tax_cost == Decimal(cost)
    measured = authority_amount(document, context(rate=Decimal(2)), tax_cost=tax_cost)
    assert measured == (1000 + Decimal(cost)) * 2

"""Every kind of journal: what each is booked against, and that both columns sum to nothing whatever comes together."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.controls.situations import ORDER, SUPPLIER, context, invoice, line
from tests.unit.domain.controls.test_posting import ACCOUNTS, LEGAL, amounts, figures

from comptroller.domain.controls.ledger_context import Accrual
from comptroller.domain.controls.matching import match_lines
from comptroller.domain.controls.posting import (
    Journal,
    Plan,
    TaxPosting,
    UnbalancedJournal,
    accrual_journal,
    build_journal,
)
from comptroller.domain.controls.purchase_context import Advances
from comptroller.domain.documents.model import AllowanceCharge, Invoice, TaxCategory, TaxSubtotal

ALL = replace(
    ACCOUNTS,
    delivery_cost="delivery",
    exchange_difference="exchange",
    withholding="tax office",
    assets="assets",
    deferrals="deferrals",
    group_payables="group",
)
CHARGED = TaxPosting(self_assess=False, rate=Decimal(19))
OWED = TaxPosting(self_assess=True, rate=Decimal(19))
ORDERLESS: dict[str, Any] = {"order": None, "supplier": LEGAL}


def journal(document: Invoice, tax: TaxPosting = CHARGED, plan: Plan | None = None, **fields: Any) -> Journal:
    around = context(**fields)
    matches = match_lines(document, around)
    return build_journal(document, around, accounts=ALL, tax=tax, matches=matches, plan=plan or Plan())


def booked(document: Invoice, tax: TaxPosting = CHARGED, plan: Plan | None = None, **fields: Any) -> dict[str, Decimal]:
    return amounts(journal(document, tax, plan, **fields))


def local(made: Journal) -> dict[str, Decimal]:
    """Sum the journal by account, in the entity's currency."""
    totals: dict[str, Decimal] = {}
    for entry in made.lines:
        totals[entry.account] = totals.get(entry.account, Decimal(0)) + entry.local_amount
    return {account: amount for account, amount in totals.items() if amount}


def orderless(net: str = "1000.00", tax: str | None = None) -> Invoice:
    return invoice(line(net, "1"), order="", tax=tax)


def with_freight(net: str, freight: str) -> Invoice:
    """A matched invoice with freight that nobody ordered, taxed as the goods."""
    document, charge = invoice(line(net, "1000")), Decimal(freight)
    taxable = Decimal(net) + charge
    vat = (taxable * Decimal("0.19")).quantize(Decimal("0.01"))
    return replace(
        document,
        allowances_charges=(AllowanceCharge(is_charge=True, amount=charge, reason="freight"),),
        totals=replace(document.totals, net=taxable, tax=vat, gross=taxable + vat, payable=taxable + vat),
        tax_breakdown=(TaxSubtotal(taxable, vat, TaxCategory("S", Decimal(19))),),
    )


def test_cost_of_delivery_that_was_not_ordered_has_its_account() -> None:
    found = booked(with_freight("9400.00", "100.00"))
    assert (found["clearing"], found["delivery"], found["input VAT"]) == (
        Decimal("9400.00"),
        Decimal("100.00"),
        Decimal("1805.00"),
    )


def test_an_advance_is_no_expense() -> None:
    document = replace(invoice(line("30000.00", "1"), tax="5700.00"), type_code="386")
    assert booked(document) == {
        **figures(prepayments="30000.00", payables="-35700.00"),
        "input VAT": Decimal("5700.00"),
    }


def final(prepaid: str) -> Invoice:
    document, paid = orderless("100000.00"), Decimal(prepaid)
    return replace(
        document, totals=replace(document.totals, prepaid=paid, payable=(document.totals.gross or Decimal(0)) - paid)
    )


@pytest.mark.parametrize(
    ("advances", "net", "input_tax"),
    [
        pytest.param(None, "-30000.00", "13300.00", id="taxed as the whole"),
        pytest.param(("35700.00", "5700.00"), "-30000.00", "13300.00", id="as the advance was"),
        pytest.param(("35700.00", "0.00"), "-35700.00", "19000.00", id="an advance without VAT"),
    ],
)
def test_the_final_invoice_clears_the_advance(advances: tuple[str, str] | None, net: str, input_tax: str) -> None:
    known = None
    if advances is not None:
        gross, tax = map(Decimal, advances)
        known = Advances(Decimal(0), gross, Decimal(0), gross - tax, tax)
    found = booked(final("35700.00"), advances=known, **ORDERLESS)
    assert (found["prepayments"], found["input VAT"]) == (Decimal(net), Decimal(input_tax))
    assert found["payables"] == Decimal("-83300.00")


@pytest.mark.parametrize(
    ("treatment", "account"), [("asset", "assets"), ("deferred", "deferrals"), ("expense", "legal expense")]
)
def test_the_coding_says_where_a_line_goes(treatment: str, account: str) -> None:
    assert booked(orderless(), plan=Plan(treatments={"1": treatment}), **ORDERLESS)[account] == Decimal("1000.00")


def test_vat_that_may_not_be_deducted_is_a_cost() -> None:
    found = booked(orderless(), TaxPosting(False, Decimal(19), Decimal(50)), **ORDERLESS)
    assert (found["legal expense"], found["input VAT"]) == (Decimal("1095.00"), Decimal("95.00"))


def test_of_reverse_charge_too_only_a_share_is_deducted() -> None:
    found = booked(orderless(tax="0.00"), TaxPosting(True, Decimal(19), Decimal(0)), **ORDERLESS)
    assert found == {"legal expense": Decimal("1190.00"), "output VAT": Decimal("-190.00"), "payables": Decimal(-1000)}


def test_vat_that_is_not_deducted_needs_something_that_bears_it() -> None:
    document = replace(orderless(), lines=())
    totals = replace(document.totals, net=Decimal(0), gross=Decimal("190.00"), payable=Decimal("190.00"))
    with pytest.raises(UnbalancedJournal):
        booked(replace(document, totals=totals), TaxPosting(False, Decimal(19), Decimal(0)), **ORDERLESS)


def test_an_acquisition_is_told_from_reverse_charge() -> None:
    document = orderless("7605.00", "0.00")
    goods = TaxSubtotal(Decimal("7605.00"), Decimal("0.00"), TaxCategory("K", Decimal(0)))
    made = journal(replace(document, tax_breakdown=(goods,)), OWED, **ORDERLESS)
    texts = {entry.text: entry.amount for entry in made.lines if "VAT" in entry.text}
    assert texts == {"input VAT, acquisition": Decimal("1444.95"), "output VAT, acquisition": Decimal("-1444.95")}


def test_what_is_kept_back_is_owed_to_the_tax_office() -> None:
    plan = Plan(withheld_percent=Decimal(15), withheld_base=Decimal("1190.00"))
    found = booked(orderless(), plan=plan, **ORDERLESS)
    assert (found["payables"], found["tax office"]) == (Decimal("-1011.50"), Decimal("-178.50"))


def test_a_company_of_the_group_has_its_own_payables() -> None:
    found = booked(orderless(), plan=Plan(in_pair=True), **ORDERLESS)
    assert (found["group"], "payables" in found) == (Decimal("-1190.00"), False)


@pytest.mark.parametrize(
    ("received_at", "difference"),
    [
        pytest.param("0.90", "188.00", id="the dollar has risen: a loss"),
        pytest.param("0.93", "-94.00", id="the dollar has fallen: a gain"),
        pytest.param("0.92", None, id="the same rate"),
        pytest.param(None, None, id="the rate of the receipt is not known"),
    ],
)
def test_goods_are_cleared_at_the_rate_they_came_at(received_at: str | None, difference: str | None) -> None:
    document = replace(invoice(line("9400.00", "1000"), tax="0.00"), currency="USD")
    rate = Decimal(received_at) if received_at else None
    made = journal(document, rate=Decimal("0.92"), receipt_rate=rate)
    found = local(made)
    assert found.get("exchange") == (Decimal(difference) if difference else None)
    assert found["payables"] == Decimal("-8648.00")
    assert amounts(made)["clearing"] == Decimal("9400.00")


def test_an_accrual_and_its_reversal_are_each_other_s_mirror() -> None:
    accrual = Accrual("accrual/A", "2026-02", Decimal("4700.00"), "clearing", "accruals", "DE-1000")
    made, taken_back = (accrual_journal(accrual, "EUR", reverse=reverse) for reverse in (False, True))
    assert amounts(made) == {"clearing": Decimal(4700), "accruals": Decimal(-4700)}
    assert amounts(taken_back) == {"clearing": Decimal(-4700), "accruals": Decimal(4700)}


PERCENT = st.decimals(0, 100, places=1)
AMOUNT = st.decimals("0.01", "99999.99", places=2)
RATE = st.decimals("0.0001", "200", places=4)


@given(data=st.data(), nets=st.lists(AMOUNT, min_size=1, max_size=5), rate=RATE, credit=st.booleans())
def test_whatever_comes_together_balances_in_both_currencies(
    data: st.DataObject, nets: list[Decimal], rate: Decimal, credit: bool
) -> None:
    self_assess, ordered = data.draw(st.booleans()), data.draw(st.booleans())
    lines = [line(str(net), "3", id=str(place)) for place, net in enumerate(nets)]
    document = invoice(
        *lines,
        order="PO-1" if ordered else "",
        tax="0.00" if self_assess else None,
        kind="credit_note" if credit else "invoice",
    )
    prepaid, rounding = (
        data.draw(st.decimals(0, document.totals.gross, places=2)),
        data.draw(st.sampled_from(["0", "0.04"])),
    )
    payable = (document.totals.gross or Decimal(0)) - prepaid + Decimal(rounding)
    totals = replace(document.totals, prepaid=prepaid, rounding=Decimal(rounding), payable=payable)
    document = replace(document, totals=totals, currency=data.draw(st.sampled_from(["EUR", "USD", "JPY"])))
    plan = Plan(
        treatments={
            str(place): data.draw(st.sampled_from(["asset", "deferred", "expense"])) for place in range(len(nets))
        },
        withheld_percent=data.draw(PERCENT),
        withheld_base=data.draw(AMOUNT),
        in_pair=data.draw(st.booleans()),
    )
    order = replace(ORDER, lines=(replace(ORDER.lines[0], price=data.draw(st.decimals("0.01", "500", places=4))),))
    fields: dict[str, Any] = {"order": order if ordered else None, "supplier": SUPPLIER if ordered else LEGAL}
    tax = TaxPosting(self_assess, Decimal(19), data.draw(PERCENT))
    made = journal(document, tax, plan, rate=rate, receipt_rate=data.draw(st.none() | RATE), **fields)
    assert sum(entry.amount for entry in made.lines) == 0
    assert sum(entry.local_amount for entry in made.lines) == 0
    assert all(entry.amount or entry.local_amount for entry in made.lines)

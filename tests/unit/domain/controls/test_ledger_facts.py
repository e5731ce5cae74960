"""What the ledger and the booking of a document are told as, and what cost centres bear and take."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.domain.controls.situations import ORDER, context, invoice, line

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.cost_shares import budget_takes, cost_shares
from comptroller.domain.controls.facts import invoice_facts
from comptroller.domain.controls.ledger_context import Accrual, Budget, Intercompany, Periods, Rate
from comptroller.domain.controls.purchase_context import CeilingTaken, RecurringSupply
from comptroller.domain.documents.model import AllowanceCharge, Invoice, Period, Totals
from comptroller.domain.documents.purchasing import Agreement, Contract

ORDERLESS: dict[str, Any] = {"order": None, "rate": Decimal(1)}
KEY = "budget/DE/DE-1000/2026"


def told(document: Invoice, **fields: Any) -> dict[str, Any]:
    return dict(invoice_facts(document, context(**fields)))


def two_centres() -> Invoice:
    return invoice(line("600.00", "1"), line("300.00", "1", accounting_reference="DE-4000"), order="")


# ---- who bears what ------------------------------------------------------------------------------------------------


def around(**fields: Any) -> InvoiceContext:
    return context(**{**ORDERLESS, **fields})


def test_each_line_is_borne_by_the_cost_centre_that_it_names() -> None:
    assert cost_shares(two_centres(), around()) == {"DE-1000": Decimal("600.00"), "DE-4000": Decimal("300.00")}


def test_shares_are_in_the_group_s_currency() -> None:
    assert cost_shares(two_centres(), around(rate=Decimal("1.16"))) == {
        "DE-1000": Decimal("696.0000"),
        "DE-4000": Decimal("348.0000"),
    }


def test_what_is_charged_on_the_whole_is_borne_by_the_document_s_own_cost_centre() -> None:
    document = two_centres()
    totals = replace(document.totals, net=Decimal("950.00"))
    charge = AllowanceCharge(is_charge=True, amount=Decimal("50.00"))
    document = replace(document, totals=totals, allowances_charges=(charge,))
    assert cost_shares(document, around()) == {"DE-1000": Decimal("650.00"), "DE-4000": Decimal("300.00")}


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        pytest.param(replace(two_centres(), totals=Totals()), {}, id="no net"),
        pytest.param(two_centres(), {"rate": None}, id="no rate"),
        pytest.param(replace(two_centres(), lines=(replace(line("1.00", "1"), net_amount=None),)), {}, id="a line"),
    ],
)
def test_shares_that_cannot_be_measured_are_not_known(document: Invoice, fields: dict[str, Any]) -> None:
    assert cost_shares(document, around(**fields)) is None


@pytest.mark.parametrize(
    ("document", "fields", "taken"),
    [
        pytest.param(invoice(line("100.00", "1"), order=""), ORDERLESS, {KEY: Decimal("100.00")}, id="order-less"),
        pytest.param(invoice(line("9400.00", "1000")), {}, {}, id="a released order has committed it"),
        pytest.param(
            invoice(line("100.00", "1")),
            {"order": replace(ORDER, released_by="")},
            {KEY: Decimal("100.00")},
            id="an order that nobody released",
        ),
        pytest.param(
            invoice(line("100.00", "1")),
            {"order": replace(ORDER, released_by=ORDER.created_by)},
            {KEY: Decimal("100.00")},
            id="an order released by its own creator",
        ),
        pytest.param(invoice(line("100.00", "1"), order="", kind="credit_note"), ORDERLESS, {}, id="a credit note"),
        pytest.param(
            invoice(line("100.00", "1"), order=""),
            {**ORDERLESS, "budgets": (Budget("DE-1000", KEY),)},
            {},
            id="no budget on file",
        ),
    ],
)
def test_what_a_document_takes_of_budgets(document: Invoice, fields: dict[str, Any], taken: dict[str, Decimal]) -> None:
    assert budget_takes(document, context(**fields)) == taken


# ---- facts ---------------------------------------------------------------------------------------------------------


def share(budget: Budget, net: str = "100.00") -> dict[str, Any]:
    found = told(invoice(line(net, "1"), order=""), budgets=(budget,), **ORDERLESS)["budget shares"]
    (only,) = found
    assert isinstance(only, dict)
    return only


def test_a_budget_counts_carry_over_and_everything_that_is_taken() -> None:
    amounts = {"carry_over": "100", "committed": "200", "actual": "300", "taken": "150"}
    found = share(Budget("DE-1000", KEY, Decimal(900), **{name: Decimal(value) for name, value in amounts.items()}))
    assert (found["used percent"], found["left"]) == (Decimal(75), Decimal("250.00"))


def test_a_budget_of_nothing_has_no_percentage() -> None:
    found = share(Budget("DE-1000", KEY, Decimal(0), taken=Decimal(0)))
    assert (found["known"], found["used percent"], found["left"]) == (True, None, Decimal("-100.00"))


def test_a_budget_that_is_not_on_file() -> None:
    found = share(Budget("DE-1000", KEY))
    assert (found["known"], found["used percent"], found["left"]) == (False, None, None)


def test_a_rate_is_told_with_its_age_and_its_distance_from_the_reference() -> None:
    rate = Rate("USD", Decimal("0.92"), "table", "monthly", date(2026, 3, 1), Decimal("0.80"))
    (found,) = told(invoice(line("1.00", "1")), rates=(rate,))["rates"]
    assert (found["known"], found["age"], found["deviation"]) == (True, Decimal(26), Decimal(15))


@pytest.mark.parametrize("rate", [Rate("USD"), Rate("USD", Decimal(0))], ids=["none on file", "nothing"])
def test_a_rate_that_converts_nothing_is_not_known(rate: Rate) -> None:
    (found,) = told(invoice(line("1.00", "1")), rates=(rate,))["rates"]
    assert (found["known"], found["age"], found["deviation"]) == (False, None, None)


CONTRACT = Contract("C-1", "S01", "DE", "CHF", date(2026, 1, 1), "sofia.marchetti")
AGREEMENT = Agreement("AG-1", "S01", "DE", "GBP", date(2025, 1, 1), ("EL-1",), "elif.demir")


@pytest.mark.parametrize(
    ("fields", "agreed"),
    [
        pytest.param({}, None, id="neither"),
        pytest.param({"ceiling": CeilingTaken(CONTRACT, "C-1", Decimal(0))}, "CHF", id="a contract"),
        pytest.param({"ceiling": CeilingTaken(None, "C-9", Decimal(0))}, None, id="a contract that is not on file"),
        pytest.param({"recurring": RecurringSupply(AGREEMENT, None, "2026-03", False)}, "GBP", id="an agreement"),
    ],
)
def test_the_agreed_currency_is_that_of_contract_or_agreement(fields: dict[str, Any], agreed: str | None) -> None:
    assert told(invoice(line("1.00", "1"), order=""), **ORDERLESS, **fields)["contract currency"] == agreed


def test_an_accrual_is_told_where_there_is_one() -> None:
    accrual = Accrual("accrual/A", "2026-02", Decimal("4700.00"), "1590", "1595")
    found = told(invoice(line("1.00", "1")), periods=Periods("2026-03", "open", "2026-02", "closed", accrual))
    assert found["accrual"] == {"known": True, "period": "2026-02", "amount": Decimal("4700.00"), "account": "1590"}
    assert told(invoice(line("1.00", "1")))["accrual"] is None


def test_the_counterpart_s_difference_is_of_the_gross_amounts() -> None:
    known = Intercompany("S21", True, True, "EUR", Decimal("100.00"))
    found = told(invoice(line("100.00", "1")), intercompany=known)["counterpart"]
    assert (found["currency same"], found["difference"]) == (True, Decimal("19.00"))


@pytest.mark.parametrize(
    ("period", "months"),
    [
        pytest.param(None, 1, id="none"),
        pytest.param(Period(date(2026, 3, 1), date(2026, 3, 31)), 1, id="a month"),
        pytest.param(Period(date(2026, 3, 15), date(2026, 4, 14)), 2, id="over the end of a month"),
        pytest.param(Period(date(2026, 1, 1), date(2026, 12, 31)), 12, id="a year"),
        pytest.param(Period(date(2026, 3, 1), None), 1, id="no end"),
        pytest.param(Period(date(2026, 3, 1), date(2025, 3, 1)), 1, id="ends before it begins"),
    ],
)
def test_months_that_a_line_reaches_over(period: Period | None, months: int) -> None:
    (found,) = told(replace(invoice(line("1.00", "1"), order=""), period=period), **ORDERLESS)["coding lines"]
    assert found["months"] == months


def test_the_line_s_own_cost_centre_goes_before_the_document_s() -> None:
    first, second = told(two_centres(), **ORDERLESS)["coding lines"]
    assert (first["cost centre"], first["cost centre known"]) == ("DE-1000", True)
    assert (second["cost centre"], second["cost centre known"], second["cost centre open"]) == ("DE-4000", False, None)


@pytest.mark.parametrize(
    ("net", "price", "base", "rounding"),
    [
        pytest.param("10.00", "3.3333", None, "0", id="less than a cent"),
        pytest.param("10.02", "3.3333", None, "0.0201", id="two cents"),
        pytest.param("10.00", "333.33", "100", "0", id="a price for a hundred"),
        pytest.param("10.00", None, None, "0", id="no price stated"),
    ],
)
def test_a_line_s_rounding(net: str, price: str | None, base: str | None, rounding: str) -> None:
    item = replace(
        line(net, "3"),
        net_price=Decimal(price) if price else None,
        price_base_quantity=Decimal(base) if base else None,
    )
    assert told(invoice(item))["line rounding"] == Decimal(rounding)


def test_totals_that_do_not_add_up_are_told() -> None:
    document = invoice(line("100.00", "1"))
    assert told(document)["document rounding"] == 0
    document = replace(document, totals=replace(document.totals, gross=Decimal("119.01")))
    assert told(document)["document rounding"] == Decimal("0.01")

"""The facts of purchasing: ceilings and price lists, charges, recurring agreements, credits, advances, terms."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.domain.controls.situations import ORDER, SUPPLIER, context, invoice, line, receipt

from comptroller.domain.controls.credit import credit_basis, disputed_left
from comptroller.domain.controls.facts.advances import advance_facts
from comptroller.domain.controls.facts.ceiling import ceiling_facts
from comptroller.domain.controls.facts.charges import charge_facts
from comptroller.domain.controls.facts.recurring import recurring_facts
from comptroller.domain.controls.facts.terms import terms_facts, working_day_of
from comptroller.domain.controls.matching import match_lines
from comptroller.domain.controls.purchase_context import Advances, CeilingTaken, Original, RecurringSupply
from comptroller.domain.documents.model import AllowanceCharge, Terms
from comptroller.domain.documents.purchasing import Agreement, Contract, Dispute, Instalment, ListedPrice, Schedule

CONTRACT = Contract(
    "C-1",
    "S01",
    "DE",
    "EUR",
    date(2025, 1, 1),
    "sofia.marchetti",
    released_by="elif.demir",
    ceiling=Decimal(60000),
    consumed=Decimal(50000),
    prices=(ListedPrice("CT-22", "KGM", Decimal("9.40")),),
)
AGREEMENT = Agreement(
    "AG-1", "S01", "DE", "EUR", date(2025, 1, 1), ("EL-1",), "elif.demir", amount=Decimal(2150), owner="sofia.marchetti"
)
RETURN = Dispute("RT-1", "S01", "NK-1", "return", Decimal(47), "EUR", "karim.benali", date(2026, 3, 24))
NOTHING_PAID = Advances(*[Decimal(0)] * 5)
NK1 = Original("c1", "NK-1", "posted", "EUR", Decimal(9400), Decimal(0), Decimal(0))


def contract_facts(taken: str | None = "7500", **changes: Any) -> dict[str, Any]:
    held = CeilingTaken(replace(CONTRACT, **changes), "C-1", None if taken is None else Decimal(taken))
    bill = invoice(line("9400.00", "1000", buyer_item_id="CT-22"), order="")
    return dict(ceiling_facts(bill, context(order=None, ceiling=held)))


def test_what_others_took_counts_with_what_was_consumed_before() -> None:
    assert contract_facts()["contract consumed"] == Decimal(57500)
    assert contract_facts(taken=None)["contract consumed"] is None


@pytest.mark.parametrize(
    ("price", "over"),
    [("9.40", Decimal("0.00")), ("9.39", Decimal("10.00")), ("9.41", Decimal("-10.00"))],
    ids=["as listed", "dearer", "cheaper"],
)
def test_a_line_beside_the_price_list(price: str, over: Decimal) -> None:
    (listed,) = contract_facts(prices=(ListedPrice("CT-22", "KGM", Decimal(price)),))["listed prices"]
    assert (listed["listed"], listed["over"]) == (True, over)


@pytest.mark.parametrize(
    "price",
    [
        pytest.param(ListedPrice("OTHER", "KGM", Decimal("9.40")), id="another item"),
        pytest.param(ListedPrice("CT-22", "H87", Decimal("9.40")), id="another unit"),
        pytest.param(ListedPrice("CT-22", "KGM", Decimal("9.40"), valid_to=date(2026, 1, 31)), id="no longer valid"),
    ],
)
def test_a_price_that_is_not_the_line_s(price: ListedPrice) -> None:
    (listed,) = contract_facts(prices=(price,))["listed prices"]
    assert listed["listed"] is False


def test_a_contract_that_its_maker_released_is_not_released() -> None:
    assert contract_facts(released_by="sofia.marchetti")["contract released"] is False


def test_a_framework_order_without_its_contract_is_told() -> None:
    order = replace(ORDER, order_type="framework", contract="C-9")
    facts = ceiling_facts(
        invoice(line("9.40", "1")), context(order=order, ceiling=CeilingTaken(None, "C-9", Decimal(0)))
    )
    assert facts["contract source"] == "unknown"


def charges(*items: AllowanceCharge, **fields: Any) -> dict[str, Any]:
    return dict(charge_facts(replace(invoice(line("9400.00", "1000")), allowances_charges=items), context(**fields)))


def test_charges_at_document_level_by_their_code() -> None:
    found = charges(AllowanceCharge(True, Decimal(80), reason_code="FC"), AllowanceCharge(False, Decimal(5)))
    assert [(each["type"], each["value"]) for each in found["charges"]] == [("freight", Decimal(80))]
    assert found["goods value"] == Decimal("9400.00")


def test_a_charge_without_a_known_code_has_no_kind() -> None:
    assert charges(AllowanceCharge(True, Decimal(80), reason="misc"))["charges"][0]["type"] is None


def test_a_carrier_s_line_beyond_the_order_is_a_charge_of_the_whole_order() -> None:
    bill = invoice(line("640.00", "1", order_line="9"))
    around = context(supplier=replace(SUPPLIER, category="freight"))
    facts: Any = charge_facts(bill, around)
    assert [(each["type"], each["line"]) for each in facts["charges"]] == [("freight", "1")]
    assert facts["goods value"] == Decimal("9400.00")


def recurring(net: str, schedule: Schedule | None = None, **changes: Any) -> dict[str, Any]:
    supply = RecurringSupply(replace(AGREEMENT, **changes), schedule, "2026-03", False)
    return dict(recurring_facts(invoice(line(net, "1"), order=""), context(order=None, recurring=supply)))


def test_how_far_an_amount_is_from_what_was_agreed() -> None:
    assert recurring("2365.00")["agreed percent"] == Decimal(10)
    assert recurring("1935.00")["agreed percent"] == Decimal(10)
    assert recurring("1935.00", amount=None)["agreed percent"] is None


def test_the_instalment_of_the_period() -> None:
    schedule = Schedule("AG-1", (Instalment("2026-03", Decimal(18000)),))
    assert recurring("18000.00", schedule)["scheduled amount"] == Decimal(18000)
    assert recurring("18000.00", Schedule("AG-1", ()))["scheduled amount"] is None


def test_an_agreement_that_ended_before_the_supply() -> None:
    assert recurring("2150.00", valid_to=date(2026, 3, 19))["agreement in force"] is False
    assert recurring("2150.00", valid_to=date(2026, 3, 20))["agreement in force"] is True


CREDIT = invoice(line("47.00", "5"), kind="credit_note")


@pytest.mark.parametrize(
    ("disputes", "basis", "left"),
    [
        pytest.param((), "none", Decimal(0), id="nothing on file"),
        pytest.param((replace(RETURN, kind="price"),), "dispute", Decimal(47), id="a dispute that covers it"),
        pytest.param(
            (replace(RETURN, kind="price", amount=Decimal("46.99")),), "none", Decimal("46.99"), id="a cent less"
        ),
        pytest.param((replace(RETURN, kind="price", status="withdrawn"),), "none", Decimal(0), id="withdrawn"),
        pytest.param((replace(RETURN, kind="price", currency="GBP"),), "none", Decimal(0), id="another currency"),
        pytest.param((RETURN,), "none", Decimal(0), id="a return is counted by quantity"),
    ],
)
def test_what_a_credit_note_rests_on(disputes: tuple[Dispute, ...], basis: str, left: Decimal) -> None:
    around = context(original=replace(NK1, disputes=disputes), taken={"order-line/PO-1/1": Decimal(50)})
    assert credit_basis(CREDIT, around) == basis
    assert disputed_left(CREDIT, around) == left


def test_a_return_counts_for_every_invoice_but_its_own() -> None:
    went_back = replace(RETURN, order="PO-1", lines=receipt("5").lines)
    bill = replace(invoice(line("470.00", "50")), number="NK-1")
    around = context(receipts=(receipt("50"),), returns=(went_back,))
    assert match_lines(bill, around)[0].available == Decimal(50)
    assert match_lines(replace(bill, number="NK-2"), around)[0].available == Decimal(45)


@pytest.mark.parametrize(
    ("asked", "share"), [("0", Decimal(30)), ("2820.00", Decimal(60))], ids=["the first advance", "a second one"]
)
def test_all_advances_of_an_order_count_together(asked: str, share: Decimal) -> None:
    bill = replace(invoice(line("2820.00", "1")), type_code="386")
    facts = advance_facts(bill, context(advances=replace(NOTHING_PAID, net=Decimal(asked))))
    assert facts["prepayment share"] == share


@pytest.mark.parametrize(
    ("guarantee", "until", "on_file"),
    [("AZB", None, True), ("AZB", date(2026, 3, 27), True), ("AZB", date(2026, 3, 26), False), ("", None, False)],
    ids=["without an end", "on its last day", "ended", "none"],
)
def test_a_guarantee_in_force(guarantee: str, until: date | None, on_file: bool) -> None:
    order = replace(ORDER, guarantee=guarantee, guarantee_until=until)
    assert advance_facts(invoice(line("9.40", "1")), context(order=order))["guarantee on file"] is on_file


@pytest.mark.parametrize(
    ("month", "number", "day"),
    [
        ("2026-03", 1, date(2026, 3, 2)),
        ("2026-03", 3, date(2026, 3, 4)),
        ("2026-05", 1, date(2026, 5, 1)),
        ("", 3, None),
        ("2026-03", 0, None),
    ],
)
def test_working_days_of_a_month(month: str, number: int, day: date | None) -> None:
    assert working_day_of(month, number) == day


def test_the_last_receipt_that_stands_is_the_acceptance() -> None:
    late = replace(receipt("10"), received_on=date(2026, 3, 25), status="reversed")
    facts: Any = terms_facts(invoice(line("9.40", "1")), context(receipts=(receipt("1000"), late)))
    assert facts["accepted on"] == date(2026, 3, 18)


def test_terms_of_the_order_are_told_beside_the_supplier_s() -> None:
    facts: Any = terms_facts(invoice(line("9.40", "1")), context(order=replace(ORDER, terms=Terms(days=14))))
    assert (facts["order terms"]["days"], facts["supplier terms"]["days"]) == (Decimal(14), Decimal(30))
    assert facts["agreement terms"] is None

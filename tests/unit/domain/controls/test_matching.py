"""Line matching: how far a line is from its order and from what was received."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.controls.situations import ORDER, context, invoice, line, receipt

from comptroller.domain.controls.matching import LineMatch, Over, match_lines, takes
from comptroller.domain.documents.model import Invoice, OrderLine

KEY = "order-line/PO-1/1"
NOTHING = Over(Decimal(0), Decimal(0), Decimal(0))


def only(document: Invoice, **fields: object) -> LineMatch:
    (match,) = match_lines(document, context(**fields))
    return match


@pytest.mark.parametrize(
    ("net", "quantity", "difference", "percent"),
    [
        pytest.param("9400.00", "1000", "0.00", "0", id="at the order's price"),
        pytest.param("9588.00", "1000", "188.00", "2", id="2 % over"),
        pytest.param("9212.00", "1000", "-188.00", "2", id="2 % under"),
        pytest.param("9400.01", "1000", "0.01", "0.0001063829787234042553191489361702128", id="a cent over, unrounded"),
        pytest.param("0.31", "0.033", "0.00", "0", id="what the order would have billed is rounded to the cent"),
    ],
)
def test_price(net: str, quantity: str, difference: str, percent: str) -> None:
    match = only(invoice(line(net, quantity)))
    assert match.price_difference == Decimal(difference)
    assert match.price_percent == Decimal(percent)
    assert match.price_value == abs(Decimal(difference))


def test_the_value_of_a_difference_is_in_group_currency() -> None:
    assert only(invoice(line("9500.00", "1000")), rate=Decimal("1.16")).price_value == Decimal("116.0000")


def test_without_a_rate_a_difference_has_no_value() -> None:
    match = only(invoice(line("9500.00", "1000")), rate=None)
    assert match.price_value is None
    assert match.price_difference == Decimal("100.00")


def test_a_free_item_that_is_billed_has_no_percentage() -> None:
    free = replace(ORDER, lines=(replace(ORDER.lines[0], price=Decimal(0)),))
    assert only(invoice(line("5.00", "1")), order=free).price_percent is None


@pytest.mark.parametrize(
    ("quantity", "receipts", "taken", "over_receipt", "over_order"),
    [
        pytest.param("1000", ["1000"], "0", NOTHING, NOTHING, id="all of it"),
        pytest.param("120", ["120"], "0", NOTHING, NOTHING, id="a part delivery"),
        pytest.param(
            "600",
            ["560"],
            "0",
            Over(Decimal(40), Decimal(40) / 560 * 100, Decimal("376.00")),
            NOTHING,
            id="40 kg too many",
        ),
        pytest.param(
            "1030",
            ["1030"],
            "0",
            NOTHING,
            Over(Decimal(30), Decimal(3), Decimal("282.00")),
            id="received more than ordered",
        ),
        pytest.param(
            "300",
            ["500"],
            "400",
            Over(Decimal(200), Decimal(200), Decimal("1880.00")),
            NOTHING,
            id="another took it first",
        ),
        pytest.param(
            "300",
            ["500", "-250"],
            "0",
            Over(Decimal(50), Decimal(20), Decimal("470.00")),
            NOTHING,
            id="some was returned",
        ),
        pytest.param("100", ["500"], "500", Over(Decimal(100), None, Decimal("940.00")), NOTHING, id="nothing is left"),
        pytest.param("100", [], "0", Over(Decimal(100), None, Decimal("940.00")), NOTHING, id="nothing was received"),
    ],
)
def test_quantity(quantity: str, receipts: list[str], taken: str, over_receipt: Over, over_order: Over) -> None:
    net = str((Decimal(quantity) * Decimal("9.40")).quantize(Decimal("0.01")))
    arrived = tuple(receipt(item) for item in receipts)
    match = only(invoice(line(net, quantity)), receipts=arrived, taken={KEY: Decimal(taken)})
    assert match.over_receipt is not None
    assert match.over_receipt.quantity == over_receipt.quantity
    assert match.over_receipt.value == over_receipt.value
    if over_receipt.percent is None:
        assert match.over_receipt.percent is None
    else:
        assert match.over_receipt.percent is not None
        assert round(match.over_receipt.percent, 20) == round(over_receipt.percent, 20)
    assert match.over_order == over_order


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"receipts": None}, id="receipts were not read"),
        pytest.param({"receipts": (receipt("10", unit="C62"),)}, id="received in another unit"),
        pytest.param({"taken": None}, id="balances were not read"),
        pytest.param({"taken": {}}, id="the line's balance was not read"),
    ],
)
def test_what_is_not_known_stays_unknown(fields: dict[str, object]) -> None:
    match = only(invoice(line("94.00", "10")), **fields)
    assert match.available is None
    assert match.over_receipt is None
    assert match.clearing_quantity == 0


def test_receipts_of_another_order_do_not_count() -> None:
    assert only(invoice(line("94.00", "10")), receipts=(receipt("10", order="PO-2"),)).received == 0


def test_a_quantity_finer_than_balances_are_counted_is_unknown() -> None:
    assert only(invoice(line("9.40", "1.0000001"))).quantity is None
    assert only(invoice(line("9.40", "1.0000000"))).quantity == 1


@pytest.mark.parametrize(
    ("document", "known"),
    [
        pytest.param(invoice(line("9.40", "1", order_line="1")), True, id="the line is named"),
        pytest.param(invoice(line("9.40", "1")), True, id="an order's only line needs no name"),
        pytest.param(invoice(line("9.40", "1", order_line="9")), False, id="no such line"),
        pytest.param(invoice(line("9.40", "1", order_number="PO-2")), False, id="the line names another order"),
    ],
)
def test_finding_the_order_line(document: Invoice, known: bool) -> None:
    assert (only(document).order_line is not None) is known
    assert (KEY in takes(document, ORDER)) is known


def test_without_a_name_no_line_of_several_is_guessed() -> None:
    second = OrderLine("2", "Elbow", Decimal(5), "H87", Decimal(2))
    match = only(invoice(line("9.40", "1")), order=replace(ORDER, lines=(*ORDER.lines, second)))
    assert match.order_line is None


def test_two_lines_on_one_order_line_share_what_is_left() -> None:
    document = invoice(line("5640.00", "600"), line("5640.00", "600"))
    first, second = match_lines(document, context())
    assert (first.available, second.available) == (Decimal(1000), Decimal(400))
    assert takes(document, ORDER) == {KEY: Decimal(1200)}


def test_a_negative_line_gives_nothing_back_to_the_next() -> None:
    document = invoice(line("-940.00", "-100"), line("9400.00", "1000"))
    assert [match.available for match in match_lines(document, context())] == [Decimal(1000), Decimal(1000)]
    assert takes(document, ORDER) == {KEY: Decimal(1000)}


def test_nothing_is_taken_by_a_credit_note_or_without_an_order() -> None:
    assert takes(invoice(line("9.40", "1"), kind="credit_note"), ORDER) == {}
    assert takes(invoice(line("9.40", "1")), None) == {}
    assert match_lines(invoice(line("9.40", "1")), context(order=None)) == ()


@given(
    st.lists(st.integers(1, 400), min_size=1, max_size=5),
    st.integers(0, 2000),
    st.integers(0, 2000),
)
def test_what_clears_never_exceeds_what_was_received(quantities: list[int], received: int, taken: int) -> None:
    document = invoice(*(line("1.00", str(quantity)) for quantity in quantities))
    arrived = (receipt(str(received)),)
    matches = match_lines(document, context(receipts=arrived, taken={KEY: Decimal(taken)}))
    cleared = sum(match.clearing_quantity for match in matches)
    assert cleared <= max(received - taken, 0)
    over = sum(match.over_receipt.quantity > 0 for match in matches if match.over_receipt)
    assert (over == 0) == (sum(quantities) <= received - taken)

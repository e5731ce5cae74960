"""Line matching: how far a line is from its order and from what was received."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.controls.situations import ORDER, context, invoice, line, receipt

from comptroller.domain.controls.matching import LineMatch, Over, match_lines, takes
from comptroller.domain.documents.model import Invoice, OrderLine, Receipt, ReceiptLine
from comptroller.domain.documents.purchasing import UnitConversion

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
    assert (KEY in takes(document, context())) is known


def test_without_a_name_no_line_of_several_is_guessed() -> None:
    second = OrderLine("2", "Elbow", Decimal(5), "H87", Decimal(2))
    match = only(invoice(line("9.40", "1")), order=replace(ORDER, lines=(*ORDER.lines, second)))
    assert match.order_line is None


def test_two_lines_on_one_order_line_share_what_is_left() -> None:
    document = invoice(line("5640.00", "600"), line("5640.00", "600"))
    first, second = match_lines(document, context())
    assert (first.available, second.available) == (Decimal(1000), Decimal(400))
    assert takes(document, context()) == {KEY: Decimal(1200)}


def test_a_negative_line_gives_nothing_back_to_the_next() -> None:
    document = invoice(line("-940.00", "-100"), line("9400.00", "1000"))
    assert [match.available for match in match_lines(document, context())] == [Decimal(1000), Decimal(1000)]
    assert takes(document, context()) == {KEY: Decimal(1000)}


def test_nothing_is_taken_by_a_credit_note_or_without_an_order() -> None:
    assert takes(invoice(line("9.40", "1"), kind="credit_note"), context()) == {}
    assert takes(invoice(line("9.40", "1")), context(order=None)) == {}
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


PIECES = UnitConversion("S01/XBX/H87", "S01", "H87", "XBX", Decimal(12))
BOXES = replace(
    ORDER, lines=(OrderLine("1", "Bearing", Decimal(2), "XBX", Decimal("540.00"), material_group="bearings"),)
)


@pytest.mark.parametrize(
    ("pieces", "boxes", "fits"),
    [
        pytest.param("24", Decimal(2), True, id="twenty-four pieces are two boxes"),
        pytest.param("18", Decimal("1.5"), True, id="a box and a half"),
        pytest.param("25", None, True, id="what leaves a remainder is not counted"),
    ],
)
def test_pieces_are_counted_in_the_boxes_that_were_ordered(pieces: str, boxes: Decimal | None, fits: bool) -> None:
    document = invoice(line("1080.00", pieces, unit="H87"))
    match = only(document, order=BOXES, receipts=(receipt("2", unit="XBX"),), conversions=(PIECES,))
    assert (match.quantity, match.unit_fits) == (boxes, fits)


def test_two_boxes_billed_as_pieces_cost_what_was_ordered() -> None:
    document = invoice(line("1080.00", "24", unit="H87"))
    match = only(document, order=BOXES, receipts=(receipt("24", unit="H87"),), conversions=(PIECES,))
    assert (match.price_difference, match.received, match.available) == (Decimal("0.00"), Decimal(2), Decimal(2))


def test_without_a_conversion_on_file_units_are_never_compared() -> None:
    match = only(invoice(line("1080.00", "24", unit="H87")), order=BOXES, receipts=(receipt("2", unit="XBX"),))
    assert (match.quantity, match.unit_fits) == (None, False)


def test_a_conversion_of_another_item_does_not_count() -> None:
    other = replace(PIECES, item="B-7")
    match = only(invoice(line("1080.00", "24", unit="H87")), order=BOXES, conversions=(other,))
    assert match.unit_fits is False


def test_a_price_for_a_hundred_is_divided() -> None:
    per_hundred = replace(ORDER.lines[0], price=Decimal("940.00"), price_base_quantity=Decimal(100))
    match = only(invoice(line("9400.00", "1000")), order=replace(ORDER, lines=(per_hundred,)))
    assert match.price_difference == Decimal("0.00")


def of_kind(kind: str, quantity: str = "1000", **fields: object) -> Receipt:
    return replace(receipt(quantity), kind=kind, **fields)  # type: ignore[arg-type]  # fields of the receipt


def inspected(quantity: str, accepted: str | None) -> Receipt:
    judged = None if accepted is None else Decimal(accepted)
    return replace(receipt(quantity), lines=(ReceiptLine("1", Decimal(quantity), "KGM", accepted=judged),))


@pytest.mark.parametrize(
    ("order", "receipts", "received"),
    [
        pytest.param({}, [of_kind("receipt")], "1000", id="a receipt"),
        pytest.param({}, [of_kind("receipt", status="reversed")], "0", id="a reversed receipt counts nowhere"),
        pytest.param({}, [of_kind("receipt"), of_kind("return", "-40")], "960", id="less what went back"),
        pytest.param(
            {"order_type": "consignment"}, [of_kind("receipt")], "0", id="a consignment store: not by receipt"
        ),
        pytest.param(
            {"order_type": "consignment"},
            [of_kind("receipt"), of_kind("withdrawal", "30")],
            "30",
            id="but by withdrawal",
        ),
        pytest.param({}, [of_kind("withdrawal", "30")], "0", id="a withdrawal is no receipt"),
        pytest.param({"match": "four-way"}, [inspected("1000", None)], "0", id="four-way: not before its inspection"),
        pytest.param({"match": "four-way"}, [inspected("1000", "970")], "970", id="four-way: what was accepted"),
    ],
)
def test_what_counts_as_received_follows_the_order(
    order: dict[str, object], receipts: list[Receipt], received: str
) -> None:
    changed = replace(ORDER, **order)  # type: ignore[arg-type]  # fields of the order
    match = only(invoice(line("9400.00", "1000")), order=changed, receipts=tuple(receipts))
    assert match.received == Decimal(received)


def test_what_waits_for_inspection_and_what_is_final_is_told() -> None:
    fields = {"order": replace(ORDER, match="four-way"), "receipts": (inspected("1000", None),)}
    assert only(invoice(line("9400.00", "1000")), **fields).receipt.uninspected == 1000
    last = replace(receipt("900"), lines=(ReceiptLine("1", Decimal(900), "KGM", final=True),))
    assert only(invoice(line("9400.00", "1000")), receipts=(last,)).receipt.final


@pytest.mark.parametrize(
    ("credited", "returned", "given_back"),
    [
        pytest.param("5", "5", {KEY: Decimal(-5)}, id="what went back is given back"),
        pytest.param("5", "3", {KEY: Decimal(-3)}, id="and no more than that"),
        pytest.param("5", "0", {}, id="nothing went back"),
    ],
)
def test_a_credit_note_gives_back_what_was_invoiced_and_went_back(
    credited: str, returned: str, given_back: dict[str, Decimal]
) -> None:
    document = invoice(line("47.00", credited), kind="credit_note")
    receipts = (receipt("50"), replace(receipt("-" + returned), kind="return"))
    assert takes(document, context(receipts=receipts, taken={KEY: Decimal(50)})) == given_back

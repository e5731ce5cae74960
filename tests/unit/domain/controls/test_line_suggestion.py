"""A line of the order is suggested by what a clerk would look at, and only where one stands out."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.unit.domain.controls.situations import ORDER, invoice, line

from comptroller.domain.controls.line_suggestion import Suggestion, suggested_lines
from comptroller.domain.documents.model import OrderLine

TUBE = OrderLine("1", "Copper tube 22 x 1.0 mm", Decimal(1000), "KGM", Decimal("9.40"), item="CT-22")
ELBOW = OrderLine("2", "Elbow 22 mm", Decimal(50), "H87", Decimal("3.10"), item="EL-22")
SEAL = OrderLine("3", "Seal kit", Decimal(10), "H87", Decimal(310), item="SK-1", price_base_quantity=Decimal(100))
OTHER_TUBE = replace(TUBE, id="4", item="CT-22-B")


@pytest.mark.parametrize(
    ("billed", "ordered", "suggested"),
    [
        pytest.param({"buyer_item_id": "EL-22"}, (TUBE, ELBOW), Suggestion("2", ("item number",)), id="our number"),
        pytest.param({"item_id": "CT-22"}, (TUBE, ELBOW), Suggestion("1", ("item number",)), id="the seller's"),
        pytest.param({"name": "ELBOW 22 mm"}, (TUBE, ELBOW), Suggestion("2", ("description",)), id="the same words"),
        pytest.param(
            {"name": "Seal kit, NBR", "net_price": Decimal("3.10"), "unit": "H87"},
            (TUBE, SEAL),
            Suggestion("3", ("description", "price")),
            id="the price of a hundred",
        ),
        pytest.param(
            {"name": "Copper tube 22 x 1.0 mm", "item_id": "EL-22"},
            (TUBE, ELBOW),
            Suggestion("2", ("item number",)),
            id="a number says more than words",
        ),
        pytest.param({"name": "Copper tube 22 x 1.0 mm"}, (TUBE, OTHER_TUBE), None, id="two are called so"),
        pytest.param({"net_price": Decimal("3.10"), "unit": "H87"}, (ELBOW, SEAL), None, id="two cost so much"),
        pytest.param({"net_price": Decimal("9.40"), "unit": "H87"}, (TUBE, ELBOW), None, id="a price of another unit"),
        pytest.param({"name": "Freight"}, (TUBE, ELBOW), None, id="nothing in common"),
    ],
)
def test_suggestion(billed: dict[str, object], ordered: tuple[OrderLine, ...], suggested: Suggestion | None) -> None:
    told = replace(line("94.00", "10"), **{"name": "item", **billed})  # type: ignore[arg-type]  # fields of a line
    found = suggested_lines(invoice(told), replace(ORDER, lines=ordered))
    assert found.get(1) == suggested


def test_price_in_another_currency_suggests_nothing() -> None:
    told = replace(line("94.00", "10"), name="item", net_price=Decimal("9.40"))
    order = replace(ORDER, lines=(TUBE, ELBOW), currency="GBP")
    assert suggested_lines(invoice(told), order) == {}

"""Two readings of one document, compared as what they say and not as how it is written."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from comptroller.domain.documents.difference import Difference, differences
from comptroller.domain.documents.model import DocumentKind, Invoice, Line, Party, Totals

LINE = Line(id="1", name="Pump housing", net_amount=Decimal("13000.00"))
INVOICE = Invoice(
    number="FG-1",
    issue_date=date(2026, 3, 20),
    seller=Party(name="Ferrum Guss GmbH"),
    totals=Totals(gross=Decimal("15470.00")),
    lines=(LINE,),
)


@pytest.mark.parametrize(
    ("after", "found"),
    [
        pytest.param(INVOICE, [], id="the same"),
        pytest.param(replace(INVOICE, totals=Totals(gross=Decimal(15470))), [], id="an amount with other digits"),
        pytest.param(
            replace(INVOICE, customization="urn:x", profile="p", kind=DocumentKind.CREDIT_NOTE), [], id="another form"
        ),
        pytest.param(
            replace(INVOICE, totals=Totals(gross=Decimal("15470.01"))),
            [Difference("/totals/gross", Decimal("15470.00"), Decimal("15470.01"))],
            id="a cent",
        ),
        pytest.param(
            replace(INVOICE, issue_date=None), [Difference("/issue_date", date(2026, 3, 20), None)], id="left out"
        ),
        pytest.param(replace(INVOICE, order_number="PO-1"), [Difference("/order_number", None, "PO-1")], id="added"),
        pytest.param(
            replace(INVOICE, lines=(replace(LINE, name="Pump"),)),
            [Difference("/lines/0/name", "Pump housing", "Pump")],
            id="in a line",
        ),
        pytest.param(
            replace(INVOICE, lines=(LINE, LINE)), [Difference("/lines/1", None, LINE)], id="a line more, as a whole"
        ),
        pytest.param(replace(INVOICE, seller=None), [Difference("/seller", INVOICE.seller, None)], id="nobody named"),
    ],
)
def test_every_value_that_differs_is_told_once(after: Invoice, found: list[Difference]) -> None:
    assert list(differences(INVOICE, after)) == found

"""VAT rows: what the document charges beside what its own rate gives."""

from decimal import Decimal

import pytest

from comptroller.domain.controls.tax import tax_of, tax_rows
from comptroller.domain.documents.model import Invoice, TaxCategory, TaxSubtotal


@pytest.mark.parametrize(
    ("taxable", "rate", "currency", "expected"),
    [
        pytest.param("1234.56", "19", "EUR", "234.57", id="rounded half up to the cent"),
        pytest.param("0.50", "5", "EUR", "0.03", id="half a cent goes up"),
        pytest.param("-0.50", "5", "EUR", "-0.03", id="away from zero below it"),
        pytest.param("999", "10", "JPY", "100", id="a currency without cents"),
    ],
)
def test_tax_of(taxable: str, rate: str, currency: str, expected: str) -> None:
    assert tax_of(Decimal(taxable), Decimal(rate), currency) == Decimal(expected)


def row_of(subtotal: TaxSubtotal) -> tuple[Decimal | None, Decimal | None]:
    (row,) = tax_rows(Invoice(currency="EUR", tax_breakdown=(subtotal,)))
    return row.rate, row.difference


@pytest.mark.parametrize(
    ("subtotal", "rate", "difference"),
    [
        pytest.param(
            TaxSubtotal(Decimal("1234.56"), Decimal("234.56"), TaxCategory("S", Decimal(19))),
            19,
            "0.01",
            id="a cent less",
        ),
        pytest.param(TaxSubtotal(Decimal(100), Decimal(0), TaxCategory("O")), 0, "0", id="outside scope has no rate"),
        pytest.param(TaxSubtotal(Decimal(100), Decimal(19), TaxCategory("S")), None, None, id="a tax without its rate"),
        pytest.param(TaxSubtotal(None, Decimal(19), TaxCategory("S", Decimal(19))), 19, None, id="no taxable amount"),
        pytest.param(TaxSubtotal(Decimal(100), None, TaxCategory("S", Decimal(19))), 19, None, id="no tax amount"),
        pytest.param(TaxSubtotal(Decimal(100), Decimal(19)), None, None, id="no category"),
    ],
)
def test_a_row(subtotal: TaxSubtotal, rate: int | None, difference: str | None) -> None:
    assert row_of(subtotal) == (rate, None if difference is None else Decimal(difference))

"""VAT as invoiced, row by row of the breakdown, with the tax that the row's own rate gives.

What the treatment ought to be is decided by table; here it is only measured how the document calculates.
"""

from dataclasses import dataclass
from decimal import Decimal

from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.money import CONTEXT, ZERO, round_money

_PERCENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class TaxRow:
    """One row of the VAT breakdown; None where the document does not say."""

    category: str | None
    rate: Decimal | None
    taxable: Decimal | None
    amount: Decimal | None
    computed: Decimal | None  # taxable amount times rate, in minor units
    exemption_stated: bool

    @property
    def difference(self) -> Decimal | None:
        """Size of the gap between the stated and the computed tax."""
        if self.amount is None or self.computed is None:
            return None
        return abs(CONTEXT.subtract(self.amount, self.computed))


def tax_of(taxable: Decimal, rate: Decimal, currency: str) -> Decimal:
    """Compute the tax on an amount at a rate in percent, rounded to the currency's minor unit."""
    return round_money(CONTEXT.multiply(CONTEXT.multiply(taxable, rate), _PERCENT), currency)


def tax_rows(invoice: Invoice) -> tuple[TaxRow, ...]:
    """Read the VAT breakdown; a category that is stated without a rate and taxes nothing (O) counts as zero percent."""
    rows: list[TaxRow] = []
    for subtotal in invoice.tax_breakdown:
        category = subtotal.category
        rate = category.rate if category is not None else None
        if rate is None and subtotal.tax_amount == ZERO:
            rate = ZERO
        taxable = subtotal.taxable_amount
        rows.append(
            TaxRow(
                (category.code or None) if category is not None else None,
                rate,
                taxable,
                subtotal.tax_amount,
                tax_of(taxable, rate, invoice.currency) if taxable is not None and rate is not None else None,
                bool(subtotal.exemption_reason or subtotal.exemption_reason_code),
            )
        )
    return tuple(rows)

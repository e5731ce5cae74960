"""Discounts for paying early: EN 16931 leaves them to the text of BT-20; two usages say them to programs.

# SOURCE: XRechnung 3.0, BR-DE-18: lines `#SKONTO#TAGE=14#PROZENT=2.25#BASISBETRAG=100.00#` in BT-20;
# Factur-X EXTENDED, ApplicableTradePaymentDiscountTerms.
"""

import re
from decimal import Decimal
from typing import Final

from comptroller.adapters.einvoice.node import Node
from comptroller.adapters.einvoice.values import Values
from comptroller.domain.documents.model import PaymentDiscount

_SKONTO: Final = re.compile(
    r"#SKONTO#TAGE=(?P<days>[0-9]{1,3})#PROZENT=(?P<percent>[0-9]{1,2}\.[0-9]{2})"
    r"(?:#BASISBETRAG=(?P<base>-?[0-9]{1,15}\.[0-9]{2}))?#"
)
_DAYS_MAX: Final = 999


def discounts_in(text: str) -> tuple[PaymentDiscount, ...]:
    """The discounts that a text of payment terms says in the form of XRechnung.

    >>> discounts_in("#SKONTO#TAGE=10#PROZENT=2.00#")[0].days
    10
    """
    return tuple(
        PaymentDiscount(
            int(found["days"]), Decimal(found["percent"]), Decimal(found["base"]) if found["base"] else None
        )
        for found in _SKONTO.finditer(text)
    )


def discount_terms(values: Values, settlement: Node | None) -> tuple[PaymentDiscount, ...]:
    """The discounts of a Cross Industry Invoice: its own elements, else those in its text."""
    found: list[PaymentDiscount] = []
    texts: list[str] = []
    for terms in [] if settlement is None else settlement.findall("ram:SpecifiedTradePaymentTerms"):
        texts.append(values.text(terms, "ram:Description"))
        discount = terms.find("ram:ApplicableTradePaymentDiscountTerms")
        percent = values.decimal(discount, "ram:CalculationPercent")
        measure = None if discount is None else discount.find("ram:BasisPeriodMeasure")
        days = values.decimal_in(measure)
        if percent is None or days is None or not 0 < days <= _DAYS_MAX or days != int(days):
            continue
        if values.attribute(measure, "unitCode") in ("DAY", ""):
            found.append(PaymentDiscount(int(days), percent, values.amount(discount, "ram:BasisAmount")))
    return tuple(found) or discounts_in("\n".join(texts))

"""Money and exact decimals: no float, no silent rounding.

All arithmetic runs in `CONTEXT`, 34 digits, so that a decision gives the same bytes on every machine. Amounts keep the
digits they were written with; rounding to a currency's minor unit is a step that somebody calls.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Final

from comptroller.domain.kernel import limits

CONTEXT: Final = Context(
    prec=limits.DECIMAL_DIGITS_MAX,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
"""IEEE 754 decimal128. Use its methods (`CONTEXT.multiply(a, b)`) or `decimal.localcontext(CONTEXT)`."""

ZERO: Final = Decimal(0)

_PLAIN_DECIMAL: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)\Z", re.ASCII)

_MINOR_UNITS_OTHER_THAN_TWO: Final = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}

_MINOR_UNITS_TWO: Final = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW "
    "CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR "
    "ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV "
    "MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD "
    "SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
).split()

# SOURCE: ISO 4217, list one; codes of metals, funds without a minor unit and testing codes are left out on purpose.
MINOR_UNITS: Final[dict[str, int]] = dict.fromkeys(_MINOR_UNITS_TWO, 2) | _MINOR_UNITS_OTHER_THAN_TWO
"""Decimal places of each known currency."""


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in a currency (ISO 4217)."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        """As people read it, `EUR 1,234.50`: thousands apart, to the currency's minor unit and what is finer."""
        return f"{self.currency} {in_its_digits(self.amount, self.currency):,f}"


def parse_decimal(text: str) -> Decimal | None:
    """Read a plain decimal (`-12.50`): no exponent, no NaN or infinity, within the limits; None for anything else."""
    text = text.strip()
    if _PLAIN_DECIMAL.match(text) is None:
        return None
    value = Decimal(text)
    if value.adjusted() >= limits.AMOUNT_INTEGER_DIGITS_MAX or len(value.as_tuple().digits) > limits.DECIMAL_DIGITS_MAX:
        return None
    return value


def round_to(value: Decimal, places: int) -> Decimal:
    """Round half up (away from zero), as EN 16931 and tax law mean it, to so many decimal places."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=CONTEXT)


def round_money(value: Decimal, currency: str) -> Decimal:
    """Round half up to the currency's minor unit; an unknown currency counts as having two places."""
    return round_to(value, MINOR_UNITS.get(currency, 2))


def in_its_digits(value: Decimal, currency: str) -> Decimal:
    """The same amount with the places that its currency has, and with more only where it is finer than that.

    >>> in_its_digits(Decimal("9400"), "EUR"), in_its_digits(Decimal("0.03450"), "EUR")
    (Decimal('9400.00'), Decimal('0.0345'))
    """
    rounded = round_money(value, currency)
    return rounded if rounded == value else value.normalize(CONTEXT)


def decimal_text(value: Decimal) -> str:
    """Write a decimal without an exponent, keeping its trailing zeros: the form stored, hashed and signed.

    >>> decimal_text(Decimal("1E+2")), decimal_text(Decimal("1.50")), decimal_text(Decimal("-0.0"))
    ('100', '1.50', '0.0')
    """
    return format(abs(value) if value.is_zero() else value, "f")

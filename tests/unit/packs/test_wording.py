"""How the pack's texts write money: as the platform writes it everywhere else, whatever the currency."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.packs.accounts_payable import NOW, ROOT, models
from tests.unit.packs.test_accounts_payable import SITUATIONS

from comptroller import dmn
from comptroller.domain.kernel.money import MINOR_UNITS, Money, round_money, round_to

WORDING: Final = dmn.load(ROOT / "decisions" / "wording.dmn")
CURRENCIES: Final = sorted(MINOR_UNITS)
AMOUNTS: Final = st.decimals("-999999999999999", "999999999999999", places=6)

_BARE: Final = re.compile(r"(?<![A-Z]{3} )(?<![A-Z]{3} -)(?<![\d.,(+-])\d[\d,]*\.\d\d\b(?! %)")
"""Two decimals without a currency in front or a percentage behind."""


def written(function: str, amount: Decimal | None, currency: str | None) -> object:
    outcome = WORDING.invoke(function, {"amount": amount, "currency": currency})
    assert outcome.faults == ()
    return outcome.value


@pytest.mark.parametrize("currency", CURRENCIES)
def test_money_has_the_digits_of_its_currency(currency: str) -> None:
    for text in ("0", "0.4", "999.5", "1800", "1234567.891", "-1000", "12345678901234567890.12"):
        amount = round_money(Decimal(text), currency)
        assert written("money", amount, currency) == str(Money(amount, currency))


@given(AMOUNTS, st.sampled_from(CURRENCIES))
def test_money_is_rounded_to_the_minor_unit(amount: Decimal, currency: str) -> None:
    rounded = round_money(amount, currency)
    assert written("money", amount, currency) == str(Money(rounded or Decimal(0), currency))


@given(AMOUNTS, st.sampled_from(CURRENCIES))
def test_a_price_keeps_what_is_finer_than_the_minor_unit(amount: Decimal, currency: str) -> None:
    told = written("unit price", amount, currency)
    code, _, figures = str(told).partition(" ")
    assert (code, Decimal(figures.replace(",", ""))) == (currency, round_to(amount, 6))


@pytest.mark.parametrize(
    ("amount", "currency", "told"),
    [
        pytest.param(None, "EUR", "an unknown amount", id="what is not known"),
        pytest.param(Decimal(1800), None, "1,800.00", id="a document without a currency"),
        pytest.param(Decimal("-0.004"), "EUR", "EUR 0.00", id="nothing is not negative"),
    ],
)
def test_what_money_lacks_is_said(amount: Decimal | None, currency: str | None, told: str) -> None:
    assert written("money", amount, currency) == told


def texts(value: Any) -> Iterator[str]:
    """Every text that people read in an outcome."""
    for name, entry in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        if name == "text":
            yield str(entry)
        else:
            yield from texts(entry)


def test_no_text_writes_an_amount_without_its_currency() -> None:
    bare = [
        text
        for situation in SITUATIONS
        if situation.decision not in {"currency and rate", "sanctions"}  # rates and scores are no amounts
        for text in texts(models()[situation.decision].decide(situation.decision, situation.inputs, NOW).value)
        if _BARE.search(text)
    ]
    assert bare == []

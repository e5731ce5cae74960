from decimal import Decimal

import pytest

from comptroller.domain.documents.model import Invoice, PaymentInstruction, Totals
from comptroller.domain.documents.visual_text import amounts, contradictions, ibans

INVOICE = Invoice(
    number="RE-2026/17",
    totals=Totals(net=Decimal("1000.00"), tax=Decimal("190.00"), gross=Decimal("1190.00"), payable=Decimal("1190.00")),
    payments=(PaymentInstruction(account="DE89 3704 0044 0532 0130 00"),),
)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="a page without text"),
        pytest.param("Thank you for your business", id="a text that names nothing"),
        pytest.param("Rechnung Nr. RE 2026 17", id="the number with other separators"),
        pytest.param("Rechnungsnummer: RE-2026/17 Ihre Rechnung Nr. 4711 vom Vorjahr", id="another number besides"),
        pytest.param("Gesamtbetrag 1.190,00", id="the total in German style"),
        pytest.param("Grand total 1,190.00", id="the total in English style"),
        pytest.param("Total TTC 1 190,00 EUR", id="the total in French style"),
        pytest.param("Gesamtbetrag 1190,00", id="the total without separators"),
        pytest.param("Gesamtbetrag netto 1.000,00", id="another of its totals behind a like label"),
        pytest.param("Summe 17,00  3 x 5,00", id="other amounts without the label"),
        pytest.param("IBAN: DE89370400440532013000 oder GB82 WEST 1234 5698 7654 32", id="a second account"),
        pytest.param("IBAN: GB82 WEST 1234 5698 7654 33", id="an account that is none by its check digits"),
    ],
)
def test_page_that_does_not_contradict(text: str) -> None:
    assert contradictions(INVOICE, text) == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("Rechnung Nr. RE-2026/18", "PDF-TEXT-01", id="another number"),
        pytest.param("Invoice number: 2026-0017", "PDF-TEXT-01", id="another number, English"),
        pytest.param("Facture N° F-99", "PDF-TEXT-01", id="another number, French"),
        pytest.param("Gesamtbetrag EUR 1.910,00", "PDF-TEXT-02", id="transposed digits of the total"),
        pytest.param("Amount due 11,900.00", "PDF-TEXT-02", id="ten times the total"),
        pytest.param("Net à payer 2 190,00", "PDF-TEXT-02", id="another total, French"),
        pytest.param("IBAN: GB82 WEST 1234 5698 7654 32", "PDF-TEXT-03", id="another account"),
    ],
)
def test_page_that_contradicts(text: str, code: str) -> None:
    faults = contradictions(INVOICE, text)
    assert [fault.code for fault in faults] == [code]
    assert faults[0].path


def test_credit_note_shown_with_its_sign_is_no_contradiction() -> None:
    negative = Invoice(totals=Totals(gross=Decimal("-8.79"), payable=Decimal("-8.79")))
    assert contradictions(negative, "Gesamtbetrag -8,79") == ()


@pytest.mark.parametrize(
    ("text", "meant"), [("1.234.567,89", "1234567.89"), ("1,234,567.89", "1234567.89"), ("0,05", "0.05")]
)
def test_amounts_are_read_in_both_styles(text: str, meant: str) -> None:
    assert amounts(text) == {Decimal(meant)}


def test_iban_is_found_before_following_words() -> None:
    assert list(ibans("IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX")) == ["DE89370400440532013000"]

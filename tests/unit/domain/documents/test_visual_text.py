from datetime import date
from decimal import Decimal

import pytest

from comptroller.domain.documents.model import Invoice, Party, PaymentInstruction, PrecedingInvoice, Totals
from comptroller.domain.documents.page_values import amount, amounts, dates, ibans
from comptroller.domain.documents.visual_text import contradictions

INVOICE = Invoice(
    number="RE-2026/17",
    issue_date=date(2026, 3, 27),
    seller=Party(vat_id="DE123456789"),
    buyer=Party(vat_id="FR40303265045"),
    preceding=(PrecedingInvoice("RE-2025/9", date(2025, 11, 2)),),
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
        pytest.param("Zwischensumme 17,00  3 x 5,00", id="other amounts without the label"),
        pytest.param("Total 1,190", id="the total without decimals"),
        pytest.param("3 190,00 Total 3 1190,00", id="the total behind a quantity"),
        pytest.param("Total 1.190,01", id="the total rounded another way"),
        pytest.param("Total net 17.00 Total excl. VAT 900.00", id="other totals than the gross"),
        pytest.param("Total incl. VAT 19 %", id="a rate behind the label"),
        pytest.param("Total items: 17, total weight 17.50", id="a total that is no amount of money"),
        pytest.param("Pos Menge Gesamt\n1 3 17,00", id="a column's head"),
        pytest.param("Total 99,999.00\nof which 1,190.00 are due", id="the total elsewhere on the page"),
        pytest.param("Rechnung vom 27.03.2026, Invoice 1,190.00", id="a date or an amount behind the word"),
        pytest.param("Credit note for invoice RE-2025/9", id="an invoice that the data names too"),
        pytest.param("Date: 03/27/2026", id="the date with the month first"),
        pytest.param("Datum: 27. März 2026", id="the date in words"),
        pytest.param("Due date: 2026-05-01", id="another date than the invoice's"),
        pytest.param("Zu Ihrer Rechnung RE-2025/9 vom 02.11.2025", id="the date of an invoice that the data names"),
        pytest.param("Lieferung RE-2026/17 vom 26.03.2026", id="the date of another thing behind the number"),
        pytest.param("VAT 19 % on 1,000.00: 190.00", id="the VAT behind what is taxed"),
        pytest.param("VAT ID: FR40303265045", id="the buyer's VAT id"),
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
        pytest.param("Rechnungsdatum: 28.03.2026", "PDF-TEXT-04", id="another date"),
        pytest.param("Date: 28 March 2026", "PDF-TEXT-04", id="another date in words"),
        pytest.param("Rechnung Nr. RE-2026/17 vom 28. März 2026", "PDF-TEXT-04", id="another date behind the number"),
        pytest.param("Facture n° RE-2026/17 du 28/03/2026", "PDF-TEXT-04", id="another date behind the number, French"),
        pytest.param("Net 1,000.00 VAT 190.00 Gross 11,900.00", "PDF-TEXT-02", id="another total in a line of totals"),
        pytest.param("Net 1,000.00 VAT 990.00 Gross 1,190.00", "PDF-TEXT-05", id="another VAT in a line of totals"),
        pytest.param("plus 19 % VAT 990.00", "PDF-TEXT-05", id="another VAT"),
        pytest.param("MwSt. 19 %: 990,00", "PDF-TEXT-05", id="another VAT, German"),
        pytest.param("USt-IdNr.: DE999999999", "PDF-TEXT-06", id="another VAT id"),
        pytest.param("VAT Reg No: GB999999999", "PDF-TEXT-06", id="another VAT id, English"),
    ],
)
def test_page_that_contradicts(text: str, code: str) -> None:
    faults = contradictions(INVOICE, text)
    assert [fault.code for fault in faults] == [code]
    assert faults[0].path


TOTALS = (
    "Total: 99,999.00", "Total EUR 99,999.00", "Total 99,999.00 EUR", "Total amount 99,999.00", "Gross total 99,999.00",
    "Gross: 99,999.00", "Amount payable 99,999.00", "Balance due: 99,999.00", "Invoice amount 99,999.00",
    "Total (incl. VAT) 99,999.00", "Total incl. 19 % VAT 99,999.00", "Amount due (EUR) 99,999.00",
    "Total to pay 99,999.00", "Grand Total: $99,999.00",
    "Subtotal 1,000.00\nVAT 190.00\nTotal 99,999.00", "Total CHF 99'999.00", "Summe 99.999,00",
    "Gesamt 99.999,00", "Rechnungssumme 99.999,00", "Endsumme: 99.999,00 €", "zu zahlen 99.999,00",
    "Zu zahlender Betrag: 99.999,00", "Gesamtbetrag inkl. MwSt. 19 %: 99.999,00", "Net a payer 99 999,00",
    "Montant total TTC 99 999,00", "Totaal te betalen 99.999,00", "Razem 99 999,00", "Total\n99,999.00",
    "Gesamtbetrag:\n99.999,00 EUR", "Total 99,999", "Total EUR 99999", "Total 5.00\nTotal 99,999.00 Total 7.00",
)  # fmt: skip


@pytest.mark.parametrize("text", TOTALS)
def test_every_form_of_another_total_is_told_by_the_largest(text: str) -> None:
    (fault,) = contradictions(INVOICE, text)
    assert (fault.code, fault.path) == ("PDF-TEXT-02", "/totals/gross")
    assert amount(fault.message.split("`")[1]) == Decimal(99999)


@pytest.mark.parametrize(
    "text",
    [
        "Invoice: X-12", "Invoice # X-12", "Invoice #X-12", "Rechnung X-12", "Facture X-12", "Invoice ID: X-12",
        "Document number X-12", "Rechnungsnummer:\nX-12", "Rechnungs-Nr. X-12", "Fattura n. X-12", "Beleg-Nr. X-12",
        "Numéro de facture : X-12",
    ],
)  # fmt: skip
def test_every_form_of_another_number_is_told(text: str) -> None:
    (fault,) = contradictions(INVOICE, text)
    assert (fault.code, fault.message) == ("PDF-TEXT-01", "the page shows the number `X-12`, the data `RE-2026/17`")


def test_credit_note_shown_with_its_sign_is_no_contradiction() -> None:
    negative = Invoice(totals=Totals(gross=Decimal("-8.79"), payable=Decimal("-8.79")))
    assert contradictions(negative, "Gesamtbetrag -8,79") == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [("1.234.567,89", "1234567.89"), ("1,234,567.89", "1234567.89"), ("0,05", "0.05"), ("99,999", "99999")],
)
def test_amounts_are_read_in_both_styles(text: str, meant: str) -> None:
    assert amount(text) == Decimal(meant)
    assert Decimal(meant) in amounts(f"3 {text} 19 %")


def test_dates_are_read_in_figures_and_words() -> None:
    assert dates("1er avril 2026, 2026-04-02; 3.4.26, April 4th, 2026; 5 de abril de 2026; 40.40.2026") == {
        *(date(2026, 4, day) for day in range(1, 6)),
        date(2026, 3, 4),
    }


def test_iban_is_found_before_following_words() -> None:
    assert list(ibans("IBAN DE89 3704 0044 0532 0130 00 BIC COBADEFFXXX")) == ["DE89370400440532013000"]

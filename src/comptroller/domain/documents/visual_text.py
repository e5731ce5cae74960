"""Whether what a document shows to people contradicts what it says to programs.

Text taken from a page is broken up, reordered and abbreviated, so that something is *not* found proves nothing. A
contradiction needs both: the value of the data stands nowhere in the text, and at the place where the text gives that
value, behind its label, another one stands. Numbers are compared without separators, amounts in both decimal styles.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import Money

BY: Final = "reader"

_NOT_ALPHANUMERIC: Final = re.compile(r"[^0-9A-Z]+")
_NUMBER_LABEL: Final = re.compile(
    r"(?:invoice|rechnungs?|facture|fattura|factura|faktura|credit\s*note|gutschrifts?|avoir)[\s-]*"
    r"(?:number|num(?:mer|[eé]ro)?|nr|no|n[°ºo])\s*[.:°º#]*[ \t]*(?P<value>[A-Z0-9][A-Z0-9/._-]*\d[A-Z0-9/._-]*)",
    re.IGNORECASE,
)
_AMOUNT: Final = r"(?P<amount>[0-9]{1,3}(?:[ .,'\u00a0\u202f][0-9]{3})*[.,][0-9]{2}|[0-9]+[.,][0-9]{2})(?![0-9])"
_AMOUNTS: Final = re.compile(r"(?<![0-9.,])" + _AMOUNT)
_GROSS_LABEL: Final = re.compile(
    r"(?:gesamtbetrag|bruttobetrag|rechnungsbetrag|endbetrag|zahlbetrag|gesamtsumme|brutto\s*summe|"
    r"(?:montant|total)\s*(?:de\s*la\s*facture\s*)?t\.?t\.?c\.?|net\s*à\s*payer|total\s*à\s*payer|"
    r"grand\s*total|invoice\s*total|total\s*(?:amount\s*)?(?:due|incl[a-z.]*(?:\s*(?:vat|tax))?)|amount\s*due|"
    r"totale\s*(?:fattura|documento)|totaal\s*(?:incl[a-z.]*(?:\s*btw)?))"
    r"[^0-9\n]{0,40}[ \t]*" + _AMOUNT,
    re.IGNORECASE,
)
_IBAN: Final = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[0-9]{2}(?:[ \u00a0]?[A-Z0-9]){11,30}")
_IBAN_LENGTH_MIN: Final = 15


def contradictions(invoice: Invoice, text: str) -> tuple[Fault, ...]:
    """Tell where the visible text of an invoice names another number, total or account than its data.

    >>> shown = "Rechnung Nr. R-18  Gesamtbetrag EUR 1.190,00"
    >>> [fault.code for fault in contradictions(Invoice(number="R-17"), shown)]
    ['PDF-TEXT-01']
    """
    if not text.strip():
        return ()
    return tuple(fault for check in (_number, _gross, _accounts) for fault in check(invoice, text))


def _folded(text: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", text.upper())


def _number(invoice: Invoice, text: str) -> Iterator[Fault]:
    number = _folded(invoice.number)
    if not number or number in _folded(text):
        return
    others = list(dict.fromkeys(found["value"].rstrip(".") for found in _NUMBER_LABEL.finditer(text)))
    if others:
        yield _fault(
            "PDF-TEXT-01", "/number", f"the page shows the number {_list(others)}, the data `{invoice.number}`"
        )


def _gross(invoice: Invoice, text: str) -> Iterator[Fault]:
    totals = invoice.totals
    if totals.gross is None:
        return
    stated = {abs(value) for value in (totals.gross, totals.payable) if value is not None}
    shown = {amount for found in _AMOUNTS.finditer(text) for amount in amounts(found["amount"])}
    if totals.gross in shown or stated & shown or not stated - {Decimal(0)}:
        return
    others = [found["amount"] for found in _GROSS_LABEL.finditer(text)]
    others = [
        other for other in dict.fromkeys(others) if not amounts(other) & {totals.net, totals.tax, totals.line_net}
    ]
    if others:
        message = f"the page shows the total {_list(others)}, the data {Money(totals.gross, invoice.currency)}"
        yield _fault("PDF-TEXT-02", "/totals/gross", message)


def amounts(text: str) -> frozenset[Decimal]:
    """What an amount with two decimal places can mean: the last mark is the decimal one.

    >>> sorted(amounts("1.190,00")), sorted(amounts("1,190.00")), sorted(amounts("1 190,00"))
    ([Decimal('1190.00')], [Decimal('1190.00')], [Decimal('1190.00')])
    """
    digits = re.sub(r"[^0-9]", "", text)
    return frozenset({Decimal(digits).scaleb(-2)}) if digits else frozenset()


def _accounts(invoice: Invoice, text: str) -> Iterator[Fault]:
    own = [_folded(payment.account) for payment in invoice.payments if is_iban(_folded(payment.account))]
    compact = _folded(text)
    if not own or any(account in compact for account in own):
        return
    others = list(dict.fromkeys(ibans(text)))
    if others:
        message = f"the page shows the account {_list(others)}, the data `{own[0]}`"
        yield _fault("PDF-TEXT-03", "/payments", message)


def ibans(text: str) -> Iterator[str]:
    """The IBANs that stand in a text, by their check digits."""
    for found in _IBAN.finditer(text.upper()):
        candidate = _folded(found.group())
        for length in range(min(len(candidate), 34), _IBAN_LENGTH_MIN - 1, -1):
            if is_iban(candidate[:length]):
                yield candidate[:length]
                break


def is_iban(account: str) -> bool:
    """Whether a text without separators has the form and the check digits of an IBAN (ISO 13616).

    >>> is_iban("DE89370400440532013000"), is_iban("DE89370400440532013001")
    (True, False)
    """
    if not _IBAN_LENGTH_MIN <= len(account) <= 34 or not (account[:2].isalpha() and account[2:4].isdigit()):
        return False
    if not account.isascii() or not account.isalnum():
        return False
    return int("".join(str(int(sign, 36)) for sign in account[4:] + account[:4])) % 97 == 1


def _list(values: Iterable[str]) -> str:
    return ", ".join(f"`{value[:60]}`" for value in list(values)[:3])


def _fault(code: str, path: str, message: str) -> Fault:
    return Fault(code, path, message, by=BY, help="send a PDF that shows what its data says")

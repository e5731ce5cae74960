"""Whether what a document shows to people contradicts what it says to programs.

Text taken from a page is broken up, reordered and abbreviated, so that something is *not* found proves nothing. A
contradiction needs both: the value of the data stands nowhere in the text, and at the place where the text gives that
value, behind its label, one stands that is none of the data's. Of several totals the largest counts: the others are
subtotals.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from comptroller.domain.documents.model import Invoice
from comptroller.domain.documents.page_values import AMOUNT, DATE, amount, amounts, dates, folded, ibans, is_iban
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import Money

BY: Final = "reader"

ROUNDING: Final = Decimal("0.01")
"""By what a page and its data may differ in a total: each sums rounded amounts in its own order."""

LINE_MAX: Final = 80
"""Characters before a label that tell of what amount it is."""

_DOCUMENT: Final = (
    r"(?:invoice|rechnung|facture|fattura|factura|faktura|factuur|credit\s*note|gutschrift|avoir|document|beleg)"
)
_NUMBER: Final = r"(?P<value>[A-Z0-9][A-Z0-9/._-]*\d[A-Z0-9/._-]*)"
_NUMBER_LABEL: Final = re.compile(
    rf"\b{_DOCUMENT}s?[\s-]{{0,4}}(?:number|numm?[eé]ro|num(?:mer)?|nr|no|n[°ºo]|n\.|id|#)(?![a-z])\s{{0,4}}[.:°º#]*\s{{0,4}}{_NUMBER}",
    re.IGNORECASE,
)
_BARE_NUMBER_LABEL: Final = re.compile(
    rf"\b(?!document|beleg){_DOCUMENT}[ \t]*[:#]?[ \t]*(?!{DATE}|(?:{AMOUNT})\b){_NUMBER}", re.IGNORECASE
)
_CURRENCY: Final = r"(?:EUR|USD|GBP|CHF|PLN|SEK|NOK|DKK|CZK|[€$£])"
_WHOLE: Final = rf"{_CURRENCY}[ \t]*[0-9]{{1,12}}(?![0-9.,]*[0-9])|[0-9]{{1,12}}(?=[ \t]*{_CURRENCY})"
_SHOWN: Final = rf"(?<![0-9.,])(?:{_CURRENCY}[ \t]*)?(?P<amount>(?:{AMOUNT})|{_WHOLE})(?![0-9]|[ \t]*%)"
_GAP: Final = rf"(?P<gap>(?:[^0-9\n]|[0-9]{{1,2}}(?:[.,][0-9]{{1,2}})?[ \t]*%){{0,60}}?)(?:\n[ \t]*)?{_SHOWN}"
_TOTAL_LABEL: Final = re.compile(
    r"(?P<label>(?<![a-zà-ž-])(?:(?:gesamt|brutto|rechnungs|end|zahl)?(?:betrag|summe)|gesamt|brutto|zu\s*zahlen|zahlbar|"
    r"total|totale|totaal|grand\s*total|gross|amount|balance|net\s*[àa]\s*payer|montant|importe|razem|do\s*zap[łl]aty|"
    r"te\s*betalen|da\s*pagare|att\s*betala|payable|sum))(?![a-zà-ž]{3})" + _GAP,
    re.IGNORECASE,
)
_TAX_LABEL: Final = re.compile(
    r"(?P<label>(?<![a-zà-ž-])(?:mwst|ust|umsatzsteuer|mehrwertsteuer|vat|tva|t\.v\.a|iva|btw|moms))"
    r"(?![a-zà-ž]|[ .-]*id)" + _GAP,
    re.IGNORECASE,
)
_PART_OF_TOTAL: Final = re.compile(
    r"\b(?:netto?|net(?!\s*[àa]\s*payer)|excl\w*|ohne|zzgl|h\.?t\.?|hors|discount|rabatt|remise|skonto|weight|gewicht|quantity|qty|"
    r"menge|pages?|seiten?|paid|prepaid|bezahlt|hours|sub|zwischen\w*|taxable|base|previous|carried|[üu]bertrag)\b",
    re.IGNORECASE,
)
_TAX: Final = re.compile(r"\b(?:mwst|ust|umsatzsteuer|mehrwertsteuer|vat|tax|tva|iva|btw|moms)\b", re.IGNORECASE)
_WITH: Final = re.compile(
    r"\b(?:in[ck]l\w*|t\.?t\.?c|mit|with|brutto|gross|total|gesamt\w*|excl\w*|ohne|net\w*)\b", re.IGNORECASE
)
_DATE_LABEL: Final = re.compile(
    r"(?:\b(?:invoice\s*date|date\s*of\s*(?:the\s*)?(?:invoice|issue)|issue\s*date|issued(?:\s*on)?|invoice\s*dated|rechnungsdatum|belegdatum|"
    r"ausstellungsdatum|date\s*de\s*(?:la\s*)?facture|date\s*d.[ée]mission|fecha\s*(?:de\s*)?factura|data\s*(?:della\s*)?fattura|"
    r"factuurdatum|data\s*wystawienia)|^[ \t]*(?:date|datum|fecha|data)(?=[ \t]*:))[ \t]*[.:]?\s{0,3}(?P<value>"
    + DATE
    + ")",
    re.IGNORECASE | re.MULTILINE,
)
_NUMBER_AND_DATE: Final = re.compile(
    rf"\b{_DOCUMENT}[^\n]{{0,20}}?[ \t](?:[A-Z0-9/._-]*\d[A-Z0-9/._-]*),?[ \t]+(?:vom|du|dated|del|van|z[ ]dnia)[ \t]+"
    rf"(?P<value>{DATE})",
    re.IGNORECASE,
)
_VAT_ID_LABEL: Final = re.compile(
    r"\b(?:ust[ .-]*id(?:[ .-]*n(?:umme)?r)?|umsatzsteuer[ -]*id\w*(?:[ .-]*nr)?|"
    r"vat[ -]*(?:id|no|number|reg\w*(?:[ -]*no)?)|(?:n[°o]\s*)?tva(?:[ -]*intra\w*)?|partita\s*iva|p\.?\s*iva|"
    r"btw[ -]*(?:nr|nummer)?)\b[ .:#]*(?P<value>[A-Z]{2}[ ]?[0-9][0-9A-Z]{7,11})\b",
    re.IGNORECASE,
)


_AMOUNT_BEFORE: Final = re.compile(rf"(?<![0-9.,])(?:{AMOUNT})(?![ \t]*%)")


def contradictions(invoice: Invoice, text: str) -> tuple[Fault, ...]:
    """Tell where the visible text of an invoice names another number, date, amount, VAT id or account than its data.

    >>> shown = "Rechnung Nr. R-18  Gesamtbetrag EUR 1.190,00"
    >>> [fault.code for fault in contradictions(Invoice(number="R-17"), shown)]
    ['PDF-TEXT-01']
    """
    if not text.strip():
        return ()
    checks = (_number, _total, _accounts, _issue_date, _tax, _vat_id)
    return tuple(fault for check in checks for fault in check(invoice, text))


def _number(invoice: Invoice, text: str) -> Iterator[Fault]:
    number = folded(invoice.number)
    if not number or number in folded(text):
        return
    known = {folded(other.number) for other in invoice.preceding} | {folded(invoice.order_number)}
    found = [*_NUMBER_LABEL.finditer(text), *_BARE_NUMBER_LABEL.finditer(text)]
    others = [other for match in found if folded(other := match["value"].rstrip(".")) not in known]
    if others:
        message = f"the page shows the number {_list(others)}, the data `{invoice.number}`"
        yield _fault("PDF-TEXT-01", "/number", message)


def _total(invoice: Invoice, text: str) -> Iterator[Fault]:
    totals = invoice.totals
    stated = {abs(value) for value in (totals.gross, totals.payable) if value}
    if totals.gross is None or not stated or stated & amounts(text):
        return
    others = [
        found["amount"]
        for found in _TOTAL_LABEL.finditer(text)
        if not _PART_OF_TOTAL.search(told := _told(found, text)) and (not _TAX.search(told) or _WITH.search(told))
    ]
    shown = _largest(others, invoice)
    if shown and all(abs(amount(shown) - value) > ROUNDING for value in stated):
        message = f"the page shows the total `{shown}`, the data {Money(totals.gross, invoice.currency)}"
        yield _fault("PDF-TEXT-02", "/totals/gross", message)


def _tax(invoice: Invoice, text: str) -> Iterator[Fault]:
    totals = invoice.totals
    if not totals.tax or abs(totals.tax) in amounts(text):
        return
    found = _TAX_LABEL.finditer(text)
    shown = _largest([tax["amount"] for tax in found if not _WITH.search(_told(tax, text))], invoice)
    if shown and totals.gross is not None and amount(shown) < abs(totals.gross):
        message = f"the page shows the VAT `{shown}`, the data {Money(totals.tax, invoice.currency)}"
        yield _fault("PDF-TEXT-05", "/totals/tax", message)


def _told(found: re.Match[str], text: str) -> str:
    """What the page says of an amount: what stands before it in its label's line, behind another amount there."""
    begin = max(0, found.start() - LINE_MAX)
    told = text[max(begin, text.rfind("\n", begin, found.start()) + 1) : found.end("gap")]
    before = [amount.end() for amount in _AMOUNT_BEFORE.finditer(told, 0, max(len(told) - len(found["gap"]), 0))]
    return told[before[-1] :] if before else told


def _largest(others: Iterable[str], invoice: Invoice) -> str:
    """The largest of amounts that are none of the data's, as it is written."""
    totals = invoice.totals
    own = [totals.line_net, totals.allowances, totals.charges, totals.net, totals.tax, totals.gross, totals.prepaid]
    own += [value for part in invoice.tax_breakdown for value in (part.taxable_amount, part.tax_amount)]
    own += [line.net_amount for line in invoice.lines]
    known = {abs(value) for value in own if value is not None} | {Decimal(0)}
    return max((other for other in others if amount(other) not in known), key=amount, default="")


def _issue_date(invoice: Invoice, text: str) -> Iterator[Fault]:
    shown = dates(text)
    if invoice.issue_date is None or invoice.issue_date in shown:
        return
    known = {invoice.due_date, invoice.delivery_date, invoice.tax_point}
    known |= {preceding.issue_date for preceding in invoice.preceding}
    others = [found["value"] for found in (*_DATE_LABEL.finditer(text), *_NUMBER_AND_DATE.finditer(text))]
    others = [other for other in others if dates(other) and not dates(other) & known]
    if others:
        message = f"the page shows the date {_list(others)}, the data `{invoice.issue_date}`"
        yield _fault("PDF-TEXT-04", "/issue_date", message)


def _vat_id(invoice: Invoice, text: str) -> Iterator[Fault]:
    own = folded(invoice.seller.vat_id) if invoice.seller is not None else ""
    if not own or own in folded(text):
        return
    parties = (invoice.buyer, invoice.payee, invoice.tax_representative)
    known = {folded(party.vat_id) for party in parties if party is not None}
    others = [found["value"] for found in _VAT_ID_LABEL.finditer(text) if folded(found["value"]) not in known]
    if others:
        message = f"the page shows the VAT id {_list(others)}, the data `{own}`"
        yield _fault("PDF-TEXT-06", "/seller/vat_id", message)


def _accounts(invoice: Invoice, text: str) -> Iterator[Fault]:
    own = [folded(payment.account) for payment in invoice.payments if is_iban(folded(payment.account))]
    compact = folded(text)
    if not own or any(account in compact for account in own):
        return
    others = list(ibans(text))
    if others:
        message = f"the page shows the account {_list(others)}, the data `{own[0]}`"
        yield _fault("PDF-TEXT-03", "/payments", message)


def _list(values: Iterable[str]) -> str:
    return ", ".join(f"`{value[:60]}`" for value in list(dict.fromkeys(values))[:3])


def _fault(code: str, path: str, message: str) -> Fault:
    return Fault(code, path, message, by=BY, help="send a PDF that shows what its data says")

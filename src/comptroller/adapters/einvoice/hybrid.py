"""Hybrid invoices: a PDF for people with the invoice for programs inside (Factur-X, ZUGFeRD).

The XML is the invoice (Factur-X 1.0, clause 2); the PDF shows it. A PDF that shows another invoice than its XML says
is a fault, because whoever signs looks at the page. A PDF without an invoice inside is no fault of its sender: a person
keys what it shows.
"""

from dataclasses import dataclass
from typing import Final

from comptroller.adapters.pdf import EmbeddedFile, PdfContent, dissect
from comptroller.domain.kernel.fault import Fault, Severity

BY: Final = "reader"
MEDIA_TYPE: Final = "application/pdf"

INVOICE_NAMES: Final = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
"""The names that Factur-X, ZUGFeRD (1 and 2) and XRechnung give the invoice, whatever their case."""

ORDER_NAMES: Final = ("order-x.xml",)

_START: Final = 1024
"""ISO 32000-2, annex on implementation: the header may stand behind other bytes, as far in as this."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A PDF as far as it is to be read further."""

    xml: bytes = b""
    others: tuple[bytes, ...] = ()  # invoices that stand inside it besides
    content: PdfContent | None = None
    faults: tuple[Fault, ...] = ()
    to_key: bool = False


def is_pdf(data: bytes) -> bool:
    """Whether bytes are a PDF, by their header."""
    return b"%PDF-" in data[:_START] and not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{", b"["))


def open_pdf(data: bytes) -> Opened:
    """Take the invoice's XML out of a PDF; without one it is to be keyed, and a fault says so as information."""
    content = dissect(data)
    if isinstance(content, Fault):
        return Opened(faults=(content,))
    named = [file for file in content.files if file.name.lower() in INVOICE_NAMES]
    found = named or [file for file in content.files if _holds_an_invoice(file)]
    if not found:
        return _without_invoice(content)
    first, *others = sorted(found, key=_rank)
    return Opened(first.data, tuple(file.data for file in others if file.data != first.data), content)


def _rank(file: EmbeddedFile) -> tuple[bool, int]:
    """The newest form first: a PDF may hold the invoice in an older one as well."""
    name = file.name.lower()
    place = INVOICE_NAMES.index(name) if name in INVOICE_NAMES else len(INVOICE_NAMES)
    return b"CrossIndustryDocument" in file.data[:4096], place


def several() -> Fault:
    """The fault of a PDF with invoices inside that are not the same."""
    message = "the PDF holds several invoices that do not say the same"
    return Fault("PDF-XML-01", "", message, by=BY, help="embed the one invoice that the PDF shows")


def _holds_an_invoice(file: EmbeddedFile) -> bool:
    start = file.data[:4096]
    roots = (b"CrossIndustryInvoice", b"CrossIndustryDocument", b"ubl:schema:xsd:Invoice-2", b"xsd:CreditNote-2")
    return file.name.lower().endswith(".xml") and any(root in start for root in roots)


def _without_invoice(content: PdfContent) -> Opened:
    orders = [file.name for file in content.files if file.name.lower() in ORDER_NAMES]
    if orders:
        message = f"the PDF holds an order (`{orders[0]}`), no invoice"
        help_text = "send the invoice; an order comes in from the system that places it"
        return Opened(content=content, faults=(Fault("PDF-ORDER-01", "", message, by=BY, help=help_text),))
    message = "the PDF holds no invoice that a program can read; a person keys what it shows"
    what_to_do = "send Factur-X, ZUGFeRD, UBL or CII to have it read"
    fault = Fault("PDF-XML-02", "", message, Severity.INFORMATION, by=BY, help=what_to_do)
    return Opened(content=content, faults=(fault,), to_key=True)

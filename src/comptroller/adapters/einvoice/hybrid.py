"""Hybrid invoices: a PDF for people with the invoice for programs inside (Factur-X, ZUGFeRD).

The XML is the invoice (Factur-X 1.0, clause 2); the PDF shows it. A PDF that shows another invoice than its XML says
is a fault, because whoever signs looks at the page. A PDF without an invoice inside is no fault of its sender: a person
keys what it shows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from comptroller.adapters.einvoice import zugferd1
from comptroller.adapters.einvoice.xpath import CII, UBL_CREDIT_NOTE, UBL_INVOICE
from comptroller.adapters.pdf import EmbeddedFile, PdfContent, dissect
from comptroller.adapters.xml_reading import read_xml
from comptroller.domain.kernel.fault import Fault, Severity

BY: Final = "reader"
MEDIA_TYPE: Final = "application/pdf"

INVOICE_NAMES: Final = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
"""The names that Factur-X, ZUGFeRD (1 and 2) and XRechnung give the invoice, whatever their case."""

INVOICE_ROOTS: Final = (
    f"{{{UBL_INVOICE}}}Invoice",
    f"{{{UBL_CREDIT_NOTE}}}CreditNote",
    f"{{{CII}}}CrossIndustryInvoice",
    zugferd1.ROOT,
)

ORDER_NAMES: Final = ("order-x.xml",)
ORDER_ROOTS: Final = ("SCRDMCCBDACIOMessageStructure", "Order", "OrderChange", "OrderResponse")
"""Roots of Order-X and of orders in UBL."""

_START: Final = 1024
"""ISO 32000-2, annex on implementation: the header may stand behind other bytes, as far in as this."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A PDF as far as it is to be read further."""

    invoices: tuple[EmbeddedFile, ...] = ()  # the one to read first
    content: PdfContent | None = None
    faults: tuple[Fault, ...] = ()
    to_key: bool = False


def is_pdf(data: bytes) -> bool:
    """Whether bytes are a PDF, by their header."""
    return b"%PDF-" in data[:_START] and not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"{", b"["))


def open_pdf(data: bytes) -> Opened:
    """Find the invoices inside a PDF by their roots; one without is to be keyed, which a fault says as information."""
    content = dissect(data)
    if isinstance(content, Fault):
        return Opened(faults=(content,))
    roots = {file: _root(file) for file in content.files if _is_named(file) or _begins_as_xml(file.data)}
    invoices = [file for file, root in roots.items() if not isinstance(root, tuple) and root.tag in INVOICE_ROOTS]
    orders = [file.name for file, root in roots.items() if _is_order(file, root)]
    faults = tuple(
        fault
        for file, root in roots.items()
        if _is_named(file) and file not in invoices and file.name not in orders
        for fault in _not_an_invoice(file, root)
    )
    if invoices:
        return Opened(tuple(sorted(invoices, key=_rank)), content, faults)
    if orders:
        return Opened(content=content, faults=(*faults, _holds_an_order(orders[0])))
    if faults:
        return Opened(content=content, faults=faults)
    message = "the PDF holds no invoice that a program can read; a person keys what it shows"
    what_to_do = "send Factur-X, ZUGFeRD, UBL or CII to have it read"
    fault = Fault("PDF-XML-02", "", message, Severity.INFORMATION, by=BY, help=what_to_do)
    return Opened(content=content, faults=(fault,), to_key=True)


def _is_named(file: EmbeddedFile) -> bool:
    return file.name.lower() in INVOICE_NAMES


def _begins_as_xml(data: bytes) -> bool:
    """Whether bytes begin as XML, in any of the encodings that are read."""
    return data[:64].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def _root(file: EmbeddedFile) -> etree._Element | tuple[Fault, ...]:
    if file.data.strip():
        return read_xml(file.data)
    message = "the file is empty"
    return (Fault("DOC-FORMAT-01", "", message, by=BY, help="embed the invoice anew; the file holds nothing"),)


def _is_order(file: EmbeddedFile, root: etree._Element | tuple[Fault, ...]) -> bool:
    is_named = file.name.lower() in ORDER_NAMES
    return is_named if isinstance(root, tuple) else is_named or etree.QName(root).localname in ORDER_ROOTS


def _not_an_invoice(file: EmbeddedFile, root: etree._Element | tuple[Fault, ...]) -> Iterator[Fault]:
    """Why a file that is named as the invoice is none, with its name before the place."""
    if isinstance(root, tuple):
        for fault in root:
            yield replace(fault, path=f"{file.name} {fault.path}".strip())
    else:
        message = f"the root `{str(root.tag)[:200]}` is no invoice format that is read here"
        yield Fault("DOC-FORMAT-03", file.name, message, by=BY, help="embed Factur-X, ZUGFeRD, UBL or CII")


def _rank(file: EmbeddedFile) -> tuple[bool, int]:
    """The newest form first: a PDF may hold the invoice in an older one as well."""
    name = file.name.lower()
    place = INVOICE_NAMES.index(name) if name in INVOICE_NAMES else len(INVOICE_NAMES)
    return b"CrossIndustryDocument" in file.data[:4096], place


def several(names: Iterable[str]) -> Fault:
    """The fault of a PDF with invoices inside that are not the same."""
    message = "the PDF holds several invoices that do not say the same"
    return Fault("PDF-XML-01", ", ".join(names), message, by=BY, help="embed the one invoice that the PDF shows")


def _holds_an_order(name: str) -> Fault:
    message = f"the PDF holds an order (`{name}`), no invoice"
    help_text = "send the invoice; an order comes in from the system that places it"
    return Fault("PDF-ORDER-01", name, message, by=BY, help=help_text)

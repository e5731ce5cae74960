"""The bytes of an invoice to the canonical document, whatever format they are in.

The format is taken from the content, not from what the sender calls it: a PDF by its header, XML by its root,
everything else as JSON. The media type decides only between the last two when it names one of them.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from lxml import etree

from comptroller.adapters.einvoice import zugferd1, zugferd1_profiles
from comptroller.adapters.einvoice.cii import read_cii
from comptroller.adapters.einvoice.hybrid import MEDIA_TYPE as PDF
from comptroller.adapters.einvoice.hybrid import is_pdf, open_pdf, several
from comptroller.adapters.einvoice.node import Node
from comptroller.adapters.einvoice.purchasing import is_purchase_root
from comptroller.adapters.einvoice.ubl import read_ubl
from comptroller.adapters.einvoice.xpath import CII, UBL_CREDIT_NOTE, UBL_INVOICE, place_of
from comptroller.adapters.xml_reading import read_xml
from comptroller.domain.documents import json_form
from comptroller.domain.documents.model import DocumentKind, Invoice
from comptroller.domain.documents.visual_text import contradictions
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault

BY: Final = "reader"
ZIP: Final = b"PK\x03\x04"


class Syntax(StrEnum):
    """The format a document is written in."""

    UBL = "ubl"
    CII = "cii"
    ZUGFERD_1 = "zugferd 1"
    JSON = "json"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What could be read of a document. `invoice` is None when nothing could; otherwise unreadable fields are empty."""

    kind: DocumentKind
    profile: str  # the customization (BT-24) that the document says it follows
    invoice: Invoice | None
    faults: tuple[Fault, ...]
    syntax: Syntax = Syntax.UNKNOWN
    root: etree._Element | None = None  # of an XML document, for the rules of the standard
    media_type: str = ""  # what the bytes are, where they tell it themselves
    to_key: bool = False  # a document that no program reads: a person keys what it shows

    def __post_init__(self) -> None:
        """Say nothing by silence: what is not read has a fault, or is to be keyed."""
        if self.invoice is None and not self.faults and not self.to_key:
            raise ValueError("a document that was not read needs a fault")


_READERS: Final = {
    f"{{{UBL_INVOICE}}}Invoice": (Syntax.UBL, read_ubl),
    f"{{{UBL_CREDIT_NOTE}}}CreditNote": (Syntax.UBL, read_ubl),
    f"{{{CII}}}CrossIndustryInvoice": (Syntax.CII, read_cii),
}


def read(data: bytes, media_type: str = "") -> ReadResult:
    """Read an invoice or credit note in UBL 2.1, CII, Factur-X or the canonical JSON form.

    What is wrong comes back as faults; a PDF without an invoice for programs inside comes back as `to_key`.
    """
    if len(data) > limits.DOCUMENT_BYTES_MAX:
        message = f"the document has {len(data)} bytes; at most {limits.DOCUMENT_BYTES_MAX} are read"
        return _unread("DOC-SIZE-01", message, "send a smaller file; move attachments out of it")
    start = data[:64].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00")
    if not start:
        return _unread("DOC-FORMAT-01", "the document is empty", "check that the file arrived whole")
    if is_pdf(data):
        return _read_pdf(data)
    if start.startswith(ZIP):
        message = "a spreadsheet or archive says to nobody which column is what"
        return _unread("DOC-FORMAT-04", message, "name the mapping that reads it")
    subtype = media_type.partition(";")[0].strip().lower()
    is_json = subtype.endswith(("/json", "+json")) or (
        not subtype.endswith(("/xml", "+xml")) and start.startswith((b"{", b"["))
    )
    return _read_json(data) if is_json else _read_xml(data)


def _read_pdf(data: bytes) -> ReadResult:
    """The invoice inside a PDF, with what the page shows against it."""
    pdf = open_pdf(data)
    if not pdf.invoices or pdf.content is None:
        return ReadResult(DocumentKind.UNKNOWN, "", None, pdf.faults, media_type=PDF, to_key=pdf.to_key)
    first, *others = pdf.invoices
    result = _read_xml(first.data)
    faults = (*pdf.faults, *result.faults)
    differing = [other.name for other in others if _identity(_read_xml(other.data)) != _identity(result)]
    if differing:
        faults += (several([first.name, *differing]),)
    if result.invoice is not None:
        faults += contradictions(result.invoice, pdf.content.text)
    return replace(result, faults=faults, media_type=PDF)


def _identity(result: ReadResult) -> tuple[object, ...] | None:
    """What two forms of one invoice have in common."""
    invoice = result.invoice
    return None if invoice is None else (invoice.number, invoice.currency, invoice.totals.gross, invoice.issue_date)


def _unread(code: str, message: str, help: str) -> ReadResult:  # noqa: A002 - Fault's own field
    return ReadResult(DocumentKind.UNKNOWN, "", None, (Fault(code, "", message, by=BY, help=help),))


def _read_json(data: bytes) -> ReadResult:
    value, faults = json_form.parse(data)
    if faults:
        return ReadResult(DocumentKind.UNKNOWN, "", None, faults, Syntax.JSON)
    invoice, faults = json_form.from_json(Invoice, value)
    if invoice is None:
        return ReadResult(DocumentKind.UNKNOWN, "", None, faults, Syntax.JSON)
    if invoice.kind not in (DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE):
        message = f"`{invoice.kind}` is no kind of invoice"
        faults = (*faults, Fault("DOC-KIND-01", "/kind", message, by=BY, help="write invoice or credit_note"))
    return ReadResult(invoice.kind, invoice.customization, invoice, faults, Syntax.JSON)


def _read_xml(data: bytes) -> ReadResult:
    root = read_xml(data)
    if isinstance(root, tuple):
        return ReadResult(DocumentKind.UNKNOWN, "", None, root)
    if root.tag == zugferd1.ROOT:
        invoice, faults = read_cii(Node(zugferd1.translate(root)))
        faults = tuple(replace(fault, path=zugferd1.as_written(fault.path)) for fault in faults)
        faults += zugferd1_profiles.other_taxes(root)
        invoice = zugferd1_profiles.settled(invoice)
        return ReadResult(invoice.kind, invoice.customization, invoice, faults, Syntax.ZUGFERD_1, root)
    known = _READERS.get(str(root.tag))
    if known is None:
        return ReadResult(DocumentKind.UNKNOWN, "", None, (_no_invoice(root),))
    syntax, read_root = known
    invoice, faults = read_root(Node(root))
    return ReadResult(invoice.kind, invoice.customization, invoice, faults, syntax, root)


def _no_invoice(root: etree._Element) -> Fault:
    message = f"the root `{str(root.tag)[:200]}` is no invoice format that is read here"
    what_to_do = "send a UBL 2.1 Invoice or CreditNote or a CII CrossIndustryInvoice (D16B)"
    if is_purchase_root(str(root.tag)):
        message = f"the document is a UBL `{etree.QName(root).localname}`, no invoice"
        what_to_do = "hand it in by `comptroller intake file`, by mail or by the watched folder"
    return Fault("DOC-FORMAT-03", place_of(root), message, by=BY, help=what_to_do)

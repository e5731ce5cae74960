"""What bad input gets: one coded answer, nothing read by accident, and no fault that hides another."""

import pytest
from tests.unit.adapters.einvoice.samples import CANONICAL, CII, UBL

from comptroller.adapters.einvoice import check, read
from comptroller.domain.documents.model import DocumentKind
from comptroller.domain.kernel import limits

ORDER = b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>'
BILLION_LAUGHS = (
    b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&b;</Invoice>'
)
FOREIGN_ENTITY = b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + ORDER


@pytest.mark.parametrize(
    ("data", "media_type", "code"),
    [
        pytest.param(b"", "", "DOC-FORMAT-01", id="nothing"),
        pytest.param(b" \r\n", "", "DOC-FORMAT-01", id="white space"),
        pytest.param(b"Dear Sirs", "", "XML-SYNTAX-01", id="prose"),
        pytest.param(b"%PDF-1.7\n", "", "PDF-BROKEN-01", id="a PDF that is cut off"),
        pytest.param(UBL.encode()[:-20], "", "XML-SYNTAX-01", id="XML cut off"),
        pytest.param(ORDER, "", "DOC-FORMAT-03", id="an order"),
        pytest.param(b"<Invoice/>", "", "DOC-FORMAT-03", id="no namespace"),
        pytest.param(FOREIGN_ENTITY, "", "XML-DOCTYPE-01", id="a DOCTYPE that reads a file"),
        pytest.param(BILLION_LAUGHS, "", "XML-DOCTYPE-01", id="an entity bomb"),
        pytest.param(BILLION_LAUGHS.decode().encode("utf-16"), "", "XML-DOCTYPE-01", id="an entity bomb in UTF-16"),
        pytest.param(UBL.encode("latin-1"), "", "XML-ENCODING-01", id="Latin-1 that says UTF-8"),
        pytest.param(b'<?xml version="1.0" encoding="UTF-7"?><a/>', "", "XML-ENCODING-02", id="UTF-7"),
        pytest.param(b"<a>" * 300 + b"</a>" * 300, "", "XML-DEPTH-01", id="300 levels"),
        pytest.param(b"x" * (limits.DOCUMENT_BYTES_MAX + 1), "", "DOC-SIZE-01", id="a byte too much"),
        pytest.param(b"{", "", "JSON-SYNTAX-01", id="JSON cut off"),
        pytest.param(b"[]", "", "JSON-TYPE-01", id="a JSON list"),
        pytest.param(UBL.encode(), "application/json", "JSON-SYNTAX-01", id="XML that says JSON"),
        pytest.param(b'{"number": "1"}', "application/xml", "XML-SYNTAX-01", id="JSON that says XML"),
    ],
)
def test_what_cannot_be_read_is_one_fault_and_no_document(data: bytes, media_type: str, code: str) -> None:
    result = read(data, media_type)

    assert (result.kind, result.invoice) == (DocumentKind.UNKNOWN, None)
    assert [fault.code for fault in result.faults] == [code]
    assert check(data, media_type).faults == result.faults


def test_a_document_of_exactly_the_largest_size_is_read() -> None:
    text = UBL.encode()
    room = limits.DOCUMENT_BYTES_MAX - len(text)
    comments = b"<!-- 16 bytes-->" * (room // 16)
    whole = text + comments + b" " * (room % 16)

    assert len(whole) == limits.DOCUMENT_BYTES_MAX
    assert read(whole).invoice == CANONICAL


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "iso-8859-1", "windows-1252"])
def test_other_encodings_are_read_when_they_are_declared(encoding: str) -> None:
    declared = UBL.replace('encoding="UTF-8"', f'encoding="{encoding.removesuffix("-sig")}"')

    result = read(declared.encode(encoding))

    assert result.invoice is not None
    assert result.invoice.notes == ("Bauteile für Halle 2",)


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        pytest.param("application/json; charset=utf-8", DocumentKind.CREDIT_NOTE, id="JSON"),
        pytest.param("application/vnd.comptroller.invoice+json", DocumentKind.CREDIT_NOTE, id="a suffix"),
        pytest.param("application/octet-stream", DocumentKind.CREDIT_NOTE, id="bytes"),
    ],
)
def test_json_is_known_by_its_media_type_or_its_content(media_type: str, kind: DocumentKind) -> None:
    assert read(b'{"kind": "credit_note"}', media_type).kind is kind


def test_an_order_is_no_kind_of_invoice() -> None:
    assert [fault.code for fault in read(b'{"kind": "order"}').faults] == ["DOC-KIND-01"]


def lines_of(text: str, name: str, count: int) -> bytes:
    start, middle, rest = text.partition(f"<{name}>")
    line, closing, end = rest.partition(f"</{name}>")
    return (start + (f"{middle}{'' if count > 2 else line}{closing}") * count + end).encode()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param(UBL, "cac:InvoiceLine", id="UBL"),
        pytest.param(CII, "ram:IncludedSupplyChainTradeLineItem", id="CII"),
    ],
)
def test_more_than_ten_thousand_lines_are_refused(text: str, name: str) -> None:
    whole = read(lines_of(text, name, 10_000)).invoice
    result = read(lines_of(text, name, 10_001))

    assert whole is not None
    assert len(whole.lines) == 10_000
    assert result.invoice is not None
    assert result.invoice.lines == ()
    (fault,) = result.faults
    assert (fault.code, fault.path.endswith(f"{name}[10001]")) == ("DOC-LINES-01", True)


@pytest.mark.parametrize("engine", ["standard", "canonical", "both"])
def test_an_unknown_currency_is_told_by_every_engine(engine: str) -> None:
    faults = check(UBL.replace("EUR", "EUX").encode(), engine=engine).faults

    assert ("BR-CL-04", "canonical" if engine == "canonical" else "standard") in [(f.code, f.by) for f in faults]

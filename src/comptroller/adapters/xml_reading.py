"""The one door through which foreign XML comes in: bytes become an element tree, or faults that say why not.

The bytes are decoded strictly before the parser sees them, so that the search for a DOCTYPE and the parser always look
at the same characters (an odd encoding is the usual way around such a search). A DOCTYPE is refused as such: without
one there are no entities to expand and nothing to fetch. Comments and processing instructions are dropped, so that
`element.text` is the whole text and not the part before a comment.
"""

import codecs
import re
from typing import Final

from lxml import etree

from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault

_ENCODINGS: Final = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "utf-16": "utf-16",
    "iso-8859-1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
}
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARATION: Final = re.compile(rb"<\?xml[\s][^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_BEFORE_ROOT: Final = re.compile(r"(?:\s+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_TOO_DEEP: Final = etree.XPath("boolean(" + "/*" * (limits.XML_DEPTH_MAX + 1) + ")")


def read_xml(data: bytes, *, size_max: int = limits.DOCUMENT_BYTES_MAX) -> etree._Element | tuple[Fault, ...]:
    """Read a document's bytes to its root element; what is wrong with them comes back as faults (`by` is `xml`).

    >>> read_xml(b"<Invoice><ID>7</ID></Invoice>").findtext("ID")
    '7'
    >>> [fault.code for fault in read_xml(b"<!DOCTYPE a><a/>")]
    ['XML-DOCTYPE-01']
    """
    if len(data) > size_max:
        return _refused(
            "XML-SIZE-01",
            f"the document has {len(data)} bytes; at most {size_max} are read",
            help="send a smaller file",
        )
    text = decoded(data)
    if isinstance(text, tuple):
        return text
    start = _BEFORE_ROOT.match(text)
    root_at = start.end() if start else 0
    if text[root_at : root_at + 9].upper() == "<!DOCTYPE":
        return _refused(
            "XML-DOCTYPE-01",
            "the document declares a DOCTYPE",
            help="remove the DOCTYPE; entities are never expanded and nothing is fetched",
        )
    return _parse(text)


def decoded(data: bytes) -> str | tuple[Fault, ...]:
    """The characters of the document, by its byte order mark or else by its declaration."""
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    if encoding is None:
        declared = _DECLARATION.match(data)
        name = declared.group(1).decode().lower() if declared else "utf-8"
        encoding = _ENCODINGS.get(name)
        if encoding is None:
            return _refused(
                "XML-ENCODING-02",
                f"the encoding `{name}` is not read",
                help="save the document as UTF-8; also read: " + ", ".join(sorted(_ENCODINGS)),
            )
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        return _refused(
            "XML-ENCODING-01",
            f"the bytes are not {encoding.removesuffix('-sig')}: {error.reason}",
            path=f"byte {error.start}",
            help="save the document in the encoding it declares, best UTF-8",
        )


def _parse(text: str) -> etree._Element | tuple[Fault, ...]:
    parser = etree.XMLParser(
        encoding="utf-8",  # what is fed below, whatever the declaration said
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except UnicodeEncodeError as error:
        return _refused(
            "XML-ENCODING-01", "a lone surrogate is no character", path=f"character {error.start}", help="save as UTF-8"
        )
    except etree.XMLSyntaxError as error:
        return _syntax_fault(error)
    if root.getroottree().docinfo.internalDTD is not None:
        return _refused("XML-DOCTYPE-01", "the document declares a DOCTYPE", help="remove the DOCTYPE")
    if _TOO_DEEP(root):
        return _too_deep()
    return root


def _syntax_fault(error: etree.XMLSyntaxError) -> tuple[Fault, ...]:
    line, column = error.position
    message = (error.msg or "the document is empty").removesuffix(f", line {line}, column {column}").strip()
    if "Excessive depth" in message:
        return _too_deep()
    return _refused(
        "XML-SYNTAX-01",
        f"not well-formed XML: {message}",
        path=f"line {line}, column {column}",
        help="check that the file is an XML document and that it arrived whole",
    )


def _too_deep() -> tuple[Fault, ...]:
    return _refused(
        "XML-DEPTH-01",
        f"elements are nested deeper than {limits.XML_DEPTH_MAX}",
        help="no format that is read here nests so deep; check the sender's export",
    )


def _refused(code: str, message: str, *, path: str = "", help: str = "") -> tuple[Fault, ...]:  # noqa: A002 - Fault's own field
    return (Fault(code, path, message, by="xml", help=help),)

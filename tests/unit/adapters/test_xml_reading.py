"""Foreign XML: what is read, and the coded refusal of everything that is not plain, well-formed and small."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from comptroller.adapters.xml_reading import read_xml
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault

BOMB = b"""<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>"""


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


@pytest.mark.parametrize(
    "data",
    [
        pytest.param("<a>é</a>".encode(), id="UTF-8 undeclared"),
        pytest.param('<?xml version="1.0" encoding="UTF-8"?><a>é</a>'.encode(), id="UTF-8 declared"),
        pytest.param("<a>é</a>".encode("utf-8-sig"), id="UTF-8 with byte order mark"),
        pytest.param('<?xml version="1.0" encoding="UTF-16"?><a>é</a>'.encode("utf-16"), id="UTF-16"),
        pytest.param("<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>".encode("latin-1"), id="Latin-1"),
        pytest.param('<?xml version="1.0" encoding="windows-1252"?><a>é</a>'.encode("cp1252"), id="Windows-1252"),
        pytest.param(
            b"<!-- <!DOCTYPE a> --><?note x?><a>&#xe9;</a><!-- end -->", id="comments and instructions around"
        ),
        pytest.param("<a>é<!-- cut here? --></a>".encode(), id="a comment inside"),
        pytest.param("<a><![CDATA[é]]></a>".encode(), id="a CDATA section"),
    ],
)
def test_text_is_read_whole(data: bytes) -> None:
    root = read_xml(data)
    assert isinstance(root, etree._Element)
    assert (root.tag, root.text, len(root)) == ("a", "é", 0)


def test_a_comment_does_not_cut_a_text_in_two() -> None:
    root = read_xml(b"<a>DE89<!-- -->370400<?x?>44</a>")
    assert isinstance(root, etree._Element)
    assert root.text == "DE8937040044"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"", "XML-SYNTAX-01", id="nothing"),
        pytest.param(b"   ", "XML-SYNTAX-01", id="white space"),
        pytest.param(b"invoice: 7", "XML-SYNTAX-01", id="not XML"),
        pytest.param(b"%PDF-1.7\n", "XML-SYNTAX-01", id="a PDF"),
        pytest.param(b"<a><b></a>", "XML-SYNTAX-01", id="tags crossed"),
        pytest.param(b"<a/><b/>", "XML-SYNTAX-01", id="two roots"),
        pytest.param(b"<a>&b;</a>", "XML-SYNTAX-01", id="an entity nobody declared"),
        pytest.param(b"<x:a/>", "XML-SYNTAX-01", id="a prefix nobody declared"),
        pytest.param(b"<a>\x00</a>", "XML-SYNTAX-01", id="a character that XML forbids"),
        pytest.param(b"<!DOCTYPE a><a/>", "XML-DOCTYPE-01", id="DOCTYPE"),
        pytest.param(b"\n<!-- x --><?y?> <!DOCTYPE a><a/>", "XML-DOCTYPE-01", id="DOCTYPE after comments"),
        pytest.param("<!DOCTYPE a><a/>".encode("utf-16"), "XML-DOCTYPE-01", id="DOCTYPE in UTF-16"),
        pytest.param(b"<!DOCTYPE a [<!ENTITY", "XML-DOCTYPE-01", id="a DOCTYPE that no parser gets to see"),
        pytest.param(BOMB, "XML-DOCTYPE-01", id="an entity bomb"),
        pytest.param(EXTERNAL, "XML-DOCTYPE-01", id="an external entity"),
        pytest.param("<a>é</a>".encode("latin-1"), "XML-ENCODING-01", id="Latin-1 that says nothing"),
        pytest.param(
            b"<?xml version='1.0' encoding='us-ascii'?><a>\xe9</a>", "XML-ENCODING-01", id="not the ASCII it declares"
        ),
        pytest.param(b"<a>\xed\xa0\x80</a>", "XML-ENCODING-01", id="a lone surrogate"),
        pytest.param(b"<?xml version='1.0' encoding='utf-7'?><a/>", "XML-ENCODING-02", id="UTF-7"),
        pytest.param(b"<?xml version='1.0' encoding='ebcdic-cp-us'?><a/>", "XML-ENCODING-02", id="EBCDIC"),
        pytest.param(nested(limits.XML_DEPTH_MAX + 1), "XML-DEPTH-01", id="one level too deep"),
        pytest.param(nested(50_000), "XML-DEPTH-01", id="far too deep"),
        pytest.param(b"<a>" + b" " * limits.DOCUMENT_BYTES_MAX + b"</a>", "XML-SIZE-01", id="too large"),
    ],
)
def test_refusals(data: bytes, code: str) -> None:
    faults = read_xml(data)
    assert isinstance(faults, tuple)
    (fault,) = faults
    assert (fault.code, fault.by) == (code, "xml")
    assert fault.help


def test_the_deepest_nesting_that_is_read() -> None:
    assert isinstance(read_xml(nested(limits.XML_DEPTH_MAX)), etree._Element)


def test_the_size_may_be_set() -> None:
    assert isinstance(read_xml(b"<a/>", size_max=4), etree._Element)
    assert isinstance(read_xml(b"<a/>", size_max=3), tuple)


def test_a_syntax_fault_says_where() -> None:
    faults = read_xml(b"<a>\n <b></c>\n</a>")
    assert isinstance(faults, tuple)
    assert faults[0].path == "line 2, column 9"
    assert "line" not in faults[0].message.removeprefix(
        "not well-formed XML: Opening and ending tag mismatch: b line 2"
    )


@given(st.binary(max_size=200) | st.text(alphabet="<>/!?-[]&;= \"'aDOCTYPExml\n", max_size=80).map(str.encode))
def test_whatever_comes_in_is_read_or_refused(data: bytes) -> None:
    answer = read_xml(data)
    assert isinstance(answer, etree._Element) or all(isinstance(fault, Fault) for fault in answer)

import zlib

import pytest
from tests.unit.adapters.pdf.making import make_pdf

from comptroller.adapters.pdf import PdfContent, dissect
from comptroller.domain.kernel.fault import Fault

BOMB = (
    b"%%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(factur-x.xml) 4 0 R]>>>>>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    b"4 0 obj<</Type/Filespec/F(factur-x.xml)/EF<</F 5 0 R>>>>endobj\n"
    b"5 0 obj<</Type/EmbeddedFile/Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n%s\nendstream endobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%%%EOF"
)
PACKED = zlib.compress(zlib.compress(bytes(200_000_000), 9), 9)

CIRCLE = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>endobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF"
)


def test_files_and_text_are_taken_out() -> None:
    content = dissect(make_pdf(["Rechnung R-17", "Gesamtbetrag 1.190,00"], {"factur-x.xml": b"<a/>", "x.txt": b"x"}))

    assert isinstance(content, PdfContent)
    assert {file.name: file.data for file in content.files} == {"factur-x.xml": b"<a/>", "x.txt": b"x"}
    assert content.text.split() == ["Rechnung", "R-17", "Gesamtbetrag", "1.190,00"]
    assert (content.pages, content.text_is_whole) == (1, True)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(make_pdf(["secret"], password="x"), "PDF-ENCRYPTED-01", id="a password"),
        pytest.param(make_pdf(["half"])[:300], "PDF-BROKEN-01", id="cut off"),
        pytest.param(b"%PDF-1.7\n", "PDF-BROKEN-01", id="nothing but the header"),
        pytest.param(b"%PDF-1.7\n" + bytes(range(256)) * 40, "PDF-BROKEN-01", id="noise"),
        pytest.param(CIRCLE, "PDF-BROKEN-01", id="pages in a circle"),
        pytest.param(BOMB % (len(PACKED), PACKED), "PDF-SIZE-01", id="a file that unpacks to 200 MB"),
    ],
)
def test_pdf_that_cannot_be_taken_apart_is_one_fault(data: bytes, code: str) -> None:
    content = dissect(data)

    assert isinstance(content, Fault)
    assert content.code == code
    assert content.help


def test_pdf_that_takes_its_time_is_stopped() -> None:
    content = dissect(make_pdf(["a"] * 200_000, {"factur-x.xml": b"<a/>"}), seconds_max=1)

    assert isinstance(content, PdfContent)
    assert not content.text_is_whole
    assert [file.name for file in content.files] == ["factur-x.xml"]

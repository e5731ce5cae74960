"""Pages of a PDF as pictures: what can be shown is, and what cannot is no picture and no error."""

import pytest
from tests.unit.packs.accounts_payable import ROOT

from comptroller.adapters.pdf_pages import PNG, page_image

PAPER = (ROOT / "demo" / "documents" / "D49.pdf").read_bytes()


def test_a_page_is_a_picture() -> None:
    shown = page_image(PAPER, 1)
    assert shown is not None
    assert shown.pages == 1
    assert shown.png.startswith(PNG)


@pytest.mark.parametrize(
    ("pdf", "page"),
    [
        pytest.param(PAPER, 2, id="a page behind the last"),
        pytest.param(PAPER, 0, id="a page before the first"),
        pytest.param(b"no PDF", 1, id="no PDF"),
        pytest.param(PAPER[:200], 1, id="half a PDF"),
        pytest.param(b"", 1, id="nothing"),
    ],
)
def test_what_cannot_be_shown_is_no_picture(pdf: bytes, page: int) -> None:
    assert page_image(pdf, page) is None

"""The original of a case as a page can show it: pictures of a PDF's pages, the structure of anything else in words."""

from dataclasses import replace

from comptroller.adapters.outlining import outline
from comptroller.adapters.pdf_pages import PDF, page_image
from comptroller.application.views import OriginalView


def in_sight(original: OriginalView, content: bytes) -> OriginalView:
    """The original with what can be seen of its bytes; its text alone, or nothing, where that is all there is."""
    if original.media_type == PDF:
        first = page_image(content, 1)
        return replace(original, pages=first.pages if first is not None else 0)
    return replace(original, outline=outline(content, original.media_type))

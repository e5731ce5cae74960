"""Pages of a PDF as pictures, so that an original can be looked at on any screen without running what is in it.

A PDF comes from outside and its renderer is native code: it runs in a process of its own, with little memory and
little time, and nothing but the bytes. What it cannot show is no picture, never an error of the caller's.
"""

import subprocess
import sys
from dataclasses import dataclass
from typing import Final

PDF: Final = "application/pdf"

PAGES_MAX: Final = 50
"""Pages that are shown; a longer document is downloaded."""

WIDTH_PX: Final = 1200
SECONDS_MAX: Final = 20
PNG: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class PageImage:
    """One page as a PNG, and how many pages there are to show."""

    png: bytes
    pages: int


def page_image(pdf: bytes, page: int) -> PageImage | None:
    """Show a page, the first being 1; None where there is no such page or the file cannot be shown."""
    if not 1 <= page <= PAGES_MAX:
        return None
    command = [sys.executable, "-m", "comptroller.adapters.pdf_pages.renderer", str(page), str(WIDTH_PX)]
    try:
        done = subprocess.run(command, input=pdf, capture_output=True, timeout=SECONDS_MAX, check=False)  # noqa: S603 - our own module
    except subprocess.TimeoutExpired:
        return None
    head, _, png = done.stdout.partition(b"\n")
    if done.returncode != 0 or not head.isdigit() or not png.startswith(PNG):
        return None
    return PageImage(png, min(int(head), PAGES_MAX))

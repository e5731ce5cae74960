"""Pictures of pages for the documentation: whole, small, with what stands at the bottom of the window at the bottom."""

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Page

COLOURS: Final = 256
BYTES_MAX: Final = 150 * 1024
HEIGHT_MAX_PX: Final = 1800


def keep_picture(page: Page, path: Path) -> None:
    """Keep what the page shows: on a phone what its window shows, else the page down to a sensible height."""
    window = page.viewport_size
    assert window is not None
    if window["width"] >= 768:
        height = int(page.evaluate("() => document.documentElement.scrollHeight"))
        page.set_viewport_size({**window, "height": min(max(height, window["height"]), HEIGHT_MAX_PX)})
    taken = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    page.set_viewport_size(window)
    path.parent.mkdir(parents=True, exist_ok=True)
    colours = COLOURS
    while True:
        taken.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size < BYTES_MAX or colours == 16:
            break
        colours //= 2
    assert path.stat().st_size < BYTES_MAX, path

"""A tenant's colour, made legible: any brand colour may be set, and text in it or on it still reaches AA contrast.

The colour moves towards black on a light page and towards white on a dark one, in small steps, until it is far enough
from the page; the ink on it is black or white, whichever stands out more. Relative luminance and contrast are those
of WCAG 2.2.
"""

import re
from dataclasses import dataclass
from typing import Final

CONTRAST_MIN: Final = 4.6
"""A little above the 4.5 of AA, because the result is rounded to whole channels."""

FALLBACK: Final = "#1d5fa8"
LIGHT_PAGES: Final = ("#ffffff", "#f4f5f7")
DARK_PAGES: Final = ("#1a1d21", "#101214", "#24282d")

_STEPS: Final = 50
_HEX: Final = re.compile(r"#[0-9a-f]{6}\Z", re.IGNORECASE)

Channels = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Accent:
    """An accent and the ink that is read on it, as `#rrggbb`."""

    colour: str
    ink: str


def _channels(text: str) -> Channels:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _luminance(channels: Channels) -> float:
    # SOURCE: WCAG 2.2, "relative luminance"
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in (channel / 255 for channel in channels)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Give the contrast ratio of two colours, from 1 to 21.

    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    darker, lighter = sorted((_luminance(_channels(first)), _luminance(_channels(second))))
    return (lighter + 0.05) / (darker + 0.05)


def accent(colour: str, *, dark: bool = False) -> Accent:
    """Move a colour until it can be read on every ground of the page; a text that is no colour gives the fallback."""
    pages, end = (DARK_PAGES, 255) if dark else (LIGHT_PAGES, 0)
    start = _channels(colour if _HEX.match(colour) else FALLBACK)
    for step in range(_STEPS + 1):
        moved = "#" + "".join(f"{round(channel + (end - channel) * step / _STEPS):02x}" for channel in start)
        if all(contrast(moved, page) >= CONTRAST_MIN for page in pages):
            break
    ink = max("#ffffff", "#000000", key=lambda candidate: contrast(moved, candidate))
    return Accent(moved, ink)

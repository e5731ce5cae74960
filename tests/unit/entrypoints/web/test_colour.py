"""A tenant's colour stays legible, whichever it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.entrypoints.web import colour

COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


@given(chosen=COLOURS, dark=st.booleans())
def test_every_colour_reaches_aa_on_every_ground_and_under_its_ink(chosen: str, dark: bool) -> None:
    accent = colour.accent(chosen, dark=dark)
    pages = colour.DARK_PAGES if dark else colour.LIGHT_PAGES
    assert min(colour.contrast(accent.colour, page) for page in pages) >= 4.5
    assert colour.contrast(accent.colour, accent.ink) >= 4.5


def test_a_legible_colour_is_left_as_it_is() -> None:
    assert colour.accent("#1d5fa8").colour == "#1d5fa8"


@pytest.mark.parametrize("text", ["", "red", "#12345", "#1d5fa8;} body{display:none", "url(//elsewhere)"])
def test_what_is_no_colour_becomes_the_fallback(text: str) -> None:
    assert colour.accent(text) == colour.accent(colour.FALLBACK)

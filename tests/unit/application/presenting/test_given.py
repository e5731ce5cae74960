"""What a decision was given, in words: `comptroller.application.presenting.given`."""

from typing import Any, cast

import pytest

from comptroller.application.presenting.given import Amounts, given_views
from comptroller.application.presenting.words import Names


class PlainNames:
    """Names of a company in which no key has a name."""

    def told(self, text: str) -> str:
        return text


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("accepted", {"price": None, "quantity": True}, ("price not known", "quantity yes")),
        ("accepted", {"price": False, "lines": []}, ("price no", "lines none")),
        ("accepted", {"lines": ["1", None]}, ("lines 1, not known",)),
    ],
    ids=["nothing known, agreed", "not agreed, no lines", "a list of lines"],
)
def test_record_within_a_record_is_told_in_words(name: str, value: dict[str, Any], told: tuple[str, ...]) -> None:
    (view,) = given_views(cast("Names", PlainNames()), Amounts(), {"lines": [{"line": "1", name: value}]})
    assert view.table is not None
    assert told in [cell for row in view.table.rows for cell in row]


@pytest.mark.parametrize(
    ("media_type", "word"),
    [("application/xml", "XML"), ("application/pdf", "PDF"), ("application/vnd.example+json", "JSON")],
)
def test_media_type_is_told_by_its_format(media_type: str, word: str) -> None:
    (view,) = given_views(cast("Names", PlainNames()), Amounts(), {"media type": media_type})
    assert view.value == word

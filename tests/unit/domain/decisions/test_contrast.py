"""What differs between two outcomes: nothing that changes is passed over."""

from decimal import Decimal

import pytest

from comptroller.domain.decisions.contrast import in_common, in_words

OWNER = {"title": "Owner", "hours": Decimal(16)}
CFO = {"title": "CFO", "hours": Decimal(16)}
CEO = {"title": "CEO", "hours": Decimal(16)}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param(
            {"out": "no", "steps": [OWNER, CFO]},
            {"out": "no", "steps": [OWNER, CEO]},
            "`steps`: from Owner and CFO to Owner and CEO",
            id="one takes the place of another",
        ),
        pytest.param(
            [OWNER], [{**OWNER, "hours": Decimal(24)}], "`Owner` `hours`: 16 becomes 24", id="an item changes"
        ),
        pytest.param([OWNER, CFO], [OWNER], "from Owner and CFO to Owner alone", id="one is left alone"),
        pytest.param([], [{**OWNER, "role": "owner"}], "from nobody to Owner", id="somebody is asked where nobody was"),
        pytest.param(
            [OWNER, CFO],
            [{**OWNER, "limit": True}],
            "from Owner and CFO to Owner alone; `Owner` `limit`: null becomes true",
            id="who is left changes too",
        ),
        pytest.param(
            [{"control": "risk", "outcome": "low"}, {"control": "split", "outcome": "low"}],
            [{"control": "risk", "outcome": "high"}, {"control": "split", "outcome": "low"}],
            '`risk` `outcome`: "low" becomes "high"',
            id="what one of several controls says",
        ),
        pytest.param(list("abcdefg"), list("abcdef"), 'loses "g"', id="a long list"),
        pytest.param(
            {"steps": [OWNER], "open": [OWNER]},
            {"steps": [], "open": []},
            "`steps`, `open`: from Owner to nothing",
            id="two entries of which the same becomes",
        ),
        pytest.param([OWNER, OWNER], [OWNER], "loses Owner", id="once instead of twice"),
        pytest.param([OWNER, CFO], [CFO, OWNER], "the same in another order", id="another order"),
        pytest.param(["a"], ["a", "b"], 'from "a" alone to "a" and "b"', id="a list of texts"),
        pytest.param([OWNER], None, "[Owner] becomes null", id="no answer"),
        pytest.param(
            {"a": Decimal(1)}, {"b": Decimal(1)}, "`a`: 1 becomes null; `b`: null becomes 1", id="other entries"
        ),
    ],
)
def test_what_differs_is_told(before: object, after: object, told: str) -> None:
    assert in_words(before, after) == told


def test_texts_that_stand_for_values_are_told_as_they_are() -> None:
    before, after = [{"title": '"Owner"', "hours": "16"}], [{"title": '"Owner"', "hours": "hours + 1"}]
    assert in_words(before, after, str) == "`Owner` `hours`: 16 becomes hours + 1"


def test_what_lists_have_in_common_is_what_all_of_them_have() -> None:
    assert in_common([[OWNER, CFO, CEO], [CEO, OWNER]]) == [OWNER, CEO]
    assert in_common(["owner", "head"]) == "owner"

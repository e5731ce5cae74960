"""Names of suppliers: why two may be one."""

import pytest

from comptroller.domain.controls import similarity

NAME = "Nordkupfer Handel GmbH"


@pytest.mark.parametrize(
    ("other", "relation", "same"),
    [
        pytest.param("NORDKUPFER  Handel GmbH", "equal", True, id="case and spacing"),
        pytest.param("Nordkupfer Handel AG", "equal", False, id="another legal form"),
        pytest.param("Nord Kupfer Handel", "equal", False, id="the letters in other words"),
        pytest.param("Handel Nordkupfer GmbH", "order", False, id="the words in another order"),
        pytest.param("Nordkupfer Handel Hamburg GmbH", "contained", False, id="a name within a longer one"),
        pytest.param("Nordkupfer Handels GmbH", "letter", False, id="a letter more"),
        pytest.param("Ferrum Guss GmbH", "different", False, id="another name"),
        pytest.param("", None, False, id="no name"),
    ],
)
def test_names_are_related(other: str, relation: str | None, same: bool) -> None:
    assert similarity.relation(NAME, other) == similarity.relation(other, NAME) == relation
    assert similarity.is_same(NAME, other) is similarity.is_same(other, NAME) is same

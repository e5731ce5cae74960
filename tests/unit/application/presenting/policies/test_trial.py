"""Trying a decision: a form from the declared types and an example, read as a person writes."""

from collections.abc import Mapping

import pytest
from tests.unit.application.studio.fares import EXAMPLES, FARES

from comptroller.application.presenting.policies.elements import find
from comptroller.application.presenting.policies.trial import Trial, trial_view
from comptroller.application.views.policies import TrialView
from comptroller.bootstrap import open_packs

PATH = "decisions/fares.dmn"


def tried(decision: str, trial: Trial) -> TrialView:
    study = open_packs().study({PATH: FARES, "examples/fares.yaml": EXAMPLES})
    found = find(study, decision)
    assert found is not None
    return trial_view(study.file(PATH), found[1], trial)


def fields(view: TrialView) -> Mapping[str, tuple[str, str]]:
    return {field.name: (field.kind, field.value) for group in view.groups for field in group.fields}


def test_the_form_is_filled_from_an_example_and_nothing_is_decided_yet() -> None:
    view = tried("fare", Trial())
    assert fields(view) == {"age": ("number", "9")}
    assert view.outcome is None


def test_a_record_has_a_field_for_each_part_by_its_declared_kind() -> None:
    assert fields(tried("ticket", Trial())) == {
        "age": ("number", ""),
        "holder/name": ("text", ""),
        "holder/since": ("date", ""),
    }


def test_a_chosen_example_is_decided_and_its_rule_told() -> None:
    outcome = tried("fare", Trial(1)).outcome
    assert outcome is not None
    assert (outcome.fired, outcome.answer.values[0][1], outcome.answer.hits[0].text) == (("adult",), 10, "full")


@pytest.mark.parametrize(
    ("typed", "price", "name", "held"),
    [
        ({"age": "9", "holder/name": "Ada"}, 5, "Ada", True),
        ({"age": "40", "holder/name": '""'}, 10, "", True),
        ({"age": "40"}, 10, None, False),
        ({"age": ""}, None, None, False),
    ],
    ids=["as typed", "the empty text", "a record of which nothing is known", "nothing known"],
)
def test_what_is_typed_is_decided(typed: dict[str, str], price: int | None, name: str | None, held: bool) -> None:
    outcome = tried("ticket", Trial(typed=typed)).outcome
    assert outcome is not None
    assert dict(outcome.answer.values) == {"price": price, "name": name, "held": held}


@pytest.mark.parametrize("typed", ["nine", "NaN", "1e", "1 2"])
def test_what_is_no_number_is_told_at_its_field_and_nothing_is_decided(typed: str) -> None:
    view = tried("fare", Trial(typed={"age": typed}))
    assert [field.problem for field in view.problems] == ["write a number, such as 1250.00"]
    assert view.outcome is None

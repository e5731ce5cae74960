"""What an outcome hands on to the decisions behind it, before anybody has acted."""

import pytest

from comptroller.domain.decisions.handing import passed_on
from comptroller.domain.feel import Value


@pytest.mark.parametrize(
    ("outcome", "open_steps"),
    [
        pytest.param({"steps": ["lead", "head"], "open steps": ["head"]}, ["head"], id="policy names the open steps"),
        pytest.param({"steps": ["lead"]}, ["lead"], id="policy names none: nobody has signed, so all are open"),
        pytest.param({"steps": ["lead"], "open steps": None}, None, id="policy does not know them"),
        pytest.param({"outcome": "review"}, None, id="there is no route"),
        pytest.param(None, None, id="no outcome"),
    ],
)
def test_routing_hands_on_the_steps_that_are_open(outcome: Value, open_steps: Value) -> None:
    assert passed_on("approval routing", outcome) == {"open steps": open_steps}


def test_other_decisions_hand_on_nothing_beside_their_outcome() -> None:
    assert passed_on("tax comparison", {"steps": ["lead"]}) == {}

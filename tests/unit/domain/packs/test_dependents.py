"""Whatever looks at what a change writes anew is named, however far behind it stands and in whichever model."""

import pytest

from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    Definitions,
    InformationItem,
    InputData,
    Reference,
)
from comptroller.domain.packs.dependents import dependents


def decision(name: str, *needs: str, knowledge: tuple[Reference, ...] = ()) -> Decision:
    required = tuple(Reference("", need) for need in needs)
    return Decision(name, name, InformationItem(name), required_decisions=required, required_knowledge=knowledge)


WORDING = Definitions(
    "wording", "urn:w", elements=(BusinessKnowledgeModel("money", "money", InformationItem("money")),)
)
ROUTING = Definitions(
    "routing",
    "urn:r",
    elements=(
        InputData("split", "split", InformationItem("split")),
        decision("limits"),
        decision("steps", "limits"),
        decision("route", "steps"),
        decision("reason", knowledge=(Reference("urn:w", "money"),)),
        decision("apart"),
    ),
)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        pytest.param(["limits"], ["steps", "route"], id="what stands behind, and behind that"),
        pytest.param(["money"], ["reason"], id="in another model"),
        pytest.param(["route"], [], id="nothing stands behind it"),
        pytest.param(["split"], [], id="an input that is called so is another's decision"),
    ],
)
def test_what_builds_on_a_change(changed: list[str], told: list[str]) -> None:
    assert list(dependents([WORDING, ROUTING], changed)) == told

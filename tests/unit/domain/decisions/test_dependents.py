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
from comptroller.domain.decisions.dependents import dependents
from comptroller.domain.decisions.handing import Handed, Named


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
RISK = Definitions(
    "risk",
    "urn:k",
    elements=(
        InputData("route", "route", InformationItem("route")),
        Decision("risk", "risk", InformationItem("risk"), required_inputs=(Reference("", "route"),)),
    ),
)
HANDING = {Named("urn:k", "route"): Handed(Named("urn:r", "route"))}


LIMITS, MONEY, ROUTE = Named("urn:r", "limits"), Named("urn:w", "money"), Named("urn:r", "route")


@pytest.mark.parametrize(
    ("changed", "told", "handed"),
    [
        pytest.param(LIMITS, ["steps", "route"], ["risk"], id="what stands behind, and what it is handed to"),
        pytest.param(MONEY, ["reason"], [], id="in another model"),
        pytest.param(ROUTE, [], ["risk"], id="nothing stands behind it in its model"),
        pytest.param(Named("urn:r", "apart"), [], [], id="nobody looks at it"),
    ],
)
def test_what_builds_on_a_change(changed: Named, told: list[str], handed: list[str]) -> None:
    models = [WORDING, ROUTING, RISK]
    assert [each.name for each in dependents(models, [changed])] == told
    assert [each.name for each in dependents(models, [changed], HANDING)] == [*told, *handed]

"""What went wrong with a decision is told from its record, whatever taking it again would say today."""

import pytest
from tests.unit.domain.decisions.models import decision, input_data, sound_model

from comptroller.application.casework.decision_record import recorded_faults
from comptroller.domain.kernel.fault import Fault, Severity

MODEL = sound_model(input_data("net", "number"), decision("d", "net + 1", inputs=["net"]))
AGAIN = MODEL.decide("d", {})
MISSING = AGAIN.faults[0]


@pytest.mark.parametrize(
    ("recorded", "told"),
    [
        pytest.param([[MISSING.code, MISSING.path, MISSING.message]], (MISSING,), id="with the weight it has"),
        pytest.param([["DMN-OLD-01", "d", "gone"]], (Fault("DMN-OLD-01", "d", "gone"),), id="though it is none today"),
        pytest.param([], (), id="none, though there would be one today"),
    ],
)
def test_recorded_faults_are_told(recorded: list[list[str]], told: tuple[Fault, ...]) -> None:
    assert MISSING.severity is Severity.WARNING
    assert recorded_faults({"faults": recorded}, AGAIN) == told

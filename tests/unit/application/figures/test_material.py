"""What one computation reads: never less than there is, in silence."""

from types import SimpleNamespace
from typing import Any

import pytest
from tests.unit.application.figures.cases import MARCH

from comptroller.application.figures.material import CASES_MAX, MILESTONES_MAX, Material, TooMany


@pytest.mark.parametrize(
    ("stored", "cases"),
    [
        pytest.param(CASES_MAX + 1, None, id="more judgements than cases is no matter"),
        pytest.param(MILESTONES_MAX, None, id="as many as are read"),
        pytest.param(MILESTONES_MAX + 1, CASES_MAX + 1, id="one more is told, not left out"),
    ],
)
def test_milestones_of_a_span(stored: int, cases: int | None) -> None:
    def milestones_between(_kind: str, _since: object, _until: object, limit: int) -> list[Any]:
        return [SimpleNamespace(case_id="c1")] * min(stored, limit)

    session: Any = SimpleNamespace(uow=SimpleNamespace(milestones_between=milestones_between))
    material = Material(session, MARCH)
    if cases is None:
        assert len(material.between("controls decided")) == stored
    else:
        with pytest.raises(TooMany) as found:
            material.between("controls decided")
        assert found.value.cases == cases

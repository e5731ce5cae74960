"""How long outside systems take to say that they have what was posted, and what they have not said."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from tests.unit.application.figures.cases import Written, at, case

from comptroller.application.figures import operations
from comptroller.application.figures.controls import PARAMETERS

POSTED = ("posted", "2026-03-27T09:00", dict[str, str]())


def test_minutes_from_the_last_posting_to_its_acceptance() -> None:
    told = case(POSTED, ("posting confirmed", "2026-03-27T09:02", {"control": "erp"}))
    (sample,) = operations.minutes_to_accepted(Written(cases=(told,)).material)
    assert (sample.numerator, sample.part) == (Decimal(2), "erp")


@pytest.mark.parametrize(
    ("status", "kind", "now", "counted"),
    [
        pytest.param("pending", "delivery", "2026-03-27T09:31", 1, id="it is tried again and again"),
        pytest.param("dead", "delivery", "2026-03-27T09:31", 1, id="it was given up"),
        pytest.param("pending", "delivery", "2026-03-27T09:30", 0, id="policy still waits"),
        pytest.param("pending", "notice", "2026-03-27T09:31", 0, id="a notice is no effect"),
        pytest.param("done", "delivery", "2026-03-27T09:31", 0, id="it was accepted"),
    ],
)
def test_effects_that_nobody_confirmed(status: str, kind: str, now: str, counted: int) -> None:
    row = SimpleNamespace(outbox_id="o", kind=kind, case_id="c1", target="erp")
    model = SimpleNamespace(decide=lambda *_: SimpleNamespace(value={"unconfirmed minutes": Decimal(30)}))

    def deliveries(*, status: str, after: str, limit: int) -> list[Any]:
        return [row] if status == wanted and not after and limit else []

    wanted, policy = status, SimpleNamespace(models={PARAMETERS: model})
    session = SimpleNamespace(now=at(now), uow=SimpleNamespace(deliveries=deliveries), policy=policy)
    written = Written(cases=(case(POSTED),), session=session).material
    assert len(list(operations.unconfirmed_effects(written))) == counted

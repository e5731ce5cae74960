"""Payments found to be duplicates after they were made: what counts when, what came back, what was found in time."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from tests.unit.application.figures.cases import Written, at, case, item

from comptroller.application.figures import duplicates
from comptroller.application.figures.material import CaseFacts
from comptroller.domain.kernel.canonical_json import encode


def written(*cases: CaseFacts, cleared: str = "2026-03-05", **record: str) -> Written:
    body = {"original": "D", "found_on": "2026-03-20", "source": "the supplier's statement", **record}
    row = SimpleNamespace(key="paid", body=encode(body))
    uow: Any = SimpleNamespace(
        reference_list=lambda kind: [row] if kind == "duplicate-found" else [],
        open_items=lambda case_id: [item("i", "2026-02-10", cleared, case_id=case_id)],
    )
    session = SimpleNamespace(now=at("2026-03-27T09:00"), uow=uow)
    return Written(cases=(case(case_id="paid"), *cases), session=session)


@pytest.mark.parametrize(
    ("record", "parts"),
    [
        pytest.param({}, {"not recovered": 100}, id="nothing came back"),
        pytest.param({"recovered": "30"}, {"recovered": 30, "not recovered": 70}, id="some came back"),
        pytest.param({"recovered": "130"}, {"recovered": 100}, id="never more than was paid"),
        pytest.param({"found_on": "2026-04-01"}, {}, id="found after the period"),
        pytest.param({"cleared": "2026-03-21"}, {}, id="found before it was paid"),
        pytest.param({"cleared": ""}, {}, id="not paid at all"),
    ],
)
def test_found_after_payment(record: dict[str, str], parts: dict[str, int]) -> None:
    material = written(**record).material
    assert {each.part: int(each.numerator) for each in duplicates.found_after_payment(material)} == parts
    rate = [(int(each.numerator), int(each.denominator)) for each in duplicates.recovery(material)]
    assert rate == ([(parts.get("recovered", 0), 100)] if parts else [])


def test_recall_is_of_all_that_are_known_by_now() -> None:
    judged = ("controls decided", "2026-03-27T09:00", {"detail": '{"duplicate":"certain"}'})
    turned_down = case(judged, ("ended", "2026-03-27T09:00", {}), case_id="down", status="rejected")
    samples = list(duplicates.recall(written(turned_down).material))
    assert [(each.part, each.numerator) for each in samples] == [
        ("before payment", Decimal(1)),
        ("after payment", Decimal(0)),
    ]

"""The return on investment over the demonstration company: each part by hand, and none without a baseline."""

from typing import Any, Final

import pytest
from tests.acceptance.company import Answer, Company

MARCH: Final = {"from": "2026-03-01", "to": "2026-03-27"}
BODY: Final = {
    "source": "time study of the shared service centre",
    "measured_from": "2026-01-01",
    "measured_to": "2026-01-31",
    "valid_from": "2026-02-01",
}


def enter(company: Company, key: str, value: str, low: str, high: str, **changes: str) -> Any:
    body = {**BODY, "value": value, "low": low, "high": high, **changes}
    return company.person("clara.weiss").put("baseline", key, body)


def parts(company: Company, **query: str) -> dict[str, Answer]:
    answer = company.person("clara.weiss").get("/figures/return", **{**MARCH, **query})
    return {part["part"]: part for each in answer["dimensions"] for part in each["parts"]}


def bounds(part: Answer) -> tuple[str, str, str]:
    return part["low"], part["value"], part["high"]


def test_without_a_baseline_nothing_is_measured_and_it_is_said_what_would(shared_company: Company) -> None:
    found = parts(shared_company, entity="DE")
    needing = [part for part in found.values() if part["value"] is None]
    assert len(needing) == 11
    assert all(part["lacking"].startswith("not measured: ") for part in needing)
    assert "`approval-minutes/DE`" in found["Approval"]["lacking"]
    assert found["Days paid"]["lacking"] == "not measured: nothing was paid in the period"


def test_parts_by_hand(company: Company) -> None:
    """Seventeen invoices were posted untouched in 27 days; an hour costs 45.00, an invoice 0.80."""
    for key, *numbers in (
        ("exception-minutes", "6", "5", "8"),
        ("control-adherence", "95", "90", "97"),
        ("breach-rate", "40", "30", "50"),
        ("expected-loss", "36500", "29200", "43800"),
        ("expected-loss-now", "10950", "7300", "14600"),
    ):
        assert enter(company, key, *numbers).status_code == 200, key
    found = parts(company)
    assert bounds(found["Exception"]) == ("63.75", "76.50", "102")  # 17 x 45 / 60 = 12.75 a minute
    assert bounds(found["Platform and service"]) == ("-13.60", "-13.60", "-13.60")
    assert bounds(found["Adherence to controls"]) == ("3", "5", "10")
    assert bounds(found["Breaches found after the effect"]) == ("-3.33", "6.67", "16.67")  # one of three
    assert bounds(found["Expected loss"]) == ("1080", "1890", "2700")  # 27 of 365 days of 25,550.00
    assert found["Exception"]["baselines"][0]["recorded_by"] == "clara.weiss"
    labour = company.person("clara.weiss").get("/figures/return", **MARCH)["dimensions"][0]
    assert (bounds(labour), labour["complete"]) == (("50.15", "62.90", "88.40"), False)
    assert parts(company, entity="DE")["Exception"]["value"] is None  # it was measured of the group


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"measured_to": "2026-03-01"}, id="measured within the period"),
        pytest.param({"valid_to": "2026-03-26"}, id="holds until the day before"),
        pytest.param({"valid_from": "2026-03-28"}, id="holds from the day after"),
    ],
)
def test_a_baseline_of_other_days_measures_nothing(company: Company, changes: dict[str, str]) -> None:
    assert enter(company, "exception-minutes", "6", "5", "8", **changes).status_code == 200
    assert parts(company)["Exception"]["value"] is None


@pytest.mark.parametrize(
    ("key", "changes", "code"),
    [
        pytest.param("luck", {}, "REFERENCE-BASELINE-01", id="nothing that is measured"),
        pytest.param("days-paid", {"low": "7"}, "REFERENCE-BASELINE-02", id="outside its bounds"),
        pytest.param("days-paid", {"measured_to": "2025-01-01"}, "REFERENCE-BASELINE-03", id="ends before it begins"),
    ],
)
def test_a_baseline_is_checked(shared_company: Company, key: str, changes: dict[str, str], code: str) -> None:
    body = {**BODY, "value": "6", "low": "5", "high": "8", **changes}
    answer = shared_company.person("clara.weiss").put("baseline", key, body)
    assert (answer.status_code, [fault["code"] for fault in answer.json()["faults"]]) == (422, [code])

"""What lies there is told to who has it, then goes up: by the hours of the entity's calendar, and never down."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.acceptance.company import Answer, Company
from tests.acceptance.test_milestones import milestones

from comptroller.domain.controls.service_hours import ServiceCalendar, after_service_hours


def after(company: Company, days: float) -> Company:
    """The company so many days of the calendar later, with its worker having done what was due."""
    later = company.later(timedelta(days=days))
    later.work()
    return later


def open_task(company: Company, document: str) -> Answer:
    return company.task(document)


def test_signer_is_reminded_after_eight_hours_and_passed_over_after_sixteen(company: Company) -> None:
    """Friday nine o'clock: eight hours are Friday's end, sixteen Monday's."""
    monday = after(company, 2.99)
    assert open_task(monday, "D11")["person"] == "lena.vogt"
    told = [(row.kind, row.person) for row in milestones(company, "D11")]
    assert ("task reminded", "lena.vogt") in told
    tuesday = after(company, 4)
    assert open_task(tuesday, "D11")["person"] == "elif.demir"
    assert ("task escalated", "elif.demir") in [(row.kind, row.person) for row in milestones(company, "D11")]
    answer = tuesday.person("elif.demir").act(open_task(tuesday, "D11"), "approve")
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "posted"


def test_what_went_up_is_no_longer_the_first_signer_s(company: Company) -> None:
    tuesday = after(company, 4)
    answer = tuesday.person("lena.vogt").act(open_task(tuesday, "D11"), "approve")
    assert (answer.status_code, answer.json()["code"]) == (403, "TASK-OTHER-01")


def test_exception_goes_to_its_next_owner_after_twenty_four_hours(company: Company) -> None:
    assert open_task(after(company, 3.5), "D03")["person"] == "jonas.adler"
    assert open_task(after(company, 5), "D03")["person"] == "elif.demir"


def test_answered_task_is_left_alone(company: Company) -> None:
    company.person("lena.vogt").act(company.task("D11"), "approve")
    later = after(company, 10)
    assert later.case("D11")["status"] == "posted"
    assert "task escalated" not in [row.kind for row in milestones(company, "D11")]


@pytest.mark.parametrize("days", [4, 7, 14, 40])
def test_nothing_goes_down_however_long_it_lies(company: Company, days: int) -> None:
    limits = {
        person: max((float(limit["amount"]) for limit in company.record("person", person)["limits"]), default=0.0)
        for person in ("lena.vogt", "elif.demir", "nadia.okafor", "henrik.lindqvist")
    }
    held = [
        row.person for row in milestones(after(company, days), "D11") if row.kind in {"task offered", "task escalated"}
    ]
    amounts = [limits[person] for person in held]
    assert amounts == sorted(amounts)
    assert len(held) > 1


def test_change_of_an_order_is_due_by_the_calendar_and_clock_of_its_entity(company: Company) -> None:
    calendar = {"name": "Hamburg", "days": [1, 2, 3, 4], "opens": "07:00", "hours": 10, "holidays": ["2026-03-30"]}
    answer = company.person("importer").put("calendar", "DE", calendar)
    assert answer.status_code == 200, answer.text
    entity = {**company.record("entity", "DE"), "time_zone": "Europe/Berlin"}
    assert company.person("importer").put("entity", "DE", entity).status_code == 200
    order = company.record("order", "PO-2026-0103")
    order["lines"][0]["price"] = "325.00"
    changed = company.person("jonas.adler").put("order", "PO-2026-0103", order).json()
    (task,) = company.person("samuel.grant").get(f"/cases/{changed['case_id']}")["tasks"]
    ours = ServiceCalendar(
        ZoneInfo("Europe/Berlin"), frozenset({date(2026, 3, 30)}), time(7), 10, frozenset({1, 2, 3, 4})
    )
    offered, due = (datetime.fromisoformat(task[name]) for name in ("offered_at", "due"))
    assert due == after_service_hours(offered, 16, ours)
    assert due != after_service_hours(offered, 16, ServiceCalendar())

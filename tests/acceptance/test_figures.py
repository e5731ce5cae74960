"""The figures over the demonstration company: each agrees with the cases it names, and moves with what people do."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

import pytest
from tests.acceptance.company import TENANT, Answer, Company
from tests.acceptance.versions import exchange, put_in_force

from comptroller.application.dispatcher import Request
from comptroller.application.figures.adding import NOT_ADDED, Sum
from comptroller.application.figures.show import DEFINITIONS
from comptroller.application.jobs.job import Job
from comptroller.application.jobs.measuring import MeasureDays, measuring_steps
from comptroller.application.jobs.stepping import Step
from comptroller.application.open_tasks import OpenTasks
from comptroller.application.presenting.insight import HIGHER, LOWER, NOW, ShowInsight
from comptroller.application.views import InsightFigure, InsightView
from comptroller.domain.kernel.fault import Rejection, RejectionKind


def ask(company: Company, person: str = "clara.weiss", **query: object) -> Answer:
    return company.person(person).get("/figures", **query)


def figure(company: Company, key: str, person: str = "clara.weiss", **query: object) -> Answer:
    (found,) = ask(company, person, figure=key, **query)["figures"]
    return found


def counts(company: Company, found: dict[str, Any], *documents: str) -> bool:
    """Whether the cases of these documents, and no others, are named by a figure."""
    return set(found["cases"]) == {company.case_of(document) for document in documents}


def test_every_figure_says_what_it_counts(shared_company: Company) -> None:
    answer = ask(shared_company)
    assert [each["figure"] for each in answer["figures"]] == list(DEFINITIONS)
    assert (answer["time_zone"], answer["currency"], answer["from"]) == ("Europe/Berlin", "EUR", "2026-03-01")
    for each in answer["figures"]:
        assert all(each[name] for name in ("title", "unit", "numerator_is", "denominator_is", "exclusions")), each


@pytest.mark.parametrize(
    ("key", "numerator", "denominator"),
    [
        # 15 posted untouched of which one is a credit note, and 3 with a payment block
        pytest.param("touchless-rate", 17, 17, id="nobody touched what was posted at load"),
        pytest.param("exception-rate", 3, 20, id="two invalid documents and the one returned"),
        pytest.param("breach-attempts", 2, None, id="a split and a purchase without an order"),
        pytest.param("coverage", 18, 19, id="one journal by hand has no case"),
        pytest.param("breach-leakage", 1, 3, id="that journal, beside two attempts that were stopped"),
        pytest.param("rework-rate", 0, 20, id="nothing was done twice"),
        pytest.param("dead-letters", 0, None, id="nothing was given up"),
    ],
)
def test_at_load(shared_company: Company, key: str, numerator: int, denominator: int | None) -> None:
    found = figure(shared_company, key)
    assert Decimal(found["numerator"]) == numerator
    assert denominator is None or Decimal(found["denominator"]) == denominator


def test_a_discount_opens_to_the_items_that_offer_it_and_interest_to_what_is_late(shared_company: Company) -> None:
    discounts = figure(shared_company, "discount-capture")
    assert discounts["cases"] == []
    assert len(discounts["denominator_cases"]) == discounts["samples"] > 0
    interest = figure(shared_company, "interest-exposure", entity="DE")
    ageing = shared_company.person("clara.weiss").get("/ledger/DE/ageing")
    assert Decimal(interest["value"]) == Decimal(ageing["interest_exposure"])
    assert interest["samples"] == ageing["late_items"] == 2
    items = shared_company.person("clara.weiss").get("/ledger/DE/open-items")["suppliers"]
    owed = [item for each in items for item in each["items"] if Decimal(item["amount"]) > 0]
    late = {item["case_id"] for item in owed if (item["days_past_due"] or 0) > 0}
    assert set(interest["cases"]) == late - {""}  # the other was posted by hand


def test_attempts_at_load_are_a_split_and_a_purchase_without_an_order(shared_company: Company) -> None:
    found = figure(shared_company, "breach-attempts", by="part")
    assert {row["group"] for row in found["rows"]} == {"split", "order-less where forbidden"}
    assert counts(shared_company, found, "D15", "D16")


def test_every_required_control_ran_on_every_posted_case(shared_company: Company) -> None:
    found = figure(shared_company, "control-adherence", by="part")
    assert Decimal(found["value"]) == 100
    assert {row["samples"] for row in found["rows"]} == {17}


@pytest.mark.parametrize("by", ["entity", "unit", "supplier", "person", "period", "part"])
def test_groups_add_up_to_the_whole(shared_company: Company, by: str) -> None:
    for found in ask(shared_company, by=by)["figures"]:
        assert sum(row["samples"] for row in found["rows"]) == found["samples"], found["figure"]
        assert sum(Decimal(row["numerator"]) for row in found["rows"]) == pytest.approx(Decimal(found["numerator"]))


def test_who_works_for_one_entity_sees_its_cases_alone(shared_company: Company) -> None:
    seen = {case for each in ask(shared_company, "amelie.laurent")["figures"] for case in each["cases"]}
    assert seen
    rows = shared_company.read(lambda uow: [uow.case(case) for case in seen])
    assert {row.entity for row in rows if row is not None} == {"FR"}


def test_a_signature_moves_latency_touchless_and_queue(company: Company) -> None:
    before = Decimal(figure(company, "ageing-queue")["numerator"])
    command = OpenTasks(company.case_of("D11"))
    company.platform.dispatcher.execute(TENANT, Request("lena.vogt", command))
    signed = company.person("lena.vogt").act(company.task("D11"), "approve")
    assert signed.status_code == 200
    latency = figure(company, "approval-latency", by="person")
    assert (latency["samples"], [row["group"] for row in latency["rows"]]) == (1, ["lena.vogt"])
    assert {detail["name"] for detail in latency["details"]} >= {"offered to opened", "opened to signed"}
    touchless = figure(company, "touchless-rate")
    assert (touchless["numerator"], touchless["denominator"]) == ("17", "18")
    assert Decimal(figure(company, "ageing-queue")["numerator"]) == before - 1
    stamp = figure(company, "rubber-stamp-rate", by="part")
    assert [row["group"] for row in stamp["rows"]] == ["too fast"]


def test_a_refused_signature_is_an_attempt(company: Company) -> None:
    company.person("lena.vogt").act(company.task("D45"), "approve")
    found = figure(company, "breach-attempts", by="part")
    assert "own request or benefit" in {row["group"] for row in found["rows"]}
    assert counts(company, found, "D15", "D16", "D45")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        pytest.param({"figure": "none"}, 404, "FIGURE-UNKNOWN-01", id="no such figure"),
        pytest.param({"by": "colour"}, 422, "FIGURE-BY-01", id="told apart by nothing known"),
        pytest.param({"from": "2026-03-02", "to": "2026-03-01"}, 422, "FIGURE-SPAN-01", id="the end before the start"),
        pytest.param({"from": "2020-01-01", "to": "2026-03-01"}, 422, "FIGURE-SPAN-01", id="six years"),
    ],
)
def test_what_cannot_be_computed_is_said(shared_company: Company, query: Any, status: int, code: str) -> None:
    answer = shared_company.person("clara.weiss").client.get("/v1/figures", params=query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_amounts_are_at_the_rate_of_the_day_on_which_they_counted(company: Company) -> None:
    """D30 and D48, 4,680.00 in pounds, were posted on the 27th: a rate of the day after leaves them as they were."""
    before = Decimal(figure(company, "spend-under-order")["denominator"])
    for day, rate, more in (("2026-03-28", "2.0000", "0"), ("2026-03-26", "1.1700", "46.80")):
        body = {"rate": rate, "type": "daily", "valid_on": day, "source": "another table"}
        assert company.person("importer").put("rate", f"GBP/{day}", body).status_code == 200
        assert Decimal(figure(company, "spend-under-order")["denominator"]) - before == Decimal(more)


def test_spend_and_accruals_add_up_by_hand(shared_company: Company) -> None:
    """The net amounts of what is posted at load, and the accrual of D40, which its invoice came to exactly."""
    names = (
        "D01",
        "D02",
        "D05",
        "D06",
        "D07",
        "D10",
        "D12",
        "D18",
        "D27",
        "D30",
        "D31",
        "D34",
        "D40",
        "D43",
        "D44",
        "D48",
    )
    ids = [shared_company.case_of(name) for name in names]
    posted = next(each for each in ("D50a", "D50b") if shared_company.case(each)["status"] == "posted")
    rows = shared_company.read(lambda uow: uow.cases_of([*ids, shared_company.case_of(posted)]))
    rates = {"EUR": Decimal(1), "GBP": Decimal("1.16"), "USD": Decimal("0.92")}
    net = sum(((row.net or Decimal(0)) * rates[row.currency] for row in rows), Decimal(0))
    spend = figure(shared_company, "spend-under-order")
    assert (spend["samples"], Decimal(spend["denominator"])) == (17, net.quantize(Decimal("0.01")))
    accrual = figure(shared_company, "accrual-accuracy")
    assert (accrual["value"], accrual["denominator"]) == ("0", "4700")
    assert accrual["denominator_cases"] == [shared_company.case_of("D40")]


CAP: Final = {
    "decisions/line-match.dmn": exchange(("<outputEntry><text>250.00</text>", "<outputEntry><text>150.00</text>"))
}
"""A line may cost 150.00 more than was ordered, where it was 250.00."""


def replay(company: Company, person: str = "clara.weiss", **wish: str) -> Answer:
    """Have policy replayed over March; what was found."""
    body = {"from": "2026-03-01", "to": "2026-03-31", **wish}
    answer = company.person(person).client.post("/v1/figures/replays", json=body)
    assert answer.status_code == 202, answer.text
    company.work()
    return company.person("samuel.grant").get(f"/figures/replays/{answer.json()['job_id']}")


def test_a_replay_finds_nothing_where_policy_is_what_it_was(company: Company) -> None:
    assert "no replay of policy covers the period" in figure(company, "breach-leakage")["note"]
    found = replay(company)
    assert (found["status"], found["told"]["posted"], found["told"]["breaches"], found["found"]) == ("done", 18, 0, [])
    leakage = figure(company, "breach-leakage")
    assert (leakage["numerator"], leakage["denominator"]) == ("1", "3")
    assert "over 18 posted cases, 0 hours ago" in leakage["note"]
    assert (
        "over 18 posted cases"
        in figure(company, "breach-leakage", **{"from": "2026-03-01", "to": "2026-04-30"})["note"]
    )
    assert "no replay" in figure(company, "breach-leakage", **{"from": "2026-02-28", "to": "2026-03-27"})["note"]
    put_in_force(company, CAP)
    assert "policy has changed since" in figure(company, "breach-leakage")["note"]


def test_what_stricter_policy_would_not_have_posted_is_leakage(company: Company) -> None:
    """D02 is 200.00 above its order."""
    put_in_force(company, CAP)
    assert replay(company, entity="FR")["found"] == []
    found = replay(company)
    assert [each["case_id"] for each in found["found"]] == [company.case_of("D02")]
    assert (found["found"][0]["amount"], found["found"][0]["breach"]) == (1_550_000, "would not be posted: hold")
    leakage = figure(company, "breach-leakage", by="part")
    assert (leakage["numerator"], leakage["denominator"]) == ("2", "4")
    assert company.case_of("D02") in leakage["cases"]
    (row,) = [row for row in leakage["rows"] if row["group"].startswith("replay")]
    assert (row["group"], row["at_stake"]) == ("replay: would not be posted: hold", "15500")
    assert "no replay" in figure(company, "breach-leakage", **{"from": "2026-02-01", "to": "2026-02-28"})["note"]


def test_a_signature_that_policy_takes_now_and_nobody_gave_is_leakage(company: Company) -> None:
    """D11 is signed by the owner of the cost centre; from 1,000.00 on the managing director signs as well."""
    company.person("lena.vogt").act(company.task("D11"), "approve")
    assert replay(company)["found"] == []
    put_in_force(company, {"decisions/approval-routing.dmn": exchange(("&gt; 25000.00", "&gt; 1000.00"))})
    (found,) = replay(company)["found"]
    assert found["case_id"] == company.case_of("D11")
    assert found["breach"].startswith("signature missing: ")


def test_what_is_found_later_counts_only_where_it_was_paid(company: Company) -> None:
    body = {"original": "NK-2026-0311", "found_on": "2026-03-27", "source": "the supplier's statement"}
    assert company.person("priya.nair").put("duplicate-found", company.case_of("D02"), body).status_code == 200
    assert figure(company, "duplicates-found-later")["samples"] == 0


def test_insight_tells_every_figure_once_beside_the_span_before(shared_company: Company) -> None:
    def told(first: str, last: str) -> dict[str, InsightFigure]:
        command = ShowInsight(date.fromisoformat(first), date.fromisoformat(last))
        view = shared_company.platform.dispatcher.execute(TENANT, Request("clara.weiss", command))
        assert isinstance(view, InsightView)
        figures = [figure for _, figures in view.subjects for figure in figures]
        assert sorted(figure.key for figure in figures) == sorted(DEFINITIONS)
        return {figure.key: figure for figure in figures}

    held, before = told("2026-03-27", "2026-03-27"), told("2026-03-26", "2026-03-26")
    exceptions = held["exceptions"]
    assert (exceptions.before, exceptions.verdict) == (before["exceptions"].value, "")
    assert sum(part.samples for part in exceptions.parts) <= exceptions.samples
    after = told("2026-03-28", "2026-03-28")
    assert after["exceptions"].before == exceptions.value
    assert after["ageing-queue"].before is None  # it is what is open now, on whatever day
    assert after["exception-rate"].value is None
    assert DEFINITIONS.keys() >= HIGHER | LOWER | NOW
    assert not HIGHER & LOWER


def test_a_long_span_is_measured_month_by_month_and_comes_to_the_same(company: Company) -> None:
    """The one month with cases in it comes to what is computed at once, and so does the whole."""
    body = {"from": "2025-12-15", "to": "2026-03-27"}
    answer = company.person("clara.weiss").client.post("/v1/figures/measurements", json=body)
    assert answer.status_code == 202, answer.text
    company.work()
    found = company.person("samuel.grant").get(f"/figures/measurements/{answer.json()['job_id']}")
    assert (found["status"], found["done"], found["told"]["months"]) == ("done", 103, 4)
    measured = {each["figure"]: each for each in found["figures"]}
    assert set(measured) == set(DEFINITIONS) - NOT_ADDED
    for each in ask(company)["figures"]:
        if each["figure"] in measured:
            told, march = measured[each["figure"]], measured[each["figure"]]["months"][-1]
            value = None if each["value"] is None else Decimal(each["value"])
            assert march["month"] == "2026-03"
            assert march["samples"] == each["samples"], each["figure"]
            assert (march["value"] and Decimal(march["value"])) == value, each["figure"]
            assert told["samples"] >= march["samples"]


def test_a_piece_that_is_too_large_is_halved_and_a_day_that_is_ends_the_job(company: Company) -> None:
    asked: list[MeasureDays] = []

    class Narrow(Step):
        def ask(self, command: object) -> Any:
            assert isinstance(command, MeasureDays)
            asked.append(command)
            days = (command.last - command.first).days + 1
            if days > 10 or command.first <= date(2026, 3, 25) <= command.last:
                return Rejection(RejectionKind.INVALID, "FIGURE-SIZE-01", "too many")
            return {"sums": {"exceptions": Sum(samples=days, numerator=Decimal(days)).facts}}

    wish = {"first": "2026-02-20", "last": "2026-03-27", "entity": ""}
    job = Job("j", "figures", "clara.weiss", "", "*", wish, 36)
    row: Any = None
    steps = list(measuring_steps(Narrow(company.platform.dispatcher, TENANT, row, job)))
    ends, is_over = steps[-1]
    assert is_over
    assert (ends.refused, ends.after) == ({"code": "FIGURE-SIZE-01", "message": "too many"}, "2026-03-24")
    assert ends.done == 33
    kept = (ends.told or {})["found"].values()
    assert [Sum.read(sums["exceptions"]).samples for sums in kept] == [9, 24]

"""Contracts, recurring agreements, schedules and budgets are entered and changed on the page, as dated records."""

from re import findall
from typing import Any, Final

import pytest
from starlette.testclient import TestClient
from tests.acceptance.company import Answer, Company
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_purchasing import release
from tests.acceptance.test_saved_searches import token

BUYER: Final = "sofia.marchetti"
NEW_AGREEMENT: Final = {
    "number": "AG-2026-0001",
    "supplier": "S06",
    "entity": "DE",
    "currency": "EUR",
    "valid_from": "2026-04-01",
    "references": "EL-MV-3\r\n EL-MV-4 ",
    "amount": "300.00",
    "months": "3",
    "terms.days": "14",
}


def as_shown(page: str) -> dict[str, str]:
    """What the form would send if it were sent as it stands."""
    form = page.split('<form method="post"', 2)[2]
    shown = dict(findall(r'<input (?:type="hidden" )?(?:id="[^"]*" )?name="([^"]+)" value="([^"]*)"', form))
    for name, checked in findall(r'<input type="checkbox" id="([^"]+)" name="[^"]+" value="yes"( checked)?', form):
        shown |= {name: "yes"} if checked else {}
    for name, select in findall(r'(?s)<select id="([^"]+)".*?>(.*?)</select>', form):
        shown[name] = (findall(r'<option value="([^"]*)" selected', select) or [""])[0]
    for name, text in findall(r'(?s)<textarea id="([^"]+)"[^>]*>(.*?)</textarea>', form):
        shown[name] = text
    return shown


def change(client: TestClient, path: str, **typed: str) -> Answer:
    page = client.get(path)
    assert page.status_code == 200, page.text
    return client.post(path, data=as_shown(page.text) | typed)


def case_of(answer: Answer) -> str:
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].startswith("/cases/")
    return str(answer.headers["Location"].rpartition("/")[2])


def released(company: Company, answer: Answer) -> None:
    case = case_of(answer)
    (person,) = [task["person"] for task in company.person("samuel.grant").get(f"/cases/{case}")["tasks"]]
    assert person != BUYER
    assert release(company, person, case).status_code == 200


CHANGES: Final[dict[str, tuple[str, str, str, dict[str, str], dict[str, Any]]]] = {
    "a contract's ceiling and terms": (
        *("contract", "CT-2023-016", "/contracts/CT-2023-016"),
        {"ceiling": "40000.00", "terms.days": "45", "call_off": ""},
        {"ceiling": "40000.00", "terms": {"days": 45}, "call_off": False},
    ),
    "a price of its list": (
        *("contract", "CT-2023-016", "/contracts/CT-2023-016"),
        {"prices-1-item": "CAL-1", "prices-1-unit": "H87", "prices-1-price": "95.00"},
        {"prices": [{"item": "CAL-1", "unit": "H87", "price": "95.00"}]},
    ),
    "how an agreement's invoices name it": (
        *("agreement", "AG-2025-0061", "/agreements/AG-2025-0061"),
        {"references": "EL-MV-1\r\nEL-MV-9"},
        {"references": ["EL-MV-1", "EL-MV-9"]},
    ),
    "an instalment of a schedule, and one that falls away": (
        *("schedule", "AG-2014-0007", "/agreements/AG-2014-0007/schedule"),
        {f"instalments-{place}-{name}": "" for place in range(1, 12) for name in ("period", "amount")}
        | {"instalments-12-amount": "18500.00", "instalments-13-period": "2027-01", "instalments-13-amount": "18500"},
        {"instalments": [{"period": "2026-12", "amount": "18500.00"}, {"period": "2027-01", "amount": "18500"}]},
    ),
}


@pytest.mark.parametrize(("kind", "key", "path", "typed", "expected"), CHANGES.values(), ids=CHANGES)
def test_change_is_in_force_once_somebody_else_released_it_and_nothing_else_changed(
    company: Company, kind: str, key: str, path: str, typed: dict[str, str], expected: dict[str, Any]
) -> None:
    before = company.record(kind, key)
    released(company, change(signed_in(company, BUYER), path, **typed))
    after = company.record(kind, key)
    ours = {"released_by", "created_by", "owner"}
    assert {name: value for name, value in after.items() if name not in ours} == {
        name: value for name, value in (before | expected).items() if name not in ours
    }


def test_agreement_is_entered_with_its_schedule(company: Company) -> None:
    client = signed_in(company, BUYER)
    form = {"form_token": token(client), "version": "0"}
    released(company, client.post("/agreements/new", data=form | NEW_AGREEMENT))
    record = company.record("agreement", "AG-2026-0001")
    assert (record["references"], record["months"], record["owner"]) == (["EL-MV-3", "EL-MV-4"], 3, BUYER)
    assert record["terms"] == {"days": 14}
    rows = {"instalments-1-period": "2026-04", "instalments-1-amount": "310.00", "instalments-1-due_on": "2026-04-15"}
    released(company, change(client, "/agreements/AG-2026-0001/schedule", **rows))
    assert company.record("schedule", "AG-2026-0001")["instalments"] == [
        {"period": "2026-04", "amount": "310.00", "due_on": "2026-04-15"}
    ]
    again = client.post("/agreements/new", data=form | NEW_AGREEMENT)
    assert (again.status_code, 'id="number-problem"' in again.text) == (409, True)


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"supplier": "S99"}, "supplier"),
        ({"supplier": ""}, "supplier"),
        ({"valid_from": "soon"}, "valid_from"),
        ({"valid_from": "2026-04-01", "valid_to": "2026-03-01"}, "valid_to"),
        ({"amount": "-5"}, "amount"),
        ({"months": "0"}, "months"),
        ({"terms.days": "many"}, "terms.days"),
        ({"references": " "}, "references"),
    ],
    ids=[
        "unknown supplier",
        "none",
        "no day",
        "ends before it begins",
        "below zero",
        "no months",
        "no number",
        "no name",
    ],
)
def test_fault_stands_beside_its_field_and_what_was_typed_is_kept(
    company: Company, typed: dict[str, str], beside: str
) -> None:
    client = signed_in(company, BUYER)
    form = {"form_token": token(client), "version": "0", **NEW_AGREEMENT, **typed}
    answer = client.post("/agreements/new", data=form)
    assert answer.status_code == 422
    assert f'id="{beside}-problem"' in answer.text
    assert 'value="AG-2026-0001"' in answer.text


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"instalments-13-period": "2026-12", "instalments-13-amount": "1.00"}, "instalments-13-period"),
        ({"instalments-13-period": "2027-01"}, "instalments-13-amount"),
        ({"instalments-3-period": "", "instalments-3-amount": "", "instalments-4-amount": "x"}, "instalments-4-amount"),
    ],
    ids=["a period twice", "no amount", "a fault behind a row that falls away"],
)
def test_fault_stands_beside_the_row_that_it_is_about(company: Company, typed: dict[str, str], beside: str) -> None:
    answer = change(signed_in(company, BUYER), "/agreements/AG-2014-0007/schedule", **typed)
    assert answer.status_code == 422
    assert f'id="{beside}-problem"' in answer.text


def test_one_more_row_keeps_what_was_typed(company: Company) -> None:
    client = signed_in(company, BUYER)
    answer = change(client, "/agreements/AG-2014-0007/schedule", more="yes", **{"instalments-13-period": "2027-01"})
    shown = as_shown(answer.text)
    assert (shown["instalments-13-period"], shown["instalments-14-period"]) == ("2027-01", "")


def test_what_was_changed_meanwhile_is_not_overwritten(company: Company) -> None:
    client = signed_in(company, BUYER)
    stale = as_shown(client.get("/contracts/CT-2023-016").text)
    other = company.record("contract", "CT-2023-016") | {"ceiling": "50000.00"}
    assert company.person("importer").put("contract", "CT-2023-016", other).status_code == 200
    answer = client.post("/contracts/CT-2023-016", data=stale | {"ceiling": "40000.00"})
    assert (answer.status_code, "was changed since you opened it" in answer.text) == (409, True)
    assert 'value="40000.00"' in answer.text


def test_nothing_changed_is_said(company: Company) -> None:
    answer = change(signed_in(company, BUYER), "/contracts/CT-2023-016")
    assert (answer.status_code, "Nothing was changed" in answer.text) == (422, True)


def test_budget_is_changed_by_who_brings_in_master_data(company: Company) -> None:
    controller, importer = (signed_in(company, person) for person in ("clara.weiss", "importer"))
    page = controller.get("/budgets/DE/DE-1000/2026").text
    assert "takes the duty to import them" in page
    assert controller.post("/budgets/DE/DE-1000/2026", data=as_shown(page) | {"amount": "1.00"}).status_code == 403
    answer = change(importer, "/budgets/DE/DE-1000/2026", amount="950000.00")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/budgets/DE/DE-1000/2026")
    assert company.record("budget", "DE/DE-1000/2026")["amount"] == "950000.00"
    assert "amount from 900000.00 to 950000.00" in controller.get("/budgets/DE/DE-1000/2026").text.casefold()
    form = {"form_token": token(importer), "version": "0", "entity": "DE", "cost_centre": "DE-1000", "year": "2027"}
    entered = importer.post("/budgets/new", data=form | {"amount": "1000000.00"})
    assert entered.headers["Location"] == "/budgets/DE/DE-1000/2027"
    assert company.record("budget", "DE/DE-1000/2027")["amount"] == "1000000.00"


def test_list_shows_what_is_of_the_own_entities(company: Company) -> None:
    page = signed_in(company, "amelie.laurent").get("/agreements").text
    assert ("FR-1000, 2026" in page, "DE-1000" in page, "CT-2023-016" in page) == (True, False, False)
    assert signed_in(company, "amelie.laurent").get("/contracts/CT-2023-016").status_code == 404
    assert signed_in(company, "amelie.laurent").get("/agreements/AG-2014-0007/schedule").status_code == 404

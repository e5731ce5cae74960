"""Cases are found by what they hold, by whom they concern, and by nobody who may not see them."""

from html import unescape
from re import findall
from typing import Any

import pytest
from tests.acceptance.company import TENANT, Company
from tests.acceptance.test_links import signed_in

from comptroller.application.dispatcher import Request
from comptroller.application.presenting.going import FindPlaces
from comptroller.application.presenting.lists import ShowCases
from comptroller.application.views import CasesView, PlacesView

pytestmark = pytest.mark.every_row


def search(company: Company, person: str, query: str, **filters: str) -> CasesView:
    command = ShowCases(query=query, **filters)
    view = company.platform.dispatcher.execute(TENANT, Request(person, command))
    assert isinstance(view, CasesView)
    return view


def numbers(company: Company, person: str, query: str, **filters: str) -> set[str]:
    return {item.number for item in search(company, person, query, **filters).items}


def a_line(company: Company, document: str) -> dict[str, Any]:
    line: dict[str, Any] = company.case(document)["document"]["canonical"]["lines"][0]
    return line


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(lambda case: case["number"], id="its number"),
        pytest.param(lambda case: case["number"].replace("-", "").lower(), id="its number run together"),
        pytest.param(lambda case: case["supplier_name"], id="its supplier"),
        pytest.param(lambda case: case["supplier_name"][:5].upper(), id="the beginning of its supplier"),
        pytest.param(lambda case: case["case_id"], id="its key"),
        pytest.param(lambda case: case["gross"], id="its gross amount"),
        pytest.param(lambda case: f"{float(case['gross']):,.2f}", id="its amount with commas"),
        pytest.param(lambda case: case["document"]["canonical"]["lines"][0]["name"], id="the text of a line"),
        pytest.param(lambda case: f"{case['supplier_name'][:6]} {case['gross']}", id="supplier and amount"),
    ],
)
def test_case_is_found_by(company: Company, asked: Any) -> None:
    case = company.case("D11")
    assert case["number"] in numbers(company, "clara.weiss", asked(case))


def test_case_is_found_by_its_order(company: Company) -> None:
    case = company.case("D03")
    order = case["document"]["canonical"]["order_number"]
    assert case["number"] in numbers(company, "clara.weiss", order)


def test_best_place_comes_first(company: Company) -> None:
    case = company.case("D11")
    assert search(company, "clara.weiss", case["number"]).items[0].number == case["number"]


def test_case_is_found_by_what_somebody_said(company: Company) -> None:
    task = company.task("D11")
    assert numbers(company, "clara.weiss", "zeppelin") == set()
    assert company.person("lena.vogt").act(task, "reject", "we ordered no zeppelin").status_code == 200
    company.work()
    assert numbers(company, "clara.weiss", "zeppelin") == {"KE-774412"}


def test_what_may_not_be_seen_is_not_found(company: Company) -> None:
    assert numbers(company, "tomasz.zielinski", "KE-774412") == {"KE-774412"}
    assert numbers(company, "amelie.laurent", "KE-774412") == set()  # works for another entity


def test_bank_details_find_nothing(company: Company) -> None:
    suppliers = company.person("samuel.grant").get("/reference/supplier")["records"]
    accounts = [account["account"] for record in suppliers for account in record["body"].get("accounts", ())]
    assert accounts
    for account in accounts:
        assert numbers(company, "clara.weiss", account) == set()


def test_filter_holds_for_what_is_found(company: Company) -> None:
    everything = search(company, "clara.weiss", "gmbh")
    posted = search(company, "clara.weiss", "gmbh", outcome="posted")
    assert 0 < posted.total < everything.total
    assert {item.summary for item in posted.items} == {"Posted"}


def test_pages_follow_one_another_and_the_spreadsheet_holds_them_all(company: Company) -> None:
    client = signed_in(company, "clara.weiss")
    page = client.get("/cases", params={"q": "gmbh"})
    listed = {unescape(number) for number in findall(r'class="row" href="/cases/[^"]+">([^<]+)<', page.text)}
    sheet = client.get("/cases.csv", params={"q": "gmbh"}).text
    assert listed
    assert all(number in sheet for number in listed)
    assert len(sheet.strip().splitlines()) - 1 == search(company, "clara.weiss", "gmbh").total
    assert "/cases.csv?q=gmbh" in page.text


@pytest.mark.parametrize("query", ["zzzz", "%", "' OR 1=1 --", '"', "*", "\u202e", "nord* AND x"])
def test_odd_search_finds_nothing_and_breaks_nothing(company: Company, query: str) -> None:
    assert signed_in(company, "clara.weiss").get("/cases", params={"q": query}).status_code == 200
    assert numbers(company, "clara.weiss", query) == set()


def test_interface_finds_the_same_page_after_page(company: Company) -> None:
    clara = company.person("clara.weiss")
    found, after = [], ""
    while True:
        page = clara.get("/cases", q="gmbh", limit=3, after=after)
        found += [case["number"] for case in page["cases"]]
        after = page["next"]
        if not after:
            break
    assert found == [item.number for item in search(company, "clara.weiss", "gmbh").items]
    assert company.person("amelie.laurent").get("/cases", q="KE-774412")["cases"] == []
    own = [company.person("amelie.laurent").get("/cases", q="gmbh", limit=limit) for limit in (1, 100)]
    assert own[0]["cases"] == own[1]["cases"][:1] != []
    assert bool(own[0]["next"]) == (len(own[1]["cases"]) > 1)


# ---- going to a place by words ---------------------------------------------------------------------------------------


def places(company: Company, person: str, query: str) -> dict[str, list[str]]:
    view = company.platform.dispatcher.execute(TENANT, Request(person, FindPlaces(query)))
    assert isinstance(view, PlacesView)
    return {title: [place.title for place in places] for title, places in view.groups}


def test_places_are_those_that_somebody_may_open(company: Company) -> None:
    found = {who: places(company, who, "nordkupfer") for who in ("clara.weiss", "amelie.laurent", "karim.benali")}
    assert "NK-2026-0311 of Nordkupfer Handel GmbH" in found["clara.weiss"]["Cases"]
    assert "Cases" not in found["amelie.laurent"]  # they are another entity's
    waiting = {company.case(document)["number"] for document in ("D04", "D50a", "D50b")}
    asked_of = {title.split(" of ")[0] for title in found["karim.benali"]["Cases"]}  # what waits for him, and no more
    assert company.case("D04")["number"] in asked_of <= waiting
    assert all(view["Suppliers"] == ["Nordkupfer Handel GmbH"] for view in found.values())
    assert places(company, "clara.weiss", "price tolerance")["Policies"] == [
        "Document price tolerance",
        "Price tolerance",
    ]
    assert "Policies" not in places(company, "karim.benali", "price tolerance")
    assert list(places(company, "karim.benali", "")) == ["Pages"]
    assert places(company, "karim.benali", "evidence") == {}

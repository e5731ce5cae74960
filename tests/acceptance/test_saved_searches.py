"""Searches are kept by name, by the person or for a role, and show each person what that person may see."""

from collections.abc import Iterator
from re import findall
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.acceptance.company import TENANT, Company
from tests.acceptance.test_links import signed_in

from comptroller.application.caller import resolve_caller
from comptroller.application.dispatcher import Request
from comptroller.application.search.columns import ChooseColumns
from comptroller.application.search.saved import EndSearch, SaveSearch, canonical, searches_of
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection


def run(company: Company, person: str, command: object) -> Any:
    return company.platform.dispatcher.execute(TENANT, Request(person, command))


def chips(client: TestClient, query: str = "") -> list[str]:
    page = client.get(f"/cases{query}").text
    (bar,) = findall(r'(?s)aria-label="Saved searches">(.*?)</nav>', page) or [""]
    return [str(title) for title in findall(r">([^<]+)</a>", bar)]


def token(client: TestClient) -> str:
    return str(findall(r'name="form_token" value="([0-9a-f]+)"', client.get("/settings").text)[0])


@pytest.fixture
def clara(company: Company) -> Iterator[TestClient]:
    with signed_in(company, "clara.weiss") as client:
        yield client


def test_search_is_kept_found_again_and_let_go(company: Company, clara: TestClient) -> None:
    page = clara.get("/cases", params={"q": "gmbh", "outcome": "posted"})
    assert "Keep this search" in page.text
    form = {"form_token": token(clara), "name": "Posted GmbHs", "query": "?q=gmbh&outcome=posted&after=x"}
    kept = clara.post("/cases/searches", data=form)
    assert (kept.status_code, kept.headers["Location"]) == (303, "/cases?outcome=posted&q=gmbh")
    assert chips(clara) == ["Posted GmbHs"]
    again = clara.get(kept.headers["Location"]).text
    assert "Keep this search" not in again
    (address,) = findall(r"/cases/searches/[0-9a-f]{32}/end", again)
    assert clara.post(address, data={"form_token": token(clara)}).status_code == 303
    assert chips(clara) == []
    stream = company.read(
        lambda uow: [row.type for row in uow.stream(f"reference/saved-search/{address.split('/')[3]}")]
    )
    assert stream == ["reference.changed", "reference.changed"]


def test_same_name_takes_the_place_of_the_one_before(company: Company) -> None:
    for query in ("q=a1", "q=b2"):
        run(company, "clara.weiss", SaveSearch("Mine", query))
    run(company, "clara.weiss", SaveSearch(" mine ", "q=c3"))
    assert run(company, "clara.weiss", SaveSearch("Other", "q=c3"))["query"] == "q=c3"
    with signed_in(company, "clara.weiss") as client:
        assert chips(client) == ["mine", "Other"]


def test_search_for_a_role_is_everybodys_who_holds_it_and_ended_by_its_owner(company: Company) -> None:
    key = run(company, "tomasz.zielinski", SaveSearch("Ours", "q=gmbh", role="ap-clerk"))["key"]
    for person, titles in (("amelie.laurent", ["Ours"]), ("priya.nair", [])):
        with signed_in(company, person) as client:
            assert chips(client) == titles
    refused = run(company, "amelie.laurent", EndSearch(key))
    assert isinstance(refused, Rejection)
    assert refused.code == "SEARCH-SAVED-05"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (SaveSearch("", "q=a1"), "SEARCH-SAVED-01"),
        (SaveSearch("x" * 61, "q=a1"), "SEARCH-SAVED-01"),
        (SaveSearch("a\x00b", "q=a1"), "SEARCH-SAVED-01"),
        (SaveSearch("Theirs", "q=a1", role="cfo"), "SEARCH-SAVED-02"),
        (SaveSearch("Everything", "after=x&entity=DE"), "SEARCH-SAVED-03"),
        (SaveSearch("Everything", ""), "SEARCH-SAVED-03"),
    ],
)
def test_search_that_is_none_is_refused(company: Company, command: SaveSearch, code: str) -> None:
    refused = run(company, "tomasz.zielinski", command)
    assert isinstance(refused, Rejection)
    assert refused.code == code


def test_person_keeps_so_many_and_no_more(company: Company) -> None:
    for number in range(limits.SAVED_SEARCHES_MAX):
        assert "key" in run(company, "clara.weiss", SaveSearch(f"search {number}", "q=a1"))
    refused = run(company, "clara.weiss", SaveSearch("one more", "q=a1"))
    assert isinstance(refused, Rejection)
    assert refused.code == "SEARCH-SAVED-04"
    assert "key" in run(company, "clara.weiss", SaveSearch("search 3", "q=b2"))


def test_form_of_another_site_keeps_nothing(clara: TestClient) -> None:
    form = {"form_token": "forged", "name": "x", "query": "q=a1"}
    assert clara.post("/cases/searches", data=form).status_code == 403
    assert clara.post("/cases/searches/k/end", data=form).status_code == 403
    assert chips(clara) == []


def test_search_of_another_is_no_reference_data(company: Company) -> None:
    run(company, "clara.weiss", SaveSearch("Mine", "q=a1"))
    assert company.person("samuel.grant").get("/reference/saved-search")["records"] == []
    assert company.read(lambda uow: len(searches_of(uow, _caller(company, "priya.nair")))) == 0


def _caller(company: Company, person: str) -> Any:

    policies = company.platform.environment.policies
    found = company.read(lambda uow: resolve_caller(uow, policies, person))
    assert not isinstance(found, Rejection)
    return found[0]


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("?q=a&status=&outcome=posted", "outcome=posted&q=a"),
        ("q=%C3%A4+b", "q=%C3%A4+b"),
        ("q=x%00y", ""),
        ("after=1&evil=2", ""),
        ("q=a&q=b", "q=b"),
    ],
)
def test_address_is_kept_in_one_form(query: str, kept: str) -> None:
    assert canonical(query) == kept


# ---- columns ---------------------------------------------------------------------------------------------------------


def test_columns_that_somebody_leaves_out_are_gone_for_them_and_from_what_they_take_out(
    company: Company, clara: TestClient
) -> None:
    form = {"form_token": token(clara), "column": ["state", "gross"], "address": "outcome=posted"}
    answer = clara.post("/lists/cases/columns", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/cases?outcome=posted")
    other = signed_in(company, "samuel.grant")
    heads = [findall(r"<th[^>]*>(?:<a[^>]*>)?([A-Z][a-z ]+)", who.get("/cases").text) for who in (clara, other)]
    assert [[head.strip() for head in each] for each in heads] == [
        ["Document", "Gross", "State"],
        ["Document", "Entity", "Gross", "State", "Waits for", "Received"],
    ]
    taken = [who.get("/cases.csv").text.lstrip("\ufeff").splitlines()[0] for who in (clara, other)]
    assert taken[0] == "number,supplier,currency,net,gross,state,case"
    assert "entity" in taken[1]
    refused = run(company, "clara.weiss", ChooseColumns("ledger", ()))
    assert isinstance(refused, Rejection)
    assert refused.code == "LIST-COLUMNS-01"

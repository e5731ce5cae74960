"""Who may not list all cases is led to none of the lists of cases, and sees their own exceptions alone."""

from datetime import timedelta
from html import unescape
from re import findall, search

import pytest
from tests.acceptance.company import TENANT, Company, Person
from tests.acceptance.test_links import signed_in

from comptroller.application.presenting.lists import LOOKED_AT_MAX
from comptroller.application.records import CaseRow, revised

pytestmark = pytest.mark.every_row


def exceptions(company: Company, person: str) -> set[str]:
    page = signed_in(company, person).get("/exceptions")
    assert page.status_code == 200
    return set(findall(r'href="/cases/([^"?]+)', page.text))


def queue(company: Company, person: str) -> set[str]:
    return {task["case_id"] for task in company.person(person).get("/tasks")["tasks"] if task["kind"] == "exception"}


@pytest.mark.parametrize("person", ["karim.benali", "oskar.brandt", "lena.vogt"])
def test_who_may_not_list_cases_sees_their_own_exceptions(company: Company, person: str) -> None:
    assert exceptions(company, person) == queue(company, person)
    assert "Mine" not in signed_in(company, person).get("/exceptions").text


def test_who_lists_cases_sees_everybodys_exceptions(company: Company) -> None:
    assert exceptions(company, "clara.weiss") > queue(company, "clara.weiss") | queue(company, "oskar.brandt")


@pytest.mark.parametrize(("person", "is_led"), {"karim.benali": False, "clara.weiss": True}.items())
def test_pages_lead_to_cases_only_whom_they_open_for(company: Company, person: str, is_led: bool) -> None:
    client = signed_in(company, person)
    for path in ("/queue", "/orders/PO-2026-0103"):
        page = client.get(path).text
        assert ('href="/cases"' in page or 'href="/cases?' in page) == is_led
        assert ('action="/cases"' in page) == (is_led and path == "/queue")


# ---- lists that are longer than a page -----------------------------------------------------------------------------


def copies(company: Company, document: str, count: int, **changes: str) -> list[CaseRow]:
    """So many more cases like a demonstration document's, each an hour older than the one before."""
    like = company.read(lambda uow: uow.case(company.case_of(document)))
    assert like is not None
    made = [
        revised(
            like,
            case_id=f"{document}copy{number:04}",
            number=f"COPY-{number:04}",
            received_at=like.received_at - timedelta(hours=number),
            version=1,
            **changes,  # type: ignore[arg-type]  # texts of a case's row
        )
        for number in range(1, count + 1)
    ]
    company.platform.environment.store.run(TENANT, lambda uow: uow.insert(*made))
    return made


def listed(company: Company, person: str, path: str) -> tuple[list[str], str]:
    """The cases that a page of a list leads to, in their order, and the address of the next page."""
    page = signed_in(company, person).get(path).text
    following = search(r'href="([^"]+)">Next page', page)
    return findall(r"COPY-[0-9]{4}", page), unescape(following[1]) if following else ""


def paged(company: Company, person: str, path: str) -> list[list[str]]:
    """What every page of a list shows, from the first to the last."""
    pages = []
    while path:
        shown, path = listed(company, person, path)
        pages.append(shown)
    return pages


def together(pages: list[list[str]]) -> list[str]:
    return [each for page in pages for each in page]


def test_cases_with_an_outcome_come_page_by_page_either_way_round(company: Company) -> None:
    numbers = [row.number for row in copies(company, "D11", 120, outcome="made up", entity="DE")]
    newest = paged(company, "clara.weiss", "/cases?outcome=made+up")
    assert [len(page) for page in newest] == [50, 50, 20]
    assert together(newest) == numbers
    oldest = paged(company, "clara.weiss", "/cases?outcome=made+up&sort=received")
    assert together(oldest) == numbers[::-1]
    page = signed_in(company, "clara.weiss").get("/cases?outcome=made+up").text
    assert "sort=received" in page
    assert "sort=gross" not in page


def test_page_is_filled_with_cases_of_the_entities_that_its_reader_works_for(company: Company) -> None:
    """What is of others is not looked at, however much of it is newer."""
    seen = [row.number for row in copies(company, "D14", 3, outcome="made up", entity="FR")]
    copies(company, "D11", LOOKED_AT_MAX + 100, outcome="made up", entity="UK")
    assert listed(company, "amelie.laurent", "/cases?outcome=made+up") == (seen, "")
    clerk = company.person("amelie.laurent")
    assert len(clerk.get("/cases", limit=100)["cases"]) > 4
    first = clerk.get("/cases", limit=2)
    following = clerk.get("/cases", limit=2, after=first["next"])
    assert [*first["cases"], *following["cases"]] == clerk.get("/cases", limit=4)["cases"]
    assert {case["entity"] for case in first["cases"]} == {"FR"}
    assert clerk.get("/cases", entity="UK") == {"cases": [], "next": ""}


def test_payment_runs_come_page_by_page_however_many_cases_are_newer(company: Company) -> None:
    runs = copies(company, "D11", 60, kind="payment_run", process="payment", entity="DE")
    copies_of_others = company.read(lambda uow: len(uow.cases(limit=200)))
    assert copies_of_others > len(runs)
    newest = paged(company, "paulo.reis", "/payments")
    assert [len(page) for page in newest] == [50, 10]
    assert together(newest) == [run.number for run in runs]
    assert together(paged(company, "paulo.reis", "/payments?oldest=true")) == [run.number for run in runs][::-1]


def test_a_page_of_tasks_is_filled_with_what_its_reader_works_for(company: Company) -> None:
    importer = company.person("importer")
    body = {"name": "Guest", "kind": "person", "roles": ["ap-lead"], "entities": ["FR"], "limits": []}
    assert importer.put("person", "guest", body).status_code == 200
    guest = Person(company.api, importer.client.post("/v1/people/guest/keys").json()["api_key"])
    wanted = [task["task_id"] for task in guest.get("/tasks", everyone=True, limit=200)["tasks"]]
    told, after = [], ""
    for _ in wanted:
        page = guest.get("/tasks", everyone=True, limit=1, after=after)
        told += [task["task_id"] for task in page["tasks"]]
        after = page["next"]
    assert told == wanted
    assert wanted

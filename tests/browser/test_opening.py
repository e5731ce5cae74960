"""That a case was put before the person who is asked: recorded once, and only when it was."""

from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit
from tests.browser.site import Site

OWNER = "lena.vogt"
AUDITOR = "samuel.grant"


def openings(site: Site, case_id: str) -> list[str]:
    return [entry["actor"]["id"] for entry in story(site, case_id) if entry["type"] == "task.opened"]


def entries(site: Site) -> int:
    with site.api(AUDITOR) as auditor:
        report = auditor.get("/v1/audit/verification").json()
    return int(report["size"]) + int(report["unsequenced"])


def story(site: Site, case_id: str) -> Any:
    with site.api(AUDITOR) as auditor:
        return auditor.get(f"/v1/cases/{case_id}/timeline").json()["entries"]


def new_in_queue(page: Page, number: str) -> int:
    row = page.locator("main tbody tr", has=page.get_by_role("link", name=number))
    expect(row).to_have_count(1)
    return row.locator(".tag", has_text="new").count()


def test_item_is_new_until_its_holder_has_opened_it(busy_site: Site, visit: Visit) -> None:
    case_id = busy_site.hand_in("HFS-9201", Decimal("3.12"))
    page = visit(busy_site, OWNER, "/queue")
    assert new_in_queue(page, "HFS-9201") == 1
    page.get_by_role("link", name="HFS-9201").click()
    page.get_by_role("link", name="Timeline").click()
    opened = page.locator("main .timeline li", has_text="Opened")
    expect(opened).to_have_count(1)
    expect(opened).to_contain_text("Lena Vogt")
    expect(opened).to_contain_text("Shown for the first time to who is asked")
    page.goto("/queue")
    assert new_in_queue(page, "HFS-9201") == 0
    page.goto(f"/cases/{case_id}")
    assert openings(busy_site, case_id) == [OWNER]


def test_whoever_is_not_asked_opens_nothing(busy_site: Site, visit: Visit) -> None:
    case_id = busy_site.hand_in("HFS-9202", Decimal("4.13"))
    before = entries(busy_site)
    for person in (AUDITOR, "clara.weiss", "tomasz.zielinski"):
        page = visit(busy_site, person, f"/cases/{case_id}")
        expect(page.get_by_role("heading", level=1)).to_contain_text("HFS-9202")
    assert openings(busy_site, case_id) == []
    assert entries(busy_site) == before  # nor is anybody recorded as refused


AHEAD = [
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
    {"X-Moz": "prefetch"},
]


@pytest.mark.parametrize("headers", AHEAD, ids=str)
def test_page_fetched_ahead_of_time_was_not_looked_at(busy_site: Site, visit: Visit, headers: dict[str, str]) -> None:
    place = AHEAD.index(headers)
    case_id = busy_site.hand_in(f"HFS-921{place}", Decimal(f"7.1{place}"))
    page = visit(busy_site, OWNER)
    assert page.request.get(f"/cases/{case_id}", headers=headers).status == 200
    assert openings(busy_site, case_id) == []
    page.request.get(f"/cases/{case_id}")
    assert openings(busy_site, case_id) == [OWNER]


def test_head_of_a_page_is_no_view(busy_site: Site, visit: Visit) -> None:
    case_id = busy_site.hand_in("HFS-9203", Decimal("5.14"))
    page = visit(busy_site, OWNER)
    page.request.head(f"/cases/{case_id}")
    assert openings(busy_site, case_id) == []


def test_opening_is_no_change_of_the_case(busy_site: Site, visit: Visit) -> None:
    """Who acts on a page that was opened twice is not told that something has changed."""
    case_id = busy_site.hand_in("HFS-9204", Decimal("6.15"))
    page = visit(busy_site, OWNER, f"/cases/{case_id}")
    visit(busy_site, OWNER, f"/cases/{case_id}")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("Approved: HFS-9204")

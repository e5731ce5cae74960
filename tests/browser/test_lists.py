"""The lists: filtered and sorted by their address, every number a link to what it counts, and out as CSV."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit
from tests.browser.site import Site


def rows(page: Page) -> int:
    return page.locator("main tbody [data-row]").count()


def count_in(text: str | None) -> int:
    return int("".join(filter(str.isdigit, text or "")))


def download(page: Page) -> list[dict[str, str]]:
    with page.expect_download() as begun:
        page.get_by_role("link", name="CSV").click()
    text = begun.value.path().read_text(encoding="utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


@pytest.mark.parametrize("path", ["/cases", "/exceptions"])
def test_filter_counts_what_it_leads_to(site: Site, visit: Visit, path: str) -> None:
    page = visit(site, "clara.weiss", path)
    filters = page.get_by_role("navigation", name="Filters").get_by_role("link")
    for place in range(filters.count()):
        page.goto(path)
        counted = count_in(filters.nth(place).locator(".count").text_content())
        filters.nth(place).click()
        expect(filters.nth(place)).to_have_attribute("aria-current", "true")
        assert rows(page) == counted


@pytest.mark.parametrize("title", ["Cases", "Posted", "Waiting for approval", "Exception"])
def test_figure_leads_to_what_it_counts(site: Site, visit: Visit, title: str) -> None:
    page = visit(site, "clara.weiss", "/overview")
    figure = page.locator(".figures a", has=page.get_by_text(title, exact=True))
    counted = count_in(figure.locator(".value").text_content())
    assert counted > 0
    figure.click()
    assert rows(page) == counted


def test_control_total_leads_to_its_cases(site: Site, visit: Visit) -> None:
    page = visit(site, "clara.weiss", "/overview")
    total = page.locator("main a[href='/cases?currency=GBP']")
    counted = count_in(total.text_content())
    total.click()
    assert rows(page) == counted
    assert page.locator("main td.number").all_text_contents() == ["GBP\u00a048,000.00"]


@pytest.mark.parametrize(
    ("path", "column", "place"),
    [("/cases", "Gross", "td.number"), ("/exceptions", "Owner", "td:nth-child(4)"), ("/cases", "Document", "td .row")],
)
def test_list_is_sorted_by_its_address(site: Site, visit: Visit, path: str, column: str, place: str) -> None:
    page = visit(site, "clara.weiss", path)
    shown = page.locator(f"main {place}")
    unsorted = shown.all_text_contents()

    def key(text: str) -> tuple[str, Decimal]:
        currency, _, amount = text.partition("\u00a0")
        return (currency, Decimal(amount.replace(",", ""))) if amount and column == "Gross" else (text, Decimal(0))

    page.get_by_role("columnheader", name=column).get_by_role("link").click()
    expect(page.get_by_role("columnheader", name=column)).to_have_attribute("aria-sort", "ascending")
    assert shown.all_text_contents() == sorted(unsorted, key=key)
    page.reload()
    page.get_by_role("columnheader", name=column).get_by_role("link").click()
    expect(page.get_by_role("columnheader", name=column)).to_have_attribute("aria-sort", "descending")
    assert sorted(map(key, shown.all_text_contents()), reverse=True) == list(map(key, shown.all_text_contents()))


@pytest.mark.parametrize(
    ("person", "path"),
    [
        ("priya.nair", "/queue?sort=-due"),
        ("clara.weiss", "/cases?outcome=exception&sort=gross"),
        ("clara.weiss", "/cases?q=nordkupfer"),
        ("clara.weiss", "/exceptions?type=duplicate"),
    ],
)
def test_csv_has_the_rows_of_its_list(site: Site, visit: Visit, person: str, path: str) -> None:
    page = visit(site, person, path)
    shown = [address.rpartition("/")[2] for address in hrefs(page)]
    written = download(page)
    assert [row["case"] for row in written] == shown
    for row in written:
        assert row["currency"] == "EUR"
        assert Decimal(row["gross"]) > 0
        assert row["due"].endswith("Z") or row["due"] == ""


def hrefs(page: Page) -> list[str]:
    return [str(link.get_attribute("href")) for link in page.locator("main tbody .row").all()]


def test_csv_is_no_program(busy_site: Site, visit: Visit) -> None:
    """What a sender wrote stays text in a spreadsheet, and a number stays a number."""
    busy_site.hand_in("=HYPERLINK(1)", 11)
    written = download(visit(busy_site, "clara.weiss", "/cases?q=hyperlink"))
    assert [(row["number"], row["net"]) for row in written] == [("'=HYPERLINK(1)", "979.00")]


def test_csv_is_for_who_is_signed_in(site: Site, visit: Visit) -> None:
    page = visit(site)
    for path in ("/queue.csv", "/cases.csv", "/exceptions.csv"):
        answer = page.request.get(path, max_redirects=0)
        assert (answer.status, answer.headers["location"]) == (303, f"/sign-in?onward={path}")


def test_case_can_be_had_as_data(site: Site, visit: Visit) -> None:
    page = visit(site, "clara.weiss", f"/cases/{site.cases['D02']}?tab=evidence")
    for name in ("case", "timeline", "decisions"):
        address = page.get_by_role("link", name=name, exact=True).get_attribute("href")
        answer = page.request.get(str(address))
        assert answer.status == 200
        assert answer.json()
    assert page.request.get(f"/cases/{site.cases['D02']}/data/secrets").status == 404

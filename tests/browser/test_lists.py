"""The lists: filtered and sorted by their address, every number a link to what it counts, out as CSV and workbook."""

import csv
from datetime import datetime
from decimal import Decimal
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Page, expect
from tests.acceptance.company import DEMO
from tests.browser.conftest import Visit
from tests.browser.site import Site

from comptroller.application.presenting.paging import LISTED_MAX
from comptroller.entrypoints.web.formats import DASH


def rows(page: Page) -> int:
    return page.locator("main tbody [data-row]").count()


def listed(page: Page) -> int:
    """The rows of a list, on however many pages it is."""
    found, following = rows(page), page.get_by_role("link", name="Next page")
    while following.count():
        page.goto(str(following.get_attribute("href")))
        found += rows(page)
    return found


def count_in(text: str | None) -> int:
    return int("".join(filter(str.isdigit, text or "")))


def download(page: Page) -> list[dict[str, str]]:
    with page.expect_download() as begun:
        page.get_by_role("link", name="CSV of this list").click()
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
        assert listed(page) == counted


@pytest.mark.parametrize("title", ["Cases", "Posted", "Waiting for approval", "Exception"])
def test_figure_leads_to_what_it_counts(site: Site, visit: Visit, title: str) -> None:
    page = visit(site, "clara.weiss", "/overview")
    figure = page.locator(".figures a", has=page.get_by_text(title, exact=True))
    counted = count_in(figure.locator(".value").text_content())
    assert counted > 0
    figure.click()
    assert listed(page) == counted


def test_control_total_leads_to_its_cases(site: Site, visit: Visit) -> None:
    page = visit(site, "clara.weiss", "/overview")
    total = page.locator("main a[href='/cases?currency=GBP']")
    counted = count_in(total.text_content())
    total.click()
    assert rows(page) == counted
    assert sorted(page.locator("main td.number").all_text_contents()) == [
        "GBP\u00a01,296.00",
        "GBP\u00a02,880.00",
        "GBP\u00a04,320.00",
        "GBP\u00a048,000.00",
    ]


@pytest.mark.parametrize(
    ("path", "column", "place"),
    [
        ("/cases?status=waiting", "Gross", "td.number"),
        ("/exceptions", "Owner", "td:nth-child(4)"),
        ("/cases?status=waiting", "Document", "td .row"),
    ],
)
def test_list_is_sorted_by_its_address(site: Site, visit: Visit, path: str, column: str, place: str) -> None:
    page = visit(site, "clara.weiss", path)
    shown = page.locator(f"main {place}")
    unsorted = shown.all_text_contents()
    absent = [text for text in unsorted if text in {DASH, "without number"}]
    assert len(absent) == {"Gross": 2, "Owner": 0, "Document": 1}[column]

    def key(text: str) -> tuple[str, Decimal]:
        currency, _, amount = text.partition("\u00a0")
        return (currency, Decimal(amount.replace(",", ""))) if amount and column == "Gross" else (text, Decimal(0))

    def in_order(*, reverse: bool) -> list[tuple[str, Decimal]]:
        """What is not there comes last, whichever way round."""
        there = [key(text) for text in unsorted if text not in absent]
        return sorted(there, reverse=reverse) + list(map(key, absent))

    page.get_by_role("columnheader", name=column).get_by_role("link").click()
    expect(page.get_by_role("columnheader", name=column)).to_have_attribute("aria-sort", "ascending")
    assert list(map(key, shown.all_text_contents())) == in_order(reverse=False)
    page.reload()
    page.get_by_role("columnheader", name=column).get_by_role("link").click()
    expect(page.get_by_role("columnheader", name=column)).to_have_attribute("aria-sort", "descending")
    assert list(map(key, shown.all_text_contents())) == in_order(reverse=True)


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
        assert row["currency"] in {"EUR", "GBP", "USD"}
        assert Decimal(row["gross"]) > 0
        assert row["due"].endswith("Z") or row["due"] == ""


def hrefs(page: Page) -> list[str]:
    return [str(link.get_attribute("href")) for link in page.locator("main tbody .row").all()]


def test_csv_is_no_program(busy_site: Site, visit: Visit) -> None:
    """What a sender wrote stays text in a spreadsheet, and a number stays a number."""
    busy_site.hand_in("=HYPERLINK(1)", 11)
    written = download(visit(busy_site, "clara.weiss", "/cases?q=hyperlink"))
    assert [(row["number"], row["net"]) for row in written] == [("'=HYPERLINK(1)", "979.00")]


@pytest.mark.parametrize(
    ("person", "path"),
    [
        ("priya.nair", "/queue?sort=-due"),
        ("clara.weiss", "/cases?outcome=exception&sort=gross"),
        ("clara.weiss", "/exceptions?type=duplicate"),
    ],
)
def test_workbook_says_what_the_csv_says(site: Site, visit: Visit, person: str, path: str) -> None:
    """Amounts as numbers with their currency's digits, times as dates in the company's zone, the head in sight."""
    page = visit(site, person, path)
    sheet, written = workbook(page), download(page)
    assert sheet.freeze_panes == "A2"
    heads, *found = [list(row) for row in sheet.iter_rows()]
    assert [str(head.value).removesuffix(" (Europe/Berlin)") for head in heads] == list(written[0])
    for line, row in zip(found, written, strict=True):
        for cell, (name, text) in zip(line, row.items(), strict=True):
            match cell.value:
                case None:
                    assert text == ""
                case datetime() as local:
                    assert local.replace(tzinfo=ZoneInfo("Europe/Berlin")) == datetime.fromisoformat(text).replace(
                        microsecond=0
                    )
                    assert cell.number_format == "yyyy-mm-dd hh:mm"
                case int() | float() as amount:
                    assert name in {"gross", "net", "at stake"}
                    assert Decimal(str(amount)) == Decimal(text)
                    assert cell.number_format == "#,##0.00"
                case value:
                    assert value == text
        assert {"currency", "gross", "due"} <= row.keys()


def workbook(page: Page) -> Worksheet:
    with page.expect_download() as begun:
        page.get_by_role("link", name="XLSX of this list").click()
    return load_workbook(BytesIO(begun.value.path().read_bytes())).worksheets[0]


def test_workbook_is_no_program(busy_site: Site, visit: Visit) -> None:
    busy_site.hand_in("=1+771199", Decimal("10.5"))
    sheet = workbook(visit(busy_site, "clara.weiss", "/cases?q=771199"))
    (number,) = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert (number.value, number.data_type, number.quotePrefix) == ("=1+771199", "s", True)


def test_list_longer_than_a_page_says_how_many_there_are(crowded_site: Site, visit: Visit) -> None:
    page = visit(crowded_site, "oskar.brandt", "/queue")
    told = page.locator("main header p")
    total = count_in(str(told.text_content()).partition(",")[0])
    assert total > LISTED_MAX
    expect(told).to_contain_text(f"{total} waiting for you, 1 to {LISTED_MAX} shown")
    expect(page.locator("nav.places [aria-current] .count")).to_have_text(f"{LISTED_MAX} and more+")
    first = hrefs(page)
    page.get_by_role("link", name="Next").click()
    expect(told).to_contain_text(f"{LISTED_MAX + 1} to {total} shown")
    assert len({*first, *hrefs(page)}) == total
    page.get_by_role("link", name="Earlier").click()
    expect(told).to_contain_text(f"1 to {LISTED_MAX} shown")
    assert hrefs(page) == first


@pytest.mark.parametrize("path", ["/queue", "/exceptions", "/cases"])
def test_spreadsheet_holds_what_is_on_no_page(crowded_site: Site, visit: Visit, path: str) -> None:
    page = visit(crowded_site, "clara.weiss" if path == "/cases" else "oskar.brandt", path)
    told = str(page.locator("main header p").text_content())
    total = count_in(told.partition(" of ")[2] if path == "/cases" else told.partition(",")[0])
    assert total > LISTED_MAX
    written = download(page)
    assert len({tuple(row.values()) for row in written}) == len(written) == total
    assert workbook(page).max_row == total + 1


def test_list_of_one_kind_is_counted_by_its_filter(crowded_site: Site, visit: Visit) -> None:
    page = visit(crowded_site, "clara.weiss", "/exceptions?type=price")
    assert rows(page) == count_in(page.locator(".chips [aria-current] .count").text_content()) > 0
    expect(page.locator("main header p")).to_have_text(f"{rows(page)} open, each with one owner")


def test_spreadsheets_are_for_who_is_signed_in(site: Site, visit: Visit) -> None:
    page = visit(site)
    for path in ("/queue.csv", "/cases.csv", "/exceptions.csv", "/queue.xlsx", "/cases.xlsx", "/exceptions.xlsx"):
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


def test_table_is_handed_in_on_the_phone_without_script(busy_site: Site, visit: Visit) -> None:
    page = visit(busy_site, "tomasz.zielinski", "/intake", width=390, script=False)
    table = (DEMO / "documents" / "D45.csv").read_bytes().replace(b"HFS-5540", b"HFS-9540")
    page.get_by_label("File").set_input_files({"name": "april.csv", "mimeType": "", "buffer": table})
    page.get_by_label("A table is read by").select_option("helios")
    page.get_by_role("button", name="Hand in").tap()
    expect(page.get_by_role("heading", name="april.csv")).to_be_visible()
    page.get_by_role("link", name="HFS-9540").tap()
    expect(page.get_by_role("heading", name="HFS-9540")).to_be_visible()


def test_palette_leads_to_a_case_by_the_keyboard_alone(site: Site, visit: Visit) -> None:
    page = visit(site, "clara.weiss", "/overview")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Case, supplier, policy or page")
    expect(field).to_be_focused()
    expect(page.get_by_role("option", name="My queue")).to_have_attribute("aria-selected", "true")
    page.keyboard.type("NK-2026-03")
    expect(page.locator("#palette").get_by_role("status")).to_have_text("7 found")
    expect(page.get_by_role("group", name="Cases").get_by_role("option")).to_have_count(7)
    page.keyboard.press("ArrowDown")
    second = page.get_by_role("option").nth(1)
    expect(second).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(second.get_attribute("id")))
    leads_to = str(second.get_attribute("href"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{leads_to}")

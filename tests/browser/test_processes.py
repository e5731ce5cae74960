"""Processes as pictures: where the cases of a version stand, and where one case has been."""

from typing import Final

from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit
from tests.browser.site import Site

SHAPE: Final = '.diagram [data-element-id="{node}"].djs-shape'


def shape(page: Page, node: str) -> str:
    """The classes that a node is drawn with."""
    found = page.locator(SHAPE.format(node=node))
    expect(found).to_be_visible()
    return found.get_attribute("class") or ""


def test_picture_shows_how_many_cases_stand_on_each_step(site: Site, visit: Visit) -> None:
    page = visit(site, "clara.weiss", "/processes")
    page.get_by_role("link", name="Invoice", exact=True).click()
    row = page.locator("main tbody tr", has_text="Resolve exceptions")
    told = row.locator("td").nth(1).inner_text()
    expect(page.locator('[data-container-id="resolve-exceptions"] .tally')).to_have_text(told)
    assert "node-heat-3" in shape(page, "resolve-exceptions")
    assert "node-heat" not in shape(page, "correct")
    expect(page.locator(".bjs-powered-by")).to_be_visible()


def test_picture_of_a_case_shows_where_it_has_been_and_where_it_waits(site: Site, visit: Visit) -> None:
    page = visit(site, "jonas.adler", f"/cases/{site.cases['D03']}?tab=process")
    assert "node-here" in shape(page, "resolve-exceptions")
    assert "node-done" in shape(page, "line-match")
    assert "node-" not in shape(page, "approve").replace("node-id", "")


def test_picture_grows_and_fits_again(site: Site, visit: Visit) -> None:
    page = visit(site, "clara.weiss", "/processes/payment")
    start = page.locator(SHAPE.format(node="proposed"))
    box = start.bounding_box()
    page.get_by_role("button", name="Larger").click()
    larger = start.bounding_box()
    page.get_by_role("button", name="Fit").click()
    assert box is not None
    assert larger is not None
    assert larger["width"] > box["width"]
    assert start.bounding_box() == box


def test_without_script_the_table_says_the_same(site: Site, visit: Visit) -> None:
    page = visit(site, "clara.weiss", "/processes/invoice", script=False)
    expect(page.locator(".diagram")).to_be_hidden()
    expect(page.locator("main tbody tr", has_text="Approve")).to_be_visible()


def test_unknown_version_is_told(site: Site, visit: Visit) -> None:
    page = visit(site, "clara.weiss", "/processes/invoice?version=0")
    expect(page.locator("main")).to_contain_text("no process `invoice` in this version".replace("`", ""))

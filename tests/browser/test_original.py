"""The original beside the data: switched by a link, with and without script, on a phone and in large text."""

import pytest
from playwright.sync_api import expect
from tests.acceptance.test_storyline import corrected
from tests.browser.conftest import Look, Visit
from tests.browser.places import Place, findings
from tests.browser.site import Site
from tests.browser.test_every_page import OVERFLOW, PHONE, SQUEEZED


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_original_is_put_beside_the_data(site: Site, visit: Visit, *, script: bool) -> None:
    page = visit(site, "jonas.adler", f"/cases/{site.cases['D03']}", script=script)
    expect(page.locator(".totals")).to_be_visible()
    expect(page.locator(".outline")).to_have_count(0)
    page.get_by_role("link", name="Side by side").click()
    expect(page.get_by_role("region", name="Original document")).to_contain_text("Tax inclusive amount")
    expect(page.locator(".totals")).to_be_visible()
    expect(page.get_by_role("link", name="Side by side")).to_have_attribute("aria-current", "true")


@pytest.mark.parametrize("shown_as", ["invoice", "both"])
def test_what_was_corrected_is_read_in_large_text_on_a_phone(busy_site: Site, look: Look, shown_as: str) -> None:
    with busy_site.api("tomasz.zielinski") as clerk:
        clerk.post("/v1/documents", content=corrected(), headers={"Content-Type": "application/json"})
    place = Place("hannah.petrov", f"/cases/{busy_site.cases['D17']}?document={shown_as}")
    page = look(busy_site, place, PHONE, large_text=True)
    expect(page.locator(".changed").first).to_contain_text("Used GBP 51,000.00")
    assert (page.evaluate(OVERFLOW), page.evaluate(SQUEEZED), findings(page)) == ([], [], [])

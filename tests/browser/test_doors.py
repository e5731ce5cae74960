"""Coming in, coming back, going out; and what another company's people do not get to see."""

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit
from tests.browser.places import PLACES, findings
from tests.browser.site import EVERYBODY, Site


def come_in_by_key(page: Page, key: str) -> None:
    page.get_by_label("API key").fill(key)
    page.get_by_role("button", name="Sign in", exact=True).click()


def follow_from_elsewhere(page: Page, address: str) -> None:
    """Follow a link as it stands in a message, on a page of another site."""
    page.goto(f'data:text/html,<a href="{address}">a case waits for you</a>')
    page.get_by_role("link").click()


def test_link_in_a_message_leads_through_the_sign_in_to_the_case(site: Site, visit: Visit) -> None:
    page, address = visit(site), f"{site.url}/cases/{site.cases['D11']}?tab=people"
    follow_from_elsewhere(page, address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.get_by_role("button", name="Lena Vogt").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("KE-774412")
    assert page.url == address


def test_link_in_a_message_opens_at_once_for_who_is_signed_in(site: Site, visit: Visit) -> None:
    page = visit(site, "lena.vogt")
    follow_from_elsewhere(page, f"{site.url}/cases/{site.cases['D11']}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("KE-774412")


@pytest.mark.parametrize("onward", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"])
def test_sign_in_leads_to_nowhere_else(site: Site, visit: Visit, onward: str) -> None:
    page = visit(site)
    page.goto(f"/sign-in?onward={onward}")
    page.get_by_role("button", name="Lena Vogt").click()
    assert page.url == f"{site.url}/queue"


@pytest.mark.parametrize(
    ("person", "lands"),
    [("Priya Nair", "My queue"), ("Samuel Grant", "Cases"), ("Alex Moreau", "Nothing to do here")],
)
def test_everybody_lands_where_they_may_be(site: Site, visit: Visit, person: str, lands: str) -> None:
    page = visit(site)
    page.get_by_role("button", name=person).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(lands)


def test_who_signs_out_is_out(site: Site, visit: Visit) -> None:
    page = visit(site, "lena.vogt", "/queue")
    page.get_by_text("Lena Vogt").first.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.goto("/queue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_company_in_earnest_asks_for_an_api_key(earnest_site: Site, visit: Visit) -> None:
    page = visit(earnest_site, path="/cases")
    assert page.locator("button[name=person]").count() == 0
    assert findings(page) == []
    come_in_by_key(page, "ck_other_not-a-key")
    field = page.get_by_label("API key")
    expect(field).to_have_accessible_description("This key is not known here, or it was revoked.")
    assert findings(page) == []
    come_in_by_key(page, earnest_site.keys[EVERYBODY])
    expect(page.get_by_role("heading", level=1)).to_have_text("Cases")
    expect(page.get_by_role("main")).to_contain_text("No case matches")
    assert findings(page) == []


def test_nobody_is_chosen_in_a_company_in_earnest(earnest_site: Site, visit: Visit) -> None:
    page = visit(earnest_site)
    assert page.request.post("/sign-in", form={"person": "everybody"}, max_redirects=0).status == 401
    page.goto("/queue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_another_companys_case_is_not_there(site: Site, visit: Visit) -> None:
    page = visit(site)
    come_in_by_key(page, site.keys[EVERYBODY])
    expect(page.get_by_role("banner")).to_contain_text("Another company")
    for path in (f"/cases/{site.cases['D11']}", f"/cases/{site.cases['D11']}/original"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 404
        expect(page.get_by_role("main")).to_contain_text("There is no such case among those that you may see")
        expect(page.locator("body")).not_to_contain_text("Kaltbach")


def test_each_company_is_seen_in_its_own_colour(site: Site, visit: Visit) -> None:
    page = visit(site)
    badge = page.locator(".tenant .badge")
    own = badge.evaluate("mark => getComputedStyle(mark).backgroundColor")
    come_in_by_key(page, site.keys[EVERYBODY])
    expect(page.get_by_role("banner")).to_contain_text("Another company")
    expect(badge).not_to_have_css("background-color", own)


@pytest.mark.parametrize("name", [name for name, place in PLACES.items() if place.person])
def test_every_page_asks_who_is_there(site: Site, visit: Visit, name: str) -> None:
    page = visit(site, path=PLACES[name].on(site))
    is_page = name != "no such page"
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in" if is_page else "Not here")

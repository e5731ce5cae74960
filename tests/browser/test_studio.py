"""The studio in a browser: a table is tried as one types, and written like a spreadsheet."""

from typing import Final

from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit
from tests.browser.places import findings
from tests.browser.site import Site

AUTHOR: Final = "ivo.marek"
PASTE: Final = """text => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
    document.activeElement.dispatchEvent(event);
}"""


def cell(page: Page, row: int, column: int) -> str:
    return page.locator(f"#rule-{row} > *").nth(column).inner_text().strip()


def draft_of(site: Site, visit: Visit, table: str, *, width: int = 1440) -> Page:
    page = visit(site, AUTHOR, f"/policies/{table}", width=width)
    page.get_by_role("button", name="Change it in a draft").click()
    expect(page.locator("#edit-status")).to_contain_text("The cells are right")
    return page


def test_a_decision_is_decided_anew_as_its_facts_are_typed(site: Site, visit: Visit) -> None:
    page = visit(site, AUTHOR, "/policies/variance-verdict?example=0")
    expect(page.locator("#outcome")).to_contain_text("may accept")
    page.get_by_label("Kind").fill("agent")
    expect(page.locator("#outcome")).to_contain_text("only a person accepts a variance")
    expect(page.locator('[data-rule="variance-no-person"] .hit')).to_be_visible()
    expect(page.locator('[data-rule="variance-yes"] .hit')).to_be_hidden()


def test_a_table_is_written_with_the_keyboard_undone_saved_and_told(busy_site: Site, visit: Visit) -> None:
    page = draft_of(busy_site, visit, "largest-variance")
    keys = page.keyboard
    page.locator("#rule-1 td").first.click()
    keys.press("ArrowRight")
    keys.type("6000.00")
    keys.press("Enter")
    assert cell(page, 1, 2) == "6000.00"
    keys.press("Control+z")
    assert cell(page, 1, 2) == "5000.00"
    keys.press("Control+y")
    keys.press("F2")
    keys.press("Escape")
    assert cell(page, 1, 2) == "6000.00"
    keys.press("ArrowLeft")
    keys.type('date("')
    keys.press("Tab")
    expect(page.locator("#rule-1 td").first).to_have_attribute("aria-invalid", "true")
    keys.press("Control+z")
    expect(page.locator("#edit-status")).to_contain_text("The cells are right")
    keys.press("Control+s")
    expect(page.locator("#edit-status")).to_contain_text("Saved: save 2 of the draft.")
    assert findings(page) == []
    page.get_by_role("link", name="Change of largest variance").click()
    expect(page.locator("main")).to_contain_text("becomes {value: 6000")
    expect(page.locator("ins", has_text="6000.00")).to_be_visible()
    assert findings(page) == []


def test_rows_are_pasted_duplicated_moved_and_deleted(busy_site: Site, visit: Visit) -> None:
    page = draft_of(busy_site, visit, "price-tolerance", width=390)
    keys = page.keyboard
    page.locator("#rule-3 td").first.click()
    page.evaluate(PASTE, '"under"\t"A"\r\n"over"\t"B"\r\n')
    assert [cell(page, row, column) for row in (3, 4) for column in (1, 2)] == ['"under"', '"A"', '"over"', '"B"']
    keys.press("Alt+ArrowUp")
    assert cell(page, 2, 2) == '"A"'
    page.get_by_role("button", name="Duplicate").click()
    assert [cell(page, row, 2) for row in (2, 3)] == ['"A"', '"A"']
    assert cell(page, 3, 0).endswith("new")
    page.get_by_role("button", name="Delete row").click()
    expect(page.locator("tr[data-row]")).to_have_count(4)
    assert findings(page) == []

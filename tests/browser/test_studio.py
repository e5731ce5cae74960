"""The studio in a browser: a table is tried as one types, and written like a spreadsheet."""

import re
from typing import Final

from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit
from tests.browser.places import findings, forge_form
from tests.browser.site import Site

AUTHOR: Final = "ivo.marek"
RELEASER, SECOND = "clara.weiss", "nadia.okafor"
NOTHING_CHANGES: Final = re.compile(r"^\s*0 cases of")
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
    expect(page.locator("main")).to_contain_text("5000 becomes 6000")
    expect(page.locator("ins", has_text="6000.00")).to_be_visible()
    assert findings(page) == []


def test_rows_are_pasted_duplicated_moved_and_deleted(busy_site: Site, visit: Visit) -> None:
    page = draft_of(busy_site, visit, "price-tolerance", width=390)
    keys = page.keyboard
    page.locator("#rule-3 td").first.click()
    page.evaluate(PASTE, '"under"\t"A"\r\n"over"\t"B"\r\n')
    assert [cell(page, row, column) for row in (3, 4) for column in (1, 2)] == ['"under"', '"A"', '"over"', '"B"']
    page.locator("#rule-1 td").nth(3).click()
    page.evaluate(PASTE, '5" pipe\t1,250.00\t1.250,00\t1,250\n')
    assert [cell(page, 1, column) for column in (4, 5, 6)] == ['5" pipe', "1250.00", "1250.00"]
    expect(page.locator("#edit-status")).to_contain_text("without 1,250: write the number without")
    keys.press("Control+z")
    page.locator("#rule-3 td").first.click()
    keys.press("Alt+ArrowUp")
    assert cell(page, 2, 2) == '"A"'
    page.get_by_role("button", name="Duplicate").click()
    assert [cell(page, row, 2) for row in (2, 3)] == ['"A"', '"A"']
    assert cell(page, 3, 0).endswith("new")
    page.get_by_role("button", name="Delete row").click()
    expect(page.locator("tr[data-row]")).to_have_count(4)
    assert findings(page) == []


def test_columns_and_the_hit_policy_are_written_with_the_keyboard_undone_and_told(
    busy_site: Site, visit: Visit
) -> None:
    page = draft_of(busy_site, visit, "largest-variance")
    keys, heads = page.keyboard, page.locator(".rules thead tr").nth(1).locator("th")
    before = heads.count()
    page.locator("#rule-1 td").first.click()
    page.get_by_role("button", name="Add condition").click()
    page.get_by_label("Looks at").fill("variance.typ +")
    expect(page.locator("#column-problem")).not_to_be_empty()
    assert findings(page) == []
    page.get_by_label("Looks at").fill("variance.type")
    expect(page.locator("#column-problem")).to_be_empty()
    keys.press("Enter")
    expect(heads).to_have_count(before + 1)
    assert cell(page, 1, 2) == "-"
    keys.press("Control+z")
    expect(heads).to_have_count(before)
    keys.press("Control+y")
    keys.press("Shift+F2")
    page.get_by_label("Name").fill("kind of variance")
    keys.press("Enter")
    page.get_by_label("Hit policy").select_option("UNIQUE")
    expect(page.locator("#edit-status")).to_contain_text("The cells are right")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#edit-status")).to_contain_text("Saved: save 2")
    assert findings(page) == []
    page.get_by_role("link", name="Change of largest variance").click()
    expect(page.locator(".heads")).to_contain_text(
        "The condition kind of variance, which looks at variance.type is new"
    )
    expect(page.locator(".row-change")).to_have_count(0)


def test_a_limit_is_dragged_over_the_cases_and_written_into_its_cell(busy_site: Site, visit: Visit) -> None:
    page = draft_of(busy_site, visit, "steps-of-the-route")
    page.locator("#rule-2 td").nth(1).click()
    page.keyboard.press("Alt+l")
    told = page.locator("#limit-told")
    expect(told).to_have_text(NOTHING_CHANGES)
    page.locator("#limit-slider").press("Home")
    expect(page.locator("#limit-value")).to_have_value("0.00")
    expect(told).not_to_have_text(NOTHING_CHANGES)
    page.get_by_label("Limit", exact=True).fill("5000")
    expect(told).to_contain_text("EUR")
    expect(page.locator("#limit-units tr")).not_to_have_count(0)
    expect(page.locator("#limit-words")).to_contain_text("and Managing director")
    assert findings(page) == []
    page.get_by_role("button", name="Write it into the table").click()
    assert [cell(page, row, 2) for row in (2, 9)] == ["> 5000.00", "> 25000.00"]
    page.keyboard.press("Control+z")
    assert cell(page, 2, 2) == "> 25000.00"


def put(page: Page, row: int, text: str) -> None:
    """Write the first condition of a row."""
    page.locator(f"#rule-{row} td").first.click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def refused_signature(page: Page, site: Site, case: str) -> str:
    """What somebody is told who signs a request that is not theirs to sign, whatever the page offers."""
    task = site.task(case)
    forge_form(
        page,
        f"/tasks/{task['task_id']}/actions",
        action="approve",
        content_hash=task["content_hash"],
        form_token=page.locator("input[name=form_token]").first.input_value(),
    )
    return page.locator("main").inner_text()


def test_a_threshold_is_changed_by_two_people_and_taken_back_by_two(own_site: Site, visit: Visit) -> None:
    page = draft_of(own_site, visit, "risk-class")
    put(page, 1, "< 25")
    expect(page.locator("tr.ghost.error")).to_contain_text("[25..30)")
    put(page, 2, "[20..60)")
    expect(page.locator("#rule-2 .weight.error")).to_be_visible()
    expect(page.locator("#found")).to_contain_text("Rules meet")
    put(page, 2, "[25..60)")
    expect(page.locator("#edit-status")).to_contain_text("the analysis finds no error")
    page.keyboard.press("Control+s")
    expect(page.locator("#edit-status")).to_contain_text("Saved: save 2")
    page.get_by_role("link", name="Change of risk class").click()
    expect(page.locator(".regions")).to_contain_text("from 25, below 30")
    page.get_by_role("button", name="Propose").click()
    expect(page.locator(".regions")).to_contain_text('"low" becomes "medium"')
    case = page.url.rpartition("/")[2]
    expect(page.locator(".refusals")).to_contain_text("you wrote or proposed this change of policy")
    assert "You may not do this" in refused_signature(page, own_site, case)

    releaser = visit(own_site, RELEASER, f"/cases/{case}")
    assert findings(releaser) == []
    releaser.get_by_role("button", name="Approve").click()
    releaser.goto("/policies/risk-class")
    assert cell(releaser, 1, 1) == "< 25"

    releaser.goto("/releases")
    releaser.get_by_role("link", name="go back to the version before").click()
    releaser.get_by_label("Reason").fill("too many are looked at")
    releaser.get_by_role("button", name="Ask for it").click()
    expect(releaser.locator("h1")).to_be_visible()
    back = releaser.url.rpartition("/")[2]
    assert "own request" in refused_signature(releaser, own_site, back)
    second = visit(own_site, SECOND, f"/cases/{back}")
    second.get_by_role("button", name="Approve").click()
    second.goto("/policies/risk-class")
    assert cell(second, 1, 1) == "< 30"

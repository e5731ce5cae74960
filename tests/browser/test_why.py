"""The tab that says why: what each decision was given in words, and which rules nearly hit."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.conftest import Visit
from tests.browser.places import findings
from tests.browser.site import Site


def decision(page: Page, name: str) -> Locator:
    """A decision of the tab, with all that it keeps folded."""
    page.evaluate("() => document.querySelectorAll('.decisions details').forEach((fold) => { fold.open = true; })")
    return page.locator(f"#{name}")


def given(explained: Locator, name: str) -> Locator:
    return explained.locator(".given > div", has=explained.page.locator("dt", has_text=name)).locator("dd")


@pytest.fixture
def priced_over(site: Site, visit: Visit) -> Page:
    return visit(site, "jonas.adler", f"/cases/{site.cases['D03']}?tab=why")


def test_other_decisions_are_told_by_their_line_and_linked(priced_over: Page) -> None:
    explained = decision(priced_over, "disposition")
    match = given(explained, "Match with order and receipt")
    expect(match).to_have_text("Exception: line 1: price EUR 325.00 instead of EUR 306.00 (+6.21 %), tolerance 2 %")
    match.get_by_role("link").click()
    expect(priced_over).to_have_url(re.compile("#line-match$"))
    for told in explained.locator(".given dd").all_text_contents():
        assert not any(word in told for word in ("outcome", "severity", "findings", "{", "[", "None"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Percent", "6.2092 %"),
        ("Net", "EUR\u00a013,000.00"),
        ("Value", "EUR\u00a0760.00"),
        ("Quantity", "40"),
        ("Serialised", "no"),
    ],
)
def test_lines_are_a_table_of_words_and_amounts(priced_over: Page, name: str, value: str) -> None:
    lines = given(decision(priced_over, "line-match"), "Lines").get_by_role("table")
    expect(lines.get_by_role("columnheader")).to_have_text("Line 1")
    cell = lines.get_by_role("row", name=f"{name} {value}", exact=True)
    expect(cell).to_have_count(1)


def test_shortened_number_keeps_the_exact_one_in_its_title(priced_over: Page) -> None:
    percent = decision(priced_over, "line-match").get_by_text("6.2092")
    expect(percent).to_have_attribute("title", "6.209150326797385620915032679738562")


@pytest.mark.parametrize(
    ("document", "name", "rule", "wanted", "found"),
    [
        (
            "D03",
            "line-match",
            "3 of price verdict",
            "value of the difference were at most EUR\u00a010.00",
            "EUR\u00a0760.00",
        ),
        (
            "D03",
            "prepayment",
            "3 of prepayment verdict",
            "document type were 386 (prepayment invoice)",
            "380 (invoice)",
        ),
        ("D03", "approval-routing", "6 of approval basis", "line match were matched or tolerated", "exception"),
        ("D23", "duplicate", "10 of candidate verdict", "same gross were yes", "no"),
    ],
    ids=["a limit by its name", "a code", "one of several", "yes or no"],
)
def test_rule_that_failed_in_one_cell_says_which(
    site: Site, visit: Visit, document: str, name: str, rule: str, wanted: str, found: str
) -> None:
    page = visit(site, "samuel.grant", f"/cases/{site.cases[document]}?tab=why")
    near = decision(page, name).locator(".near")
    text = rf"Rule\s+{rule}\s+would have hit if\s+{re.escape(wanted)};\s+it is\s+{re.escape(found)}\."
    expect(near).to_contain_text(re.compile(text.replace("\\ ", r"\s+")))


def test_rules_that_hit_or_are_of_another_time_are_not_near(site: Site, visit: Visit) -> None:
    page = visit(site, "samuel.grant", f"/cases/{site.cases['D03']}?tab=why")
    explained = decision(page, "tax-comparison")
    hits = [text.partition(" clause")[0] for text in explained.locator(".rule strong").all_text_contents()]
    near = [text.strip() for text in explained.locator(".near li").all_text_contents()]
    assert hits
    assert near
    assert not any(text.startswith(f"{hit} ") for hit in hits for text in near)
    assert not any("rates in force" in text for text in near)


def test_one_can_ask_why_a_rule_did_not_hit(priced_over: Page) -> None:
    explained = decision(priced_over, "line-match")
    explained.get_by_label("Rule").fill("rule 3 of price verdict")
    explained.get_by_role("button", name="Ask").click()
    expect(priced_over).to_have_url(re.compile("#line-match$"))
    told = priced_over.locator("#line-match").get_by_role("status")
    expect(told).to_contain_text("Rule 3 (price-over-small) of price verdict did not hit")
    expect(told).to_contain_text("value of the difference is 760")
    assert findings(priced_over) == []


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("D22", "VAT category S (standard rate) is charged where K (intra-community supply) is due"),
        ("D23", "a correction comes as type 384 (corrected invoice)"),
        ("D01", "A taxed supply within Germany"),
    ],
)
def test_codes_come_with_words(site: Site, visit: Visit, document: str, text: str) -> None:
    page = visit(site, "samuel.grant", f"/cases/{site.cases[document]}")
    expect(page.locator("main")).to_contain_text(text)


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("document", ["D03", "D22", "D50b"])
def test_unfolded_reasons_can_be_read_by_everybody(site: Site, visit: Visit, document: str, width: int) -> None:
    page = visit(site, "samuel.grant", f"/cases/{site.cases[document]}?tab=why", width=width)
    decision(page, "disposition")
    assert findings(page) == []
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0

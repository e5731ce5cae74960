"""Orders and receipts in the page: amended by the buyer and released by somebody else, recorded by the receiver."""

from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit
from tests.browser.places import findings
from tests.browser.site import Site

BUYER, RECEIVER, OWNER = "jonas.adler", "karim.benali", "lena.vogt"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_buyer_amends_from_the_exception_and_another_releases(busy_site: Site, visit: Visit) -> None:
    buyer = visit(busy_site, BUYER, f"/cases/{busy_site.cases['D03']}")
    buyer.get_by_role("link", name="Amend the order", exact=True).click()
    press(buyer, "Amend the order")
    expect(buyer.get_by_role("alert")).to_contain_text("Nothing was changed")
    buyer.get_by_label("Price, EUR").fill("three")
    press(buyer, "Amend the order")
    expect(buyer.get_by_role("alert")).to_contain_text("1 field needs another look: Price, EUR")
    assert findings(buyer) == []
    buyer.get_by_label("Price, EUR").fill("325.00")
    press(buyer, "Amend the order")
    expect(buyer.get_by_text("Waiting for release").first).to_be_visible()
    change = buyer.url
    buyer.goto("/orders/PO-2026-0103")
    expect(buyer.get_by_text("an amendment already waits for its release")).to_be_visible()
    owner = visit(busy_site, OWNER, change, width=390)
    owner.get_by_role("button", name="Approve").tap()
    expect(owner.get_by_role("status")).to_contain_text("Approved")
    buyer.goto("/orders/PO-2026-0103")
    expect(buyer.get_by_text("price from EUR 306.00 to EUR 325.00")).to_be_visible()


def test_buyer_adds_a_line_on_the_phone_without_script(busy_site: Site, visit: Visit) -> None:
    page = visit(busy_site, BUYER, "/orders/PO-2026-0106", width=390, script=False)
    page.locator("summary").get_by_text("Add a line").tap()
    page.get_by_label("What is ordered").fill("Gasket set")
    press(page, "One more line")
    expect(page.get_by_label("What is ordered").first).to_have_value("Gasket set")
    expect(page.get_by_label("What is ordered")).to_have_count(2)
    press(page, "Amend the order")
    expect(page.get_by_role("alert")).to_contain_text("2 fields need another look: Quantity, Price of one, EUR")
    expect(page.get_by_label("What is ordered").first).to_have_value("Gasket set")
    page.locator("#new-1-quantity").fill("12")
    page.locator("#new-1-price").fill("4.20")
    press(page, "Amend the order")
    expect(page.get_by_text("Waiting for release").first).to_be_visible()
    expect(page.get_by_text("Gasket set").first).to_be_visible()


def test_buyer_enters_an_agreement_and_its_schedule_row_by_row(busy_site: Site, visit: Visit) -> None:
    page = visit(busy_site, "sofia.marchetti", "/agreements", width=390, script=False)
    page.get_by_role("link", name="New recurring agreement").tap()
    for label, text in (("Number", "AG-2026-0044"), ("Supplier", "S99"), ("Currency", "EUR"), ("Begins", "2026-04-01")):
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_label("How its invoices name it").fill("LIFT-7")
    page.get_by_label("Amount of a period").fill("120.00")
    press(page, "Enter the recurring agreement")
    expect(page.get_by_role("alert")).to_contain_text("1 field needs another look: Supplier")
    expect(page.get_by_label("How its invoices name it")).to_have_value("LIFT-7")
    page.get_by_label("Supplier", exact=True).fill("S05")
    press(page, "Enter the recurring agreement")
    expect(page.get_by_text("Waiting for release").first).to_be_visible()
    page.goto("/agreements/AG-2014-0007/schedule")
    page.locator("#instalments-13-period").fill("2027-01")
    page.locator("#instalments-13-amount").fill("18500.00")
    press(page, "One more instalment")
    expect(page.locator("#instalments-13-amount")).to_have_value("18500.00")
    expect(page.locator("#instalments-14-amount")).to_have_value("")


def test_receiver_records_the_rest_on_the_phone(busy_site: Site, visit: Visit) -> None:
    page = visit(busy_site, RECEIVER, f"/cases/{busy_site.cases['D47']}", width=390, script=False)
    page.get_by_role("link", name="Record a receipt").first.tap()
    press(page, "Record it")
    expect(page.get_by_role("alert")).to_contain_text("1 field needs another look: Quantity")
    quantity = page.get_by_label("Quantity").first
    box = quantity.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    quantity.fill("-1")
    press(page, "Record it")
    expect(page.get_by_role("alert")).to_contain_text("1 field needs another look: Quantity")
    expect(quantity).to_have_value("-1")
    quantity.fill("10")
    press(page, "Record it")
    expect(page.get_by_role("heading", name="Receipts")).to_be_visible()
    expect(page.get_by_text("10 on line 1")).to_be_visible()


def test_receipt_is_reversed_with_a_reason(busy_site: Site, visit: Visit) -> None:
    page = visit(busy_site, RECEIVER, "/orders/PO-2026-0102")
    page.get_by_role("link", name="GR-2026-0202").click()
    page.get_by_label("Why it is reversed").fill("counted on the wrong order")
    press(page, "Reverse the receipt")
    expect(page.get_by_text("Counted on the wrong order")).to_be_visible()


def test_who_ordered_reads_why_no_receipt_is_recorded(site: Site, visit: Visit) -> None:
    page = visit(site, BUYER, "/orders/PO-2026-0103/receipts/new")
    expect(page.get_by_role("button", name="Record it")).to_be_disabled()
    expect(page.get_by_text("who created the order does not receive on it")).to_be_visible()
    page.goto("/cases/" + site.cases["D03"])
    other = visit(site, RECEIVER, "/orders/PO-2026-0103")
    expect(other.get_by_role("button", name="Amend the order")).to_be_disabled()
    expect(other.get_by_text("changing it takes the duty to amend orders")).to_be_visible()

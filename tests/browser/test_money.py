"""Treasury, controller, master data and compliance in the page: each does their act, others are told why not."""

from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit
from tests.browser.places import findings
from tests.browser.site import Site


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_treasury_sees_what_is_ready_and_why_the_rest_is_held(busy_site: Site, visit: Visit) -> None:
    page = visit(busy_site, "paulo.reis", "/payments")
    page.get_by_label("Entity").select_option("DE")
    page.get_by_label("Pay on").fill("2020-01-01")
    press(page, "See what is ready")
    expect(page.get_by_role("alert")).to_contain_text("1 field needs another look: Pay on")
    page.get_by_label("Pay on").fill("2026-04-20")
    press(page, "See what is ready")
    expect(page.get_by_role("heading", name="Ready to be paid", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Held", exact=True)).to_be_visible()
    press(page, "Propose this run")
    expect(page.get_by_text("Nobody has released it yet.")).to_be_visible()
    assert findings(page) == []


def test_banks_answer_is_recorded_from_the_run_on_the_phone(busy_site: Site, visit: Visit) -> None:
    with busy_site.api("paulo.reis") as treasury:
        proposed = treasury.post("/v1/payments", json={"entity": "FR", "pay_on": "2026-04-20"})
    assert proposed.status_code == 201, proposed.text
    run = proposed.json()["case_id"]
    for releaser in ("daniel.stein", "nadia.okafor"):
        busy_site.act(releaser, run, "approve")
    page = visit(busy_site, "priya.nair", f"/payments/{run}", width=390, script=False)
    expect(page.get_by_text("With the bank").first).to_be_visible()
    page.get_by_role("link", name="Pompes").first.tap()
    page.get_by_label("What the bank did").select_option("Paid")
    page.get_by_label("Bank's reference").fill("2026-0327-11")
    page.get_by_label("On", exact=True).fill("2026-02-27")
    press(page, "Record the answer")
    expect(page.get_by_role("alert")).to_contain_text("1 field needs another look: On")
    page.get_by_label("On", exact=True).fill("2026-03-27")
    press(page, "Record the answer")
    expect(page.get_by_text("2026-0327-11")).to_be_visible()
    page.get_by_role("link", name="Pompes").first.tap()
    expect(page.get_by_label("What the bank did")).to_have_value("returned")
    assert findings(visit(busy_site, "priya.nair", page.url)) == []


def test_who_may_not_propose_reads_why(site: Site, visit: Visit) -> None:
    page = visit(site, "clara.weiss", "/payments")
    expect(page.get_by_role("button", name="See what is ready")).to_be_disabled()
    expect(page.get_by_text("proposing a run takes the duty for it")).to_be_visible()


def test_controller_books_the_accruals_that_were_seen(busy_site: Site, visit: Visit) -> None:
    page = visit(busy_site, "clara.weiss", "/ledger?view=month-end&entity=DE&period=2026-03")
    press(page, "Book what is shown")
    expect(page.get_by_text("Accruals booked:")).to_be_visible()
    auditor = visit(busy_site, "samuel.grant", "/ledger?view=month-end&entity=DE&period=2026-03")
    expect(auditor.get_by_role("button", name="Book what is shown")).to_be_disabled()


def test_auditor_compares_another_ledger_and_mends_what_was_guessed(site: Site, visit: Visit) -> None:
    rows = "1600;NK-2026-0311;27.03.2026;-11.186,00\n1600;STRANGE-1;26.03.2026;-5,00\n"
    extract = ("Konto;Vorgang;Datum;Betrag\n" + rows).encode()
    page = visit(site, "samuel.grant", "/ledger?view=coverage", width=390, script=False)
    page.get_by_role("link", name="Compare the extract of another ledger").tap()
    page.get_by_label("Extract of the ledger").set_input_files({"name": "march.csv", "mimeType": "", "buffer": extract})
    press(page, "Compare")
    expect(page.get_by_role("alert")).to_contain_text("1 field needs another look: Document number")
    page.get_by_label("Document number").select_option("Vorgang")
    press(page, "Compare")
    expect(page.get_by_text("1 of 2, 50")).to_be_visible()
    expect(page.get_by_role("group", name="Posted without a case").get_by_text("STRANGE-1")).to_be_visible()


def test_account_is_entered_and_the_other_calls_back_on_a_known_number(busy_site: Site, visit: Visit) -> None:
    page = visit(busy_site, "oskar.brandt", "/suppliers/S05")
    page.get_by_role("link", name="Change the account").click()
    press(page, "Enter the change")
    page.get_by_label("New account").fill("DE89370400440532013000")
    press(page, "Enter the change")
    expect(page.get_by_text("Waiting for verification").first).to_be_visible()
    change = page.url
    expect(page.get_by_text("you entered this").first).to_be_visible()
    verifier = visit(busy_site, "mei-lin.chow", change, width=390)
    verifier.get_by_role("link", name="Record the call").click()
    verifier.get_by_label("Reason").fill("called")
    verifier.get_by_label("When").fill("2026-03-27T08:45")
    expect(verifier.get_by_label("Number called")).to_be_visible()
    expect(verifier.get_by_label("Result")).to_be_visible()


def test_compliance_clears_a_match_until_a_day(busy_site: Site, visit: Visit) -> None:
    page = visit(busy_site, "hannah.petrov", "/suppliers/S14/clearance")
    page.get_by_label("Cleared until").fill("2020-01-01")
    page.get_by_label("Why it is somebody else").fill("born in another century")
    press(page, "Clear it")
    expect(page.get_by_role("alert")).to_contain_text("1 field needs another look: Cleared until")
    page.get_by_label("Cleared until").fill("2026-06-30")
    press(page, "Clear it")
    expect(page.get_by_text("30 Jun 2026")).to_be_visible()
    other = visit(busy_site, "oskar.brandt", "/suppliers/S14/clearance")
    expect(other.get_by_text("compliance alone clears a match")).to_be_visible()


def test_a_case_is_found_from_every_page_by_key(site: Site, visit: Visit) -> None:
    page = visit(site, "clara.weiss", "/ledger")
    page.keyboard.press("/")
    page.keyboard.type("KE-774412")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="KE-774412")).to_be_visible()

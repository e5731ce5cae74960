"""The storyline of the demonstration company, each step by the right person on the right device.

docs/storyline.md tells it; `pytest tests/browser/test_storyline.py --pictures docs/pictures` takes its pictures. Each
step works on documents of its own, so that it also holds alone.
"""

import json
import re
from typing import Any, Final

from playwright.sync_api import Locator, Page, expect
from tests.acceptance.company import demo_bytes
from tests.browser.conftest import Picture, Visit
from tests.browser.site import CLERK, Site

OWNER: Final = "lena.vogt"
ORDER: Final = "PO-2026-0103"  # of D03
PHONE_PX: Final = 390


def press(page: Page, name: str) -> None:
    """Press a button and wait for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


def follow(page: Page, name: str) -> None:
    """Follow a link of exactly this name."""
    page.get_by_role("link", name=name, exact=True).click()


def head(page: Page) -> Locator:
    """The facts at the top of a case."""
    return page.locator(".case-head")


def alarm(page: Page) -> Locator:
    """What stands above a page whose act was refused."""
    return page.get_by_role("alert").first


def row(page: Page, text: str) -> Locator:
    """The row of a table that holds this text."""
    return page.locator("main tbody tr", has_text=text)


# ---- 1: the load ----------------------------------------------------------------------------------------------------


def test_1_what_was_handed_in_adds_up(site: Site, visit: Visit, picture: Picture) -> None:
    page = visit(site, "clara.weiss", "/overview")
    for total in (
        "EUR 43 + 1 once more 608,373.96 89,458.75 697,832.71",  # D20 counts as received; D49 is not keyed yet
        "GBP 4 55,080.00 1,416.00 56,496.00",
        "USD 2 54,000.00 0.00 54,000.00",
    ):
        expect(row(page, total.partition(" ")[0]).filter(has_text=re.compile(total.split()[-1]))).to_have_text(
            re.compile(r"\s*".join(map(re.escape, total.split())))
        )
    added = r"Cases of documents\s*50\s*686,646\.71.*once more\s*1\s*11,186\.00.*received\s*51\s*697,832\.71"
    expect(page.locator(".sums tfoot")).to_contain_text(re.compile(added, re.DOTALL))
    expect(page.locator("main")).to_contain_text("The ledger balances")
    picture(page, "1-overview")
    page.goto("/cases")
    picture(page, "1-cases")
    for entity in ("DE", "FR", "UK"):
        page.goto(f"/ledger?entity={entity}&view=journals&period=2026-02")
        expect(page.locator("main")).to_contain_text("No journal.")
        page.goto(f"/ledger?entity={entity}")
        expect(page.locator("main")).to_contain_text("The ledger balances")
    page.goto("/ledger?entity=DE")
    picture(page, "1-ledger")
    with site.api(CLERK) as clerk:
        again = clerk.post("/v1/documents", content=demo_bytes("D01"), headers={"Content-Type": "application/xml"})
    assert (again.status_code, again.json()["code"]) == (409, "DOCUMENT-SAME-01")  # as D20 was
    page.goto("/overview")
    twice = r"once more\s*2\s*22,372\.00.*received\s*52\s*709,018\.71"
    expect(page.locator(".sums tfoot")).to_contain_text(re.compile(twice, re.DOTALL))


# ---- 2: the approver ------------------------------------------------------------------------------------------------


def test_2_approver_signs_on_her_phone_and_is_refused_her_own_request(
    told_site: Site, visit: Visit, picture: Picture
) -> None:
    page = visit(told_site, OWNER, "/queue", width=PHONE_PX)
    expect(page.locator("main [data-row] .row")).to_have_text(["KE-774412", "26-044"])
    picture(page, "2-queue-phone")
    page.get_by_role("link", name="26-044").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("26-044 EUR 480.00")
    picture(page, "2-approval-phone")
    page.get_by_role("button", name="Approve").tap()
    expect(page.get_by_role("status")).to_contain_text("Approved: 26-044 of Gartenbau Ohm e.K. It takes effect in")
    expect(page.get_by_role("heading", level=1)).to_contain_text("KE-774412")
    picture(page, "2-can-be-taken-back-phone")
    expect(page.get_by_role("status")).to_contain_text("Approved: 26-044 of Gartenbau Ohm e.K. Now: posted.")
    picture(page, "2-approved-phone")
    follow(page, "Ask")
    page.get_by_label("Whom").select_option(CLERK)
    page.get_by_label("Question").fill("Which meter is this? It is half as much again as usual.")
    picture(page, "2-question-phone")
    press(page, "Ask")
    clerk = visit(told_site, CLERK, "/queue")
    clerk.get_by_role("link", name="KE-774412").click()
    expect(clerk.locator("main")).to_contain_text("Which meter is this?")
    clerk.get_by_label("Answer", exact=True).fill("Meter 2 of site 2; the supplier has estimated it.")
    picture(clerk, "2-answer")
    clerk.get_by_role("button", name="Answer").click()
    expect(clerk.get_by_role("status")).to_contain_text("Answered: KE-774412")
    page.goto(f"/cases/{told_site.cases['D11']}?tab=conversation")
    expect(page.locator("#tabs")).to_contain_text("the supplier has estimated it")
    page.get_by_role("button", name="Approve").tap()
    expect(page.get_by_role("status")).to_contain_text("Approved: KE-774412 of Kaltbach Energie GmbH. Now: posted.")
    expect(page.locator("main")).to_contain_text("Nothing waits for you")
    page.goto(f"/cases/{told_site.cases['D45']}")
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()
    expect(page.locator("form.actions")).to_contain_text("you requested this invoice")
    page.evaluate("() => document.querySelectorAll('[name=action]').forEach((button) => { button.disabled = false; })")
    page.get_by_role("button", name="Approve").tap()
    expect(alarm(page)).to_contain_text("You may not do this")
    expect(alarm(page)).to_contain_text("The attempt is recorded.")
    picture(page, "2-refused-phone")
    page = visit(told_site, "samuel.grant", f"/cases/{told_site.cases['D45']}?tab=people")
    refused = page.locator(".signers li", has_text="Refused, recorded")
    expect(refused).to_contain_text("Lena Vogt")
    expect(refused).to_contain_text("own request or benefit")
    expect(head(page)).to_contain_text("Elif Demir: approve")
    picture(page, "2-breach-attempt")


# ---- 3: the buyer ---------------------------------------------------------------------------------------------------


def test_3_buyer_amends_the_order_somebody_else_releases_it_and_the_invoice_is_posted(
    told_site: Site, visit: Visit, picture: Picture
) -> None:
    case = f"/cases/{told_site.cases['D03']}"
    page = visit(told_site, "jonas.adler", case)
    expect(page.locator("main")).to_contain_text(
        "Line 1: price EUR 325.00 instead of EUR 306.00 (+6.21 %), tolerance 2 %"
    )
    expect(page.get_by_role("button", name="Accept the variance")).to_be_disabled()
    expect(page.locator("form.actions")).to_contain_text("authority for variances, which you do not hold")
    picture(page, "3-price-exception")
    page.evaluate("() => document.querySelectorAll('[name=action]').forEach((button) => { button.disabled = false; })")
    page.get_by_label("Reason").fill("the supplier is right")
    press(page, "Accept the variance")
    expect(alarm(page)).to_contain_text("You created the order: amend it, or obtain a credit note.")
    expect(alarm(page)).to_contain_text("The attempt is recorded.")
    picture(page, "3-refused")
    page.goto(case)
    follow(page, "Amend the order")
    page.get_by_label("Price, EUR").fill("325.00")
    picture(page, "3-amending")
    press(page, "Amend the order")
    expect(page.locator("main")).to_contain_text("Waiting for release")
    page = visit(told_site, OWNER, "/queue")
    page.get_by_role("link", name=ORDER).click()
    expect(head(page)).to_contain_text("Waiting for release")
    expect(head(page)).to_contain_text(f"Change of order {ORDER} of Ferrum Guss GmbH")
    expect(page.locator("#document")).to_contain_text("price from EUR 306.00 to EUR 325.00")
    picture(page, "3-release")
    press(page, "Approve")
    expect(page.get_by_role("status")).to_contain_text(f"Approved: {ORDER}")
    told_site.wait_until_posted(told_site.cases["D03"])
    page = visit(told_site, "samuel.grant", case)
    expect(head(page)).to_contain_text("Posted")
    expect(page.locator("#tabs")).to_contain_text(f"Order {ORDER}, version 2")
    expect(page.locator("#tabs")).to_contain_text("Matched")
    picture(page, "3-posted")
    page.goto(f"/orders/{ORDER}")
    expect(page.locator("main")).to_contain_text("price from EUR 306.00 to EUR 325.00")
    picture(page, "3-versions")


# ---- 4: the receiver ------------------------------------------------------------------------------------------------


def test_4_second_receipt_moves_the_case_on_by_itself(told_site: Site, visit: Visit, picture: Picture) -> None:
    case = f"/cases/{told_site.cases['D04']}"
    page = visit(told_site, "karim.benali", case, width=PHONE_PX)
    expect(head(page)).to_contain_text("Exception: quantity")
    page.get_by_role("link", name="Record a receipt").first.tap()
    page.get_by_label("Quantity").first.fill("40")
    picture(page, "4-receipt-phone")
    press(page, "Record it")
    expect(page.locator("main")).to_contain_text("40 on line 1")
    told_site.wait_until_posted(told_site.cases["D04"])
    page.goto(case)
    expect(head(page)).to_contain_text("Posted")
    expect(page.locator("#tabs")).to_contain_text("recorded by Karim Benali")
    picture(page, "4-posted-phone")


# ---- 5: what was signed ---------------------------------------------------------------------------------------------


def corrected() -> bytes:
    """D17 as its supplier corrects it: GBP 51,000.00."""
    document: dict[str, Any] = json.loads(demo_bytes("D17"))
    document |= {"number": "BL-4410-1", "type_code": "384", "preceding": [{"number": "BL-4410"}]}
    document["totals"] = dict.fromkeys(("line_net", "net", "gross", "payable"), "51000.00") | {"tax": "0.00"}
    document["tax_breakdown"][0]["taxable_amount"] = "51000.00"
    document["lines"][0] |= {"net_amount": "51000.00", "quantity": "170"}
    return json.dumps(document).encode()


def test_5_signature_falls_when_the_supplier_corrects_what_was_signed(
    told_site: Site, visit: Visit, picture: Picture
) -> None:
    case = f"/cases/{told_site.cases['D17']}?tab=people"
    page = visit(told_site, "hannah.petrov", case)
    expect(page.locator(".signers li")).to_contain_text(["Hannah Petrov", "Nadia Okafor"])
    press(page, "Approve")
    expect(page.get_by_role("status")).to_contain_text(
        "Approved: BL-4410 of Beacon Legal LLP. Now: waiting for approval."
    )
    with told_site.api(CLERK) as clerk:
        answer = clerk.post("/v1/documents", content=corrected(), headers={"Content-Type": "application/json"})
    assert answer.json()["case_id"] == told_site.cases["D17"], answer.text
    page.goto(case)
    expect(head(page)).to_contain_text("GBP 51,000.00 = EUR 59,160.00")
    expect(head(page)).to_contain_text("Hannah Petrov: approve")
    expect(page.locator(".signers li").first).to_contain_text("No longer counts")
    expect(page.locator(".signers li").last).to_contain_text("Nadia Okafor")
    expect(page.locator(".signers li").last).to_contain_text("Later")
    expect(page.locator(".signers li").last).to_contain_text("Holds the role Chief financial officer")
    picture(page, "5-signature-fell")
    auditor = visit(told_site, "samuel.grant", f"/cases/{told_site.cases['D17']}?tab=evidence")
    fell = row(auditor, "Fell")
    expect(fell).to_contain_text("the amounts are not those that were signed")
    expect(fell).to_contain_text("GBP 48,000.00 became GBP 51,000.00")
    press(page, "Approve")
    expect(page.get_by_role("status")).to_contain_text("Now: waiting for approval.")
    page = visit(told_site, "nadia.okafor", f"/cases/{told_site.cases['D17']}")
    press(page, "Approve")
    expect(page.get_by_role("status")).to_contain_text("Now: posted")


# ---- 6: authority lost ----------------------------------------------------------------------------------------------


def test_6_step_moves_up_when_a_grant_ends(told_site: Site, visit: Visit, picture: Picture) -> None:
    case_id = told_site.cases["D14"]
    page = visit(told_site, "chloe.martin", f"/cases/{case_id}?tab=people")
    expect(page.locator(".signers li").first).to_contain_text("Chloé Martin")
    expect(page.locator(".signers li").first).to_contain_text("Asked")
    record = told_site.record("person", "chloe.martin")
    ended = [limit | {"valid_to": "2026-03-26"} for limit in record["limits"]]
    told_site.bring_in("importer", "person", "chloe.martin", record | {"limits": ended})
    told_site.wait_until_asked("marc.dubois", case_id)
    press(page, "Approve")
    expect(alarm(page)).to_contain_text("Something has changed, so nothing was done")
    picture(page, "6-no-longer-asked")
    page = visit(told_site, "marc.dubois", "/queue")
    page.get_by_role("link", name="AV-2026-31").click()
    page.locator("#tab-people").click()
    expect(page.locator(".signers")).to_contain_text("Chloé Martin holds no authority for this now")
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()
    picture(page, "6-moved-up")
    assert told_site.case(case_id)["signatures"] == []


# ---- 7: bank fraud --------------------------------------------------------------------------------------------------


def test_7_call_to_the_known_number_stops_the_payment(told_site: Site, visit: Visit, picture: Picture) -> None:
    page = visit(told_site, "mei-lin.chow", f"/cases/{told_site.cases['D30']}")
    expect(head(page)).to_contain_text("Posted, payment blocked")
    expect(page.locator(".controls")).to_contain_text("The account was changed 7 days ago; it is held for 10")
    picture(page, "7-blocked")
    page.goto("/queue")
    page.get_by_role("link", name="AC-2026-0003").click()
    follow(page, "Record the call")
    expect(page.get_by_label("Number called").locator("option")).to_have_text(["Choose", "+44 1632 960222"])
    page.get_by_label("Number called").select_option("+44 1632 960222")
    page.get_by_label("Who answered").fill("Harriet Moss")
    page.get_by_label("When").fill("2026-03-27T08:30")
    page.get_by_label("Result").select_option("not genuine")
    page.get_by_label("Reason").fill("She never asked for another account")
    picture(page, "7-call-back")
    press(page, "Record the call")
    page.goto(f"/cases/{told_site.cases['D30']}?tab=timeline")
    expect(page.locator(".brief")).to_contain_text("the supplier denied it when called back")
    expect(page.locator(".brief")).not_to_contain_text("AC-2026-0003")
    expect(page.locator("#tabs")).to_contain_text("denied it when called back")
    page.goto("/suppliers/S22")
    expect(page.locator("main")).to_contain_text("denied it when called back")
    expect(page.locator("main")).to_contain_text("GB55 … 0099")
    page = visit(told_site, "clara.weiss", "/suppliers/S22")
    expect(page.locator("main")).to_contain_text("1 item of UK, GBP 4,320.00")
    picture(page, "7-reversed")


# ---- 8: the auditor's question --------------------------------------------------------------------------------------


def test_8_journal_that_went_round_the_cases_is_found(told_site: Site, visit: Visit, picture: Picture) -> None:
    with told_site.api("samuel.grant") as auditor:
        found = auditor.get("/v1/ledger/DE/coverage").json()
    assert [document["number"] for document in found["bypass"]] == ["MJ-2026-0007"]
    page = visit(told_site, "samuel.grant", "/insight/coverage")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Coverage")
    expect(row(page, "without a case")).to_have_count(1)
    picture(page, "8-coverage")


# ---- 10: month end ---------------------------------------------------------------------------------------------------


def test_10_controller_accrues_and_attests_and_a_later_posting_takes_it_back(
    told_site: Site, visit: Visit, picture: Picture
) -> None:
    month_end = "/ledger?view=month-end&entity=DE&period=2026-03"
    page = visit(told_site, "clara.weiss", month_end)
    expect(row(page, "LC-90077")).to_contain_text("24,000.00")
    expect(row(page, "PO-2026-0441")).to_contain_text("not invoiced")
    expect(page.get_by_role("button", name="Attest these figures")).to_be_disabled()
    expect(page.locator("main")).to_contain_text("accruals are not booked")
    picture(page, "10-accruals")
    press(page, "Book what is shown")
    expect(page.get_by_text("Accruals booked:")).to_be_visible()
    page.get_by_label("Note").fill("March is whole")
    press(page, "Attest these figures")
    expect(page.locator("main")).to_contain_text("Attested by Clara Weiss")
    picture(page, "10-attested")
    page.goto("/ledger?entity=DE&view=journals&period=2026-03")
    expect(page.locator("main")).to_contain_text(
        "reversal of the accrual of 2026-02: Nordkupfer Handel GmbH NK-2026-0226"
    )
    page.goto("/ledger?entity=DE&view=journals&period=2026-04")
    expect(page.locator(".journal-card", has_text="LC-90077")).to_contain_text("1 Apr 2026")
    owner = visit(told_site, "ruth.sommer", f"/cases/{told_site.cases['D13']}")
    press(owner, "Approve")
    told_site.wait_until_posted(told_site.cases["D13"])
    page.goto(month_end)
    expect(page.locator("main")).to_contain_text("No longer attested")
    expect(page.locator("main")).to_contain_text("Ruth Sommer posted")
    picture(page, "10-no-longer-attested")


# ---- 11: the auditor ------------------------------------------------------------------------------------------------


def test_11_auditor_looks_at_the_evidence_and_verifies_the_log(told_site: Site, visit: Visit, picture: Picture) -> None:
    page = visit(told_site, "samuel.grant", "/cases?q=HFS-5507")
    page.get_by_role("link", name="HFS-5507").click()
    expect(page.locator("main")).to_contain_text("over the ceiling")
    for document in ("D08", "D17", "D30"):
        page.goto(f"/cases/{told_site.cases[document]}?tab=evidence")
        expect(page.locator("#tabs")).to_contain_text("under the checkpoint of")
        expect(page.locator("#tabs")).to_contain_text(re.compile(r"Policy 2026\.\d+, founded by"))
        expect(row(page, "Duplicate").first).to_contain_text("AP-DUPLICATE-13")
        expect(page.locator("form.actions button:enabled")).to_have_count(0)
    picture(page, "11-evidence-of-a-case")
    page.goto("/evidence")
    press(page, "Verify the whole log")
    expect(page.locator("main")).to_contain_text("The log holds")
    picture(page, "11-log-verified")

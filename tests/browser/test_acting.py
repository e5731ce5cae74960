"""What people do on a case beside answering: ask and answer, put aside, hand over, attach, remark, cancel."""

from decimal import Decimal

from playwright.sync_api import FilePayload, Page, expect
from tests.browser.conftest import Visit
from tests.browser.places import findings
from tests.browser.site import Site

OWNER, CLERK, LEAD, RECEIVER = "lena.vogt", "tomasz.zielinski", "priya.nair", "karim.benali"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def test_signer_asks_and_reads_the_answer_beside_the_case(busy_site: Site, visit: Visit) -> None:
    case_id = busy_site.hand_in("HFS-9301", Decimal("1.21"))
    signer = visit(busy_site, OWNER, f"/cases/{case_id}", width=390, script=False)
    follow(signer, "Ask")
    press(signer, "Ask")
    signer.get_by_label("Whom").select_option(CLERK)
    signer.get_by_label("Question").fill("Which hall was cleaned?")
    press(signer, "Ask")
    expect(signer.get_by_role("heading", name="Questions")).to_be_visible()
    expect(signer.get_by_text("no answer yet")).to_be_visible()
    clerk = visit(busy_site, CLERK, f"/cases/{case_id}")
    expect(clerk.get_by_text("Which hall was cleaned?").first).to_be_visible()
    clerk.get_by_label("Answer", exact=True).fill("Hall B.")
    clerk.get_by_role("button", name="Answer").click()
    expect(clerk.get_by_role("status")).to_contain_text("Answered: HFS-9301")
    signer.goto(f"/cases/{case_id}?tab=conversation")
    expect(signer.get_by_text("Hall B.")).to_be_visible()
    expect(signer.get_by_role("button", name="Approve")).to_be_enabled()


def test_question_without_words_keeps_what_was_chosen(busy_site: Site, visit: Visit) -> None:
    case_id = busy_site.hand_in("HFS-9302", Decimal("2.22"))
    page = visit(busy_site, OWNER, f"/cases/{case_id}/acts/ask")
    page.get_by_label("Whom").select_option("supplier")
    page.get_by_label("Question").fill("   ")
    press(page, "Ask")
    expect(page.get_by_role("alert")).to_contain_text("1 field needs another look: Question")
    expect(page.get_by_label("Question")).to_have_accessible_description("The question is empty")
    expect(page.get_by_label("Whom")).to_have_value("supplier")
    assert findings(page) == []


def test_who_does_not_have_the_task_reads_why_it_cannot_be_asked_about(site: Site, visit: Visit) -> None:
    page = visit(site, "jonas.adler", f"/cases/{site.cases['D11']}")
    expect(page.get_by_text("only who has the task asks about it").last).to_be_visible()
    page.goto(f"/cases/{site.cases['D11']}/acts/ask")
    expect(page.get_by_role("button", name="Ask")).to_be_disabled()


def test_receiver_puts_the_exception_aside_on_the_phone(busy_site: Site, visit: Visit) -> None:
    page = visit(busy_site, RECEIVER, f"/cases/{busy_site.cases['D04']}", width=390)
    follow(page, "Put aside")
    page.get_by_label("Until").fill("2027-03-30")
    page.get_by_label("Reason").fill("the rest comes with the next lorry")
    press(page, "Put aside")
    expect(page.get_by_role("alert")).to_contain_text("1 field needs another look: Until")
    expect(page.get_by_label("Reason")).to_have_value("the rest comes with the next lorry")
    page.get_by_label("Until").fill("2026-03-30")
    press(page, "Put aside")
    expect(page.get_by_role("heading", level=1)).to_have_text("My queue")
    page.goto(f"/cases/{busy_site.cases['D04']}?tab=timeline")
    expect(
        page.get_by_text("until 30\u00a0Mar\u00a02026: the rest comes with the next lorry", exact=False)
    ).to_be_visible()


def test_task_is_handed_over_to_who_may_have_it(busy_site: Site, visit: Visit) -> None:
    case_id = busy_site.hand_in("HFS-9303", Decimal("3.23"))
    page = visit(busy_site, OWNER, f"/cases/{case_id}")
    follow(page, "Hand over")
    page.get_by_label("To", exact=True).select_option("elif.demir")
    page.get_by_label("Reason").fill("on leave from Monday")
    press(page, "Hand over")
    expect(page.get_by_text("to Elif Demir: on leave from Monday", exact=False)).to_be_visible()
    assert busy_site.task(case_id)["person"] == "elif.demir"


def test_comment_and_file_stand_beside_the_case(busy_site: Site, visit: Visit) -> None:
    case_id = busy_site.hand_in("HFS-9304", Decimal("4.24"))
    page = visit(busy_site, CLERK, f"/cases/{case_id}?tab=conversation")
    page.get_by_label("Comment").fill("The delivery note is with reception.")
    press(page, "Add the comment")
    expect(page.get_by_text("The delivery note is with reception.")).to_be_visible()
    follow(page, "Attach a file")
    content = b"%PDF-1.7 a note"
    page.get_by_label("File").set_input_files(FilePayload(name="note.zip", mimeType="application/zip", buffer=content))
    press(page, "Attach")
    expect(page.get_by_role("alert")).to_contain_text("1 field needs another look: File")
    page.get_by_label("File").set_input_files(FilePayload(name="note.pdf", mimeType="application/pdf", buffer=content))
    press(page, "Attach")
    with page.expect_download() as download:
        follow(page, "note.pdf")
    assert download.value.path().read_bytes() == content


def test_lead_cancels_a_case(busy_site: Site, visit: Visit) -> None:
    case_id = busy_site.hand_in("HFS-9305", Decimal("5.25"))
    page = visit(busy_site, LEAD, f"/cases/{case_id}")
    follow(page, "Cancel the case")
    page.get_by_label("Reason").fill("sent by mistake")
    press(page, "Cancel the case")
    expect(page.get_by_text("Laid aside")).to_be_visible()
    assert busy_site.case(case_id)["status"] == "cancelled"

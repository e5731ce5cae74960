"""From the queue to done: by thumb, by keyboard, without script; and what stops a signature that must not count."""

from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Visit
from tests.browser.places import findings, forge_form
from tests.browser.site import Site

OWNER = "lena.vogt"  # of the cost centres of D11 and of the small purchases


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=False).click()


def test_approver_signs_on_a_phone_and_the_next_item_opens(busy_site: Site, visit: Visit) -> None:
    following = busy_site.hand_in("HFS-9001", 1)
    page = visit(busy_site, OWNER, "/", width=390)
    page.get_by_role("link", name="KE-774412").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("EUR 3,712.80")
    approve = page.get_by_role("button", name="Approve")
    box = approve.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["y"] > 844 / 2, "out of the thumb's reach"
    approve.tap()
    expect(page.get_by_role("status")).to_contain_text("Approved: KE-774412 of Kaltbach Energie GmbH. Now: posted.")
    assert busy_site.case(busy_site.cases["D11"])["status"] == "posted"
    assert busy_site.case(following)["status"] == "waiting"
    assert "/cases/" in page.url
    assert f"/cases/{busy_site.cases['D11']}" not in page.url
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()


@pytest.mark.parametrize(
    ("document", "person"),
    [("D17", "hannah.petrov"), ("D14", "chloe.martin")],
    ids=["in another currency", "a purchase in parts"],
)
def test_approver_sees_what_there_is_to_know_without_scrolling(
    site: Site, visit: Visit, document: str, person: str
) -> None:
    page = visit(site, person, f"/cases/{site.cases[document]}")
    page.set_viewport_size({"width": 1440, "height": 900})
    told = page.locator(".controls section")
    expect(told.get_by_role("heading")).to_have_text(
        ["Who signs", "Budget", "Supplier, last 90 days", "Other invoices of the supplier"]
    )
    last, bar = told.last.bounding_box(), page.locator("form.actions").bounding_box()
    assert last is not None
    assert bar is not None
    assert last["y"] + last["height"] < bar["y"]


def test_approver_signs_by_keyboard_alone(busy_site: Site, visit: Visit) -> None:
    busy_site.hand_in("HFS-9102", Decimal("2.4"))
    case_id = busy_site.hand_in("HFS-9002", 2)
    page = visit(busy_site, OWNER, "/exceptions")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("next, previous row")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page.get_by_role("heading", level=1)).to_have_text("My queue")
    page.wait_for_load_state()
    numbers = page.locator("main [data-row] .row").all_text_contents()
    place = numbers.index("HFS-9002")
    walked = []
    for key in "j" * (place + 1) + "kj":
        page.keyboard.press(key)
        walked.append(page.evaluate("() => document.activeElement.textContent"))
    assert place > 0, "there is another row above it"
    assert walked == [*numbers[: place + 1], numbers[place - 1], "HFS-9002"]
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("HFS-9002")
    page.wait_for_load_state()  # the keys are the script's, which comes after the text
    page.keyboard.press("a")
    expect(page.get_by_role("status")).to_contain_text("Approved: HFS-9002")
    assert busy_site.case(case_id)["status"] == "posted"


def test_approver_signs_without_script(busy_site: Site, visit: Visit) -> None:
    case_id = busy_site.hand_in("HFS-9003", 3)
    page = visit(busy_site, OWNER, "/queue", script=False)
    page.get_by_role("link", name="HFS-9003").click()
    press(page, "Approve")
    expect(page.get_by_role("status")).to_contain_text("Approved: HFS-9003")
    assert busy_site.case(case_id)["status"] == "posted"


def test_answer_is_taken_back_from_the_page_that_comes_next(told_site: Site, visit: Visit) -> None:
    case = "/cases/{D13}".format_map(told_site.cases)
    page = visit(told_site, "ruth.sommer", case)
    press(page, "Approve")
    expect(page.get_by_role("heading", level=1)).to_contain_text("LC-90112")
    expect(page.get_by_role("status")).to_contain_text("Approved: LC-90077 of Lumen Cloud B.V. It takes effect in")
    assert findings(page) == []
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page.get_by_role("heading", level=1)).to_contain_text("LC-90077")
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()
    assert told_site.case(told_site.cases["D13"])["signatures"] == []


def test_answer_is_taken_back_without_script(told_site: Site, visit: Visit) -> None:
    page = visit(told_site, "ruth.sommer", "/cases/{D46}".format_map(told_site.cases), width=390, script=False)
    press(page, "Approve")
    button = page.get_by_role("button", name="Take it back")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    button.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("LC-90112")
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()


def test_after_the_last_item_the_queue_says_so(own_site: Site, visit: Visit) -> None:
    page = visit(own_site, "ruth.sommer", "/cases/{D13}".format_map(own_site.cases))
    press(page, "Approve")
    expect(page.get_by_role("heading", level=1)).to_contain_text("LC-90112")
    press(page, "Approve")
    expect(page.get_by_role("heading", level=1)).to_have_text("My queue")
    expect(page.get_by_role("status")).to_contain_text("Approved: LC-90112 of")
    expect(page.get_by_role("status")).to_contain_text("Now: waiting for approval.")


def test_who_requested_it_reads_why_the_buttons_are_off(site: Site, visit: Visit) -> None:
    page = visit(site, OWNER, f"/cases/{site.cases['D45']}")
    for name in ("Approve", "Reject", "Send back"):
        button = page.get_by_role("button", name=name)
        expect(button).to_be_disabled()
        expect(button).to_have_accessible_description(
            "Approve, Reject and Send back are off: you requested this invoice"
        )


def test_who_presses_a_button_that_is_off_changes_nothing(busy_site: Site, visit: Visit) -> None:
    case_id = busy_site.hand_in("HFS-9004", 4, requester=OWNER)
    page = visit(busy_site, OWNER, f"/cases/{case_id}")
    page.evaluate("() => document.querySelectorAll('[name=action]').forEach((button) => { button.disabled = false; })")
    press(page, "Approve")
    expect(page.get_by_role("alert").first).to_contain_text("You may not do this")
    expect(page.get_by_role("alert").first).to_contain_text("The attempt is recorded.")
    assert busy_site.case(case_id)["signatures"] == []
    assert findings(page) == []


def test_signature_that_came_too_late_shows_what_the_other_did(busy_site: Site, visit: Visit) -> None:
    case_id = busy_site.hand_in("HFS-9005", 5)
    page = visit(busy_site, OWNER, f"/cases/{case_id}")
    busy_site.act(OWNER, case_id, "reject", "the windows were not cleaned")
    press(page, "Approve")
    told = page.get_by_role("alert").first
    expect(told).to_contain_text("Something has changed, so nothing was done")
    expect(told).to_contain_text("Lena Vogt answered it: reject")
    expect(told).to_contain_text("Rejected: the windows were not cleaned")
    assert busy_site.case(case_id)["signatures"] == []
    assert findings(page) == []


def test_signature_on_other_fields_is_not_taken_and_what_was_typed_stays(busy_site: Site, visit: Visit) -> None:
    case_id = busy_site.hand_in("HFS-9006", 6)
    page = visit(busy_site, OWNER, f"/cases/{case_id}")
    page.get_by_label("Reason").fill("agreed with the supplier")
    page.evaluate("() => { document.querySelector('[name=content_hash]').value = '0'.repeat(64); }")
    press(page, "Approve")
    told = page.get_by_role("alert").first
    expect(told).to_contain_text("What you saw is not what is to be signed now")
    expect(told).not_to_contain_text("Since you opened it")
    expect(page.get_by_label("Reason")).to_have_value("agreed with the supplier")
    assert busy_site.case(case_id)["signatures"] == []
    press(page, "Approve")
    expect(page.get_by_role("status")).to_contain_text("Approved: HFS-9006")


def test_case_that_changed_meanwhile_says_what_changed(busy_site: Site, visit: Visit) -> None:
    busy_site.bring_in_supplier("Alster Cleaning GmbH")
    case_id = busy_site.hand_in("HFS-9007", 7, of_supplier="Alster Cleaning GmbH")
    page = visit(busy_site, OWNER, f"/cases/{case_id}")
    busy_site.bring_in_supplier("Alster Services GmbH")
    busy_site.wait_until_asked_anew(case_id)
    press(page, "Approve")
    told = page.get_by_role("alert").first
    expect(told).to_contain_text("it was taken back")
    expect(told).to_contain_text("name from Alster Cleaning GmbH to Alster Services GmbH")
    expect(told).not_to_contain_text("The document is complete")
    assert busy_site.case(case_id)["signatures"] == []


def test_acts_take_a_row_on_a_phone_and_ask_for_a_reason_where_one_is_needed(busy_site: Site, visit: Visit) -> None:
    case_id = busy_site.hand_in("HFS-9014", 12)
    page = visit(busy_site, OWNER, f"/cases/{case_id}", width=390)
    bar, field = page.locator(".actions").bounding_box(), page.get_by_label("Reason")
    assert bar is not None
    assert bar["height"] < 844 / 6
    expect(page.get_by_text("Asked of you")).to_be_in_viewport()
    expect(field).not_to_be_visible()
    press(page, "Reject")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description("Say why, then choose “Reject” again.")
    assert busy_site.case(case_id)["status"] == "waiting"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_rejection_without_reason_is_asked_for_beside_the_field(busy_site: Site, visit: Visit, script: bool) -> None:
    case_id = busy_site.hand_in(f"HFS-901{int(script)}", 8 + int(script))
    page = visit(busy_site, OWNER, f"/cases/{case_id}", width=390, script=script)
    field = page.get_by_label("Reason")
    if script:
        press(page, "Reject")  # on a phone the field comes when it is needed
    field.fill("  ")
    press(page, "Reject")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        "Say why, then choose “Reject” again." if script else "reject needs a reason"
    )
    expect(field).to_have_value("  ")
    assert busy_site.case(case_id)["status"] == "waiting"
    field.fill("not ordered by us")
    press(page, "Reject")
    expect(page.get_by_role("status")).to_contain_text(f"Rejected: HFS-901{int(script)}")
    assert busy_site.case(case_id)["status"] == "rejected"


@pytest.mark.parametrize("token", ["", "0" * 64], ids=["no token", "another's token"])
def test_form_from_elsewhere_is_refused(busy_site: Site, visit: Visit, token: str) -> None:
    case_id = busy_site.hand_in(f"HFS-97{len(token):02}", Decimal(f"7.{len(token):02}"))
    page = visit(busy_site, OWNER, f"/cases/{case_id}")
    task = busy_site.task(case_id)
    fields = {"action": "approve", "content_hash": task["content_hash"]} | ({"form_token": token} if token else {})
    with page.expect_response(lambda response: response.request.method == "POST") as answered:
        forge_form(page, f"/tasks/{task['task_id']}/actions", **fields)
    assert answered.value.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("You may not do this")
    assert busy_site.task(case_id) == task


def test_nothing_acts_on_get(busy_site: Site, visit: Visit) -> None:
    case_id = busy_site.hand_in("HFS-9701", Decimal("7.77"))
    page = visit(busy_site, OWNER, f"/cases/{case_id}")
    task = busy_site.task(case_id)
    token = page.locator("form.actions [name=form_token]").input_value()
    act = {"action": "approve", "content_hash": task["content_hash"], "form_token": token}
    assert page.request.get(f"/tasks/{task['task_id']}/actions", params=act).status == 405
    assert page.request.get("/sign-out", params={"form_token": token}).status == 405
    assert busy_site.task(case_id) == task
    page.reload()
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()


def test_notice_tells_only_what_was_done(site: Site, visit: Visit) -> None:
    """An address cannot make the page claim an act: the notice is read from the task."""
    page = visit(site, OWNER, f"/queue?answered={site.task(site.cases['D11'])['task_id']}")
    expect(page.get_by_role("status")).to_have_text("")

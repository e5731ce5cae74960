"""What people do on cases beside signing: ask, answer, claim, hand over, remark, put aside, settle, cancel."""

from datetime import timedelta
from decimal import Decimal
from re import findall
from typing import Any

import pytest
from tests.acceptance.company import Answer, Company, Person, at_the_door
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_milestones import milestones


def post(who: Person, path: str, /, **body: object) -> Answer:
    return who.client.post(f"/v1{path}", json=body)


def entries(company: Company, document: str, kind: str) -> list[Answer]:
    return [entry for entry in company.timeline(document) if entry["type"] == kind]


def open_tasks(company: Company, document: str) -> dict[str, Answer]:
    return {task["kind"]: task for task in company.case(document)["tasks"] if task["status"] == "open"}


def parties(company: Company, document: str) -> list[str]:
    return [row.party for row in milestones(company, document) if row.kind == "waiting"]


# ---- questions ------------------------------------------------------------------------------------------------------


def test_signer_asks_a_person_and_signs_after_the_answer(company: Company) -> None:
    lena, tomasz = company.person("lena.vogt"), company.person("tomasz.zielinski")
    task = company.task("D11")
    asked = post(lena, f"/tasks/{task['task_id']}/questions", to="tomasz.zielinski", text="Which meter is that?")
    assert asked.status_code == 201, asked.text
    question = open_tasks(company, "D11")["question"]
    assert (question["person"], question["actions"]) == ("tomasz.zielinski", ["answer"])
    assert tomasz.act(question, "answer", "Meter 2, hall B.").status_code == 200
    assert [entry["reason_text"] for entry in entries(company, "D11", "question.answered")] == ["Meter 2, hall B."]
    assert parties(company, "D11") == ["approver", "ap", "approver"]
    assert lena.act(open_tasks(company, "D11")["approval"], "approve").json()["status"] == "posted"


def test_clock_of_the_signer_stands_while_the_supplier_is_asked(company: Company) -> None:
    """Friday to Tuesday: sixteen hours have passed, none of them counts against Lena Vogt."""
    task = company.task("D11")
    asked = post(company.person("lena.vogt"), f"/tasks/{task['task_id']}/questions", to="supplier", text="Which meter?")
    assert asked.status_code == 201, asked.text
    assert company.case("D11")["supplier_response"]["code"] == "UQ"
    later = company.later(timedelta(days=4))
    later.work()
    assert open_tasks(later, "D11")["approval"]["person"] == "lena.vogt"
    question = open_tasks(later, "D11")["question"]
    assert later.person("lena.vogt").act(question, "answer", "They say meter 2.").status_code == 200
    approval = open_tasks(later, "D11")["approval"]
    assert approval["due"] > task["due"]
    assert parties(later, "D11") == ["approver", "supplier", "approver"]
    assert later.case("D11")["supplier_response"]["code"] == "IP"
    after = company.later(timedelta(days=4.9))
    after.work()
    assert open_tasks(after, "D11")["approval"]["person"] == "lena.vogt"


@pytest.mark.parametrize(
    ("person", "to", "status", "code"),
    [
        ("ruth.sommer", "tomasz.zielinski", 403, "QUESTION-TASK-01"),
        ("lena.vogt", "nobody.at.all", 422, "QUESTION-TO-01"),
        ("lena.vogt", "lena.vogt", 422, "QUESTION-TO-01"),
    ],
    ids=["not who has the task", "somebody unknown", "oneself"],
)
def test_question_is_not_put(company: Company, person: str, to: str, status: int, code: str) -> None:
    who = company.person("lena.vogt" if person == "lena.vogt" else "elif.demir")
    answer = post(who, f"/tasks/{company.task('D11')['task_id']}/questions", to=to, text="Why?")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


# ---- claiming and handing over --------------------------------------------------------------------------------------


def test_task_is_handed_sideways_or_up_and_never_to_who_is_barred(company: Company) -> None:
    lena, task = company.person("lena.vogt"), company.task("D11")
    path = f"/tasks/{task['task_id']}/reassign"
    for person, code in (
        ("karim.benali", "TASK-REASSIGN-03"),
        ("chloe.martin", "TASK-REASSIGN-04"),
        ("gareth.hughes", "TASK-REASSIGN-02"),
        ("nobody.at.all", "TASK-REASSIGN-01"),
    ):
        answer = post(lena, path, person=person, reason="I am in a meeting")
        assert answer.json()["code"] == code, person
    assert post(lena, path, person="ruth.sommer", reason="I am in a meeting").status_code == 200
    assert company.task("D11")["person"] == "ruth.sommer"
    told = [(row.kind, row.person) for row in milestones(company, "D11")]
    assert ("task reassigned", "ruth.sommer") in told
    assert company.person("ruth.sommer").act(company.task("D11"), "approve").json()["status"] == "posted"


def test_own_request_is_not_handed_to_the_requester(company: Company) -> None:
    task = company.task("D45")
    answer = post(
        company.person("elif.demir"), f"/tasks/{task['task_id']}/reassign", person="lena.vogt", reason="it is hers"
    )
    assert answer.status_code == 403
    assert company.task("D45")["person"] == "elif.demir"


def test_task_of_a_person_is_not_claimed(company: Company) -> None:
    answer = post(company.person("ruth.sommer"), f"/tasks/{company.task('D11')['task_id']}/claim")
    assert (answer.status_code, answer.json()["code"]) == (403, "TASK-OTHER-01")


def duplicate_for_two(company: Company) -> tuple[Person, Person]:
    """Two people lead accounts payable, and a duplicate lies before both of them."""
    importer, lead = company.person("importer"), company.record("person", "priya.nair")
    importer.put("person", "second.nair", {**lead, "id": "second.nair", "name": "Second Nair"})
    key = importer.client.post("/v1/people/second.nair/keys").json()["api_key"]
    for document in ("D01", "D21"):
        content, media_type = at_the_door(document)
        key_of = {"Idempotency-Key": f"demo-{document}"}
        sent = company.person("tomasz.zielinski").submit(content, media_type, **key_of)
        assert sent.status_code == 201, sent.text
    return company.person("priya.nair"), Person(company.api, key)


def test_task_of_a_group_is_taken_by_one_of_it_and_given_back(new_company: Company) -> None:
    first, second = duplicate_for_two(new_company)
    task = new_company.task("D21")
    assert (task["role"], task["person"]) == ("ap-lead", "")
    path = f"/tasks/{task['task_id']}"
    assert post(first, f"{path}/release").json()["code"] == "TASK-RELEASE-01"
    assert post(first, f"{path}/claim").status_code == 200
    assert [each["task_id"] for each in second.get("/tasks")["tasks"]] == []
    assert post(second, f"{path}/claim").json()["code"] == "TASK-OTHER-01"
    assert second.act(task, "resolve", "two deliveries").json()["code"] == "TASK-OTHER-01"
    assert post(first, f"{path}/release").status_code == 200
    assert [each["task_id"] for each in second.get("/tasks")["tasks"]] == [task["task_id"]]
    assert post(second, f"{path}/claim").status_code == 200
    assert second.act(task, "reject", "the same invoice").json()["status"] == "rejected"
    told = [(row.kind, row.person) for row in milestones(new_company, "D21") if row.task == task["task_id"]]
    assert [each for each in told if each[0] in {"task claimed", "task released"}] == [
        ("task claimed", "priya.nair"),
        ("task released", "priya.nair"),
        ("task claimed", "second.nair"),
    ]


def test_who_has_no_hand_in_a_group_s_task_does_not_give_it_back(new_company: Company) -> None:
    first, _ = duplicate_for_two(new_company)
    path = f"/tasks/{new_company.task('D21')['task_id']}"
    assert post(first, f"{path}/claim").status_code == 200
    answer = post(new_company.person("jonas.adler"), f"{path}/release")
    assert (answer.status_code, answer.json()["code"]) == (403, "TASK-OTHER-01")
    assert new_company.task("D21")["person"] == "priya.nair"


def test_page_offers_to_take_a_group_s_task_and_to_give_it_back(new_company: Company) -> None:
    duplicate_for_two(new_company)
    client, case = signed_in(new_company, "priya.nair"), new_company.case_of("D21")

    def press(act: str, title: str) -> None:
        page = client.get(f"/cases/{case}").text
        assert title in page
        form = {"form_token": findall(r'name="form_token" value="([0-9a-f]+)"', page)[0]}
        task = new_company.task("D21")["task_id"]
        assert client.post(f"/cases/{case}/acts/{act}?task={task}", data=form).status_code == 303

    press("claim", "Take it")
    assert new_company.task("D21")["person"] == "priya.nair"
    press("release", "Give it back")
    assert new_company.task("D21")["person"] == ""


@pytest.mark.parametrize(
    ("change", "holder"),
    [
        ({"active": False}, ""),
        ({"absent": [{"from": "2026-03-27", "until": "2026-05-01"}]}, ""),
        ({"language": "fr"}, "elif.demir"),
    ],
    ids=["left", "away", "there"],
)
def test_task_that_was_taken_does_not_wait_for_who_is_not_there(
    new_company: Company, change: dict[str, Any], holder: str
) -> None:
    """A prepayment lies before two people who head operations; one has taken it."""
    importer, elif_demir = new_company.person("importer"), new_company.record("person", "elif.demir")
    importer.put("person", "second.demir", {**elif_demir, "id": "second.demir", "name": "Second Demir"})
    key = importer.client.post("/v1/people/second.demir/keys").json()["api_key"]
    content, media_type = at_the_door("D37")
    sent = new_company.person("tomasz.zielinski").submit(content, media_type, **{"Idempotency-Key": "demo-D37"})
    assert sent.json()["outcome"] == "approval", sent.text
    assert new_company.task("D37")["person"] == ""
    path = f"/tasks/{new_company.task('D37')['task_id']}/claim"
    assert post(new_company.person("elif.demir"), path).status_code == 200
    assert importer.put("person", "elif.demir", elif_demir | change).status_code == 200
    later = new_company.later(timedelta(days=1))  # half of its hours have passed: policy looks at it
    later.work()
    task = later.task("D37")
    assert (task["role"], task["person"]) == ("vp-operations", holder)
    found = [each["task_id"] for each in Person(later.api, key).get("/tasks")["tasks"]]
    assert found == ([] if holder else [task["task_id"]])


# ---- remarks --------------------------------------------------------------------------------------------------------


def test_comment_and_attachment_stand_beside_the_case(company: Company) -> None:
    karim, case = company.person("karim.benali"), company.case_of("D04")
    assert post(karim, f"/cases/{case}/comments", text="The lorry is at the gate.").status_code == 201
    (comment,) = entries(company, "D04", "comment.added")
    assert comment["reason_text"] == "The lorry is at the gate."
    headers, path = {"Content-Type": "image/png"}, f"/v1/cases/{case}/attachments?name=delivery note"
    first = karim.client.post(path, content=b"\x89PNG", headers=headers)
    again = karim.client.post(path, content=b"\x89PNG", headers=headers)
    assert (first.status_code, first.json()["added"], again.json()["added"]) == (201, True, False)
    (attached,) = company.case("D04")["attachments"]
    assert (attached["name"], attached["bytes"], attached["added_by"]) == ("delivery note", 4, "karim.benali")
    answer = company.person("samuel.grant").client.get(f"/v1/cases/{case}/attachments/{attached['digest']}")
    assert (answer.content, answer.headers["content-type"]) == (b"\x89PNG", "image/png")
    assert answer.headers["content-disposition"].startswith("attachment")
    refused = karim.client.post(path, content=b"<html>", headers={"Content-Type": "text/html"})
    assert (refused.status_code, refused.json()["code"]) == (422, "ATTACHMENT-TYPE-01")


def test_auditor_writes_nothing(company: Company) -> None:
    samuel, case = company.person("samuel.grant"), company.case_of("D04")
    assert post(samuel, f"/cases/{case}/comments", text="seen").status_code == 403
    assert samuel.client.post(f"/v1/cases/{case}/attachments?name=x", content=b"x").status_code == 403


# ---- put aside, laid aside ------------------------------------------------------------------------------------------


def test_receiver_puts_the_exception_aside_until_a_day_and_nobody_is_troubled(company: Company) -> None:
    karim, task = company.person("karim.benali"), company.task("D04")
    for until, code in (("2026-03-27", "TASK-PARK-01"), ("2027-01-01", "TASK-PARK-01"), ("soon", "TASK-PARK-01")):
        assert karim.act(task, "park", "the ship is late", until=until).json()["code"] == code
    assert karim.act(task, "park", "the ship is late", until="2026-04-17").status_code == 200
    later = company.later(timedelta(days=14))
    later.work()
    assert later.task("D04")["person"] == "karim.benali"
    assert later.task("D04")["due"].startswith("2026-04-17")
    after = company.later(timedelta(days=26))
    after.work()
    assert after.task("D04")["person"] != "karim.benali"


def test_lead_lays_a_case_aside_and_what_it_held_is_free(company: Company) -> None:
    case = company.case_of("D11")
    answer = post(company.person("priya.nair"), f"/cases/{case}/cancel", reason="sent by mistake")
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert answer.json()["waiting_for"] == []
    assert company.case("D11")["supplier_response"]["code"] == "RE"
    again = post(company.person("priya.nair"), f"/cases/{case}/cancel", reason="sent by mistake")
    assert (again.status_code, again.json()["code"]) == (409, "CASE-CANCEL-02")


# ---- differences ----------------------------------------------------------------------------------------------------


def with_grants(company: Company, person: str, amount: str) -> None:
    body = company.record("person", person)
    grant = {"authority": "variance", "amount": amount, "categories": [], "valid_from": "2026-01-01"}
    answer = company.person("importer").put("person", person, body | {"limits": [*body["limits"], grant]})
    assert answer.status_code == 200, answer.text


def test_receiver_neither_refuses_an_invoice_nor_pays_it_short(company: Company) -> None:
    karim, task = company.person("karim.benali"), company.task("D04")
    for action in ("short pay", "reject"):
        answer = karim.act(task, action, "less came")
        assert (answer.status_code, answer.json()["code"]) == (403, "AP-RESOLVE-05")
    assert {entry["data"]["breach"] for entry in entries(company, "D04", "command.refused")} == {"over own limit"}
    page = signed_in(company, "karim.benali").get(f"/cases/{company.case_of('D04')}").text
    assert (
        "Pay short is off: this takes the role Buyer or the role Accounts-payable lead: hand the exception over" in page
    )
    assert post(karim, f"/tasks/{task['task_id']}/reassign", person="priya.nair", reason="less came").status_code == 200
    assert company.person("priya.nair").act(company.task("D04"), "short pay", "less came").status_code == 200


@pytest.mark.parametrize("action", ["accept", "approve"])
def test_unknown_resolution_is_refused_with_its_code(company: Company, action: str) -> None:
    answer = company.person("jonas.adler").act(company.task("D03"), action, "the supplier is right")
    assert (answer.status_code, answer.json()["code"]) == (422, "TASK-ACTION-01")


def test_buyer_may_amend_and_may_not_accept_on_an_own_order(company: Company) -> None:
    with_grants(company, "jonas.adler", "5000.00")
    answer = company.person("jonas.adler").act(company.task("D03"), "accept variance", "the supplier is right")
    assert (answer.status_code, answer.json()["code"]) == (403, "AP-VARIANCE-04")
    (refused,) = entries(company, "D03", "command.refused")
    assert refused["data"]["breach"] == "forbidden duty pair"
    assert company.case("D03")["status"] == "waiting"


def test_variance_is_accepted_by_authority_over_it_and_the_revised_order(company: Company) -> None:
    lena = company.person("lena.vogt")
    assert lena.act(company.task("D03"), "accept variance", "castings are short").status_code == 403
    answer = company.person("elif.demir").act(company.task("D03"), "accept variance", "castings are short everywhere")
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "posted"
    (accepted,) = entries(company, "D03", "variance.accepted")
    assert (accepted["actor"]["id"], accepted["data"]["amount"]) == ("elif.demir", "760.00")
    story = signed_in(company, "samuel.grant").get(f"/cases/{company.case_of('D03')}?tab=timeline").text
    assert "Price of line 1, EUR\N{NO-BREAK SPACE}760.00" in story


def balance(lines: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(line["amount"]) for line in lines), Decimal(0))


def test_invoice_is_paid_short_with_a_debit_note(company: Company) -> None:
    answer = company.person("jonas.adler").act(company.task("D03"), "short pay", "the order says 306.00")
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "posted"
    case = company.case("D03")
    invoice, note = sorted(case["journals"], key=lambda journal: journal["journal_id"].endswith("D1"))
    assert (balance(invoice["lines"]), balance(note["lines"])) == (Decimal(0), Decimal(0))
    told = {(line["account"], line["amount"]) for line in note["lines"]}
    assert told == {("1600", "904.40"), ("5490", "-760.00"), ("1400", "-144.40")}
    items = company.read(lambda uow: uow.open_items(case_id=company.case_of("D03")))
    assert sorted(str(item.amount) for item in items) == ["-904.40", "15470.00"]
    assert case["supplier_response"]["code"] == "CA"


# ---- payment blocks -------------------------------------------------------------------------------------------------


def test_dispute_stops_every_item_of_the_supplier_and_takes_two_to_lift(company: Company) -> None:
    case, jonas = company.case_of("D01"), company.person("jonas.adler")
    answer = post(jonas, f"/cases/{case}/blocks", cause="dispute", reason="poor tube", all_of_supplier=True)
    assert answer.status_code == 201, answer.text
    blocks = {block["number"]: block["block_id"] for block in answer.json()["blocks"]}
    assert set(blocks) >= {"NK-2026-0311", "NK-2026-0322", "NK-2026-0317"}
    assert company.case("D01")["outcome"] == "posted with payment block"
    path = f"/payment-blocks/{blocks['NK-2026-0311']}/lift"
    assert post(company.person("mei-lin.chow"), path, reason="settled").json()["code"] == "AP-LIFT-04"
    assert post(jonas, path, reason="settled").json()["lifted"] is False
    assert post(jonas, path, reason="settled").json()["code"] == "AP-LIFT-07"
    lifted = post(company.person("priya.nair"), path, reason="settled")
    assert (lifted.status_code, lifted.json()["lifted"]) == (200, True)
    assert company.case("D01")["outcome"] == "posted"
    assert company.case("D05")["outcome"] == "posted with payment block"


# ---- what the supplier is told --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "code", "reason"),
    [("D01", "AP", "NON"), ("D03", "IP", "NON"), ("D23", "UQ", "REF"), ("D25", "RE", "LEG"), ("D30", "AP", "NON")],
)
def test_supplier_is_told_where_the_document_stands(
    shared_company: Company, document: str, code: str, reason: str
) -> None:
    response = shared_company.case(document)["supplier_response"]
    assert (response["code"], response["reason"], response["send"]) == (code, reason, True)


def test_of_a_sanctions_hit_no_word_goes_out(shared_company: Company) -> None:
    assert shared_company.case("D32")["supplier_response"]["send"] is False

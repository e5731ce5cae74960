"""The storyline over HTTP: who signs, who is refused and how that is told, and how an exception is put right."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.acceptance.company import TENANT, Answer, Company, demo_bytes, holds_from_before

from comptroller.application.dispatcher import Request
from comptroller.application.open_tasks import OpenTasks

ORDER = "PO-2026-0103"  # of D03


def entries(company: Company, document: str, kind: str) -> list[Answer]:
    return [entry for entry in company.timeline(document) if entry["type"] == kind]


def refusal(company: Company, document: str) -> Answer:
    return entries(company, document, "command.refused")[-1]


def sign(company: Company, person: str, document: str) -> Answer:
    answer = company.person(person).act(company.task(document), "approve")
    assert answer.status_code == 200, answer.text
    return answer.json()


# ---- the approver ---------------------------------------------------------------------------------------------------


def test_owner_of_the_cost_centre_signs_and_the_case_is_posted(company: Company) -> None:
    queue = company.person("lena.vogt").get("/tasks")["tasks"]
    assert sorted(task["case"]["number"] for task in queue) == ["26-044", "KE-774412"]
    answer = sign(company, "lena.vogt", "D11")
    assert (answer["status"], answer["outcome"], answer["waiting_for"]) == ("posted", "posted", [])
    case = company.case("D11")
    assert [signature["person"] for signature in case["signatures"]] == ["lena.vogt"]
    assert sum(float(line["amount"]) for line in case["journals"][0]["lines"]) == 0
    (signed,) = entries(company, "D11", "task.signed")
    assert (signed["actor"]["id"], signed["data"]["content_hash"]) == ("lena.vogt", case["tasks"][0]["content_hash"])


def opened(company: Company, person: str, document: str) -> object:
    command = OpenTasks(company.case_of(document))
    return company.platform.dispatcher.execute(TENANT, Request(person, command))


def test_first_look_at_a_task_is_recorded_once_and_of_its_signer_alone(company: Company) -> None:
    task = company.task("D11")
    assert opened(company, "hannah.petrov", "D11") == []
    assert opened(company, "lena.vogt", "D11") == [task["task_id"]]
    assert opened(company, "lena.vogt", "D11") == []
    (told,) = entries(company, "D11", "task.opened")
    assert told["actor"]["id"] == "lena.vogt"
    assert told["data"] == {"task": task["task_id"], "content_hash": task["content_hash"]}
    (row,) = company.read(lambda uow: uow.case_tasks(company.case_of("D11")))
    assert row.opened_at is not None
    sign(company, "lena.vogt", "D11")
    assert opened(company, "lena.vogt", "D11") == []


def test_requester_may_not_sign_her_own_request_and_the_attempt_is_recorded(company: Company) -> None:
    answer = company.person("lena.vogt").act(company.task("D45"), "approve")
    assert (answer.status_code, answer.json()["code"]) == (403, "AP-SIGN-04")
    told = refusal(company, "D45")
    assert told["actor"]["id"] == "lena.vogt"
    assert (told["data"]["code"], told["data"]["breach"]) == ("AP-SIGN-04", "own request or benefit")
    assert company.case("D45")["status"] == "waiting"
    assert sign(company, "elif.demir", "D45")["status"] == "posted"


def test_large_amount_takes_two_people_in_turn(company: Company) -> None:
    assert company.task("D17")["person"] == "hannah.petrov"
    answer = sign(company, "hannah.petrov", "D17")
    assert answer["status"] == "waiting"
    assert [item["person_or_role"] for item in answer["waiting_for"]] == ["nadia.okafor"]
    assert sign(company, "nadia.okafor", "D17")["status"] == "posted"
    assert [given["person"] for given in company.case("D17")["signatures"]] == ["hannah.petrov", "nadia.okafor"]


def test_nobody_signs_twice_on_one_case(company: Company) -> None:
    first = company.task("D17")
    sign(company, "hannah.petrov", "D17")
    hannah = company.person("hannah.petrov")
    again, second = hannah.act(first, "approve"), hannah.act(company.task("D17"), "approve")
    assert (again.status_code, again.json()["code"]) == (409, "TASK-CLOSED-01")
    assert (second.status_code, second.json()["code"]) == (403, "AP-SIGN-08")
    assert refusal(company, "D17")["data"]["breach"] == "second signature by the same person"
    assert [given["person"] for given in company.case("D17")["signatures"]] == ["hannah.petrov"]


@pytest.mark.parametrize("shown", ["", "0" * 64], ids=["nothing", "something else"])
def test_who_saw_something_else_signs_nothing(company: Company, shown: str) -> None:
    answer = company.person("lena.vogt").act(company.task("D11"), "approve", content_hash=shown)
    assert (answer.status_code, answer.json()["code"]) == (409, "TASK-STALE-01")
    assert refusal(company, "D11")["data"]["breach"] == "stale hash"
    assert company.case("D11")["signatures"] == []


def test_task_of_somebody_else_is_not_taken(company: Company) -> None:
    answer = company.person("ruth.sommer").act(company.task("D11"), "approve")
    assert (answer.status_code, answer.json()["code"]) == (403, "TASK-OTHER-01")


def test_clerk_and_agent_do_not_sign(company: Company) -> None:
    """A clerk may answer some tasks, an agent none at all; both are told by their own code, and by whom they are."""
    task = company.task("D11")
    clerk, agent = (company.person(name).act(task, "approve") for name in ("tomasz.zielinski", "ap-assistant"))
    assert (clerk.status_code, clerk.json()["code"]) == (403, "TASK-DUTY-01")
    assert (agent.status_code, agent.json()["code"]) == (403, "AUTH-DUTY-01")
    tried = [(each["actor"]["id"], each["data"]["task"]) for each in entries(company, "D11", "command.refused")]
    assert tried == [("tomasz.zielinski", task["task_id"]), ("ap-assistant", task["task_id"])]


def test_rejection_needs_a_reason_and_keeps_its_words_outside_the_log(company: Company) -> None:
    lena, task = company.person("lena.vogt"), company.task("D11")
    assert lena.act(task, "reject").json()["code"] == "TASK-REASON-01"
    answer = lena.act(task, "reject", "the meter of site 2 was read wrongly")
    assert (answer.status_code, answer.json()["status"]) == (200, "rejected")
    (told,) = entries(company, "D11", "task.answered")
    assert told["reason_text"] == "the meter of site 2 was read wrongly"
    assert "meter" not in json.dumps(told["data"])
    assert company.case("D11")["journals"] == []


def test_document_sent_back_goes_to_its_clerk_and_returns_to_the_signer(company: Company) -> None:
    lena = company.person("lena.vogt")
    assert lena.act(company.task("D11"), "send back", "which site is this?").json()["status"] == "waiting"
    assert company.task("D11")["person"] == "tomasz.zielinski"
    answer = company.person("tomasz.zielinski").act(company.task("D11"), "resubmit", "it is site 2, see the meter id")
    assert answer.status_code == 200, answer.text
    assert company.task("D11")["person"] == "lena.vogt"
    assert sign(company, "lena.vogt", "D11")["status"] == "posted"


def test_plant_manager_s_morning(company: Company) -> None:
    """Storyline 2: she signs D29, asks about D11 and signs after the answer, and is refused on D45."""
    lena = company.person("lena.vogt")
    queue = {task["case"]["number"]: task for task in lena.get("/tasks")["tasks"]}
    assert set(queue) == {"26-044", "KE-774412"}
    assert lena.act(queue["26-044"], "approve").json()["status"] == "posted"
    task = queue["KE-774412"]
    asked = lena.client.post(f"/v1/tasks/{task['task_id']}/questions", json={"to": "supplier", "text": "Which meter?"})
    assert asked.status_code == 201, asked.text
    (question,) = [each for each in lena.get("/tasks")["tasks"] if each["kind"] == "question"]
    assert lena.act(question, "answer", "Meter 2 of site 2, estimated.").status_code == 200
    assert lena.act(task, "approve").json()["status"] == "posted"
    refused = lena.act(company.task("D45"), "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "AP-SIGN-04")
    assert company.task("D45")["person"] == "elif.demir"


def test_grant_that_ends_while_the_task_is_open_no_longer_counts_and_the_step_moves_up(company: Company) -> None:
    """Storyline 6: Chloé Martin's grant ends while D14 is open."""
    task = company.task("D14")
    assert task["person"] == "chloe.martin"
    chloe = company.record("person", "chloe.martin")
    assert company.person("importer").put("person", "chloe.martin", ended_yesterday(chloe)).status_code == 200
    answer = company.person("chloe.martin").act(task, "approve")
    assert (answer.status_code, answer.json()["code"]) == (403, "AP-SIGN-15")
    assert refusal(company, "D14")["data"]["breach"] == "over own limit"
    company.work()
    assert company.task("D14")["person"] == "marc.dubois"
    assert "Chloé Martin holds no authority for this now" in company.task("D14")["why"]
    assert sign(company, "marc.dubois", "D14")["status"] == "waiting"
    (second,) = [task for task in company.case("D14")["tasks"] if task["status"] == "open"]
    assert second["person"] == "elif.demir", "who stood in for one step does not sign the other"
    assert sign(company, "elif.demir", "D14")["status"] == "posted"


# ---- somebody is away -----------------------------------------------------------------------------------------------


def test_who_is_away_is_stood_in_for_only_within_both_limits_else_the_step_goes_up(company: Company) -> None:
    assert company.task("D46")["person"] == "ruth.sommer"
    assert sign(company, "ruth.sommer", "D46")["waiting_for"][0]["person_or_role"] == "elif.demir"
    task = company.task("D46")
    assert "Gareth Hughes is away" in task["why"]
    assert "the delegation to Owen Price does not reach this amount" in task["why"]
    refused = company.person("owen.price").act(task, "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "AP-SIGN-10")
    assert refusal(company, "D46")["data"]["breach"] == "over own limit"
    assert sign(company, "elif.demir", "D46")["status"] == "posted"
    assert [given["stands_for"] for given in company.case("D46")["signatures"]] == ["", "gareth.hughes"]


def raised(person: dict[str, Any]) -> dict[str, Any]:
    return person | {"limits": [limit | {"amount": "40000.00"} for limit in person["limits"]]}


def test_delegate_signs_within_his_own_limit_and_only_while_the_delegation_lasts(company: Company) -> None:
    importer = company.person("importer")
    owen = company.record("person", "owen.price")
    assert importer.put("person", "owen.price", raised(owen)).status_code == 200
    assert sign(company, "ruth.sommer", "D46")["waiting_for"][0]["person_or_role"] == "owen.price"
    task = company.task("D46")
    gareth = company.record("person", "gareth.hughes")
    ended = [delegation | {"until": "2026-03-26"} for delegation in gareth["delegations"]]
    assert importer.put("person", "gareth.hughes", gareth | {"delegations": ended}).status_code == 200
    refused = company.person("owen.price").act(task, "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "AP-SIGN-12")
    assert importer.put("person", "gareth.hughes", gareth).status_code == 200
    assert sign(company, "owen.price", "D46")["status"] == "posted"


# ---- the buyer ------------------------------------------------------------------------------------------------------


def amended(company: Company, price: str) -> dict[str, Any]:
    order = company.record("order", ORDER)
    order["lines"][0]["price"] = price
    return order


@pytest.mark.parametrize("action", ["accept", "approve"])
def test_buyer_cannot_accept_a_price_that_the_order_does_not_have(company: Company, action: str) -> None:
    answer = company.person("jonas.adler").act(company.task("D03"), action, "the supplier is right")
    assert (answer.status_code, answer.json()["code"]) == (422, "TASK-ACTION-01")


def test_buyer_who_claims_to_have_resolved_it_changes_nothing(company: Company) -> None:
    answer = company.person("jonas.adler").act(company.task("D03"), "resolve", "it is right as it is")
    assert answer.status_code == 200
    case = company.case("D03")
    assert (case["status"], case["exception_types"], case["journals"]) == ("waiting", ["price"], [])


def test_amended_order_is_released_by_another_and_the_invoice_is_posted(company: Company) -> None:
    answer = company.person("jonas.adler").put("order", ORDER, amended(company, "325.00"))
    assert answer.status_code == 200, answer.text
    change = answer.json()
    assert [item["person_or_role"] for item in change["waiting_for"]] == ["lena.vogt"]
    company.work()
    assert company.case("D03")["status"] == "waiting"
    assert company.record("order", ORDER)["lines"][0]["price"] == "306.00"
    lena = company.person("lena.vogt")
    (release,) = [task for task in lena.get("/tasks")["tasks"] if task["kind"] == "release"]
    own = company.person("jonas.adler").act(release, "approve")
    assert own.status_code == 403
    assert lena.act(release, "approve").json()["outcome"] == "released"
    company.work()
    case = company.case("D03")
    assert (case["status"], case["outcome"]) == ("posted", "posted")
    order = company.record("order", ORDER)
    assert (order["created_by"], order["released_by"]) == ("jonas.adler", "lena.vogt")


def test_evidence_of_the_posted_invoice_holds_both_versions_of_the_order(company: Company) -> None:
    company.person("jonas.adler").put("order", ORDER, amended(company, "325.00"))
    lena = company.person("lena.vogt")
    (release,) = [task for task in lena.get("/tasks")["tasks"] if task["kind"] == "release"]
    lena.act(release, "approve")
    company.work()
    versions = company.read(lambda uow: uow.reference_versions("order", ORDER))
    assert [json.loads(row.body)["lines"][0]["price"] for row in versions] == ["306.00", "325.00"]
    rested_on = [entry["data"]["references"] for entry in entries(company, "D03", "facts.gathered")]
    assert [f"order/{ORDER} version 1" in rested_on[0], f"order/{ORDER} version 2" in rested_on[-1]] == [True, True]
    decisions = company.person("samuel.grant").get(f"/cases/{company.case_of('D03')}/decisions")["decisions"]
    matches = [decision["outcome"]["outcome"] for decision in decisions if decision["decision"] == "line match"]
    assert matches == ["exception", "matched"]
    assert all(decision["reproduced"] for decision in decisions)


def test_second_amendment_waits_until_the_first_is_released(company: Company) -> None:
    jonas = company.person("jonas.adler")
    assert jonas.put("order", ORDER, amended(company, "325.00")).status_code == 200
    answer = jonas.put("order", ORDER, amended(company, "326.00"))
    assert (answer.status_code, answer.json()["code"]) == (409, "ORDER-PENDING-01")


def test_refused_amendment_leaves_the_order_as_it_was(company: Company) -> None:
    company.person("jonas.adler").put("order", ORDER, amended(company, "325.00"))
    lena = company.person("lena.vogt")
    (release,) = [task for task in lena.get("/tasks")["tasks"] if task["kind"] == "release"]
    assert lena.act(release, "reject", "not agreed").status_code == 200
    company.work()
    assert company.record("order", ORDER)["lines"][0]["price"] == "306.00"
    assert company.case("D03")["exception_types"] == ["price"]


# ---- the receiver ---------------------------------------------------------------------------------------------------


def receipt(number: str, order: str, quantity: str) -> dict[str, Any]:
    return {
        "number": number,
        "order": order,
        "received_on": "2026-03-27",
        "received_by": "somebody.else",
        "lines": [{"order_line": "1", "quantity": quantity, "unit": "KGM"}],
    }


def test_second_receipt_moves_the_case_on_by_itself(company: Company) -> None:
    answer = company.person("karim.benali").put("receipt", "GR-2", receipt("GR-2", "PO-2026-0104", "40"))
    assert answer.status_code == 200, answer.text
    company.work()
    assert company.case("D04")["status"] == "posted"
    assert company.record("receipt", "GR-2")["received_by"] == "karim.benali"


def test_receipt_that_is_not_enough_leaves_the_exception(company: Company) -> None:
    company.person("karim.benali").put("receipt", "GR-2", receipt("GR-2", "PO-2026-0104", "5"))
    company.work()
    assert company.case("D04")["exception_types"] == ["quantity"]


def test_who_created_the_order_does_not_receive_on_it(company: Company) -> None:
    person = company.record("person", "jonas.adler") | {"roles": ["buyer", "receiver"]}
    holds_from_before(company.platform, TENANT, "jonas.adler", person)
    answer = company.person("jonas.adler").put("receipt", "GR-2", receipt("GR-2", "PO-2026-0104", "40"))
    assert (answer.status_code, answer.json()["code"]) == (403, "REFERENCE-DUTY-01")
    company.work()
    assert company.case("D04")["status"] == "waiting"


# ---- what was signed, and by whom -----------------------------------------------------------------------------------


def corrected() -> bytes:
    """D17 as its supplier corrects it: GBP 51,000.00."""
    document = json.loads(demo_bytes("D17"))
    document |= {"number": "BL-4410-1", "type_code": "384", "preceding": [{"number": "BL-4410"}]}
    document["totals"] = dict.fromkeys(("line_net", "net", "gross", "payable"), "51000.00") | {"tax": "0.00"}
    document["tax_breakdown"][0]["taxable_amount"] = "51000.00"
    document["lines"][0] |= {"net_amount": "51000.00", "quantity": "170"}
    return json.dumps(document).encode()


def test_correction_by_the_supplier_voids_the_signature_and_the_chain_starts_again(company: Company) -> None:
    sign(company, "hannah.petrov", "D17")
    before = company.case("D17")
    answer = company.person("tomasz.zielinski").submit(corrected())
    assert answer.status_code == 201, answer.text
    assert answer.json()["case_id"] == before["case_id"]
    (voided,) = entries(company, "D17", "signature.voided")
    assert voided["data"]["person"] == "hannah.petrov"
    assert "changed" in voided["data"]["reason"]
    case = company.case("D17")
    assert (case["gross"], case["signatures"]) == ("51000.00", [])
    assert case["content_hash"] != before["content_hash"]
    assert company.task("D17")["person"] == "hannah.petrov"
    sign(company, "hannah.petrov", "D17")
    assert sign(company, "nadia.okafor", "D17")["status"] == "posted"


def test_immaterial_change_lets_the_signature_stand(company: Company) -> None:
    """The supplier is called otherwise from now on: nobody signs anew (decision 36)."""
    sign(company, "hannah.petrov", "D17")
    beacon = company.record("supplier", "S12")
    answer = company.person("importer").put("supplier", "S12", beacon | {"name": "Beacon Legal and Partners LLP"})
    assert answer.status_code == 200, answer.text
    company.work()
    assert entries(company, "D17", "signature.voided") == []
    assert [given["person"] for given in company.case("D17")["signatures"]] == ["hannah.petrov"]
    assert sign(company, "nadia.okafor", "D17")["status"] == "posted"


def test_what_was_shown_before_the_correction_can_no_longer_be_signed(company: Company) -> None:
    old = company.task("D17")
    company.person("tomasz.zielinski").submit(corrected())
    hannah = company.person("hannah.petrov")
    closed = hannah.act(old, "approve")
    assert (closed.status_code, closed.json()["code"]) == (409, "TASK-CLOSED-01")
    stale = hannah.act(company.task("D17"), "approve", content_hash=old["content_hash"])
    assert (stale.status_code, stale.json()["code"]) == (409, "TASK-STALE-01")


def without_limits(person: dict[str, Any]) -> dict[str, Any]:
    return person | {"limits": []}


def ended_yesterday(person: dict[str, Any]) -> dict[str, Any]:
    return person | {"limits": [limit | {"valid_to": "2026-03-26"} for limit in person["limits"]]}


def below_the_amount(person: dict[str, Any]) -> dict[str, Any]:
    return person | {"limits": [limit | {"amount": "3119.99"} for limit in person["limits"]]}


def elsewhere(person: dict[str, Any]) -> dict[str, Any]:
    return person | {"entities": ["FR"]}


def gone(person: dict[str, Any]) -> dict[str, Any]:
    return person | {"active": False}


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        (without_limits, 403, "AP-SIGN-10"),
        (ended_yesterday, 403, "AP-SIGN-10"),
        (below_the_amount, 403, "AP-SIGN-10"),
        (elsewhere, 403, "AP-SIGN-03"),
        (gone, 401, "AUTH-PRINCIPAL-01"),
    ],
    ids=["grant taken away", "grant ended", "amount above the limit", "other entity", "left the company"],
)
def test_authority_lost_while_the_task_was_open_signs_nothing(
    company: Company, change: Callable[[dict[str, Any]], dict[str, Any]], status: int, code: str
) -> None:
    task = company.task("D11")
    answer = company.person("importer").put("person", "lena.vogt", change(company.record("person", "lena.vogt")))
    assert answer.status_code == 200, answer.text
    answer = company.person("lena.vogt").act(task, "approve")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert company.case("D11")["signatures"] == []
    assert company.case("D11")["journals"] == []


def test_signature_of_who_may_no_longer_sign_falls_before_the_posting(company: Company) -> None:
    """Hannah Petrov signs and leaves; Nadia Okafor's signature alone does not post."""
    sign(company, "hannah.petrov", "D17")
    hannah = company.record("person", "hannah.petrov")
    company.person("importer").put("person", "hannah.petrov", hannah | {"active": False})
    company.person("nadia.okafor").act(company.task("D17"), "approve")
    case = company.case("D17")
    assert (case["status"], case["journals"]) == ("waiting", [])
    assert "hannah.petrov" not in [given["person"] for given in case["signatures"]]
    (voided,) = entries(company, "D17", "signature.voided")
    assert voided["data"]["person"] == "hannah.petrov"


def test_supplier_blocked_while_the_task_was_open_is_not_approved(company: Company) -> None:
    task, supplier = company.task("D11"), company.record("supplier", "S06")
    blocked = supplier | {"status": "blocked", "purchasing_block": True, "payment_block": True, "block_reason": "fraud"}
    company.person("importer").put("supplier", "S06", blocked)
    answer = company.person("lena.vogt").act(task, "approve")
    assert answer.status_code == 409
    assert answer.json()["code"] in {"SIGN-RECHECK-01", "TASK-CLOSED-01"}
    case = company.case("D11")
    assert (case["outcome"], case["exception_types"], case["journals"]) == ("exception", ["supplier"], [])


def test_log_verifies_after_signing_refusing_and_correcting(company: Company) -> None:
    sign(company, "hannah.petrov", "D17")
    company.person("lena.vogt").act(company.task("D45"), "approve")
    company.person("tomasz.zielinski").submit(corrected())
    sign(company, "lena.vogt", "D11")
    company.work()
    report = company.person("judith.arnold").get("/audit/verification")
    assert (report["ok"], report["unsequenced"]) == (True, 0)


# ---- suppliers that are one ------------------------------------------------------------------------------------------


def test_older_record_with_the_account_on_file_is_found_though_the_invoice_names_none(company: Company) -> None:
    own = company.record("supplier", "S01")
    twin = {**own, "id": "S99", "name": "Another name", "vat_id": "", "created_on": "2001-01-01"}
    assert company.person("importer").put("supplier", "S99", twin).status_code == 200
    canonical = {**company.case("D01")["document"]["canonical"], "number": "NK-TWIN", "payments": []}
    answer = company.person("tomasz.zielinski").submit(json.dumps(canonical).encode())
    assert answer.status_code in {200, 201}, answer.text
    decisions = company.person("samuel.grant").get(f"/cases/{answer.json()['case_id']}/decisions")["decisions"]
    (bank,) = [taken for taken in decisions if taken["decision"] == "bank details"][-1:]
    assert bank["inputs"]["shared with"] == ["S99"]


def test_record_with_the_vat_id_comes_before_one_of_the_same_name_and_account(company: Company) -> None:
    own = company.record("supplier", "S01")
    namesake = {**own, "id": "A01", "vat_id": "DE136695976", "created_on": "2030-01-01"}
    assert company.person("importer").put("supplier", "A01", namesake).status_code == 200
    canonical = company.case("D01")["document"]["canonical"]
    written = {**canonical["seller"], "vat_id": "DE 999.940-106"}
    body = {**canonical, "number": "NK-VAT", "seller": written}
    answer = company.person("tomasz.zielinski").submit(json.dumps(body).encode())
    case = company.person("samuel.grant").get(f"/cases/{answer.json()['case_id']}")
    assert case["supplier"] == "S01"
    decisions = company.person("samuel.grant").get(f"/cases/{case['case_id']}/decisions")["decisions"]
    (standing,) = [taken for taken in decisions if taken["decision"] == "tax comparison"][-1:]
    assert standing["inputs"]["seller vat same"] is True

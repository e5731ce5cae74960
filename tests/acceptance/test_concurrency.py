"""Many at once: balances are reserved exactly, one document opens one case, one task is answered once.

Each act comes from a thread with a client of its own, all let go by one barrier; whoever is first, the answer is the
same but for the names.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from threading import Barrier
from typing import Any

import pytest
from tests.acceptance.company import Answer, Company, Person, demo_bytes, demo_documents

pytestmark = pytest.mark.every_row

CLIENTS = 8
ATTEMPTS_MAX = 20
BALANCE = "order-line/PO-2026-0112/1"


def at_once(acts: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Do all of this at the same instant, again what finds no connection; the responses in the order of the acts."""
    barrier = Barrier(len(acts))

    def act(what: Callable[[], Answer]) -> Answer:
        barrier.wait()
        answer = what()
        for _ in range(ATTEMPTS_MAX):
            if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                break
            answer = what()
        return answer

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(act, acts))


def submission(company: Company, document: str, **headers: str) -> Callable[[], Answer]:
    facts, person = demo_documents()[document], company.person("tomasz.zielinski")
    return lambda: person.submit(demo_bytes(document), str(facts["media_type"]), **headers)


def fits_with(company: Company, answers: Sequence[Answer], documents: Sequence[str]) -> str:
    """The document that was posted; fails unless exactly one was, and the balance holds its quantity and no more."""
    assert [answer.status_code for answer in answers] == [201, 201], [answer.text for answer in answers]
    status = dict(zip(documents, (answer.json()["status"] for answer in answers), strict=True))
    assert Counter(status.values()) == {"posted": 1, "waiting": 1}
    (posted,) = [document for document, word in status.items() if word == "posted"]
    quantity = {"D50a": 400, "D50b": 300}[posted]
    assert company.read(lambda uow: uow.balances([BALANCE]))[BALANCE] == quantity * 1_000_000
    (held,) = [answer.json() for answer in answers if answer.json()["status"] == "waiting"]
    case = company.person("samuel.grant").get(f"/cases/{held['case_id']}")
    assert case["exception_types"] == ["quantity"]
    assert len(company.read(lambda uow: uow.journals())) == 1
    return posted


@pytest.mark.parametrize("documents", [("D50a", "D50b"), ("D50b", "D50a")], ids=["a starts first", "b starts first"])
def test_two_invoices_at_once_do_not_both_consume_one_receipt(new_company: Company, documents: Sequence[str]) -> None:
    answers = at_once([submission(new_company, document) for document in documents])
    fits_with(new_company, answers, documents)


@pytest.mark.parametrize("documents", [("D50a", "D50b"), ("D50b", "D50a")], ids=["a before b", "b before a"])
def test_of_two_in_turn_the_first_is_posted(new_company: Company, documents: Sequence[str]) -> None:
    answers = [submission(new_company, document)() for document in documents]
    assert fits_with(new_company, answers, documents) == documents[0]


def test_same_document_from_many_clients_opens_one_case(new_company: Company) -> None:
    before = {case.case_id for case in new_company.read(lambda uow: uow.cases())}
    answers = at_once([submission(new_company, "D01")] * CLIENTS)
    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: CLIENTS - 1}
    assert {answer.json().get("code") for answer in answers} == {None, "DOCUMENT-SAME-01"}
    (opened,) = {answer.json()["case_id"] for answer in answers}
    assert {case.case_id for case in new_company.read(lambda uow: uow.cases())} == before | {opened}
    assert len(new_company.read(lambda uow: uow.journals())) == 1


def test_one_request_repeated_at_once_under_its_key_gets_one_answer(new_company: Company) -> None:
    send = submission(new_company, "D01", **{"Idempotency-Key": "load-1"})
    answers = at_once([send] * CLIENTS)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(new_company.read(lambda uow: uow.journals())) == 1


def test_same_number_in_two_formats_at_once_is_one_posting_and_one_duplicate(new_company: Company) -> None:
    answers = at_once([submission(new_company, "D01"), submission(new_company, "D21")])
    assert [answer.status_code for answer in answers] == [201, 201]
    assert Counter(answer.json()["outcome"] for answer in answers) == {"posted": 1, "exception": 1}
    (held,) = [answer.json() for answer in answers if answer.json()["outcome"] == "exception"]
    assert new_company.person("samuel.grant").get(f"/cases/{held['case_id']}")["exception_types"] == ["duplicate"]
    assert len(new_company.read(lambda uow: uow.journals())) == 1


def signing(company: Company, task: Any, action: str = "approve", reason: str = "") -> Callable[[], Answer]:
    lena = company.person("lena.vogt")
    return lambda: lena.act(task, action, reason)


def test_one_task_signed_many_times_at_once_counts_one_signature(company: Company) -> None:
    task = company.task("D11")
    answers = at_once([signing(company, task)] * CLIENTS)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: CLIENTS - 1}
    assert {answer.json().get("code") for answer in answers} == {None, "TASK-CLOSED-01"}
    case = company.case("D11")
    assert [given["person"] for given in case["signatures"]] == ["lena.vogt"]
    assert len(case["journals"]) == 1


def test_approval_and_rejection_at_once_do_not_both_count(company: Company) -> None:
    task = company.task("D11")
    answers = at_once([signing(company, task), signing(company, task, "reject", "not ours")])
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (done,) = [answer.json() for answer in answers if answer.status_code == 200]
    case = company.case("D11")
    assert (case["status"], len(case["journals"])) == (done["status"], int(done["status"] == "posted"))


def directors(company: Company) -> list[Person]:
    """As many managing directors of the entity as there are clients, each of whom may sign what lies over 25,000."""
    importer, found = company.person("importer"), []
    for number in range(CLIENTS):
        name = f"director.{number}"
        limit = {"authority": "invoice", "amount": "75000.00", "categories": [], "valid_from": "2026-01-01"}
        body = {"name": name, "kind": "person", "roles": ["managing-director"], "entities": ["DE"], "limits": [limit]}
        assert importer.put("person", name, body).status_code == 200
        found.append(Person(company.api, importer.client.post(f"/v1/people/{name}/keys").json()["api_key"]))
    return found


def ten_times(document: bytes) -> bytes:
    """The electricity invoice of D11 at ten times its price: beyond what the cost centre's owner signs alone."""
    for old, new in ((b"3120.00", b"31200.00"), (b"592.80", b"5928.00"), (b"3712.80", b"37128.00"), (b"0.26", b"2.60")):
        assert old in document
        document = document.replace(b">%s<" % old, b">%s<" % new)
    return document


def open_task(company: Company, case_id: str) -> Answer:
    """The one open task of a case."""
    case = company.person("samuel.grant").get(f"/cases/{case_id}")
    (task,) = [task for task in case["tasks"] if task["status"] == "open"]
    return task


def test_one_task_of_many_signers_is_signed_by_one_of_them(new_company: Company) -> None:
    signers = directors(new_company)
    sent = new_company.person("tomasz.zielinski").submit(ten_times(demo_bytes("D11")), "application/xml")
    case_id = sent.json()["case_id"]
    owner = open_task(new_company, case_id)
    assert new_company.person("lena.vogt").act(owner, "approve").status_code == 200
    task = open_task(new_company, case_id)
    assert (task["role"], task["person"]) == ("managing-director", "")
    answers = at_once([partial(signer.act, task, "approve") for signer in signers])
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: CLIENTS - 1}
    assert {answer.json().get("code") for answer in answers} == {None, "TASK-CLOSED-01"}
    assert {answer.json()["case_id"] for answer in answers} == {case_id}
    case = new_company.person("samuel.grant").get(f"/cases/{case_id}")
    (winner,) = [number for number, answer in enumerate(answers) if answer.status_code == 200]
    assert [given["person"] for given in case["signatures"]] == ["lena.vogt", f"director.{winner}"]
    assert (case["status"], len(case["journals"])) == ("posted", 1)


def test_log_verifies_after_many_at_once(new_company: Company) -> None:
    documents = [document for document in demo_documents() if document not in {"D06", "D20", "D22"}]
    at_once([submission(new_company, document) for document in documents])
    new_company.work()
    report = new_company.person("samuel.grant").get("/audit/verification")
    assert (report["ok"], report["unsequenced"]) == (True, 0)
    for _, lines in new_company.read(lambda uow: uow.journals()):
        assert sum(line.amount for line in lines) == 0


MANY = 200


def parts(
    company: Company, count: int, *, template: str, changes: Sequence[tuple[str, str]]
) -> list[Callable[[], Answer]]:
    """As many invoices of one supplier over equal parts, each with a number of its own, from one clerk."""
    person, text = company.person("tomasz.zielinski"), demo_bytes(template).decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    number = str(demo_documents()[template]["number"])
    return [
        partial(person.submit, text.replace(number, f"PART {place * 97 + 10_000}").encode(), "application/xml")
        for place in range(count)
    ]


def settled(answers: Sequence[Answer]) -> Counter[str]:
    assert {answer.status_code for answer in answers} == {201}, next(a.text for a in answers if a.status_code != 201)
    return Counter(str(answer.json()["status"]) for answer in answers)


def test_two_hundred_at_once_never_take_more_of_a_receipt_than_came(new_company: Company) -> None:
    """500 kg came; of two hundred invoices over 10 kg exactly fifty are posted."""
    changes = [(">400<", ">10<"), ("3760.00", "94.00"), ("714.40", "17.86"), ("4474.40", "111.86")]
    answers = at_once(parts(new_company, MANY, template="D50a", changes=changes))
    assert settled(answers) == {"posted": 50, "waiting": MANY - 50}
    assert new_company.read(lambda uow: uow.balances([BALANCE]))[BALANCE] == 500_000_000
    assert len(new_company.read(lambda uow: [j for j, _ in uow.journals() if j.kind == "invoice"])) == 50


def test_two_hundred_at_once_never_take_more_than_a_ceiling(new_company: Company) -> None:
    """2,500.00 are left of the blanket order; of two hundred invoices over 100.00 exactly twenty-five are posted."""
    changes = [("4300.00", "100.00"), ("817.00", "19.00"), ("5117.00", "119.00")]
    answers = at_once(parts(new_company, MANY, template="D08", changes=changes))
    assert settled(answers) == {"posted": 25, "waiting": MANY - 25}
    key = "ceiling/order/PO-2026-0408"
    assert new_company.read(lambda uow: uow.balances([key]))[key] == 2_500_000_000


def test_many_at_once_never_take_more_of_an_advance_than_was_agreed(new_company: Company) -> None:
    """30,000.00 may be asked for in advance; of forty advances of 3,000.00 exactly ten are put before somebody."""
    changes = [("35700.00", "3570.00"), ("30000.00", "3000.00"), ("5700.00", "570.00")]
    answers = at_once(parts(new_company, 40, template="D37", changes=changes))
    assert {answer.status_code for answer in answers} == {201}
    key = "advance/PO-2026-0437/net"
    assert new_company.read(lambda uow: uow.balances([key]))[key] <= 30_000_000_000
    asked = [answer for answer in answers if answer.json()["outcome"] == "approval"]
    assert new_company.read(lambda uow: uow.balances([key]))[key] == len(asked) * 3_000_000_000

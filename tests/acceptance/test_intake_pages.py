"""A file is handed in on the page, and what became of it is told; what failed is seen by who may see it."""

from re import findall
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.acceptance.company import Company, demo_bytes
from tests.acceptance.test_intake import MAPPING, TABLE, mail
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_saved_searches import token

CLERK = "tomasz.zielinski"


def hand_in(client: TestClient, name: str, content: bytes, **typed: str) -> Any:
    files = {"file": (name, content, "application/octet-stream")}
    return client.post("/intake", data={"form_token": token(client), **typed}, files=files)


def became(client: TestClient, answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    return str(page.text)


def test_document_becomes_a_case_and_the_page_leads_to_it(new_company: Company) -> None:
    client = signed_in(new_company, CLERK)
    answer = hand_in(client, "invoice.xml", demo_bytes("D01"))
    page = became(client, answer)
    (case,) = set(findall(r"/cases/([0-9a-z]{26})", page))
    assert new_company.person("samuel.grant").get(f"/cases/{case}")["number"] == "NK-2026-0311"
    original = client.get(f"{answer.headers['Location']}/original")
    assert original.content == demo_bytes("D01")


def test_mail_is_taken_apart(new_company: Company) -> None:
    client = signed_in(new_company, CLERK)
    page = became(client, hand_in(client, "mail.eml", mail(("D01.xml", demo_bytes("D01")))))
    assert "D01.xml" in page
    assert "Not verified: billing@supplier.example" in page


def test_same_document_again_is_told_with_its_case(company: Company) -> None:
    client = signed_in(company, CLERK)
    page = became(client, hand_in(client, "again.xml", demo_bytes("D01")))
    assert "Handed in before" in page
    assert company.case_of("D01") in page


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("", b"", "choose a file"),
        ("picture.png", b"\x89PNG", "is none of these: XML, JSON, PDF, CSV, XLSX, EML"),
        ("empty.csv", b"", "the file is empty"),
        ("big.csv", b" " * (10 * 1024 * 1024 + 1), "larger than 10 MiB"),
    ],
    ids=["none", "a picture", "empty", "too large"],
)
def test_file_that_cannot_be_read_is_told_beside_it(new_company: Company, name: str, content: bytes, told: str) -> None:
    client = signed_in(new_company, CLERK)
    answer = hand_in(client, name, content, entity="DE")
    assert answer.status_code == 422
    assert told.casefold() in answer.text.casefold()
    assert '<option value="DE" selected>' in answer.text


def test_what_failed_is_listed_until_a_mended_mapping_reads_it(new_company: Company) -> None:
    clerk = new_company.person(CLERK)
    wrong = {**MAPPING, "columns": {**MAPPING["columns"], "number": "Nummer"}}
    assert clerk.put("mapping", "helios", wrong).status_code == 200
    client = signed_in(new_company, CLERK)
    page = became(client, hand_in(client, "march.csv", TABLE.encode(), mapping="helios"))
    assert "No column is headed" in page
    assert "march.csv" in client.get("/intake").text
    assert clerk.put("mapping", "helios", MAPPING).status_code == 200
    page = became(client, hand_in(client, "march.csv", TABLE.encode(), mapping="helios"))
    assert len(set(findall(r"/cases/([0-9a-z]{26})", page))) == 2


def test_failed_file_of_an_entity_is_shown_to_who_works_for_it(new_company: Company) -> None:
    client = signed_in(new_company, CLERK)
    answer = hand_in(client, "broken.xml", b"<Invoice", entity="DE")
    became(client, answer)
    other = signed_in(new_company, "amelie.laurent")
    assert "broken.xml" in client.get("/intake").text
    assert "broken.xml" not in other.get("/intake").text
    assert other.get(answer.headers["Location"]).status_code == 404
    assert other.get(f"{answer.headers['Location']}/original").status_code == 404


def test_who_hands_nothing_in_reads_why(company: Company) -> None:
    page = signed_in(company, "samuel.grant").get("/intake")
    assert (page.status_code, "takes the duty to submit documents" in page.text) == (200, True)

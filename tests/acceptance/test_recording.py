"""A decision of a real case becomes an example of the pack: masked, with one click, and it passes there."""

import json
from typing import Any, Final

import pytest
from lxml.html import fromstring
from starlette.testclient import TestClient
from tests.acceptance.company import DEMO, Company, Person
from tests.unit.packs.accounts_payable import models

from comptroller.bootstrap import read_situations
from comptroller.domain.packs.assessment import NOW
from comptroller.domain.packs.examples import run_example

pytestmark = pytest.mark.embedded

AUTHOR: Final = "ivo.marek"

LOOKED_AT: Final = ("D08", "D17")
"""Documents of the company, with all the decisions that were taken on each."""


def recorded(company: Company, case: str, decision: str, **query: object) -> dict[str, Any]:
    answer: dict[str, Any] = company.person(AUTHOR).get("/policy/examples", case=case, decision=decision, **query)
    return answer


def signed_in(company: Company, person: str) -> TestClient:
    client = Person(company.app, "").client
    client.post("/sign-in", data={"api_key": company.keys[person]}, follow_redirects=False)
    return client


def links(company: Company, person: str, case: str) -> list[str]:
    page = fromstring(signed_in(company, person).get(f"/cases/{case}?tab=why").text)
    (told,) = (part for part in page.iter("details") if part.get("id") == "duplicate")
    return [str(link.get("href")) for link in told.iter("a") if link.text == "Record as an example"]


def private_texts() -> set[str]:
    """Whatever names somebody or leads to them, of all people and companies that the company knows."""
    found: set[str] = set()
    for kind in ("suppliers", "people", "entities"):
        for record in json.loads((DEMO / f"{kind}.json").read_text()):
            found |= {record["name"], record.get("vat_id") or "", record["id"] if kind == "people" else ""}
            found |= {account["account"] for account in record.get("accounts", ())}
    return found - {""}


@pytest.mark.parametrize("document", LOOKED_AT)
def test_decisions_of_a_case_pass_as_examples_of_the_pack_and_name_nobody(
    shared_company: Company, document: str
) -> None:
    case, private = shared_company.case_of(document), private_texts()
    taken = {each["decision"] for each in shared_company.person(AUTHOR).get(f"/cases/{case}/decisions")["decisions"]}
    number = shared_company.case(document)["number"]
    assert len(taken) > 5
    for decision in sorted(taken):
        made = recorded(shared_company, case, decision)
        (situation,), faults = read_situations("recorded.yaml", made["yaml"].encode())
        assert not faults
        assert (situation.decision, situation.title) == (decision, made["title"])
        assert run_example(situation, models()[decision], NOW) == ()
        assert [text for text in (*private, number) if text in made["yaml"]] == []


def test_example_of_an_entry_is_of_that_decision(shared_company: Company) -> None:
    case = shared_company.case_of("D11")
    taken = shared_company.person(AUTHOR).get(f"/cases/{case}/decisions")["decisions"]
    first = next(each for each in taken if each["decision"] == "duplicate")
    assert recorded(shared_company, case, "duplicate", seq=first["seq"])["seq"] == first["seq"]
    client = shared_company.person(AUTHOR).client
    for query in ("decision=duplicate&seq=1", "decision=none"):
        answer = client.get(f"/v1/policy/examples?case={case}&{query}")
        assert (answer.status_code, answer.json()["code"]) == (404, "POLICY-EXAMPLE-01")


def test_who_writes_policy_takes_it_from_the_explanation(shared_company: Company) -> None:
    case = shared_company.case_of("D11")
    assert links(shared_company, "samuel.grant", case) == []
    (address,) = links(shared_company, AUTHOR, case)
    answer = signed_in(shared_company, AUTHOR).get(address)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="duplicate-recorded.yaml"'
    assert answer.text == recorded(shared_company, case, "duplicate")["yaml"]

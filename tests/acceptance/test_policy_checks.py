"""A change is checked before the transaction that writes it: others go on meanwhile, and what is written was checked.

What happens while a check runs happens where it reads the files of the version in force.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Thread
from typing import Any, Final

import pytest
from tests.acceptance.company import Company, make_company
from tests.acceptance.test_concurrency import submission
from tests.acceptance.test_policy_release import AUTHOR, RATE, RATE_SHOWN, WORDS, in_force, pack, propose, request
from tests.acceptance.versions import release

from comptroller.application.catalogue import USE_CASES
from comptroller.application.dispatcher import Dispatcher
from comptroller.bootstrap import Platform, open_packs
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.packs.source import Source

pytestmark = pytest.mark.every_row

PATIENCE_S: Final = 60
"""How long a check waits for what happens meanwhile before it goes on without."""


def where_checks(company: Company, meanwhile: Callable[[int], object]) -> Company:
    """The company in a process that has checked nothing yet; `meanwhile` is done at each version that it reads."""
    packs, count = open_packs(), iter(range(100))
    read = packs.read

    def slowly(files: Mapping[str, bytes]) -> Source:
        meanwhile(next(count))
        return read(files)

    packs.read = slowly
    environment = replace(company.platform.environment, packs=packs)
    return make_company(Platform(company.platform.settings, environment, Dispatcher(environment, USE_CASES)))


def put_words_in_force(company: Company, words: str) -> str:
    files = pack((*WORDS[:2], f"{WORDS[1]} {words}"))
    return release(company.platform, {path: text.encode() for path, text in files.items()}).hash


def evidence(company: Company, case_id: str) -> dict[str, Any]:
    kept = request(company, case_id)["evidence"]["changes"]
    (row,) = [row for row in company.read(lambda uow: uow.attachments(case_id)) if row.digest == kept]
    found: Any = decode(row.content)
    return dict(found["changes"])


def test_an_invoice_is_handed_in_and_posted_while_a_change_is_checked(new_company: Company) -> None:
    statuses: list[int] = []

    def hand_in(count: int) -> None:
        if count == 0:
            send = submission(new_company, "D01")
            another = Thread(target=lambda: statuses.append(send().status_code), daemon=True)
            another.start()
            another.join(PATIENCE_S)

    answer = propose(where_checks(new_company, hand_in), RATE, RATE_SHOWN)
    assert (statuses, answer.status_code) == ([201], 201)
    assert len(request(new_company, answer.json()["case_id"])["evidence"]) >= 4


def test_a_change_is_held_against_what_was_put_in_force_while_it_was_checked(new_company: Company) -> None:
    founded = in_force(new_company)
    company = where_checks(new_company, lambda count: count or put_words_in_force(new_company, "anew"))
    answer = propose(company, RATE, RATE_SHOWN)
    assert answer.status_code == 201, answer.text
    shown, current = request(company, answer.json()["case_id"]), in_force(company)
    assert current != founded
    assert shown["base"] == current
    assert "README.md" in evidence(company, shown["case_id"])["changed"]


def test_a_change_whose_ground_does_not_stay_is_refused_and_nothing_of_it_is_kept(new_company: Company) -> None:
    cases = {row.case_id for row in new_company.read(lambda uow: uow.cases())}
    company = where_checks(new_company, lambda count: put_words_in_force(new_company, f"again {count}"))
    answer = propose(company, RATE, RATE_SHOWN)
    assert (answer.status_code, answer.json()["code"]) == (409, "POLICY-CHECK-02")
    assert {row.case_id for row in company.read(lambda uow: uow.cases())} == cases
    entries = company.read(lambda uow: uow.stream(f"principal/{AUTHOR}"))
    assert b"POLICY-CHECK-02" in entries[-1].body

"""Several signatures on what is released: orders, suppliers, payment runs, changes of policy."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from tests.acceptance import test_policy_release as policies
from tests.acceptance.company import TENANT, Answer, Company, holds_from_before
from tests.acceptance.test_acts import post
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_payments import proposed
from tests.acceptance.test_purchase_documents import hand_in
from tests.acceptance.test_supplier_master import record
from tests.acceptance.versions import exchange, put_in_force
from tests.unit.adapters.einvoice.test_purchasing import ORDER

pytestmark = pytest.mark.embedded

RECORDS: Final = "decisions/record-release.dmn"
PAYMENTS: Final = "decisions/payment-release.dmn"
POLICY: Final = "decisions/policy-release.dmn"
OWNERS: Final = {"lena.vogt", "ruth.sommer", "ingrid.falk"}
TREASURY: Final = {"daniel.stein", "ingrid.falk", "clara.weiss"}


def steps_of(path: str, before: str, after: str) -> Mapping[str, Any]:
    """A routing whose steps are others."""
    return {path: exchange((before, after))}


ORDER_STEP: Final = '{step: "release", title: "Release", hours: 16}'
SUPPLIER_STEP: Final = 'role: "supplier-verify", hours: 16}'
FIRST_RELEASE: Final = 'title: "First release", role: "treasurer", hours: 8}'
OF_OWNERS: Final = ORDER_STEP.replace("hours", 'role: "cost-centre-owner", signatures: 2, hours')
OUTVOTED: Final = OF_OWNERS.replace("signatures", "one no ends it: false, signatures")


RELEASER: Final = 'role: "policy-releaser", hours: 16}'
TWO_STEPS: Final = (
    f'[{{step: "first release", title: "First release", {RELEASER}, '
    f'{{step: "second release", title: "Second release", {RELEASER}]'
)
ONE_STEP_OF_TWO: Final = f'[{{step: "release", title: "Release", signatures: 2, {RELEASER}]'


def give(company: Company, person: str, role: str, authority: str, amount: str = "25000.00") -> None:
    """Have somebody hold one more role, with an authority."""
    body = company.record("person", person)
    limit = {"authority": authority, "amount": amount, "categories": [], "valid_from": "2026-01-01"}
    changed = body | {"roles": [*body["roles"], role], "limits": [*body["limits"], limit]}
    holds_from_before(company.platform, TENANT, person, changed)


def shown(company: Company, case: str) -> Answer:
    return company.person("samuel.grant").get(f"/cases/{case}")


def asked(company: Company, case: str) -> dict[str, Answer]:
    """The open tasks by whom they are asked of."""
    return {task["person"] or task["role"]: task for task in shown(company, case)["tasks"] if task["status"] == "open"}


def answer(company: Company, case: str, person: str, action: str = "approve") -> Answer:
    given = company.person(person).act(asked(company, case)[person], action, "" if action == "approve" else "Too dear.")
    assert given.status_code == 200, given.text
    return given.json()


def order(company: Company, steps: str = OF_OWNERS) -> str:
    """A buyer's order that two of three owners of cost centres release; a fourth is of another category."""
    give(company, "ingrid.falk", "cost-centre-owner", "commitment")
    put_in_force(company, steps_of(RECORDS, ORDER_STEP, steps))
    return str(hand_in(company, ORDER, "jonas.adler")["case_id"])


def payments(company: Company) -> str:
    """A run whose first release two of three of the treasury give."""
    for person in TREASURY - {"daniel.stein"}:
        give(company, person, "treasurer", "payment", "250000.00")
    two = FIRST_RELEASE.replace("hours", "signatures: 2, hours")
    put_in_force(company, steps_of(PAYMENTS, FIRST_RELEASE, two))
    return str(proposed(company)["case_id"])


def supplier(company: Company) -> str:
    """A supplier whom two of the verifiers look at."""
    for person in ("ruth.sommer", "ingrid.falk"):
        give(company, person, "supplier-verify", "invoice")
    put_in_force(company, steps_of(RECORDS, SUPPLIER_STEP, SUPPLIER_STEP.replace("hours", "signatures: 2, hours")))
    return str(company.person("oskar.brandt").put("supplier", "S30", record()).json()["case_id"])


# ---- an order -------------------------------------------------------------------------------------------------------


def test_two_of_three_release_an_order_and_the_third_is_not_needed(new_company: Company) -> None:
    company, case = new_company, order(new_company)
    assert set(asked(company, case)) == OWNERS
    assert answer(company, case, "ruth.sommer")["status"] == "waiting"
    assert set(asked(company, case)) == OWNERS - {"ruth.sommer"}
    (told,) = shown(company, case)["approval_steps"]
    assert (told["needed"], told["asked"], told["signed"]) == (2, 3, ["ruth.sommer"])
    page = " ".join(signed_in(company, "ruth.sommer").get(f"/cases/{case}?tab=people").text.split())
    assert "1 of 2 signed, 3 asked." in page
    assert answer(company, case, "ingrid.falk")["outcome"] == "released"
    assert [task["status"] for task in shown(company, case)["tasks"] if task["person"] == "lena.vogt"] == ["void"]
    assert company.record("order", "PO-9")["released_by"] == "ingrid.falk"


@pytest.mark.parametrize(
    ("person", "of", "code"),
    [
        ("ruth.sommer", "lena.vogt", "TASK-TWICE-01"),
        ("jonas.adler", "lena.vogt", "TASK-DUTY-01"),
        ("hannah.petrov", "lena.vogt", "ORDER-SIGN-01"),
        ("elif.demir", "lena.vogt", "TASK-OTHER-01"),
    ],
    ids=["who has signed", "who ordered", "whose limit is for another category", "who is not asked"],
)
def test_nobody_signs_an_order_for_another(new_company: Company, person: str, of: str, code: str) -> None:
    company, case = new_company, order(new_company)
    answer(company, case, "ruth.sommer")
    refused = company.person(person).act(asked(company, case)[of], "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, code)
    assert set(asked(company, case)) == OWNERS - {"ruth.sommer"}


def test_who_orders_is_not_among_those_who_are_asked(new_company: Company) -> None:
    company = new_company
    give(company, "jonas.adler", "cost-centre-owner", "commitment")
    case = order(company)
    assert set(asked(company, case)) == OWNERS
    refused = company.person("jonas.adler").act(asked(company, case)["lena.vogt"], "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "TASK-OWN-01")


def test_limit_that_has_been_lowered_signs_no_order(new_company: Company) -> None:
    company, case = new_company, order(new_company)
    body = company.record("person", "lena.vogt")
    lowered = [{**limit, "amount": "100.00"} for limit in body["limits"]]
    assert company.person("importer").put("person", "lena.vogt", body | {"limits": lowered}).status_code == 200
    refused = company.person("lena.vogt").act(asked(company, case)["lena.vogt"], "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "ORDER-SIGN-01")


@pytest.mark.parametrize(
    ("to", "status", "code"),
    [("ruth.sommer", 403, "TASK-REASSIGN-05"), ("ingrid.falk", 409, "TASK-REASSIGN-07")],
    ids=["who has signed", "who is asked as well"],
)
def test_release_is_handed_to_nobody_who_signs_beside(new_company: Company, to: str, status: int, code: str) -> None:
    company, case = new_company, order(new_company)
    answer(company, case, "ruth.sommer")
    task = asked(company, case)["lena.vogt"]["task_id"]
    refused = post(company.person("priya.nair"), f"/tasks/{task}/reassign", person=to, reason="Holiday")
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_one_no_refuses_an_order_and_takes_back_the_rest(new_company: Company) -> None:
    company, case = new_company, order(new_company)
    answer(company, case, "ruth.sommer")
    assert answer(company, case, "lena.vogt", "reject")["status"] == "rejected"
    assert asked(company, case) == {}


def test_no_to_an_order_is_outvoted_where_policy_says_so(new_company: Company) -> None:
    company, case = new_company, order(new_company, OUTVOTED)
    assert answer(company, case, "lena.vogt", "reject")["status"] == "waiting"
    answer(company, case, "ruth.sommer")
    assert answer(company, case, "ingrid.falk")["outcome"] == "released"


def test_order_fails_when_those_who_are_left_cannot_make_up_the_number(new_company: Company) -> None:
    company, case = new_company, order(new_company, OUTVOTED)
    answer(company, case, "lena.vogt", "reject")
    answer(company, case, "ruth.sommer")
    assert answer(company, case, "ingrid.falk", "reject")["status"] == "rejected"


def test_steps_of_one_stage_release_an_order_side_by_side(new_company: Company) -> None:
    company = new_company
    beside = OF_OWNERS.replace("hours", 'stage: "all", hours')
    cfo = '{step: "cfo", title: "Release as CFO of", role: "vp-operations", stage: "all", hours: 16}'
    case = order(company, f"{beside}, {cfo}")
    assert set(asked(company, case)) == OWNERS | {"elif.demir"}
    answer(company, case, "ruth.sommer")
    answer(company, case, "elif.demir")
    assert set(asked(company, case)) == OWNERS - {"ruth.sommer"}
    assert answer(company, case, "lena.vogt")["outcome"] == "released"


def test_stages_of_an_order_are_asked_one_after_another(new_company: Company) -> None:
    company = new_company
    case = order(company, f'{OF_OWNERS}, {{step: "above", title: "Release", role: "vp-operations", hours: 16}}')
    answer(company, case, "ruth.sommer")
    assert answer(company, case, "lena.vogt")["status"] == "waiting"
    assert set(asked(company, case)) == {"elif.demir"}
    assert answer(company, case, "elif.demir")["outcome"] == "released"


def test_cancelled_order_change_asks_nobody_any_more(new_company: Company) -> None:
    company, case = new_company, order(new_company)
    ended = post(company.person("priya.nair"), f"/cases/{case}/cancel", reason="Ordered by mistake.")
    assert (ended.status_code, asked(company, case)) == (200, {})


# ---- a payment run --------------------------------------------------------------------------------------------------


def test_two_of_three_of_the_treasury_release_a_run_then_the_cfo(company: Company) -> None:
    case = payments(company)
    assert set(asked(company, case)) == TREASURY
    answer(company, case, "clara.weiss")
    assert set(asked(company, case)) == TREASURY - {"clara.weiss"}
    assert answer(company, case, "daniel.stein")["status"] == "waiting"
    assert set(asked(company, case)) == {"nadia.okafor"}
    assert answer(company, case, "nadia.okafor")["outcome"] == "released"
    given = [(each["step"], each["person"]) for each in shown(company, case)["signatures"]]
    assert given == [
        ("first release", "clara.weiss"),
        ("first release", "daniel.stein"),
        ("second release", "nadia.okafor"),
    ]


@pytest.mark.parametrize(
    ("person", "code"), [("clara.weiss", "PAY-SIGN-04"), ("paulo.reis", "PAY-SIGN-03")], ids=["twice", "the proposer"]
)
def test_neither_who_has_released_nor_who_proposed_a_run_signs(company: Company, person: str, code: str) -> None:
    give(company, "paulo.reis", "treasurer", "payment", "250000.00")
    case = payments(company)
    assert set(asked(company, case)) == TREASURY
    answer(company, case, "clara.weiss")
    refused = company.person(person).act(asked(company, case)["daniel.stein"], "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, code)
    assert set(asked(company, case)) == TREASURY - {"clara.weiss"}


def test_item_that_is_no_longer_ready_has_all_of_them_asked_anew(company: Company) -> None:
    case = payments(company)
    answer(company, case, "clara.weiss")
    item = shown(company, case)["proposal"]["items"][0]
    blocked = company.record("supplier", item["supplier"]) | {"status": "blocked"}
    assert company.person("importer").put("supplier", item["supplier"], blocked).status_code == 200
    task = asked(company, case)["daniel.stein"]
    again = company.person("daniel.stein").act(task, "approve")
    assert (again.status_code, again.json()["code"]) == (409, "SIGN-RECHECK-01")
    assert shown(company, case)["signatures"] == []
    assert set(asked(company, case)) == TREASURY
    assert asked(company, case)["daniel.stein"]["task_id"] != task["task_id"]


def test_person_whose_limit_does_not_reach_the_run_is_not_asked(company: Company) -> None:
    give(company, "ruth.sommer", "treasurer", "payment", "10.00")
    case = payments(company)
    assert set(asked(company, case)) == TREASURY


def test_one_no_frees_the_run(company: Company) -> None:
    case = payments(company)
    assert answer(company, case, "daniel.stein", "reject")["status"] == "rejected"
    assert asked(company, case) == {}


def test_run_of_which_no_row_knows_the_amount_takes_the_cfo_and_the_ceo(company: Company) -> None:
    put_in_force(company, {PAYMENTS: exchange(("[0..250000]", "&lt; 0"))})
    case = str(proposed(company)["case_id"])
    assert set(asked(company, case)) == {"nadia.okafor"}
    assert answer(company, case, "nadia.okafor")["status"] == "waiting"
    assert [task["role"] for task in asked(company, case).values()] == ["ceo"]


def test_run_for_which_policy_names_nobody_stops(company: Company) -> None:
    both = '[{step: "first release", title: "First release", role: "cfo", hours: 8}, {step: "second release", '
    both += 'title: "Second release", role: "ceo", hours: 8}]'
    put_in_force(company, {PAYMENTS: exchange(("[0..250000]", "&lt; 0"), (both, "[]"))})
    case = str(proposed(company)["case_id"])
    assert (shown(company, case)["outcome"], asked(company, case)) == ("incident", {})


# ---- a supplier -----------------------------------------------------------------------------------------------------


def test_two_of_three_verify_a_supplier_and_nobody_twice(new_company: Company) -> None:
    company, case = new_company, supplier(new_company)
    assert set(asked(company, case)) == {"mei-lin.chow", "ruth.sommer", "ingrid.falk"}
    answer(company, case, "mei-lin.chow")
    for person, code in (("mei-lin.chow", "TASK-TWICE-01"), ("oskar.brandt", "SUPPLIER-VERIFY-01")):
        refused = company.person(person).act(asked(company, case)["ruth.sommer"], "approve")
        assert (refused.status_code, refused.json()["code"]) == (403, code)
    assert answer(company, case, "ruth.sommer")["outcome"] == "verified"
    assert asked(company, case) == {}


# ---- a change of policy ---------------------------------------------------------------------------------------------


def test_two_of_three_release_a_change_of_policy_at_one_step(new_company: Company) -> None:
    company = new_company
    give(company, "ingrid.falk", "policy-releaser", "invoice")
    put_in_force(company, steps_of(POLICY, TWO_STEPS, ONE_STEP_OF_TWO))
    case = policies.opened(company, policies.WORDS)
    assert set(asked(company, case)) == {"clara.weiss", "nadia.okafor", "ingrid.falk"}
    answer(company, case, "clara.weiss")
    twice = company.person("clara.weiss").act(asked(company, case)["nadia.okafor"], "approve")
    assert (twice.status_code, twice.json()["code"]) == (403, "POLICY-SIGN-04")
    answer(company, case, "ingrid.falk")
    assert asked(company, case) == {}
    assert {each["person"] for each in shown(company, case)["signatures"]} == {"clara.weiss", "ingrid.falk"}


def test_change_for_which_policy_names_nobody_waits_for_two_releasers(new_company: Company) -> None:
    company = new_company
    put_in_force(company, steps_of(POLICY, TWO_STEPS, "[]"))
    policies.lose_role(company, "nadia.okafor", "policy-releaser")
    case = policies.opened(company, policies.WORDS)
    assert "POLICY-SIGNERS-01" in {reason["code"] for reason in shown(company, case)["reasons"]}
    assert set(asked(company, case)) == {"clara.weiss", "policy-releaser"}
    answer(company, case, "clara.weiss")
    assert policies.standing(company, case) == ("waiting", "release")
    give(company, "ingrid.falk", "policy-releaser", "invoice")
    signed = company.person("ingrid.falk").act(asked(company, case)["policy-releaser"], "approve")
    assert (signed.status_code, policies.standing(company, case)) == (200, ("done", "in force"))

"""Several signatures on one step, and steps side by side: who is asked, what carries a step, and what ends it."""

import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from tests.acceptance.company import Answer, Company, demo_bytes
from tests.acceptance.test_acts import post
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_people import away, hand
from tests.acceptance.versions import INVOICE, exchange, put_in_force

from comptroller.domain.kernel.canonical_json import decode

pytestmark = pytest.mark.embedded

ROUTING: Final = "decisions/approval-routing.dmn"
COMMITTEE: Final = {"clara.weiss", "ruth.sommer", "ingrid.falk"}
OUTPUTS: Final = ["step", "title", "relation", "role", "hours", "must open", "signatures", "one no ends it", "stage"]

Rows = dict[str, dict[str, str]]
"""What rows of the route say otherwise: FEEL by output, by rule."""

TWO_OF_THREE: Final[Rows] = {
    "step-cost-centre": {"relation": '""', "role": '"investment-committee"', "signatures": "2"},
}
"""Legal advice above 25,000: two of the investment committee in place of the cost centre's owner, then the CFO."""

OUTVOTED: Final[Rows] = {"step-cost-centre": {**TWO_OF_THREE["step-cost-centre"], "one no ends it": "false"}}
BESIDE: Final[Rows] = {
    "step-cost-centre": {**TWO_OF_THREE["step-cost-centre"], "stage": '"all"'},
    "step-finance-legal": {"stage": '"all"'},
}


def rows(changes: Rows) -> Callable[[str], str]:
    """The route's table with rows that say something else."""

    def change(text: str) -> str:
        for rule, outputs in changes.items():
            start = text.index(f'<rule id="{rule}">')
            end = text.index("</rule>", start)
            cells = iter(OUTPUTS)

            def cell(found: re.Match[str], cells: Any = cells, outputs: dict[str, str] = outputs) -> str:
                said = outputs.get(next(cells))
                return found[0] if said is None else f"<outputEntry><text>{said}</text></outputEntry>"

            row = re.sub(r"<outputEntry>.*?</outputEntry>", cell, text[start:end])
            text = text[:start] + row + text[end:]
        return text

    return change


def routed(company: Company, changes: Rows) -> str:
    """A case that goes the changed way: EUR 55,680.00 of legal advice."""
    put_in_force(company, {ROUTING: rows(changes)})
    return handed_in(company)


def handed_in(company: Company) -> str:
    answer = company.person("tomasz.zielinski").submit(demo_bytes("D17"))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case_id"])


def shown(company: Company, case: str) -> Answer:
    return company.person("samuel.grant").get(f"/cases/{case}")


def asked(company: Company, case: str) -> dict[str, Answer]:
    """The open approvals by whom they are asked of."""
    tasks = [task for task in shown(company, case)["tasks"] if task["status"] == "open" and task["kind"] == "approval"]
    return {task["person"] or task["role"]: task for task in tasks}


def answer(company: Company, case: str, person: str, action: str = "approve") -> Answer:
    reason = "" if action == "approve" else "It is not what we agreed."
    given = company.person(person).act(asked(company, case)[person], action, reason)
    assert given.status_code == 200, given.text
    return given.json()


def step(company: Company, case: str) -> Answer:
    return shown(company, case)["approval_steps"][0]


# ---- two of three ---------------------------------------------------------------------------------------------------


def test_everybody_of_the_group_is_asked_and_two_of_three_carry_the_step(new_company: Company) -> None:
    company, case = new_company, routed(new_company, TWO_OF_THREE)
    assert set(asked(company, case)) == COMMITTEE
    answer(company, case, "ruth.sommer")
    assert set(asked(company, case)) == COMMITTEE - {"ruth.sommer"}
    answer(company, case, "ingrid.falk")
    assert set(asked(company, case)) == {"nadia.okafor"}
    assert {task["status"] for task in shown(company, case)["tasks"] if task["person"] == "clara.weiss"} == {"void"}
    assert answer(company, case, "nadia.okafor")["status"] == "posted"
    given = [(each["step"], each["person"]) for each in shown(company, case)["signatures"]]
    assert sorted(person for each, person in given if each == "cost-centre-owner") == ["ingrid.falk", "ruth.sommer"]


def test_how_far_a_step_is_and_who_is_missing_is_told_at_every_door(new_company: Company) -> None:
    company, case = new_company, routed(new_company, TWO_OF_THREE)
    answer(company, case, "ruth.sommer")
    told = step(company, case)
    assert (told["needed"], told["asked"], told["one_no_ends_it"]) == (2, 3, True)
    assert (told["signed"], set(told["missing"])) == (["ruth.sommer"], COMMITTEE - {"ruth.sommer"})
    assert [each["step"] for each in shown(company, case)["approval_steps"]] == ["cost-centre-owner", "cfo"]
    page = " ".join(signed_in(company, "ruth.sommer").get(f"/cases/{case}?tab=people").text.split())
    assert "1 of 2 signed, 3 asked." in page
    assert re.search(r"Missing: (Ingrid Falk, Clara Weiss|Clara Weiss, Ingrid Falk)\.", page)


def test_step_that_is_carried_misses_nobody(new_company: Company) -> None:
    company, case = new_company, routed(new_company, TWO_OF_THREE)
    answer(company, case, "ruth.sommer")
    answer(company, case, "clara.weiss")
    assert (step(company, case)["missing"], step(company, case)["asked"]) == ([], 2)


def test_case_that_is_asked_further_signatures_is_not_told_to_be_held(new_company: Company) -> None:
    company, case = new_company, routed(new_company, TWO_OF_THREE)
    answer(company, case, "ruth.sommer")
    assert "nobody knows who signs" not in signed_in(company, "ruth.sommer").get(f"/cases/{case}").text
    taken = [row for row in company.read(lambda uow: uow.decisions(case)) if row.decision == "disposition"]
    outcome: Answer = decode(max(taken, key=lambda row: row.seq).outcome)
    assert outcome["outcome"] == "approve"


def test_signatures_that_are_there_count_when_the_case_is_looked_at_again(new_company: Company) -> None:
    company, case = new_company, routed(new_company, TWO_OF_THREE)
    answer(company, case, "ruth.sommer")
    record = company.record("supplier", "S12") | {"name": "Beacon Legal L.L.P."}
    assert company.person("importer").put("supplier", "S12", record).status_code == 200
    company.work()
    assert set(asked(company, case)) == COMMITTEE - {"ruth.sommer"}
    assert step(company, case)["signed"] == ["ruth.sommer"]
    answer(company, case, "clara.weiss")
    assert set(asked(company, case)) == {"nadia.okafor"}


# ---- a no -----------------------------------------------------------------------------------------------------------


def test_one_no_ends_it_and_takes_back_what_is_asked_of_the_rest(new_company: Company) -> None:
    company, case = new_company, routed(new_company, TWO_OF_THREE)
    answer(company, case, "ruth.sommer")
    assert answer(company, case, "clara.weiss", "reject")["status"] == "rejected"
    assert asked(company, case) == {}
    late = company.person("ingrid.falk").act(
        next(task for task in shown(company, case)["tasks"] if task["person"] == "ingrid.falk"), "approve"
    )
    assert (late.status_code, late.json()["code"]) == (409, "TASK-CLOSED-01")


def test_no_is_outvoted_where_policy_says_so(new_company: Company) -> None:
    company, case = new_company, routed(new_company, OUTVOTED)
    assert answer(company, case, "clara.weiss", "reject")["status"] == "waiting"
    assert step(company, case)["against"] == ["clara.weiss"]
    assert "Said no: Clara Weiss" in signed_in(company, "ruth.sommer").get(f"/cases/{case}?tab=people").text
    answer(company, case, "ruth.sommer")
    answer(company, case, "ingrid.falk")
    assert set(asked(company, case)) == {"nadia.okafor"}


def test_step_fails_when_those_who_are_left_cannot_make_up_the_number(new_company: Company) -> None:
    company, case = new_company, routed(new_company, OUTVOTED)
    answer(company, case, "clara.weiss", "reject")
    answer(company, case, "ruth.sommer")
    assert answer(company, case, "ingrid.falk", "reject")["status"] == "rejected"


def test_sending_back_ends_the_round_whoever_does_it(new_company: Company) -> None:
    company, case = new_company, routed(new_company, OUTVOTED)
    answer(company, case, "clara.weiss", "send back")
    assert asked(company, case) == {}
    assert [task["kind"] for task in shown(company, case)["tasks"] if task["status"] == "open"] == ["correction"]


# ---- two people stay two --------------------------------------------------------------------------------------------


def test_nobody_counts_twice(new_company: Company) -> None:
    company, case = new_company, routed(new_company, TWO_OF_THREE)
    tasks = asked(company, case)
    answer(company, case, "ruth.sommer")
    again = company.person("ruth.sommer").act(tasks["clara.weiss"], "approve")
    assert (again.status_code, again.json()["code"]) == (403, "AP-SIGN-08")


@pytest.mark.parametrize(
    ("to", "status", "code"),
    [("ruth.sommer", 403, "TASK-REASSIGN-05"), ("clara.weiss", 409, "TASK-REASSIGN-07")],
    ids=["who has signed", "who is asked as well"],
)
def test_task_is_handed_to_nobody_who_signs_beside(new_company: Company, to: str, status: int, code: str) -> None:
    company, case = new_company, routed(new_company, TWO_OF_THREE)
    answer(company, case, "ruth.sommer")
    task = asked(company, case)["ingrid.falk"]["task_id"]
    refused = post(company.person("priya.nair"), f"/tasks/{task}/reassign", person=to, reason="Holiday")
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_stand_in_of_one_of_the_group_is_nobody_of_the_group(new_company: Company) -> None:
    company = new_company
    for person in ("ruth.sommer", "ingrid.falk"):
        body = company.record("person", person)
        body["limits"][0]["amount"] = body["limits"][-1]["amount"] = "100000.00"
        assert company.person("importer").put("person", person, body).status_code == 200
    hand(company, "ruth.sommer", "ingrid.falk")
    hand(company, "ruth.sommer", "elif.demir")
    away(company, "ruth.sommer")
    case = routed(company, TWO_OF_THREE)
    found = {who: task["item"]["chain"] for who, task in asked(company, case).items()}
    assert found == {"clara.weiss": [], "ingrid.falk": [], "elif.demir": ["ruth.sommer"]}
    answer(company, case, "elif.demir")
    assert answer(company, case, "clara.weiss")["status"] == "waiting"
    assert set(asked(company, case)) == {"nadia.okafor"}


def test_where_the_group_is_too_small_who_leads_it_is_asked_and_the_number_stays(new_company: Company) -> None:
    company = new_company
    for person in ("ruth.sommer", "ingrid.falk"):
        away(company, person)
    case = routed(company, TWO_OF_THREE)
    assert set(asked(company, case)) == {"clara.weiss", "nadia.okafor"}
    answer(company, case, "clara.weiss")
    answer(company, case, "nadia.okafor")
    assert set(asked(company, case)) == {"henrik.lindqvist"}  # the CFO has signed for the group


def test_who_signs_one_step_is_not_asked_for_the_step_beside_it(new_company: Company) -> None:
    """Whoever of the committee takes the one signature; the controller's own step then is somebody else's."""
    company = new_company
    one = {"relation": '""', "role": '"investment-committee"', "signatures": "1", "stage": '"all"'}
    controller = {"role": '"group-controller"', "stage": '"all"'}
    case = routed(company, {"step-cost-centre": one, "step-finance-legal": controller})
    tasks = asked(company, case)
    assert set(tasks) == {"investment-committee", "clara.weiss"}
    signed = company.person("clara.weiss").act(tasks["investment-committee"], "approve")
    assert signed.status_code == 200, signed.text
    assert set(asked(company, case)) == {"nadia.okafor"}


# ---- side by side ---------------------------------------------------------------------------------------------------


def test_steps_of_one_stage_are_asked_at_once_and_each_ends_for_itself(new_company: Company) -> None:
    company, case = new_company, routed(new_company, BESIDE)
    assert set(asked(company, case)) == COMMITTEE | {"nadia.okafor"}
    answer(company, case, "ruth.sommer")
    answer(company, case, "clara.weiss")
    assert set(asked(company, case)) == {"nadia.okafor"}
    assert answer(company, case, "nadia.okafor")["status"] == "posted"


def test_no_in_one_step_ends_the_step_beside_it(new_company: Company) -> None:
    company, case = new_company, routed(new_company, BESIDE)
    assert answer(company, case, "nadia.okafor", "reject")["status"] == "rejected"
    assert asked(company, case) == {}


def test_withdrawn_case_asks_nobody_any_more(new_company: Company) -> None:
    company, case = new_company, routed(new_company, BESIDE)
    answer(company, case, "ruth.sommer")
    ended = post(company.person("priya.nair"), f"/cases/{case}/cancel", reason="Withdrawn by the supplier.")
    assert ended.status_code == 200, ended.text
    assert asked(company, case) == {}


# ---- what ran before ------------------------------------------------------------------------------------------------

IN_TURN: Final = exchange(
    ("=open steps[asked now]", "=open steps"),
    (
        """<bpmn:multiInstanceLoopCharacteristics>
        <bpmn:completionCondition xsi:type="bpmn:tFormalExpression">not(list""",
        """<bpmn:multiInstanceLoopCharacteristics isSequential="true">
        <bpmn:completionCondition xsi:type="bpmn:tFormalExpression">decision taken != "approve" or not(list""",
    ),
)


def test_case_whose_process_knows_no_stages_asks_each_of_the_group_in_turn(new_company: Company) -> None:
    company = new_company
    put_in_force(company, {ROUTING: rows(TWO_OF_THREE), INVOICE: IN_TURN})
    case, seen = handed_in(company), []
    for _ in range(4):
        (person,) = asked(company, case)
        seen.append(person)
        status = answer(company, case, person)["status"]
    assert (set(seen[:3]), seen[3], status) == (COMMITTEE, "nadia.okafor", "posted")


def test_noes_are_kept_with_what_they_were_given_on(new_company: Company) -> None:
    company, case = new_company, routed(new_company, OUTVOTED)
    answer(company, case, "clara.weiss", "reject")
    record = company.record("supplier", "S12") | {"name": "Beacon Legal L.L.P."}
    assert company.person("importer").put("supplier", "S12", record).status_code == 200
    company.work()
    assert set(asked(company, case)) == COMMITTEE

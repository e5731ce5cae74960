"""Running cases are taken over to another version of their process, one or many, and back; what stays says why."""

from datetime import datetime, timedelta
from re import DOTALL, findall, search
from typing import Any

import pytest
from tests.acceptance.company import Answer, Company, Person
from tests.acceptance.test_acts import entries, post
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_repairs import hand_in
from tests.acceptance.versions import CHECKED, INVOICE, SIGNED, exchange, put_in_force

OPERATOR = "mika.ranta"
WHY = "the new rules are for what is open too"


def migrate(company: Company, document: str, *, by: str = OPERATOR, dry: bool = False, **wish: object) -> Answer:
    path = f"/cases/{company.case_of(document)}/migration{'?dry_run=true' if dry else ''}"
    return post(company.person(by), path, **{"reason": WHY, **wish})


def migrate_many(company: Company, query: str = "", **wish: object) -> Answer:
    answer = post(company.person(OPERATOR), f"/processes/invoice/migration?limit=200{query}", **{"reason": WHY, **wish})
    assert answer.status_code == 200, answer.text
    return answer.json()


def version_of(company: Company, document: str) -> str:
    return str(company.case(document)["policy_hash"])


def versions(company: Company) -> dict[str, int]:
    told = company.person(OPERATOR).get("/processes/invoice/versions")["versions"]
    return {each["policy"]: each["cases"] for each in told}


def timers(company: Company, document: str) -> dict[str, datetime]:
    rows = company.read(lambda uow: uow.case_outbox(company.case_of(document)))
    return {row.target: row.not_before for row in rows if row.kind == "timer" and row.status == "pending"}


def cycles(*names: str) -> Any:
    """The process with a reminder by each of these cycles beside its approval."""
    beside = "".join(
        f'<bpmn:boundaryEvent id="{name}" cancelActivity="false" attachedToRef="approve"><bpmn:timerEventDefinition>'
        f"<bpmn:timeCycle>R/PT{hours}H</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
        f'<bpmn:endEvent id="{name}-told" /><bpmn:sequenceFlow id="{name}-on" sourceRef="{name}" '
        f'targetRef="{name}-told" />'
        for hours, name in enumerate(names, start=1)
    )
    return exchange(
        ('<bpmn:sequenceFlow id="received-to-readable"', f'{beside}<bpmn:sequenceFlow id="received-to-readable"')
    )


def test_page_offers_to_leave_a_version_that_cases_run_by(company: Company) -> None:
    put_in_force(company, {INVOICE: CHECKED})
    hand_in(company, "R-1001-X", 3)
    new = put_in_force(company, {INVOICE: SIGNED})
    shown = signed_in(company, OPERATOR).get("/processes/invoice/migrate").text
    assert "Choose the version to leave." in shown
    (left,) = findall(r'<option value="(\w+)" selected>', shown)
    assert left in {policy for policy, cases in versions(company).items() if cases} - {new}


# ---- one case -------------------------------------------------------------------------------------------------------


def test_a_cycle_that_the_new_version_does_not_have_takes_no_other_with_it(company: Company) -> None:
    put_in_force(company, {INVOICE: cycles("late", "later")})
    case_id = hand_in(company, "R-1001-X", 3)["case_id"]
    put_in_force(company, {INVOICE: cycles("later")})
    moved = post(company.person(OPERATOR), f"/cases/{case_id}/migration", reason=WHY)
    assert moved.status_code == 200, moved.text
    rows = company.read(lambda uow: uow.case_outbox(case_id))
    assert {row.target: row.status for row in rows if row.kind == "timer"} == {"late": "cancelled", "later": "pending"}


@pytest.mark.parametrize(
    "change",
    [exchange(('name="Approve"', 'name="Sign"')), SIGNED, CHECKED],
    ids=["renamed", "other id", "one step more"],
)
def test_case_that_waits_for_approval_is_approved_and_posted_under_the_new_version(
    company: Company, change: Any
) -> None:
    task, old = company.task("D11"), version_of(company, "D11")
    new = put_in_force(company, {INVOICE: change})
    answer = migrate(company, "D11")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["from_policy"], answer.json()["to_policy"]) == (old, new)
    assert version_of(company, "D11") == new
    assert company.task("D11")["task_id"] == task["task_id"]
    assert company.person("lena.vogt").act(company.task("D11"), "approve").json()["status"] == "posted"
    (told,) = entries(company, "D11", "case.migrated")
    assert (told["actor"]["id"], told["reason_text"]) == (OPERATOR, WHY)
    assert (told["data"]["from_policy"], told["data"]["to_policy"]) == (old, new)
    assert told["data"]["nodes"] == ({"approve": "sign"} if change is SIGNED else {})
    assert company.person("samuel.grant").get("/audit/verification")["ok"] is True


def test_new_step_is_taken_after_the_move(company: Company) -> None:
    put_in_force(company, {INVOICE: CHECKED})
    before = len(entries(company, "D11", "facts.gathered"))
    assert migrate(company, "D11").status_code == 200
    company.person("lena.vogt").act(company.task("D11"), "approve")
    left = [move for entry in entries(company, "D11", "process.advanced") for move in entry["data"]["events"]]
    assert any(str(move).startswith("NodeLeft") and str(move).endswith(" look-again") for move in left)
    assert len(entries(company, "D11", "facts.gathered")) > before + 1


def test_decisions_after_the_move_are_those_of_the_new_version(company: Company) -> None:
    old = version_of(company, "D11")
    new = put_in_force(company, {"decisions/disposition.dmn": lambda text: f"{text}\n"})
    assert migrate(company, "D11").status_code == 200
    company.person("lena.vogt").act(company.task("D11"), "approve")
    records = company.person("samuel.grant").get(f"/cases/{company.case_of('D11')}/decisions")["decisions"]
    by = [each["policy"] for each in records if each["decision"] == "disposition"]
    assert (by[0], by[-1]) == (old, new)
    assert all(each["reproduced"] for each in records)


def test_case_goes_back_by_the_inverse_mapping_and_forward_again(company: Company) -> None:
    old = version_of(company, "D11")
    new = put_in_force(company, {INVOICE: SIGNED})
    plan = company.person(OPERATOR).get("/processes/invoice/migration", **{"from": old})
    back = {each["to"]: each["node"] for each in plan["nodes"] if each["to"]}
    for to, nodes in ((new, None), (old, back), (new, None), (old, back)):
        answer = migrate(company, "D11", to=to, nodes=nodes)
        assert answer.status_code == 200, answer.text
        assert version_of(company, "D11") == to
    assert company.person("lena.vogt").act(company.task("D11"), "approve").json()["status"] == "posted"


def test_a_timer_that_was_set_goes_on_there_and_back(company: Company) -> None:
    """Parked until its date: the timer gets another id, keeps its instant, and rings in the version it is in."""
    due = timers(company, "D41")["park-date"]
    old = version_of(company, "D41")
    new = put_in_force(company, {INVOICE: exchange(('"park-date"', '"its-day"'))})
    for to, name in ((new, "its-day"), (old, "park-date"), (new, "its-day")):
        answer = migrate(company, "D41", to=to)
        assert answer.status_code == 200, answer.text
        assert timers(company, "D41").keys() == {name}
        assert abs(timers(company, "D41")[name] - due) < timedelta(minutes=1)
    later = company.later(timedelta(days=8))
    later.work()
    assert later.case("D41")["outcome"] != "parked"


# ---- what stays -----------------------------------------------------------------------------------------------------


GONE = exchange(('name="Approve" comptroller:kind="approval"', 'name="Approve" comptroller:kind="verification"'))
"""What is asked at `approve` is something else."""


@pytest.mark.parametrize(
    ("wish", "status", "code"),
    [
        ({"nodes": {}}, 422, "MIGRATE-CASE-02"),
        ({"nodes": {"approve": "nowhere"}}, 422, "MIGRATE-MAP-03"),
        ({"nodes": {"nowhere": "approve"}}, 422, "MIGRATE-MAP-03"),
        ({"reason": " "}, 422, "WORDS-MISSING-01"),
        ({"to": "0" * 64}, 404, "MIGRATE-VERSION-01"),
        ({"nodes": "approve"}, 422, "JSON-MEMBER-05"),
    ],
    ids=["mapped to nothing", "an unknown target", "an unknown node", "no reason", "an unknown version", "no mapping"],
)
def test_case_stays_and_is_told_why(company: Company, wish: dict[str, Any], status: int, code: str) -> None:
    old = version_of(company, "D11")
    put_in_force(company, {INVOICE: CHECKED})
    answer = migrate(company, "D11", **wish)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert version_of(company, "D11") == old
    assert entries(company, "D11", "case.migrated") == []
    assert company.person("lena.vogt").act(company.task("D11"), "approve").json()["status"] == "posted"


def test_every_fault_of_a_refused_move_is_told(company: Company) -> None:
    put_in_force(company, {INVOICE: GONE})
    answer = migrate(company, "D11")
    assert [fault["code"] for fault in answer.json()["faults"]] == ["MIGRATE-WORK-01"]
    refused = entries(company, "D11", "command.refused")[-1]
    assert (refused["data"]["command"], refused["data"]["code"]) == ("MigrateCase", "MIGRATE-CASE-02")


def test_case_that_has_ended_or_is_there_already_stays(company: Company) -> None:
    assert migrate(company, "D11").json()["code"] == "MIGRATE-CASE-04"
    company.person("lena.vogt").act(company.task("D11"), "approve")
    put_in_force(company, {INVOICE: CHECKED})
    assert migrate(company, "D11").json()["code"] == "MIGRATE-CASE-03"


def test_case_goes_to_no_version_that_it_never_ran_by_and_that_is_not_in_force(company: Company) -> None:
    passed_over = put_in_force(company, {INVOICE: SIGNED})
    put_in_force(company, {INVOICE: CHECKED})
    answer = migrate(company, "D11", to=passed_over)
    assert (answer.status_code, answer.json()["code"]) == (403, "MIGRATE-TARGET-01")


def test_who_is_barred_on_the_case_does_not_move_it(company: Company) -> None:
    put_in_force(company, {INVOICE: CHECKED})
    importer, requester = company.person("importer"), company.case("D45")["requester"]
    body = company.record("person", requester)
    importer.put("person", requester, body | {"roles": [*body["roles"], "operator"]})
    answer = migrate(company, "D45", by=requester)
    assert (answer.status_code, answer.json()["code"]) == (403, "MIGRATE-OWN-01")
    assert entries(company, "D45", "breach.attempted") or entries(company, "D45", "command.refused")
    assert migrate(company, "D11", by=requester).status_code == 200


@pytest.mark.parametrize("kind", ["agent", "integration"])
def test_no_machine_moves_a_case(company: Company, kind: str) -> None:
    put_in_force(company, {INVOICE: CHECKED})
    importer = company.person("importer")
    body = {"name": "Machine", "kind": kind, "roles": ["operator"], "entities": ["*"]}
    if kind == "agent":
        body["manager"] = OPERATOR
    importer.put("person", "a.machine", body)
    key = importer.client.post("/v1/people/a.machine/keys").json()["api_key"]
    answer = post(Person(company.api, key), f"/cases/{company.case_of('D11')}/migration", reason=WHY)
    assert (answer.status_code, answer.json()["code"]) == (403, "AUTH-DUTY-01")


def test_trial_changes_nothing(company: Company) -> None:
    old = version_of(company, "D11")
    new = put_in_force(company, {INVOICE: CHECKED})
    told = len(company.timeline("D11"))
    answer = migrate(company, "D11", dry=True)
    assert (answer.status_code, answer.json()["to_policy"]) == (200, new)
    assert (version_of(company, "D11"), len(company.timeline("D11"))) == (old, told)


# ---- many -----------------------------------------------------------------------------------------------------------


def test_all_open_cases_go_over_and_back(company: Company) -> None:
    (old,) = versions(company)
    count = versions(company)[old]
    assert count > 10
    new = put_in_force(company, {INVOICE: SIGNED})
    plan = company.person(OPERATOR).get("/processes/invoice/migration", **{"from": old})
    assert (plan["cases"], plan["can"], plan["cannot"]) == (count, count, [])
    trial = migrate_many(company, "&dry_run=true", **{"from": old})
    assert (trial["migrated"], versions(company)) == (count, {new: 0, old: count})
    done = migrate_many(company, **{"from": old})
    assert (done["cases"], done["migrated"], done["cannot"], done["next"]) == (count, count, [], "")
    assert versions(company) == {new: count}
    assert migrate_many(company, **{"from": old})["cases"] == 0
    back = {each["to"]: each["node"] for each in plan["nodes"] if each["to"]}
    assert migrate_many(company, to=old, nodes=back, **{"from": new})["migrated"] == count
    assert versions(company) == {new: 0, old: count}


def test_what_cannot_go_is_counted_by_its_reason_and_the_rest_goes(company: Company) -> None:
    (old,) = versions(company)
    count = versions(company)[old]
    put_in_force(company, {INVOICE: GONE})
    plan = company.person(OPERATOR).get("/processes/invoice/migration", **{"from": old})
    (reason,) = plan["cannot"]
    assert (reason["code"], reason["node"]) == ("MIGRATE-WORK-01", "approve")
    assert 0 < reason["cases"] == count - plan["can"]
    assert 0 < len(reason["of"]) <= 5
    done = migrate_many(company, **{"from": old})
    assert (done["migrated"], done["stayed"], done["cannot"]) == (plan["can"], reason["cases"], plan["cannot"])


def test_job_tries_all_moves_none_and_tells_of_each(company: Company) -> None:
    (old,) = versions(company)
    open_before = versions(company)[old]
    put_in_force(company, {INVOICE: GONE})
    requester, importer = company.case("D45")["requester"], company.person("importer")
    body = company.record("person", requester)
    importer.put("person", requester, body | {"roles": [*body["roles"], "operator"]})
    mover = company.person(requester)
    plan = mover.get("/processes/invoice/migration", **{"from": old})
    count = plan["cases"]
    assert "MIGRATE-OWN-01" in {reason["code"] for reason in plan["cannot"]}
    answer = mover.client.post(
        "/v1/processes/invoice/migration?dry_run=true",
        json={"from": old, "reason": WHY},
        headers={"Prefer": "respond-async"},
    )
    assert answer.status_code == 202, answer.text
    company.work()
    job = mover.get(f"/jobs/{answer.json()['job_id']}")
    told = job["told"]
    assert (job["status"], job["total"], job["done"], told["is_trial"]) == ("done", count, count, True)
    assert told["migrated"] + told["stayed"] == len(told["of_each"]) == count
    own = next(each for each in told["of_each"] if each["case_id"] == company.case_of("D45"))
    assert own["code"] == "MIGRATE-OWN-01"
    assert versions(company)[old] == open_before
    page = signed_in(company, requester).get("/jobs").text
    assert "Only tried" in page
    assert "somebody else moves it" in page


def test_bulk_is_bounded_goes_on_and_takes_only_what_is_asked_for(company: Company) -> None:
    (old,) = versions(company)
    new = put_in_force(company, {INVOICE: CHECKED})
    operator = company.person(OPERATOR)
    plan = operator.get("/processes/invoice/migration", **{"from": old, "node": "approve"})
    assert 2 < plan["cases"] < versions(company)[old]
    wish = {"from": old, "node": "approve", "reason": WHY}
    first = post(operator, "/processes/invoice/migration?limit=2", **wish).json()
    assert (first["cases"], first["migrated"], bool(first["next"])) == (2, 2, True)
    rest = post(operator, "/processes/invoice/migration?limit=200", **wish, after=first["next"]).json()
    assert rest["migrated"] == plan["cases"] - 2
    assert versions(company)[new] == plan["cases"]
    french = operator.get("/processes/invoice/migration", **{"from": old, "entity": "FR"})
    assert 0 < french["cases"] < versions(company)[old]


def test_moved_case_is_reminded_and_escalated_as_before(company: Company) -> None:
    put_in_force(company, {INVOICE: SIGNED})
    migrate(company, "D11")
    later = company.later(timedelta(days=10))
    later.work()
    assert entries(later, "D11", "task.reminded") or entries(later, "D11", "task.escalated")


# ---- the page -------------------------------------------------------------------------------------------------------


def hidden(page: str, name: str) -> str:
    found = search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]


def test_page_shows_both_versions_checks_a_mapping_and_moves(company: Company) -> None:
    (old,) = versions(company)
    new = put_in_force(company, {INVOICE: SIGNED})
    client, path = signed_in(company, OPERATOR), "/processes/invoice/migrate"
    page = client.get(path).text
    assert page.count("data-model=") == 2
    assert (hidden(page, "from"), hidden(page, "to")) == (old, new)
    form = {"form_token": hidden(page, "form_token"), "from": old, "to": new}
    chosen = findall(r'<select id="node-[^"]*" name="([^"]*)">.*?<option value="([^"]*)" selected', page, DOTALL)
    nodes = dict(chosen)
    assert nodes["node-approve"] == "sign"
    checked = client.post(path, data={**form, **nodes, "node-approve": "", "check": "yes"}).text
    assert "which is mapped to nothing" in checked
    unexplained = client.post(path, data={**form, **nodes, "move": "yes"})
    assert (unexplained.status_code, "The reason is empty" in unexplained.text) == (422, True)
    assert versions(company)[new] == 0
    moved = client.post(path, data={**form, **nodes, "move": "yes", "reason": WHY})
    assert moved.status_code == 200
    assert old not in versions(company)
    assert f"from={new}&amp;to={old}" in moved.text


def test_page_moves_nothing_for_who_may_only_look(company: Company) -> None:
    (old,) = versions(company)
    new = put_in_force(company, {INVOICE: SIGNED})
    client, path = signed_in(company, "samuel.grant"), "/processes/invoice/migrate"
    page = client.get(path).text
    form = {"form_token": hidden(page, "form_token"), "from": old, "to": new, "node-approve": "sign"}
    assert client.post(path, data={**form, "move": "yes", "reason": WHY}).status_code == 403
    assert versions(company)[new] == 0

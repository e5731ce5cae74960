"""A change of policy from proposal to in force to rollback: checked, signed by others than its author, on its day."""

import re
from datetime import timedelta
from typing import Any, Final

import pytest
from lxml import html
from tests.acceptance.company import ROOT, Answer, Company, demo_bytes
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_saved_searches import token

from comptroller.bootstrap import pack_files
from comptroller.domain.packs import content_hash

pytestmark = pytest.mark.embedded

PACK: Final = ROOT / "packs" / "accounts-payable"
AUTHOR, RELEASER, SECOND = "ivo.marek", "clara.weiss", "nadia.okafor"


def pack(*changes: tuple[str, str, str]) -> dict[str, str]:
    """The pack with texts of some files exchanged."""
    files = {path: content.decode() for path, content in pack_files(PACK).items()}
    for path, before, after in changes:
        assert before in files[path], before
        files[path] = files[path].replace(before, after)
    return files


RATE: Final = ("decisions/late-payment.dmn", "<text>3.75</text>", "<text>4.00</text>")
RATE_SHOWN: Final = ("examples/late-payment-rates.yaml", "1/reference rate: 3.75", "1/reference rate: 4.00")
HIGH: Final = ("decisions/payment-release.dmn", "released by the treasurer, then by the CFO", "the CFO comes second")
LEGAL_ADVICE: Final = """<rule id="step-finance-legal">
        <inputEntry><text>"order-less"</text></inputEntry>
        <inputEntry><text>&gt; 25000.00</text></inputEntry>"""
LATER: Final = ("decisions/approval-routing.dmn", LEGAL_ADVICE, LEGAL_ADVICE.replace("25000", "26000"))
WORDS: Final = ("README.md", "# Accounts payable", "# Accounts payable of the group")


def propose(company: Company, *changes: tuple[str, str, str], person: str = AUTHOR, **more: Any) -> Answer:
    body = {"title": "a change", "files": pack(*changes), **more}
    return company.person(person).client.post("/v1/policy/requests", json=body)


def opened(company: Company, *changes: tuple[str, str, str], **more: Any) -> str:
    answer = propose(company, *changes, **more)
    assert answer.status_code == 201, answer.text
    case_id: str = answer.json()["case_id"]
    return case_id


def request(company: Company, case_id: str) -> dict[str, Any]:
    shown: dict[str, Any] = company.person("samuel.grant").get(f"/policy/requests/{case_id}")
    return shown


def standing(company: Company, case_id: str) -> tuple[str, str]:
    shown = request(company, case_id)
    return shown["status"], shown["outcome"]


def states(company: Company, case_id: str) -> list[tuple[str, list[str], str]]:
    """The states that a request was in, by whom, and what is told of them."""
    return [(each["state"], each["by"], each["told"]) for each in request(company, case_id)["states"]]


def sign(company: Company, case_id: str, person: str, action: str = "approve", reason: str = "") -> Answer:
    task = request(company, case_id)["tasks"][0]
    return company.person(person).act(task, action, reason)


def in_force(company: Company, **asked: str) -> str:
    version: str = company.person("samuel.grant").get("/policy/files", **asked)["version"]
    return version


def version_of(*changes: tuple[str, str, str]) -> str:
    return content_hash({path: text.encode() for path, text in pack(*changes).items()})


def told(company: Company, case_id: str, kind: str) -> list[dict[str, Any]]:
    entries = company.person("samuel.grant").get(f"/cases/{case_id}/timeline")["entries"]
    return [entry["data"] for entry in entries if entry["type"] == kind]


def evidence_of_policy(company: Company) -> str:
    """What an auditor is told of the policy of a case that is handed in now."""
    model, number = demo_bytes("D33"), f"AS-{len(company.person('samuel.grant').get('/cases')['cases'])}"
    handed_in = company.person("tomasz.zielinski").submit(model.replace(b"AS-9902", number.encode()), "application/xml")
    case = handed_in.json()["case_id"]
    shown: Any = html.fromstring(signed_in(company, "samuel.grant").get(f"/cases/{case}?tab=evidence").text)
    (told,) = shown.xpath("//section[@id='tabs']//p[starts-with(., 'Policy ')]")
    return " ".join(told.text_content().split())


def lose_role(company: Company, person: str, role: str) -> None:
    body = company.record("person", person)
    roles = [each for each in body["roles"] if each != role]
    assert company.person("importer").put("person", person, {**body, "roles": roles}).status_code == 200


def test_a_rate_is_proposed_signed_in_force_and_rolled_back(new_company: Company) -> None:
    company, founded = new_company, in_force(new_company)
    case_id = opened(company, RATE, RATE_SHOWN, title="the reference rate of the second half")
    shown = request(company, case_id)
    assert (shown["outcome"], shown["changes"]) == (
        "release",
        {"decisions": ["late payment rates"], "parts": ["decisions", "examples"]},
    )
    assert "one person releases it" in shown["reasons"][0]["text"]
    assert in_force(company) == founded  # nothing is in force by being stored
    assert evidence_of_policy(company).startswith("Policy 2026.2, founded by ")

    assert "late payment rates" in shown["difference"][0]
    assert sign(company, case_id, AUTHOR).status_code == 403  # the author holds no such duty
    (tried,) = told(company, case_id, "command.refused")
    assert (tried["code"], tried["task"]) == ("AUTH-DUTY-01", shown["tasks"][0]["task_id"])
    assert sign(company, case_id, RELEASER).status_code == 200
    assert standing(company, case_id) == ("done", "in force")
    assert in_force(company) == shown["version"] == version_of(RATE, RATE_SHOWN)

    assert evidence_of_policy(company).startswith("Policy 2026.2, written by Ivo Marek, released by Clara Weiss ")

    back = company.person(RELEASER).client.post("/v1/policy/rollback", json={"reason": "the rate is another"})
    assert back.status_code == 201, back.text
    back_id = back.json()["case_id"]
    refused = sign(company, back_id, RELEASER)  # who asks for it does not release it either
    assert (refused.status_code, refused.json()["code"]) == (403, "POLICY-SIGN-03")
    assert told(company, back_id, "command.refused")[0]["breach"] == "own request or benefit"
    assert sign(company, back_id, SECOND).status_code == 200
    assert in_force(company) == founded
    assert states(company, case_id)[-2:] == [
        ("in force", [RELEASER], f"counts from {shown['valid_from']}"),
        ("rolled back", [SECOND], f"Back to version {founded[:12]}: the rate is another"),
    ]

    versions = company.person("samuel.grant").get("/policy/versions")["versions"]
    assert [(each["way"], each["recorded_by"], each["in_force"]) for each in versions] == [
        ("rollback", SECOND, True),
        ("release", RELEASER, False),
        ("founding", "system", False),
    ]
    kinds = ("policy.proposed", "policy.checked", "task.signed", "policy.put.in.force")
    assert all(len(told(company, each, kind)) == 1 for each in (case_id, back_id) for kind in kinds)
    company.work()
    assert company.person("samuel.grant").get("/audit/verification")["ok"]


def test_what_can_lose_money_takes_two_people(new_company: Company) -> None:
    case_id = opened(new_company, LATER)
    assert len(request(new_company, case_id)["tasks"]) == 2
    assert request(new_company, case_id)["changes"]["decisions"][2] == "approval routing"
    assert sign(new_company, case_id, RELEASER).status_code == 200
    assert states(new_company, case_id)[-1] == ("checked", ["system"], "1 of 2 have signed")
    twice = sign(new_company, case_id, RELEASER)
    assert (twice.status_code, twice.json()["code"]) == (403, "POLICY-SIGN-04")
    assert standing(new_company, case_id) == ("waiting", "release")
    assert sign(new_company, case_id, SECOND).status_code == 200
    assert in_force(new_company) == version_of(LATER)
    (entry, _) = new_company.person("samuel.grant").get("/policy/versions")["versions"]
    assert entry["signed_by"] == [RELEASER, SECOND]


STOPPED: Final = {
    "an example that comes out otherwise": (RATE,),
    "a rule that no example shows any more": (
        ("examples/late-payment-rates.yaml", "hits: [late-gbp-2025-2,", "hits: [late-gbp-2027-2,"),
    ),
    "a row without its clause": (("decisions/late-payment.dmn", "<text>LG-3.3</text>", "<text></text>"),),
}


@pytest.mark.parametrize("changes", STOPPED.values(), ids=STOPPED)
def test_what_does_not_pass_its_checks_comes_back(
    new_company: Company, changes: tuple[tuple[str, str, str], ...]
) -> None:
    case_id = opened(new_company, *changes)
    shown = request(new_company, case_id)
    assert (shown["status"], shown["outcome"], shown["tasks"]) == ("returned", "unsound", [])
    assert shown["reasons"]
    assert in_force(new_company) != shown["version"]


UNSIGNED_ADVICE: Final = ("decisions/approval-routing.dmn", LEGAL_ADVICE, LEGAL_ADVICE.replace("25000", "52000"))
"""Legal advice up to 52,000 is signed by one person: no example shows it, and no table is wrong by itself."""


def test_what_breaks_a_standing_invariant_is_never_signed(new_company: Company) -> None:
    case_id = opened(new_company, UNSIGNED_ADVICE)
    shown = request(new_company, case_id)
    assert (shown["status"], shown["outcome"], shown["tasks"]) == ("returned", "unsound", [])
    (stop,) = [each["text"] for each in shown["reasons"]]
    assert stop.startswith("broken: Above 50,000 two different people sign before anything is posted: ")
    page = signed_in(new_company, RELEASER).get(f"/cases/{case_id}").text
    for told_there in ("Above 50,000 two different people sign", "none came out otherwise", "1 not proved"):
        assert told_there in page, told_there
    assert f"/cases/{case_id}/attachments/{shown['evidence']['invariants']}" in page
    assert in_force(new_company) == version_of()


REFUSED: Final = {
    "nothing is changed": ((), {}, 422, "POLICY-SAME-01"),
    "a cell that is no FEEL": (
        (("decisions/late-payment.dmn", '<text>"GB"</text>', '<text>"GB</text>'),),
        {},
        422,
        "POLICY-FAULT-01",
    ),
    "an emergency next week": ((WORDS,), {"emergency": True, "valid_from": "2026-04-03"}, 422, "POLICY-DAY-01"),
    "no day": ((WORDS,), {"valid_from": "tomorrow"}, 422, "POLICY-DAY-01"),
    "no title": ((WORDS,), {"title": " "}, 422, "WORDS-MISSING-01"),
    "a releaser": ((WORDS,), {"person": RELEASER}, 403, "AUTH-DUTY-01"),
    "an agent": ((WORDS,), {"person": "ap-assistant"}, 403, "AUTH-DUTY-01"),
}


@pytest.mark.parametrize(("changes", "more", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_proposals_that_are_none(
    new_company: Company, changes: Any, more: dict[str, Any], status: int, code: str
) -> None:
    answer = propose(new_company, *changes, **more)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_the_second_of_two_changes_is_sent_back(new_company: Company) -> None:
    first, second = opened(new_company, WORDS), opened(new_company, RATE, RATE_SHOWN)
    assert sign(new_company, first, RELEASER).status_code == 200
    assert sign(new_company, second, RELEASER).status_code == 409
    assert standing(new_company, second) == ("returned", "overtaken")
    assert states(new_company, second)[-1] == ("sent back", ["system"], "")
    assert in_force(new_company) == version_of(WORDS)


def test_a_change_waits_for_its_day(new_company: Company) -> None:
    case_id = opened(new_company, WORDS, valid_from="2026-04-01")
    assert sign(new_company, case_id, RELEASER).status_code == 200
    new_company.work()
    assert standing(new_company, case_id) == ("waiting", "scheduled")
    assert states(new_company, case_id)[1:] == [
        ("checked", ["system"], ""),
        ("signed", [RELEASER], ""),
        ("scheduled", [RELEASER], "comes in force on 2026-04-01"),
    ]
    then = new_company.later(timedelta(days=5))
    then.work()
    assert standing(then, case_id) == ("done", "in force")
    assert states(then, case_id)[3:] == [
        ("scheduled", [RELEASER], ""),
        ("in force", [RELEASER], "counts from 2026-04-01"),
    ]
    assert (in_force(then), in_force(then, on="2026-03-31")) == (version_of(WORDS), version_of())
    assert then.person("samuel.grant").get("/policy/versions")["versions"][0]["valid_from"] == "2026-04-01"


def test_a_change_that_waits_for_its_day_is_overtaken(new_company: Company) -> None:
    case_id = opened(new_company, WORDS, valid_from="2026-04-01")
    assert sign(new_company, case_id, RELEASER).status_code == 200
    other = opened(new_company, RATE, RATE_SHOWN)
    assert sign(new_company, other, RELEASER).status_code == 200
    then = new_company.later(timedelta(days=5))
    then.work()
    assert standing(then, case_id) == ("returned", "overtaken")
    assert in_force(then) == version_of(RATE, RATE_SHOWN)


def test_who_lost_the_duty_before_the_day_has_not_signed(new_company: Company) -> None:
    case_id = opened(new_company, WORDS, valid_from="2026-04-01")
    assert sign(new_company, case_id, RELEASER).status_code == 200
    lose_role(new_company, RELEASER, "policy-releaser")
    then = new_company.later(timedelta(days=5))
    then.work()
    assert standing(then, case_id) == ("waiting", "release")
    assert told(then, case_id, "signature.voided")[0]["person"] == RELEASER
    assert sign(then, case_id, SECOND).status_code == 200
    assert in_force(then) == version_of(WORDS)


def test_policy_is_frozen_while_the_half_year_is_closed(new_company: Company) -> None:
    case_id = opened(new_company, WORDS, valid_from="2026-07-01")
    assert request(new_company, case_id)["starts"] == "2026-07-06"
    told = request(new_company, case_id)["reasons"][1]["text"]
    assert "frozen on 2026-07-01 until 2026-07-05: the half year is being closed" in told
    assert "counts from 2026-07-06" in told
    assert "emergency" in told
    releaser = signed_in(new_company, RELEASER)
    shown = releaser.get(f"/cases/{case_id}").text.replace("\N{NO-BREAK SPACE}", " ")
    days = re.findall(r"<dt>(Counts from|Asked for)</dt>\s*<dd>(?:<[^>]*>)?([^<]*)<", shown)
    assert days == [("Counts from", "6 Jul 2026"), ("Asked for", "1 Jul 2026")]
    page = releaser.get("/releases").text.replace("\N{NO-BREAK SPACE}", " ")
    assert "28 Jun 2026 to 5 Jul 2026: frozen, the half year is being closed" in page
    assert "a change: waits for signatures" in page
    assert sign(new_company, case_id, RELEASER).status_code == 200
    assert "a change: signed, waits for its day" in releaser.get("/releases").text
    assert "20 Dec 2026" in releaser.get("/releases?month=2026-12").text.replace("\N{NO-BREAK SPACE}", " ")
    assert releaser.get("/releases?month=0000-99").status_code == 200
    then = new_company.later(timedelta(days=101))
    then.work()
    assert standing(then, case_id) == ("done", "in force")
    assert in_force(then, on="2026-07-05") != version_of(WORDS)
    assert in_force(then, on="2026-07-06") == version_of(WORDS)


def test_an_emergency_is_in_force_at_once_and_reviewed_by_another(new_company: Company) -> None:
    case_id = opened(new_company, HIGH, emergency=True)
    assert len(request(new_company, case_id)["tasks"]) == 1
    assert sign(new_company, case_id, RELEASER).status_code == 200
    assert in_force(new_company) == version_of(HIGH)
    assert standing(new_company, case_id) == ("waiting", "in force")
    counts = "counts from 2026-03-27"
    assert states(new_company, case_id)[-1] == ("in force", [RELEASER], f"{counts}, its review waits")
    assert sign(new_company, case_id, RELEASER).json()["code"] == "POLICY-SIGN-04"
    withdrawn = withdraw(new_company, case_id)
    assert (withdrawn.status_code, withdrawn.json()["code"]) == (409, "POLICY-WITHDRAW-02")
    assert sign(new_company, case_id, SECOND, "reject", "the CFO must come first").status_code == 200
    assert standing(new_company, case_id) == ("done", "objected")
    assert states(new_company, case_id)[-1] == ("in force", [RELEASER], f"{counts}, objected to in its review")
    assert in_force(new_company) == version_of(HIGH)  # it is put right by a rollback or another change


def withdraw(company: Company, case_id: str, person: str = AUTHOR) -> Answer:
    path = f"/v1/policy/requests/{case_id}/withdrawal"
    return company.person(person).client.post(path, json={"reason": "a better one comes"})


def test_its_author_withdraws_a_change_and_nobody_else_lays_it_aside(new_company: Company) -> None:
    case_id = opened(new_company, WORDS)
    assert withdraw(new_company, case_id, RELEASER).json()["code"] == "POLICY-WITHDRAW-01"
    lead = new_company.person("priya.nair").client
    aside = lead.post(f"/v1/cases/{case_id}/cancel", json={"reason": "no"})
    assert (aside.status_code, aside.json()["code"]) == (403, "CASE-CANCEL-03")
    assert withdraw(new_company, case_id).status_code == 200
    assert states(new_company, case_id)[-1] == ("withdrawn", [AUTHOR], "")
    assert standing(new_company, case_id) == ("cancelled", "cancelled")


def test_a_change_is_withdrawn_on_its_page_by_its_author_alone(new_company: Company) -> None:
    case_id = opened(new_company, WORDS)
    author, releaser = signed_in(new_company, AUTHOR), signed_in(new_company, RELEASER)
    address = f"/cases/{case_id}/acts/withdraw"
    assert address in author.get(f"/cases/{case_id}").text
    assert address not in releaser.get(f"/cases/{case_id}").text
    form = {"form_token": token(releaser), "reason": "a better one comes"}
    assert releaser.post(address, data=form).status_code == 403
    assert author.post(address, data={"form_token": token(author)}).status_code == 422
    assert author.post(address, data={**form, "form_token": token(author)}).status_code == 303
    assert standing(new_company, case_id) == ("cancelled", "cancelled")


def test_a_releaser_refuses_a_change_with_a_reason(new_company: Company) -> None:
    case_id = opened(new_company, WORDS)
    assert sign(new_company, case_id, RELEASER, "reject").json()["code"] == "TASK-REASON-01"
    assert sign(new_company, case_id, RELEASER, "reject", "not in these words").status_code == 200
    assert standing(new_company, case_id) == ("rejected", "rejected")
    assert states(new_company, case_id)[-1] == ("refused", [RELEASER], "")
    assert in_force(new_company) == version_of()


def test_what_was_in_force_is_asked_as_it_was_known(new_company: Company) -> None:
    """A change for a day in the past counts from that day; what was known before it can still be asked."""
    before = request(new_company, opened(new_company, RATE, RATE_SHOWN, valid_from="2026-02-01"))
    assert len(before["tasks"]) == 2  # it changes what has been decided already
    for person in (RELEASER, SECOND):
        assert sign(new_company, before["case_id"], person).status_code == 200
    corrected = version_of(RATE, RATE_SHOWN)
    asked = {
        "now": ({}, corrected),
        "on its first day": ({"on": "2026-02-01"}, corrected),
        "the day before": ({"on": "2026-01-31"}, version_of()),
        "as known before": ({"on": "2026-02-01", "known_at": before["requested_at"]}, version_of()),
    }
    assert {name: in_force(new_company, **query) for name, (query, _) in asked.items()} == {
        name: version for name, (_, version) in asked.items()
    }
    auditor = signed_in(new_company, "samuel.grant")
    moment = before["requested_at"]
    page = auditor.get(
        "/releases/in-force", params={"on": "2026-02-01", "known_at": moment, "decision": "late-payment-rates"}
    ).text
    assert "What is known now to count for that day" in page
    assert (corrected[:12] in page, version_of()[:12] in page) == (True, True)
    assert ("<code>3.75</code>" in page, "<code>4.00</code>" in page) == (True, False)
    now = auditor.get("/releases/in-force?on=2026-02-01&decision=late-payment-rates").text
    assert ("<code>4.00</code>" in now, "What is known now" in now) == (True, False)
    assert "written like" in auditor.get("/releases/in-force?known_at=then").text


TIGHT: Final = (
    ("decisions/line-match.dmn", "<text>250.00</text>", "<text>0.50</text>"),
    ("README.md", "# Accounts payable", "# Accounts payable, corrected"),
)


def test_a_correction_tells_what_it_would_have_decided_otherwise(company: Company) -> None:
    """A price that was tolerated is an exception under a smaller tolerance; what rests on it follows."""
    body = {"files": pack(*TIGHT), "since": "2026-03-01"}
    answer = company.person(AUTHOR).client.post("/v1/policy/correction", json=body)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    chains: dict[str, list[tuple[str, str, str]]] = {}
    for each in told["decisions"]:
        before, after = (
            str(outcome.get("outcome")) if isinstance(outcome, dict) else ""
            for outcome in (each["before"], each["after"])
        )
        chains.setdefault(each["number"], []).append((each["decision"], before, after))
    assert told["is_complete"]
    assert told["cases"] == len(chains) > 0
    assert all(("line match", "tolerated", "exception") in chain for chain in chains.values())
    assert all(("disposition", "post", "hold") in chain for chain in chains.values())
    later = company.person(AUTHOR).client.post("/v1/policy/correction", json={**body, "since": "2026-03-28"})
    assert later.status_code == 422
    _listed_by_a_job(company, body, told)


def _listed_by_a_job(company: Company, body: dict[str, Any], told: dict[str, Any]) -> None:
    """The same, of all cases, as a page of its own and as a sheet."""
    started = company.person(AUTHOR).client.post("/v1/policy/corrections", json=body)
    assert (started.status_code, started.headers["Location"].rpartition("/")[2]) == (202, started.json()["job_id"])
    company.work()
    job = company.person(AUTHOR).get(f"/policy/corrections/{started.json()['job_id']}")
    assert (job["status"], job["more"]) == ("done", 0)
    assert {name: job[name] for name in ("cases", "reworded", "gross")} == {
        name: told[name] for name in ("cases", "reworded", "gross")
    }
    lines = sorted((each["case_id"], each["decision"]) for each in job["decisions"])
    assert lines == sorted((each["case_id"], each["decision"]) for each in told["decisions"])
    address, author = f"/corrections/{job['job_id']}", signed_in(company, AUTHOR)
    page = author.get(address).text
    assert "would have been others: EUR" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert all(f'href="/cases/{each["case_id"]}?tab=why"' in page for each in job["decisions"])
    sheet = author.get(f"{address}.csv").text
    assert len(sheet.strip().splitlines()) == len(lines) + 1
    assert author.get(f"{address}.xlsx").status_code == 200
    assert signed_in(company, "samuel.grant").get(address).status_code == 403


def test_what_is_only_worded_otherwise_is_counted_apart(company: Company) -> None:
    worded = ("decisions/line-match.dmn", '", tolerance " +', '", a tolerance of " +')
    body = {"files": pack(worded), "since": "2026-03-01"}
    told = company.person(AUTHOR).client.post("/v1/policy/correction", json=body).json()
    assert {each["reworded"] for each in told["decisions"]} == {True}, told
    assert (told["cases"], told["gross"]) == (0, {})
    assert told["reworded"] == len({each["case_id"] for each in told["decisions"]}) > 0


def test_the_page_of_a_request_tells_what_is_signed(new_company: Company) -> None:
    case_id = opened(new_company, RATE, RATE_SHOWN, title="the reference rate of the second half")
    page = signed_in(new_company, RELEASER).get(f"/cases/{case_id}").text
    for told in ("the reference rate of the second half", "late payment rates", "Ivo Marek", "none came out otherwise"):
        assert told in page, told
    evidence = request(new_company, case_id)["evidence"]
    for digest in evidence.values():
        assert f"/cases/{case_id}/attachments/{digest}" in page
    calendar = signed_in(new_company, RELEASER).get("/releases").text
    assert f"/cases/{case_id}" in calendar
    assert "the beginning" in calendar
    failed = opened(new_company, RATE)
    assert "What sent it back" in signed_in(new_company, AUTHOR).get(f"/cases/{failed}").text


def test_the_files_of_a_request_are_for_who_reads_policy(new_company: Company) -> None:
    company, case_id = new_company, opened(new_company, RATE, RATE_SHOWN)
    for side, rate in (("before", "3.75"), ("after", "4.00")):
        address = f"/cases/{case_id}/files/{side}/decisions/late-payment.dmn"
        for person in ("samuel.grant", RELEASER, AUTHOR):
            assert f"<text>{rate}</text>" in signed_in(company, person).get(address).text
        ceo = signed_in(company, "henrik.lindqvist")  # sees the case as a case, and reads no policy
        assert ceo.get(f"/cases/{case_id}").status_code == 200
        refused = ceo.get(address)
        assert (refused.status_code, "<text>" in refused.text) == (403, False)

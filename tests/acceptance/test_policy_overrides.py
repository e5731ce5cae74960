"""An entity decides otherwise than its group in what it may override: proposed, signed, merged, and let go again."""

import json
from collections.abc import Mapping
from typing import Any, Final

import pytest
from tests.acceptance.cast import _hire as hire
from tests.acceptance.company import Answer, Company, demo_bytes
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_own_page import token
from tests.acceptance.test_policy_binding import answered
from tests.acceptance.test_policy_release import (
    AUTHOR,
    RELEASER,
    SECOND,
    WORDS,
    in_force,
    opened,
    pack,
    propose,
    request,
    sign,
    standing,
    told,
    version_of,
)

Change = tuple[str, str, str]

LIMIT: Final = ("decisions/rounding.dmn", "<outputEntry><text>0.99</text></outputEntry>")
FRENCH: Final[Change] = (*LIMIT, "<outputEntry><text>0.50</text></outputEntry>")
LOWER: Final[Change] = (*LIMIT, "<outputEntry><text>0.80</text></outputEntry>")
BESIDE: Final[Change] = (
    LIMIT[0],
    "A rounding of a whole unit or more is no rounding.",
    "Nobody rounds by a whole unit.",
)
"""The group changes another table of the same file."""

BUYER: Final = {"name": "Brennhof France SAS", "vat_id": "FR13999122666"}
EXAMPLE: Final[Change] = (
    "examples/rounding.yaml",
    "  - title: the payable amount rounded by a whole unit\n    given: {payable rounding: 1.00}",
    "  - title: the payable amount rounded by a whole unit\n    given: {payable rounding: 1.01}",
)


def override(company: Company, *changes: Change, entity: str = "FR", **more: Any) -> str:
    """A version for an entity, in force."""
    case_id = opened(company, *changes, entity=entity, **more)
    assert sign(company, case_id, RELEASER).status_code == 200
    assert standing(company, case_id) == ("done", "in force")
    return case_id


def release(company: Company, *changes: Change, **more: Any) -> str:
    """A version of the group, in force."""
    case_id = opened(company, *changes, **more)
    for person in (RELEASER, SECOND)[: len(request(company, case_id)["tasks"])]:
        assert sign(company, case_id, person).status_code == 200
    assert standing(company, case_id) == ("done", "in force")
    return case_id


def files(company: Company, entity: str = "FR") -> Mapping[str, str]:
    found: dict[str, str] = company.person("samuel.grant").get("/policy/files", entity=entity)["files"]
    return found


def hand_in(company: Company, number: str, **more: object) -> Answer:
    """A software licence of which the payable amount is rounded by sixty cents."""
    document: dict[str, Any] = json.loads(demo_bytes("D13"))
    totals = {**document["totals"], "rounding": "0.60", "payable": "24000.60"}
    body = {**document, "number": number, "totals": totals, **more}
    answer = company.person("tomasz.zielinski").submit(json.dumps(body).encode())
    assert answer.status_code in {200, 201}, answer.text
    return company.person("samuel.grant").get(f"/cases/{answer.json()['case_id']}")


def rounding(company: Company, case: Answer) -> str:
    """How the document's rounding was decided last."""
    found = company.person("samuel.grant").get(f"/cases/{case['case_id']}/decisions")["decisions"]
    return [str(each["outcome"]["outcome"]) for each in found if each["decision"] == "rounding"][-1]


def french(document: Mapping[str, Any] | None = None) -> dict[str, object]:
    address = {"line_1": "18 quai des Échangeurs", "city": "Lyon", "post_code": "69099", "country": "FR"}
    return {"buyer": {**BUYER, "address": address}, "accounting_reference": "FR-1000", **(document or {})}


def test_an_entity_tolerates_less_than_its_group(new_company: Company) -> None:
    company, group = new_company, in_force(new_company)
    importer = company.person("importer")
    owner, releaser = (
        hire(company, importer, f"fr.{role}", role, "FR") for role in ("policy-owner", "policy-releaser")
    )
    away = hire(company, importer, "de.releaser", "policy-releaser", "DE")
    body = {"title": "half a euro is enough", "files": pack(FRENCH), "entity": "FR"}
    case_id = owner.client.post("/v1/policy/requests", json=body).json()["case_id"]
    assert request(company, case_id)["entity"] == "FR"
    assert away.client.get(f"/v1/policy/requests/{case_id}").status_code == 404

    task = request(company, case_id)["tasks"][0]
    assert [each.act(task, "approve").status_code for each in (owner, away, releaser)] == [403, 404, 200]
    own = version_of(FRENCH)
    assert (in_force(company, entity="FR"), in_force(company, entity="DE"), in_force(company)) == (own, group, group)

    paris, berlin = hand_in(company, "LC-F-1", **french()), hand_in(company, "LC-D-1")
    assert (paris["entity"], paris["policy_hash"], rounding(company, paris)) == ("FR", own, "fault")
    assert (berlin["entity"], berlin["policy_hash"], rounding(company, berlin)) == ("DE", group, "accept with notice")
    versions = answered(company, paris["case_id"])
    assert set(versions.values()) == {own}, versions  # what is checked again too

    shown = company.person("samuel.grant").get("/policy/versions")["versions"][0]
    assert (shown["entity"], shown["version"], shown["base"], shown["in_force"]) == ("FR", own, group, True)
    seen = away.get("/policy/versions")["versions"]
    assert [each["entity"] for each in seen] == [""]
    assert away.client.get(f"/v1/policy/files?version={own}").status_code == 404
    company.work()
    assert company.person("samuel.grant").get("/audit/verification")["ok"]


STRAYS: Final[Mapping[str, Change]] = {
    "signing verdict": ("decisions/may-sign.dmn", "you have signed this case already", "twice is too often"),
    "roles.toml": ("roles.toml", "[policy-owner]", "# one role\n[policy-owner]"),
    "the payable amount rounded by a whole unit": EXAMPLE,
}
"""Who signs, a role, and an example of what is decided as the group does."""


@pytest.mark.embedded
def test_what_no_entity_may_override_comes_back(new_company: Company) -> None:
    case_id = opened(new_company, *STRAYS.values(), entity="FR")
    shown = request(new_company, case_id)
    assert (shown["status"], shown["outcome"], shown["tasks"]) == ("returned", "unsound", [])
    said = [reason["text"] for reason in shown["reasons"]]
    assert sorted(said[:3]) == sorted(f"differs in `{name}`, which no entity may override" for name in STRAYS)
    assert in_force(new_company, entity="FR") == version_of()


REFUSED: Final[Mapping[str, tuple[dict[str, Any], int, str]]] = {
    "an entity that is none": ({"entity": "XX"}, 403, "POLICY-ENTITY-01"),
    "from before the version that it builds on": ({"entity": "FR", "valid_from": "2020-01-01"}, 422, "POLICY-DAY-03"),
    "an answer for an entity without its own": ({"keep": ["DE"]}, 422, "POLICY-ANSWER-01"),
}


@pytest.mark.embedded
def test_proposals_that_are_none(new_company: Company) -> None:
    release(new_company, WORDS)
    got = {name: propose(new_company, FRENCH, WORDS, **more) for name, (more, _, _) in REFUSED.items()}
    assert {name: (answer.status_code, answer.json()["code"]) for name, answer in got.items()} == {
        name: (status, code) for name, (_, status, code) in REFUSED.items()
    }
    one = hire(new_company, new_company.person("importer"), "fr.owner", "policy-owner", "FR")
    body = {"title": "for everybody", "files": pack(FRENCH)}
    refused = one.client.post("/v1/policy/requests", json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "POLICY-ENTITY-02")


def test_a_release_of_the_group_is_merged_into_what_an_entity_overrides(new_company: Company) -> None:
    company = new_company
    override(company, FRENCH, EXAMPLE)
    case_id = release(company, BESIDE, WORDS)
    (merged,) = request(company, case_id)["entities"]
    assert (merged["entity"], merged["was"], merged["kept"]) == ("FR", version_of(FRENCH, EXAMPLE), ["rounding limit"])
    assert files(company) == pack(BESIDE, WORDS, FRENCH, EXAMPLE)
    assert files(company, "DE") == pack(BESIDE, WORDS)
    (effect,) = told(company, case_id, "policy.put.in.force")
    assert effect["entities"] == [merged]
    entries = company.person("samuel.grant").get("/policy/versions")["versions"]
    assert [(each["entity"], each["way"], each["case_id"]) for each in entries[:2]] == [
        ("FR", "merge", case_id),
        ("", "release", case_id),
    ]
    assert in_force(company, entity="FR", on="2026-01-01") == version_of()  # before it had its own

    assert sign(company, rolled_back(company), SECOND).status_code == 200
    assert (in_force(company), in_force(company, entity="FR")) == (version_of(), version_of(FRENCH, EXAMPLE))


def rolled_back(company: Company, **more: str) -> str:
    back = company.person(RELEASER).client.post("/v1/policy/rollback", json={"reason": "it is another", **more})
    assert back.status_code == 201, back.text
    case_id: str = back.json()["case_id"]
    return case_id


@pytest.mark.embedded
def test_what_both_changed_is_for_somebody_to_say(new_company: Company) -> None:
    company = new_company
    override(company, FRENCH)
    conflict = request(company, opened(company, LOWER))
    assert (conflict["status"], conflict["outcome"]) == ("returned", "unsound")
    assert conflict["reasons"][0]["text"].startswith("FR overrides `rounding limit`")
    shown = signed_in(company, AUTHOR).get(f"/cases/{conflict['case_id']}").text
    assert ("cannot be brought onto it" in shown, "decides as the group does" in shown) == (True, False)
    assert (in_force(company), in_force(company, entity="FR")) == (version_of(), version_of(FRENCH))

    release(company, LOWER, keep=["FR:rounding limit"])
    assert (files(company)[LIMIT[0]], files(company, "DE")) == (pack(FRENCH)[LIMIT[0]], pack(LOWER))
    assert sign(company, rolled_back(company), SECOND).status_code == 200
    release(company, LOWER, take=["FR"])
    assert files(company) == files(company, "DE") == pack(LOWER)
    newest = company.person("samuel.grant").get("/policy/versions")["versions"][0]
    assert (newest["entity"], newest["version"], newest["way"]) == ("FR", "", "merge")
    assert sign(company, rolled_back(company), SECOND).status_code == 200  # FR has what it had on that version
    assert (in_force(company), in_force(company, entity="FR")) == (version_of(), version_of(FRENCH))


@pytest.mark.embedded
def test_what_the_group_lets_nobody_override_any_more_has_to_be_taken(new_company: Company) -> None:
    company = new_company
    override(company, FRENCH)
    closed: Change = ("pack.toml", '  "rounding limit",\n', "")
    stopped = request(company, opened(company, closed))
    assert "FR differs in `rounding limit`, which no entity may override" in stopped["reasons"][0]["text"]
    release(company, closed, take=["FR:rounding limit"])
    assert in_force(company, entity="FR") == version_of(closed)


def test_an_entity_goes_back_and_follows_its_group_again(new_company: Company) -> None:
    company = new_company
    override(company, FRENCH)
    override(company, LOWER)
    release(company, WORDS)
    own = rolled_back(company, entity="FR")
    assert sign(company, own, RELEASER).json()["code"] == "POLICY-SIGN-03"
    assert sign(company, own, SECOND).status_code == 200
    assert files(company) == pack(FRENCH, WORDS)  # its own change is undone, not the group's

    body = {"entity": "FR", "title": "no reason to differ"}
    answer = company.person(AUTHOR).client.post("/v1/policy/follow-group", json=body)
    assert answer.status_code == 201, answer.text
    assert sign(company, answer.json()["case_id"], RELEASER).status_code == 200
    assert in_force(company, entity="FR") == in_force(company) == version_of(WORDS)
    assert request(company, release(company, WORDS, BESIDE))["entities"] == []


@pytest.mark.embedded
def test_what_an_entity_changed_in_between_is_merged_anew(new_company: Company) -> None:
    company = new_company
    case_id = opened(company, WORDS)
    override(company, FRENCH)
    assert sign(company, case_id, RELEASER).status_code == 200
    assert standing(company, case_id) == ("waiting", "release")  # nobody has signed it with what FR decides now
    assert sign(company, case_id, RELEASER).status_code == 200
    assert files(company) == pack(WORDS, FRENCH)


def test_a_case_goes_on_by_the_policy_of_the_entity_that_it_turns_out_to_be_for(new_company: Company) -> None:
    company = new_company
    override(company, FRENCH)
    case = hand_in(company, "LC-D-2")
    assert rounding(company, case) == "accept with notice"
    corrected = {"type_code": "384", "preceding": [{"number": "LC-D-2"}]}
    after = hand_in(company, "LC-D-2", **french(corrected))
    assert (after["case_id"], after["entity"]) == (case["case_id"], "FR")
    assert (after["policy_hash"], rounding(company, after)) == (version_of(FRENCH), "fault")
    (moved,) = told(company, case["case_id"], "policy.followed")
    assert (moved["from_policy"], moved["to_policy"]) == (version_of(), version_of(FRENCH))


@pytest.mark.embedded
def test_files_are_tried_with_what_entities_override(company: Company) -> None:
    """What would have been decided otherwise is asked of each entity's own."""
    tight: Change = ("decisions/line-match.dmn", "<text>250.00</text>", "<text>0.50</text>")
    author = company.person(AUTHOR)

    def otherwise(entity: str) -> set[str]:
        body = {"files": pack(tight), "since": "2026-03-01", "entity": entity}
        answer = author.client.post("/v1/policy/correction", json=body)
        assert answer.status_code == 200, answer.text
        return {each["entity"] for each in answer.json()["decisions"]}

    assert "DE" in otherwise("")
    assert otherwise("DE") == {"DE"}
    checked = author.client.post("/v1/policy/check", json={"files": pack(FRENCH, tight), "entity": "DE"}).json()
    assert checked["overrides"]["overrides"] == ["price tolerance", "rounding limit"]


@pytest.mark.embedded
def test_the_pages_tell_who_decides_otherwise_and_in_what(new_company: Company) -> None:
    company = new_company
    override(company, FRENCH, title="half a euro is enough")
    author = signed_in(company, AUTHOR)
    for place in ("/releases", "/policies"):
        page = author.get(place).text
        assert "Brennhof France SAS</a> overrides rounding limit" in page, place
    page = author.get("/overrides/FR").text
    for words in ("Rounding limit", "<del><code>0.99</code></del>", "<ins><code>0.50</code></ins>"):
        assert words in page, words
    assert author.get("/overrides/DE").status_code == 404
    assert "alf a euro is enough" in author.get("/releases/rollback?entity=FR").text
    shown = company.person(AUTHOR).get("/policy/overrides", entity="FR")["entities"][0]
    assert (shown["overrides"], shown["base"]) == (["rounding limit"], version_of())
    assert any("rounding limit" in text for text in shown["difference"])

    form = {"form_token": token(author), "title": "less still", "entity": "FR"}
    key = author.post("/drafts", data=form).headers["location"].rpartition("/")[2]
    text = files(company)[LIMIT[0]].replace("<text>0.50</text>", "<text>0.30</text>").encode()
    written = author.post(
        f"/drafts/{key}/files/{LIMIT[0]}", data={**form, "version": "1"}, files={"file": ("rounding.dmn", text)}
    )
    assert written.status_code == 303, written.text
    assert "for Brennhof France SAS" in author.get(f"/drafts/{key}").text
    asked = author.post(f"/drafts/{key}/propose", data={**form, "version": "2"})
    page = author.get(asked.headers["location"]).text
    for words in ("Brennhof France SAS", "rounding limit", "What entities have by it"):
        assert words in page, words
    assert company.person(AUTHOR).get("/policy/requests")["requests"][0]["entity"] == "FR"

    following = {**form, "title": "no reason to differ", "valid_from": ""}
    case = author.post("/overrides/FR/follow", data=following).headers["location"]
    assert "nothing: it decides as the group does" in author.get(case).text
    assert author.post("/overrides/FR/follow", data={**following, "title": ""}).status_code == 422

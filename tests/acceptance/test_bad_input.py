"""Bad input at every door: over HTTP, in a batch beside a good document, and by the command line.

One row a mistake, in the words of whoever made it. What nobody can read is refused and opens no case; what can be read
in part, or is against policy, is a case with its reason. Every door gives the same code, says what to do, and leaves
nothing half stored; a refusal leaves its entry in the log.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from tests.acceptance.company import Answer, Company, Databases, Person, Snapshot, demo_bytes, demo_documents
from tests.unit.entrypoints.bad_documents import (
    AWKWARD,
    FORM,
    HELD,
    JSON,
    OVERSIZED,
    UBL,
    UNREAD,
    XML,
    Awkward,
    Held,
    Unread,
    swap,
)
from typer.testing import CliRunner, Result

from comptroller.application.access import hash_of
from comptroller.domain.kernel import limits
from comptroller.entrypoints.cli.app import app
from comptroller.entrypoints.cli.output import Exit

CLERK: Final = "tomasz.zielinski"


@dataclass(frozen=True, slots=True)
class Stored:
    """How much the product says it holds."""

    cases: int
    journals: int
    entries: int


def stored(company: Company) -> Stored:
    """Count by the product's own lists."""
    auditor = company.person("samuel.grant")
    log = auditor.get("/audit/verification")
    journals = company.read(lambda uow: uow.journals())
    return Stored(len(auditor.get("/cases", limit=200)["cases"]), len(journals), log["size"] + log["unsequenced"])


def holds(company: Company, content: bytes) -> bool:
    """Whether the bytes are kept."""
    digest = sha256(content).hexdigest()
    return company.read(lambda uow: uow.document(digest)) is not None


def batch(company: Company, *documents: tuple[bytes, str], **headers: str) -> Answer:
    """Hand documents in together; the response."""
    body = [{"media_type": media_type, "content": b64encode(content).decode()} for content, media_type in documents]
    return company.person(CLERK).client.post("/v1/documents:batch", json={"documents": body}, headers=headers)


def command(company: Company, *words: str) -> Result:
    """Run the command line on the company's own database, as its clerk where somebody acts."""
    settings = company.platform.settings
    place = [] if words[0] == "document" else ["--as", CLERK, "--database-url", settings.database_url]
    result = CliRunner().invoke(app, [*words, *place, "--json"], env={"COMPTROLLER_HOME": str(settings.home)})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def written(company: Company) -> bytes:
    """All that the database holds, as it lies there: the files of an embedded one, every row of a server's."""
    settings = company.platform.settings
    if settings.database_url.startswith("sqlite"):
        return b"".join(path.read_bytes() for path in sorted(settings.home.glob("*.sqlite3*")))
    with psycopg.connect(settings.database_url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert tables
        names = [SQL("SELECT row.*::text FROM {} AS row").format(Identifier(name)) for (name,) in tables]
        rows = [row for name in names for row in connection.execute(name).fetchall()]
    return "\n".join(text for (text,) in rows).encode()


def saved(folder: Path, content: bytes, media_type: str) -> str:
    """The document as a file with the ending that its media type asks for."""
    path = folder / ("document.json" if media_type == JSON else "document.xml")
    path.write_bytes(content)
    return str(path)


def faults_of(result: Result) -> list[str]:
    """The codes that `document check` printed."""
    return [fault["code"] for fault in json.loads(result.stdout)["faults"]]


def is_told(problem: Answer, row: Unread) -> None:
    """A problem document that names the row's code and place, and says what to do."""
    assert (problem["code"], problem["status"]) == (row.code, row.status)
    assert problem["type"] == f"urn:comptroller:problem:{row.code}"
    assert problem["title"]
    assert problem["detail"]
    assert problem["help"]
    first = problem["faults"][0]
    assert (first["code"], first["path"]) == (row.code, row.path)


@pytest.fixture(scope="module")
def untouched(databases: Databases, founded: Snapshot) -> Iterator[Company]:
    """A company in which nothing may change."""
    with databases.company(founded) as company:
        yield company


# ---- what nobody can read -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [*UNREAD, OVERSIZED], ids=lambda row: row.title)
def test_what_cannot_be_read_is_refused_and_not_kept(untouched: Company, row: Unread) -> None:
    before = stored(untouched)
    answer = untouched.person(CLERK).submit(row.content, row.media_type)
    assert (answer.status_code, answer.headers["Content-Type"]) == (row.status, "application/problem+json")
    is_told(answer.json(), row)
    assert stored(untouched) == Stored(before.cases, before.journals, before.entries + row.is_recorded)
    assert not holds(untouched, row.content)


@pytest.mark.parametrize("row", [*UNREAD, OVERSIZED], ids=lambda row: row.title)
def test_command_line_says_the_same_of_what_cannot_be_read(untouched: Company, tmp_path: Path, row: Unread) -> None:
    before = stored(untouched)
    path = saved(tmp_path, row.content, row.media_type)
    named = ["--media-type", row.media_type] if row.media_type not in {XML, JSON} else []
    result = command(untouched, "submit", path, *named)
    told = json.loads(result.stdout)
    assert result.exit_code == (Exit.USAGE if row.status == 415 else Exit.REFUSED)
    assert (told["code"], told["faults"][0]["code"], told["faults"][0]["path"]) == (row.code, row.code, row.path)
    assert told["help"]
    assert stored(untouched).cases == before.cases
    if not named:
        checked = command(untouched, "document", "check", path)
        assert (checked.exit_code, faults_of(checked)[0]) == (Exit.NO, row.code)


def test_good_document_beside_every_unreadable_one_is_accepted(new_company: Company) -> None:
    before = stored(new_company)
    bad = [(row.content, row.media_type) for row in UNREAD]
    middle = len(bad) // 2
    answer = batch(new_company, *bad[:middle], (UBL, XML), *bad[middle:])
    assert answer.status_code == 200
    results = answer.json()["results"]
    good = results.pop(middle)
    assert (good["status_code"], good["answer"]["status"]) == (201, "posted")
    assert [result["status_code"] for result in results] == [row.status for row in UNREAD]
    assert [result["problem"]["code"] for result in results] == [row.code for row in UNREAD]
    assert all(result["problem"]["faults"] and result["problem"]["help"] for result in results)
    after = stored(new_company)
    assert (after.cases, after.journals) == (before.cases + 1, before.journals + 1)


@pytest.mark.parametrize(
    ("document", "status", "code", "path"),
    [
        pytest.param("a text", 422, "BATCH-DOCUMENT-01", "/documents/1", id="no object"),
        pytest.param({"media_type": XML}, 422, "BATCH-DOCUMENT-01", "/documents/1", id="no content"),
        pytest.param(
            {"media_type": XML, "content": 7}, 422, "BATCH-DOCUMENT-01", "/documents/1", id="a number for content"
        ),
        pytest.param(
            {"media_type": XML, "content": "<a>"}, 422, "BATCH-DOCUMENT-02", "/documents/1/content", id="no base64"
        ),
        pytest.param(
            {"media_type": "text/csv", "content": ""}, 415, "BODY-TYPE-01", "/documents/1/media_type", id="a CSV"
        ),
    ],
)
def test_what_has_not_the_form_of_a_document_is_answered_at_its_place(
    new_company: Company, document: Any, status: int, code: str, path: str
) -> None:
    good = {"media_type": XML, "content": b64encode(UBL).decode()}
    answer = new_company.person(CLERK).client.post("/v1/documents:batch", json={"documents": [good, document]})
    first, second = answer.json()["results"]
    assert (first["status_code"], second["status_code"]) == (201, status)
    problem = second["problem"]
    assert (problem["code"], problem["faults"][0]["path"]) == (code, path)
    assert problem["help"]


@pytest.mark.parametrize(
    ("documents", "code"),
    [
        pytest.param([], "BATCH-SIZE-01", id="none"),
        pytest.param([{}] * (limits.BATCH_DOCUMENTS_MAX + 1), "BATCH-SIZE-01", id="one too many"),
        pytest.param("a text", "BATCH-SIZE-01", id="no list"),
    ],
)
def test_batch_of_no_size_is_refused_whole(untouched: Company, documents: Any, code: str) -> None:
    answer = untouched.person(CLERK).client.post("/v1/documents:batch", json={"documents": documents})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["faults"][0]["path"]) == (422, code, "/documents")
    assert problem["help"]


def test_batch_of_too_many_bytes_is_refused_whole(untouched: Company) -> None:
    before = stored(untouched)
    answer = batch(untouched, (UBL, XML), (b" " * limits.BATCH_BYTES_MAX, XML))
    assert (answer.status_code, answer.json()["code"]) == (413, "BODY-SIZE-01")
    assert stored(untouched) == before


def test_document_in_a_batch_may_be_as_large_as_one_alone(new_company: Company) -> None:
    large = UBL + b"<!-- %s -->" % (b"x" * 9_000_000)
    alone = new_company.person(CLERK).client.post(
        "/v1/documents?dry_run=true", content=large, headers={"Content-Type": XML}
    )
    (result,) = batch(new_company, (large, XML)).json()["results"]
    assert result["answer"]["status"] == alone.json()["status"] == "posted"


# ---- what policy holds or turns down --------------------------------------------------------------------------------


def hand_in_before(company: Company, row: Held) -> None:
    for document in row.after:
        answer = company.person(CLERK).submit(demo_bytes(document), str(demo_documents()[document]["media_type"]))
        assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("row", HELD, ids=lambda row: row.title)
def test_what_policy_does_not_pass_is_a_case_with_its_reason(new_company: Company, tmp_path: Path, row: Held) -> None:
    hand_in_before(new_company, row)
    before = stored(new_company)
    path = saved(tmp_path, row.content, row.media_type)
    rehearsed = command(new_company, "submit", path, "--dry-run")
    assert stored(new_company) == before
    answer = new_company.person(CLERK).submit(row.content, row.media_type)
    assert answer.status_code == 201, answer.text
    for told in (json.loads(rehearsed.stdout), answer.json()):
        assert told["status"] == row.status
        assert row.reason in [reason["code"] for reason in told["reasons"]]
    assert rehearsed.exit_code == (Exit.NO if row.status == "rejected" else Exit.DONE)
    after = stored(new_company)
    assert (after.cases, after.journals) == (before.cases + 1, before.journals)
    assert after.entries > before.entries
    assert holds(new_company, row.content)
    case = new_company.person("samuel.grant").get(f"/cases/{answer.json()['case_id']}")
    found = [f"{fault['code']} {fault['path']}" for fault in case["document"]["faults"]]
    checked = command(new_company, "document", "check", path)
    if row.fault:
        assert row.fault in found
        assert row.fault.partition(" ")[0] in faults_of(checked)
        assert checked.exit_code == Exit.NO
    else:
        assert checked.exit_code == Exit.DONE, checked.stdout


@pytest.mark.parametrize("row", HELD, ids=lambda row: row.title)
def test_good_document_beside_a_held_one_is_posted(new_company: Company, row: Held) -> None:
    hand_in_before(new_company, row)
    answer = batch(new_company, (row.content, row.media_type), (UBL, XML))
    held, good = answer.json()["results"]
    assert (held["answer"]["status"], good["answer"]["status"]) == (row.status, "posted")
    assert row.reason in [reason["code"] for reason in held["answer"]["reasons"]]


@pytest.mark.parametrize("row", AWKWARD, ids=lambda row: row.title)
def test_awkward_document_gets_an_answer(new_company: Company, row: Awkward) -> None:
    assert new_company.person(CLERK).submit(row.content).status_code in {201, 422}


def test_utf_16_is_read_where_it_is_declared(new_company: Company) -> None:
    declared = swap(b'"UTF-8"', b'"UTF-16"', UBL).decode().encode("utf-16")
    answer = new_company.person(CLERK).submit(declared, XML)
    assert (answer.status_code, answer.json()["status"]) == (201, "posted")


# ---- the same again -------------------------------------------------------------------------------------------------


def test_same_bytes_twice_are_one_case_at_every_door(new_company: Company, tmp_path: Path) -> None:
    person = new_company.person(CLERK)
    first = person.submit(UBL, XML).json()
    before = stored(new_company)
    again = person.submit(UBL, XML)
    told = again.json()
    assert (again.status_code, told["code"], told["case_id"]) == (409, "DOCUMENT-SAME-01", first["case_id"])
    assert told["help"]
    assert stored(new_company) == Stored(before.cases, before.journals, before.entries + 1)
    result = command(new_company, "submit", saved(tmp_path, UBL, XML))
    said = json.loads(result.stdout)
    assert (result.exit_code, said["code"], said["case_id"]) == (Exit.REFUSED, told["code"], first["case_id"])
    beside, good = batch(new_company, (UBL, XML), (FORM, JSON)).json()["results"]
    assert (beside["status_code"], beside["problem"]["code"], good["status_code"]) == (409, told["code"], 201)


def test_key_with_the_same_request_gets_the_same_answer(new_company: Company) -> None:
    person, headers = new_company.person(CLERK), {"Idempotency-Key": "a load of March"}
    first = person.submit(UBL, XML, **headers)
    before = stored(new_company)
    again = person.submit(UBL, XML, **headers)
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert stored(new_company) == before


def test_key_with_a_refused_request_gets_the_same_refusal(new_company: Company) -> None:
    person, headers = new_company.person(CLERK), {"Idempotency-Key": "a letter"}
    first = person.submit(b"Dear Sirs", XML, **headers)
    before = stored(new_company)
    again = person.submit(b"Dear Sirs", XML, **headers)
    assert (again.status_code, again.json()) == (first.status_code, first.json()) == (422, first.json())
    assert stored(new_company) == before


def test_key_with_another_request_is_refused(new_company: Company) -> None:
    person, headers = new_company.person(CLERK), {"Idempotency-Key": "a load of March"}
    person.submit(UBL, XML, **headers)
    before = stored(new_company)
    other = person.submit(FORM, JSON, **headers)
    assert (other.status_code, other.json()["code"]) == (409, "COMMAND-KEY-01")
    assert other.json()["help"]
    assert (stored(new_company).cases, holds(new_company, FORM)) == (before.cases, False)
    assert person.submit(UBL, XML, **headers).json()["status"] == "posted"


def test_key_of_a_batch_counts_for_each_of_its_documents(new_company: Company) -> None:
    headers = {"Idempotency-Key": "B" * limits.IDEMPOTENCY_KEY_CHARACTERS_MAX}
    first = batch(new_company, (UBL, XML), (b"Dear Sirs", XML), **headers)
    assert [result["status_code"] for result in first.json()["results"]] == [201, 422]
    before = stored(new_company)
    assert batch(new_company, (UBL, XML), (b"Dear Sirs", XML), **headers).json() == first.json()
    assert stored(new_company) == before
    other = batch(new_company, (FORM, JSON), (b"Dear Sirs", XML), **headers).json()["results"]
    assert [result["problem"]["code"] for result in other] == ["COMMAND-KEY-01", "XML-SYNTAX-01"]


def test_request_without_a_key_is_done_each_time(new_company: Company) -> None:
    person = new_company.person(CLERK)
    assert [person.submit(FORM, JSON).status_code for _ in range(2)] == [201, 409]


@pytest.mark.parametrize(
    "key", ["k" * (limits.IDEMPOTENCY_KEY_CHARACTERS_MAX + 1), "caf\u00e9"], ids=["long", "accented"]
)
def test_key_that_cannot_be_one_is_refused(untouched: Company, key: str) -> None:
    before = stored(untouched)
    answer = untouched.person(CLERK).submit(UBL, XML, **{"Idempotency-Key": key.encode("latin-1")})  # type: ignore[arg-type]  # as bytes of the wire
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "FORM-REQUEST-01")
    assert (problem["faults"][0]["code"], problem["faults"][0]["path"]) == ("FORM-FIELD-01", "/header/idempotency-key")
    assert stored(untouched) == before


def test_issued_key_is_written_nowhere_in_clear(new_company: Company) -> None:
    importer, headers = new_company.person("importer").client, {"Idempotency-Key": "a key for Samuel"}
    answer = importer.post("/v1/people/samuel.grant/keys", headers=headers)
    assert answer.status_code == 201
    key = answer.json()["api_key"]
    assert Person(new_company.api, key).client.get("/v1/cases").status_code == 200
    found = written(new_company)
    assert hash_of(key).encode() in found
    for form_of_it in (key, key.rpartition("_")[2], key.encode().hex(), b64encode(key.encode()).decode()):
        assert form_of_it.encode() not in found


def test_repeated_request_for_a_key_is_answered_without_it(new_company: Company) -> None:
    importer, headers = new_company.person("importer").client, {"Idempotency-Key": "a key for Samuel"}
    importer.post("/v1/people/samuel.grant/keys", headers=headers)
    before = stored(new_company)
    again = importer.post("/v1/people/samuel.grant/keys", headers=headers)
    assert again.status_code == 201
    assert again.json()["principal"] == "samuel.grant"
    assert not again.json().get("api_key")
    assert stored(new_company) == before

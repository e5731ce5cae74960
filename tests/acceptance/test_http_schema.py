"""The HTTP interface keeps what its OpenAPI document promises, whatever it is sent and whoever sends it.

Requests are drawn from the document itself, good and bad, for principals of every role; each answer must be one that
the document names: its status, its media type, its shape. The draw is the same in every run. What no document can
name, such as a header that is none, is a table.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final, cast

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.openapi import from_asgi
from schemathesis.specs.openapi import checks
from starlette.testclient import TestClient
from tests.acceptance.cast import Cast, assemble
from tests.acceptance.company import Answer, Company, Databases, Person, Snapshot
from tests.acceptance.test_policy_release import WORDS, opened, pack

from comptroller.application.dispatcher import Dispatcher
from comptroller.entrypoints.http.app import make_app

pytestmark = pytest.mark.every_row

EXAMPLES: Final = 12

DRAW: Final = settings(
    max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, suppress_health_check=[*HealthCheck]
)

PROMISES: Final = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]

METHODS: Final = ("get", "put", "post", "delete", "patch", "options", "trace", "head")

DOCUMENT: Final[dict[str, Any]] = make_app(cast("Dispatcher", None)).openapi()
OPERATIONS: Final = [(method, path) for path, item in DOCUMENT["paths"].items() for method in METHODS if method in item]
OTHERS: Final = [(method, path) for path, item in DOCUMENT["paths"].items() for method in METHODS if method not in item]
DRAWN: Final = [
    (operation, mode)
    for operation in OPERATIONS
    for mode in GenerationMode
    if DOCUMENT["paths"][operation[1]][operation[0]].get("parameters") or mode is GenerationMode.POSITIVE
]
"""Each operation with good requests and with bad ones, where there is anything to get wrong."""


def call(of: tuple[str, str]) -> str:
    return f"{of[0].upper()} {of[1]}"


@pytest.fixture(scope="module")
def troupe(databases: Databases, loaded: Snapshot) -> Iterator[Cast]:
    with databases.company(loaded) as company:
        yield assemble(company)


def test_document_is_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def named(drawn: tuple[tuple[str, str], GenerationMode]) -> str:
    return f"{call(drawn[0])}, {drawn[1].value}"


def promised(company: Company, operation: tuple[str, str]) -> Any:
    """What the document of the running interface says of an operation."""
    method, path = operation
    return read_document(company.api)[path][method]


@cache
def read_document(app: FastAPI) -> Any:
    """The document, as it is served."""
    return from_asgi("/openapi.json", app)


@pytest.mark.parametrize("drawn", DRAWN, ids=named)
def test_every_answer_is_one_that_the_document_names(
    troupe: Cast, drawn: tuple[tuple[str, str], GenerationMode]
) -> None:
    operation, mode = drawn
    requests = promised(troupe.company, operation).as_strategy(generation_mode=mode)
    people = st.sampled_from([*troupe.at_home.values(), troupe.foreign])

    @DRAW
    @given(request=requests, person=people)
    def send(request: Any, person: Person) -> None:
        if operation[1].endswith("/keys"):  # see the test of a refused key below
            request.headers.pop("idempotency-key", None)
        request.call_and_validate(headers={"Authorization": f"Bearer {person.key}"}, checks=PROMISES)

    send()


PLAN: Final = ("get", "/v1/processes/{process}/migration")
"""Not answered here: a company that knows one version of its policy has no move to plan."""


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each[0] == "get" and each != PLAN], ids=call)
def test_answer_about_what_there_is_has_the_promised_shape(troupe: Cast, operation: tuple[str, str]) -> None:
    case = troupe.company.case_of("D11")
    headers, path = {"Content-Type": "text/plain"}, f"/v1/cases/{case}/attachments?name=note"
    attached = troupe.company.person("lena.vogt").client.post(path, content=b"seen", headers=headers)
    known = {"case_id": case, "kind": "supplier", "entity": "DE", "period": "2026-03", "person": "gareth.hughes"}
    known["process"] = "invoice"
    known["digest"] = attached.json()["digest"]
    if operation[1] == "/v1/intake/{intake_id}/original":
        clerk, headers = troupe.company.person("tomasz.zielinski").client, {"Content-Type": "application/xml"}
        known["intake_id"] = clerk.post("/v1/intake?name=cut.xml", content=b"<a>", headers=headers).json()["intake_id"]
    if operation[1] == "/v1/jobs/{job_id}":
        clerk, headers = troupe.company.person("tomasz.zielinski").client, {"Content-Type": "application/xml"}
        later = clerk.post("/v1/intake?name=later.xml", content=b"<b>", headers=headers | {"Prefer": "respond-async"})
        known["job_id"] = later.json()["job_id"]
    if operation[1] == "/v1/payments/{run_id}":
        proposed = troupe.company.person("paulo.reis").client.post("/v1/payments", json={"entity": "DE"})
        known["run_id"] = proposed.json()["case_id"]
    if operation[1] == "/v1/policy/requests/{request_id}":
        known["request_id"] = opened(troupe.company, WORDS)
    if operation[1].startswith(("/v1/policy/backtests/{job_id}", "/v1/policy/corrections/{job_id}")):
        body = {"files": pack(WORDS), "since": "2026-03-01"}
        started = troupe.company.person("ivo.marek").client.post(operation[1].partition("/{job_id}")[0], json=body)
        known["job_id"] = started.json()["job_id"]
    if operation[1] in {"/v1/figures/replays/{job_id}", "/v1/figures/measurements/{job_id}"}:
        path, span = operation[1].removesuffix("/{job_id}"), {"from": "2026-03-01", "to": "2026-03-31"}
        known["job_id"] = troupe.company.person("ivo.marek").client.post(path, json=span).json()["job_id"]
    if operation[1] == "/v1/policy/shadows/{job_id}":
        started = troupe.company.person("ivo.marek").client.post("/v1/policy/shadows", json={"files": pack(WORDS)})
        known["job_id"] = started.json()["job_id"]
    asked = promised(troupe.company, operation)
    names = [parameter["name"] for parameter in DOCUMENT["paths"][operation[1]]["get"].get("parameters", ())]
    asks = {
        "/v1/tasks": "lena.vogt",
        "/v1/incidents": "mika.ranta",
        "/v1/incidents/cases": "mika.ranta",
        "/v1/figures/replays/{job_id}": "ivo.marek",
        "/v1/figures/measurements/{job_id}": "ivo.marek",
        "/v1/policy/examples": "ivo.marek",
        "/v1/policy/backtests/{job_id}": "ivo.marek",
        "/v1/policy/backtests/{job_id}/changes": "ivo.marek",
        "/v1/policy/corrections/{job_id}": "ivo.marek",
        "/v1/policy/shadows/{job_id}": "ivo.marek",
    }
    who = troupe.company.keys[asks.get(operation[1], "samuel.grant")]
    queries = {
        "/v1/policy/examples": {"case": case, "decision": "duplicate"},
        "/v1/incidents/cases": {"process": "invoice"},
    }
    query = queries.get(operation[1], {})
    request = asked.Case(path_parameters={name: known[name] for name in names if name in known}, query=query)
    answer = request.call_and_validate(headers={"Authorization": f"Bearer {who}"}, checks=PROMISES)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        pytest.param("text/csv", b"nothing", id="a table"),
        pytest.param("message/rfc822", b"From: a@b.example\n\nsee attached", id="a mail"),
    ],
)
def test_original_of_an_intake_has_the_media_type_that_it_came_with(
    troupe: Cast, media_type: str, content: bytes
) -> None:
    operation = ("get", "/v1/intake/{intake_id}/original")
    clerk = troupe.company.person("tomasz.zielinski")
    taken = clerk.client.post("/v1/intake?name=came-in", content=content, headers={"Content-Type": media_type})
    request = promised(troupe.company, operation).Case(path_parameters={"intake_id": taken.json()["intake_id"]})
    answer = request.call_and_validate(headers={"Authorization": f"Bearer {clerk.key}"}, checks=PROMISES)
    assert (answer.status_code, answer.content) == (200, content)


def test_answers_to_what_is_done_have_the_promised_shape(company: Company) -> None:
    def say(operation: tuple[str, str], who: str, status: int, **parts: Any) -> Answer:
        request = promised(company, operation).Case(**parts)
        answer = request.call_and_validate(headers={"Authorization": f"Bearer {company.keys[who]}"}, checks=PROMISES)
        assert answer.status_code == status
        return answer.json()

    task = company.task("D11")
    order = {**company.record("order", "PO-2026-0102"), "order_type": "standard"}
    say(
        ("post", "/v1/tasks/{task_id}/actions"),
        "lena.vogt",
        200,
        path_parameters={"task_id": task["task_id"]},
        body={"action": "approve", "content_hash": task["content_hash"]},
        media_type="application/json",
    )
    stored = {"path_parameters": {"kind": "order", "key": "PO-2026-0102"}, "media_type": "application/json"}
    assert say(("put", "/v1/reference/{kind}/{key}"), "importer", 200, body=order, **stored)["kind"] == "order"
    assert "case_id" in say(("put", "/v1/reference/{kind}/{key}"), "jonas.adler", 200, body=order, **stored)
    say(("post", "/v1/people/{person}/keys"), "importer", 201, path_parameters={"person": "samuel.grant"})


def test_refused_key_is_refused_again_under_its_idempotency_key(troupe: Cast) -> None:
    importer = troupe.company.person("importer").client
    headers = {"Idempotency-Key": "for nobody"}
    answers = [importer.post("/v1/people/nobody.at.all/keys", headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [404, 404]


# ---- what no document can name --------------------------------------------------------------------------------------


@pytest.mark.embedded
@pytest.mark.parametrize("operation", OTHERS, ids=call)
def test_method_that_an_address_does_not_take_is_told(troupe: Cast, operation: tuple[str, str]) -> None:
    method, path = operation
    answer = troupe.company.person("importer").client.request(method, path.format_map(Anything()))
    assert answer.status_code == 405
    assert answer.headers["Allow"]
    if method != "head":
        problem = answer.json()
        assert (problem["code"], problem["status"], bool(problem["help"])) == ("HTTP-METHOD-01", 405, True)
        assert answer.headers["Content-Type"] == "application/problem+json"


class Anything(dict[str, str]):
    """Some value for every name in a path."""

    def __missing__(self, name: str) -> str:
        return "x"


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        pytest.param({b"Authorization": b"Bearer"}, 401, "AUTH-KEY-01", id="no key after the word"),
        pytest.param({b"Authorization": b"Bearer \xff\xfe"}, 401, "AUTH-KEY-01", id="a key of no characters"),
        pytest.param({b"Authorization": b"Bearer a b c"}, 401, "AUTH-KEY-01", id="three keys"),
        pytest.param({b"Authorization": b"Bearer ck_" + b"x" * 60_000}, 401, "AUTH-KEY-01", id="a key of 60 kB"),
        pytest.param({b"Authorization": b"Bearer ck_\xc2\xb2_" + b"0" * 64}, 401, "AUTH-KEY-01", id="an odd tenant"),
        pytest.param({b"Authorization": b'Digest username="a"'}, 401, "AUTH-KEY-01", id="another scheme"),
        pytest.param({b"If-Match": b'\xff, W/"", *'}, 200, None, id="an If-Match that is none"),
        pytest.param({b"Accept": b"nonsense/;q=x"}, 200, None, id="an Accept that is none"),
        pytest.param({b"Cookie": b"comptroller-session=\xff.\xff; ="}, 200, None, id="a cookie that is none"),
        pytest.param({b"X-Anything": b"x" * 60_000}, 200, None, id="60 kB of something else"),
    ],
)
def test_header_that_is_none_does_no_harm(
    troupe: Cast, headers: dict[bytes, bytes], status: int, code: str | None
) -> None:
    key = troupe.company.keys["samuel.grant"]
    client = TestClient(troupe.company.app)
    answer = client.get("/v1/cases", headers={b"Authorization": b"Bearer " + key.encode(), **headers})
    assert (answer.status_code, answer.json().get("code")) == (status, code)


ODD_NAMES: Final = {
    "NUL": "%00",
    "NUL within": "a%00b",
    "an accent": "%C3%A9",
    "a pictogram": "%F0%9F%92%A3",
    "bytes of no character": "%FF%FE",
    "a surrogate": "%ED%A0%80",
    "5,000 letters": "x" * 5_000,
    "a line end": "a%0d%0aX: y",
    "a tag": "%3Cscript%3E",
}


@pytest.mark.parametrize("place", ODD_NAMES.values(), ids=ODD_NAMES)
@pytest.mark.parametrize("path", ["/v1/cases/{}", "/v1/cases/{}/original", "/v1/reference/{}"])
def test_odd_name_in_a_path_is_coded(troupe: Cast, path: str, place: str) -> None:
    answer = troupe.company.person("importer").client.get(path.format(place))
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "FORM-REQUEST-01")
    assert problem["faults"][0]["path"].startswith("/path/")
    assert problem["help"]


def test_path_that_leaves_its_place_leads_nowhere(troupe: Cast) -> None:
    answer = troupe.company.person("importer").client.get("/v1/cases/..%2f..%2fetc%2fpasswd/original")
    assert (answer.status_code, answer.json()["code"]) == (404, "HTTP-PATH-01")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "limit=1e9", "after=%00", "status=%27%3B--", "entity=" + "x" * 201]
)
def test_odd_query_is_coded(troupe: Cast, query: str) -> None:
    answer = troupe.company.person("samuel.grant").client.get(f"/v1/cases?{query}")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "FORM-REQUEST-01")
    assert problem["faults"][0]["path"] == f"/query/{query.partition('=')[0]}"


# ---- the page's door ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "status"),
    [
        pytest.param(b"", 401, id="nothing"),
        pytest.param(b"api_key=x", 401, id="a key that is none"),
        pytest.param(b"api_key=ck_a%00", 401, id="NUL in a key"),
        pytest.param(b"api_key=%ED%A0%80", 401, id="a surrogate in a key"),
        pytest.param(b"person=%00", 401, id="NUL in a name"),
        pytest.param(b"person=lena.vogt%20", 401, id="a name with a blank"),
        pytest.param(b"api_key=" + b"x" * 5_000, 422, id="a key of 5,000 letters"),
        pytest.param(b"person=" + b"x" * 20_000_000, 400, id="a form of 20 MB"),
        pytest.param(b"&".join(b"field%d=" % n for n in range(2_000)), 400, id="2,000 fields"),
        pytest.param(b"person=lena.vogt&onward=//elsewhere.example", 303, id="a way to another site"),
        pytest.param(b"person=lena.vogt&onward=/%5Celsewhere.example", 303, id="a way by a backslash"),
        pytest.param(b"person=lena.vogt&onward=https:elsewhere.example", 303, id="a way by a scheme"),
        pytest.param(b"person=lena.vogt&onward=http://[x", 303, id="a way that is no address"),
    ],
)
def test_door_of_the_page_takes_no_harm(troupe: Cast, form: bytes, status: int) -> None:
    client = TestClient(troupe.company.app, follow_redirects=False)
    answer = client.post("/sign-in", content=form, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == status
    assert ("Set-Cookie" in answer.headers) == (status == 303)
    assert answer.headers.get("Location") in {None, "/", "/queue"}


@pytest.mark.parametrize(
    ("media_type", "status"), [("application/json", 401), ("multipart/form-data", 400), ("text/plain", 401)]
)
def test_door_of_the_page_takes_forms_only(troupe: Cast, media_type: str, status: int) -> None:
    client = TestClient(troupe.company.app, follow_redirects=False)
    answer = client.post("/sign-in", content=b'{"person": "lena.vogt"}', headers={"Content-Type": media_type})
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (status, False)


@pytest.mark.parametrize(
    "cookie", [b"", b".", b"\xff.\xff", b"e30=.00", b"bm90IGpzb24=.00", b"a.b.c", b"x" * 60_000], ids=repr
)
def test_cookie_that_was_not_given_here_leads_to_the_door(troupe: Cast, cookie: bytes) -> None:
    client = TestClient(troupe.company.app, follow_redirects=False)
    answer = client.get("/queue", headers={b"Cookie": b"comptroller-session=" + cookie})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?onward=/queue")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("/cases/{case}?tab=%00", 200, id="a tab"),
        pytest.param("/cases?q=%00", 200, id="a search"),
        pytest.param("/exceptions?type=%00", 200, id="a kind of exception"),
        pytest.param("/cases/%FF", 404, id="a case of no characters"),
        pytest.param("/cases/" + "x" * 5_000, 404, id="a case of 5,000 letters"),
        pytest.param("/static/..%2f..%2froutes.py", 404, id="a file outside"),
        pytest.param("/static/%00", 404, id="a file"),
        pytest.param("/cases/%00", 404, id="a case"),
        pytest.param("/cases/%00/original", 404, id="a case's document"),
        pytest.param("/cases/%00/data/case", 404, id="a case as data"),
        pytest.param("/cases?after=%00", 422, id="a page of the list"),
        pytest.param("/cases?status=%00", 422, id="a state"),
        pytest.param("/queue?answered=%00", 422, id="a task that was answered"),
    ],
)
def test_odd_address_of_a_page_is_answered(troupe: Cast, path: str, status: int) -> None:
    client = TestClient(troupe.company.app)
    client.post("/sign-in", data={"person": "samuel.grant"})
    assert client.get(path.format(case=troupe.company.case_of("D11"))).status_code == status


@pytest.mark.parametrize(
    ("task", "field", "status"),
    [("%00", "", 404), ("a-1", "reason", 422), ("a-1", "action", 422), ("a-1", "content_hash", 422)],
)
def test_odd_form_of_a_page_is_answered(troupe: Cast, task: str, field: str, status: int) -> None:
    client = TestClient(troupe.company.app)
    client.post("/sign-in", data={"person": "lena.vogt"})
    assert client.post(f"/tasks/{task}/actions", data={field: "a\0b"} if field else {}).status_code == status

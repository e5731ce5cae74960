"""A link in a notice shows the case; nothing acts on GET, at any address, for whoever follows it."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from tests.acceptance.company import Company, Databases, Person, Snapshot
from tests.acceptance.notified import BASE, Notified, notified
from tests.acceptance.test_api_matrix import routes

from comptroller.application.ports.store import UnitOfWork

pytestmark = pytest.mark.embedded

FIRST_LOOK = "task.opened"


@pytest.fixture
def told(databases: Databases, loaded: Snapshot) -> Iterator[Notified]:
    with notified(databases, loaded) as made:
        yield made


def signed_in(company: Company, person: str) -> TestClient:
    client = TestClient(company.app, follow_redirects=False)
    assert client.post("/sign-in", data={"api_key": company.keys[person]}).status_code == 303
    return client


def told_entries(company: Company) -> list[tuple[str, int, str]]:
    """Every entry of the tenant's log, sequenced or not."""

    def read(uow: UnitOfWork) -> list[tuple[str, int, str]]:
        rows = [row for _, row in (*uow.log_entries(0, 1_000_000), *uow.unsequenced(100_000))]
        return [(row.stream, row.seq, row.type) for row in rows]

    return company.read(read)


def rows(company: Company) -> object:
    def read(uow: UnitOfWork) -> object:
        cases = uow.cases(limit=200)
        tasks = [(task.task_id, task.status, task.person) for case in cases for task in uow.case_tasks(case.case_id)]
        outbox = [uow.case_outbox(case.case_id) for case in cases]
        return [(case.case_id, case.status) for case in cases], tasks, outbox, uow.journals()

    return company.read(read)


def addresses(company: Company, keys: dict[str, str]) -> list[str]:
    """Every address that answers GET, with a case's and a task's keys in it."""
    found = (call.partition(" ") for call in routes(company.app.routes))
    paths = [path.replace(":path}", "}").format_map(keys) for method, _, path in found if method == "GET"]
    assert len(paths) > 25
    return paths


@pytest.mark.parametrize("person", ["lena.vogt", "priya.nair", "samuel.grant", "ivo.marek"])
def test_nothing_acts_on_get(told: Notified, person: str) -> None:
    company = told.company
    client, api = signed_in(company, person), Person(company.api, company.keys[person]).client
    case, task = company.case_of("D11"), company.task("D11")["task_id"]
    keys = dict.fromkeys(("case_id", "task_id"), "") | {"case_id": case, "task_id": task}
    keys |= {"form": "csv", "part": "case", "kind": "supplier", "key": "k", "outbox_id": "o", "person": person}
    before, entries = rows(company), told_entries(company)
    for path in addresses(company, _Keys(keys)):
        for way in (client, api):
            assert way.get(path, params={"action": "approve", "answered": task}).status_code < 500, path
    new = told_entries(company)[len(entries) :]
    assert rows(company) == before
    assert {kind for _, _, kind in new} <= {FIRST_LOOK, "command.refused"}
    assert len([kind for _, _, kind in new if kind == FIRST_LOOK]) == (person == "lena.vogt")


class _Keys(dict[str, str]):
    """What stands in an address for a key that no row is known for."""

    def __missing__(self, key: str) -> str:
        return "none"


def test_link_leads_by_the_door_to_the_case_and_signs_nothing(told: Notified) -> None:
    case_id = told.company.case_of("D11")
    link = f"{BASE}/cases/{case_id}".removeprefix(BASE)
    stranger = TestClient(told.company.app, follow_redirects=False)
    answer = stranger.get(link)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in?onward={link}")
    opened = signed_in(told.company, "lena.vogt").get(link)
    assert opened.status_code == 200
    assert "KE-774412" in opened.text
    assert told.company.task("D11")["status"] == "open"

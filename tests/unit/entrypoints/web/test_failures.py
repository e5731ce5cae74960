"""What goes wrong outside of a page's own answer: a page for a browser, a problem document for everybody else."""

from datetime import UTC, datetime
from typing import cast

import pytest
from starlette.testclient import TestClient

from comptroller.application.dispatcher import Dispatcher
from comptroller.application.ports.store import Conflict, Unavailable
from comptroller.application.views import Chrome
from comptroller.entrypoints.http.app import make_app
from comptroller.entrypoints.web.failures import add_failure_pages

CHROME = Chrome("", "Comptroller", datetime(2026, 3, 27, 8, 0, tzinfo=UTC), "UTC")


def failing() -> None:
    raise ZeroDivisionError


def busy() -> None:
    raise Conflict


def crowded() -> None:
    raise Unavailable


def numbered(number: int) -> None:
    """Takes a number only."""


@pytest.fixture
def client() -> TestClient:
    app = make_app(cast("Dispatcher", None))
    app.add_api_route("/failing", failing)
    app.add_api_route("/busy", busy)
    app.add_api_route("/crowded", crowded)
    app.add_api_route("/numbered", numbered)
    add_failure_pages(app, lambda _: CHROME)
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        pytest.param("/failing", 500, "Something of ours failed", id="a defect"),
        pytest.param("/busy", 503, "Not now", id="too many at once"),
        pytest.param("/crowded", 503, "Not now", id="no connection to the database"),
        pytest.param("/numbered?number=x", 422, "This address is not understood", id="an address that no page has"),
        pytest.param("/nowhere", 404, "Not here", id="no page"),
    ],
)
def test_failure_is_a_page_for_a_browser_and_a_problem_for_others(
    client: TestClient, path: str, status: int, title: str
) -> None:
    page = client.get(path, headers={"Accept": "text/html,*/*"})
    assert (page.status_code, f"<h1>{title}</h1>" in page.text) == (status, True)
    problem = client.get(path, headers={"Accept": "application/json"})
    assert (problem.status_code, problem.headers["content-type"]) == (status, "application/problem+json")
    for answer in (page, problem):
        assert ("Retry-After" in answer.headers) is (status == 503)


def test_interface_answers_with_problems_whoever_asks(client: TestClient) -> None:
    answer = client.get("/v1/nowhere", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")

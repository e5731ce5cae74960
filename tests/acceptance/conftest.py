"""The demonstration company on every database: an SQLite file, and the PostgreSQL server that is named.

It is loaded once a session and copied for each test, in two states: `founded` has people and master data, `loaded`
has its documents too.

Every test runs on both kinds, but of a table of cases PostgreSQL takes the first one: what differs from row to row is
policy, not the database. A module says `every_row` where the rows are what the database is asked, and `embedded`
where the database makes no difference.
"""

import os
from collections.abc import Iterator
from contextlib import chdir

import pytest
from tests.acceptance.company import ROOT, SERVER, Company, Databases, Snapshot, set_undo

from comptroller.entrypoints.cli.demo import Demonstration

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.hookimpl(tryfirst=True)  # before the order is drawn: the first row is the same in every process
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what another row of the same test, or the other kind of database, tells as well."""
    told, left_out = set[object](), set[pytest.Item]()
    for item in items:
        if not isinstance(item, pytest.Function) or not _is_on_postgresql(item):
            continue
        is_told = item.function in told and not item.get_closest_marker("every_row")
        told.add(item.function)
        if is_told or item.get_closest_marker("embedded"):
            left_out.add(item)
    config.hook.pytest_deselected(items=[*left_out])
    items[:] = [item for item in items if item not in left_out]


def _is_on_postgresql(item: pytest.Function) -> bool:
    return hasattr(item, "callspec") and item.callspec.params.get("databases") == "postgresql"


@pytest.fixture(scope="session", params=KINDS)
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """A kind of database."""
    kind: str = request.param
    if kind == "postgresql" and not SERVER:
        message = "COMPTROLLER_TEST_DATABASE_URL names no PostgreSQL server"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return Databases(kind, tmp_path_factory.mktemp("company"))


@pytest.fixture(scope="session")
def founded(databases: Databases) -> Iterator[Snapshot]:
    """The company with its people and master data, before any document; what people do has its effect at once."""
    snapshot = databases.empty()
    with chdir(ROOT), databases.platform(snapshot) as platform:
        Demonstration(platform, quiet=True).found()
        set_undo(platform.environment.store, 0)
    yield snapshot
    databases.drop(snapshot)


@pytest.fixture(scope="session")
def loaded(databases: Databases, founded: Snapshot) -> Iterator[Snapshot]:
    """The company with every demonstration document handed in."""
    snapshot = databases.copy(founded)
    with chdir(ROOT), databases.platform(snapshot) as platform:
        Demonstration(platform, quiet=True).hand_in()
    yield snapshot
    databases.drop(snapshot)


@pytest.fixture
def new_company(databases: Databases, founded: Snapshot) -> Iterator[Company]:
    """A company of its own, before any document."""
    with databases.company(founded) as company:
        yield company


@pytest.fixture
def company(databases: Databases, loaded: Snapshot) -> Iterator[Company]:
    """A company of its own, with every demonstration document handed in."""
    with databases.company(loaded) as company:
        yield company


@pytest.fixture(scope="module")
def shared_company(databases: Databases, loaded: Snapshot) -> Iterator[Company]:
    """The company with its documents, for a module whose tests only look."""
    with databases.company(loaded) as company:
        yield company

"""The store's contract runs against every database: an SQLite file, and the PostgreSQL server that is named."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from comptroller.adapters.database import PostgresqlStore, SqliteStore, open_store, upgrade
from comptroller.adapters.keys import DataKeys
from comptroller.domain.kernel.ids import TenantId

SERVER = os.environ.get("COMPTROLLER_TEST_DATABASE_URL", "")
DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]


@dataclass(frozen=True, slots=True)
class Databases:
    """Makes databases of one kind, each a copy of one that was upgraded."""

    kind: str
    place: Path  # SQLite: where the files are
    template: str

    def url(self, name: str) -> str:
        """Return the URL of one of these databases."""
        if self.kind == "sqlite":
            return f"sqlite:///{self.place / name}.db"
        return f"{SERVER.rsplit('/', 1)[0]}/{name}"

    def create(self) -> str:
        """Create a database with the schema and return its name."""
        name = f"comptroller_{uuid4().hex}"
        if self.kind == "sqlite":
            shutil.copy(self.place / f"{self.template}.db", self.place / f"{name}.db")
        else:
            execute(SERVER, f"CREATE DATABASE {name} TEMPLATE {self.template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database."""
        if self.kind == "sqlite":
            (self.place / f"{name}.db").unlink()
        else:
            execute(SERVER, f"DROP DATABASE {name} WITH (FORCE)")


def execute(url: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture(scope="session", params=DATABASES)
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """A kind of database."""
    kind: str = request.param
    if kind == "postgresql" and not SERVER:
        message = "COMPTROLLER_TEST_DATABASE_URL names no PostgreSQL server"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    made = Databases(kind, tmp_path_factory.mktemp("store"), f"comptroller_{uuid4().hex}")
    if kind == "postgresql":
        execute(SERVER, f"CREATE DATABASE {made.template}")
    upgrade(made.url(made.template))
    yield made
    made.drop(made.template)


@pytest.fixture(scope="session")
def database_url(databases: Databases) -> Iterator[str]:
    """A database with the schema, shared by all tests; each works in tenants of its own."""
    name = databases.create()
    yield databases.url(name)
    databases.drop(name)


@pytest.fixture(scope="session")
def ciphers(tmp_path_factory: pytest.TempPathFactory) -> DataKeys:
    """The data keys of all tenants."""
    return DataKeys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
def store(database_url: str, ciphers: DataKeys) -> Iterator[SqliteStore | PostgresqlStore]:
    """The store of the shared database."""
    opened = open_store(database_url, ciphers)
    yield opened
    opened.close()


@pytest.fixture
def own_database_url(databases: Databases) -> Iterator[str]:
    """A database that one test has for itself."""
    name = databases.create()
    yield databases.url(name)
    databases.drop(name)


@pytest.fixture
def own_store(own_database_url: str, ciphers: DataKeys) -> Iterator[SqliteStore | PostgresqlStore]:
    """The store of a database that one test has for itself."""
    opened = open_store(own_database_url, ciphers)
    yield opened
    opened.close()


@pytest.fixture
def tenant(store: SqliteStore | PostgresqlStore) -> TenantId:
    """A tenant that one test has for itself."""
    name = TenantId(f"tenant-{uuid4().hex}")
    store.create_tenant(name, "A tenant")
    return name
